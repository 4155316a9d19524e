package faas_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"math"
	"runtime"
	"slices"
	"strings"
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

const secret = "Jane Roe 4711"

// A touchy error panics when asked for its text.
type touchy struct{}

func (touchy) Error() string { panic(secret) }

// A hollow error does not work as a nil pointer.
type hollow struct{ text string }

func (h *hollow) Error() string { return h.text }

var errOwn = errors.New("own failure")

// A fault is something that functions do.
type fault struct {
	name string
	// do gets the survey's skill, which holds the secret. Released is closed
	// when the test is over.
	do func(ctx context.Context, skill string, released <-chan struct{}) (emails, error)
	// caller makes the caller's context. Nil: it does not end.
	caller func(context.Context) (context.Context, context.CancelFunc)

	code      faas.Code // empty: no error
	is        error     // the error is this one too
	text      string    // the end of the error's text
	abandoned int
	jsonOnly  bool
}

// A leaver ends the goroutine that logs it.
type leaver struct{}

func (leaver) LogValue() slog.Value {
	runtime.Goexit()
	return slog.Value{}
}

// deepen calls itself so many times.
func deepen(levels int) int {
	if levels == 0 {
		return 1
	}
	return deepen(levels - 1)
}

func endsAfter(d time.Duration) func(context.Context) (context.Context, context.CancelFunc) {
	return func(ctx context.Context) (context.Context, context.CancelFunc) { return context.WithTimeout(ctx, d) }
}

func cancelsAfter(d time.Duration) func(context.Context) (context.Context, context.CancelFunc) {
	return func(ctx context.Context) (context.Context, context.CancelFunc) {
		ctx, cancel := context.WithCancelCause(ctx)
		time.AfterFunc(d, func() { cancel(errors.New(secret)) })
		return ctx, func() { cancel(nil) }
	}
}

const (
	timedOut = "timed out: longer than 30s: context deadline exceeded"
	panicked = "crashed: it panicked"
)

