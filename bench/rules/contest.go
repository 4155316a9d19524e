package main

import (
	"fmt"
	"time"

	"github.com/afterword-go/afterword/bench/rules/internal/engines"
	"github.com/afterword-go/afterword/bench/rules/internal/measure"
	"github.com/afterword-go/afterword/bench/rules/internal/workload"
)

// A contest is a set that several engines have loaded.
type contest struct {
	set    *workload.Set
	names  []string
	loaded []engines.Loaded
}

// newContest has the engines load the set, and checks that they agree about
// its events and about hostile ones.
func newContest(set *workload.Set, all []engines.Engine) (*contest, error) {
	c := &contest{set: set}
	for _, e := range all {
		loaded, err := e.Load(set)
		if err != nil {
			return nil, fmt.Errorf("%s loads %d rules: %w", e.Name, len(set.Rules), err)
		}
		c.names, c.loaded = append(c.names, e.Name), append(c.loaded, loaded)
	}
	if err := c.agree(set.Events); err != nil {
		return nil, err
	}
	return c, c.agree(workload.Hostile(set, workload.Rotating, set.Absent))
}

// patience is for how long an engine is checked. It decides a few events at
// least, however slow it is.
const (
	patience    = 60 * time.Millisecond
	leastEvents = 4
)

// agree holds the engines against the Go functions of the rules. Tests hold
// those against the conditions.
func (c *contest) agree(events []workload.Event) error {
	plain, err := engines.Closures().Build(c.set.With(events))
	if err != nil {
		return err
	}
	for i, loaded := range c.loaded {
		decide, err := loaded.For(events)
		if err != nil {
			return err
		}
		start := time.Now()
		for at := range events {
			if at >= leastEvents && time.Since(start) > patience {
				break
			}
			if decide(at, 1) != plain(at, 1) {
				return fmt.Errorf("%s does not decide as Go does: %d rules, event %+v", c.names[i], len(c.set.Rules), events[at])
			}
		}
	}
	return nil
}

// contestants are the engines with events.
func (c *contest) contestants(events []workload.Event) ([]measure.Contestant, error) {
	var out []measure.Contestant
	for i, loaded := range c.loaded {
		decide, err := loaded.For(events)
		if err != nil {
			return nil, err
		}
		out = append(out, contestant(c.names[i], decide))
	}
	return out, nil
}

// contestant goes on in every run with the event behind the last one.
func contestant(name string, decide engines.Run) measure.Contestant {
	at := 0
	return measure.Contestant{Name: name, Run: func(count int) uint64 {
		at += count
		return decide(at-count, count)
	}}
}

// measured measures, and remembers how busy the machine was.
func (b *bench) measured(all []measure.Contestant) measure.Times {
	return b.measuredWith(b.Options, all)
}

// leastLong is how long a sample takes at least where much is allocated, so
// that each has its share of collections, or where goroutines start.
const leastLong = 20 * time.Millisecond

// long are the options for long samples.
func (b *bench) long() measure.Options {
	o := b.Options
	o.Sample = max(o.Sample, leastLong)
	return o
}

func (b *bench) measuredWith(o measure.Options, all []measure.Contestant) measure.Times {
	times := measure.Compete(o, all...)
	b.saw(times)
	return times
}
