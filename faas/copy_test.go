package faas_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

type (
	base  struct{ Shared *string }
	named *string
	leaf  struct{ Texts []string }

	// everything has a field of each sort that refers to something.
	everything struct {
		base
		Pointer *leaf
		Named   named
		List    []leaf
		Raw     json.RawMessage
		Array   [2][]int
		Map     map[string]*leaf
		Flat    map[string]int
		Any     any
		Anys    []any
		When    time.Time
		Nothing *leaf
		hidden  *leaf
	}
	node struct {
		Next *node
		Any  any
		List []node
		Map  map[string]node
	}
)

func newEverything() everything {
	text, other := "a", "b"
	return everything{
		base: base{Shared: &text}, Pointer: &leaf{Texts: []string{"c"}}, Named: &other,
		List: []leaf{{Texts: []string{"d"}}}, Raw: json.RawMessage(`1`), Array: [2][]int{{1}, nil},
		Map:  map[string]*leaf{"k": {Texts: []string{"e"}}, "nil": nil},
		Flat: map[string]int{"k": 1},
		Any:  map[string]any{"k": []any{"f"}}, Anys: []any{&leaf{Texts: []string{"g"}}, nil, leaf{Texts: []string{"h"}}, 1},
		When: time.Unix(0, 0).UTC(),
	}
}

// wreck changes all that an everything refers to.
func (e everything) wreck() {
	*e.Shared = "!"
	e.Pointer.Texts[0] = "!"
	*e.Named = "!"
	e.List[0].Texts[0] = "!"
	e.Raw[0] = '!'
	e.Array[0][0] = -1
	e.Map["k"].Texts[0] = "!"
	e.Map["new"] = nil
	e.Flat["k"] = -1
	e.Any.(map[string]any)["k"].([]any)[0] = "!"
	e.Anys[0].(*leaf).Texts[0] = "!"
	e.Anys[2].(leaf).Texts[0] = "!"
	e.Anys[1] = "!"
}

// copies invokes a function with a payload, and gives what it got.
func copies[P any](t *testing.T, payload P, do func(P)) (P, error) {
	t.Helper()
	kind := events.Define[P, events.Ignored](events.Spec{ID: "own", Limit: 1})
	registry := &events.Registry{}
	registry, err := registry.With(kind)
	require.NoError(t, err)
	var got P
	rt, err := faas.New(faas.Config{Registry: registry, Functions: []faas.Function{
		faas.On(kind, "f", func(_ context.Context, event events.Event[P]) (events.Ignored, error) {
			got = event.Payload
			if do != nil {
				do(event.Payload)
			}
			return events.Ignored{}, nil
		}),
	}})
	require.NoError(t, err)
	_, err = faas.Invoke(t.Context(), rt, kind, events.Event[P]{Payload: payload})
	return got, err
}

func TestACopyIsEqualAndApart(t *testing.T) {
	t.Parallel()
	payload := newEverything()
	got, err := copies(t, payload, nil)
	require.NoError(t, err)
	assert.Equal(t, newEverything(), got)
	_, err = copies(t, payload, everything.wreck)
	require.NoError(t, err)
	assert.Equal(t, newEverything(), payload)

	// What is behind unexported fields is shared, as the comment of Invoke says.
	payload.hidden = &leaf{}
	got, err = copies(t, payload, nil)
	require.NoError(t, err)
	assert.Same(t, payload.hidden, got.hidden)
}

func TestCopiesOfEveryPlatformSample(t *testing.T) {
	t.Parallel()
	assertCopy(t, events.ChatPostSurveyEmailTranscript)
	assertCopy(t, events.MessagingConversationIdle)
	assertCopy(t, events.MessagingSurveyEnded)
	assertCopy(t, events.ConversationalCommand)
	assertCopy(t, events.ThirdPartyBotsCustomIntegration)
	assertCopy(t, events.ThirdPartyBotsPreHook)
	assertCopy(t, events.ThirdPartyBotsErrorHook)
}

func assertCopy[P, R any](t *testing.T, kind *events.Kind[P, R]) {
	t.Helper()
	env, err := events.DecodeEnvelope(kind.Sample())
	require.NoError(t, err)
	event, err := kind.Decode(env)
	require.NoError(t, err)
	var got events.Event[P]
	rt := newRuntime(t, faas.On(kind, "f", func(_ context.Context, event events.Event[P]) (result R, err error) {
		got = event
		return result, nil
	}))
	_, err = faas.Invoke(t.Context(), rt, kind, event)
	require.NoError(t, err)
	assert.Equal(t, event, got)
}

func TestPayloadsThatContainThemselves(t *testing.T) {
	t.Parallel()
	byPointer := &node{}
	byPointer.Next = byPointer
	byAny := map[string]any{}
	byAny["k"] = []any{byAny}
	byList := make([]node, 1)
	byList[0].List = byList
	byMap := map[string]node{}
	byMap["k"] = node{Map: byMap}
	for name, payload := range map[string]node{
		"pointer": {Next: byPointer}, "any": {Any: byAny}, "list": {List: byList}, "map": {Map: byMap},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := copies(t, payload, func(node) { t.Error("ran") })
			assert.Equal(t, faas.CodeBadInput, failed(t, err).Code)
			require.ErrorIs(t, err, events.ErrTooDeep)
			assert.EqualError(t, err, "event own: bad input: nested deeper than 64 levels")
		})
	}
	_, err := copies(t, [1]node{{Next: byPointer}}, nil)
	assert.ErrorIs(t, err, events.ErrTooDeep)
}

// Levels count as JSON has them.
func TestTheDepthOfACopy(t *testing.T) {
	t.Parallel()
	nested := func(levels int) any {
		var v any = "bottom"
		for range levels {
			v = []any{v}
		}
		return v
	}
	_, err := copies(t, node{Any: nested(events.MaxDepth)}, nil)
	require.NoError(t, err)
	_, err = copies(t, node{Any: nested(events.MaxDepth + 1)}, nil)
	assert.ErrorIs(t, err, events.ErrTooDeep)
}
