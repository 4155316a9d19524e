package main

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"time"

	"github.com/afterword-go/afterword/bench/rules/internal/measure"
)

// A bench is one run of the command.
type bench struct {
	settings
	out io.Writer
	// reached is what the goals are held against, by their names.
	reached map[string]float64
	// unrest is the worst of all measurements.
	unrest float64
	busy   int // measurements that met a busy machine,
	all    int // of so many
}

// A benchCase is one of the comparisons.
type benchCase struct {
	name string
	run  func(*bench) error
}

func cases() []benchCase {
	return []benchCase{
		{"single", (*bench).single},
		{"equality", func(b *bench) error { return b.ladder(equalityLadder()) }},
		{"pattern", func(b *bench) error { return b.ladder(patternLadder()) }},
		{"mixed", func(b *bench) error { return b.ladder(mixedLadder()) }},
		{"sum", func(b *bench) error { return b.ladder(sumLadder()) }},
		{"whole", (*bench).whole},
		{"parallel", (*bench).parallel},
		{"loading", (*bench).loading},
	}
}

func caseNames() []string {
	var names []string
	for _, c := range cases() {
		names = append(names, c.name)
	}
	return names
}

// compare runs the cases and tells which goals are reached.
func compare(out io.Writer, s settings) error {
	start := time.Now()
	b := &bench{settings: s, out: out, reached: map[string]float64{}}
	b.printf("%d rounds of about %v each, %s, %s/%s, %d processors\n", s.Rounds, s.Sample, runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.GOMAXPROCS(0))
	b.printf("%s\n", strings.Join(versions(), ", "))
	b.printf("× 4 of ours: takes four times as long as Afterword does. All are medians, of ratios within a round.\n")
	for _, c := range cases() {
		if len(s.only) > 0 && !wants(s.only, c.name) {
			continue
		}
		if err := c.run(b); err != nil {
			return fmt.Errorf("case %s: %w", c.name, err)
		}
		runtime.GC() // the sets of a case are not the next one's to carry
	}
	missed := b.judge()
	b.printf("\n%s", b.rest())
	b.printf("took %v\n", time.Since(start).Round(time.Second))
	return missed
}

func (b *bench) printf(format string, args ...any) { fmt.Fprintf(b.out, format, args...) }

// saw remembers how busy the machine was during a measurement.
func (b *bench) saw(t measure.Times) {
	b.unrest = max(b.unrest, t.Unrest())
	b.all++
	if t.Busy() {
		b.busy++
	}
}

// rest tells how busy the machine was.
func (b *bench) rest() string {
	switch {
	case b.all == 0:
		return ""
	case b.busy == 0:
		return "The machine was at rest.\n"
	}
	return fmt.Sprintf("THE MACHINE WAS BUSY in %d of %d measurements: a loop that only counts took up to %.2f times its best.\n"+
		"Times are those of processors and ratios those within rounds, which bear some of that, but not all.\n", b.busy, b.all, b.unrest)
}
