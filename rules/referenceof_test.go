package rules_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/rules/internal/check"
)

func TestReferenceOfFields(t *testing.T) {
	t.Parallel()
	ref, err := rules.ReferenceOf(reflect.TypeFor[*Parcel](), rules.Config{})
	require.NoError(t, err)
	var got []string
	for _, f := range ref.Fields {
		got = append(got, strings.TrimSpace(fmt.Sprintf("%s: %s, %t. %s %s", f.Name, f.Type, f.Optional, f.Meaning, f.Example)))
	}
	assert.Equal(t, []string{
		"weight: whole number, true. How heavy it is. 3",
		"to: text, true. Who gets it.",
		"price: number, false.",
		"insured: boolean, true.",
		"sent: time, true.",
		"tags: list of texts, false.",
		"stops: list of groups, false.",
		"stops[].town: text, true. The town.",
		"stops[].hours: whole number, true.",
		"route: group, true. Where it is.",
		"route.town: text, true. The town.",
		"route.hours: whole number, true.",
		"grid: list of lists, false.",
		"inner: group, true.",
	}, got, "without extra and unread, which rules cannot read, and without what lies inside inner")
}

// A ReferenceGroup has fields that are there once the group is.
type ReferenceGroup struct {
	Sure  string            `json:"sure"`
	Deep  *ReferenceDeep    `json:"deep"`
	Each  []*ReferenceDeep  `json:"each"`
	Lists [][]ReferenceDeep `json:"lists"`
	ReferenceEmbedded
}

type ReferenceDeep struct {
	Sure string `json:"sure"`
	Odd  string `json:"odd name"`
}

type ReferenceEmbedded struct {
	Promoted string `json:"promoted" doc:"It is promoted."`
}

func TestReferenceSaysWhatMayBeAbsent(t *testing.T) {
	t.Parallel()
	ref, err := rules.ReferenceOf(reflect.TypeFor[ReferenceGroup](), rules.Config{})
	require.NoError(t, err)
	got := map[string]bool{}
	for _, f := range ref.Fields {
		got[f.Name] = f.Optional
	}
	assert.Equal(t, map[string]bool{
		"sure": false, "deep": true, "deep.sure": true, "each": false, "each[].sure": true,
		"lists": false, "lists[][].sure": false, "promoted": false,
	}, got)

	sampled, err := ref.Sampled([]byte(`{"deep": {"sure": "a"}, "each": [null, {}, {"sure": "b"}], "lists": [[], [{"sure": "c"}]], "sure": null, "promoted": 17}`))
	require.NoError(t, err)
	examples := map[string]string{}
	for _, f := range sampled.Fields {
		if f.Example != "" {
			examples[f.Name] = f.Example
		}
	}
	assert.Equal(t, map[string]string{"deep.sure": "a", "each[].sure": "b", "lists[][].sure": "c", "promoted": "17"}, examples)
	for _, f := range ref.Fields {
		assert.Empty(t, f.Example, "the reference itself stays as it is")
	}
	_, err = ref.Sampled([]byte(`{`))
	assert.ErrorContains(t, err, "the sample is not JSON")
}

// ReferenceWords has fields with the names of words of the language.
type ReferenceWords struct {
	Matches *bool           `json:"matches"`
	True    *bool           `json:"true"`
	Inside  *ReferenceInner `json:"inside"`
}

type ReferenceInner struct {
	Matches  bool `json:"matches"`
	Not      bool `json:"not"`
	True     bool `json:"true"`
	Nil      bool `json:"nil"`
	Contains bool `json:"contains"`
	And      bool `json:"and"`
	Let      bool `json:"let"`
	If       bool `json:"if"`
}

// Every field that the reference names is one that a condition may read, and
// may ask the absence of if the reference says so.
func TestReferenceNamesWhatConditionsRead(t *testing.T) {
	t.Parallel()
	for _, in := range []any{Parcel{}, Form{}, ReferenceWords{}} {
		ref, err := rules.ReferenceOf(reflect.TypeOf(in), rules.Config{})
		require.NoError(t, err)
		require.NotEmpty(t, ref.Fields)
		for _, f := range ref.Fields {
			text := strings.ReplaceAll(f.Name, "[]", "[0]") + " != nil"
			switch in.(type) {
			case Parcel:
				_, err = rules.New(rules.Config{}, rules.Rule[Parcel, string]{Name: "a", When: rules.When[Parcel](text)})
			case ReferenceWords:
				_, err = rules.New(rules.Config{}, rules.Rule[ReferenceWords, string]{Name: "a", When: rules.When[ReferenceWords](text)})
			case Form:
				_, err = rules.New(rules.Config{}, rules.Rule[Form, string]{Name: "a", When: rules.When[Form](text)})
			}
			if f.Optional || strings.Contains(text, "[") {
				assert.NoError(t, err, text)
			} else {
				assert.ErrorContains(t, err, f.Name+" is never absent", text)
			}
		}
	}
}

