package rules_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

// A Mailing is an outcome with texts at several depths.
type Mailing struct {
	To   rules.Text            `json:"to"`
	Note *Remark               `json:"note,omitempty"`
	Tags map[string]rules.Text `json:"tags,omitempty"`
	Rank int                   `json:"rank,omitempty"`
}

type Remark struct {
	Text rules.Text `json:"text"`
}

type mailings = rules.Set[Tiny, []Mailing]

func mailingsOf(t *testing.T, file string) *mailings {
	t.Helper()
	cfg := rules.Config{Functions: []rules.Function{rules.Func("maybe", maybe), rules.Func("ieq", strings.EqualFold)}}
	set, err := rules.Parse[Tiny, []Mailing](cfg, "tiny.rules.yaml", []byte("version: 1\nevent: tiny\n"+file))
	require.NoError(t, err)
	return set
}

func compareFiles(t *testing.T, old, new string) rules.Comparison {
	t.Helper()
	return rules.Compare(t.Context(), mailingsOf(t, old), mailingsOf(t, new), rules.Tester[Tiny, []Mailing]{})
}

// changesOf writes changes, a line each.
func changesOf(c rules.Comparison) string {
	var out strings.Builder
	for _, change := range c.Changes {
		name := change.New.Name
		if name == "" {
			name = change.Old.Name
		}
		fmt.Fprintf(&out, "%s: %s", name, change.Kind)
		if change.Field != "" {
			fmt.Fprintf(&out, " %s", change.Field)
		}
		fmt.Fprintf(&out, " %q -> %q", change.Before, change.After)
		if change.Effect != nil {
			fmt.Fprintf(&out, " %s", change.Effect.Meaning)
		}
		out.WriteString("\n")
	}
	for _, r := range c.Unknown {
		fmt.Fprintf(&out, "%s: unknown\n", r.Name)
	}
	return out.String()
}

