package rules_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"github.com/afterword-go/afterword/rules"
)

// judge gives a function that holds YAML against a schema.
func judge(t *testing.T, schema []byte, err error) func(text string) error {
	t.Helper()
	require.NoError(t, err)
	var s jsonschema.Schema
	require.NoError(t, json.Unmarshal(schema, &s))
	resolved, err := s.Resolve(nil)
	require.NoError(t, err)
	return func(text string) error {
		var v any
		require.NoError(t, yaml.Unmarshal([]byte(text), &v), text)
		data, err := json.Marshal(v)
		require.NoError(t, err, text)
		var plain any
		require.NoError(t, json.Unmarshal(data, &plain))
		return resolved.Validate(plain)
	}
}

// A Parcel is an input with a field of every sort.
type Parcel struct {
	Weight  *int             `json:"weight" validate:"omitempty,min=1,max=5" doc:"How heavy it is." example:"3"`
	To      string           `json:"to,omitempty" doc:"Who gets it."`
	Price   float64          `json:"price"`
	Insured *bool            `json:"insured"`
	Sent    time.Time        `json:"sent,omitzero"`
	Tags    []string         `json:"tags"`
	Stops   []ParcelStop     `json:"stops"`
	Route   *ParcelStop      `json:"route" doc:"Where it is."`
	Extra   map[string]int   `json:"extra"`
	Grid    [][]int          `json:"grid"`
	Inner   *Parcel          `json:"inner"`
	Secret  func()           `json:"-"`
	Unread  []map[string]any `json:"unread"`
}

// A ParcelStop is where a parcel has been.
type ParcelStop struct {
	Town  string `json:"town,omitempty" doc:"The town."`
	Hours *int   `json:"hours"`
}

type parcelNote struct {
	To    string     `json:"to" doc:"Who reads it."`
	Text  rules.Text `json:"text"`
	Level *int       `json:"level"`
	Tags  []string   `json:"tags,omitempty"`
}

func parcelConfig() rules.Config { return rules.Config{Event: "parcel", Outcomes: "notes"} }

const parcelFile = `
version: 1
event: parcel
rules:
  - name: a
    when: weight <= 3
    then: {to: x, text: y}
`

