package events_test

import (
	"encoding/json"
	"io"
	"net/netip"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
)

func define[P any]() *events.Kind[P, events.Ignored] {
	return events.Define[P, events.Ignored](events.Spec{ID: "own", Limit: 1})
}

func decode[P any](t *testing.T, wire string) (P, error) {
	t.Helper()
	kind := define[P]()
	require.NoError(t, kind.Err())
	event, err := kind.Decode(events.Envelope{Payload: []byte(wire)})
	return event.Payload, err
}

type deepFault struct {
	Many []map[string]*struct {
		Hidden bool `json:"hidden,omitzero"`
	} `json:"many"`
}

func TestFaultsOfTypesAreKept(t *testing.T) {
	type rank int
	type embedded struct {
		Flag bool `json:"flag,omitempty"`
	}
	for name, c := range map[string]struct {
		kind events.AnyKind
		want []string
	}{
		"number": {define[struct {
			N int `json:"n,omitempty"`
		}](), []string{"n: omitempty would make 0 absent; use a pointer, or drop the option"}},
		"named": {define[struct {
			N rank `json:"n,omitzero"`
		}](), []string{"n: omitzero would make 0 absent"}},
		"float": {define[struct {
			N float32 `json:"n,omitzero"`
		}](), []string{"n: omitzero would make 0 absent"}},
		"boolean": {define[struct{ embedded }](), []string{"flag: omitempty would make false absent"}},
		"nested":  {define[deepFault](), []string{"hidden: omitzero would make false absent"}},
		"option": {define[struct {
			T string `json:"t,inline"`
		}](), []string{"t: the JSON tag's option is not supported"}},
		"text": {define[struct {
			T string `json:"t,string"`
		}](), []string{"t: only a number may come as text"}},
		"wire": {define[struct {
			T string `json:"t" wire:"maybe"`
		}](), []string{`t: the tag "wire" takes or=NAME and text`}},
		"spelling": {define[struct {
			A string `json:"a" wire:"or=b"`
			B string `json:"b"`
		}](), []string{"b: two fields have this name"}},
		"channel":   {define[struct{ C chan int }](), []string{"chan int: has no JSON form"}},
		"interface": {define[struct{ R io.Reader }](), []string{"io.Reader: an interface with methods cannot be decoded"}},
		"no rule": {define[struct {
			A []struct {
				B string `validate:"nosuchrule"`
			}
		}](), []string{"validate tag: ", "nosuchrule"}},
		"bad rule": {define[struct {
			A *struct {
				B bool `validate:"min=3"`
			}
		}](), []string{"validate tag: "}},
		"result": {events.Define[struct{}, deepFault](events.Spec{ID: "own", Limit: 1}), []string{`kind "own": result struct`, "hidden: omitzero"}},
	} {
		t.Run(name, func(t *testing.T) {
			err := c.kind.Err()
			require.Error(t, err)
			for _, want := range c.want {
				assert.ErrorContains(t, err, want)
			}
			_, decodeErr := c.kind.DecodeAny(events.Envelope{})
			assert.Equal(t, err, decodeErr)
			_, encodeErr := c.kind.EncodeAnyResult(nil)
			assert.Equal(t, err, encodeErr)
			_, registryErr := events.NewRegistry(c.kind)
			assert.EqualError(t, registryErr, err.Error())
		})
	}
}

func TestAFaultyKindNeitherEncodesNorDecodes(t *testing.T) {
	broken := define[deepFault]()
	_, err := broken.EncodePayload(deepFault{})
	assert.Equal(t, broken.Err(), err)
	_, err = broken.DecodeResult(nil)
	assert.Equal(t, broken.Err(), err)
}

func TestFaultsOfSpecsAreKept(t *testing.T) {
	kind := events.Define[struct {
		A bool `json:"a,omitzero"`
	}, struct {
		B int `json:"b,omitzero"`
	}](events.Spec{ID: "no spaces", Limit: -1})
	lines := strings.Split(kind.Err().Error(), "\n")
	require.Len(t, lines, 4, kind.Err())
	for _, line := range lines {
		assert.True(t, strings.HasPrefix(line, `kind "no spaces": `), line)
	}
	for _, id := range []string{"", "ä", "a/b", strings.Repeat("x", 101)} {
		assert.Error(t, events.Define[struct{}, struct{}](events.Spec{ID: id, Limit: 1}).Err(), id)
	}
	withSample := func(sample string) error {
		return events.Define[struct{ A int }, struct{}](events.Spec{ID: "own", Limit: 1, Sample: []byte(sample)}).Err()
	}
	assert.NoError(t, withSample(`{}`))
	assert.EqualError(t, withSample(`{`), `kind "own": sample: ends too early, at byte 1`)
	assert.EqualError(t, withSample(`{"payload":{"A":"x"}}`), `kind "own": sample: payload.A: must be a whole number, not text`)
}

