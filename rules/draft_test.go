package rules_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

// draftTexts are the texts of drafts, and what is left, a line each.
func draftTexts(d rules.Draft) (tests, left string) {
	var t, l strings.Builder
	for _, test := range d.Tests {
		t.WriteString(test.Text)
	}
	for _, gap := range d.Left {
		fmt.Fprintf(&l, "%s: %s", gap.Rule.Name, gap.Gap)
		if gap.Impossible {
			l.WriteString(" (impossible)")
		}
		l.WriteString("\n")
	}
	return t.String(), l.String()
}

func TestDraft(t *testing.T) {
	t.Parallel()
	set, err := parseTests(readTestdata(t, "drafts.rules.yaml"), "")
	require.NoError(t, err)
	tests, left := draftTexts(set.Draft(t.Context(), mailTester{}))
	golden(t, "drafts_test.yaml", "version: 1\n\ntests:\n"+tests)
	golden(t, "drafts.txt", left)

	formatted, err := rules.Format("", []byte("version: 1\n\ntests:\n"+tests))
	require.NoError(t, err)
	assert.Equal(t, "version: 1\n\ntests:\n"+tests, string(formatted))
}

// gapsOf lists the gaps of a coverage as the left of a draft.
func gapsOf(c rules.Coverage) []string {
	var out []string
	for _, r := range c.Rules {
		for _, g := range r.Gaps {
			out = append(out, fmt.Sprintf("%s: %d:%d %s", r.Name, g.Line, g.Column, g))
		}
	}
	return out
}

func leftOf(d rules.Draft) []string {
	var out []string
	for _, l := range d.Left {
		out = append(out, fmt.Sprintf("%s: %d:%d %s", l.Rule.Name, l.Gap.Line, l.Gap.Column, l.Gap))
	}
	return out
}

// With its drafts, a file passes its tests and reaches all but what is left.
// What is said to be impossible is so: no input that there is does it.
func TestDraftsOfRandomRules(t *testing.T) {
	t.Parallel()
	seed := uint64(rand.Uint32())
	t.Log("seed", seed)
	g := tinyGen{rand.New(rand.NewPCG(seed, 0))}
	drafted, left, impossible := 0, 0, 0
	for range 30 {
		file := "version: 1\nevent: e\nhit: " + g.of("collect", "first") + "\nrules:\n"
		for i := range 1 + g.IntN(3) {
			file += fmt.Sprintf("  - {name: r%d, mode: %s, when: '%s', then: '%s'}\n", i, g.of("enforce", "enforce", "shadow"),
				strings.ReplaceAll(g.condition(2), "'", "''"), g.of("x", "${rank}", "${skill ?? \"none\"}"))
		}
		cfg := rules.Config{Functions: []rules.Function{rules.Func("maybe", maybe), rules.Func("ieq", strings.EqualFold)}}
		set, err := rules.Parse[Tiny, rules.Text](cfg, "x.yaml", []byte(file))
		if err != nil {
			continue
		}
		d := set.Draft(t.Context(), rules.Tester[Tiny, rules.Text]{})
		tests, _ := draftTexts(d)
		if len(d.Tests) == 0 {
			continue
		}
		again, err := rules.Parse[Tiny, rules.Text](cfg, "x.yaml", []byte(file+"tests:\n"+tests))
		require.NoError(t, err, "%s%s", file, tests)
		for _, r := range again.RunTests(t.Context(), rules.Tester[Tiny, rules.Text]{}) {
			assert.True(t, r.Passed(), "%s%s", file, r)
		}
		coverage := again.Coverage(t.Context(), rules.Tester[Tiny, rules.Text]{})
		assert.ElementsMatch(t, gapsOf(coverage), leftOf(d), "%s%s", file, tests)
		assert.Empty(t, again.Draft(t.Context(), rules.Tester[Tiny, rules.Text]{}).Tests, "%s%s", file, tests)
		drafted, left = drafted+len(d.Tests), left+len(d.Left)
		for _, l := range d.Left {
			if l.Impossible {
				impossible++
			}
		}
	}
	t.Logf("%d drafts, %d gaps left, %d of them impossible", drafted, left, impossible)
	assert.Greater(t, drafted, left)
}

// TestDraftsOfManyRules counts how often a part of the rules is asked about:
// three times as many rules are to take about three times as much.
func TestDraftsOfManyRules(t *testing.T) {
	t.Parallel()
	type input struct {
		Name string `json:"name,omitempty"`
		Rank int    `json:"rank"`
	}
	asked := func(n int) int {
		calls := 0
		count := rules.Func("above", func(rank, than int) bool { calls++; return rank > than })
		var text strings.Builder
		text.WriteString("version: 1\nevent: e\nrules:\n")
		for i := range n {
			fmt.Fprintf(&text, "  - {name: r%d, when: 'name == \"n%d\" and above(rank, %d)', then: x}\n", i, i, i)
		}
		set, err := rules.Parse[input, rules.Text](rules.Config{Functions: []rules.Function{count}}, "x.rules.yaml", []byte(text.String()))
		require.NoError(t, err)
		draft := set.Draft(t.Context(), rules.Tester[input, rules.Text]{})
		require.GreaterOrEqual(t, len(draft.Tests), n)
		require.Empty(t, draft.Left)
		return calls
	}
	few, many := asked(250), asked(750)
	assert.Less(t, many, 5*few, "%d, then %d", few, many)
}