func TestCompare(t *testing.T) {
	t.Parallel()
	one := "rules:\n  - {name: a, when: rank == 1, then: {to: x}}\n"
	for _, test := range []struct{ name, old, new, want string }{
		{"nothing", one, one, ""},
		{"white space", one, "rules:\n  - name: a\n    when: |\n      rank  ==\n        1\n    then: {to: x}\n", ""},
		{
			"added", one, one + "  - {name: b, when: n > 0, then: {to: y}}\n",
			`b: rule added "" -> "n > 0"` + "\n",
		},
		{
			"removed where it stood",
			"rules:\n  - {name: a, when: on, then: {to: x}}\n  - {name: b, when: [on, n > 1], then: {to: y}}\n  - {name: c, when: on, then: {to: z}}\n",
			"rules:\n  - {name: a, when: on, then: {to: x}}\n  - {name: new, when: on, then: {to: w}}\n  - {name: c, when: on, then: {to: z}}\n",
			`b: rule removed "(on) and (n > 1)" -> ""` + "\n" + `new: rule added "" -> "on"` + "\n",
		},
		{
			"removed in front", one, "rules:\n  - {name: b, when: on, then: {to: y}}\n",
			`a: rule removed "rank == 1" -> ""` + "\n" + `b: rule added "" -> "on"` + "\n",
		},
		{
			"renamed", one, "rules:\n  - {name: b, when: 1 == rank, then: {to: x}}\n",
			`b: rule renamed "a" -> "b"` + "\n" + `b: condition changed "rank == 1" -> "1 == rank" means the same` + "\n",
		},
		{
			"mode and description", one, "rules:\n  - {name: a, description: d, mode: shadow, when: rank == 1, then: {to: x}}\n",
			`a: mode changed "enforce" -> "shadow"` + "\n" + `a: description changed "" -> "d"` + "\n",
		},
		{
			"two renamed", "rules:\n  - {name: a, when: on, then: {to: x}}\n  - {name: b, when: on, then: {to: x}}\n",
			"rules:\n  - {name: c, when: on, then: {to: x}}\n  - {name: d, when: on, then: {to: x}}\n",
			`c: rule renamed "a" -> "c"` + "\n" + `d: rule renamed "b" -> "d"` + "\n",
		},
		{"hit", one, "hit: first\n" + one, `: hit policy changed "collect" -> "first"` + "\n"},
		{
			"moved", one + "  - {name: b, when: n > 0, then: {to: y}}\n", "rules:\n  - {name: b, when: n > 0, then: {to: y}}\n  - {name: a, when: rank == 1, then: {to: x}}\n",
			`b: rule moved "2" -> "1"` + "\n",
		},
		{
			"moved where it does not matter", one + "  - {name: b, when: rank > 1, then: {to: y}}\n",
			"rules:\n  - {name: b, when: rank > 1, then: {to: y}}\n  - {name: a, when: rank == 1, then: {to: x}}\n", "",
		},
		{
			"outcome", "rules:\n  - {name: a, when: on, then: {to: x, note: {text: t}, tags: {p: q, r: s}, rank: 1}}\n",
			"rules:\n  - {name: a, when: on, then: {to: y, tags: {p: Q, t: s}, rank: 2}}\n",
			`a: outcome changed to "x" -> "y"
a: outcome changed note "{\"text\":\"t\"}" -> "null"
a: outcome changed tags.p "q" -> "Q"
a: outcome changed tags.r "s" -> ""
a: outcome changed tags.t "" -> "s"
a: outcome changed rank "1" -> "2"
`,
		},
		{
			"outcomes", "rules:\n  - {name: a, when: on, then: [{to: x}, {to: y}, {to: z}]}\n",
			"rules:\n  - {name: a, when: on, then: [{to: x}, {to: Y}, {to: w}, {to: z}]}\n",
			`a: outcome changed [1].to "y" -> "Y"
a: outcome changed [2] "" -> "{\"to\":\"w\"}"
`,
		},
		{
			"outcomes in depth", "rules:\n  - {name: a, when: on, then: {to: x, note: {text: 't${n}'}}}\n",
			"rules:\n  - {name: a, when: on, then: {to: x, note: {text: 't${n + 1}'}}}\n",
			`a: outcome changed note.text "t${n}" -> "t${n + 1}"` + "\n",
		},
		{
			"constants", "vars: {low: 3, who: w}\nrules:\n  - {name: a, when: rank <= vars.low, then: {to: '${vars.who}, ${n}'}}\n",
			"vars: {low: 4, who: v}\nrules:\n  - {name: a, when: rank <= vars.low, then: {to: '${vars.who}, ${n}'}}\n",
			`a: condition changed "rank <= vars.low" -> "rank <= vars.low" means the same` + "\n" + `a: outcome changed to "w, ${n}" -> "v, ${n}"` + "\n",
		},
		{
			"constants that come to the same", "vars: {low: 1, who: w}\nrules:\n  - {name: a, when: rank <= vars.low, then: {to: '${vars.who}'}}\n",
			"vars: {low: 1}\nrules:\n  - {name: a, when: rank <= 1, then: {to: w}}\n",
			`a: condition changed "rank <= vars.low" -> "rank <= 1" means the same` + "\n",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, changesOf(compareFiles(t, test.old, test.new)))
		})
	}
}

func mirrored(m rules.Meaning) rules.Meaning {
	switch m {
	case rules.FiresForMore:
		return rules.FiresForFewer
	case rules.FiresForFewer:
		return rules.FiresForMore
	}
	return m
}

func TestCompareRulesInGo(t *testing.T) {
	t.Parallel()
	fires := func(in *Tiny) bool { return in.On }
	set := func(name string, when rules.Condition[Tiny]) *tinySet {
		out, err := tinyOf(rules.Collect, rules.Rule[Tiny, rules.Text]{Name: name, When: when, Then: "x"})
		require.NoError(t, err)
		return out
	}
	inGo := rules.WhenFunc(func(_ context.Context, in *Tiny) (bool, error) { return fires(in), nil })
	compare := func(old, new *tinySet) string {
		return changesOf(rules.Compare(t.Context(), old, new, rules.Tester[Tiny, rules.Text]{}))
	}
	one := set("a", inGo)
	assert.Empty(t, compare(one, one))
	assert.Equal(t, "a: unknown\n", compare(one, set("a", inGo)))
	assert.Equal(t, `a: condition changed "a Go function" -> "on" undetermined`+"\n", compare(one, set("a", rules.When[Tiny]("on"))))
	assert.Equal(t, "a: rule removed \"a Go function\" -> \"\"\nb: rule added \"\" -> \"a Go function\"\n", compare(one, set("b", inGo)))
}

func TestCompareOutcomesInGo(t *testing.T) {
	t.Parallel()
	set := func(then func()) *rules.Set[Tiny, func()] {
		out, err := rules.New(rules.Config{}, rules.Rule[Tiny, func()]{Name: "a", When: rules.When[Tiny]("on"), Then: then})
		require.NoError(t, err)
		return out
	}
	c := rules.Compare(t.Context(), set(func() {}), set(func() {}), rules.Tester[Tiny, func()]{})
	assert.Equal(t, "a: unknown\n", changesOf(c))
	assert.False(t, c.Same())
}

