package transcript

import (
	"context"

	"github.com/afterword-go/afterword/rules"
)

// Witness looks for payloads that show what a rule does: one for which it fires,
// those that just miss it, and those for which it is skipped. The timestamp of
// the event stands beside the payload's fields, as in tests. The second result
// is false if the set has no rule of that name.
//
// The payloads are of the rule alone: what others of the set make of them is
// not asked. Of a rule in Go nothing can be found out.
func (s *RuleSet) Witness(ctx context.Context, rule string) (rules.Witness, bool) {
	tester := s.tester(nil)
	for _, set := range s.files {
		if w, ok := set.Witness(ctx, rule, tester); ok {
			return w, true
		}
	}
	for r := range s.funcs.Rules() {
		if r.Name == rule {
			return inGo(r), true
		}
	}
	return rules.Witness{}, false
}

// Witnesses are those of all rules, in the order in which they decide.
func (s *RuleSet) Witnesses(ctx context.Context) []rules.Witness {
	tester := s.tester(nil)
	var all []rules.Witness
	for _, set := range s.files {
		all = append(all, set.Witnesses(ctx, tester)...)
	}
	for r := range s.funcs.Rules() {
		all = append(all, inGo(r))
	}
	return all
}

// inGo is what is known of a rule in Go.
func inGo(r rules.RuleInfo) rules.Witness {
	return rules.Witness{RuleInfo: r, Proof: rules.NotDetermined, Reason: "it is written in Go, which cannot be looked into"}
}
