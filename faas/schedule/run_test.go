package schedule

import (
	"context"
	"encoding/json"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

const minutely = "* * * * *"

func TestRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, runs := &functions{}, []Run{}
		s := newScheduler(t, Config{Functions: f, Observe: func(r Run) { runs = append(runs, r) }})
		time.Sleep(90*time.Second + 7)
		headers := []events.Header{{Key: "k", Value: "v"}}
		r := created(t, s, Draft{Function: "f1", Cron: " */5  * * * *", Description: "d", Active: true, Headers: headers, Payload: json.RawMessage(` {"a" : [1, 2]} `)})
		now := at(0, 1).Add(30*time.Second + 7)
		assert.Equal(t, Schedule{
			ID: r.ID, Function: "f1", Cron: "*/5 * * * *", Description: "d", Active: true, Headers: headers, Payload: json.RawMessage(`{"a":[1,2]}`),
			Next: at(0, 5), Settled: now, CreatedAt: now, UpdatedAt: now, Revision: 1, Saved: 1,
		}, r)
		headers[0].Value = "scribble"
		assert.Equal(t, []Schedule{r}, s.Schedules())

		time.Sleep(2 * time.Minute)
		assert.Empty(t, f.dues(), "nothing runs before Run")
		stop := started(t, s)
		sleep(6 * time.Minute) // it is 0:09:30
		assert.Equal(t, every(r.ID, 5, 1), f.dues())
		call := f.calls[0]
		assert.Equal(t, at(0, 5), call.at, "to the minute")
		assert.Equal(t, "f1", call.function)
		assert.Equal(t, events.Envelope{Timestamp: at(0, 5), Headers: []events.Header{{Key: "k", Value: "v"}}, Payload: []byte(`{"a":[1,2]}`)}, call.env)
		assert.Equal(t, []Run{{Schedule: r.ID, Function: "f1", RequestID: call.requestID, Due: at(0, 5), Start: at(0, 5), End: at(0, 5)}}, runs)
		r.Last, r.Next, r.Settled, r.Saved = at(0, 5), at(0, 10), at(0, 5), 3
		assert.Equal(t, r, shown(t, s, r.ID))
		stop()
		sleep(time.Hour)
		assert.Len(t, f.dues(), 1)
	})
}

// All of these happen at the second run; the third succeeds.
func TestFailedRuns(t *testing.T) {
	t.Parallel()
	for code, err := range map[faas.Code]error{
		faas.CodeFailed:       &faas.Error{Code: faas.CodeFailed, Err: errors.New("secret")},
		faas.CodeNotDeployed:  &faas.Error{Code: faas.CodeNotDeployed},
		faas.CodeOutOfService: &faas.Error{Code: faas.CodeOutOfService},
		faas.CodeGeneral:      errors.New("secret"),
	} {
		t.Run(code.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var seen []Run
				f := &functions{do: func(_ context.Context, call invocation) error {
					if call.env.Timestamp.Equal(at(0, 2)) {
						return err
					}
					return nil
				}}
				s := newScheduler(t, Config{Functions: f, Observe: func(r Run) { seen = append(seen, r) }})
				r := created(t, s, Draft{Function: "f1", Cron: minutely, Active: true})
				started(t, s)
				for minute, failed := range []bool{false, false, true, false} {
					r = shown(t, s, r.ID)
					assert.Equal(t, failed, r.LastFailed, minute)
					assert.Equal(t, failed && code != "", r.LastCode == code && code != "", minute)
					sleep(time.Minute)
				}
				assert.Equal(t, every(r.ID, 1, 4), f.dues(), "nothing is repeated")
				assert.True(t, r.Active)
				require.Len(t, seen, 4)
				assert.Nil(t, seen[0].Err)
				assert.Equal(t, code, seen[1].Err.Code)
				text, err := json.Marshal(r)
				require.NoError(t, err)
				assert.NotContains(t, string(text), "secret")
			})
		})
	}
}

func TestFunctionGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &functions{}
		s := newScheduler(t, Config{Functions: f})
		r := created(t, s, Draft{Function: "f1", Cron: minutely, Active: true})
		other := created(t, s, Draft{Function: "f2", Cron: minutely, Active: true})
		started(t, s)
		sleep(90 * time.Second)
		f.lose("f1", faas.CodeUnknownFunction)
		sleep(10 * time.Minute)
		gone := shown(t, s, r.ID)
		assert.False(t, gone.Active)
		assert.True(t, gone.LastFailed)
		assert.Equal(t, faas.CodeUnknownFunction, gone.LastCode)
		assert.Equal(t, at(0, 2), gone.Last)
		assert.Zero(t, gone.Next)
		assert.Zero(t, gone.Missed)
		assert.Equal(t, int64(2), gone.Revision, "whoever has it as active, has it as it was")
		assert.Len(t, f.dues(), 2+11)

		yes := true
		_, err := s.Update(t.Context(), r.ID, Edit{Active: &yes})
		fails(t, faas.CodeUnknownFunction, err)
		to := "f2"
		_, err = s.Update(t.Context(), r.ID, Edit{Active: &yes, Function: &to})
		require.NoError(t, err)
		sleep(time.Minute)
		assert.Len(t, f.dues(), 2+11+2)
		assert.False(t, shown(t, s, r.ID).LastFailed)
		assert.True(t, shown(t, s, other.ID).Active)
	})
}

