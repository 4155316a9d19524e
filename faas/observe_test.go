package faas_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

type traced struct{ of int }

// Observers are told of a run one after the other, and of its end the other way
// round; each adds to the context of the one before.
func TestObserversSurroundARun(t *testing.T) {
	t.Parallel()
	var told []string
	tells := func(n int) faas.Observer {
		return func(ctx context.Context, run faas.Run) (context.Context, func(faas.End)) {
			told = append(told, fmt.Sprint("begin ", n, ctx.Value(traced{n - 1})))
			return context.WithValue(ctx, traced{n}, n), func(end faas.End) { told = append(told, fmt.Sprint("end ", n)) }
		}
	}
	silent := func(context.Context, faas.Run) (context.Context, func(faas.End)) { return nil, nil }
	observers := []faas.Observer{tells(1), tells(2), silent, tells(3)}
	rt, id, do := moody(t, faas.Config{Observe: observers})
	observers[0] = nil // the list is the caller's
	do.set(func(ctx context.Context) (any, error) {
		told = append(told, fmt.Sprint("run", ctx.Value(traced{1}), ctx.Value(traced{2}), ctx.Value(traced{3})))
		return nil, nil
	})
	for name, invoke := range invokers(rt, id) {
		told = nil
		require.NoError(t, invoke(t.Context()), name)
		assert.Equal(t, []string{"begin 1 <nil>", "begin 2 1", "begin 3 2", "run1 2 3", "end 3", "end 2", "end 1"}, told, name)
	}
}

// What is told of a run and of its end.
func TestWhatObserversAreTold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var runs []faas.Run
		var ends []faas.End
		observer := func(_ context.Context, run faas.Run) (context.Context, func(faas.End)) {
			runs = append(runs, run)
			return nil, func(end faas.End) { ends = append(ends, end) }
		}
		rt, id, do := moody(t, faas.Config{Observe: []faas.Observer{observer}})
		start := time.Now()
		do.set(func(ctx context.Context) (any, error) {
			time.Sleep(time.Second)
			return faas.RequestID(ctx), nil
		})
		results, err := rt.Invoke(t.Context(), "tenfold", events.Envelope{}, faas.WithRequestID("old"), faas.WithRequestID("r"))
		require.NoError(t, err)
		assert.JSONEq(t, `"r"`, string(results[0].Value))
		do.set(func(context.Context) (any, error) { time.Sleep(time.Minute); return nil, nil })
		_, err = rt.Try(t.Context(), id, events.Envelope{})
		require.NoError(t, err)
		do.set(func(context.Context) (any, error) { panic(secret) })
		_, err = rt.InvokeFunction(t.Context(), id, events.Envelope{})
		require.Error(t, err)
		_, err = rt.Invoke(t.Context(), "tenfold", envelopeOf("["))
		require.Error(t, err)

		run := faas.Run{Function: "f", ID: id, Event: "tenfold", RequestID: "r", Start: start}
		late := faas.Run{Function: "f", ID: id, Event: "tenfold", Start: start.Add(time.Second), Trial: true}
		after := faas.Run{Function: "f", ID: id, Event: "tenfold", Start: start.Add(31*time.Second + 100*time.Millisecond)}
		assert.Equal(t, []faas.Run{run, late, after, after}, runs)
		require.Len(t, ends, 4)
		assert.Equal(t, faas.End{Duration: time.Second}, ends[0])
		assert.Equal(t, 30*time.Second+100*time.Millisecond, ends[1].Duration)
		assert.True(t, ends[1].Abandoned)
		assert.Equal(t, faas.CodeTimedOut, ends[1].Err.Code)
		assert.Equal(t, faas.CodeCrashed, ends[2].Err.Code)
		assert.False(t, ends[2].Abandoned)
		assert.Equal(t, faas.CodeBadInput, ends[3].Err.Code)
		time.Sleep(time.Minute)
	})
}

// Nothing runs, and nobody is told, of what is refused before.
func TestObserversAreNotToldOfWhatDoesNotRun(t *testing.T) {
	t.Parallel()
	told := 0
	observer := func(context.Context, faas.Run) (context.Context, func(faas.End)) { told++; return nil, nil }
	rt, id, _ := moody(t, faas.Config{Observe: []faas.Observer{observer}})
	_, err := rt.Undeploy(t.Context(), id)
	require.NoError(t, err)
	_, err = rt.InvokeFunction(t.Context(), id, events.Envelope{})
	require.Error(t, err)
	_, err = rt.Invoke(t.Context(), "tenfold", events.Envelope{})
	require.Error(t, err)
	assert.Zero(t, told)
}

// An observer may end the context of a run: that is as if the caller did.
func TestAnObserverThatEndsTheContext(t *testing.T) {
	t.Parallel()
	observer := func(ctx context.Context, _ faas.Run) (context.Context, func(faas.End)) {
		ctx, cancel := context.WithCancel(ctx)
		cancel()
		return ctx, nil
	}
	rt, id, do := moody(t, faas.Config{Observe: []faas.Observer{observer}})
	do.set(func(ctx context.Context) (any, error) { <-ctx.Done(); return nil, ctx.Err() })
	_, err := rt.InvokeFunction(t.Context(), id, events.Envelope{})
	assert.EqualError(t, err, "event tenfold: function f: canceled: context canceled")
	assert.ErrorIs(t, err, context.Canceled)
}

// An observer that panics takes its caller with it, and nothing else: whoever
// recovers goes on as before.
func TestAnObserverThatPanics(t *testing.T) {
	t.Parallel()
	when := ""
	observer := func(context.Context, faas.Run) (context.Context, func(faas.End)) {
		if when == "begin" {
			panic(when)
		}
		return nil, func(faas.End) {
			if when == "end" {
				panic(when)
			}
		}
	}
	rt, id, do := moody(t, faas.Config{Observe: []faas.Observer{observer}, Concurrency: 1})
	do.set(succeed)
	for range 100 {
		for name, invoke := range invokers(rt, id) {
			for _, moment := range []string{"begin", "end"} {
				when = moment
				require.PanicsWithValue(t, moment, func() { _ = invoke(t.Context()) }, name)
				when = ""
				require.NoError(t, invoke(t.Context()), name)
			}
		}
	}
	r, err := rt.Undeploy(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, faas.StateDraft, r.State)
}
