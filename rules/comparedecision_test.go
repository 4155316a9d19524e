package rules_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

const (
	ruleA = "  - {name: a, when: rank <= 2, then: {to: x}}\n"
	ruleB = "  - {name: b, when: rank >= 2 and on, then: {to: y}}\n"
	ruleC = "  - {name: c, when: rank == 2, then: {to: z}}\n"
)

// exampleOf is the example of the first change of a kind.
func exampleOf(t *testing.T, c rules.Comparison, kind rules.ChangeKind) *rules.DecisionExample {
	t.Helper()
	i := slices.IndexFunc(c.Changes, func(change rules.Change) bool { return change.Kind == kind })
	require.GreaterOrEqual(t, i, 0, changesOf(c))
	return c.Changes[i].Example
}

func TestCompareShowsWhereOrderMatters(t *testing.T) {
	t.Parallel()
	const first, collect = "hit: first\nrules:\n", "rules:\n"
	both := `{"rank":2,"on":true}`
	for name, test := range map[string]struct {
		old, new      string
		kind          rules.ChangeKind
		input         string
		before, after []string
	}{
		"moved":         {first + ruleA + ruleB, first + ruleB + ruleA, rules.RuleMoved, both, []string{"a"}, []string{"b"}},
		"moved of all":  {collect + ruleA + ruleB, collect + ruleB + ruleA, rules.RuleMoved, both, []string{"a", "b"}, []string{"b", "a"}},
		"first to all":  {first + ruleA + ruleB, collect + ruleA + ruleB, rules.HitChanged, both, []string{"a"}, []string{"a", "b"}},
		"all to first":  {collect + ruleA + ruleB, first + ruleA + ruleB, rules.HitChanged, both, []string{"a", "b"}, []string{"a"}},
		"and renamed":   {first + ruleA + ruleB, collect + strings.Replace(ruleA, "name: a", "name: n", 1) + ruleB, rules.HitChanged, both, []string{"a"}, []string{"n", "b"}},
		"behind others": {first + ruleC + ruleA + ruleB, first + ruleC + ruleB + ruleA, rules.RuleMoved, "", nil, nil},
		"not at once":   {first + ruleA + strings.Replace(ruleB, ">=", ">", 1), collect + ruleA + strings.Replace(ruleB, ">=", ">", 1), rules.HitChanged, "", nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := exampleOf(t, compareFiles(t, test.old, test.new), test.kind)
			if test.input == "" {
				assert.Nil(t, got)
				return
			}
			require.NotNil(t, got)
			assert.JSONEq(t, test.input, string(got.Input))
			assert.Equal(t, test.before, got.Before)
			assert.Equal(t, test.after, got.After)
			assert.False(t, got.FromTest)
		})
	}
}

