package events_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/internal/fields"
)

// judge gives a function that holds payloads against the schema of a kind.
func judge(t testing.TB, kind events.AnyKind) func(payload []byte) error {
	t.Helper()
	text, err := events.Schema(kind)
	require.NoError(t, err)
	var s jsonschema.Schema
	require.NoError(t, json.Unmarshal(text, &s))
	resolved, err := s.Resolve(nil)
	require.NoError(t, err)
	return func(payload []byte) error {
		var v any
		if err := json.Unmarshal(payload, &v); err != nil {
			return err
		}
		return resolved.Validate(v)
	}
}

func TestSchemaOfEveryKindTakesItsSample(t *testing.T) {
	t.Parallel()
	for kind := range events.Platform().All() {
		t.Run(kind.ID(), func(t *testing.T) {
			t.Parallel()
			env, err := events.DecodeEnvelope(kind.Sample())
			require.NoError(t, err)
			check := judge(t, kind)
			assert.NoError(t, check(env.Payload))
			assert.NoError(t, check([]byte(`{"grown": [1, {"by": null}]}`)), "the platform may grow")
			assert.Error(t, check([]byte(`[]`)))
			assert.NoError(t, check([]byte(`null`)), "is a payload without fields")
			text, err := events.Schema(kind)
			require.NoError(t, err)
			again, err := events.Schema(kind)
			require.NoError(t, err)
			assert.Equal(t, string(text), string(again))
			assert.True(t, strings.HasSuffix(string(text), "}\n"))
			assert.Contains(t, string(text), `"title": "`+kind.Name()+`"`)
		})
	}
}

// Every value of a sample is replaced by values of other types: the schema
// refuses what Decode refuses, and takes the rest.
func TestSchemaRefusesWhatDecodeRefuses(t *testing.T) {
	t.Parallel()
	others := []any{nil, true, "text", "17", 17.0, 1.5, -1.0, 0.0, []any{}, []any{1.0}, []any{nil}, map[string]any{}, map[string]any{"x": 1.0}}
	refused := 0
	for kind := range events.Platform().All() {
		env, err := events.DecodeEnvelope(kind.Sample())
		require.NoError(t, err)
		check := judge(t, kind)
		var sample any
		require.NoError(t, json.Unmarshal(env.Payload, &sample))
		mutate(sample, func(at string, put func(any)) {
			for _, other := range others {
				put(other)
				payload, err := json.Marshal(sample)
				require.NoError(t, err)
				_, decodeErr := kind.DecodeAny(events.Envelope{Payload: payload})
				schemaErr := check(payload)
				assert.Equal(t, decodeErr == nil, schemaErr == nil, "%s %s = %v: Decode says %v, the schema %v", kind.ID(), at, other, decodeErr, schemaErr)
				if decodeErr != nil {
					refused++
				}
			}
		})
	}
	assert.Greater(t, refused, 1000)
}

// mutate lends each place in v for changes, and puts back what was there.
func mutate(v any, use func(at string, put func(any))) {
	switch v := v.(type) {
	case map[string]any:
		for name, was := range v {
			use(name, func(other any) { v[name] = other })
			v[name] = was
			mutate(was, func(at string, put func(any)) { use(name+"."+at, put) })
		}
	case []any:
		for i, was := range v {
			use(fmt.Sprint(i), func(other any) { v[i] = other })
			v[i] = was
			mutate(was, func(at string, put func(any)) { use(fmt.Sprint(i)+"."+at, put) })
		}
	}
}

// A Checked is a payload with every validate tag that schemas know.
type Checked struct {
	Must     string         `json:"must,omitempty" validate:"required"`
	Between  int            `json:"between" validate:"min=2,max=5"`
	Perhaps  int            `json:"perhaps" validate:"omitempty,min=2,max=5"`
	Above    *float64       `json:"above" validate:"omitempty,gt=0,lt=10"`
	Below    float64        `json:"below" validate:"lte=0"`
	Pointer  *int           `json:"pointer" validate:"required,gte=1"`
	Word     string         `json:"word" validate:"omitempty,oneof=red green"`
	Colour   *string        `json:"colour" validate:"omitempty,oneof=red green"`
	Short    string         `json:"short" validate:"max=3"`
	Exact    string         `json:"exact" validate:"omitempty,len=2"`
	List     []string       `json:"list" validate:"max=2,dive,max=3"`
	Table    map[string]int `json:"table" validate:"omitempty,min=1,dive,max=9"`
	Group    CheckedGroup   `json:"group"`
	Maybe    *CheckedGroup  `json:"maybe"`
	Dived    []CheckedGroup `json:"dived" validate:"dive"`
	Undived  []CheckedGroup `json:"undived"`
	Small    *int8          `json:"small"`
	Unsigned *uint16        `json:"unsigned"`
	Text     *int           `json:"text,string"`
	When     time.Time      `json:"when,omitzero"`
	Raw      json.RawMessage
	Any      any               `json:"any"`
	Pointers []*string         `json:"pointers"`
	Numbers  map[string]*int   `json:"numbers"`
	Bytes    []byte            `json:"bytes"`
	IDs      []events.ID       `json:"ids"`
	Self     *Checked          `json:"self"`
	Twice    *int64            `json:"twice" wire:"or=double,text"`
	Nested   [][]events.Answer `json:"nested"`
}

