package faas_test

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"runtime"
	"slices"
	"strings"
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
