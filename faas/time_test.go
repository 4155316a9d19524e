package faas_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/faas"
)

func TestTheTimeLimit(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ config, want time.Duration }{
		"default": {0, 30 * time.Second},
		"shorter": {time.Second, time.Second},
		"longer":  {time.Hour, time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var had time.Duration
				rt, err := faas.New(faas.Config{Timeout: c.config, Functions: []faas.Function{
					faas.On(chat, "f", func(ctx context.Context, _ survey) (emails, error) {
						deadline, _ := ctx.Deadline()
						had = time.Until(deadline)
						<-ctx.Done()
						return nil, ctx.Err()
					}),
				}})
				require.NoError(t, err)
				start := time.Now()
				_, err = faas.Invoke(t.Context(), rt, chat, survey{})
				assert.EqualError(t, err, "event denver_post_survey_email_transcript: function f: timed out: longer than "+c.want.String()+": context deadline exceeded")
				assert.Equal(t, c.want, had)
				assert.Equal(t, c.want, time.Since(start))
			})
		})
	}
}

// The limit is that of each function: a chain of them may take longer.
func TestEachFunctionHasItsOwnTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow := func(context.Context, survey) (emails, error) {
			time.Sleep(20 * time.Second)
			return nil, nil
		}
		rt := newRuntime(t, faas.On(chat, "a", slow), faas.On(chat, "b", slow), faas.On(chat, "c", slow))
		start := time.Now()
		_, err := faas.Invoke(t.Context(), rt, chat, survey{})
		require.NoError(t, err)
		assert.Equal(t, time.Minute, time.Since(start))

		// The caller bounds them all.
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Second)
		defer cancel()
		_, err = faas.Invoke(ctx, rt, chat, survey{})
		assert.EqualError(t, err, "event denver_post_survey_email_transcript: function c: canceled: context deadline exceeded")
		time.Sleep(time.Minute) // until c has ended
	})
}

// Who ignores the end of the context is left behind after a tenth of a second.
func TestAbandonedFunctionsAreCountedWhileTheyRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rt := newRuntime(t, faas.On(chat, "f", func(context.Context, survey) (emails, error) {
			time.Sleep(40 * time.Second)
			return nil, nil
		}))
		start := time.Now()
		for range 3 {
			go func() { _, _ = faas.Invoke(t.Context(), rt, chat, survey{}) }()
		}
		_, err := faas.Invoke(t.Context(), rt, chat, survey{})
		assert.Equal(t, faas.CodeTimedOut, failed(t, err).Code)
		assert.Equal(t, 30*time.Second+100*time.Millisecond, time.Since(start))
		synctest.Wait()
		assert.Equal(t, 4, rt.Abandoned())
		time.Sleep(10 * time.Second)
		synctest.Wait()
		assert.Zero(t, rt.Abandoned())
	})
}

// The end of an outer function's time is, for the runtime that this function
// uses itself, the end of its caller's context.
func TestTheTimeLimitsOfTwoRuntimes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		inner := newRuntime(t, faas.On(chat, "inner", func(ctx context.Context, _ survey) (emails, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}))
		outer, err := faas.New(faas.Config{Timeout: 10 * time.Second, Functions: []faas.Function{
			faas.On(chat, "outer", func(ctx context.Context, event survey) (emails, error) {
				_, err := faas.Invoke(ctx, inner, chat, event)
				assert.Equal(t, faas.CodeCanceled, failed(t, err).Code)
				return nil, err
			}),
		}})
		require.NoError(t, err)
		_, err = faas.Invoke(t.Context(), outer, chat, survey{})
		assert.Equal(t, faas.CodeTimedOut, failed(t, err).Code)
		assert.Equal(t, "outer", failed(t, err).Function)
	})
}

// When a function has returned, its context has ended for what it left behind.
func TestTheContextEndsWithTheFunction(t *testing.T) {
	t.Parallel()
	var left context.Context
	rt := newRuntime(t, faas.On(chat, "f", func(ctx context.Context, _ survey) (emails, error) {
		left = ctx
		return nil, ctx.Err()
	}))
	_, err := faas.Invoke(t.Context(), rt, chat, survey{})
	require.NoError(t, err)
	assert.ErrorIs(t, left.Err(), context.Canceled)
}

// A function may end in the very moment in which it would be abandoned. Either
// way the count is right.
func TestAnEndInTheMomentOfAbandonment(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rt := newRuntime(t, faas.On(chat, "f", func(context.Context, survey) (emails, error) {
			time.Sleep(faas.DefaultTimeout + 100*time.Millisecond)
			return nil, nil
		}))
		var wg sync.WaitGroup
		for range 64 {
			wg.Go(func() {
				for range 50 {
					_, err := faas.Invoke(t.Context(), rt, chat, survey{})
					assert.Equal(t, faas.CodeTimedOut, failed(t, err).Code)
					assert.GreaterOrEqual(t, rt.Abandoned(), 0)
				}
			})
		}
		wg.Wait()
		synctest.Wait()
		assert.Zero(t, rt.Abandoned())
	})
}
