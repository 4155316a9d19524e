package faas_test

import (
	"context"
	"errors"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// invokers are all ways to run the function of a laboratory.
func invokers(rt *faas.Runtime, id string) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"json":  func(ctx context.Context) error { _, err := rt.Invoke(ctx, "tenfold", events.Envelope{}); return err },
		"typed": func(ctx context.Context) error { _, err := faas.Invoke(ctx, rt, tenfold, object{}); return err },
		"by ID": func(ctx context.Context) error { _, err := rt.InvokeFunction(ctx, id, events.Envelope{}); return err },
		"trial": func(ctx context.Context) error {
			trial, err := rt.Try(ctx, id, events.Envelope{})
			if err == nil && trial.Err != nil {
				return trial.Err
			}
			return err
		},
	}
}

func TestConcurrencyAndQueueAreExact(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ concurrency, queue int }{{1, 0}, {1, 1}, {3, 0}, {3, 5}, {100, 100}} {
		synctest.Test(t, func(t *testing.T) {
			rt, id, do := moody(t, faas.Config{Concurrency: c.concurrency, Queue: c.queue})
			gate := make(chan struct{})
			var running, ran atomic.Int64
			do.set(func(context.Context) (any, error) {
				running.Add(1)
				defer running.Add(-1)
				<-gate
				ran.Add(1)
				return nil, nil
			})
			ways := invokers(rt, id)
			var invoke []func(context.Context) error
			for _, way := range ways {
				invoke = append(invoke, way)
			}
			var wg sync.WaitGroup
			for i := range c.concurrency + c.queue {
				wg.Go(func() { assert.NoError(t, invoke[i%len(invoke)](t.Context())) })
			}
			synctest.Wait()
			assert.EqualValues(t, c.concurrency, running.Load())
			for name, way := range ways {
				err := way(t.Context())
				assert.EqualError(t, err, "event tenfold: too many: too many invocations at once: try again later", name)
				failure := err.(*faas.Error)
				assert.Equal(t, 429, failure.Code.Status(), name)
			}
			for range c.concurrency + c.queue {
				gate <- struct{}{}
				synctest.Wait()
				assert.LessOrEqual(t, running.Load(), int64(c.concurrency))
			}
			wg.Wait()
			assert.EqualValues(t, c.concurrency+c.queue, ran.Load())
		})
	}
}

// With as many callers as there are places, none is ever turned away.
func TestNoPlaceIsLostInTheCrowd(t *testing.T) {
	t.Parallel()
	rt, id, do := moody(t, faas.Config{Concurrency: 2, Queue: 6})
	var running atomic.Int64
	do.set(func(context.Context) (any, error) {
		assert.LessOrEqual(t, running.Add(1), int64(2))
		defer running.Add(-1)
		runtime.Gosched()
		return nil, nil
	})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 500 {
				_, err := rt.InvokeFunction(t.Context(), id, events.Envelope{})
				assert.NoError(t, err)
			}
		})
	}
	wg.Wait()
}

// Whatever an invocation comes to, it gives its place back.
func TestPlacesComeBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		rt, id, do := moody(t, faas.Config{Concurrency: 1, MaxAbandoned: 1000})
		sound := func() {
			do.set(succeed)
			for name, invoke := range invokers(rt, id) {
				require.NoError(t, invoke(t.Context()), name)
			}
		}
		for range 10 {
			for name, invoke := range invokers(rt, id) {
				for _, bad := range []func(context.Context) (any, error){
					func(context.Context) (any, error) { panic(1) },
					func(context.Context) (any, error) { runtime.Goexit(); return nil, nil },
					func(context.Context) (any, error) { return nil, errOwn },
					func(context.Context) (any, error) { <-gate; return nil, nil },
					func(ctx context.Context) (any, error) { <-ctx.Done(); return nil, nil },
				} {
					do.set(bad)
					require.Error(t, invoke(t.Context()), name)
					sound()
				}
			}
			canceled, cancel := context.WithCancel(t.Context())
			cancel()
			for _, invoke := range invokers(rt, id) {
				require.Error(t, invoke(canceled))
				sound()
			}
			_, err := rt.InvokeFunction(t.Context(), id, envelopeOf("["))
			require.Equal(t, faas.CodeBadInput, codeOf(t, err))
			sound()
		}
		close(gate)
		synctest.Wait()
	})
}