// TestCompareShowsDecisionsOfTests has functions that nobody can see into.
func TestCompareShowsDecisionsOfTests(t *testing.T) {
	t.Parallel()
	secret := rules.Func("secret", func(text string) bool { return text == "nobody can guess" })
	set := func(hit, list string) *mailings {
		out, err := rules.Parse[Tiny, []Mailing](rules.Config{Functions: []rules.Function{secret}}, "tiny.rules.yaml", []byte(
			"version: 1\nevent: tiny\nhit: "+hit+"\nrules:\n"+list+
				"tests:\n  - {name: other, given: {on: true}, expect: {fired: []}}\n  - {name: fires, given: {skill: nobody can guess}, expect: {fired: []}}\n"))
		require.NoError(t, err)
		return out
	}
	one := "  - {name: a, when: secret(skill), then: {to: x}}\n"
	two := "  - {name: b, when: not on and secret(skill), then: {to: y}}\n"
	for kind, news := range map[rules.ChangeKind]*mailings{rules.RuleMoved: set("first", two+one), rules.HitChanged: set("collect", one+two)} {
		got := exampleOf(t, rules.Compare(t.Context(), set("first", one+two), news, rules.Tester[Tiny, []Mailing]{}), kind)
		require.NotNil(t, got)
		assert.JSONEq(t, `{"skill": "nobody can guess"}`, string(got.Input))
		assert.True(t, got.FromTest)
		assert.Equal(t, []string{"a"}, got.Before)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	assert.Nil(t, exampleOf(t, rules.Compare(ended, set("first", one+two), set("collect", one+two), rules.Tester[Tiny, []Mailing]{}), rules.HitChanged))
}

// TestCompareShowsWhatReallyFires has texts that fail where rank is absent: a rule
// that fails does not end the search.
func TestCompareShowsWhatReallyFires(t *testing.T) {
	t.Parallel()
	const first, collect = "hit: first\nrules:\n", "rules:\n"
	starts := "  - {name: a, when: skill == 'ab', then: {to: 'x${rank}'}}\n"
	plain := "  - {name: b, when: skill startsWith 'a', then: {to: y}}\n"
	fails := "  - {name: f, when: rank == nil and on, then: {to: 'x${rank}'}}\n"
	on := "  - {name: c, when: on, then: {to: z}}\n"
	for name, test := range map[string]struct {
		old, new string
		kind     rules.ChangeKind
		want     *rules.DecisionExample
	}{
		"all to first": {collect + starts + plain, first + starts + plain, rules.HitChanged, &rules.DecisionExample{
			Input: []byte(`{"rank":1,"skill":"ab"}`), Before: []string{"a", "b"}, After: []string{"a"},
		}},
		"first to all": {first + plain + starts, collect + plain + starts, rules.HitChanged, &rules.DecisionExample{
			Input: []byte(`{"rank":1,"skill":"ab"}`), Before: []string{"b"}, After: []string{"b", "a"},
		}},
		"moved": {first + starts + plain, first + plain + starts, rules.RuleMoved, &rules.DecisionExample{
			Input: []byte(`{"rank":1,"skill":"ab"}`), Before: []string{"a"}, After: []string{"b"},
		}},
		"one always fails":       {collect + fails + on, first + fails + on, rules.HitChanged, nil},
		"one fails before":       {collect + on + fails, first + on + fails, rules.HitChanged, &rules.DecisionExample{Input: []byte(`{"on":true}`), Before: []string{"c"}, After: []string{"c"}, FailedBefore: []string{"f"}}},
		"one fails now":          {first + on + fails, collect + on + fails, rules.HitChanged, &rules.DecisionExample{Input: []byte(`{"on":true}`), Before: []string{"c"}, After: []string{"c"}, FailedAfter: []string{"f"}}},
		"one fails before moves": {first + fails + on, first + on + fails, rules.RuleMoved, &rules.DecisionExample{Input: []byte(`{"on":true}`), Before: []string{"c"}, After: []string{"c"}, FailedBefore: []string{"f"}}},
		"one that does not fail": {collect + on + fails + ruleA, first + on + fails + ruleA, rules.HitChanged, &rules.DecisionExample{Input: []byte(`{"rank":1,"on":true}`), Before: []string{"c", "a"}, After: []string{"c"}}},
		"one in shadow":          {collect + strings.Replace(fails, "when", "mode: shadow, when", 1) + on, first + strings.Replace(fails, "when", "mode: shadow, when", 1) + on, rules.HitChanged, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, exampleOf(t, compareFiles(t, test.old, test.new), test.kind))
		})
	}
}

// TestCompareShowsTestsThatReallyFire finds the second of two tests, since rules
// fail with the first before and now.
func TestCompareShowsTestsThatReallyFire(t *testing.T) {
	t.Parallel()
	secret := rules.Func("secret", func(text string) bool { return text == "nobody can guess" })
	set := func(hit, more string) *mailings {
		out, err := rules.Parse[Tiny, []Mailing](rules.Config{Functions: []rules.Function{secret}}, "tiny.rules.yaml", []byte(
			"version: 1\nevent: tiny\nhit: "+hit+"\nrules:\n  - {name: a, when: secret(skill), then: {to: 'x${rank}'}}\n  - {name: b, when: secret(skill), then: {to: y}}\n"+
				"tests:\n  - {name: fails, given: {skill: nobody can guess}, expect: {fired: [], error: a}}\n"+more))
		require.NoError(t, err)
		return out
	}
	fires := "  - {name: fires, given: {rank: 2, skill: nobody can guess}, expect: {fired: []}}\n"
	got := exampleOf(t, rules.Compare(t.Context(), set("collect", fires), set("first", fires), rules.Tester[Tiny, []Mailing]{}), rules.HitChanged)
	require.NotNil(t, got)
	assert.JSONEq(t, `{"rank":2,"skill":"nobody can guess"}`, string(got.Input))
	assert.True(t, got.FromTest)
	assert.Equal(t, [][]string{{"a", "b"}, {"a"}, nil, nil}, [][]string{got.Before, got.After, got.FailedBefore, got.FailedAfter})
	assert.Nil(t, exampleOf(t, rules.Compare(t.Context(), set("collect", ""), set("first", ""), rules.Tester[Tiny, []Mailing]{}), rules.HitChanged))
}

