package rules_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

func TestCompareConditions(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		old, new string
		want     rules.Meaning
	}{
		{"rank < 3", "rank <= 2", rules.SameMeaning},
		{"rank == 1 or rank == 2", "rank in [1, 2]", rules.SameMeaning},
		{"on and n > 0", "n > 0 and on", rules.SameMeaning},
		{"not (on or n > 0)", "not on and n <= 0", rules.SameMeaning},
		{"rank == 1", "rank <= 2", rules.FiresForMore},
		{"rank == 1", "(rank ?? 1) == 1", rules.FiresForMore},
		{"skill == 'a'", "skill in ['a', 'b']", rules.FiresForMore},
		{"on", "on and n > 0", rules.FiresForFewer},
		{"rank == 1", "rank == 2", rules.FiresForOthers},
		{"maybe(1) == 1", "maybe(1) == 2", rules.Undetermined},
		{"len(skill) + 1 > 1", "len(skill) > 0", rules.Undetermined},
		{"n + 1 > 1", "n > 0", rules.SameMeaning}, // all values are tried
		{"rank % 2 == 0", "rank in [2, 4]", rules.SameMeaning},
		{"rank * 2 == 4", "rank == 2", rules.SameMeaning},
		{"rank + 1 <= 3", "rank <= 2", rules.SameMeaning},
		{"rank + n <= 3 and rank != 3", "rank <= 2 and n + rank < 4", rules.SameMeaning},
		{"rank + 1 <= 3 and on", "rank <= 2", rules.FiresForMore},
	} {
		t.Run(test.old+" to "+test.new, func(t *testing.T) {
			t.Parallel()
			c := effectOf(t, test.old, test.new)
			assert.Equal(t, test.want, c.Meaning, "%+v", c)
			assert.Equal(t, c.Meaning == rules.Undetermined, c.Reason != "")
			c = effectOf(t, test.new, test.old)
			assert.Equal(t, mirrored(test.want), c.Meaning, "%+v", c)
		})
	}
}

func effectOf(t *testing.T, old, new string) *rules.Effect {
	t.Helper()
	a, err := tinyOf(rules.Collect, tinyRule("a", old, "x"))
	require.NoError(t, err)
	b, err := tinyOf(rules.Collect, tinyRule("a", new, "x"))
	require.NoError(t, err)
	c := rules.Compare(t.Context(), a, b, rules.Tester[Tiny, rules.Text]{})
	require.Len(t, c.Changes, 1)
	require.NotNil(t, c.Changes[0].Effect)
	return c.Changes[0].Effect
}

// TestCompareTriesTests finds an example among the inputs of tests where none can
// be made up.
func TestCompareTriesTests(t *testing.T) {
	t.Parallel()
	secret := rules.Func("secret", func(text string) bool { return text == "nobody can guess" })
	set := func(when string) *mailings {
		out, err := rules.Parse[Tiny, []Mailing](rules.Config{Functions: []rules.Function{secret}}, "tiny.rules.yaml", []byte(
			"version: 1\nevent: tiny\nrules:\n  - {name: a, when: "+when+", then: {to: x}}\n"+
				"tests:\n  - {name: other, given: {on: true}, expect: {fired: []}}\n  - {name: fires, given: {skill: nobody can guess}, expect: {fired: []}}\n"))
		require.NoError(t, err)
		return out
	}
	c := rules.Compare(t.Context(), set("secret(skill)"), set("on and secret(skill)"), rules.Tester[Tiny, []Mailing]{})
	require.Len(t, c.Changes, 1)
	assert.Equal(t, rules.FiresForFewer, c.Changes[0].Effect.Meaning)
	assert.JSONEq(t, `{"skill": "nobody can guess"}`, string(c.Changes[0].Effect.OnlyOld))
	assert.True(t, c.Changes[0].Effect.OldFromTest)
	assert.False(t, c.Changes[0].Effect.NewFromTest)
	c = rules.Compare(t.Context(), set("on and secret(skill)"), set("secret(skill)"), rules.Tester[Tiny, []Mailing]{})
	assert.True(t, c.Changes[0].Effect.NewFromTest)
	assert.False(t, c.Changes[0].Effect.OldFromTest)
	assert.False(t, effectOf(t, "rank == 1", "rank == 2").OldFromTest, "it is made up")
}

// TestCompareTellsWhichExamplesFail has a text that fails where rank is absent. An
// input for which it does is shown where there is no other.
func TestCompareTellsWhichExamplesFail(t *testing.T) {
	t.Parallel()
	secret := rules.Func("secret", func(text string) bool { return text == "nobody can guess" })
	compare := func(old, new, given string) *rules.Effect {
		set := func(when string) *mailings {
			out, err := rules.Parse[Tiny, []Mailing](rules.Config{Functions: []rules.Function{secret}}, "tiny.rules.yaml", []byte(
				"version: 1\nevent: tiny\nrules:\n  - {name: a, when: "+when+", then: {to: 'x${rank}'}}\n"+given))
			require.NoError(t, err)
			return out
		}
		c := rules.Compare(t.Context(), set(old), set(new), rules.Tester[Tiny, []Mailing]{})
		require.Len(t, c.Changes, 1)
		return c.Changes[0].Effect
	}
	test := func(given string) string {
		return "tests:\n  - {name: one, given: {skill: nobody can guess}, expect: {fired: [], error: x}}\n" + given
	}
	two := "  - {name: two, given: {rank: 3, skill: nobody can guess}, expect: {fired: []}}\n"
	for name, c := range map[string]struct {
		old, new, given, onlyNew string
		fromTest, fails          bool
	}{
		"another is found":   {"on and n > 0", "on", "", `{"rank":1,"on":true}`, false, false},
		"it always fails":    {"on and rank == 1", "on and (rank == 1 or rank == nil)", "", `{"on":true}`, false, true},
		"a test fails":       {"on and secret(skill)", "secret(skill)", test(""), `{"skill": "nobody can guess"}`, true, true},
		"another test fires": {"on and secret(skill)", "secret(skill)", test(two), `{"rank": 3, "skill": "nobody can guess"}`, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := compare(c.old, c.new, c.given)
			assert.Equal(t, rules.FiresForMore, e.Meaning)
			assert.JSONEq(t, c.onlyNew, string(e.OnlyNew))
			assert.Equal(t, []bool{c.fromTest, c.fails, false}, []bool{e.NewFromTest, e.NewFails, e.OldFails})
			e = compare(c.new, c.old, c.given)
			assert.Equal(t, rules.FiresForFewer, e.Meaning)
			assert.Equal(t, []bool{c.fromTest, c.fails, false}, []bool{e.OldFromTest, e.OldFails, e.NewFails})
		})
	}
}

