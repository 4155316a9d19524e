package schedule

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
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

// A storeWith does something before it saves, and after.
type storeWith struct {
	Store
	mu            sync.Mutex
	before, after func(Schedule) error
	load          error
}

func (s *storeWith) set(before, after func(Schedule) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before, s.after = before, after
}

func (s *storeWith) Load(ctx context.Context) ([]Schedule, error) {
	if s.load != nil {
		return nil, s.load
	}
	return s.Store.Load(ctx)
}

func (s *storeWith) Save(ctx context.Context, r Schedule) error {
	s.mu.Lock()
	before, after := s.before, s.after
	s.mu.Unlock()
	if before != nil {
		if err := before(r); err != nil {
			return err
		}
	}
	if err := s.Store.Save(ctx, r); err != nil {
		return err
	}
	if after != nil {
		return after(r)
	}
	return nil
}

var errDisk = errors.New("the disk is full")

func broken(Schedule) error { return errDisk }

// Before a run starts, the store has it as begun; after it, how it ended.
func TestClaims(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store := NewMemory()
		f := &functions{do: func(_ context.Context, call invocation) error {
			all, err := store.Load(t.Context())
			require.NoError(t, err)
			assert.True(t, all[0].Running)
			assert.Equal(t, call.env.Timestamp, all[0].Last)
			assert.Equal(t, call.env.Timestamp.Add(time.Minute), all[0].Next)
			time.Sleep(time.Second)
			return &faas.Error{Code: faas.CodeFailed}
		}}
		s := newScheduler(t, Config{Functions: f, Store: store})
		created(t, s, Draft{Function: "f1", Cron: minutely, Active: true})
		started(t, s)
		for minute := range 3 {
			sleep(time.Minute + time.Second)
			time.Sleep(-time.Second)
			all, err := store.Load(t.Context())
			require.NoError(t, err)
			assert.False(t, all[0].Running, minute)
			assert.Equal(t, faas.CodeFailed, all[0].LastCode)
			assert.Equal(t, s.Schedules(), all)
		}
		assert.Len(t, f.dues(), 3)
	})
}

func TestStoreFailsAtTheClaim(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store, f := &storeWith{Store: NewMemory()}, &functions{}
		var reports []error
		s := newScheduler(t, Config{Functions: f, Store: store, Report: func(err error) { reports = append(reports, err) }})
		r := created(t, s, Draft{Function: "f1", Cron: minutely, Active: true})
		store.set(broken, nil)
		started(t, s)
		sleep(2*time.Minute + 11*time.Second)
		assert.Empty(t, f.dues())
		assert.Len(t, reports, 15, "every five seconds")
		assert.Contains(t, fails(t, faas.CodeStore, reports[0]), "save the schedule "+r.ID+": the disk is full")
		assert.Equal(t, at(0, 1), shown(t, s, r.ID).Next)
		store.set(nil, nil)
		sleep(5 * time.Second)
		assert.Equal(t, every(r.ID, 1, 2), f.dues(), "nothing is lost")
		assert.Zero(t, shown(t, s, r.ID).Missed)
	})
}

func TestStoreFailsAtTheOutcome(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store := &storeWith{Store: NewMemory()}
		f := &functions{do: func(context.Context, invocation) error {
			store.set(broken, nil)
			return &faas.Error{Code: faas.CodeFailed}
		}}
		s := newScheduler(t, Config{Functions: f, Store: store})
		r := created(t, s, Draft{Function: "f1", Cron: minutely, Active: true})
		stop := started(t, s)
		sleep(3*time.Minute + time.Second)
		assert.Len(t, f.dues(), 1)
		r = shown(t, s, r.ID)
		assert.False(t, r.Running)
		assert.True(t, r.LastFailed, "known here, if not to the store")
		store.set(nil, nil)
		sleep(5 * time.Second)
		assert.Len(t, f.dues(), 2, "the outcome and the next run's begin are kept as one")
		store.set(nil, nil)
		sleep(5 * time.Second)
		assert.Equal(t, every(r.ID, 1, 3), f.dues())
		store.set(nil, nil)
		stop()
		all, err := store.Load(t.Context())
		require.NoError(t, err)
		assert.False(t, all[0].Running)
	})
}