func TestAKindTellsItsSpec(t *testing.T) {
	sample := []byte(`{}`)
	kind := events.Define[struct{}, events.Ignored](events.Spec{ID: "own", Description: "d", Source: "s", Limit: 3, Skills: true, Sample: sample})
	sample[0] = 'x'
	kind.Sample()[0] = 'x'
	assert.Equal(t, `{}`, string(kind.Sample()))
	assert.Equal(t, []any{"own", "own", "d", "s", 3, true}, []any{kind.ID(), kind.Name(), kind.Description(), kind.Source(), kind.Limit(), kind.Skills()})
	assert.Equal(t, reflect.TypeFor[struct{}](), kind.PayloadType())
	assert.Equal(t, reflect.TypeFor[events.Ignored](), kind.ResultType())
	require.NoError(t, kind.Err())
	_, err := kind.EncodeAnyResult(4)
	assert.EqualError(t, err, "event own: the result is a int; return a events.Ignored")
	data, err := kind.EncodeAnyResult(nil)
	require.NoError(t, err)
	assert.Equal(t, `"ok"`, string(data))
}

// everything holds a field of every sort that a type of one's own may have.
type everything struct {
	base
	*Shared
	Any      any             `json:"any"`
	Raw      json.RawMessage `json:"raw"`
	Table    map[string]int  `json:"table"`
	ByNumber map[int]string  `json:"byNumber"`
	Bytes    []byte          `json:"bytes"`
	Array    [2]int          `json:"array"`
	When     time.Time       `json:"when"`
	Addr     netip.Addr      `json:"addr"`
	Small    int8            `json:"small"`
	Tiny     uint8           `json:"tiny"`
	Half     float32         `json:"half"`
	Yes      bool            `json:"yes"`
	Pointers []*string       `json:"pointers"`
	Next     *everything     `json:"next,omitzero"`
	Plain    string
	Count    *uint             `json:"count,string"`
	Raws     []json.RawMessage `json:"raws"`
	Hidden   string            `json:"-"`
}

type base struct {
	FromBase string `json:"fromBase" validate:"max=3"`
}

// Shared is exported so that its embedding may be made by a decoder.
type Shared struct {
	FromShared string `json:"fromShared"`
}

