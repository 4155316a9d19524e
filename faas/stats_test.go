package faas_test

import (
	"context"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

func stats(t testing.TB, rt *faas.Runtime, id string, from, to time.Time, width time.Duration) []faas.Bucket {
	t.Helper()
	buckets, err := rt.Stats(id, from, to, width)
	require.NoError(t, err)
	return buckets
}

// A mood is what a function does, of which abandoned runs may still read.
type mood struct {
	do atomic.Pointer[func(context.Context) (any, error)]
}

func (m *mood) set(do func(context.Context) (any, error)) { m.do.Store(&do) }

// moody makes a runtime with a function that does what it is told, and gives
// the function's ID.
func moody(t testing.TB, config faas.Config) (*faas.Runtime, string, *mood) {
	t.Helper()
	do := &mood{}
	config.Functions = []faas.Function{faas.On(tenfold, "f", func(ctx context.Context, _ object) (any, error) { return (*do.do.Load())(ctx) })}
	rt := laboratory(t, config)
	return rt, rt.Functions(faas.Filter{})[0].ID, do
}

func succeed(context.Context) (any, error) { return nil, nil }

func TestTalliesOfEveryEnd(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		do      func(context.Context) (any, error)
		payload string
		want    faas.Tally
	}{
		"success":       {succeed, "{}", faas.Tally{Succeeded: 1}},
		"error":         {func(context.Context) (any, error) { return nil, errOwn }, "{}", faas.Tally{CodingFailure: 1}},
		"panic":         {func(context.Context) (any, error) { panic(1) }, "{}", faas.Tally{CodingFailure: 1}},
		"Goexit":        {func(context.Context) (any, error) { runtime.Goexit(); return nil, nil }, "{}", faas.Tally{CodingFailure: 1}},
		"bad result":    {func(context.Context) (any, error) { return func() {}, nil }, "{}", faas.Tally{CodingFailure: 1}},
		"logs too much": {func(ctx context.Context) (any, error) { times(11, func() { faas.Log(ctx).Info("m") }); return nil, nil }, "{}", faas.Tally{CodingFailure: 1}},
		"timeout":       {func(ctx context.Context) (any, error) { <-ctx.Done(); return nil, ctx.Err() }, "{}", faas.Tally{Timeout: 1}},
		"abandoned":     {func(context.Context) (any, error) { time.Sleep(time.Minute); return nil, nil }, "{}", faas.Tally{Timeout: 1}},
		"canceled":      {func(context.Context) (any, error) { time.Sleep(21 * time.Second); return nil, nil }, "{}", faas.Tally{PlatformFailure: 1}},
		"bad input":     {succeed, "[]", faas.Tally{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				rt, id, do := moody(t, faas.Config{})
				do.set(c.do)
				ctx := t.Context()
				if name == "canceled" {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, 20*time.Second)
					defer cancel()
				}
				_, err := rt.InvokeFunction(ctx, id, envelopeOf(c.payload))
				assert.Equal(t, c.want == faas.Tally{Succeeded: 1}, err == nil)
				buckets := stats(t, rt, id, time.Time{}, time.Time{}, 0)
				time.Sleep(time.Hour)
				if c.want == (faas.Tally{}) {
					assert.Empty(t, buckets)
					return
				}
				require.Len(t, buckets, 1)
				assert.Equal(t, c.want, buckets[0].Tally)
			})
		})
	}
}

func TestBuckets(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rt, id, do := moody(t, faas.Config{})
		do.set(succeed)
		start := time.Now().UTC() // the full hour
		run := func() {
			_, err := rt.InvokeFunction(t.Context(), id, events.Envelope{})
			require.NoError(t, err)
		}
		at := func(minutes int) time.Time { return start.Add(time.Duration(minutes) * time.Minute) }
		run()
		time.Sleep(5*time.Minute - 1)
		run() // the last moment of the first bucket
		time.Sleep(time.Nanosecond)
		run()
		time.Sleep(20 * time.Minute) // none between
		run()
		time.Sleep(40 * time.Minute)
		run()

		bucket := func(minutes, runs int) faas.Bucket {
			return faas.Bucket{Start: at(minutes), Tally: faas.Tally{Succeeded: runs}}
		}
		for name, c := range map[string]struct {
			from, to time.Time
			width    time.Duration
			want     []faas.Bucket
		}{
			"all":              {width: 5 * time.Minute, want: []faas.Bucket{bucket(0, 2), bucket(5, 1), bucket(25, 1), bucket(65, 1)}},
			"no width":         {want: []faas.Bucket{bucket(0, 2), bucket(5, 1), bucket(25, 1), bucket(65, 1)}},
			"a negative width": {width: -time.Hour, want: []faas.Bucket{bucket(0, 2), bucket(5, 1), bucket(25, 1), bucket(65, 1)}},
			"9 minutes are 5":  {width: 9 * time.Minute, want: []faas.Bucket{bucket(0, 2), bucket(5, 1), bucket(25, 1), bucket(65, 1)}},
			"10 minutes":       {width: 10 * time.Minute, want: []faas.Bucket{bucket(0, 3), bucket(20, 1), bucket(60, 1)}},
			"hours":            {width: time.Hour, want: []faas.Bucket{bucket(0, 4), bucket(60, 1)}},
			"from":             {from: at(5), want: []faas.Bucket{bucket(5, 1), bucket(25, 1), bucket(65, 1)}},
			"from within":      {from: at(9), want: []faas.Bucket{bucket(5, 1), bucket(25, 1), bucket(65, 1)}},
			"to":               {to: at(25), want: []faas.Bucket{bucket(0, 2), bucket(5, 1)}},
			"to within":        {to: at(25).Add(1), want: []faas.Bucket{bucket(0, 2), bucket(5, 1), bucket(25, 1)}},
			"turned round":     {from: at(25), to: at(5), want: nil},
		} {
			assert.Equal(t, c.want, stats(t, rt, id, c.from, c.to, c.width), name)
		}
	})
}

// Nothing of more than 30 days ago is told, or kept.
func TestStatsAreKeptForThirtyDays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rt, id, do := moody(t, faas.Config{})
		do.set(succeed)
		const days = 24 * time.Hour
		for range 3 {
			_, err := rt.InvokeFunction(t.Context(), id, events.Envelope{})
			require.NoError(t, err)
			time.Sleep(10 * days)
		}
		all := func() int { return len(stats(t, rt, id, time.Time{}, time.Time{}, 0)) }
		assert.Equal(t, 3, all()) // the first is 30 days old
		time.Sleep(time.Nanosecond)
		assert.Equal(t, 2, all())
		time.Sleep(20 * days)
		assert.Zero(t, all())
		_, err := rt.InvokeFunction(t.Context(), id, events.Envelope{})
		require.NoError(t, err)
		assert.Equal(t, 1, all())
	})
}