func faults() []fault {
	return []fault{
		{name: "none", do: func(context.Context, string, <-chan struct{}) (emails, error) { return nil, nil }},
		{name: "goroutines of its own that end with its context", do: func(ctx context.Context, _ string, _ <-chan struct{}) (emails, error) {
			for range 10 {
				go func() { <-ctx.Done() }()
			}
			return nil, nil
		}},
		{name: "in time", do: func(ctx context.Context, _ string, _ <-chan struct{}) (emails, error) {
			time.Sleep(faas.DefaultTimeout - 1)
			return nil, ctx.Err()
		}},

		{name: "a thousand goroutines that end with its context", do: func(ctx context.Context, _ string, _ <-chan struct{}) (emails, error) {
			for range 1000 {
				go func() { <-ctx.Done() }()
			}
			return nil, nil
		}},
		{name: "logs with values that panic", do: func(ctx context.Context, skill string, _ <-chan struct{}) (emails, error) {
			faas.Log(ctx).Info("m", "a", touchy{}, "b", rudest{}, "c", (*hollow)(nil), "d", make(chan int))
			return nil, nil
		}},
		{name: "a log flood", code: faas.CodeLogLimit, text: "log limit: more than 10 log entries, or more than 6000 characters in them: log less", do: func(ctx context.Context, skill string, _ <-chan struct{}) (emails, error) {
			for range 1000 {
				faas.Log(ctx).Info(skill)
			}
			return nil, nil
		}},
		{name: "a huge log", code: faas.CodeLogLimit, text: "log limit: more than 10 log entries, or more than 6000 characters in them: log less", do: func(ctx context.Context, skill string, _ <-chan struct{}) (emails, error) {
			faas.Log(ctx).Info("m", "a", strings.Repeat(skill, 10_000))
			return nil, nil
		}},
		{name: "a log value that exits", code: faas.CodeCrashed, text: "crashed: it ended without returning", do: func(ctx context.Context, _ string, _ <-chan struct{}) (emails, error) {
			faas.Log(ctx).Info("m", "a", leaver{})
			return nil, nil
		}},
		{name: "logs once abandoned", code: faas.CodeTimedOut, is: context.DeadlineExceeded, text: timedOut, abandoned: 1, do: func(ctx context.Context, skill string, released <-chan struct{}) (emails, error) {
			<-released
			faas.Log(ctx).Error(skill)
			return nil, nil
		}},
		{name: "recursion with an end", do: func(context.Context, string, <-chan struct{}) (emails, error) {
			return mail(strings.Repeat("x", deepen(10_000))), nil
		}},
		{name: "a result that its kind refuses", jsonOnly: true, code: faas.CodeBadResult, text: "bad result: result[0].targetEmail: is missing", do: func(_ context.Context, skill string, _ <-chan struct{}) (emails, error) {
			return emails{{SenderName: skill}}, nil
		}},
		{name: "waits for a channel that nobody has", code: faas.CodeTimedOut, is: context.DeadlineExceeded, text: timedOut, abandoned: 1, do: func(_ context.Context, _ string, released <-chan struct{}) (emails, error) {
			own := make(chan struct{})
			select {
			case <-own:
			case <-released:
			}
			return nil, nil
		}},

		{name: "panic", code: faas.CodeCrashed, text: panicked, do: func(_ context.Context, skill string, _ <-chan struct{}) (emails, error) {
			panic("cannot handle " + skill)
		}},
		{name: "panic(nil)", code: faas.CodeCrashed, text: panicked, do: func(context.Context, string, <-chan struct{}) (emails, error) {
			panic(nil)
		}},
		{name: "panic(error)", code: faas.CodeCrashed, text: panicked, do: func(_ context.Context, skill string, _ <-chan struct{}) (emails, error) {
			panic(errors.New(skill))
		}},
		{name: "panic with a value that panics", code: faas.CodeCrashed, text: panicked, do: func(context.Context, string, <-chan struct{}) (emails, error) {
			panic(touchy{})
		}},
		{name: "panic while panicking", code: faas.CodeCrashed, text: panicked, do: func(_ context.Context, skill string, _ <-chan struct{}) (emails, error) {
			defer func() { panic(skill) }()
			panic(skill)
		}},
		{name: "nil map", code: faas.CodeCrashed, text: panicked, do: func(_ context.Context, skill string, _ <-chan struct{}) (emails, error) {
			var of struct{ counts map[string]int }
			of.counts[skill]++
			return nil, nil
		}},
		{name: "nil pointer", code: faas.CodeCrashed, text: panicked, do: func(context.Context, string, <-chan struct{}) (emails, error) {
			var event *survey
			return mail(event.Payload.SkillName), nil
		}},
		{name: "out of range", code: faas.CodeCrashed, text: panicked, do: func(_ context.Context, skill string, _ <-chan struct{}) (emails, error) {
			return mail(skill[:len(skill)*2]), nil
		}},
		{name: "Goexit", code: faas.CodeCrashed, text: "crashed: it ended without returning", do: func(context.Context, string, <-chan struct{}) (emails, error) {
			runtime.Goexit()
			return nil, nil
		}},

		{name: "an error and no result", code: faas.CodeFailed, is: errOwn, text: "failed: own failure", do: func(context.Context, string, <-chan struct{}) (emails, error) {
			return nil, errOwn
		}},
		{name: "an error beside a result", code: faas.CodeFailed, is: errOwn, text: "failed: own failure", do: func(_ context.Context, skill string, _ <-chan struct{}) (emails, error) {
			return mail(skill), errOwn
		}},
		{name: "an error that panics", code: faas.CodeFailed, is: touchy{}, text: "failed: (the error panics when asked for its text)", do: func(context.Context, string, <-chan struct{}) (emails, error) {
			return nil, touchy{}
		}},
		{name: "an error that is a nil pointer", code: faas.CodeFailed, text: "failed: (the error panics when asked for its text)", do: func(context.Context, string, <-chan struct{}) (emails, error) {
			var none *hollow
			return nil, none
		}},
		{name: "a time limit of its own", code: faas.CodeFailed, is: context.DeadlineExceeded, text: "failed: context deadline exceeded", do: func(ctx context.Context, _ string, _ <-chan struct{}) (emails, error) {
			ctx, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			<-ctx.Done()
			return nil, ctx.Err()
		}},
		{name: "a huge result", jsonOnly: true, code: faas.CodeBadResult, is: events.ErrTooLarge, text: "bad result: result: is larger than 256 KiB; send less", do: func(_ context.Context, skill string, _ <-chan struct{}) (emails, error) {
			return mail(skill + strings.Repeat("x", events.MaxSize)), nil
		}},

		{name: "blocked for ever", code: faas.CodeTimedOut, is: context.DeadlineExceeded, text: timedOut, abandoned: 1, do: func(_ context.Context, _ string, released <-chan struct{}) (emails, error) {
			<-released
			return nil, nil
		}},
		{name: "panics once abandoned", code: faas.CodeTimedOut, is: context.DeadlineExceeded, text: timedOut, abandoned: 1, do: func(_ context.Context, skill string, released <-chan struct{}) (emails, error) {
			<-released
			panic(skill)
		}},
		{name: "exits once abandoned", code: faas.CodeTimedOut, is: context.DeadlineExceeded, text: timedOut, abandoned: 1, do: func(_ context.Context, _ string, released <-chan struct{}) (emails, error) {
			<-released
			runtime.Goexit()
			return nil, nil
		}},
		{name: "blocked while panicking", code: faas.CodeTimedOut, is: context.DeadlineExceeded, text: timedOut, abandoned: 1, do: func(_ context.Context, skill string, released <-chan struct{}) (emails, error) {
			defer func() { <-released }()
			panic(skill)
		}},
		{name: "late by a second", code: faas.CodeTimedOut, is: context.DeadlineExceeded, text: timedOut, do: func(context.Context, string, <-chan struct{}) (emails, error) {
			time.Sleep(faas.DefaultTimeout + time.Second)
			return nil, nil
		}},
		{name: "heeds its context", code: faas.CodeTimedOut, is: context.DeadlineExceeded, text: timedOut, do: func(ctx context.Context, _ string, _ <-chan struct{}) (emails, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}},
		{name: "heeds its context and has an error", code: faas.CodeTimedOut, is: errOwn, text: timedOut + "; own failure", do: func(ctx context.Context, _ string, _ <-chan struct{}) (emails, error) {
			<-ctx.Done()
			time.Sleep(50 * time.Millisecond)
			return nil, errOwn
		}},
		{name: "heeds its context and panics", code: faas.CodeCrashed, text: panicked, do: func(ctx context.Context, skill string, _ <-chan struct{}) (emails, error) {
			<-ctx.Done()
			panic(skill)
		}},
		{name: "heeds its context and has an error that panics", code: faas.CodeTimedOut, is: context.DeadlineExceeded, text: "timed out: (the error panics when asked for its text)", do: func(ctx context.Context, _ string, _ <-chan struct{}) (emails, error) {
			<-ctx.Done()
			return nil, touchy{}
		}},
		{name: "late by a moment", code: faas.CodeTimedOut, is: context.DeadlineExceeded, text: timedOut, do: func(_ context.Context, skill string, _ <-chan struct{}) (emails, error) {
			time.Sleep(faas.DefaultTimeout + time.Millisecond)
			return mail(skill), nil
		}},
		{name: "heeds the caller's deadline", caller: endsAfter(time.Second), code: faas.CodeCanceled, is: context.DeadlineExceeded, text: "canceled: context deadline exceeded", do: func(ctx context.Context, _ string, _ <-chan struct{}) (emails, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}},
		{name: "heeds the caller who gives up, with an error", caller: cancelsAfter(time.Second), code: faas.CodeCanceled, is: errOwn, text: "canceled: context canceled; own failure", do: func(ctx context.Context, _ string, _ <-chan struct{}) (emails, error) {
			<-ctx.Done()
			return nil, errOwn
		}},
		{name: "blocked, and the caller has a deadline", caller: endsAfter(time.Second), code: faas.CodeCanceled, is: context.DeadlineExceeded, text: "canceled: context deadline exceeded", abandoned: 1, do: func(_ context.Context, _ string, released <-chan struct{}) (emails, error) {
			<-released
			return nil, nil
		}},
		{name: "blocked, and the caller gives up", caller: cancelsAfter(time.Second), code: faas.CodeCanceled, is: context.Canceled, text: "canceled: context canceled", abandoned: 1, do: func(_ context.Context, _ string, released <-chan struct{}) (emails, error) {
			<-released
			return nil, nil
		}},
		{name: "blocked, and the caller gives up after the limit", caller: cancelsAfter(time.Minute), code: faas.CodeTimedOut, is: context.DeadlineExceeded, text: timedOut, abandoned: 1, do: func(_ context.Context, _ string, released <-chan struct{}) (emails, error) {
			<-released
			return nil, nil
		}},
	}
}

