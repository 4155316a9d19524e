package rules_test

import (
	"encoding/json"
	"fmt"
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
