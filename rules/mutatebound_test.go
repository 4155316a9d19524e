package rules

import (
	"context"
	"encoding/json"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules/internal/check"
	"github.com/afterword-go/afterword/rules/internal/tree"
	"github.com/afterword-go/afterword/rules/internal/witness"
)

type boundInput struct {
	A int `json:"a"`
}

// noCube holds for no input, which nobody can prove here.
const noCube = "a * a * a == 1000003"

func boundSet(t *testing.T, when string) *Set[boundInput, Text] {
	t.Helper()
	set, err := New(Config{}, Rule[boundInput, Text]{Name: "cube", When: When[boundInput](when), Then: "x"})
	require.NoError(t, err)
	return set
}

// TestSearchesForTestsAreBounded crosses the bound of a rule.
func TestSearchesForTestsAreBounded(t *testing.T) {
	t.Parallel()
	set := boundSet(t, noCube)
	m := &mutation[boundInput, Text]{set: set, ctx: t.Context()}
	h := hunt[boundInput, Text]{lab: newLab(m), seen: map[string]find{}, steps: witness.Steps, most: witness.Steps}
	goals := []goal{h.goal(0, true)}
	assert.Equal(t, find{}, h.search(goals), "as far as it goes")
	assert.Equal(t, 0, h.steps)
	assert.Equal(t, find{cut: true}, h.search(goals), "nothing is left")
	h.steps = witness.Steps - 1
	assert.Equal(t, find{cut: true}, h.search(goals), "one step too few")
	h.steps = witness.Steps
	assert.NotNil(t, h.search([]goal{h.goal(0, false)}).payload)
	assert.Equal(t, witness.Steps-witness.Steps/foundShare-1, h.steps)
}

type natInput struct {
	Rank  *int   `json:"rank"`
	Skill string `json:"skill,omitempty"`
	Agent string `json:"agent,omitempty"`
	Items []struct {
		Text string `json:"text,omitempty"`
	} `json:"items"`
}

// TestFewSearchesForTests wants nearly all tests found among inputs that were
// made once, and with a bound that is for a thousand mutants a second.
func TestFewSearchesForTests(t *testing.T) {
	t.Parallel()
	set, err := New(Config{}, Rule[natInput, Text]{
		Name: "nat", Then: "x",
		When: When[natInput](`(rank <= 2 or any(items, .text matches "(?i)refund|cancel")) and skill in ["Billing", "Sales"] and (agent == nil or not (agent startsWith "Bot"))`),
	})
	require.NoError(t, err)
	m := &mutation[natInput, Text]{set: set, ctx: t.Context(), options: MutateOptions{Most: mostMutants}}
	changes, _ := m.changes(0)
	require.Greater(t, len(changes), 30)
	h := newHunt(newLab(m), 0, mutateSteps+mutantSteps*len(changes))
	folded := false
	for _, mutant := range h.try(changes, nil) {
		assert.NotEmpty(t, mutant.Test, "%q becomes %q: %s", mutant.Original, mutant.Mutated, mutant.Why)
		folded = folded || mutant.Mutated == `"refund|cancel"`
	}
	assert.True(t, folded, "a text in another case is among the inputs")
	assert.LessOrEqual(t, h.solves, 3)
	assert.Positive(t, h.steps)
}

