package main

import (
	"fmt"
	"time"

	"github.com/afterword-go/afterword/bench/rules/internal/engines"
	"github.com/afterword-go/afterword/bench/rules/internal/measure"
	"github.com/afterword-go/afterword/bench/rules/internal/workload"
	"github.com/afterword-go/afterword/rules"
)

// A load is a set to be loaded.
type load struct {
	name string
	set  func(rules int) *workload.Set
	size int
	// make loads the set, and tells how long that alone took.
	make func(*workload.Set) (kept any, took time.Duration, err error)
	goal bool // the goals are about it
}

func (b *bench) loads() []load {
	large, medium, small := 100_000, 10_000, 1000
	if b.quick {
		large, medium = 10_000, 1000
	}
	all := []load{
		{engines.Ours + ", rules.New, equalities", workload.EqualitySet, large, fromGo, !b.quick},
		{engines.Ours + ", rules.New, mixed", workload.MixedSet, medium, fromGo, false},
		{engines.Ours + ", rules.Parse, equalities", workload.EqualitySet, medium, fromFile, false},
		{engines.Ours + ", rules.New, equalities", workload.EqualitySet, small, fromGo, false},
	}
	for _, e := range []engines.Engine{engines.Expr(), engines.CEL(), engines.OPA(), engines.Goja(), engines.Govaluate()} {
		all = append(all, load{e.Name + ", equalities", workload.EqualitySet, small, byEngine(e), false})
	}
	return all
}

// loading measures the time and the memory that rules take.
func (b *bench) loading() error { return b.loadAll(b.loads()) }

func (b *bench) loadAll(all []load) error {
	b.title("Loading rules")
	var rows [][]string
	for _, l := range all {
		cost, err := l.cost(b.loadRounds())
		if err != nil {
			return fmt.Errorf("%s: %w", l.name, err)
		}
		took, bytes := float64(cost.Time)/float64(l.size), float64(cost.Bytes)/float64(l.size)
		rows = append(rows, []string{grouped(l.size), duration(took), digits(bytes) + " B", l.name})
		if l.goal {
			b.reach("load", took/float64(time.Microsecond))
			b.reach("memory", bytes)
		}
	}
	b.rows([]string{"rules", "a rule", "memory beyond its text"}, rows)
	return nil
}

// loadRounds are few: loading takes long.
func (b *bench) loadRounds() int {
	if b.quick {
		return 1
	}
	return min(3, b.Rounds)
}

// cost is the median of some rounds, without the memory of names and
// conditions.
func (l load) cost(rounds int) (measure.Cost, error) {
	text := 0
	for _, r := range l.set(l.size).Rules {
		text += len(r.Name) + len(engines.Text(r))
	}
	var times, sizes []float64
	for range rounds {
		cost, err := measure.Making(func() (any, time.Duration, error) { return l.make(l.set(l.size)) })
		if err != nil {
			return cost, err
		}
		times, sizes = append(times, float64(cost.Time)), append(sizes, float64(cost.Bytes-int64(text)))
	}
	return measure.Cost{Time: time.Duration(measure.Median(times)), Bytes: int64(measure.Median(sizes))}, nil
}

func fromGo(set *workload.Set) (any, time.Duration, error) {
	list := engines.Rules(set)
	watch := measure.Start()
	made, err := rules.New(rules.Config{}, list...)
	return made, watch.Undisturbed(), err
}

func fromFile(set *workload.Set) (any, time.Duration, error) {
	file := engines.File(set)
	watch := measure.Start()
	made, err := rules.Parse[workload.Event, engines.Outcome](rules.Config{}, "benchmark.rules.yaml", file)
	return made, watch.Undisturbed(), err
}

// byEngine has another engine load the set. The time includes that of writing
// the rules in its language, which is small beside it.
func byEngine(e engines.Engine) func(*workload.Set) (any, time.Duration, error) {
	return func(set *workload.Set) (any, time.Duration, error) {
		watch := measure.Start()
		loaded, err := e.Load(set)
		return loaded, watch.Undisturbed(), err
	}
}