func TestWhoGivesUpInTheQueue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rt, id, do := moody(t, faas.Config{Concurrency: 1, Queue: 1})
		gate := make(chan struct{})
		do.set(func(context.Context) (any, error) { <-gate; return nil, nil })
		first := make(chan error)
		go func() { _, err := rt.InvokeFunction(t.Context(), id, events.Envelope{}); first <- err }()
		synctest.Wait()
		for name, invoke := range invokers(rt, id) { // one after the other: the place in the queue comes back
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			start := time.Now()
			err := invoke(ctx)
			cancel()
			assert.EqualError(t, err, "event tenfold: canceled: context deadline exceeded", name)
			assert.Equal(t, faas.CodeCanceled, codeOf(t, err), name)
			assert.Equal(t, time.Second, time.Since(start), name)
		}
		close(gate)
		require.NoError(t, <-first)
		assert.Len(t, stats(t, rt, id, time.Time{}, time.Time{}, 0), 1)
		assert.Equal(t, 1, stats(t, rt, id, time.Time{}, time.Time{}, 0)[0].Succeeded)
	})
}

// A function that invokes its own runtime takes another place; if there is
// none, it fails, and nothing stands still for ever.
func TestRecursionIsBounded(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config faas.Config
		depth  int64
		code   faas.Code
	}{
		"no queue": {faas.Config{Concurrency: 5}, 5, faas.CodeTooMany},
		"a queue":  {faas.Config{Concurrency: 5, Queue: 1}, 5, faas.CodeTimedOut},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				rt, id, do := moody(t, c.config)
				var depth atomic.Int64
				do.set(func(ctx context.Context) (any, error) {
					depth.Add(1)
					_, err := rt.InvokeFunction(ctx, id, events.Envelope{})
					return nil, err
				})
				_, err := rt.InvokeFunction(t.Context(), id, events.Envelope{})
				last := err
				for errors.Unwrap(last) != nil && errors.As(errors.Unwrap(last), new(*faas.Error)) {
					last = errors.Unwrap(last)
				}
				if c.code == faas.CodeTooMany {
					assert.Equal(t, c.code, failed(t, last).Code)
				} else { // all of them at the same instant: an inner one may be told of first
					assert.Contains(t, []faas.Code{c.code, faas.CodeFailed}, codeOf(t, err))
				}
				assert.Equal(t, c.depth, depth.Load())
				time.Sleep(time.Minute)
				assert.Zero(t, rt.Abandoned())
				do.set(succeed)
				_, err = rt.InvokeFunction(t.Context(), id, events.Envelope{})
				require.NoError(t, err)
			})
		})
	}
}

func TestBoundsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	for want, config := range map[string]faas.Config{
		"concurrency: 1 invocations at a time and -1 in the queue: neither can be negative":                      {Concurrency: 1, Queue: -1},
		"concurrency: a queue needs a bound on the invocations at a time: set Concurrency as well":               {Queue: 1},
		"concurrency: 9223372036854775807 invocations at a time and 1 in the queue are more than can be counted": {Concurrency: math.MaxInt, Queue: 1},
	} {
		_, err := faas.New(config)
		assert.EqualError(t, err, want)
	}
	rt, id, do := moody(t, faas.Config{Concurrency: math.MaxInt})
	do.set(succeed)
	_, err := rt.InvokeFunction(t.Context(), id, events.Envelope{})
	require.NoError(t, err)
}

