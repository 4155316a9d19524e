package yamlfile

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"
)

type address string

type Base struct {
	Shared string `json:"shared,omitempty"`
}

type Deep struct {
	Inner int `json:"inner,omitempty"`
}

type hidden struct {
	Unreachable int `json:"unreachable,omitempty"`
}

type mail struct {
	Base
	*Deep
	*hidden
	To       address           `json:"to"`
	Subject  string            `json:"subject"`
	Copies   []address         `json:"copies,omitempty"`
	Urgent   bool              `json:"urgent,omitzero"`
	Rank     *int8             `json:"rank"`
	Size     uint8             `json:"size,omitempty"`
	Weight   float32           `json:"weight,omitempty"`
	Headers  map[string]string `json:"headers,omitempty"`
	Parts    []part            `json:"parts,omitempty"`
	Others   []*part           `json:"others,omitempty"`
	Free     any               `json:"free,omitempty"`
	Callback func()            `json:"callback,omitempty"`
	Speaker  fmt.Stringer      `json:"speaker,omitempty"`
	Numbered map[int]string    `json:"numbered,omitempty"`
}

type part struct {
	Name string `json:"name"`
	Next *part  `json:"next"`
}

type loop *loop

// targets are types to decode into; the first is what the cases use unless
// their name begins with the name of another one.
func targets() []reflect.Type {
	return []reflect.Type{
		reflect.TypeFor[mail](),
		reflect.TypeFor[any](),
		reflect.TypeFor[[]mail](),
		reflect.TypeFor[map[string]any](),
		reflect.TypeFor[map[address]int](),
		reflect.TypeFor[[]int64](),
		reflect.TypeFor[[]float64](),
		reflect.TypeFor[string](),
		reflect.TypeFor[loop](),
		reflect.TypeFor[[3]int](),
		reflect.TypeFor[struct{}](),
		reflect.TypeFor[chan int](),
		reflect.TypeFor[time.Time](),
		reflect.TypeFor[[][]part](),
	}
}

func decode(t *testing.T, file string, to reflect.Type) (reflect.Value, []Problem) {
	t.Helper()
	f, problems := Parse([]byte(file), 0)
	into := reflect.New(to)
	d := Decoder{Report: func(n *yaml.Node, message string) {
		problems = append(problems, Problem{f.At(n), message})
	}}
	d.Decode(f.Root(), "then", into)
	slices.SortStableFunc(problems, func(a, b Problem) int { return a.Compare(b.Position) })
	return into.Elem(), problems
}

func TestDecodingReportsEveryProblem(t *testing.T) {
	checkCases(t, "decode.txt", func(t *testing.T, name, file string) []Problem {
		to := targets()[0]
		for _, other := range targets() {
			if strings.HasPrefix(name, other.String()+":") {
				to = other
			}
		}
		_, got := decode(t, file, to)
		return got
	})
}

func TestDecodingFillsAValue(t *testing.T) {
	v, problems := decode(t, `
shared: s
inner: 7
to: a@example.com
subject: "010"
copies: [b@example.com, 'c@example.com']
urgent: True
rank: -128
size: 255
weight: 1.5
headers: {a: b, "1": 2026-01-31}
parts: {name: one, next: {name: two}}
others: [{name: three}, {name: four}]
free: {text: yes, int: -0, big: 9007199254740993, float: 1e3, half: .5, bool: FALSE, list: [1, [], {}], day: 2026-01-31, 'no': "5", <: =}
`, reflect.TypeFor[mail]())
	require.Empty(t, problems)
	got := v.Interface().(mail)
	rank := int8(-128)
	assert.Equal(t, mail{
		Base: Base{"s"}, Deep: &Deep{7}, To: "a@example.com", Subject: "010",
		Copies: []address{"b@example.com", "c@example.com"}, Urgent: true, Rank: &rank, Size: 255, Weight: 1.5,
		Headers: map[string]string{"a": "b", "1": "2026-01-31"},
		Parts:   []part{{"one", &part{Name: "two"}}},
		Others:  []*part{{Name: "three"}, {Name: "four"}},
		Free: map[string]any{
			"text": "yes", "int": 0, "big": 9007199254740993, "float": 1000.0, "half": 0.5, "bool": false,
			"list": []any{1, []any{}, map[string]any{}}, "day": "2026-01-31", "no": "5", "<": "=",
		},
	}, got)
}