// Files that Parse takes or refuses for their shape, with what the schema says
// of them. Each is appended to parcelFile, or stands alone if it has a version.
var shapes = []struct {
	text  string
	sound bool
}{
	{"", true},
	{"hit: first", true},
	{"hit: any", false},
	{"hit: null", false},
	{"vars: {a: 1, b: {c: [x, y], d: true, e: 2.5}, f: []}", true},
	{"vars: {a: null}", false},
	{"vars: {a: [1, x]}", false},
	{"vars: {a: [[1]]}", false},
	{"vars: {a: [{b: 1}]}", false},
	{"vars: {a-b: 1}", false},
	{"vars: {not: 1}", false},
	{"vars: [1]", false},
	{"vars: x", false},
	{"Hit: first", false},
	{"version: 2\nevent: parcel\nrules: [{name: a, when: true, then: {to: x, text: y}}]", false},
	{"version: '1'\nevent: parcel\nrules: [{name: a, when: true, then: {to: x, text: y}}]", false},
	{"version: 1\nrules: [{name: a, when: true, then: {to: x, text: y}}]", false},
	{"version: 1\nevent: other\nrules: [{name: a, when: true, then: {to: x, text: y}}]", false},
	{"version: 1\nevent: parcel", false},
	{"version: 1\nevent: parcel\nrules: []", false},
	{"version: 1\nevent: parcel\nrules: {name: a, when: true, then: {to: x, text: y}}", false},
	{"version: 1\nevent: parcel\nrules: [{name: a, when: true, then: {to: x, text: y, level: 2, tags: [a]}, mode: shadow, description: d}]", true},
	{"version: 1\nevent: parcel\nrules: [{name: a, when: true, then: [{to: x, text: y}, {to: x, text: y}]}]", true},
	{"version: 1\nevent: parcel\nrules: [{name: a, when: ['true', weight > 1], then: {to: x, text: y}}]", true},
	{"version: 1\nevent: parcel\nrules: [{name: a, when: [], then: {to: x, text: y}}]", false},
	{"version: 1\nevent: parcel\nrules: [{name: a, when: {a: b}, then: {to: x, text: y}}]", false},
	{"version: 1\nevent: parcel\nrules: [{name: a, when: [[true]], then: {to: x, text: y}}]", false},
	{"version: 1\nevent: parcel\nrules: [{name: a, when: null, then: {to: x, text: y}}]", false},
	{"version: 1\nevent: parcel\nrules: [{name: a, when: '', then: {to: x, text: y}}]", false},
	{"version: 1\nevent: parcel\nrules: [{name: a, when: 1, then: {to: x, text: y}}]", false},
	{"version: 1\nevent: parcel\nrules: [{name: a, then: {to: x, text: y}}]", false},
	{"version: 1\nevent: parcel\nrules: [{when: true, then: {to: x, text: y}}]", false},
	{"version: 1\nevent: parcel\nrules: [{name: a b, when: true, then: {to: x, text: y}}]", false},
	{"version: 1\nevent: parcel\nrules: [{name: '', when: true, then: {to: x, text: y}}]", false},
	{"version: 1\nevent: parcel\nrules: [{name: " + strings.Repeat("n", 100) + ", when: true, then: {to: x, text: y}}]", true},
	{"version: 1\nevent: parcel\nrules: [{name: " + strings.Repeat("n", 101) + ", when: true, then: {to: x, text: y}}]", false},
	{"version: 1\nevent: parcel\nrules: [{name: a, when: true}]", false},
	{"version: 1\nevent: parcel\nrules: [{name: a, when: true, then: []}]", false},
	{"version: 1\nevent: parcel\nrules: [{name: a, when: true, then: {to: x}}]", false},
	{"version: 1\nevent: parcel\nrules: [{name: a, when: true, then: {to: x, text: y, txt: z}}]", false},
	{"version: 1\nevent: parcel\nrules: [{name: a, when: true, then: {to: 5, text: y}}]", false},
	{"version: 1\nevent: parcel\nrules: [{name: a, when: true, then: {to: null, text: y}}]", false},
	{"version: 1\nevent: parcel\nrules: [{name: a, when: true, then: {to: x, text: y, level: high}}]", false},
	{"version: 1\nevent: parcel\nrules: [{name: a, when: true, then: {to: x, text: y, level: 1.5}}]", false},
	{"version: 1\nevent: parcel\nrules: [{name: a, when: true, then: {to: x, text: y, tags: a}}]", false},
	{"version: 1\nevent: parcel\nrules: [{name: a, when: true, then: {to: x, text: y}, mode: dry}]", false},
	{"version: 1\nevent: parcel\nrules: [{name: a, when: true, then: {to: x, text: y}, mod: off}]", false},
	{"version: 1\nevent: parcel\nrules: [{name: a, when: true, then: {to: x, text: y}, description: [a]}]", false},
	{"version: 1\nevent: parcel\nrules: [a]", false},

	{"tests: []", true},
	{"tests: {name: a}", false},
	{"tests: [a]", false},
	{"tests: [{name: a, given: {}, expect: {fired: []}}]", true},
	{"tests: [{name: a, given: {weight: 3, to: x, price: 2, insured: false, sent: '2026-01-31T18:00:00Z', tags: [a], stops: [{town: x, hours: null}], route: {hours: 2}, extra: {a: 1}, grid: [[1], []], inner: {inner: {weight: 1}}}, expect: {fired: [a]}}]", true},
	{"tests: [{name: a, given: {weight: null, stops: null, route: null}, expect: {fired: []}}]", true},
	{"tests: [{name: a, given: {wieght: 3}, expect: {fired: []}}]", false},
	{"tests: [{name: a, given: {stops: [{town: a, twon: b}]}, expect: {fired: []}}]", false},
	{"tests: [{name: a, given: {route: {twon: b}}, expect: {fired: []}}]", false},
	{"tests: [{name: a, given: {inner: {inner: {wieght: 1}}}, expect: {fired: []}}]", false},
	{"tests: [{name: a, given: [1], expect: {fired: []}}]", false},
	{"tests: [{name: a, given: null, expect: {fired: []}}]", false},
	{"tests: [{name: a, expect: {fired: []}}]", false},
	{"tests: [{name: a, set: {weight: 1}, expect: {fired: []}}]", false},
	{"tests: [{given: {}, expect: {fired: []}}]", false},
	{"tests: [{name: ' ', given: {}, expect: {fired: []}}]", false},
	{"tests: [{name: a, given: {}}]", false},
	{"tests: [{name: a, given: {}, expect: [a]}]", false},
	{"tests: [{name: a, given: {}, expect: {fired: a}}]", false},
	{"tests: [{name: a, given: {}, expect: {fired: [1]}}]", false},
	{"tests: [{name: a, given: {}, expect: {fird: []}}]", false},
	{"tests: [{name: a, given: {}, expect: {outcomes: []}}]", false},
	{"tests: [{name: a, given: {}, expect: {notes: []}}]", true},
	{"tests: [{name: a, given: {}, expect: {notes: [{to: x, text: y, any: 1}]}}]", true},
	{"tests: [{name: a, given: {}, expect: {notes: {to: x}}}]", true},
	{"tests: [{name: a, given: {}, expect: {notes: x}}]", false},
	{"tests: [{name: a, given: {}, expect: {skipped: {a: [weight]}, error: x}}]", true},
	{"tests: [{name: a, given: {}, expect: {skipped: [a]}}]", false},
	{"tests: [{name: a, given: {}, expect: {skipped: {a: weight}}}]", false},
	{"tests: [{name: a, given: {}, expect: {error: {a: b}}}]", false},
	{"tests: [{name: a, given: {}, expect: {fired: []}, unknown: 1}]", false},
	{"fixtures: {f: {weight: 1}}\ntests: [{name: a, base: f, expect: {fired: [a]}}]", true},
	{"fixtures: {f: {weight: 1}}\ntests: [{name: a, base: f, given: {}, expect: {fired: [a]}}]", false},
	{"fixtures: {f: {wieght: 1}}", false},
	{"fixtures: {f: 1}", false},
	{"fixtures: [a]", false},
	{"fixtures: null", false},
	{"tests: [{name: a, given: {}, set: {weight: 3, to: null, 'stops[0].town': x, 'stops[12]': {town: y}, 'grid[0][1]': 1, route.town: x, inner.inner.inner.weight: 1, 'tags[0]': a}, expect: {fired: [a]}}]", true},
	{"tests: [{name: a, given: {}, set: {wieght: 3}, expect: {fired: []}}]", false},
	{"tests: [{name: a, given: {}, set: {stops.town: 3}, expect: {fired: []}}]", false},
	{"tests: [{name: a, given: {}, set: {'stops[a]': {}}, expect: {fired: []}}]", false},
	{"tests: [{name: a, given: {}, set: {'stops[01]': {}}, expect: {fired: []}}]", false},
	{"tests: [{name: a, given: {}, set: {'stops[0].twon': x}, expect: {fired: []}}]", false},
	{"tests: [{name: a, given: {}, set: {'stops[0]': {twon: x}}, expect: {fired: []}}]", false},
	{"tests: [{name: a, given: {}, set: [weight], expect: {fired: []}}]", false},
	{"tests: [{name: a, given: {}, unset: [weight, 'stops[0].town', route, inner.inner.weight], expect: {fired: []}}]", true},
	{"tests: [{name: a, given: {}, unset: [wieght], expect: {fired: []}}]", false},
	{"tests: [{name: a, given: {}, unset: weight, expect: {fired: []}}]", false},
	{"tests: [{name: a, given: {}, unset: [{weight: 1}], expect: {fired: []}}]", false},
	{"tests: [{name: a, given: {}, cases: [{name: b, expect: {fired: []}}]}]", true},
	{"tests: [{name: a, cases: [{name: b, given: {}, expect: {fired: []}}]}]", true},
	{"tests: [{name: a, given: {}, expect: {fired: []}, cases: []}]", false},
	{"tests: [{name: a, given: {}, expect: {fired: []}, cases: {name: b}}]", false},
	{"tests: [{name: a, given: {}, expect: {fired: []}, cases: [{set: {weight: 1}}]}]", false},
	{"tests: [{name: a, given: {}, expect: {fired: []}, cases: [{name: b, cases: [{name: c}]}]}]", false},
}

