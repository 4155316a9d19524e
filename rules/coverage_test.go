package rules_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

// describe writes a coverage down, a line for a rule and for each gap.
func describe(c rules.Coverage) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%d%%\n", c.Percent())
	for _, r := range c.Rules {
		fmt.Fprintf(&out, "%s: %d%% (%d of %d), fired %d, not %d, skipped %d, failed %d\n",
			r.Name, r.Percent(), r.Reached, r.Goals, r.Fired, r.NotFired, r.Skipped, r.Failed)
		for _, g := range r.Gaps {
			fmt.Fprintf(&out, "  %d:%d-%d:%d %s\n", g.Line, g.Column, g.EndLine, g.EndColumn, g)
		}
	}
	return out.String()
}

func TestCoverage(t *testing.T) {
	t.Parallel()
	set, err := parseUnchecked(readTestdata(t, "coverage.rules.yaml"))
	require.NoError(t, err)
	golden(t, "coverage.txt", describe(set.Coverage(t.Context(), mailTester{})))

	none := set.Coverage(t.Context(), mailTester{Only: func(rules.Test) bool { return false }})
	assert.Zero(t, none.Percent())
	one := mailTester{Only: func(test rules.Test) bool { return test.Name == "low" }}
	assert.Equal(t, 1, set.Coverage(t.Context(), one).Rules[0].Fired)
	assert.Len(t, set.RunTests(t.Context(), one), 1)
	assert.Len(t, set.RunTests(t.Context(), mailTester{}), len(set.Tests()))
}

func TestCoverageOfFirst(t *testing.T) {
	t.Parallel()
	file := strings.Replace(readTestdata(t, "coverage.rules.yaml"), "event: survey\n", "event: survey\nhit: first\n", 1)
	set, err := parseUnchecked(file)
	require.NoError(t, err)
	golden(t, "coverage_first.txt", describe(set.Coverage(t.Context(), mailTester{})))
}

func TestCoverageOfRulesInGo(t *testing.T) {
	t.Parallel()
	set, err := rules.New(formConfig(), mixedRules()...)
	require.NoError(t, err)
	for _, r := range set.Coverage(t.Context(), rules.Tester[Form, rules.Text]{}).Rules {
		assert.Zero(t, r.Reached)
		assert.Len(t, r.Gaps, r.Goals)
	}
}

// TestRandomCoverage holds coverage to the traces of the same inputs.
func TestRandomCoverage(t *testing.T) {
	n, seed := fromEnv(t, "AFTERWORD_RANDOM", 40_000)/10, fromEnv(t, "AFTERWORD_SEED", 1)
	goals := 0
	for batch := 0; batch*rulesInSet*payloadsForRules < n; batch++ {
		random := random(seed, batch)
		texts := make([]string, rulesInSet)
		for i := range texts {
			texts[i] = (&expressions{Rand: random}).condition()
		}
		texts, _, _ = accepted(texts)
		inputs := make([]*In, payloadsForRules)
		for i := range inputs {
			p := payloads{Rand: random}
			var err error
			inputs[i], err = p.input(p.next())
			require.NoError(t, err)
		}
		set := fileOf(t, texts, len(inputs))
		tester := rules.Tester[In, rules.Text]{Decode: func(payload []byte) (*In, error) {
			var number struct{ Rank int }
			err := json.Unmarshal(payload, &number)
			return inputs[number.Rank], err
		}}
		seen := truths{}
		for _, in := range inputs {
			for _, r := range set.Explain(t.Context(), in).Rules {
				seen.add(r.Name, r.Condition)
			}
		}
		for _, r := range set.Coverage(t.Context(), tester).Rules {
			goals += r.Goals
			assert.Equal(t, r.Goals, r.Reached+len(r.Gaps))
			assert.Len(t, seen[r.Name], r.Reached, texts)
			for _, g := range r.Gaps {
				assert.NotContains(t, seen[r.Name], fmt.Sprintf("%d:%d %s %s", g.Line, g.Column, g.Text, g.Truth))
			}
			assert.Equal(t, len(inputs), r.Fired+r.NotFired+r.Skipped+r.Failed)
		}
		require.False(t, t.Failed())
	}
	assert.Greater(t, goals, n/10)
}

// truths are the truth values that parts of rules were seen with.
type truths map[string]map[string]bool

func (s truths) add(rule string, p rules.Part) {
	if s[rule] == nil {
		s[rule] = map[string]bool{}
	}
	if p.Err == nil {
		s[rule][fmt.Sprintf("%d:%d %s %s", p.Line, p.Column, p.Text, p.Truth)] = true
	}
	for _, part := range p.Parts {
		s.add(rule, part)
	}
}

