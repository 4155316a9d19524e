package rules

import (
	"context"
	"slices"
)

// Absent names the absent fields that keep a rule from being decided, by the
// rule's number in the order of Rules: those of RuleTrace.Absent, with their
// full paths, but for places in lists that the input itself chooses, which are
// named as they are written, so that no name holds a value of the input. It has
// none for a rule that is not skipped, nor for one whose condition is a Go
// function. It reads the condition again, as Explain does.
func (s *Set[In, Then]) Absent(ctx context.Context, in *In, rule int) []string {
	r := &s.rules[rule]
	if in == nil || ctx.Err() != nil {
		return nil
	}
	f := s.frame(ctx, in)
	defer s.release(f)
	f.Allow(explainBudget)
	var absent []string
	for _, c := range r.conditions {
		expr, node, _ := readCondition(c.text, c.env) // it has loaded before
		x := explainer{frame: f, expr: expr, at: c.at, quiet: true}
		if no, err := x.holds(isFalse, node); no && err == nil {
			return nil
		}
		x.absent(node)
		for _, name := range x.names {
			if !slices.Contains(absent, name) {
				absent = append(absent, name)
			}
		}
	}
	return absent
}
