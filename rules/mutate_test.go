package rules_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

// mutated lists what became of the mutants of a file, one a line.
func mutated(t testing.TB, file string, options rules.MutateOptions) (rules.Mutation, string) {
	t.Helper()
	set, err := parseTests(file, "")
	require.NoError(t, err)
	mutation, err := set.Mutate(t.Context(), mailTester{}, options)
	require.NoError(t, err)
	var out strings.Builder
	for _, m := range mutation.Mutants {
		fmt.Fprintf(&out, "%s %s %d:%d-%d:%d %s %q -> %q", m.Fate, m.Rule.Name, m.Line, m.Column, m.EndLine, m.EndColumn, m.Kind, m.Original, m.Mutated)
		for _, more := range []string{m.KilledBy, m.Why, strings.TrimRight("\n"+m.Test, "\n")} {
			if more != "" {
				out.WriteString(" " + more)
			}
		}
		out.WriteString("\n")
	}
	for _, left := range mutation.NotMade {
		fmt.Fprintf(&out, "not made: %s %d: %s\n", left.Rule.Name, left.Count, left.Reason)
	}
	return mutation, out.String()
}

func TestMutate(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"mutate-collect", "mutate-first"} {
		_, got := mutated(t, readTestdata(t, name+".rules.yaml"), rules.MutateOptions{})
		golden(t, name+".txt", got)
	}
}

// TestMutateIsTheSameEveryTime runs on as many goroutines as there are
// processors.
func TestMutateIsTheSameEveryTime(t *testing.T) {
	t.Parallel()
	file := readTestdata(t, "mutate-collect.rules.yaml")
	_, first := mutated(t, file, rules.MutateOptions{})
	for range 3 {
		_, again := mutated(t, file, rules.MutateOptions{})
		require.Equal(t, first, again)
	}
}

func TestMutateWantsTestsThatPass(t *testing.T) {
	t.Parallel()
	set, err := parseTests(lowRule+`
tests:
  - {name: right, given: {csatRank: 3}, expect: {fired: [low]}}
  - {name: wrong, given: {csatRank: 4}, expect: {fired: [low]}}
  - {name: wrong too, given: {csatRank: 5}, expect: {fired: [low]}}
`, "")
	require.NoError(t, err)
	_, err = set.Mutate(t.Context(), mailTester{}, rules.MutateOptions{})
	require.EqualError(t, err, `x.rules.yaml:10:5: test "wrong" fails without any change: mend the tests first
x.rules.yaml:11:5: test "wrong too" fails without any change: mend the tests first`)

	only := mailTester{Only: func(t rules.Test) bool { return t.Name == "right" }}
	mutation, err := set.Mutate(t.Context(), only, rules.MutateOptions{NoTests: true})
	require.NoError(t, err)
	assert.Equal(t, "right", mutation.Mutants[0].KilledBy)
	for _, m := range mutation.Mutants {
		if m.Fate == rules.Survived {
			assert.Equal(t, "no test was looked for", m.Why)
			assert.Empty(t, m.Test)
		}
	}

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = set.Mutate(ended, only, rules.MutateOptions{})
	require.ErrorIs(t, err, context.Canceled)
}

// TestMutateKeepsWhatItFound ends the context once a rule is done.
func TestMutateKeepsWhatItFound(t *testing.T) {
	t.Parallel()
	var list []rules.Rule[Form, rules.Text]
	for i := range 200 {
		list = append(list, rules.Rule[Form, rules.Text]{Name: fmt.Sprintf("r%d", i), When: rules.When[Form]("total > 1"), Then: "a"})
	}
	set, err := rules.New(rules.Config{}, list...)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var decoded atomic.Int64
	tester := rules.Tester[Form, rules.Text]{Decode: func([]byte) (*Form, error) {
		if decoded.Add(1) > 2000 {
			cancel()
		}
		return &Form{Total: decoded.Load() % 3}, nil
	}}
	mutation, err := set.Mutate(ctx, tester, rules.MutateOptions{})
	require.ErrorIs(t, err, context.Canceled)
	assert.NotEmpty(t, mutation.Mutants)
	assert.Greater(t, mutation.Untried, 100)
	assert.LessOrEqual(t, decoded.Load(), int64(2100), "nothing is looked for any more")
}