// Whatever a function does, the invocation tells what it was and nothing of
// the payload, other functions are served, and nothing leaks.
func TestFaults(t *testing.T) {
	t.Parallel()
	for _, f := range faults() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			t.Run("in Go", func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { f.test(t, inGo) })
			})
			t.Run("built", func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { f.test(t, ofText) })
			})
		})
	}
}

// A sender is a function of chat.
type sender = func(context.Context, survey) (emails, error)

// inGo makes a runtime of functions in Go, in the order of their names, that
// puts up with abandoned runs.
func inGo(t testing.TB, senders map[string]sender) *faas.Runtime {
	t.Helper()
	config := faas.Config{MaxAbandoned: 1000}
	for _, name := range slices.Sorted(maps.Keys(senders)) {
		config.Functions = append(config.Functions, faas.On(chat, name, senders[name]))
	}
	rt, err := faas.New(config)
	require.NoError(t, err)
	return rt
}

// ofText makes such a runtime with a builder, which knows the functions by
// their source.
func ofText(t testing.TB, senders map[string]sender) *faas.Runtime {
	t.Helper()
	build := func(_ string, source []byte) (sender, error) { return senders[string(source)], nil }
	rt, err := faas.New(faas.Config{MaxAbandoned: 1000, Builders: []faas.Builder{faas.Build(chat, build)}})
	require.NoError(t, err)
	for _, name := range slices.Sorted(maps.Keys(senders)) {
		deployed(t, rt, faas.Draft{Name: name, Event: chat.ID()})
	}
	return rt
}