func TestTimeoutsOfSingleEvents(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		waits := func(ctx context.Context, _ object) (any, error) { <-ctx.Done(); return nil, ctx.Err() }
		timeouts := map[string]time.Duration{"single": time.Second}
		rt := laboratory(t, faas.Config{Timeout: time.Minute, Timeouts: timeouts, Functions: []faas.Function{
			faas.On(single, "s", waits), faas.On(tenfold, "t", waits),
		}})
		timeouts["single"] = time.Hour // the config is the caller's
		for _, r := range rt.Functions(faas.Filter{}) {
			want := map[string]time.Duration{"s": time.Second, "t": time.Minute}[r.Name]
			for _, try := range []bool{false, true} {
				start := time.Now()
				if try {
					trial, err := rt.Try(t.Context(), r.ID, events.Envelope{})
					require.NoError(t, err)
					assert.Equal(t, faas.CodeTimedOut, trial.Err.Code)
				} else {
					_, err := rt.InvokeFunction(t.Context(), r.ID, events.Envelope{})
					assert.Equal(t, faas.CodeTimedOut, codeOf(t, err))
				}
				assert.Equal(t, want, time.Since(start))
			}
		}
	})
}

// A function that leaves more runs behind than it may is out of service until
// it is deployed again. Others go on.
func TestTooManyAbandonedRuns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		rt, id, do := moody(t, faas.Config{MaxAbandoned: 3, Timeout: time.Second})
		other := deployed(t, rt, faas.Draft{Name: "other", Event: "single"})
		do.set(func(context.Context) (any, error) { <-gate; return nil, nil })
		_, err := rt.Try(t.Context(), id, events.Envelope{}) // counts for the runtime, and not for the function
		require.NoError(t, err)
		for range 4 { // as many as it may, and one more
			_, err := rt.InvokeFunction(t.Context(), id, events.Envelope{})
			require.Equal(t, faas.CodeTimedOut, codeOf(t, err))
		}
		ran := false
		do.set(func(context.Context) (any, error) { ran = true; return nil, nil })
		for name, invoke := range invokers(rt, id) {
			if name == "trial" {
				continue
			}
			err := invoke(t.Context())
			assert.EqualError(t, err, "event tenfold: function f: out of service: it ignored the end of its time too often: mend it and deploy it again", name)
			assert.Equal(t, 404, err.(*faas.Error).Code.Status())
		}
		assert.False(t, ran)
		shown, err := rt.Function(id)
		require.NoError(t, err)
		assert.Equal(t, faas.StateDeployError, shown.State)
		assert.Equal(t, "it ignored the end of its time too often: mend it and deploy it again", shown.Problem)
		assert.Equal(t, []string{`other: "other"`}, answers(t, rt, "single"))
		assert.Equal(t, 5, rt.Abandoned())

		shown, err = rt.Deploy(t.Context(), id)
		require.NoError(t, err)
		assert.Equal(t, faas.StateProductive, shown.State)
		assert.Empty(t, shown.Problem)
		_, err = rt.InvokeFunction(t.Context(), id, events.Envelope{})
		require.NoError(t, err)
		assert.Equal(t, 5, rt.Abandoned()) // they go on
		close(gate)
		synctest.Wait()
		assert.Zero(t, rt.Abandoned())
		_, err = rt.InvokeFunction(t.Context(), id, events.Envelope{})
		require.NoError(t, err)
		_, err = rt.InvokeFunction(t.Context(), other.ID, events.Envelope{})
		require.NoError(t, err)
	})
}

// Runs that end after all make room again.
func TestAbandonedRunsThatEndAreForgiven(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rt, id, do := moody(t, faas.Config{MaxAbandoned: 1, Timeout: time.Second})
		do.set(func(context.Context) (any, error) { time.Sleep(2 * time.Second); return nil, nil })
		for range 100 {
			_, err := rt.InvokeFunction(t.Context(), id, events.Envelope{})
			require.Equal(t, faas.CodeTimedOut, codeOf(t, err))
			time.Sleep(time.Second)
			synctest.Wait()
			require.Zero(t, rt.Abandoned())
		}
	})
}