// A store that has not taken the last outcome: Run tells.
func TestStoreFailsAtTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store := &storeWith{Store: NewMemory()}
		f := &functions{do: func(context.Context, invocation) error { store.set(broken, nil); return nil }}
		s := newScheduler(t, Config{Functions: f, Store: store})
		created(t, s, Draft{Function: "f1", Cron: minutely, Active: true})
		ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
		defer cancel()
		require.ErrorIs(t, s.Run(ctx), errDisk)
		s = newScheduler(t, Config{Functions: f, Store: store.Store})
		assert.Equal(t, CodeInterrupted, s.Schedules()[0].LastCode)
	})
}

// A store that saves, and says that it has not.
func TestStoreLies(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store, f := &storeWith{Store: NewMemory()}, &functions{}
		s := newScheduler(t, Config{Functions: f, Store: store})
		r := created(t, s, Draft{Function: "f1", Cron: minutely, Active: true})
		started(t, s)
		store.set(nil, broken)
		sleep(time.Minute + time.Second)
		store.set(nil, nil)
		sleep(10 * time.Second)
		r = shown(t, s, r.ID)
		assert.Empty(t, f.dues(), "nobody knows whether it was run")
		assert.Equal(t, at(0, 1), r.Last)
		assert.Equal(t, CodeInterrupted, r.LastCode)
		sleep(time.Minute)
		assert.Equal(t, every(r.ID, 1, 2)[1:], f.dues(), "it goes on")

		f.doing(func(context.Context, invocation) error { store.set(nil, broken); return nil })
		sleep(time.Minute)
		store.set(nil, nil)
		f.doing(nil)
		sleep(time.Minute)
		assert.Equal(t, every(r.ID, 1, 4)[1:], f.dues())
		assert.False(t, shown(t, s, r.ID).LastFailed)

		f.doing(func(context.Context, invocation) error {
			time.Sleep(61 * time.Second)
			store.set(nil, broken)
			f.doing(nil)
			return nil
		})
		sleep(2*time.Minute + 5*time.Second)
		store.set(nil, nil)
		sleep(10 * time.Second)
		assert.Equal(t, every(r.ID, 1, 5)[1:], f.dues(), "the end of one and the begin of the next are one change")
		r = shown(t, s, r.ID)
		assert.Equal(t, at(0, 6), r.Last)
		assert.Equal(t, CodeInterrupted, r.LastCode)
		assert.False(t, r.Running)
	})
}

// Somebody else changes what the store has.
func TestStoreOfTwo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store, f := NewMemory(), &functions{}
		s := newScheduler(t, Config{Functions: f, Store: store})
		kept := created(t, s, Draft{Function: "f1", Cron: minutely, Active: true})
		gone := created(t, s, Draft{Function: "f1", Cron: minutely, Active: true})
		other := newScheduler(t, Config{Functions: f, Store: store})
		to := "*/2 * * * *"
		_, err := other.Update(t.Context(), kept.ID, Edit{Cron: &to})
		require.NoError(t, err)
		require.NoError(t, other.Delete(t.Context(), gone.ID, 0))
		_, err = s.Update(t.Context(), kept.ID, Edit{Cron: &to})
		fails(t, faas.CodeConflict, err)
		require.ErrorIs(t, err, ErrConflict)
		assert.Equal(t, to, shown(t, s, kept.ID).Cron)
		started(t, s)
		sleep(10*time.Minute + time.Second)
		assert.Equal(t, every(kept.ID, 2, 5), f.dues())
		assert.Len(t, s.Schedules(), 1)
	})
}