func (f fault) test(t *testing.T, connect func(testing.TB, map[string]sender) *faas.Runtime) {
	const times = 50 // for each of two ways
	released := make(chan struct{})
	rt := connect(t, map[string]sender{
		"faulty": func(ctx context.Context, event survey) (emails, error) {
			if event.Payload.SkillName == "" {
				return mail("still here"), nil
			}
			return f.do(ctx, event.Payload.SkillName, released)
		},
		"sound": none,
	})
	ways := invocations(rt)
	if f.jsonOnly {
		delete(ways, "typed")
	}
	for _, invoke := range ways {
		for range times * 2 / len(ways) {
			f.once(t, invoke)
			count, err := invoke(t.Context(), "")
			require.NoError(t, err)
			require.Equal(t, 2, count)
		}
	}
	time.Sleep(time.Minute)
	assert.Equal(t, f.abandoned*times*2, rt.Abandoned())
	close(released)
	synctest.Wait()
	assert.Zero(t, rt.Abandoned())
}

// once invokes and looks at the error.
func (f fault) once(t *testing.T, invoke func(context.Context, string) (int, error)) {
	ctx := t.Context()
	if f.caller != nil {
		var cancel context.CancelFunc
		ctx, cancel = f.caller(ctx)
		defer cancel()
	}
	count, err := invoke(ctx, secret)
	if f.code == "" {
		require.NoError(t, err)
		require.Equal(t, 2, count)
		return
	}
	require.Zero(t, count)
	failure := failed(t, err)
	require.Equal(t, f.code, failure.Code)
	require.Equal(t, "faulty", failure.Function)
	require.Equal(t, chat.ID(), failure.Event)
	if f.is != nil {
		require.ErrorIs(t, err, f.is)
	}
	require.EqualError(t, err, "event denver_post_survey_email_transcript: function faulty: "+f.text)
	value, stack := failure.Panic()
	require.Equal(t, f.code == faas.CodeCrashed, len(stack) > 0)
	if f.code != faas.CodeCrashed {
		require.Nil(t, value)
	}
}