func TestReferenceOfFunctions(t *testing.T) {
	t.Parallel()
	cfg := rules.Config{Functions: []rules.Function{
		rules.Func("stopped", func(_ *Parcel, town string) (int, bool) { return 0, town != "" }).Doc("How long it stopped in a town.", `stopped("Ulm") > 3`),
		rules.Func("mean", func(all []float64) (float64, error) { return 0, nil }),
	}}
	ref, err := rules.ReferenceOf(reflect.TypeFor[Parcel](), cfg)
	require.NoError(t, err)
	own := ref.Functions[len(ref.Functions)-2:]
	assert.Equal(t, []rules.FunctionInfo{
		{Name: "stopped", Signature: "stopped(text) whole number", Meaning: "How long it stopped in a town.", Example: `stopped("Ulm") > 3`, Optional: true},
		{Name: "mean", Signature: "mean(list of numbers) number"},
	}, own)

	cfg.Functions = append(cfg.Functions, rules.Func("any", strings.ToUpper), rules.Func("bad", 5))
	ref, err = rules.ReferenceOf(reflect.TypeFor[Parcel](), cfg)
	assert.EqualError(t, err, "function any: the rule language has the same name\nfunction bad: it is not a Go function")
	assert.Equal(t, "mean", ref.Functions[len(ref.Functions)-1].Name)
}

// The table of the language's functions is complete, and its examples are
// conditions that are true for every input.
func TestReferenceOfTheLanguage(t *testing.T) {
	t.Parallel()
	ref, err := rules.ReferenceOf(reflect.TypeFor[struct{}](), rules.Config{})
	require.NoError(t, err)
	var names []string
	for _, f := range ref.Functions {
		names = append(names, f.Name)
		assert.True(t, f.Language)
		assert.True(t, strings.HasPrefix(f.Signature, f.Name+"("), f.Signature)
		assert.True(t, strings.HasSuffix(f.Meaning, "."), f.Meaning)
		assert.Contains(t, f.Example, f.Name+"(")
		assert.Contains(t, section(t, "Functions"), "`"+f.Name+"(", "the language reference")
		set, err := rules.New(rules.Config{}, rules.Rule[struct{}, string]{Name: "a", When: rules.When[struct{}](f.Example)})
		require.NoError(t, err, f.Example)
		fired := 0
		for _, err := range set.Matches(t.Context(), &struct{}{}) {
			require.NoError(t, err, f.Example)
			fired++
		}
		assert.Equal(t, 1, fired, f.Example)
	}
	assert.Equal(t, check.Builtins(), names)
}

func TestReferenceOfWhatRulesCannotRead(t *testing.T) {
	t.Parallel()
	for _, in := range []reflect.Type{nil, reflect.TypeFor[map[string]any](), reflect.TypeFor[**Parcel]()} {
		_, err := rules.ReferenceOf(in, rules.Config{})
		assert.ErrorContains(t, err, "the input of rules is a struct, not ", "%v", in)
	}
}

// Groups that hold one another in turns: the paths through them are more than
// can be listed.
type (
	TurnA struct{ B, C, D, E, F, G, H *TurnB }
	TurnB struct{ A, C, D, E, F, G, H *TurnC }
	TurnC struct{ A, B, D, E, F, G, H *TurnD }
	TurnD struct{ A, B, C, E, F, G, H *TurnE }
	TurnE struct{ A, B, C, D, F, G, H *TurnF }
	TurnF struct{ A, B, C, D, E, G, H *TurnG }
	TurnG struct{ A, B, C, D, E, F, H *TurnH }
	TurnH struct{ A, B, C, D, E, F, G *TurnA }
)

func TestReferenceAndSchemaOfGroupsInTurnsEnd(t *testing.T) {
	t.Parallel()
	ref, err := rules.ReferenceOf(reflect.TypeFor[TurnA](), rules.Config{})
	require.NoError(t, err)
	assert.Greater(t, len(ref.Fields), 1_000)
	assert.Less(t, len(ref.Fields), 3_000)

	schema, err := rules.Schema[TurnA, rules.Text](rules.Config{})
	assert.Less(t, len(schema), 2<<20)
	check := judge(t, schema, err)
	for _, set := range []string{"B.A.A.A.A: null", "H.H.H.H.H.H.H: null", "H.G.H.G.H.F.G.H: null"} {
		text := "version: 1\ntests: [{name: a, given: {}, set: {" + set + "}, expect: {fired: []}}]"
		assert.NoError(t, check(text), set)
	}
	assert.Error(t, check("version: 1\ntests: [{name: a, given: {}, set: {A: null}, expect: {fired: []}}]"))
}