func TestInterrupted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store, f := &storeWith{Store: NewMemory()}, &functions{do: func(context.Context, invocation) error { time.Sleep(time.Minute); return nil }}
		s := newScheduler(t, Config{Functions: f, Store: store})
		r := created(t, s, Draft{Function: "f1", Cron: "*/10 * * * *", Active: true})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- s.Run(ctx) }()
		sleep(10*time.Minute + time.Second)
		store.set(broken, nil) // as if this process had ended
		cancel()
		require.ErrorIs(t, <-ended, errDisk)

		s = newScheduler(t, Config{Functions: f, Store: store.Store})
		r = shown(t, s, r.ID)
		assert.False(t, r.Running)
		assert.True(t, r.LastFailed)
		assert.Equal(t, CodeInterrupted, r.LastCode)
		assert.Equal(t, at(0, 10), r.Last)
		assert.Equal(t, at(0, 20), r.Next)
		started(t, s)
		synctest.Wait()
		all, err := store.Store.Load(t.Context())
		require.NoError(t, err)
		assert.Equal(t, s.Schedules(), all, "the store has it, too")
		sleep(11 * time.Minute)
		assert.Equal(t, every(r.ID, 10, 2), f.dues(), "nothing is repeated")
		assert.False(t, shown(t, s, r.ID).LastFailed)
	})
}

// A clock tells the time of the bubble, or another one.
type clock struct{ off atomic.Int64 }

func (c *clock) now() time.Time { return time.Now().Add(time.Duration(c.off.Load())) }

func (c *clock) step(d time.Duration) { c.off.Add(int64(d)) }

func TestClockSteps(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, c := &functions{}, &clock{}
		s := newScheduler(t, Config{Functions: f, Now: c.now})
		r := created(t, s, Draft{Function: "f1", Cron: "*/10 * * * *", Active: true})
		started(t, s)
		sleep(25 * time.Minute)
		c.step(-20 * time.Minute) // it is 0:05
		sleep(24 * time.Minute)
		assert.Equal(t, every(r.ID, 10, 2), f.dues(), "nothing is repeated")
		sleep(2 * time.Minute) // it is 0:31
		assert.Equal(t, every(r.ID, 10, 3), f.dues())
		c.step(2 * time.Hour) // it is 2:31
		sleep(31 * time.Second)
		assert.Equal(t, every(r.ID, 10, 15), f.dues(), "all are made up for, within half a minute")
		assert.Zero(t, shown(t, s, r.ID).Missed)

		c.step(-time.Hour)
		no, yes := false, true
		_, err := s.Update(t.Context(), r.ID, Edit{Active: &no})
		require.NoError(t, err)
		back, err := s.Update(t.Context(), r.ID, Edit{Active: &yes})
		require.NoError(t, err)
		assert.Equal(t, at(2, 40), back.Next, "not even if it begins anew")
	})
}

// What is as old as the catch-up is run, what is older is missed.
func TestCatchUp(t *testing.T) {
	t.Parallel()
	for beyond, missed := range map[time.Duration]int64{0: 0, 1: 1, 10 * time.Minute: 1, 10*time.Minute + 1: 2, 1000 * time.Hour: 6000} {
		t.Run(beyond.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f, store := &functions{}, NewMemory()
				s := newScheduler(t, Config{Functions: f, Store: store})
				r := created(t, s, Draft{Function: "f1", Cron: "*/10 * * * *", Active: true})
				time.Sleep(10*time.Minute + time.Hour + beyond)
				s = newScheduler(t, Config{Functions: f, Store: store, CatchUp: time.Hour})
				started(t, s)
				synctest.Wait()
				now := shown(t, s, r.ID)
				assert.Equal(t, missed, now.Missed)
				total := int64(time.Since(at(0, 0)) / (10 * time.Minute))
				assert.Equal(t, total-missed, int64(len(f.dues())))
				assert.True(t, now.Next.After(time.Now()))
				all, err := store.Load(t.Context())
				require.NoError(t, err)
				assert.Equal(t, []Schedule{now}, all)
			})
		})
	}
}