func TestTypesOfOnesOwn(t *testing.T) {
	got, err := decode[everything](t, `{"fromBase":"b","fromShared":"s","any":{"a":[1]},"raw":[1, 2],"table":{"a":1},"byNumber":{"1":"x"},"bytes":"AQI=",
		"array":[1,2],"when":"2026-01-02T03:04:05Z","addr":"192.0.2.1","small":-128,"tiny":255,"half":0.5,"yes":true,"pointers":["a",null],
		"next":{"Plain":"p","next":{}},"Plain":"q","plain":"not this one","Hidden":"nor this","count":"7","raws":[null,{}]}`)
	require.NoError(t, err)
	a, seven := "a", uint(7)
	assert.Equal(t, everything{
		base: base{"b"}, Shared: &Shared{"s"}, Any: map[string]any{"a": []any{1.0}}, Raw: json.RawMessage(`[1,2]`), Table: map[string]int{"a": 1},
		ByNumber: map[int]string{1: "x"}, Bytes: []byte{1, 2}, Array: [2]int{1, 2}, When: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		Addr: netip.MustParseAddr("192.0.2.1"), Small: -128, Tiny: 255, Half: 0.5, Yes: true, Pointers: []*string{&a, nil},
		Next: &everything{Plain: "p", Next: &everything{}}, Plain: "q", Count: &seven, Raws: []json.RawMessage{json.RawMessage(`null`), json.RawMessage(`{}`)},
	}, got)
	data, err := define[everything]().EncodePayload(got)
	require.NoError(t, err)
	again, err := decode[everything](t, string(data))
	require.NoError(t, err)
	assert.Equal(t, got, again)

	_, err = decode[everything](t, `{"fromBase":"secret","fromShared":9,"any":{"s":1,"s":2},"raw":{"s":1,"s":2},"table":{"secret":"secret","b":null,"b":1},"byNumber":{"secret":"x"},
		"bytes":"*","array":[1,2,3],"when":"secret","addr":"secret","small":128,"tiny":-1,"half":1e39,"yes":0,"pointers":[1],"next":{"next":[]},"Plain":null,"count":"-7","raws":{}}`)
	assert.EqualError(t, err, `payload.fromBase: must be at most 3 characters long
payload.fromShared: must be text, not a number
payload.any: holds a key twice
payload.raw: holds a key twice
payload.table: must be a whole number, not text
payload.table: must not be null
payload.table: holds a key twice
payload.byNumber: is not a valid map[int]string
payload.bytes: is not a valid []uint8
payload.array: is not a valid [2]int
payload.when: is not a valid time.Time
payload.addr: is not a valid netip.Addr
payload.small: is a number too large for this field
payload.tiny: must not be negative
payload.half: is a number too large for this field
payload.yes: must be a boolean, not a number
payload.pointers[0]: must be text, not a number
payload.next.next: must be an object, not a list
payload.count: must not be negative
payload.raws: must be a list, not an object`)
	_, err = decode[everything](t, `{"tiny":256,"count":"x","addr":1,"table":[]}`)
	assert.EqualError(t, err, `payload.tiny: is a number too large for this field
payload.count: must be a whole number, or its digits as text
payload.addr: is not a valid netip.Addr
payload.table: must be an object, not a list`)
}

type ruled struct {
	base
	Texts []string          `json:"texts" validate:"dive,len=2"`
	Kids  []kid             `json:"kids" validate:"dive"`
	Named map[string]kid    `json:"named" validate:"dive"`
	Kid   *kid              `json:"kid"`
	Count int               `json:"count" validate:"gt=1,lt=5"`
	Tags  map[string]string `json:"tags" validate:"max=1"`
	Mail  string            `json:"mail" validate:"omitempty,email"`
	Link  string            `json:"link" validate:"omitempty,url"`
	Start string            `json:"start" validate:"omitempty,startswith=x"`
	Other string            `json:"other" validate:"required_if=Mail secret"`
}

type kid struct {
	Name string `json:"name" validate:"required"`
}

func TestRulesSpeakOfFieldsAndNeverOfValues(t *testing.T) {
	_, err := decode[ruled](t, `{"fromBase":"secret","texts":["ab","secret"],"kids":[{"name":"a"},{}],"named":{"sec.ret[1]":{}},"kid":{},
		"count":1,"tags":{"secret":"1","secret2":"2"},"mail":"secret","link":"secret","start":"secret"}`)
	assert.EqualError(t, err, `payload.other: is missing, and required here (required_if=Mail secret)
payload.fromBase: must be at most 3 characters long
payload.texts[1]: must be exactly 2 characters long
payload.kids[1].name: is missing
payload.named: is missing
payload.kid.name: is missing
payload.count: must be more than 1
payload.tags: must be at most 1 items long
payload.mail: must be an e-mail address
payload.link: breaks the rule url
payload.start: breaks the rule startswith=x`)
	_, err = decode[ruled](t, `{"count":5,"kids":[{"name":3},null]}`)
	assert.EqualError(t, err, "payload.count: must be less than 5\npayload.kids[0].name: must be text, not a number\npayload.kids[1]: must not be null")
	_, err = decode[[]kid](t, `[{"name":"a"},{}]`)
	assert.EqualError(t, err, "payload[1].name: is missing")
	_, err = decode[map[string]kid](t, `{"secret":{}}`)
	assert.EqualError(t, err, "payload: is missing")
	_, err = decode[*kid](t, `{}`)
	assert.EqualError(t, err, "payload.name: is missing")
	none, err := decode[*kid](t, `null`)
	require.NoError(t, err)
	assert.Nil(t, none)
}