// besides are files of tests beside parcelFile.
var besides = []struct {
	text  string
	sound bool
}{
	{"version: 1\ntests: [{name: a, given: {}, expect: {fired: []}}]", true},
	{"version: 1\nfixtures: {f: {}}\ntests: [{name: a, base: f, expect: {fired: []}}]", true},
	{"tests: [{name: a, given: {}, expect: {fired: []}}]", false},
	{"version: 1\nfixtures: {f: {}}", false},
	{"version: 1\nevent: parcel\ntests: [{name: a, given: {}, expect: {fired: []}}]", false},
	{"version: 1\nhit: first\ntests: [{name: a, given: {}, expect: {fired: []}}]", false},
	{"version: 1\nvars: {}\ntests: [{name: a, given: {}, expect: {fired: []}}]", false},
	{"version: 1\ntests: {}", false},
	{"version: 2\ntests: []", false},
}

func TestSchemaAgreesWithParse(t *testing.T) {
	t.Parallel()
	schema, err := rules.Schema[Parcel, []parcelNote](parcelConfig())
	check := judge(t, schema, err)
	for _, shape := range shapes {
		text := shape.text
		if !strings.HasPrefix(text, "version:") {
			text = parcelFile + text
		}
		_, err := rules.Parse[Parcel, []parcelNote](parcelConfig(), "a.rules.yaml", []byte(text))
		assert.Equal(t, shape.sound, err == nil, "Parse: %s: %v", shape.text, err)
		err = check(text)
		assert.Equal(t, shape.sound, err == nil, "schema: %s: %v", shape.text, err)
	}
	for _, beside := range besides {
		_, err := rules.Parse[Parcel, []parcelNote](parcelConfig(), "a.rules.yaml", []byte(parcelFile), rules.TestFile{Name: "a_test.yaml", Data: []byte(beside.text)})
		assert.Equal(t, beside.sound, err == nil, "Parse beside: %s: %v", beside.text, err)
		err = check(beside.text)
		assert.Equal(t, beside.sound, err == nil, "schema beside: %s: %v", beside.text, err)
	}
}