// A due time of which there is no other one within the catch-up is counted, too.
func TestMissedAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, c := &functions{}, &clock{}
		s := newScheduler(t, Config{Functions: f, Now: c.now})
		r := created(t, s, Draft{Function: "f1", Cron: "0 0 1 * *", Active: true})
		started(t, s)
		c.step(60 * 24 * time.Hour) // it is 1 March
		sleep(time.Minute)
		assert.Equal(t, []string{r.ID + "@2000-03-01T00:00:00Z"}, f.dues())
		c.step(33 * 24 * time.Hour) // it is 3 April
		sleep(time.Minute)
		assert.Len(t, f.dues(), 1)
		r = shown(t, s, r.ID)
		assert.Equal(t, int64(2), r.Missed)
		assert.Equal(t, time.Date(2000, 5, 1, 0, 0, 0, 0, time.UTC), r.Next)
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

func TestUpdate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScheduler(t, Config{})
		r, err := s.Create(faas.As(t.Context(), "ada"), Draft{Function: "f1", Cron: minutely, Active: true})
		require.NoError(t, err)
		assert.Equal(t, "ada", r.CreatedBy)
		assert.Equal(t, "ada", r.UpdatedBy)
		time.Sleep(3*time.Minute + time.Second)
		cron, description, to := "0 0 29 2 *", "leap", "f2"
		headers, payload := []events.Header{{Key: "k"}}, json.RawMessage("[1 ]")
		got, err := s.Update(faas.As(t.Context(), "ben\xff"), r.ID, Edit{Cron: &cron, Description: &description, Function: &to, Headers: &headers, Payload: &payload, Revision: 1})
		require.NoError(t, err)
		now := at(0, 3).Add(time.Second)
		want := r
		want.Cron, want.Description, want.Function, want.Headers, want.Payload = cron, description, to, headers, json.RawMessage("[1]")
		want.Next, want.Settled, want.UpdatedAt, want.Missed = time.Date(2000, 2, 29, 0, 0, 0, 0, time.UTC), now, now, 3
		want.UpdatedBy, want.Revision, want.Saved = "ben\ufffd", 2, 2
		assert.Equal(t, want, got)
		assert.Equal(t, want, shown(t, s, r.ID))

		_, err = s.Update(t.Context(), r.ID, Edit{Revision: 1, Description: &to})
		fails(t, faas.CodeConflict, err)
		spaced := " 0 0  29 2 *"
		for _, same := range []Edit{{}, {Cron: &cron}, {Cron: &spaced}, {Payload: &payload, Headers: &headers, Function: &to, Active: &got.Active, Description: &description}} {
			_, err = s.Update(t.Context(), r.ID, same)
			fails(t, faas.CodeUnchanged, err)
		}
		time.Sleep(time.Second)
		got, err = s.Update(t.Context(), r.ID, Edit{Description: &to})
		require.NoError(t, err)
		assert.Equal(t, want.Next, got.Next)
		assert.Equal(t, want.Settled, got.Settled, "nothing else changes")
		assert.Equal(t, now.Add(time.Second), got.UpdatedAt)
		assert.Equal(t, now.Add(-3*time.Minute-time.Second), got.CreatedAt)
		bad := "* * 31 2 *"
		_, err = s.Update(t.Context(), r.ID, Edit{Cron: &bad})
		fails(t, faas.CodeInvalid, err)
		require.ErrorContains(t, err, "never fires")
		assert.Equal(t, got, shown(t, s, r.ID))

		fails(t, faas.CodeConflict, s.Delete(t.Context(), r.ID, 2))
		require.NoError(t, s.Delete(t.Context(), r.ID, 3))
		assert.Empty(t, s.Schedules())
		for _, err := range []error{s.Delete(t.Context(), r.ID, 0), second(s.Schedule(r.ID)), second(s.Update(t.Context(), r.ID, Edit{}))} {
			assert.Contains(t, fails(t, faas.CodeUnknownSchedule, err), r.ID)
		}
	})
}

