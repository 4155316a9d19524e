package schedule

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/faas"
)

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