// TestMutateStops ends the context in the midst of the work.
func TestMutateStops(t *testing.T) {
	t.Parallel()
	set, err := parseTests(readTestdata(t, "mutate-collect.rules.yaml"), "")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	calls := 0
	tester := mailTester{Outcome: func(context.Context, rules.Match[Form, []formMail]) (any, error) {
		return nil, errors.New("not so")
	}}
	tester.Only = func(test rules.Test) bool { return test.Name == "nothing" }
	tester.Decode = func([]byte) (*Form, error) {
		if calls++; calls > 2 { // those of the run and of what is kept of it
			cancel()
		}
		return &Form{}, nil
	}
	_, err = set.Mutate(ctx, tester, rules.MutateOptions{})
	require.ErrorIs(t, err, context.Canceled)
	assert.ErrorContains(t, err, "cut short")
}

func TestMutateBound(t *testing.T) {
	t.Parallel()
	of := func(most int) (conditions int, left []rules.NotMade) {
		mutation, _ := mutated(t, lowRule, rules.MutateOptions{Most: most, NoTests: true})
		for _, m := range mutation.Mutants {
			if m.Line == 5 {
				conditions++
			}
		}
		return conditions, mutation.NotMade
	}
	made, left := of(0)
	assert.Equal(t, 4, made)
	assert.Empty(t, left)
	made, left = of(5) // the texts have five changes
	assert.Equal(t, 4, made)
	assert.Empty(t, left)
	made, left = of(3)
	assert.Equal(t, 3, made)
	require.Len(t, left, 2)
	assert.Equal(t, "low", left[0].Rule.Name)
	assert.Equal(t, 2, left[0].Count) // 4 for 3, and 2 for 3, which is no other than < 3
	assert.Equal(t, "up to 2 changes are left out: there are more than mutants are made of one rule", left[0].Reason)
}

func TestMutateLeavesGoAlone(t *testing.T) {
	t.Parallel()
	set, err := rules.New(rules.Config{},
		rules.Rule[Form, rules.Text]{Name: "go", When: rules.WhenFunc(func(_ context.Context, f *Form) (bool, error) { return f.Total > 1, nil }), Then: "a"},
		rules.Rule[Form, rules.Text]{Name: "text", When: rules.When[Form]("total > 1"), Then: "${note} b"})
	require.NoError(t, err)
	mutation, err := set.Mutate(t.Context(), rules.Tester[Form, rules.Text]{}, rules.MutateOptions{})
	require.NoError(t, err)
	assert.Equal(t, []rules.NotMade{{Rule: mutation.Mutants[0].Rule, Reason: "its condition is a Go function"}}, mutation.NotMade)
	assert.Equal(t, 0, mutation.Score())
	for _, m := range mutation.Mutants {
		assert.Equal(t, rules.Survived, m.Fate)
		if m.Rule.Name == "go" || m.Kind == "hit" {
			assert.Equal(t, "no input was found that tells it from the original", m.Why, "%+v", m)
		} else {
			assert.NotEmpty(t, m.Test, "%+v", m)
		}
	}
}

// TestMutateChecksTexts wants no mutant of a text that would not load.
func TestMutateChecksTexts(t *testing.T) {
	t.Parallel()
	_, all := mutated(t, lowRule, rules.MutateOptions{NoTests: true})
	_, some := mutated(t, lowRule, rules.MutateOptions{NoTests: true, CheckText: func(info rules.TextInfo) error {
		if info.Constant && !strings.Contains(info.Value, "@") {
			return errors.New("not an address")
		}
		return nil
	}})
	assert.Contains(t, all, `"a@example.com" -> ""`)
	assert.NotContains(t, some, `"a@example.com" -> ""`)
	assert.Contains(t, some, `"a@example.com" -> "a@examqle.com"`)
}

// A nestedThen is an outcome with texts in all sorts of places.
type nestedThen struct {
	One   *rules.Text           `json:"one"`
	Any   any                   `json:"any"`
	Pair  [2]rules.Text         `json:"pair"`
	Named map[string]rules.Text `json:"named"`
	Lists [][]*nestedItem       `json:"lists"`
	Words []rules.Text          `json:"words"`
	Count []int                 `json:"count"`
	None  map[string]rules.Text `json:"none"`
	Nil   []nestedItem          `json:"nil"`
}

type nestedItem struct {
	Text rules.Text `json:"text"`
}

