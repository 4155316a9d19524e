package schedule

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/faas"
)

// A ledger is a store of which a test keeps the books: what it has been told of
// runs. Each process has its own, over one store.
type ledger struct {
	Store
	*books
	dead bool // the process has ended
}

// books are kept over all processes of a test.
type books struct {
	mu     sync.Mutex
	random *rand.Rand
	// trouble is in how many of so many calls the store fails, and lying in how
	// many of these it has done what it says it has not.
	trouble, lying int
	now            func() time.Time
	catchUp        time.Duration
	held           map[string]Schedule
	claimed        map[string]bool // by request ID
	faults         []error
}

var errEnded = errors.New("the process has ended")

func (l *ledger) Load(ctx context.Context) ([]Schedule, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.dead {
		return nil, errEnded
	}
	return l.Store.Load(ctx)
}

func (l *ledger) Save(ctx context.Context, r Schedule) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.dead {
		return errEnded
	}
	fails := l.random.IntN(1000) < l.trouble
	lies := fails && l.random.IntN(10) < l.lying
	if fails && !lies {
		return errDisk
	}
	if err := l.Store.Save(ctx, r); err != nil {
		return err
	}
	l.book(r)
	if lies {
		return errDisk
	}
	return nil
}

// book looks at what changes.
func (l *ledger) book(r Schedule) {
	was := l.held[r.ID]
	l.held[r.ID] = r
	if r.Settled.Before(was.Settled) {
		l.faults = append(l.faults, fmt.Errorf("%s: %v is settled no more", r.Cron, was.Settled))
	}
	if r.Missed > was.Missed {
		// All that was missed was too old, and the first that was not was not.
		p, _, err := parse(r.Cron)
		oldest := l.now().Add(-l.catchUp)
		if err != nil || p.count(was.Next, oldest) != r.Missed-was.Missed {
			l.faults = append(l.faults, fmt.Errorf("%s: missed %d from %v up to %v", r.Cron, r.Missed-was.Missed, was.Next, oldest))
		}
	}
	if r.Running && !r.Last.Equal(was.Last) {
		id := requestID(r.ID, r.Last)
		if l.claimed[id] || l.now().Before(r.Last) {
			l.faults = append(l.faults, fmt.Errorf("%s: begun twice, or before it was due", id))
		}
		l.claimed[id] = true
	}
}

func (l *ledger) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dead = true
}

// Two years and more of a scheduler whose clock is changed, whose process ends
// in good order or at any moment, and whose store fails: every due time is run
// once, or accounted for.
func TestYears(t *testing.T) {
	t.Parallel()
	crons := []string{"*/20 * * * *", "7 * * * *", "30 2 * * *", "0 12 13 * 5", "*/10 9-16/2 * 1-6 mon-wed", "0 0 29 2 *", "59 23 31 12 *"}
	for name, c := range map[string]years{
		"clock":     {months: 5, steps: 12 * time.Hour},
		"restarts":  {months: 5, down: 20 * time.Hour},
		"kills":     {months: 5, down: 20 * time.Hour, kills: true},
		"store":     {months: 5, trouble: 50},
		"all":       {months: 25, steps: 11 * time.Hour, down: 10 * time.Hour, kills: true, trouble: 30, lying: 3},
		"long away": {months: 25, steps: 200 * time.Hour, down: 200 * time.Hour, kills: true, trouble: 30, lying: 3, misses: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { c.live(t, crons) })
		})
	}
}

// Years say what happens in them.
type years struct {
	months         int
	steps, down    time.Duration // of the clock to either side, and of the process at most
	kills          bool          // the process may end at any moment
	trouble, lying int
	misses         bool // due times may become too old
}