func second(_ Schedule, err error) error { return err }

// Run does not sleep through changes, and follows them.
func TestUpdatesCountAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &functions{}
		s := newScheduler(t, Config{Functions: f})
		sleep(10 * time.Second)
		started(t, s)
		sleep(40 * time.Second)
		r := created(t, s, Draft{Function: "f1", Cron: minutely, Active: true})
		sleep(11 * time.Second)
		assert.Equal(t, every(r.ID, 1, 1), f.dues(), "not at the next look that was planned, 0:01:10")
		to, other := "*/2 * * * *", "f2"
		_, err := s.Update(t.Context(), r.ID, Edit{Cron: &to, Function: &other})
		require.NoError(t, err)
		sleep(8 * time.Minute) // it is 0:09:01
		assert.Equal(t, append(every(r.ID, 1, 1), every(r.ID, 2, 4)...), f.dues())
		assert.Equal(t, "f2", f.calls[1].function)

		f.lose("f1", faas.CodeNotDeployed)
		other = "f1"
		_, err = s.Update(t.Context(), r.ID, Edit{Function: &other})
		fails(t, faas.CodeNotDeployed, err)
		f.lose("f2", faas.CodeNotDeployed)
		_, err = s.Update(t.Context(), r.ID, Edit{Description: &other})
		require.NoError(t, err, "the rest may change all the same")
	})
}

// What is due at the very moment is missed, too, when a schedule ends.
func TestDeactivatedWhenDue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScheduler(t, Config{})
		r := created(t, s, Draft{Function: "f1", Cron: minutely, Active: true})
		time.Sleep(3 * time.Minute)
		no, yes := false, true
		r, err := s.Update(t.Context(), r.ID, Edit{Active: &no})
		require.NoError(t, err)
		assert.Equal(t, int64(3), r.Missed)
		r, err = s.Update(t.Context(), r.ID, Edit{Active: &yes})
		require.NoError(t, err)
		assert.Equal(t, at(0, 4), r.Next)
		assert.Equal(t, int64(3), r.Missed)
	})
}

// Times are those of the wall clock, as a store keeps them.
func TestNoMonotonicTimes(t *testing.T) {
	t.Parallel()
	r := created(t, newScheduler(t, Config{}), Draft{Function: "f1", Cron: minutely})
	for _, at := range []time.Time{r.CreatedAt, r.Settled} {
		assert.NotContains(t, at.String(), "m=")
		assert.Same(t, time.UTC, at.Location())
	}
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

func TestBoundsOfSchedules(t *testing.T) {
	t.Parallel()
	s := newScheduler(t, Config{})
	for name, c := range map[string]struct {
		most, more Draft
		want       string
	}{
		"description": {Draft{Description: strings.Repeat("ü", 200)}, Draft{Description: strings.Repeat("ü", 201)}, "the description has 201 characters; keep it to 200"},
		"payload": {
			Draft{Payload: json.RawMessage(`"` + strings.Repeat("ü", 7998) + `"`)},
			Draft{Payload: json.RawMessage(`"` + strings.Repeat("ü", 7999) + `"`)},
			"the payload has 8001 characters; keep it to 8000",
		},
		"headers": {
			Draft{Headers: []events.Header{{Key: strings.Repeat("k", 4000), Value: strings.Repeat("ü", 4000)}}},
			Draft{Headers: []events.Header{{Key: strings.Repeat("k", 4000), Value: strings.Repeat("ü", 4000)}, {Key: "x"}}},
			"the headers have 8001 characters; keep them to 8000",
		},
		"cron": {Draft{Cron: "0" + strings.Repeat(" ", 111) + " * * * *"}, Draft{Cron: "0" + strings.Repeat(" ", 112) + " * * * *"}, "the cron expression has 121 characters; keep it to 120"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, d := range []*Draft{&c.most, &c.more} {
				if d.Function = "f1"; d.Cron == "" {
					d.Cron = minutely
				}
			}
			r := created(t, s, c.most)
			require.NoError(t, s.Delete(t.Context(), r.ID, 0))
			_, err := s.Create(t.Context(), c.more)
			assert.Contains(t, fails(t, faas.CodeInvalid, err), c.want)
		})
	}
}

