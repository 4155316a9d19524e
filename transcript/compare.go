package transcript

import (
	"context"
	"slices"

	"github.com/afterword-go/afterword/rules"
)

// Compare tells how the rules of the set differ from old ones: those of files by
// what they say and what that means, wherever they stand. Rules are found by
// their names; one that stands in another file has moved there. Of rules in Go it
// tells which are there and which are not: those on both sides are unknown.
//
// The inputs that it shows are made up, or those of the files' own tests.
func (s *RuleSet) Compare(ctx context.Context, old *RuleSet) rules.Comparison {
	if s == old {
		return rules.Comparison{}
	}
	out := rules.CompareAll(ctx, old.files, s.files, s.tester(nil))
	was := map[string]rules.RuleInfo{}
	for r := range old.funcs.Rules() {
		was[r.Name] = r
	}
	for r := range s.funcs.Rules() {
		if _, known := was[r.Name]; known {
			out.Unknown = append(out.Unknown, r)
			delete(was, r.Name)
			continue
		}
		out.Changes = append(out.Changes, rules.Change{Kind: rules.RuleAdded, New: r, After: goFunction})
	}
	for r := range old.funcs.Rules() {
		if _, left := was[r.Name]; left {
			out.Changes = append(out.Changes, rules.Change{Kind: rules.RuleRemoved, Old: r, Before: goFunction})
		}
	}
	return out
}

// goFunction stands for the condition of a rule in Go.
const goFunction = "a Go function"

// constantRecipients are the addresses that rules of files send to whatever the
// survey.
func (s *RuleSet) constantRecipients() []string {
	var all []string
	for _, set := range s.files {
		for t := range set.Texts() {
			if t.Constant && t.Field == fieldTargetEmail {
				all = append(all, t.Value)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