// The schema also refuses what a test would fail for: values of a wrong type,
// and bounds.
func TestSchemaChecksPayloadsOfTests(t *testing.T) {
	t.Parallel()
	schema, err := rules.Schema[Parcel, []parcelNote](parcelConfig())
	check := judge(t, schema, err)
	for given, sound := range map[string]bool{
		"weight: 5": true, "weight: 6": false, "weight: 0": false, "weight: '3'": false, "weight: 2.5": false,
		"to: 5": false, "insured: yes please": false, "price: 1.5": true, "sent: 5": false, "tags: a": false,
		"stops: {town: x}": false, "stops: [x]": false, "route: x": false, "extra: {a: x}": false, "grid: [1]": false,
	} {
		assert.Equal(t, sound, check(parcelFile+"tests: [{name: a, given: {"+given+"}, expect: {fired: []}}]") == nil, given)
		assert.Equal(t, sound, check(parcelFile+"fixtures: {f: {"+given+"}}") == nil, given)
	}
	assert.Error(t, check(parcelFile+"tests: [{name: a, given: {}, set: {weight: 6}, expect: {fired: []}}]"))
	assert.Error(t, check(parcelFile+"tests: [{name: a, given: {}, set: {'stops[0].hours': soon}, expect: {fired: []}}]"))
}

func TestSchemaOfFilesOfThisPackage(t *testing.T) {
	t.Parallel()
	schema, err := rules.Schema[Form, []formMail](rules.Config{Functions: formFunctions()})
	check := judge(t, schema, err)
	data, err := os.ReadFile("testdata/sound.rules.yaml")
	require.NoError(t, err)
	assert.NoError(t, check(string(data)))
	assert.Error(t, check(strings.Replace(string(data), "version: 1", "version: 2", 1)))
}

// Hover help and completion live on these.
func TestSchemaTellsWhatThingsMean(t *testing.T) {
	t.Parallel()
	schema, err := rules.Schema[Parcel, []parcelNote](parcelConfig())
	require.NoError(t, err)
	text := string(schema)
	for _, want := range []string{"How heavy it is.", "The town.", "Who reads it.", `"title": "Rules for parcel"`, `"const": "parcel"`, "Exactly these follow"} {
		assert.Contains(t, text, want)
	}
	assert.True(t, strings.HasSuffix(text, "}\n"))
	again, err := rules.Schema[Parcel, []parcelNote](parcelConfig())
	require.NoError(t, err)
	assert.Equal(t, text, string(again))

	var root map[string]any
	require.NoError(t, json.Unmarshal(schema, &root))
	everyPropertyOf(t, root, "root")
	defs, _ := root["$defs"].(map[string]any)
	for _, name := range []string{"rule", "test", "case", "expect"} {
		def, _ := defs[name].(map[string]any)
		everyPropertyOf(t, def, name)
	}
}

func everyPropertyOf(t *testing.T, group map[string]any, of string) {
	t.Helper()
	properties, _ := group["properties"].(map[string]any)
	require.NotEmpty(t, properties, of)
	for name, p := range properties {
		property, _ := p.(map[string]any)
		assert.NotEmpty(t, property["description"], fmt.Sprintf("%s.%s", of, name))
	}
}

func TestSchemaOfOtherOutcomes(t *testing.T) {
	t.Parallel()
	file := func(then string) string {
		return "version: 1\nevent: any\nrules: [{name: a, when: true, then: " + then + "}]"
	}
	schema, err := rules.Schema[Parcel, rules.Text](rules.Config{})
	check := judge(t, schema, err)
	assert.NoError(t, check(file("'hello ${to}'")))
	assert.Error(t, check(file("[hello]")))
	assert.Error(t, check(file("5")))
	assert.Error(t, check("version: 1\nevent: ''\nrules: [{name: a, when: true, then: x}]"))
	assert.NoError(t, check(file("x")+"\ntests: [{name: a, given: {}, expect: {outcomes: [x]}}]"))

	schema, err = rules.Schema[Parcel, map[string]int](rules.Config{})
	check = judge(t, schema, err)
	assert.NoError(t, check(file("{a: 1}")))
	assert.Error(t, check(file("{a: x}")))

	_, err = rules.Schema[string, rules.Text](rules.Config{})
	assert.EqualError(t, err, "the input of rules is a struct, not string")
}