func TestCompareEmptySets(t *testing.T) {
	t.Parallel()
	empty, err := tinyOf(rules.Collect)
	require.NoError(t, err)
	full, err := tinyOf(rules.First, tinyRule("a", "on", "x"))
	require.NoError(t, err)
	c := rules.Compare(t.Context(), empty, full, rules.Tester[Tiny, rules.Text]{})
	assert.Equal(t, ": hit policy changed \"collect\" -> \"first\"\na: rule added \"\" -> \"on\"\n", changesOf(c))
	assert.True(t, rules.CompareAll(t.Context(), nil, nil, rules.Tester[Tiny, rules.Text]{}).Same())
}

// TestCompareAgreesWithEveryInput compares random rules with some of them
// changed, and tries what is said with all inputs.
func TestCompareAgreesWithEveryInput(t *testing.T) {
	t.Parallel()
	inputs := tinies()
	g := tinyGen{rand.New(rand.NewPCG(7, 8))}
	said := map[rules.Meaning]int{}
	for range 200 / patience {
		old := g.condition(g.IntN(4))
		new := g.condition(g.IntN(4))
		switch g.IntN(3) {
		case 0:
			new = "(" + old + ") and " + g.atom()
		case 1:
			new = g.atom() + " or (" + old + ")"
		}
		text := rules.Text(g.of("x", g.insert()))
		a, errA := tinyOf(rules.Collect, tinyRule("a", old, text))
		b, errB := tinyOf(rules.Collect, tinyRule("a", new, text))
		if errA != nil || errB != nil {
			continue // the checker refuses one of them
		}
		c := rules.Compare(t.Context(), a, b, rules.Tester[Tiny, rules.Text]{})
		back := rules.Compare(t.Context(), b, a, rules.Tester[Tiny, rules.Text]{})
		assertMirror(t, c, back)
		if len(c.Changes) == 0 {
			assert.Equal(t, strings.Join(strings.Fields(old), ""), strings.Join(strings.Fields(new), ""))
			continue
		}
		e := c.Changes[0].Effect
		said[e.Meaning]++
		checkEffect(t, a, b, e, inputs, old+" -> "+new)
	}
	t.Logf("said %v", said)
	if patience > 1 {
		return // too few conditions to count
	}
	assert.Greater(t, said[rules.SameMeaning], 3)
	assert.Less(t, said[rules.Undetermined]*100, 200*15)
}

// checkEffect tries with all inputs what is said of two conditions.
func checkEffect(t *testing.T, a, b *tinySet, e *rules.Effect, inputs []*Tiny, about string) {
	t.Helper()
	for _, in := range inputs {
		_, before, errA := a.First(t.Context(), in)
		_, after, errB := b.First(t.Context(), in)
		if errA != nil || errB != nil {
			assert.True(t, e.MayFail, about)
			continue
		}
		assert.False(t, e.Keeps && before && !after, "keeps: %s", about)
		assert.False(t, e.Within && after && !before, "within: %s", about)
	}
	tried := func(payload []byte, fails bool, fires, not *tinySet) {
		if payload == nil {
			return
		}
		in := decodeTiny(t, payload)
		_, first, err := fires.First(t.Context(), in)
		assert.True(t, first && err == nil, "%s: %s", about, payload)
		assert.Equal(t, fails, len(became(fires, in).failed) > 0, "%s: %s", about, payload)
		_, second, err := not.First(t.Context(), in)
		assert.False(t, second || err != nil, "%s: %s", about, payload)
	}
	tried(e.OnlyOld, e.OldFails, a, b)
	tried(e.OnlyNew, e.NewFails, b, a)
}

// assertMirror wants the same changes the other way around.
func assertMirror(t *testing.T, c, back rules.Comparison) {
	t.Helper()
	turned := make([]string, 0, len(back.Changes))
	for _, change := range back.Changes {
		turned = append(turned, changesOf(rules.Comparison{Changes: []rules.Change{turn(change)}}))
	}
	var straight []string
	for _, change := range c.Changes {
		straight = append(straight, changesOf(rules.Comparison{Changes: []rules.Change{change}}))
	}
	assert.ElementsMatch(t, straight, turned)
}