func (y years) live(t *testing.T, crons []string) {
	if testing.Short() || racing {
		y.months = 1
	}
	span := time.Duration(y.months) * 30 * 24 * time.Hour
	random := rand.New(rand.NewPCG(3, uint64(y.steps+y.down)+uint64(y.trouble)))
	c := &clock{}
	b := &books{random: rand.New(rand.NewPCG(4, 4)), now: c.now, catchUp: DefaultCatchUp, held: map[string]Schedule{}, claimed: map[string]bool{}}
	store, f := NewMemory(), &functions{do: func(_ context.Context, call invocation) error { return moment(call) }}

	begin := c.now().UTC()
	s := newScheduler(t, Config{Functions: f, Store: &ledger{Store: store, books: b}, Now: c.now})
	for _, cron := range crons {
		created(t, s, Draft{Function: "f", Cron: cron, Active: true})
	}
	b.mu.Lock()
	b.trouble, b.lying = y.trouble, y.lying
	b.mu.Unlock()
	var processes sync.WaitGroup
	for start := time.Now(); time.Since(start) < span; {
		l := &ledger{Store: store, books: b}
		ctx, cancel := context.WithCancel(t.Context())
		process := newScheduler(t, Config{Functions: f, Store: l, Now: c.now, Limit: 10})
		processes.Go(func() { _ = process.Run(ctx) }) // the store may fail at the end, too
		for range 1 + random.IntN(5) {
			time.Sleep(time.Duration(random.Int64N(int64(10 * 24 * time.Hour))))
			if y.steps > 0 {
				c.step(time.Duration(random.Int64N(int64(2*y.steps))) - y.steps)
			}
		}
		if y.kills {
			l.end()
		}
		cancel()
		if !y.kills {
			processes.Wait()
		}
		if y.down > 0 {
			time.Sleep(time.Duration(random.Int64N(int64(y.down))))
		}
	}
	processes.Wait()
	y.settle(t, b, f, store, c, begin)
}

// moment is how long a run takes: a few are late for the next.
func moment(call invocation) error {
	switch call.env.Timestamp.Unix() / 60 % 11 {
	case 0:
		time.Sleep(time.Second)
	case 1:
		time.Sleep(25 * time.Minute)
	case 2:
		return &faas.Error{Code: faas.CodeFailed}
	}
	return nil
}

// settle compares what was run with what was due.
func (y years) settle(t *testing.T, b *books, f *functions, store Store, c *clock, begin time.Time) {
	b.mu.Lock()
	b.trouble = 0
	b.mu.Unlock()
	// A last process without any trouble catches up.
	s := newScheduler(t, Config{Functions: f, Store: &ledger{Store: store, books: b}, Now: c.now})
	stop := started(t, s)
	time.Sleep(3 * 24 * time.Hour)
	stop()
	assert.Empty(t, b.faults)

	ran := map[string]int{}
	for _, id := range f.dues() {
		ran[id]++
		require.Equal(t, 1, ran[id], "%s was run twice", id)
		require.True(t, b.claimed[id], "%s was run without being begun", id)
	}
	if y.lying == 0 {
		assert.Len(t, ran, len(b.claimed), "what was begun was run")
	}
	missed, now := int64(0), c.now()
	for _, r := range s.Schedules() {
		lost, n := 0, 0
		modelOf(r.Cron).walk(begin, r.Settled, func(at time.Time) bool {
			n++
			if id := requestID(r.ID, at); b.claimed[id] {
				delete(b.claimed, id)
			} else {
				lost++
			}
			return true
		})
		assert.Equal(t, r.Missed, int64(lost), "%s: all others were begun", r.Cron)
		assert.True(t, r.Next.After(now.Add(-30*time.Minute)), "%s: a run may be late for the last one", r.Cron)
		if y.months > 24 {
			assert.Positive(t, n, r.Cron)
		}
		missed += r.Missed
	}
	assert.Empty(t, b.claimed, "begun, and not due")
	assert.Equal(t, y.misses, missed > 0, "%d missed", missed)
	assert.Greater(t, len(ran), y.months*100)
}
