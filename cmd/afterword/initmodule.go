package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

// house is the module of this command.
const house = "github.com/afterword-go/afterword"

// goVersion is the version of Go that a published house needs at least.
const goVersion = "1.26.0"

// published says whether a new folder uses a published version.
func published(checkout, version string) bool { return checkout == "" && isRelease(version) }

// moduleFiles are the files that make a new folder a module.
func moduleFiles(dir, checkout, version string) ([]newFile, error) {
	if published(checkout, version) {
		return publishedModule(dir, version)
	}
	return checkoutModule(dir, checkout)
}

// publishedModule is the go.mod of a new folder that uses a published version.
func publishedModule(dir, version string) ([]newFile, error) {
	mod, err := goMod(modulePath(dir), goVersion, "", []*modfile.Require{{Mod: module.Version{Path: house, Version: version}}})
	return []newFile{{"go.mod", mod}}, err
}

// checkoutModule are the go.mod and go.sum of a new folder that uses a checkout:
// the given one, or one that is found.
func checkoutModule(dir, given string) ([]newFile, error) {
	candidates, err := likelyCheckouts()
	if err != nil {
		return nil, err
	}
	root, of, err := findCheckout(given, candidates)
	if err != nil {
		return nil, err
	}
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		return nil, err
	}
	mod, err := goModFor(modulePath(dir), root, of)
	return []newFile{{"go.mod", mod}, {"go.sum", sum}}, err
}

// isRelease tells whether a version of a module is vX.Y.Z.
func isRelease(version string) bool {
	return semver.IsValid(version) && semver.Canonical(version) == version && semver.Prerelease(version) == ""
}

var notInModulePath = regexp.MustCompile(`[^a-z0-9._-]+`)

// modulePath names the module of a folder after it. The host, which is nobody's,
// keeps it apart from the packages of Go's library.
func modulePath(dir string) string {
	name := notInModulePath.ReplaceAllString(strings.ToLower(filepath.Base(dir)), "-")
	path := "example.com/" + strings.Trim(name, "-._")
	if module.CheckPath(path) != nil {
		return "example.com/rules"
	}
	return path
}

// findCheckout gives the root of a checkout of the house, and its go.mod: the
// given one, or else the first that is one.
func findCheckout(given string, candidates []string) (root string, mod *modfile.File, err error) {
	if given != "" {
		candidates = []string{given}
	}
	for _, root := range candidates {
		mod, err := modOf(root)
		if err == nil {
			root, err = filepath.Abs(root)
			return root, mod, err
		}
		if given != "" {
			return "", nil, usagef("--checkout %s: %w", given, err)
		}
	}
	return "", nil, usagef("found no checkout of %s for go.mod: give its folder with --checkout", house)
}

// likelyCheckouts are where this command was built, and all the folders around
// the current one.
func likelyCheckouts() ([]string, error) {
	var all []string
	if _, file, _, ok := runtime.Caller(0); ok && filepath.IsAbs(file) { // not under -trimpath
		all = append(all, filepath.Join(filepath.Dir(file), "..", ".."))
	}
	here, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	for ; filepath.Dir(here) != here; here = filepath.Dir(here) {
		all = append(all, here)
	}
	return all, nil
}

// modOf reads the go.mod of a checkout of the house.
func modOf(root string) (*modfile.File, error) {
	data, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return nil, fmt.Errorf("go.mod: %w", reason(err))
	}
	if path := modfile.ModulePath(data); path != house {
		return nil, fmt.Errorf("go.mod is not that of module %s", house)
	}
	return modfile.Parse("go.mod", data, nil)
}

// goModFor is the go.mod of a module that uses a checkout of the house, with all
// that the house requires.
func goModFor(path, root string, of *modfile.File) ([]byte, error) {
	requires := []*modfile.Require{{Mod: module.Version{Path: house, Version: "v0.0.0"}}}
	for _, r := range of.Require {
		requires = append(requires, &modfile.Require{Mod: r.Mod, Indirect: true})
	}
	version := goVersion
	if of.Go != nil {
		version = of.Go.Version
	}
	return goMod(path, version, root, requires)
}

// goMod writes a go.mod; an empty root replaces nothing.
func goMod(path, version, root string, requires []*modfile.Require) ([]byte, error) {
	f := new(modfile.File)
	err := errors.Join(f.AddModuleStmt(path), f.AddGoStmt(version))
	f.SetRequireSeparateIndirect(requires)
	if root != "" {
		err = errors.Join(err, f.AddReplace(house, "", root, ""))
	}
	f.Cleanup()
	data, wrong := f.Format()
	return data, errors.Join(err, wrong)
}