func turn(c rules.Change) rules.Change {
	c.Old, c.New, c.Before, c.After = c.New, c.Old, c.After, c.Before
	switch c.Kind {
	case rules.RuleAdded:
		c.Kind = rules.RuleRemoved
	case rules.RuleRemoved:
		c.Kind = rules.RuleAdded
	}
	if c.Effect != nil {
		e := *c.Effect
		e.Meaning, e.Keeps, e.Within, e.OnlyOld, e.OnlyNew = mirrored(e.Meaning), e.Within, e.Keeps, e.OnlyNew, e.OnlyOld
		c.Effect = &e
	}
	return c
}

// TestCompareRandomSets compares sets with themselves, and with others made of
// them, both ways around.
func TestCompareRandomSets(t *testing.T) {
	t.Parallel()
	g := tinyGen{rand.New(rand.NewPCG(9, 10))}
	changed := 0
	for range 100 / patience {
		list := g.list(6)
		other := slices.Clone(list)
		for range g.IntN(4) {
			g.edit(&other)
		}
		hit := rules.Hit(g.IntN(2))
		a, err := tinyOf(hit, list...)
		require.NoError(t, err)
		again, err := tinyOf(hit, list...)
		require.NoError(t, err)
		b, err := tinyOf(hit, other...)
		if err != nil {
			continue // two rules of a name
		}
		assert.True(t, rules.Compare(t.Context(), a, again, rules.Tester[Tiny, rules.Text]{}).Same())
		c := rules.Compare(t.Context(), a, b, rules.Tester[Tiny, rules.Text]{})
		assertMirror(t, c, rules.Compare(t.Context(), b, a, rules.Tester[Tiny, rules.Text]{}))
		changed += len(c.Changes)
		if c.Same() {
			assertSameOutcomes(t, a, b)
		}
	}
	assert.Positive(t, changed)
}

// assertSameOutcomes wants two sets to come to the same for all inputs.
func assertSameOutcomes(t *testing.T, a, b *tinySet) {
	t.Helper()
	outcomes := func(set *tinySet, in *Tiny) []string {
		var out []string
		err := set.Each(t.Context(), in, func(m rules.Match[Tiny, rules.Text]) error {
			text, err := m.Render(m.Then())
			out = append(out, text)
			return err
		})
		if err != nil {
			return []string{"an error"}
		}
		return out
	}
	for _, in := range tinies() {
		if before, after := outcomes(a, in), outcomes(b, in); !assert.Equal(t, before, after) {
			return
		}
	}
}

// list makes random rules that are sound.
func (g tinyGen) list(most int) []rules.Rule[Tiny, rules.Text] {
	var out []rules.Rule[Tiny, rules.Text]
	for i := range 1 + g.IntN(most) {
		rule := tinyRule(fmt.Sprint("r", i), g.condition(g.IntN(3)), rules.Text(g.of("x", "y", g.insert())))
		if _, err := tinyOf(rules.Collect, rule); err == nil {
			out = append(out, rule)
		}
	}
	return out
}

// edit changes rules in one way.
func (g tinyGen) edit(list *[]rules.Rule[Tiny, rules.Text]) {
	if len(*list) == 0 {
		return
	}
	i, j := g.IntN(len(*list)), g.IntN(len(*list))
	r := &(*list)[i]
	switch g.IntN(7) {
	case 0:
		*list = slices.Delete(*list, i, i+1)
	case 1:
		(*list)[i], (*list)[j] = (*list)[j], (*list)[i]
	case 2:
		r.Name += "x"
	case 3:
		r.Mode = rules.Mode(g.IntN(3))
	case 4:
		r.Description += "d"
	case 5:
		r.Then += "t"
	case 6:
		for {
			was := r.When
			r.When = rules.When[Tiny](g.condition(2))
			if _, err := tinyOf(rules.Collect, *r); err == nil {
				return
			}
			r.When = was
		}
	}
}

func decodeTiny(t *testing.T, payload []byte) *Tiny {
	t.Helper()
	in := new(Tiny)
	require.NoError(t, json.Unmarshal(payload, in))
	return in
}

func TestTexts(t *testing.T) {
	t.Parallel()
	set := mailingsOf(t, "vars: {who: w}\nrules:\n  - {name: a, when: on, then: {to: '${vars.who}', note: {text: 't${n}'}}}\n  - {name: b, when: on, then: {to: y}}\n")
	assert.Equal(t, []rules.TextInfo{
		{Rule: "a", Field: "to", Constant: true, Value: "w"},
		{Rule: "a", Field: "text"},
		{Rule: "b", Field: "to", Constant: true, Value: "y"},
	}, slices.Collect(set.Texts()))
	for range set.Texts() {
		break
	}
}