func TestCompareCutShort(t *testing.T) {
	t.Parallel()
	ended, end := context.WithCancel(t.Context())
	end()
	a, err := tinyOf(rules.Collect, tinyRule("a", "rank == 1", "x"))
	require.NoError(t, err)
	b, err := tinyOf(rules.Collect, tinyRule("a", "rank == 2", "x"))
	require.NoError(t, err)
	c := rules.Compare(ended, a, b, rules.Tester[Tiny, rules.Text]{})
	require.Len(t, c.Changes, 1)
	assert.Equal(t, &rules.Effect{Reason: "the comparison was cut short: context canceled"}, c.Changes[0].Effect)
}

func TestCompareWhereOneMayFail(t *testing.T) {
	t.Parallel()
	e := effectOf(t, "n / n == 1 and on", "n / n == 1")
	assert.Equal(t, rules.FiresForMore, e.Meaning)
	assert.True(t, e.MayFail)
	in := decodeTiny(t, e.OnlyNew)
	assert.True(t, in.N != 0 && !in.On, "%s", e.OnlyNew)
	// Alike but for the order of their parts, they may fail for other inputs.
	e = effectOf(t, "n / n == 1 and on", "on and n / n == 1")
	assert.Equal(t, rules.SameMeaning, e.Meaning)
	assert.True(t, e.MayFail)
}

func TestCompareAll(t *testing.T) {
	t.Parallel()
	file := func(name, text string) *mailings {
		out, err := rules.Parse[Tiny, []Mailing](rules.Config{}, name, []byte("version: 1\nevent: tiny\n"+text))
		require.NoError(t, err)
		return out
	}
	one := "  - {name: a, when: on, then: {to: x}}\n  - {name: b, when: on, then: {to: y}}\n"
	two := "  - {name: c, when: on, then: {to: z}}\n"
	three := "  - {name: d, when: on, then: {to: w}}\n"
	old := []*mailings{file("old/one.yaml", "rules:\n"+one+two), file("old/two.yaml", "hit: first\nrules:\n"+three)}
	new := []*mailings{file("new/1.yaml", "rules:\n"+one), file("new/two.yaml", "rules:\n"+three+two)}
	c := rules.CompareAll(t.Context(), old, new, rules.Tester[Tiny, []Mailing]{})
	assert.Equal(t, `: hit policy changed "first" -> "collect"
c: rule moved to another file "old/one.yaml" -> "new/two.yaml"
`, changesOf(c))
	assert.Equal(t, "old/two.yaml", c.Changes[0].Old.File)
	back := rules.CompareAll(t.Context(), new, old, rules.Tester[Tiny, []Mailing]{})
	assertMirror(t, c, back)
}

func TestCompareNamesConstants(t *testing.T) {
	t.Parallel()
	set := func(vars, when string) string {
		return "vars: " + vars + "\nrules:\n  - {name: a, when: " + when + ", then: {to: x}}\n"
	}
	constants := func(old, new string) []rules.ConstantChange {
		c := compareFiles(t, old, new)
		require.Len(t, c.Changes, 1)
		return c.Changes[0].Constants
	}
	many := "n > vars.low and skill in vars.teams.care and on == vars.teams.on and n < vars.high and n < vars.low + 9"
	assert.Equal(t, []rules.ConstantChange{
		{Name: "vars.high", Before: "9.5", After: "10"},
		{Name: "vars.low", Before: "1", After: "2"},
		{Name: "vars.teams.care", Before: `["a", "b"]`, After: `["a", "\n"]`},
		{Name: "vars.teams.on", Before: "true", After: "false"},
	}, constants(
		set(`{low: 1, high: 9.5, other: 1, teams: {care: [a, b], on: true}}`, many),
		set(`{low: 2, high: 10, other: 2, teams: {care: [a, "\n"], on: false}}`, many)))
	assert.Equal(t, []rules.ConstantChange{{Name: "vars.low", Before: "1", After: "2"}},
		constants(set("{low: 1}", "n > vars.low"), set("{low: 2}", "n >= vars.low")), "the condition is another one as well")
	assert.Equal(t, []rules.ConstantChange{{Name: "vars.low", Before: "1", After: "2"}},
		constants(set("{low: 1}", "[on, n > vars.low]"), set("{low: 2}", "[on, n > vars.low]")))
	assert.Empty(t, constants(set("{low: 1}", "n > vars.low"), set("{high: 1}", "n > vars.high")), "it is another constant")
	assert.Empty(t, constants(set("{low: 1}", "n > vars.low"), set("{high: 1}", "n > 1 and skill != 'vars.low'")))
}
