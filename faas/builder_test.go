package faas_test

import (
	"context"
	"encoding/json"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// Whatever a builder does, the deployment fails with what it was, the trial as
// well, and the next source is built.
func TestBuilderFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		build     func(released <-chan struct{}) (body, error)
		want      string
		abandoned int
	}{
		"panic":          {func(<-chan struct{}) (body, error) { panic(secret) }, "crashed: it panicked", 0},
		"panic(nil)":     {func(<-chan struct{}) (body, error) { panic(nil) }, "crashed: it panicked", 0},
		"Goexit":         {func(<-chan struct{}) (body, error) { runtime.Goexit(); return nil, nil }, "crashed: it ended without returning", 0},
		"no function":    {func(<-chan struct{}) (body, error) { return nil, nil }, "the builder made no function", 0},
		"lines":          {func(<-chan struct{}) (body, error) { return nil, errors.New("f:1:2: a\nf:3:4: b") }, "f:1:2: a; f:3:4: b", 0},
		"both":           {func(<-chan struct{}) (body, error) { return say("x"), errors.New("no") }, "no", 0},
		"touchy":         {func(<-chan struct{}) (body, error) { return nil, touchy{} }, "(the error panics when asked for its text)", 0},
		"a nil pointer":  {func(<-chan struct{}) (body, error) { return nil, (*hollow)(nil) }, "(the error panics when asked for its text)", 0},
		"slow":           {func(<-chan struct{}) (body, error) { time.Sleep(faas.DefaultTimeout + 1); return say("x"), nil }, "timed out: longer than 30s: context deadline exceeded", 0},
		"for ever":       {func(released <-chan struct{}) (body, error) { <-released; return nil, nil }, "timed out: longer than 30s: context deadline exceeded", 1},
		"its own *Error": {func(<-chan struct{}) (body, error) { return nil, &faas.Error{Code: faas.CodeCanceled} }, "canceled", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				const times = 10
				released := make(chan struct{})
				rt := laboratory(t, built(func(_ string, source []byte) (body, error) {
					if string(source) == "faulty" {
						return c.build(released)
					}
					return echo("", source)
				}))
				id := create(t, rt, faas.Draft{Name: "f", Event: "tenfold", Source: "faulty"}).ID
				for range times {
					r, err := rt.Deploy(t.Context(), id)
					assert.EqualError(t, err, "event tenfold: function f: build failed: "+c.want)
					assert.Equal(t, faas.CodeBuildFailed, codeOf(t, err))
					assert.Equal(t, faas.StateBuildError, r.State)
					_, err = rt.Try(t.Context(), id, events.Envelope{})
					assert.EqualError(t, err, "event tenfold: function f: build failed: "+c.want)
				}
				assert.Equal(t, c.abandoned*times*2, rt.Abandoned())
				edited(t, rt, id, faas.Edit{Source: to("sound")})
				_, err := rt.Deploy(t.Context(), id)
				require.NoError(t, err)
				assert.Equal(t, []string{`f: "sound"`}, answers(t, rt, "tenfold"))
				close(released)
				synctest.Wait()
				assert.Zero(t, rt.Abandoned())
			})
		})
	}
}

func TestFaultsOfBuildersAndBoundsInAConfig(t *testing.T) {
	t.Parallel()
	impostor := events.Define[events.Object, any](events.Spec{ID: "single", Limit: 1})
	unknown := events.Define[events.Object, any](events.Spec{ID: "tenfoldd", Limit: 1})
	var missing *events.Kind[events.Object, any]
	_, err := faas.New(equipped(t, faas.Config{
		Timeouts:     map[string]time.Duration{"tenfold": 0, "single": -1, "none": time.Second},
		MaxAbandoned: -1, Concurrency: -1, Queue: 1, Observe: []faas.Observer{nil},
		Builders: []faas.Builder{
			{},
			faas.Build(missing, echo), faas.Build(impostor, echo), faas.Build(unknown, echo),
			faas.Build(tenfold, nil), faas.Build(single, echo), faas.Build(single, echo),
		},
	}))
	assert.EqualError(t, err, `timeout: unknown event "none"
timeout: -1ns for event single is not positive
timeout: 0s for event tenfold is not positive
abandoned: -1 is negative; zero is 100
concurrency: -1 invocations at a time and 1 in the queue: neither can be negative
observer 1: is nil
builder 1: the event's kind is nil
builder 2: the event's kind is nil
builder 3: the registry holds another kind single; use that one
builder 4: unknown event "tenfoldd"; did you mean tenfold?
builder 5: has no Go function; make it with Build and a function that is not nil
builder 7: event single has a builder already`)
}

// A builder may spoil the text that it gets.
func TestABuilderGetsASourceOfItsOwn(t *testing.T) {
	t.Parallel()
	rt := laboratory(t, built(func(name string, source []byte) (body, error) {
		text := name + " " + string(source)
		clear(source)
		return say(text), nil
	}))
	r := deployed(t, rt, faas.Draft{Name: "f", Source: "source"})
	assert.Equal(t, []string{`f: "f source"`}, answers(t, rt, "tenfold"))
	assert.Equal(t, "source", function(t, rt, r.ID).Source)
}

// Built functions have payloads of their own, as those in Go have.
func TestBuiltFunctionsDoNotDisturbOneAnother(t *testing.T) {
	t.Parallel()
	spoils := func(string, []byte) (body, error) {
		return func(_ context.Context, event object) (any, error) {
			seen, err := json.Marshal(event)
			event.Headers[0].Value = "changed"
			copy(event.Payload["k"], "!!")
			event.Payload["more"] = json.RawMessage(`1`)
			return string(seen), err
		}, nil
	}
	rt := laboratory(t, built(spoils))
	deployed(t, rt, faas.Draft{Name: "a"})
	deployed(t, rt, faas.Draft{Name: "b"})
	env := events.Envelope{Headers: []events.Header{{Key: "h", Value: "v"}}, Payload: []byte(`{"k": "v"}`)}
	results, err := rt.Invoke(t.Context(), "tenfold", env)
	require.NoError(t, err)
	assert.Equal(t, results[0].Value, results[1].Value)
	assert.Contains(t, string(results[0].Value), "v")
	assert.Equal(t, events.Envelope{Headers: []events.Header{{Key: "h", Value: "v"}}, Payload: []byte(`{"k": "v"}`)}, env)

	event := object{Headers: env.Headers, Payload: events.Object{"k": json.RawMessage(`"v"`)}}
	typed, err := faas.Invoke(t.Context(), rt, tenfold, event)
	require.NoError(t, err)
	assert.Equal(t, typed[0].Value, typed[1].Value)
	assert.Equal(t, object{Headers: []events.Header{{Key: "h", Value: "v"}}, Payload: events.Object{"k": json.RawMessage(`"v"`)}}, event)
}