// A CheckedGroup has a field that must be there.
type CheckedGroup struct {
	Name string `json:"name" validate:"required"`
}

const soundChecked = `{"must": "x", "between": 3, "pointer": 1, "group": {"name": "x"}}`

func TestSchemaKnowsValidateTags(t *testing.T) {
	t.Parallel()
	kind := events.Define[Checked, events.Ignored](events.Spec{ID: "checked", Limit: 1})
	require.NoError(t, kind.Err())
	check := judge(t, kind)
	var sound map[string]any
	require.NoError(t, json.Unmarshal([]byte(soundChecked), &sound))
	for _, field := range []string{
		`must=""`, `must="x"`, `must=null`, `must=-`, `between=-`, `between=null`, `between=1`, `between=2`, `between=5`, `between=6`, `between=2.5`, `between=3.0`,
		`perhaps=-`, `perhaps=0`, `perhaps=5`, `perhaps=6`, `above=0`, `above=0.1`, `above=9.9`, `above=10`, `above=null`,
		`below=-1`, `below=0`, `below=1`, `pointer=-`, `pointer=null`, `pointer=0`, `pointer=1`,
		`word=""`, `word="red"`, `word="blue"`, `word=null`, `colour="green"`, `colour="blue"`, `colour=null`, `short="äöü"`, `short="äöüß"`, `exact="ab"`, `exact="abc"`,
		`list=[]`, `list=["a","b"]`, `list=["a","b","c"]`, `list=["abcd"]`, `list=[null]`, `list="a"`, `table={}`, `table={"a":9}`, `table={"a":10}`, `table={"a":null}`, `table=null`,
		`group=-`, `group=null`, `group={}`, `group={"name":""}`, `group={"name":null}`, `maybe=null`, `maybe={}`, `maybe={"name":"x"}`,
		`dived=[{}]`, `dived=[{"name":"x"}]`, `dived=[null]`, `undived=[{}]`, `undived=[{"name":1}]`, `undived=[null]`,
		`small=127`, `small=128`, `small=-128`, `small=-129`, `unsigned=-1`, `unsigned=65535`, `unsigned=65536`, `text="17"`, `text=17`, `text="x"`, `text=" 17 "`, `text="1e1"`, `text=""`,
		`when="2026-01-31T18:00:00Z"`, `when=5`, `when=null`, `Raw={"a":[null]}`, `any=[null]`, `pointers=[null,"a"]`, `pointers=[1]`, `numbers={"a":null}`, `numbers={"a":"1"}`,
		`bytes="YQ=="`, `bytes=[1]`, `ids=[1,"2"]`, `ids=[true]`, `ids=[null]`, `self=` + soundChecked, `self={}`, `self=null`,
		`twice=1`, `double="1"`, `double=null`, `double=true`, `nested=[[{"answer":"x"}]]`, `nested=[[{"answer":1}]]`, `nested=[{}]`,
	} {
		name, value, _ := strings.Cut(field, "=")
		payload := map[string]any{}
		for key, v := range sound {
			payload[key] = v
		}
		delete(payload, name)
		if value != "-" {
			payload[name] = json.RawMessage(value)
		}
		text, err := json.Marshal(payload)
		require.NoError(t, err)
		_, decodeErr := kind.Decode(events.Envelope{Payload: text})
		schemaErr := check(text)
		assert.Equal(t, decodeErr == nil, schemaErr == nil, "%s: Decode says %v, the schema %v", field, decodeErr, schemaErr)
	}
}

