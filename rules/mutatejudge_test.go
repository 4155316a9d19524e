package rules

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMutantsAreJudgedWithoutExplaining wants a test that a rule is skipped to
// be judged for a mutant of a long condition with less than it takes to read the
// condition: explaining a rule takes many times as long.
func TestMutantsAreJudgedWithoutExplaining(t *testing.T) {
	var parts []string
	for i := range 100 {
		parts = append(parts, fmt.Sprintf("skill == \"Skill %d\" and rank < %d", i, i))
	}
	set, err := Parse[natInput, Text](Config{}, "x.rules.yaml", []byte(fmt.Sprintf(`
version: 1
event: nat
rules:
  - {name: long, when: %q, then: x}
tests:
  - {name: skipped, given: {skill: Skill 1}, expect: {skipped: {long: [rank]}}}
`, strings.Join(parts, " or "))))
	require.NoError(t, err)
	m := &mutation[natInput, Text]{set: set, ctx: t.Context(), options: MutateOptions{Most: 3}}
	require.NoError(t, m.prepare())
	changes, _ := m.conditions(0)
	require.Len(t, changes, 3)
	l := <-m.labs
	kept := &changes[2]
	require.True(t, l.passes(kept, m.samples[0]), kept.Mutated)
	c := &set.rules[0].conditions[0]
	reading := testing.AllocsPerRun(10, func() { _, _, _ = readCondition(c.text, c.env) })
	judging := testing.AllocsPerRun(10, func() { l.passes(kept, m.samples[0]) })
	assert.Less(t, judging, reading)
	explaining := testing.AllocsPerRun(10, func() { set.RunTest(t.Context(), set.tests[0], m.tester) })
	assert.Less(t, 10*judging, explaining)
}
