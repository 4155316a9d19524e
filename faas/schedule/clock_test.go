package schedule

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

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

// Times are those of the wall clock, as a store keeps them.
func TestNoMonotonicTimes(t *testing.T) {
	t.Parallel()
	r := created(t, newScheduler(t, Config{}), Draft{Function: "f1", Cron: minutely})
	for _, at := range []time.Time{r.CreatedAt, r.Settled} {
		assert.NotContains(t, at.String(), "m=")
		assert.Same(t, time.UTC, at.Location())
	}
}
