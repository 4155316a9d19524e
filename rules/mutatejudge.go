package rules

import (
	"reflect"
	"slices"

	"github.com/afterword-go/afterword/rules/internal/eval"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// holdsTest judges a test as judge does, and says nothing of why: to explain a
// rule takes hundreds of times as long. The test has passed before the change.
func (l *lab[In, Then]) holdsTest(c *change[In, Then], run *testRun[In, Then]) bool {
	test := run.result.Test
	if test.fired != nil && !run.firedAre(*test.fired) {
		return false
	}
	for name := range test.skipped {
		if !l.stillSkipped(c, run, name) {
			return false
		}
	}
	if test.outcomes != nil && !slices.EqualFunc(*test.outcomes, run.outcomes, func(a, b any) bool { return reflect.DeepEqual(a, b) }) {
		return false
	}
	run.judgeErrors(test.err)
	return run.result.Passed()
}

// firedAre tells whether the rules with these names fired, and no others.
func (r *testRun[In, Then]) firedAre(names []string) bool {
	for i, v := range r.verdicts {
		if v.outcome == Fired && !slices.Contains(names, r.set.rules[i].Name) {
			return false
		}
	}
	return !slices.ContainsFunc(names, func(name string) bool {
		i, ok := r.set.find(name)
		return !ok || r.verdict(i).outcome != Fired
	})
}

// stillSkipped tells whether a rule is skipped with a change for the fields that
// the test expects. A rule with other conditions is asked, and any other one
// would be skipped as before if it is reached.
func (l *lab[In, Then]) stillSkipped(c *change[In, Then], run *testRun[In, Then], name string) bool {
	i, ok := run.set.find(name)
	if !ok || run.verdict(i).outcome != NotFired {
		return false
	}
	if !c.when || i != c.number {
		return true
	}
	f := l.copy.frame(l.ctx, run.in)
	defer l.copy.release(f)
	absent, skipped := skippedFor(c.asks, f)
	return skipped && slices.Equal(slices.Sorted(slices.Values(absent)), slices.Sorted(slices.Values(run.result.Test.skipped[name])))
}

// An asked condition is one that is asked what it is skipped for, for one input
// after the other: what is compiled for that is kept.
type asked struct {
	*explainer
	node *tree.Node
}

// askedOf are the conditions of a rule.
func askedOf(conditions []condition) []asked {
	out := make([]asked, len(conditions))
	for i, c := range conditions {
		expr, node, _ := readCondition(c.text, c.env) // it has loaded before
		out[i] = asked{&explainer{expr: expr, at: c.at, compiled: map[question]eval.Bool{}}, node}
	}
	return out
}

// skippedFor names the absent fields that conditions are unknown for, as
// explainAll does, if one of them is not true. They are not skipped if one is
// false.
func skippedFor(conditions []asked, f *eval.Frame) (absent []string, skipped bool) {
	f.Allow(explainBudget)
	for _, a := range conditions {
		x := *a.explainer
		x.frame = f
		if is, err := x.holds(isFalse, a.node); is && err == nil {
			return nil, false
		}
		x.absent(a.node)
		absent = append(absent, x.names...)
	}
	return absent, true
}
