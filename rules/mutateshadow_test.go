package rules_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

// TestMutantsThatRulesInShadowTell wants no mutant of a set to be equivalent that
// a test tells by a rule in shadow: under hit: first, that one is not reached.
func TestMutantsThatRulesInShadowTell(t *testing.T) {
	t.Parallel()
	const file = `version: 1
event: survey
hit: first
rules:
  - {name: a, when: csatRank <= 3, then: {to: a@example.com, subject: s}}
  - {name: b, mode: shadow, when: csatRank <= 2, then: {to: b@example.com, subject: s}}
tests:
`
	for test, want := range map[string]rules.Fate{
		"  - {name: t, given: {csatRank: 4}, expect: {fired: []}}\n":  rules.Survived,
		"  - {name: t, given: {csatRank: 1}, expect: {fired: [a]}}\n": rules.Killed,
	} {
		mutation, listed := mutated(t, file+test, rules.MutateOptions{})
		kinds := map[string]rules.Fate{}
		for _, m := range mutation.Mutants {
			if m.Kind != "hit" && m.Kind != "order" {
				continue
			}
			kinds[m.Kind] = m.Fate
			if m.Fate != rules.Survived {
				continue
			}
			require.NotEmpty(t, m.Test, listed)
			killing := file + test + strings.TrimRight(m.Test, "\n") + "\n"
			again, _ := mutated(t, killing, rules.MutateOptions{})
			for _, other := range again.Mutants {
				if other.Kind == m.Kind {
					assert.Equal(t, rules.Killed, other.Fate, killing)
				}
			}
		}
		assert.Equal(t, map[string]rules.Fate{"hit": want, "order": want}, kinds, listed)
	}
}
