package main

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/afterword-go/afterword/bench/rules/internal/engines"
	"github.com/afterword-go/afterword/bench/rules/internal/measure"
	"github.com/afterword-go/afterword/bench/rules/internal/workload"
)

// A ladder is sets of one shape that grow.
type ladder struct {
	name, title  string
	make         func(rules int) *workload.Set
	sizes, quick []int // quick ones are measured when it must be quick
	hot          bool  // one event over and over is measured as well
	engines      []rung
	// reach notes what the goals want to know of a size. Names of goals about one
	// event over and over end in way, which is empty for many in turn.
	reach func(b *bench, size int, way string, times measure.Times)
}

// A rung is an engine, and up to how many rules it is measured.
type rung struct {
	engines.Engine
	most int
}

// everySize is more rules than any set has.
const everySize = 1 << 30

// upTo has all engines measured: Afterword at every size, the others up to some
// numbers of rules.
func upTo(closures, opa, others int) []rung {
	most := map[string]int{engines.Ours: everySize, engines.Closures().Name: closures, engines.OPA().Name: opa}
	var out []rung
	for _, e := range engines.All() {
		out = append(out, rung{e, cmp.Or(most[e.Name], others)})
	}
	return out
}

func equalityLadder() ladder {
	return ladder{
		name: "equality", title: `csatRank <= K and skillName == "Skill-00123"`, make: workload.EqualitySet, hot: true,
		sizes: []int{10, 100, 1000, 10_000, 100_000}, quick: []int{1000, 10_000},
		engines: append(upTo(everySize, everySize, 10_000), rung{engines.Map(), everySize}),
		reach: func(b *bench, size int, way string, times measure.Times) {
			if size == 10_000 || size == 100_000 {
				b.reach(fmt.Sprintf("map-%d", size), times.Ratio(engines.Ours, engines.Map().Name))
				b.reach(fmt.Sprintf("opa-%d%s", size, way), times.Ratio("OPA", engines.Ours))
			}
			if size == 100_000 {
				b.reach("growth"+way, times.Ratio(engines.Ours, smaller))
			}
		},
	}
}

func patternLadder() ladder {
	return ladder{
		name: "pattern", title: `skillName matches "(?i)Skill-00123"`, make: workload.PatternSet, hot: true,
		sizes: []int{10, 100, 1000, 10_000}, quick: []int{10, 1000}, engines: upTo(everySize, everySize, everySize),
		reach: func(b *bench, size int, way string, times measure.Times) {
			if size == 10_000 {
				b.reach("patterns"+way, times.Nanoseconds(engines.Ours))
				b.reach("patterns-expr", times.Ratio("expr", engines.Ours))
			}
		},
	}
}

func mixedLadder() ladder {
	return ladder{
		name: "mixed", title: "Ranges, lists, patterns and alternatives, over fields that may be absent", make: workload.MixedSet,
		sizes: []int{10, 100, 1000, 10_000}, quick: []int{100, 1000}, engines: upTo(everySize, everySize, everySize),
	}
}

func sumLadder() ladder {
	return ladder{
		name: "sum", title: "csatRank * F + len(skillName) > K, which no index helps", make: workload.SumSet,
		sizes: []int{10, 100, 1000, 10_000}, quick: []int{100, 1000}, engines: upTo(everySize, everySize, everySize),
		reach: func(b *bench, _ int, _ string, times measure.Times) {
			b.reach("sum", times.Ratio(engines.Ours, engines.Closures().Name))
		},
	}
}

// smaller is Afterword with few rules, measured beside the largest set.
const (
	smaller      = engines.Ours + ", 1,000 rules"
	smallerRules = 1000
)

// A step is what was measured for a size.
type step struct {
	size  int
	names []string
	times measure.Times
}

// ladder measures all sizes: with many events in turn, and with one.
func (b *bench) ladder(l ladder) error {
	sizes := l.sizes
	if b.quick {
		sizes = l.quick
	}
	var rotating, hot []step
	for _, size := range sizes {
		c, err := newContest(l.make(size), l.at(size))
		if err != nil {
			return err
		}
		one := c.set.Hot()
		for _, way := range []struct {
			set  *workload.Set
			into *[]step
		}{{c.set, &rotating}, {one, &hot}} {
			if way.set == one && !l.hot {
				continue
			}
			s, err := b.climb(l, c, way.set.Events)
			if err != nil {
				return err
			}
			*way.into = append(*way.into, s)
		}
	}
	b.steps(fmt.Sprintf("%s: %s events in turn", l.title, grouped(workload.Rotating)), rotating)
	if l.hot {
		b.steps(l.title+": one event over and over", hot)
	}
	b.leftOut(l, sizes)
	return b.draw(l, rotating, hot)
}

// at are the engines that are measured at a size.
func (l ladder) at(size int) []engines.Engine {
	var out []engines.Engine
	for _, r := range l.engines {
		if size <= r.most {
			out = append(out, r.Engine)
		}
	}
	return out
}

// climb measures one size.
func (b *bench) climb(l ladder, c *contest, events []workload.Event) (step, error) {
	all, err := c.contestants(events)
	if err != nil {
		return step{}, err
	}
	if len(c.set.Rules) > smallerRules {
		few := l.make(smallerRules)
		if len(events) == 1 {
			few = few.Hot()
		}
		decide, err := engines.Afterword().Build(few)
		if err != nil {
			return step{}, err
		}
		all = append(all, contestant(smaller, decide))
	}
	s := step{len(c.set.Rules), c.names, b.measured(all)}
	if l.reach != nil {
		way := ""
		if len(events) == 1 {
			way = "-hot"
		}
		l.reach(b, s.size, way, s.times)
	}
	return s, nil
}

// steps prints a table with a column for each size.
func (b *bench) steps(title string, steps []step) {
	b.title(title)
	heads, rows := []string{}, [][]string{{}}
	for _, s := range steps {
		heads = append(heads, grouped(s.size))
		rows[0] = append(rows[0], duration(s.times.Nanoseconds(engines.Ours)))
	}
	rows[0] = append(rows[0], engines.Ours+", a decision")
	for _, name := range names(steps) {
		if name == engines.Ours {
			continue
		}
		var row []string
		for _, s := range steps {
			cell := "-"
			if slices.Contains(s.names, name) {
				cell = ratio(s.times.Ratio(name, engines.Ours))
			}
			row = append(row, cell)
		}
		rows = append(rows, append(row, name+", of ours"))
	}
	b.rows(heads, rows)
}

// names are those of all engines that were measured at any size.
func names(steps []step) []string {
	var out []string
	for _, s := range steps {
		for _, name := range s.names {
			if !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

// leftOut tells who was not measured at which sizes, and why.
func (b *bench) leftOut(l ladder, sizes []int) {
	largest := slices.Max(sizes)
	for _, r := range l.engines {
		if r.most < largest {
			b.printf("%s is left out above %s rules: it tries one rule after the other, so that its time grows with their number.\n", r.Name, grouped(r.most))
		}
	}
}