func TestSchemaOfSwappedThresholdAndSpellings(t *testing.T) {
	t.Parallel()
	check := judge(t, events.MessagingConversationIdle)
	for payload, sound := range map[string]bool{
		`{"idle": {"convNotTakenTime": {"time": "minutes", "timeUnits": 30}}}`:   true,
		`{"idle": {"convNotTakenTime": {"time": 30, "timeUnits": "minutes"}}}`:   true,
		`{"idle": {"convNotTakenTime": {"time": "minutes"}}}`:                    false,
		`{"idle": {"convNotTakenTime": {"timeUnits": 30}}}`:                      false,
		`{"idle": {"convNotTakenTime": {"time": null, "timeUnits": null}}}`:      true,
		`{"idle": {"consumerNonResponsive": {"time": "soon"}}}`:                  false,
		`{"general": {"contextType": 5}}`:                                        false,
		`{"general": {"contextType": "SharkContext", "effectiveTTR": "17"}}`:     true,
		`{"general": {"effectiveTTR": "soon", "campaignInfo": null}}`:            false,
		`{"general": {"campaignInfo": {"id": 1, "engagementId": "2"}}}`:          true,
		`{"general": {"sessionId": true}}`:                                       false,
		`{"participantChange": {"oldParticipants": [null]}}`:                     false,
		`{"participantChange": {"oldParticipants": [{"id": null}, {"id": ""}]}}`: true,
	} {
		_, err := events.MessagingConversationIdle.Decode(events.Envelope{Payload: []byte(payload)})
		assert.Equal(t, sound, err == nil, "Decode: %s: %v", payload, err)
		err = check([]byte(payload))
		assert.Equal(t, sound, err == nil, "schema: %s: %v", payload, err)
	}
}

func TestSchemaOfFaultyKinds(t *testing.T) {
	t.Parallel()
	_, err := events.Schema(nil)
	assert.EqualError(t, err, "there is no kind to make a schema of")
	faulty := events.Define[events.PostSurvey, events.Ignored](events.Spec{ID: "a b", Limit: 1})
	_, err = events.Schema(faulty)
	assert.Equal(t, faulty.Err(), err)
	_, err = events.Schema(new(events.Kind[events.PostSurvey, events.Ignored]))
	assert.Error(t, err)
}

// Every field says what it means, and has an example in its tag or in the
// sample of a kind.
func TestEveryFieldIsDocumented(t *testing.T) {
	t.Parallel()
	w := documentation{T: t, exemplified: map[string]bool{}, open: map[reflect.Type]bool{}}
	for kind := range events.Platform().All() {
		env, err := events.DecodeEnvelope(kind.Sample())
		require.NoError(t, err)
		var sample any
		require.NoError(t, json.Unmarshal(env.Payload, &sample))
		w.walk(kind.PayloadType(), sample)
	}
	assert.Greater(t, len(w.exemplified), 100)
	var without []string
	for field, ok := range w.exemplified {
		if !ok {
			without = append(without, field)
		}
	}
	slices.Sort(without)
	assert.Equal(t, []string{
		// Requests of vendors, as they came.
		"BotFailure.dfV2request", "BotFailure.lexQuery", "BotFailure.msPayload", "BotFailure.watsonV1Payload", "BotFailure.watsonV2Payload",
	}, without)
}

// documentation finds the fields of types, and whether they have an example.
type documentation struct {
	*testing.T
	exemplified map[string]bool
	open        map[reflect.Type]bool
}

func (w documentation) walk(of reflect.Type, sample any) {
	w.Helper()
	for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
		if list, ok := sample.([]any); ok {
			sample = merged(list)
		}
		of = of.Elem()
	}
	if of.Kind() != reflect.Struct || w.open[of] {
		return
	}
	w.open[of] = true
	defer delete(w.open, of)
	group, _ := sample.(map[string]any)
	for _, f := range fields.Of(of) {
		at := of.Name() + "." + f.Name
		doc := f.Tag.Get("doc")
		assert.NotEmpty(w, doc, at)
		assert.LessOrEqual(w, len([]rune(doc)), 80, at)
		assert.True(w, strings.HasSuffix(doc, ".") && !strings.Contains(doc, ". "), "%s: one sentence, not %q", at, doc)
		_, tagged := f.Tag.Lookup("example")
		w.exemplified[at] = w.exemplified[at] || tagged || group[f.Name] != nil
		w.walk(f.Type, group[f.Name])
	}
}

// merged has the fields of all groups of a list.
func merged(list []any) any {
	all := map[string]any{}
	for _, item := range list {
		group, ok := item.(map[string]any)
		if !ok {
			return item
		}
		for name, value := range group {
			all[name] = value
		}
	}
	return all
}

func FuzzSchema(f *testing.F) {
	kinds := slices.Collect(events.Platform().All())
	checks := make([]func([]byte) error, len(kinds))
	for i, kind := range kinds {
		checks[i] = judge(f, kind)
		env, err := events.DecodeEnvelope(kind.Sample())
		require.NoError(f, err)
		f.Add([]byte(env.Payload))
	}
	f.Add([]byte(`null`))
	f.Add([]byte(`{"idle": {"convNotTakenTime": {"time": "minutes", "timeUnits": 3e1}}, "csatRank": -1.0}`))
	f.Fuzz(func(t *testing.T, payload []byte) {
		for i, kind := range kinds {
			if _, err := kind.DecodeAny(events.Envelope{Payload: payload}); err == nil && payload != nil {
				assert.NoError(t, checks[i](payload), "%s is decoded", kind.ID())
			}
		}
	})
}