func TestBoundOfTheNumber(t *testing.T) {
	t.Parallel()
	for _, limit := range []int{0, 1, 50} {
		s := newScheduler(t, Config{Limit: limit})
		if limit == 0 {
			limit = 10
		}
		for range limit {
			created(t, s, Draft{Function: "f1", Cron: minutely})
		}
		_, err := s.Create(t.Context(), Draft{Function: "f1", Cron: minutely})
		assert.Contains(t, fails(t, faas.CodeLimit, err), fmt.Sprintf("there are %d of %d schedules: delete one first", limit, limit))
		require.NoError(t, s.Delete(t.Context(), s.Schedules()[0].ID, 0))
		created(t, s, Draft{Function: "f1", Cron: minutely})
	}
}

func TestRefusedDrafts(t *testing.T) {
	t.Parallel()
	f := &functions{absent: map[string]*faas.Error{"draft": {Code: faas.CodeNotDeployed}, "nobody": {Code: faas.CodeUnknownFunction, Err: errors.New("there is none")}}}
	s := newScheduler(t, Config{Functions: f})
	_, err := s.Create(t.Context(), Draft{Function: "draft", Cron: minutely})
	assert.Equal(t, "function f: not deployed: deploy it first", fails(t, faas.CodeNotDeployed, err))
	_, err = s.Create(t.Context(), Draft{Function: "nobody", Cron: minutely})
	fails(t, faas.CodeUnknownFunction, err)

	_, err = s.Create(t.Context(), Draft{Function: "nobody", Cron: "60 25 * * *", Description: "\xff", Payload: json.RawMessage("{secret}")})
	text := fails(t, faas.CodeInvalid, err)
	for _, part := range []string{`minute "60"`, `hour "25"`, "UTF-8", "payload", "unknown function: there is none"} {
		assert.Contains(t, text, part)
	}
	assert.NotContains(t, text, "secret")
	for name, d := range map[string]Draft{
		"twice":       {Payload: json.RawMessage(`{"a":1,"a":2}`)},
		"not UTF-8":   {Payload: json.RawMessage("\"\xff\"")},
		"two":         {Payload: json.RawMessage("1 2")},
		"deep":        {Payload: json.RawMessage(strings.Repeat("[", 64) + strings.Repeat("]", 64))},
		"half":        {Payload: json.RawMessage(`"\ud800"`)},
		"header":      {Headers: []events.Header{{Key: "k", Value: "\xff"}}},
		"not at all":  {Payload: json.RawMessage(" ")},
		"description": {Description: "\xc3"},
	} {
		d.Function, d.Cron = "f1", minutely
		_, err := s.Create(t.Context(), d)
		fails(t, faas.CodeInvalid, err)
		assert.Empty(t, s.Schedules(), name)
	}
	s = newScheduler(t, Config{Store: openDirectory(t, t.TempDir())})
	for _, payload := range []string{"", "null", "{}", `"\u003c\u2028"`, "1E400", strings.Repeat("[", 60) + strings.Repeat("]", 60)} {
		r := created(t, s, Draft{Function: "f1", Cron: minutely, Payload: json.RawMessage(payload)})
		assert.Equal(t, payload, string(r.Payload))
	}
}