// TestInputsNextToOneKeepToItsLimits changes one place at a time.
func TestInputsNextToOneKeepToItsLimits(t *testing.T) {
	t.Parallel()
	type part struct {
		Text string `json:"text" validate:"min=1"`
		Kind string `json:"kind,omitempty" validate:"omitempty,oneof=a b"`
	}
	type input struct {
		Rank  int    `json:"rank" validate:"min=1,max=5"`
		Parts []part `json:"parts" validate:"dive"`
		Free  bool   `json:"free"`
	}
	v := newVariety()
	_, n, problems := readCondition(`rank == 5 and any(parts, .kind == "b") and free`, &check.Env{Input: tree.TypeOf(reflect.TypeFor[input]())})
	require.Empty(t, problems)
	for _, part := range sides(n) {
		v.add(part)
	}
	around := func(v *variety) []string {
		var out []string
		v.around(json.RawMessage(`{"rank":5,"parts":[{"text":"a"}]}`), "", tree.TypeOf(reflect.TypeFor[input]()), func(next json.RawMessage) bool {
			out = append(out, string(next))
			return true
		})
		return out
	}
	all := around(v)
	assert.Contains(t, all, `{"rank":4,"parts":[{"text":"a"}]}`)
	assert.Contains(t, all, `{"rank":5,"parts":[{"text":"A"}]}`)
	assert.Contains(t, all, `{"rank":5,"parts":[{"text":"a","kind":"b"}]}`)
	assert.Contains(t, all, `{"rank":5,"parts":[{"text":"a"},{"text":"a","kind":"b"}]}`)
	assert.Contains(t, all, `{"rank":5,"parts":[{"text":"a"}],"free":true}`)
	for _, wrong := range []string{`"rank":6`, `{"parts"`, `"text":""`, `{}`, `"kind":"c"`, `"kind":"B"`} {
		assert.NotContains(t, strings.Join(all, " "), wrong)
	}
	assert.Equal(t, []string{`{"rank":5}`, `{"rank":5,"parts":[]}`}, around(&variety{less: true}))
}

func TestMutateTellsOfSearchesCutShort(t *testing.T) {
	t.Parallel()
	set := boundSet(t, "a == 4")
	whys := func(steps int) map[string]int {
		mutation, err := set.mutate(t.Context(), Tester[boundInput, Text]{}, MutateOptions{}, steps)
		require.NoError(t, err)
		out := map[string]int{}
		for _, m := range mutation.Mutants {
			if m.Test != "" {
				assert.Empty(t, m.Why)
				out["a test"]++
			} else {
				assert.Equal(t, Survived, m.Fate)
				out[m.Why]++
			}
		}
		return out
	}
	assert.NotContains(t, whys(0), cutShort)
	assert.Len(t, whys(1), 1, "one step for two shares")
	assert.NotZero(t, whys(1)[cutShort])
	some := whys(40) // enough for some, and always for the same
	assert.Equal(t, some, whys(40))
}

func TestDraftTellsOfSearchesCutShort(t *testing.T) {
	t.Parallel()
	left := func(when string, steps int) (why []string) {
		for _, l := range boundSet(t, when).draft(t.Context(), Tester[boundInput, Text]{}, steps).Left {
			why = append(why, l.Why)
		}
		return why
	}
	assert.Empty(t, left("a == 4", draftSteps))
	assert.Equal(t, []string{cutShort, cutShort}, left("a == 4", 0))
	assert.Equal(t, []string{""}, left(noCube, findSteps+findSteps/foundShare+1), "as far as it goes")
	assert.Equal(t, []string{cutShort, cutShort}, left(noCube, findSteps-1), "one step too few, and none for what comes next")
}

type manyItem struct {
	Text Text `json:"text"`
}

// TestItemsLeftOutAreCounted wants no copy of a long outcome for each item that
// is left out. It measures, and so is alone.
func TestItemsLeftOutAreCounted(t *testing.T) {
	const items = 2000
	then := make([]manyItem, items)
	for i := range then {
		then[i].Text = "x"
	}
	set, err := New(Config{}, Rule[boundInput, []manyItem]{Name: "many", When: When[boundInput]("a == 4"), Then: then})
	require.NoError(t, err)
	m := &mutation[boundInput, []manyItem]{set: set, ctx: t.Context(), options: MutateOptions{Most: 4}}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	made, left := m.outcomes(0)
	runtime.ReadMemStats(&after)
	require.Len(t, made, 4)
	require.NotNil(t, left)
	assert.Equal(t, items-2, left.Count, "the text has two changes")
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(100<<20))

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	m.ctx = ended
	made, left = m.outcomes(0)
	assert.Empty(t, made, "nothing once the context has ended")
	assert.Nil(t, left)
}

type ringThen struct {
	Text  Text      `json:"text"`
	Left  *ringThen `json:"-"`
	Right *ringThen `json:"-"`
}