func TestThePanicIsForTheCallerAlone(t *testing.T) {
	t.Parallel()
	boom := errors.New(secret)
	rt := newRuntime(t, faas.On(chat, "f", func(context.Context, survey) (emails, error) { panic(boom) }))
	_, err := faas.Invoke(t.Context(), rt, chat, survey{})
	assert.NotErrorIs(t, err, boom) // so that no wrapper prints it
	value, stack := failed(t, err).Panic()
	assert.Equal(t, boom, value)
	assert.Contains(t, string(stack), "faults_test.go")
	assert.NotContains(t, err.Error(), secret)

	stack[0] = 0
	_, again := failed(t, err).Panic()
	assert.NotZero(t, again[0])
}

// A release ends faults that go on until then.
type release struct {
	atomic.Bool
	gate chan struct{} // closed
}

// What never blocks, and what waits where no clock is heard, is left behind as
// well. The clock is the real one: that of synctest stands still meanwhile.
func TestFaultsInRealTime(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(r *release){
		"a busy loop": func(r *release) {
			for !r.Load() {
			}
		},
		"a busy loop that yields": func(r *release) {
			for !r.Load() {
				runtime.Gosched()
			}
		},
		"a deadlock on its own mutex": func(r *release) {
			var mu sync.Mutex
			mu.Lock()
			go func() {
				<-r.gate
				mu.Unlock()
			}()
			mu.Lock()
		},
		"ten thousand goroutines": func(r *release) { // of 25 runs at once
			var wg sync.WaitGroup
			for range 400 {
				wg.Go(func() { <-r.gate })
			}
			wg.Wait()
		},
	} {
		for way, connect := range map[string]func(testing.TB, map[string]sender) *faas.Runtime{"in Go": inGo, "built": ofText} {
			t.Run(name+", "+way, func(t *testing.T) { testInRealTime(t, connect, do) })
		}
	}
}

func testInRealTime(t *testing.T, connect func(testing.TB, map[string]sender) *faas.Runtime, do func(*release)) {
	var now atomic.Pointer[release]
	rt := connect(t, map[string]sender{"faulty": func(_ context.Context, event survey) (emails, error) {
		if event.Payload.SkillName != "" {
			do(now.Load())
		}
		return nil, nil
	}})
	for range 4 { // times 25 at once
		r := &release{gate: make(chan struct{})}
		now.Store(r)
		var wg sync.WaitGroup
		for range 25 {
			wg.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
				defer cancel()
				_, err := faas.Invoke(ctx, rt, chat, surveyOf(secret))
				assert.Equal(t, faas.CodeCanceled, failed(t, err).Code)
			})
		}
		wg.Wait()
		_, err := faas.Invoke(t.Context(), rt, chat, surveyOf("")) // while they go on
		require.NoError(t, err)
		r.Store(true)
		close(r.gate)
		for rt.Abandoned() > 0 {
			runtime.Gosched()
		}
	}
}

// What cannot be encoded is the function's fault, whatever it is.
func TestResultsThatCannotBeTold(t *testing.T) {
	t.Parallel()
	loop := map[string]any{}
	loop["self"] = loop
	for name, c := range map[string]struct {
		result any
		code   faas.Code
	}{
		"a function":         {func() {}, faas.CodeBadResult},
		"a channel":          {make(chan int), faas.CodeBadResult},
		"not a number":       {math.NaN(), faas.CodeBadResult},
		"a circle":           {loop, faas.CodeBadResult},
		"deep":               {nest(events.MaxDepth + 1), faas.CodeBadResult},
		"far too deep":       {nest(5_000), faas.CodeBadResult},
		"huge":               {strings.Repeat("x", events.MaxSize), faas.CodeBadResult},
		"no JSON":            {json.RawMessage("{"), faas.CodeBadResult},
		"methods that panic": {rude{}, faas.CodeCrashed},
		"a typed nil":        {(*rude)(nil), ""},
		"nothing":            {nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := built(func(string, []byte) (body, error) {
				return func(context.Context, object) (any, error) { return c.result, nil }, nil
			})
			config.Functions = []faas.Function{faas.On(single, "in_go", func(context.Context, object) (any, error) { return c.result, nil })}
			rt := laboratory(t, config)
			deployed(t, rt, faas.Draft{Name: "built"})
			for _, event := range []string{"single", "tenfold"} {
				for range 100 {
					results, err := rt.Invoke(t.Context(), event, events.Envelope{})
					if c.code == "" {
						require.NoError(t, err)
						require.Equal(t, "null", string(results[0].Value))
						continue
					}
					require.Equal(t, c.code, codeOf(t, err))
					require.Empty(t, results)
					require.Less(t, len(err.Error()), 500)
				}
			}
		})
	}
}