// fileOf is a file of rules with these conditions, and with tests whose inputs
// are numbered.
func fileOf(t *testing.T, conditions []string, inputs int) *rules.Set[In, rules.Text] {
	t.Helper()
	quoted := func(v any) string {
		text, err := json.Marshal(v)
		require.NoError(t, err)
		return string(text)
	}
	var file strings.Builder
	file.WriteString("version: 1\nevent: any\nvars: " + quoted(vars()) + "\nrules:\n")
	for i, condition := range conditions {
		fmt.Fprintf(&file, "  - {name: \"%d\", when: %s, then: done}\n", i, quoted(condition))
	}
	file.WriteString("tests:\n")
	for i := range inputs {
		fmt.Fprintf(&file, "  - {name: \"%d\", given: {rank: %d}, expect: {fired: []}}\n", i, i)
	}
	set, err := rules.Parse[In, rules.Text](rules.Config{Functions: functions()}, "x.rules.yaml", []byte(file.String()))
	require.NoError(t, err)
	return set
}

// TestCoverageAsksForNothingThatCannotBe has conditions that are true or false
// whatever is absent, and others that look like them.
func TestCoverageAsksForNothingThatCannotBe(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		conditions []string
		asks       []string // what is to be unknown; empty: the rule
	}{
		{[]string{"rank in [1, 3] or rank == nil"}, []string{"rank in [1, 3]"}},
		{[]string{"(rank != nil ? rank : 3) <= 2"}, nil},
		{[]string{"rank != nil and rank <= 2"}, []string{"rank <= 2"}},
		{[]string{"rank != nil", "rank <= 2"}, []string{"rank <= 2"}},
		{[]string{"rank <= 2"}, []string{""}},
		{[]string{"rank in [1, 3] or opt == nil"}, []string{"", "rank in [1, 3]"}},
		{[]string{"opt != nil", "rank <= 2"}, []string{"", "rank <= 2"}},
		{[]string{"(opt != nil ? rank : 3) <= 2"}, []string{""}},
		{[]string{"rank == nil or not (rank != nil and rank > 2)"}, []string{"rank > 2"}},
	} {
		set, err := rules.New(rules.Config{}, rules.Rule[Tiny, rules.Text]{Name: "a", When: rules.When[Tiny](test.conditions...), Then: "x"})
		require.NoError(t, err)
		var asks []string
		for _, g := range set.Coverage(t.Context(), rules.Tester[Tiny, rules.Text]{}).Rules[0].Gaps {
			switch {
			case g.Truth != rules.Unknown:
			case g.Whole:
				asks = append(asks, "")
			default:
				asks = append(asks, g.Text)
			}
		}
		assert.Equal(t, test.asks, asks, test.conditions)
	}
}

// TestCoverageAsksForAllThatCanBe tries random conditions with many inputs: what a
// part comes to for one of them is asked for.
func TestCoverageAsksForAllThatCanBe(t *testing.T) {
	t.Parallel()
	g := tinyGen{rand.New(rand.NewPCG(13, 14))}
	inputs := tinies()
	never := 0
	for range 100 / patience {
		whens := []string{g.condition(2)}
		if g.IntN(3) == 0 {
			whens = append(whens, g.condition(1))
		}
		cfg := rules.Config{Functions: []rules.Function{rules.Func("maybe", maybe), rules.Func("ieq", strings.EqualFold)}}
		set, err := rules.New(cfg, rules.Rule[Tiny, rules.Text]{Name: "a", When: rules.When[Tiny](whens...), Then: "x"})
		if err != nil {
			continue // the checker refuses it
		}
		seen, asked := truths{}, map[string]bool{}
		for i := g.IntN(5); i < len(inputs); i += 5 {
			seen.add("a", set.Explain(t.Context(), inputs[i]).Rules[0].Condition)
		}
		unknown := false
		for _, g := range set.Coverage(t.Context(), rules.Tester[Tiny, rules.Text]{}).Rules[0].Gaps {
			line, column := g.Line, g.Column
			if g.Text == "" { // the list of them
				line, column = 1, 1
			}
			asked[fmt.Sprintf("%d:%d %s %s", line, column, g.Text, g.Truth)] = true
			unknown = unknown || g.Whole && g.Truth == rules.Unknown
		}
		if !unknown {
			never++
		}
		for what := range seen["a"] {
			assert.Contains(t, asked, what, whens)
		}
	}
	t.Logf("never skipped: %d", never)
	assert.Positive(t, never)
}
