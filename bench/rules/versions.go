package main

import (
	"runtime/debug"

	"github.com/afterword-go/afterword/bench/rules/internal/engines"
)

// versions are those of the engines that this program was built with.
func versions() []string {
	built := map[string]string{}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			built[m.Path] = m.Version
		}
	}
	var out []string
	for _, e := range engines.All() {
		version := built[e.Module]
		switch {
		case e.Module == "" || e.Name == engines.Ours:
			continue // Go's is told before; ours is this very source
		case version == "":
			version = "of an unknown version"
		}
		out = append(out, e.Name+" "+version)
	}
	return out
}