func TestARegistry(t *testing.T) {
	own := define[struct{}]()
	registry, err := events.Platform().With(own)
	require.NoError(t, err)
	var ids []string
	for kind := range registry.All() {
		ids = append(ids, kind.ID())
	}
	assert.Equal(t, []string{
		"denver_post_survey_email_transcript", "controllerbot_messaging_new_conversation", "controllerbot_messaging_participants_change",
		"controllerbot_messaging_ttr", "controllerbot_messaging_conversation_idle", "controllerbot_messaging_conversation_routing",
		"controllerbot_messaging_mid_conversation_msg", "controllerbot_messaging_conversation_end", "surveybot_messaging_survey_started",
		"surveybot_messaging_survey_ended", "conversational_command", "bot_connectors_custom_integration", "bot_connectors_pre_hook",
		"bot_connectors_post_hook", "bot_connectors_error_hook", "own",
	}, ids)
	for range registry.All() {
		break
	}
	found, ok := registry.Kind("own")
	assert.True(t, ok)
	assert.Same(t, own, found)
	_, ok = events.Platform().Kind("own")
	assert.False(t, ok, "the platform's registry stays as it is")

	_, err = registry.Lookup("own")
	require.NoError(t, err)
	_, err = registry.Lookup("controlerbot_messaging_ttr")
	assert.EqualError(t, err, `unknown event "controlerbot_messaging_ttr"; did you mean controllerbot_messaging_ttr?`)
	var unknown *events.UnknownEventError
	require.ErrorAs(t, err, &unknown)
	assert.Equal(t, "controllerbot_messaging_ttr", unknown.Suggestion)
	_, err = registry.Lookup(strings.Repeat("ä\n", 1000))
	assert.ErrorContains(t, err, `unknown event "ä\n`)
	assert.Less(t, len(err.Error()), 400)

	_, err = registry.With(own, define[deepFault](), nil, events.MessagingTTR)
	lines := strings.Split(err.Error(), "\n")
	require.Len(t, lines, 5, err)
	assert.Equal(t, `kind "own": another kind has this ID; give each its own`, lines[0])
	assert.Contains(t, lines[1], "hidden: omitzero would make false absent")
	assert.Equal(t, "kind 19 of 20 is nil", lines[3])
	assert.Contains(t, lines[4], `kind "controllerbot_messaging_ttr": another kind`)

	var zero events.Registry
	_, err = zero.Lookup("own")
	assert.EqualError(t, err, `unknown event "own"`)
}

type loop []loop

func TestTypesThatHoldThemselves(t *testing.T) {
	type holder struct {
		Loop loop   `json:"loop"`
		Name string `json:"name" validate:"max=1"`
	}
	got, err := decode[holder](t, `{"loop":[[],[[]]]}`)
	require.NoError(t, err)
	assert.Equal(t, holder{Loop: loop{nil, loop{nil}}}, got)
	_, err = decode[holder](t, `{"loop":[[],[[1]]]}`)
	assert.EqualError(t, err, "payload.loop[1][0][0]: must be a list, not a number")
}

func TestKindsNotMadeByDefine(t *testing.T) {
	var none *events.Kind[kid, kid]
	_, err := events.NewRegistry(&events.Kind[kid, kid]{}, none)
	assert.EqualError(t, err, "a kind was not made by Define\nkind 2 of 2 is nil")
	_, err = none.Decode(events.Envelope{})
	assert.EqualError(t, err, "a kind was not made by Define")
}

func TestAGroupThatHoldsAWrongFieldIsNotMissing(t *testing.T) {
	type group struct {
		Kid *kid `json:"kid" validate:"required"`
	}
	_, err := decode[group](t, `{"kid":{"name":1}}`)
	assert.EqualError(t, err, "payload.kid.name: must be text, not a number")
	_, err = decode[group](t, `{}`)
	assert.EqualError(t, err, "payload.kid: is missing")
}

func TestAKindMayBeSharedByGoroutines(t *testing.T) {
	kind := define[everything]()
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			_, err := kind.Decode(events.Envelope{Payload: []byte(`{"next":{"Plain":"p"},"fromBase":"b"}`)})
			assert.NoError(t, err)
			_, err = kind.Decode(events.Envelope{Payload: []byte(`{"next":{"Plain":1},"fromBase":"long"}`)})
			assert.Error(t, err)
		})
	}
	group.Wait()
}
