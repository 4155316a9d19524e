package schedule

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// The bounds of schedules (platform documentation, but for CatchUp).
const (
	DefaultLimit   = 10             // schedules
	DefaultCatchUp = 24 * time.Hour // how late a run may be
)

// Functions are what schedules run. A *faas.Runtime is one. They may be used by
// several goroutines at once.
type Functions interface {
	// Function gives a function. If there is none with this ID, the error is
	// faas.CodeUnknownFunction.
	Function(id string) (faas.Record, error)
	// InvokeFunction runs a function. Every error is a *faas.Error. It does not
	// panic, whatever the function does.
	InvokeFunction(ctx context.Context, id string, env events.Envelope, opts ...faas.CallOption) (faas.Result[json.RawMessage], error)
}

var _ Functions = (*faas.Runtime)(nil)

// A Config says what a scheduler works with.
type Config struct {
	// Functions must be there.
	Functions Functions
	// Store keeps the schedules. Nil is NewMemory().
	Store Store
	// Limit is how many schedules there may be. Zero is DefaultLimit; less is
	// refused. More that the store has already stay.
	Limit int
	// CatchUp is how old a due time may be for its run to be made up for, after
	// the process was down or the clock was put forward. Older ones are counted
	// as missed. Zero is DefaultCatchUp; less than a minute is refused.
	CatchUp time.Duration
	// Now tells the time. Nil is time.Now. It may be called by several
	// goroutines at once.
	Now func() time.Time
	// Observe is told of every run that has ended, before the schedule tells of
	// it. Those of one schedule are told one after the other, those of several
	// schedules at once. It must not panic. Nil is nobody.
	Observe func(Run)
	// Report is told what went wrong in Scheduler.Run with the store, which is
	// asked again a few seconds later. It must not panic. Nil is nobody.
	Report func(error)
}

// A Run is one run of a scheduled function.
type Run struct {
	Schedule  string // its ID
	Function  string // its ID
	RequestID string // of the invocation: the same for the same schedule and due time
	// Due is when the run was to begin. Start and End tell when it began and
	// ended.
	Due, Start, End time.Time
	// Err says why the run has failed; nil: it succeeded. Its text may quote
	// payloads if the function's own errors do. Compare it as it is: put into a
	// variable of type error, a nil *faas.Error is not nil.
	Err *faas.Error
}

// A Scheduler runs functions at times. New makes one; Run sets it to work. It
// may be used by several goroutines at once.
type Scheduler struct {
	functions Functions
	store     Store
	limit     int
	catchUp   time.Duration
	now       func() time.Time
	observe   func(Run)
	report    func(error)

	wake chan struct{} // full: Run has to look

	mu      sync.Mutex // held by whoever changes a schedule
	entries map[string]*entry
	running bool // Run is under way
}

// An entry is a schedule with what is known of it in this process.
type entry struct {
	Schedule
	plan plan
	run  *begun // of which the store does not have the outcome; nil: none
}

// A begun run is one that the store has as running.
type begun struct {
	due   time.Time
	ended bool
	// failed and code tell how it ended.
	failed bool
	code   faas.Code
}

