package schema_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/internal/schema"
)

// validator reads the schema of a type back.
func validator(t *testing.T, of reflect.Type, form schema.Form) func(text string) error {
	t.Helper()
	var b schema.Builder
	root := b.Of(of, form)
	root.Draft, root.Defs = schema.Draft, b.Defs()
	text, err := root.Text()
	require.NoError(t, err)
	var s jsonschema.Schema
	require.NoError(t, json.Unmarshal(text, &s))
	resolved, err := s.Resolve(nil)
	require.NoError(t, err)
	return func(text string) error {
		var v any
		require.NoError(t, json.Unmarshal([]byte(text), &v))
		return resolved.Validate(v)
	}
}

type tree struct {
	Name string  `json:"name,omitempty"`
	Kids []*tree `json:"kids"`
}

type (
	listOfItself []listOfItself
	mapOfItself  map[string]mapOfItself
	pointed      struct {
		Next *pointed `json:"next"`
		List listOfItself
		Map  mapOfItself
	}
)

func TestTypesThatHoldThemselves(t *testing.T) {
	t.Parallel()
	for _, form := range []schema.Form{schema.Payload, schema.Part, schema.File} {
		check := validator(t, reflect.TypeFor[tree](), form)
		assert.NoError(t, check(`{"kids": [{"name": "a", "kids": [{"kids": []}]}]}`))
		assert.Error(t, check(`{"kids": [{"name": "a", "kids": [{"kids": [{"name": 5, "kids": []}]}]}]}`))
	}
	check := validator(t, reflect.TypeFor[pointed](), schema.Payload)
	assert.NoError(t, check(`{"next": {"next": {"next": null}}, "List": [[], [[]]], "Map": {"a": {"b": {}}}}`))
	assert.Error(t, check(`{"next": {"next": {"next": 1}}}`))
	assert.Error(t, check(`{"List": 1}`))
	assert.Error(t, check(`{"Map": []}`))
}

type outcome struct {
	To      string    `json:"to"`
	Weight  float64   `json:"weight,omitempty"`
	Tags    []string  `json:"tags,omitempty" validate:"max=1"`
	Parts   []part    `json:"parts,omitempty"`
	Pointer *part     `json:"pointer"`
	Free    any       `json:"free,omitempty"`
	Bytes   []byte    `json:"bytes,omitempty"`
	Fn      func()    `json:"fn,omitempty"`
	Odd     [2]string `json:"odd,omitzero"`
}

type part struct {
	N uint8 `json:"n"`
}

func TestForms(t *testing.T) {
	t.Parallel()
	for text, sound := range map[string]struct{ payload, part, file bool }{
		`{"to": "a"}`:                                    {true, true, true},
		`{}`:                                             {true, true, false},
		`{"to": null}`:                                   {true, true, false},
		`{"to": "a", "unknown": 1}`:                      {true, false, false},
		`{"to": "a", "weight": "1"}`:                     {false, false, false},
		`{"to": "a", "tags": ["a", "b"]}`:                {false, false, true},
		`{"to": "a", "tags": [null]}`:                    {false, true, false},
		`{"to": "a", "tags": "a"}`:                       {false, false, false},
		`{"to": "a", "parts": {"n": 1}}`:                 {false, false, true},
		`{"to": "a", "parts": [{"n": 1}]}`:               {true, true, true},
		`{"to": "a", "parts": [{"n": 256}]}`:             {false, false, false},
		`{"to": "a", "parts": [{}]}`:                     {true, true, false},
		`{"to": "a", "parts": [null]}`:                   {false, true, false},
		`{"to": "a", "pointer": {"n": 1}, "free": [1]}`:  {true, true, true},
		`{"to": "a", "pointer": {"n": 1}, "free": null}`: {true, true, true},
		`{"to": "a", "pointer": null}`:                   {true, true, false},
		`{"to": "a", "bytes": "YQ=="}`:                   {true, true, false},
		`{"to": "a", "bytes": [1, 2]}`:                   {false, false, true},
		`{"to": "a", "fn": "x"}`:                         {false, false, false},
		`{"to": "a", "odd": ["a", "b"]}`:                 {true, true, true},
		`null`:                                           {true, true, false},
		`[]`:                                             {false, false, false},
	} {
		assert.Equal(t, sound.payload, validator(t, reflect.TypeFor[outcome](), schema.Payload)(text) == nil, "payload %s", text)
		assert.Equal(t, sound.part, validator(t, reflect.TypeFor[outcome](), schema.Part)(text) == nil, "part %s", text)
		assert.Equal(t, sound.file, validator(t, reflect.TypeFor[outcome](), schema.File)(text) == nil, "file %s", text)
	}
}

type pair[A, B any] struct {
	Left  A `json:"left"`
	Right B `json:"right"`
}

func TestNamesOfDefinitions(t *testing.T) {
	t.Parallel()
	type part struct{ Other bool }
	var b schema.Builder
	kept := b.Define("outcome", &schema.Schema{})
	assert.Equal(t, "#/$defs/outcome", kept.Ref)
	b.Of(reflect.TypeFor[pair[part, outcome]](), schema.File)
	b.Of(reflect.TypeFor[struct{ X struct{ Y int } }](), schema.File)
	b.Of(reflect.TypeFor[outcome](), schema.Part)
	var names []string
	for _, def := range b.Defs() {
		names = append(names, def.Name)
		assert.Regexp(t, `^[A-Za-z0-9_.]+$`, def.Name)
	}
	assert.Contains(t, names, "part")
	assert.Contains(t, names, "schema_test.part")
	assert.Contains(t, names, "schema_test.outcome")
	assert.Contains(t, names, "group")
	assert.Contains(t, names, "pair_part_outcome")
	assert.Len(t, names, 10, "%s", names)
}

func TestTextIsWrittenAsItIs(t *testing.T) {
	t.Parallel()
	s := schema.Schema{
		Description: "a < b & c", Others: schema.Nothing(),
		Properties: schema.Properties{{Name: "b", Schema: &schema.Schema{Type: schema.Types{schema.String}}}, {Name: "<a>", Schema: &schema.Schema{Const: 1}}},
	}
	text, err := s.Text()
	require.NoError(t, err)
	assert.Equal(t, `{
  "description": "a < b & c",
  "properties": {
    "b": {
      "type": "string"
    },
    "<a>": {
      "const": 1
    }
  },
  "additionalProperties": false
}
`, string(text))
}

func TestFillGivesExamples(t *testing.T) {
	t.Parallel()
	type tagged struct {
		Name string   `json:"name" example:"5"`
		N    *int     `json:"n" example:"5"`
		List []string `json:"list" example:"a"`
		More []int    `json:"more"`
		Deep []tree   `json:"deep"`
		None string   `json:"none"`
	}
	var b schema.Builder
	root := b.Of(reflect.TypeFor[tagged](), schema.Payload)
	b.Fill(root, map[string]any{
		"name": "other", "more": []any{json.Number("7")}, "none": "", "unknown": "x",
		"deep": []any{map[string]any{}, map[string]any{"name": "first"}, map[string]any{"name": "second"}},
	})
	for _, def := range b.Defs() {
		examples := map[string]any{}
		for _, p := range def.Schema.Properties {
			if len(p.Schema.Examples) > 0 {
				examples[p.Name] = p.Schema.Examples[0]
			}
		}
		switch def.Name {
		case "tagged":
			assert.Equal(t, map[string]any{
				"name": "5", "n": json.RawMessage("5"), "list": []any{"a"}, "more": []any{json.Number("7")},
			}, examples)
		case "tree":
			assert.Equal(t, map[string]any{"name": "first"}, examples)
		}
	}
}