func TestNumbers(t *testing.T) {
	type numbers struct {
		I   int     `json:"i,omitempty"`
		I64 int64   `json:"i64,omitempty"`
		U   uint64  `json:"u,omitempty"`
		F   float64 `json:"f,omitempty"`
	}
	for text, want := range map[string]numbers{
		"i: +5":                     {I: 5},
		"i64: 9223372036854775807":  {I64: math.MaxInt64},
		"i64: -9223372036854775808": {I64: math.MinInt64},
		"u: 18446744073709551615":   {U: math.MaxUint64},
		"u: -0":                     {},
		"f: -5":                     {F: -5},
		"f: 5.":                     {F: 5},
		"f: 1e-3":                   {F: 0.001},
		"f: 99999999999999999999":   {F: 1e20},
	} {
		v, problems := decode(t, text, reflect.TypeFor[numbers]())
		assert.Empty(t, problems, text)
		assert.Equal(t, want, v.Interface(), text)
	}
	for text, want := range map[string]string{
		"i: 010":                    errDecimal.Error(),
		"i: 0x1F":                   errDecimal.Error(),
		"i: 1_000":                  errDecimal.Error(),
		"i: 1.0":                    errWhole.Error(),
		"i: true":                   errWhole.Error(),
		"i: [1]":                    errWhole.Error(),
		"i: '5'":                    errBare.Error(),
		"i64: 9223372036854775808":  "must be between -9223372036854775808 and 9223372036854775807",
		"i64: 99999999999999999999": "must be between -9223372036854775808 and 9223372036854775807",
		"u: -1":                     "must be between 0 and 18446744073709551615",
		"u: 1.5":                    errWhole.Error(),
		"f: 1_000.5":                errDecimal.Error(),
		"f: 0o17":                   errDecimal.Error(),
		"f: .inf":                   errNumber.Error(),
		"f: .nan":                   errNumber.Error(),
		"f: 1e400":                  errLarge.Error(),
		"f: '1.5'":                  errBare.Error(),
		"f: five":                   errNumber.Error(),
		"f: {}":                     errNumber.Error(),
		"f: true":                   errNumber.Error(),
	} {
		_, problems := decode(t, text, reflect.TypeFor[numbers]())
		field, _, _ := strings.Cut(text, ":")
		require.Len(t, problems, 1, text)
		assert.Equal(t, "then."+field+" "+want, problems[0].Message, text)
	}
}

func TestTextIsCalledForEveryText(t *testing.T) {
	f, problems := Parse([]byte("to: a\nsubject: b\ncopies: [c, d]\nheaders: {k: e}\nfree: no\nrank: 1\n"), 0)
	require.Empty(t, problems)
	var m mail
	var got []string
	d := Decoder{Text: func(n *yaml.Node, to reflect.Type) {
		got = append(got, n.Value+" "+to.String())
		if n.Value == "b" {
			assert.Equal(t, "b", m.Subject)
		}
	}}
	d.Decode(f.Root(), "then", reflect.ValueOf(&m))
	assert.Equal(t, []string{"a yamlfile.address", "b string", "c yamlfile.address", "d yamlfile.address", "e string"}, got)
}

func TestDecodeNeedsAPlace(t *testing.T) {
	f, _ := Parse([]byte("a"), 0)
	for _, into := range []reflect.Value{{}, reflect.ValueOf(""), reflect.ValueOf((*string)(nil))} {
		var got []string
		d := Decoder{Report: func(_ *yaml.Node, message string) { got = append(got, message) }}
		d.Decode(f.Root(), "then", into)
		assert.Equal(t, []string{"then cannot be kept: the program gives no place for it"}, got)
		(&Decoder{}).Decode(f.Root(), "then", into)
	}
}

func TestDecodingStrangeNodes(t *testing.T) {
	cycle := &yaml.Node{Kind: yaml.SequenceNode}
	cycle.Content = []*yaml.Node{cycle}
	for _, n := range []*yaml.Node{
		nil,
		{},
		{Kind: yaml.DocumentNode},
		{Kind: yaml.MappingNode, Content: []*yaml.Node{nil, nil, nil}},
		{Kind: yaml.MappingNode, Content: []*yaml.Node{{Kind: yaml.ScalarNode, Value: "free"}, nil}},
		{Kind: yaml.SequenceNode, Content: []*yaml.Node{nil}},
		cycle,
	} {
		for _, to := range targets() {
			problems := 0
			d := Decoder{Report: func(*yaml.Node, string) { problems++ }}
			d.Decode(n, "then", reflect.New(to))
			incomplete := n != nil && n.Kind == yaml.MappingNode && len(n.Content) > 2
			assert.True(t, problems > 0 || incomplete, "%v into %v", n, to)
		}
	}
}

// What decodes without a problem is what encoding/json makes of the same.
func TestDecodingAgreesWithJSON(t *testing.T) {
	for _, text := range []string{
		`{"to": "a", "subject": "b", "copies": ["c"], "urgent": true, "rank": 5, "headers": {"x": "y"}, "free": "text"}`,
		`{"to": "", "subject": " ", "weight": 2.5, "parts": [{"name": "n", "next": {"name": "m"}}], "inner": 3}`,
	} {
		var want mail
		require.NoError(t, json.Unmarshal([]byte(text), &want))
		v, problems := decode(t, text, reflect.TypeFor[mail]())
		assert.Empty(t, problems)
		assert.Equal(t, want, v.Interface())
	}
}
