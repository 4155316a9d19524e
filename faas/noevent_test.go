package faas_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

type greeting struct {
	Name string `json:"name" validate:"required"`
}

func greet(_ context.Context, e events.Event[greeting]) (string, error) {
	return "Hello, " + e.Payload.Name, nil
}

// The ID of a function in Go depends on its name alone, and whoever takes the one
// for the other is told.
func TestNamesAreNoIDs(t *testing.T) {
	t.Parallel()
	const id = "9d10e62d-e8b3-54a8-abf1-f41b18396a36"
	for range 2 {
		rt, err := faas.New(faas.Config{Functions: []faas.Function{faas.NoEvent("greet", greet)}})
		require.NoError(t, err)
		assert.Equal(t, id, rt.Functions(faas.Filter{})[0].ID)
		_, err = rt.InvokeFunction(t.Context(), "greet", events.Envelope{})
		require.EqualError(t, err, `unknown function: "greet" is a function's name: give its ID, which is `+id)
		_, err = rt.InvokeFunction(t.Context(), "greeting", events.Envelope{})
		require.EqualError(t, err, `unknown function: there is no function "greeting"`)
	}
}

func TestNoEvent(t *testing.T) {
	t.Parallel()
	function := faas.NoEvent("greet", greet, faas.Description("Greets."))
	assert.Empty(t, function.Event())
	rt, err := faas.New(faas.Config{Functions: []faas.Function{function}})
	require.NoError(t, err)

	all := rt.Functions(faas.Filter{})
	require.Len(t, all, 1)
	r := all[0]
	assert.Equal(t, "greet", r.Name)
	assert.Empty(t, r.Event)
	assert.True(t, r.InGo)
	assert.Equal(t, faas.StateProductive, r.State)

	ann := events.Envelope{Payload: json.RawMessage(`{"name": "Ann"}`)}
	result, err := rt.InvokeFunction(t.Context(), r.ID, ann)
	require.NoError(t, err)
	assert.JSONEq(t, `"Hello, Ann"`, string(result.Value))
	trial, err := rt.Try(t.Context(), r.ID, ann)
	require.NoError(t, err)
	require.Nil(t, trial.Err)
	assert.JSONEq(t, `"Hello, Ann"`, string(trial.Result))

	// Its payload is checked as that of an event is.
	_, err = rt.InvokeFunction(t.Context(), r.ID, events.Envelope{})
	assert.Equal(t, faas.CodeBadInput, codeOf(t, err))
	assert.ErrorContains(t, err, "payload.name")

	// No event raises it.
	for _, event := range []string{"", "no_event"} {
		assert.False(t, rt.Implements(event))
		_, err = rt.Invoke(t.Context(), event, ann)
		assert.Equal(t, faas.CodeUnknownEvent, codeOf(t, err))
	}
}

func TestNoEventHasALifeAsOthersDo(t *testing.T) {
	t.Parallel()
	store := faas.NewMemory()
	config := faas.Config{Functions: []faas.Function{faas.NoEvent("greet", greet), faas.NoEvent("wave", greet)}, Store: store}
	rt, err := faas.New(config)
	require.NoError(t, err)
	id := rt.Functions(faas.Filter{Name: "greet"})[0].ID
	_, err = rt.Undeploy(t.Context(), id)
	require.NoError(t, err)
	ann := events.Envelope{Payload: json.RawMessage(`{"name": "Ann"}`)}
	_, err = rt.InvokeFunction(t.Context(), id, ann)
	assert.Equal(t, faas.CodeNotDeployed, codeOf(t, err))

	again, err := faas.New(config)
	require.NoError(t, err)
	r, err := again.Function(id)
	require.NoError(t, err)
	assert.Equal(t, faas.StateDraft, r.State, "it stays out of service")
	r, err = again.Deploy(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, faas.StateProductive, r.State)
	_, err = again.InvokeFunction(t.Context(), id, ann)
	require.NoError(t, err)
}

func TestNoEventIsRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		function faas.Function
		want     []string
	}{
		{"no function", faas.NoEvent[greeting, string]("greet", nil), []string{"has no Go function"}},
		{"skills", faas.NoEvent("greet", greet, faas.Skills("a")), []string{"let it name none"}},
		{
			"types without a JSON form, and skills",
			faas.NoEvent("greet", func(context.Context, events.Event[func()]) (chan int, error) { return nil, nil }, faas.Skills("a")),
			[]string{"payload", "result", "let it name none"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := faas.New(faas.Config{Functions: []faas.Function{test.function}})
			require.Error(t, err)
			for _, want := range test.want {
				assert.ErrorContains(t, err, want)
			}
		})
	}
}

func TestCreateWithoutAnEvent(t *testing.T) {
	t.Parallel()
	rt, err := faas.New(faas.Config{})
	require.NoError(t, err)
	_, err = rt.Create(t.Context(), faas.Draft{Name: "greet"})
	assert.Equal(t, faas.CodeInvalid, codeOf(t, err))
	assert.ErrorContains(t, err, "names no event")
}

func TestNoEventOnStoreOfOneWithEvent(t *testing.T) {
	t.Parallel()
	store := faas.NewMemory()
	_, err := faas.New(faas.Config{Store: store, Functions: []faas.Function{faas.NoEvent("greet", greet)}})
	require.NoError(t, err)
	_, err = faas.New(faas.Config{Store: store, Functions: []faas.Function{
		faas.On(events.ConversationalCommand, "greet", func(context.Context, events.Event[events.CommandCall]) (events.Reply, error) {
			return events.Reply{}, errors.New("not called")
		}),
	}})
	require.ErrorContains(t, err, "the store has another function of this name")
	assert.NotContains(t, err.Error(), "no_event")
}
