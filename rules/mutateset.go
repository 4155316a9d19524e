package rules

import "fmt"

// modes makes the mutants of a rule's mode.
func (m *mutation[In, Then]) modes(i int) []change[In, Then] {
	rule := m.set.rules[i].apart()
	was := rule.Mode
	switch {
	case was == Enforce:
		rule.Mode = Off
	default:
		rule.Mode = Enforce
	}
	out := m.changed(i, "mode", was.String(), rule.Mode.String())
	out.rule = &rule
	out.goals = func(h *hunt[In, Then]) []prospect[In] { return h.firing(i) }
	return []change[In, Then]{out}
}

// mostPairs bounds the pairs of rules that are looked at for one input that
// both fire for.
const mostPairs = 200

// whole makes the mutants of the set: its policy, and where the first rule
// counts, the order of the rules that count.
func (m *mutation[In, Then]) whole() []change[In, Then] {
	if len(m.set.rules) < 2 {
		return nil
	}
	other := First
	if m.set.hit == First {
		other = Collect
	}
	policy := change[In, Then]{hit: other, Mutant: Mutant{
		Rule: RuleInfo{File: m.set.rules[0].file}, Kind: "hit", Original: m.set.hit.String(), Mutated: other.String(),
	}}
	policy.goals = (*hunt[In, Then]).pairs
	changes := []change[In, Then]{policy}
	for i := 1; i < len(m.set.rules) && m.set.hit == First; i++ {
		before, rule := &m.set.rules[i-1], &m.set.rules[i]
		if before.Mode == Off || rule.Mode == Off || before.Mode == Shadow && rule.Mode == Shadow {
			continue
		}
		c := m.changed(i, "order", fmt.Sprintf("%s, then %s", before.Name, rule.Name), fmt.Sprintf("%s, then %s", rule.Name, before.Name))
		c.swaps = true
		c.goals = func(h *hunt[In, Then]) []prospect[In] { return h.both(i-1, i) }
		changes = append(changes, c)
	}
	return changes
}

// pairs are inputs for which a rule fires that ends the search, and one behind it
// that tests see fire, in shadow too.
func (h *hunt[In, Then]) pairs() []prospect[In] {
	var out []prospect[In]
	for j := range h.set.rules {
		for i := range j {
			if h.set.rules[i].Mode != Enforce || h.set.rules[j].Mode == Off {
				continue
			}
			if len(out) == mostPairs {
				return append(out, prospect[In]{vague: true})
			}
			out = append(out, h.both(i, j)...)
		}
	}
	return out
}
