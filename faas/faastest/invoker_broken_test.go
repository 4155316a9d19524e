package faastest

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

type results = []faas.Result[json.RawMessage]

// A spoiled invoker is sound but for one thing.
type spoiled struct {
	faas.Invoker
	implements func(event string, opts []faas.CallOption) bool
	invoke     func(ctx context.Context, event string, env events.Envelope, opts []faas.CallOption) (results, error)
}

func (s spoiled) Implements(event string, opts ...faas.CallOption) bool {
	if s.implements != nil {
		return s.implements(event, opts)
	}
	return s.Invoker.Implements(event, opts...)
}

func (s spoiled) Invoke(ctx context.Context, event string, env events.Envelope, opts ...faas.CallOption) (results, error) {
	if s.invoke != nil {
		return s.invoke(ctx, event, env, opts)
	}
	return s.Invoker.Invoke(ctx, event, env, opts...)
}

// Every check finds the invoker that is broken where it looks.
func TestInvokerFindsFaults(t *testing.T) {
	t.Parallel()
	// edited spoils what a sound invoker gives.
	edited := func(edit func(results, error) (results, error)) func(faas.Invoker) spoiled {
		return func(in faas.Invoker) spoiled {
			return spoiled{Invoker: in, invoke: func(ctx context.Context, event string, env events.Envelope, opts []faas.CallOption) (results, error) {
				return edit(in.Invoke(ctx, event, env, opts...))
			}}
		}
	}
	each := func(edit func(*faas.Result[json.RawMessage])) func(faas.Invoker) spoiled {
		return edited(func(r results, err error) (results, error) {
			for i := range r {
				edit(&r[i])
			}
			return r, err
		})
	}
	always := func(code faas.Code) func(faas.Invoker) spoiled {
		return edited(func(_ results, err error) (results, error) {
			if err == nil {
				return nil, nil
			}
			return nil, &faas.Error{Code: code}
		})
	}
	failures := []string{
		"nothing is connected", "heeds skills", "refuses bad input", "ends with the first failure", "contains a panic",
		"refuses a bad result", "heeds the caller's context",
	}
	for name, c := range map[string]struct {
		spoil func(faas.Invoker) spoiled
		found []string
	}{
		"other errors": {edited(func(r results, err error) (results, error) {
			if err != nil {
				err = errors.New("some error")
			}
			return r, err
		}), failures},
		"other codes":   {always(faas.CodeStore), failures},
		"no errors":     {edited(func(r results, _ error) (results, error) { return r, nil }), failures},
		"a code of one": {always(faas.CodeFailed), []string{"nothing is connected", "heeds skills", "refuses bad input", "contains a panic", "ends with the first failure"}},
		"results beside errors": {edited(func(r results, err error) (results, error) {
			if err != nil {
				r = make(results, 1)
			}
			return r, err
		}), failures},
		"other order": {edited(func(r results, err error) (results, error) {
			slices.Reverse(r)
			return r, err
		}), []string{"gives results in order"}},
		"no results":   {edited(func(_ results, err error) (results, error) { return nil, err }), []string{"gives results in order", "heeds skills", "hands the event over", "runs many at once"}},
		"one ID":       {each(func(r *faas.Result[json.RawMessage]) { r.ID = "1" }), []string{"gives results in order"}},
		"other IDs":    {each(func(r *faas.Result[json.RawMessage]) { r.ID += time.Now().String() }), []string{"gives results in order"}},
		"no name":      {each(func(r *faas.Result[json.RawMessage]) { r.Function = "" }), []string{"gives results in order", "heeds skills"}},
		"no time":      {each(func(r *faas.Result[json.RawMessage]) { r.Timestamp = time.Time{} }), []string{"gives results in order"}},
		"other values": {each(func(r *faas.Result[json.RawMessage]) { r.Value = []byte("1") }), []string{"gives results in order", "hands the event over", "runs many at once"}},
		"no options": {func(in faas.Invoker) spoiled {
			return spoiled{Invoker: in, invoke: func(ctx context.Context, event string, env events.Envelope, _ []faas.CallOption) (results, error) {
				return in.Invoke(ctx, event, env)
			}}
		}, []string{"heeds skills", "hands the event over"}},
		"no context": {func(in faas.Invoker) spoiled {
			return spoiled{Invoker: in, invoke: func(_ context.Context, event string, env events.Envelope, opts []faas.CallOption) (results, error) {
				ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
				defer cancel()
				r, err := in.Invoke(ctx, event, env, opts...)
				if err != nil && ctx.Err() != nil {
					return r, nil
				}
				return r, err
			}}
		}, []string{"heeds the caller's context"}},
		"no envelope": {func(in faas.Invoker) spoiled {
			return spoiled{Invoker: in, invoke: func(ctx context.Context, event string, env events.Envelope, opts []faas.CallOption) (results, error) {
				return in.Invoke(ctx, event, events.Envelope{Payload: env.Payload}, opts...)
			}}
		}, []string{"hands the event over"}},
		"spoils the payload": {func(in faas.Invoker) spoiled {
			return spoiled{Invoker: in, invoke: func(ctx context.Context, event string, env events.Envelope, opts []faas.CallOption) (results, error) {
				r, err := in.Invoke(ctx, event, env, opts...)
				clear(env.Payload)
				return r, err
			}}
		}, []string{"hands the event over"}},
		"implements all": {func(in faas.Invoker) spoiled {
			return spoiled{Invoker: in, implements: func(string, []faas.CallOption) bool { return true }}
		}, []string{"nothing is connected", "heeds skills"}},
		"implements nothing": {func(in faas.Invoker) spoiled {
			return spoiled{Invoker: in, implements: func(string, []faas.CallOption) bool { return false }}
		}, []string{"gives results in order", "heeds skills"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, check := range invokerChecks() {
				functions, run := check.make()
				rt, err := faas.New(faas.Config{Functions: functions})
				require.NoError(t, err)
				if slices.Contains(c.found, check.name) {
					assert.Error(t, run(t.Context(), c.spoil(rt)), check.name)
				}
			}
		})
	}
}