// TestOutcomesThatLeadBackToThemselves have fields that no text is looked for in.
func TestOutcomesThatLeadBackToThemselves(t *testing.T) {
	t.Parallel()
	ring := func(text Text, size int) *ringThen {
		all := make([]ringThen, size)
		for i := range all {
			all[i] = ringThen{text, &all[(i+1)%size], &all[(i+2)%size]}
		}
		return &all[0]
	}
	of := func(then *ringThen) *Set[boundInput, *ringThen] {
		set, err := New(Config{}, Rule[boundInput, *ringThen]{Name: "ring", When: When[boundInput]("a == 4"), Then: then})
		require.NoError(t, err)
		return set
	}
	for _, size := range []int{1, 60} {
		set := of(ring("x", size))
		assert.Equal(t, of(ring("x", size)).Hash(), set.Hash())
		assert.NotEqual(t, of(ring("y", size)).Hash(), set.Hash())
		mutation, err := set.Mutate(t.Context(), Tester[boundInput, *ringThen]{}, MutateOptions{NoTests: true})
		require.NoError(t, err)
		assert.Len(t, mutation.Mutants, 1+3+2)
		assert.Equal(t, Text("x"), set.rules[0].Then.Text)
	}
}

// TestHashDoesNotCountWhatIsShared wants what two pointers lead to counted like
// two of it.
func TestHashDoesNotCountWhatIsShared(t *testing.T) {
	t.Parallel()
	of := func(then ...*manyItem) string {
		set, err := New(Config{}, Rule[boundInput, []*manyItem]{Name: "shared", When: When[boundInput]("a == 4"), Then: then})
		require.NoError(t, err)
		return set.Hash()
	}
	one := &manyItem{"x"}
	assert.Equal(t, of(&manyItem{"x"}, &manyItem{"x"}), of(one, one))
}

type embeddingThen struct {
	*PromotedPart
	Handle func() `json:"-"`
}

// PromotedPart is embedded by pointer: a copy must not share it.
type PromotedPart struct {
	Text Text `json:"text"`
	Note Text `json:"note"`
}

func TestMutateCopiesEmbeddedStructs(t *testing.T) {
	t.Parallel()
	then := embeddingThen{PromotedPart: &PromotedPart{"x", "y"}}
	changed := withText(then, "x", "z")
	assert.Equal(t, PromotedPart{"z", "y"}, *changed.PromotedPart)
	assert.Equal(t, PromotedPart{"x", "y"}, *then.PromotedPart)
}

// TestCompareSeesWhatStandsBesideEmbeddedStructs has more JSON fields than Go
// fields.
func TestCompareSeesWhatStandsBesideEmbeddedStructs(t *testing.T) {
	t.Parallel()
	of := func(handle func()) *Set[boundInput, embeddingThen] {
		set, err := New(Config{}, Rule[boundInput, embeddingThen]{
			Name: "e", When: When[boundInput]("a == 4"), Then: embeddingThen{&PromotedPart{"x", "y"}, handle},
		})
		require.NoError(t, err)
		return set
	}
	c := Compare(t.Context(), of(func() {}), of(func() { t.Log("another") }), Tester[boundInput, embeddingThen]{})
	assert.False(t, c.Same())
	assert.Len(t, c.Unknown, 1)

	type open struct {
		*PromotedPart
		More Text `json:"more"`
	}
	plain := func() *Set[boundInput, open] {
		set, err := New(Config{}, Rule[boundInput, open]{Name: "e", When: When[boundInput]("a == 4"), Then: open{&PromotedPart{"x", "y"}, "z"}})
		require.NoError(t, err)
		return set
	}
	assert.True(t, Compare(t.Context(), plain(), plain(), Tester[boundInput, open]{}).Same())
}

// TestEnvOfTextsAlone wants the constants that nothing but a text reads.
func TestEnvOfTextsAlone(t *testing.T) {
	t.Parallel()
	set, err := New(Config{Vars: map[string]any{"team": "care"}}, Rule[boundInput, Text]{
		Name: "go", When: WhenFunc(func(context.Context, *boundInput) (bool, error) { return true, nil }), Then: "${vars.team} ${a}",
	})
	require.NoError(t, err)
	require.NotNil(t, set.env().Vars)
	test, err := set.readTest(strings.TrimLeft("\n  - name: one\n    given: {a: 1}\n    expect: {fired: [go]}\n", "\n"), "go")
	require.NoError(t, err)
	assert.Equal(t, "one", test.Name)
}