// Rude is a type whose own JSON methods panic.
type rude struct {
	Name string `json:"name"`
}

func (rude) MarshalJSON() ([]byte, error) { panic(secret) }
func (*rude) UnmarshalJSON([]byte) error  { panic(secret) }

func TestTypesWhoseJSONMethodsPanic(t *testing.T) {
	t.Parallel()
	type object struct {
		Inner *rude `json:"inner"`
	}
	decodes := events.Define[object, events.Ignored](events.Spec{ID: "decodes", Limit: 1})
	encodes := events.Define[events.Object, object](events.Spec{ID: "encodes", Limit: 1})
	registry, err := events.NewRegistry(decodes, encodes)
	require.NoError(t, err)
	rt, err := faas.New(faas.Config{Registry: registry, Functions: []faas.Function{
		faas.On(decodes, "d", func(context.Context, events.Event[object]) (events.Ignored, error) {
			return events.Ignored{}, nil
		}),
		faas.On(encodes, "e", func(context.Context, events.Event[events.Object]) (object, error) {
			return object{Inner: &rude{}}, nil
		}),
	}})
	require.NoError(t, err)
	for _, id := range []string{"decodes", "encodes"} {
		_, err := rt.Invoke(t.Context(), id, envelopeOf(`{"inner": {"name": "x"}}`))
		assert.Equal(t, faas.CodeCrashed, failed(t, err).Code)
		assert.NotContains(t, err.Error(), secret)
	}
}

// Slow is a text that takes 40 seconds to decode.
type slow struct{ text string }

func (s *slow) UnmarshalJSON(data []byte) error {
	time.Sleep(40 * time.Second)
	s.text = string(data)
	return nil
}

// The caller has the envelope back as soon as the invocation returns, whatever
// an abandoned function still does with it.
func TestTheEnvelopeStaysTheCallers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		type object struct {
			Text slow `json:"text"`
		}
		kind := events.Define[object, events.Ignored](events.Spec{ID: "slow", Limit: 1})
		registry, err := events.NewRegistry(kind)
		require.NoError(t, err)
		var seen events.Event[object]
		rt, err := faas.New(faas.Config{Registry: registry, Functions: []faas.Function{
			faas.On(kind, "f", func(_ context.Context, event events.Event[object]) (events.Ignored, error) {
				seen = event
				return events.Ignored{}, nil
			}),
		}})
		require.NoError(t, err)
		env := envelopeOf(`{"text": "mine"}`)
		env.Headers = []events.Header{{Key: "mine"}}
		_, err = rt.Invoke(t.Context(), "slow", env)
		assert.Equal(t, faas.CodeTimedOut, failed(t, err).Code)
		env.Headers[0].Key = "changed"
		for i := range env.Payload {
			env.Payload[i] = '!'
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		assert.Equal(t, `"mine"`, seen.Payload.Text.text)
		assert.Equal(t, []events.Header{{Key: "mine"}}, seen.Headers)
	})
}

func TestACallerWhoHasGivenUpAlready(t *testing.T) {
	t.Parallel()
	ran := false
	rt := newRuntime(t, faas.On(chat, "f", func(context.Context, survey) (emails, error) {
		ran = true
		return nil, nil
	}))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, invoke := range invocations(rt) {
		_, err := invoke(ctx, "")
		require.ErrorIs(t, err, context.Canceled)
		assert.EqualError(t, err, "event denver_post_survey_email_transcript: canceled: context canceled")
		assert.Equal(t, faas.CodeCanceled, failed(t, err).Code)
	}
	assert.False(t, ran)
}

// A caller who gives up midway gets no results either.
func TestACallerWhoGivesUpMidway(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	rt := newRuntime(t,
		faas.On(chat, "a", none),
		faas.On(chat, "b", func(context.Context, survey) (emails, error) {
			cancel()
			return mail("late"), nil
		}),
		faas.On(chat, "c", none),
	)
	results, err := faas.Invoke(ctx, rt, chat, survey{})
	assert.Nil(t, results)
	assert.EqualError(t, err, "event denver_post_survey_email_transcript: function b: canceled: context canceled")
}