func TestStoreRefusesChanges(t *testing.T) {
	t.Parallel()
	store := &storeWith{Store: NewMemory()}
	s := newScheduler(t, Config{Store: store})
	r := created(t, s, Draft{Function: "f1", Cron: minutely})
	store.set(broken, nil)
	_, err := s.Create(t.Context(), Draft{Function: "f1", Cron: minutely})
	fails(t, faas.CodeStore, err)
	text := "d"
	_, err = s.Update(t.Context(), r.ID, Edit{Description: &text})
	fails(t, faas.CodeStore, err)
	assert.Equal(t, []Schedule{r}, s.Schedules())
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	_, err := New(t.Context(), Config{Limit: -1, CatchUp: time.Minute - 1})
	require.Error(t, err)
	assert.Len(t, strings.Split(err.Error(), "\n"), 3)
	f := &functions{}
	_, err = New(t.Context(), Config{Functions: f, Limit: 1, CatchUp: time.Minute})
	require.NoError(t, err)
	_, err = New(t.Context(), Config{Functions: f, Store: &storeWith{load: errDisk}})
	require.ErrorIs(t, err, errDisk)

	store := NewMemory()
	for _, id := range []string{someID, otherID} {
		require.NoError(t, store.Save(t.Context(), Schedule{ID: id, Cron: "@hourly", Saved: 1}))
	}
	_, err = New(t.Context(), Config{Functions: f, Store: store})
	require.ErrorContains(t, err, someID)
	require.ErrorContains(t, err, otherID)
}

func TestOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScheduler(t, Config{})
		var want []string
		for range 5 {
			want = append(want, created(t, s, Draft{Function: "f1", Cron: minutely}).ID)
			time.Sleep(time.Nanosecond)
		}
		var have []string
		for _, r := range s.Schedules() {
			have = append(have, r.ID)
		}
		assert.Equal(t, want, have)
	})
}

// Schedules are changed from all sides while they run.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, store := &functions{do: func(context.Context, invocation) error { time.Sleep(70 * time.Second); return nil }}, NewMemory()
		s := newScheduler(t, Config{Functions: f, Store: store, Limit: 6})
		stop := started(t, s)
		var all sync.WaitGroup
		for i := range 4 {
			all.Go(func() {
				random := rand.New(rand.NewPCG(uint64(i), 1))
				for range 300 {
					time.Sleep(time.Duration(random.IntN(60)) * time.Second)
					assert.NoError(t, change(t.Context(), s, random))
				}
			})
		}
		all.Wait()
		stop()
		ran := f.dues()
		slices.Sort(ran)
		assert.Len(t, slices.Compact(slices.Clone(ran)), len(ran), "nothing is run twice")
		assert.Greater(t, len(ran), 100)
		kept, err := store.Load(t.Context())
		require.NoError(t, err)
		assert.ElementsMatch(t, s.Schedules(), kept)
	})
}

// change makes one random change, if it can be made.
func change(ctx context.Context, s *Scheduler, random *rand.Rand) error {
	cron := []string{minutely, "*/3 * * * *", "1-59/2 * * * *"}[random.IntN(3)]
	active, known := random.IntN(3) > 0, s.Schedules()
	var err error
	switch {
	case len(known) == 0 || random.IntN(4) == 0:
		_, err = s.Create(ctx, Draft{Function: "f1", Cron: cron, Active: active})
	case random.IntN(4) == 0:
		err = s.Delete(ctx, known[random.IntN(len(known))].ID, 0)
	default:
		r := known[random.IntN(len(known))]
		_, err = s.Update(ctx, r.ID, Edit{Cron: &cron, Active: &active, Revision: r.Revision})
	}
	var coded *faas.Error
	expected := []faas.Code{faas.CodeLimit, faas.CodeUnchanged, faas.CodeUnknownSchedule, faas.CodeConflict}
	if errors.As(err, &coded) && slices.Contains(expected, coded.Code) {
		return nil
	}
	return err
}