// Runs of one schedule do not overlap, those of two do.
func TestLateRuns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var now, most atomic.Int64
		f := &functions{do: func(_ context.Context, call invocation) error {
			if call.function == "quick" {
				return nil
			}
			most.Store(max(most.Load(), now.Add(1)))
			defer now.Add(-1)
			if call.env.Timestamp.Equal(at(0, 1)) {
				time.Sleep(5*time.Minute + time.Second)
			}
			return nil
		}}
		s := newScheduler(t, Config{Functions: f})
		slow := created(t, s, Draft{Function: "slow", Cron: minutely, Active: true})
		quick := created(t, s, Draft{Function: "quick", Cron: minutely, Active: true})
		started(t, s)
		sleep(5*time.Minute + 30*time.Second)
		assert.Equal(t, at(0, 1), shown(t, s, slow.ID).Last)
		assert.True(t, shown(t, s, slow.ID).Running)
		assert.Equal(t, at(0, 2), shown(t, s, slow.ID).Next, "it waits")
		assert.Equal(t, at(0, 5), shown(t, s, quick.ID).Last)
		sleep(time.Minute) // it is 0:06:30
		assert.Equal(t, at(0, 6), shown(t, s, slow.ID).Last)
		assert.False(t, shown(t, s, slow.ID).Running)
		assert.Equal(t, int64(1), most.Load())
		assert.Subset(t, f.dues(), every(slow.ID, 1, 6))
		assert.Len(t, f.dues(), 12)
	})
}

func TestWhenRunEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		type key struct{}
		f := &functions{do: func(ctx context.Context, _ invocation) error {
			assert.Equal(t, "value", ctx.Value(key{}))
			time.Sleep(20 * time.Second)
			return ctx.Err()
		}}
		s := newScheduler(t, Config{Functions: f})
		r := created(t, s, Draft{Function: "f1", Cron: minutely, Active: true})
		ctx, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, "value"))
		ended := make(chan error, 1)
		go func() { ended <- s.Run(ctx) }()
		sleep(70 * time.Second)
		require.ErrorIs(t, s.Run(t.Context()), ErrRunning)
		cancel()
		synctest.Wait()
		assert.Empty(t, ended, "it waits for the run")
		assert.True(t, shown(t, s, r.ID).Running)
		time.Sleep(10 * time.Second)
		require.NoError(t, <-ended)
		assert.Equal(t, at(0, 1).Add(20*time.Second), time.Now().UTC())
		assert.False(t, shown(t, s, r.ID).Running)
		assert.False(t, shown(t, s, r.ID).LastFailed, "its context had not ended")
		require.NoError(t, s.Run(ctx), "nothing to do")

		time.Sleep(3 * time.Minute)
		f.doing(nil)
		started(t, s)
		synctest.Wait()
		assert.Equal(t, every(r.ID, 1, 4), f.dues(), "what came due meanwhile")
	})
}

func TestChangesDuringARun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var runs atomic.Int64
		f := &functions{do: func(context.Context, invocation) error {
			time.Sleep(150 * time.Second)
			return &faas.Error{Code: faas.CodeFailed}
		}}
		store := NewMemory()
		s := newScheduler(t, Config{Functions: f, Store: store, Observe: func(Run) { runs.Add(1) }})
		off := created(t, s, Draft{Function: "f1", Cron: minutely, Active: true})
		time.Sleep(time.Nanosecond)
		gone := created(t, s, Draft{Function: "f1", Cron: minutely, Active: true})
		started(t, s)
		sleep(2*time.Minute + 30*time.Second)
		no := false
		r, err := s.Update(t.Context(), off.ID, Edit{Active: &no})
		require.NoError(t, err)
		assert.True(t, r.Running)
		assert.Equal(t, int64(1), r.Missed, "the run of 0:02 had come")
		require.NoError(t, s.Delete(t.Context(), gone.ID, 0))
		sleep(10 * time.Minute)
		r = shown(t, s, off.ID)
		assert.False(t, r.Running)
		assert.Equal(t, faas.CodeFailed, r.LastCode)
		assert.Equal(t, int64(2), runs.Load(), "of the deleted one, too")
		assert.Len(t, f.dues(), 2)
		all, err := store.Load(t.Context())
		require.NoError(t, err)
		assert.Equal(t, []Schedule{r}, all)
	})
}

func TestInactive(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &functions{}
		s := newScheduler(t, Config{Functions: f})
		r := created(t, s, Draft{Function: "f1", Cron: minutely})
		assert.Zero(t, r.Next)
		started(t, s)
		sleep(10*time.Minute + time.Second)
		yes := true
		r, err := s.Update(t.Context(), r.ID, Edit{Active: &yes})
		require.NoError(t, err)
		assert.Equal(t, at(0, 11), r.Next)
		sleep(time.Minute)
		assert.Equal(t, every(r.ID, 1, 11)[10:], f.dues())
		assert.Zero(t, shown(t, s, r.ID).Missed)
	})
}

// Runs are no changes: who has looked at a schedule before one may change it
// after.
func TestRunsKeepTheRevision(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScheduler(t, Config{})
		r := created(t, s, Draft{Function: "f1", Cron: minutely, Active: true})
		started(t, s)
		sleep(5 * time.Minute)
		assert.Greater(t, shown(t, s, r.ID).Saved, int64(8))
		text := "d"
		_, err := s.Update(t.Context(), r.ID, Edit{Description: &text, Revision: r.Revision})
		require.NoError(t, err)
	})
}
