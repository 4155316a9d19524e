package main

import (
	"github.com/afterword-go/afterword/bench/rules/internal/engines"
	"github.com/afterword-go/afterword/bench/rules/internal/measure"
	"github.com/afterword-go/afterword/bench/rules/internal/workload"
)

// single has one rule decided for an event that it fires for.
func (b *bench) single() error {
	reference := engines.ReferenceByHand()
	times, err := b.singleRule("The reference rule: csatRank <= 3, and patterns for the skill and the agent", workload.Reference(), reference)
	if err != nil {
		return err
	}
	b.reach("reference", times.Ratio(engines.Ours, reference[0].Name))
	b.reach("reference-expr", times.Ratio("expr", engines.Ours))

	equalities := engines.EqualitiesByHand()
	times, err = b.singleRule("The same with equalities in place of patterns", workload.Equalities(), equalities)
	if err != nil {
		return err
	}
	b.reach("equalities", times.Ratio(engines.Ours, equalities[1].Name))
	return nil
}

func (b *bench) singleRule(title string, set *workload.Set, byHand []engines.Engine) (measure.Times, error) {
	c, err := newContest(set, append(byHand, engines.All()...))
	if err != nil {
		return nil, err
	}
	all, err := c.contestants(set.Events)
	if err != nil {
		return nil, err
	}
	times := b.measured(all)
	b.title(title)
	b.ratios(times, c.names)
	return times, nil
}