// TestExamplesOfDecisionsAreTrue decides what is shown for random sets that are in
// another order or have another policy, with outcomes that may fail, and looks
// whether there was more to find.
func TestExamplesOfDecisionsAreTrue(t *testing.T) {
	t.Parallel()
	g := tinyGen{rand.New(rand.NewPCG(11, 12))}
	shown, missed, failing := 0, 0, 0
	for range 250 / patience {
		list := g.list(5)
		other := slices.Clone(list)
		g.Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
		a, err := tinyOf(rules.Hit(g.IntN(2)), list...)
		require.NoError(t, err)
		b, err := tinyOf(rules.Hit(g.IntN(2)), other...)
		require.NoError(t, err)
		for _, change := range rules.Compare(t.Context(), a, b, rules.Tester[Tiny, rules.Text]{}).Changes {
			e := change.Example
			if e == nil {
				missed += differsSomewhere(a, b)
				continue
			}
			shown++
			in := decodeTiny(t, e.Input)
			before, after := became(a, in), became(b, in)
			assert.Equal(t, before, happened{e.Before, e.FailedBefore}, "%s", e.Input)
			assert.Equal(t, after, happened{e.After, e.FailedAfter}, "%s", e.Input)
			assert.True(t, before.differs(after), "%s", e.Input)
			if len(before.failed)+len(after.failed) > 0 {
				failing++
			}
		}
	}
	t.Logf("shown %d, missed %d, failing %d", shown, missed, failing)
	if patience == 1 {
		assert.Greater(t, shown, 50)
		assert.Less(t, missed, shown/4)
		assert.Positive(t, failing)
	}
}

// A happened is what became of an input: the rules that fired and those that failed.
type happened struct{ fired, failed []string }

// differs tells whether what happened is another thing, where not both failed.
func (h happened) differs(other happened) bool {
	return (len(h.failed) == 0 || len(other.failed) == 0) &&
		(!slices.Equal(h.fired, other.fired) || !slices.Equal(h.failed, other.failed))
}

// became decides an input for real.
func became(set *tinySet, in *Tiny) (out happened) {
	err := set.Each(context.Background(), in, func(m rules.Match[Tiny, rules.Text]) error {
		_, err := m.Render(m.Then())
		if err == nil {
			out.fired = append(out.fired, m.Name())
		}
		return err
	})
	if err == nil {
		return out
	}
	for _, one := range err.(interface{ Unwrap() []error }).Unwrap() {
		failed, _ := errors.AsType[*rules.RuleError](one)
		out.failed = append(out.failed, failed.Rule)
	}
	return out
}

// differsSomewhere is 1 if two sets decide some input otherwise.
func differsSomewhere(a, b *tinySet) int {
	for _, in := range tinies() {
		if became(a, in).differs(became(b, in)) {
			return 1
		}
	}
	return 0
}

// TestCompareBoundsPairs has a rule that passes many, of which the last alone may
// fire with it.
func TestCompareBoundsPairs(t *testing.T) {
	t.Parallel()
	for most, found := range map[int]bool{50: true, 51: false} {
		moved := "  - {name: moved, when: n == 1, then: {to: x}}\n"
		var others strings.Builder
		for i := range most - 1 {
			fmt.Fprintf(&others, "  - {name: r%d, when: n == %d, then: {to: y}}\n", i, 100+i)
		}
		others.WriteString("  - {name: last, when: n == 1 and on, then: {to: z}}\n")
		got := exampleOf(t, compareFiles(t, "hit: first\nrules:\n"+others.String()+moved, "hit: first\nrules:\n"+moved+others.String()), rules.RuleMoved)
		assert.Equal(t, found, got != nil, most)
	}
}