// TestMutateKnowsDefaultsThatAreNotUsed has texts whose defaults stand in for
// what the condition asks for, or does not.
func TestMutateKnowsDefaultsThatAreNotUsed(t *testing.T) {
	t.Parallel()
	of := func(when, subject string) map[string]rules.Fate {
		set, err := rules.New(rules.Config{}, rules.Rule[Form, rules.Text]{Name: "r", When: rules.When[Form](when), Then: rules.Text(subject)})
		require.NoError(t, err)
		mutation, err := set.Mutate(t.Context(), rules.Tester[Form, rules.Text]{}, rules.MutateOptions{})
		require.NoError(t, err)
		fates := map[string]rules.Fate{}
		for _, m := range mutation.Mutants {
			if strings.Contains(m.Original, "x") {
				fates[m.Original+" -> "+m.Mutated] = m.Fate
				assert.Equal(t, m.Fate == rules.Survived, m.Test != "", "%+v", m)
			}
		}
		return fates
	}
	same := map[string]rules.Fate{" ?? 'x' -> ": rules.Equivalent, "'x' -> 'y'": rules.Equivalent, "'x' -> ''": rules.Equivalent}
	for text, fate := range of(`agentName == "A"`, "Hi ${agentName ?? 'x'}") {
		if want, ok := same[text]; ok {
			assert.Equal(t, want, fate, text)
			delete(same, text)
		} else {
			assert.Equal(t, rules.Survived, fate, text)
		}
	}
	assert.Empty(t, same)
	for text, fate := range of(`agentName == "A" or total == 1`, "Hi ${agentName ?? 'x'}") {
		assert.Equal(t, rules.Survived, fate, text)
	}
}

// TestMutateReachesAllTexts wants every text of an outcome changed, in a copy.
func TestMutateReachesAllTexts(t *testing.T) {
	t.Parallel()
	then := func() nestedThen {
		one := rules.Text("a")
		return nestedThen{
			One: &one, Any: nestedItem{"c"}, Pair: [2]rules.Text{"e", "g"}, Named: map[string]rules.Text{"x": "i"},
			Lists: [][]*nestedItem{{{"k"}, {"m"}}, {{"o"}}}, Words: []rules.Text{"q", "s"}, Count: []int{1, 2},
		}
	}
	given := then()
	set, err := rules.New(rules.Config{}, rules.Rule[Form, nestedThen]{Name: "r", When: rules.When[Form]("consent"), Then: given})
	require.NoError(t, err)
	tester := rules.Tester[Form, nestedThen]{}
	mutation, err := set.Mutate(t.Context(), tester, rules.MutateOptions{})
	require.NoError(t, err)
	assert.Equal(t, then(), given)
	texts, outcomes := map[string]int{}, []string{}
	for _, m := range mutation.Mutants {
		if m.Kind == "text" {
			texts[m.Original]++
			assert.NotEmpty(t, m.Test, m.Original)
		}
		if m.Kind == "outcome" {
			outcomes = append(outcomes, m.Original)
			assert.Contains(t, m.Test, "lists:")
		}
	}
	assert.Equal(t, map[string]int{"a": 2, "c": 2, "e": 2, "g": 2, "i": 2, "k": 2, "m": 2, "o": 2, "q": 2, "s": 2}, texts)
	assert.Equal(t, []string{"outcome 1 of 2", "outcome 2 of 2", "outcome 1 of 2", "outcome 2 of 2"}, outcomes) // of the lists, and of the first
}

func TestScore(t *testing.T) {
	t.Parallel()
	of := func(fates ...rules.Fate) int {
		var m rules.Mutation
		for _, fate := range fates {
			m.Mutants = append(m.Mutants, rules.Mutant{Fate: fate})
		}
		return m.Score()
	}
	assert.Equal(t, 100, of())
	assert.Equal(t, 100, of(rules.Equivalent))
	assert.Equal(t, 66, of(rules.Killed, rules.Survived, rules.Equivalent, rules.Killed))
	assert.Equal(t, 0, of(rules.Survived))
	assert.Equal(t, "survived killed equivalent", fmt.Sprint(rules.Survived, rules.Killed, rules.Equivalent))
}

// BenchmarkMutate makes and tries the mutants of a usual file.
func BenchmarkMutate(b *testing.B) {
	set, err := parseTests(readTestdata(b, "mutate-collect.rules.yaml"), "")
	require.NoError(b, err)
	for _, run := range []struct {
		name    string
		options rules.MutateOptions
	}{{"tests", rules.MutateOptions{NoTests: true}}, {"drafts", rules.MutateOptions{}}} {
		b.Run(run.name, func(b *testing.B) {
			mutants := 0
			for b.Loop() {
				mutation, err := set.Mutate(b.Context(), mailTester{}, run.options)
				require.NoError(b, err)
				mutants += len(mutation.Mutants)
			}
			b.ReportMetric(float64(mutants)/b.Elapsed().Seconds(), "mutants/s")
		})
	}
}