// New makes a scheduler of what the store has. Runs that had begun when another
// process ended are failed with CodeInterrupted. Nothing runs before Run is
// called.
//
// The error tells everything that is wrong with the config, one line each; or
// that the store failed, or has schedules that cannot be followed.
func New(ctx context.Context, config Config) (*Scheduler, error) {
	s := &Scheduler{
		functions: config.Functions, store: config.Store, limit: cmp.Or(config.Limit, DefaultLimit),
		catchUp: cmp.Or(config.CatchUp, DefaultCatchUp), now: config.Now, observe: config.Observe, report: config.Report,
		wake: make(chan struct{}, 1), entries: map[string]*entry{},
	}
	if s.store == nil {
		s.store = NewMemory()
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.observe == nil {
		s.observe = func(Run) {}
	}
	if s.report == nil {
		s.report = func(error) {}
	}
	var faults []error
	if s.functions == nil {
		faults = append(faults, errors.New("there are no functions to run: give the config a runtime"))
	}
	if s.limit < 0 {
		faults = append(faults, fmt.Errorf("a limit of %d schedules: it cannot be negative", s.limit))
	}
	if s.catchUp < time.Minute {
		faults = append(faults, fmt.Errorf("runs are made up for within %v: that must be a minute at least", s.catchUp))
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	stored, err := s.store.Load(ctx)
	if err != nil {
		return nil, fmt.Errorf("load the schedules: %w", err)
	}
	for _, r := range stored {
		if err := s.adopt(r); err != nil {
			faults = append(faults, err)
		}
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return s, nil
}

// adopt takes a schedule as the store has it. A run that this process knows
// nothing of is interrupted.
func (s *Scheduler) adopt(r Schedule) error {
	p, _, err := parse(r.Cron)
	if err != nil {
		return fmt.Errorf("the store has the schedule %.60q: %w", r.ID, err)
	}
	e := s.entries[r.ID]
	if e == nil {
		e = &entry{}
		s.entries[r.ID] = e
	}
	e.Schedule, e.plan = r.clone(), p
	if e.Next = (time.Time{}); e.Active {
		e.Next = p.after(e.Settled)
	}
	if e.run != nil && e.run.ended && (!e.Running || !e.Last.Equal(e.run.due)) {
		e.run = nil // the store has its outcome after all
	}
	if e.Running && e.run == nil {
		e.run = &begun{due: e.Last, ended: true, failed: true, code: CodeInterrupted}
	}
	return nil
}

// Schedules lists all schedules by the time of their creation, and then by ID.
func (s *Scheduler) Schedules() []Schedule {
	s.mu.Lock()
	defer s.mu.Unlock()
	now, all := s.time(), []Schedule{}
	for _, e := range s.inOrder() {
		all = append(all, e.settled(now).clone())
	}
	return all
}

// Schedule gives the schedule with this ID. If there is none, the error is
// faas.CodeUnknownSchedule.
func (s *Scheduler) Schedule(id string) (Schedule, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, err := s.find(id)
	if err != nil {
		return Schedule{}, err
	}
	return e.settled(s.time()).clone(), nil
}

// time is the time as a store can keep it. UTC drops the monotonic part: due times
// are the wall clock's.
func (s *Scheduler) time() time.Time { return s.now().UTC() }

// find is the entry with an ID, for those who hold mu.
func (s *Scheduler) find(id string) (*entry, error) {
	if e, ok := s.entries[id]; ok {
		return e, nil
	}
	return nil, &faas.Error{Code: faas.CodeUnknownSchedule, Err: fmt.Errorf("there is no schedule %.60q", id)}
}

func (s *Scheduler) inOrder() []*entry {
	all := make([]*entry, 0, len(s.entries))
	for _, e := range s.entries {
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b *entry) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	return all
}

// settled is the schedule with the outcome of its run, if that has ended.
func (e *entry) settled(now time.Time) Schedule {
	r := e.Schedule
	if e.run == nil || !e.run.ended || !r.Running || !r.Last.Equal(e.run.due) {
		return r
	}
	r.Running, r.LastFailed, r.LastCode = false, e.run.failed, e.run.code
	if r.Active && r.LastFailed && r.LastCode == faas.CodeUnknownFunction {
		r.pass(e.plan, now)
		r.Active, r.UpdatedAt, r.UpdatedBy = false, now, ""
		r.Revision++
	}
	return r
}

// keep has the store keep a schedule, which was made of what settled gives. It
// counts when the store has it.
func (s *Scheduler) keep(ctx context.Context, e *entry, r Schedule) error {
	r.Saved++
	if err := s.store.Save(ctx, r.clone()); err != nil {
		return s.stored(ctx, "save the schedule", r.ID, err)
	}
	e.Schedule = r
	if e.run != nil && e.run.ended {
		e.run = nil
	}
	return nil
}

// stored is an error of the store. If the store has another schedule than is
// known here, that one counts.
func (s *Scheduler) stored(ctx context.Context, doing, id string, err error) error {
	if !errors.Is(err, ErrConflict) {
		return &faas.Error{Code: faas.CodeStore, Err: fmt.Errorf("%s %s: %w", doing, id, err)}
	}
	stored, failed := s.store.Load(ctx)
	if failed == nil {
		i := slices.IndexFunc(stored, func(r Schedule) bool { return r.ID == id })
		if i >= 0 {
			failed = s.adopt(stored[i])
		} else {
			delete(s.entries, id)
		}
	}
	return &faas.Error{Code: faas.CodeConflict, Err: fmt.Errorf("%s %s: %w", doing, id, errors.Join(err, failed))}
}
