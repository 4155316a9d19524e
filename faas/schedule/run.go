package schedule

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

const (
	// nap is how long Run sleeps at most: so soon it notices that the clock has
	// been changed.
	nap = 30 * time.Second
	// pause is how long Run waits for a store that has failed.
	pause = 5 * time.Second
)

// ErrRunning says that Run is under way already.
var ErrRunning = errors.New("the scheduler is running already")

// Run runs what is due until the context ends, and then waits for the runs that
// have begun: they have the values of the context but not its end, and as long
// as their functions may take. It starts no goroutines but theirs.
//
// The error is ErrRunning if another Run is under way; that of the store if it
// has not taken the outcomes of the last runs, which the next New then takes for
// interrupted; and otherwise nil. After it Run may be called again.
func (s *Scheduler) Run(ctx context.Context) error {
	s.mu.Lock()
	if s.running {
		s.mu.Unlock()
		return ErrRunning
	}
	s.running = true
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.running = false
	}()
	var runs sync.WaitGroup
	for ctx.Err() == nil {
		wait, err := s.attend(ctx, &runs)
		if err != nil {
			s.report(err)
		}
		alarm := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-s.wake:
		case <-alarm.C:
		}
		alarm.Stop()
	}
	runs.Wait()
	_, err := s.attend(ctx, &runs) // starts nothing any more
	return err
}

// attend starts what is due, has the store keep what has ended, and says how
// long nothing will be to do.
func (s *Scheduler) attend(ctx context.Context, runs *sync.WaitGroup) (time.Duration, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now, wait := s.time(), nap
	var faults []error
	for _, e := range s.entries {
		if e.run != nil && !e.run.ended {
			continue // its end will be heard
		}
		if err := s.advance(ctx, e, now, runs); err != nil {
			faults, wait = append(faults, err), min(wait, pause)
			continue
		}
		if !e.Next.IsZero() && e.run == nil {
			wait = min(wait, max(e.Next.Sub(now), time.Millisecond))
		}
	}
	return wait, errors.Join(faults...)
}

// advance brings a schedule up to now: the outcome of its last run, what it has
// missed, and the next run if it is due. The store has all of it before the run
// starts.
func (s *Scheduler) advance(ctx context.Context, e *entry, now time.Time, runs *sync.WaitGroup) error {
	due := e.Active && !e.Next.IsZero() && !e.Next.After(now) && ctx.Err() == nil
	if e.run == nil && !due {
		return nil
	}
	r := e.settled(now)
	start := false
	if due && r.Active {
		r.skip(e.plan, now.Add(-s.catchUp))
		if start = !r.Next.IsZero() && !r.Next.After(now); start {
			r.Last, r.Settled, r.Running = r.Next, r.Next, true
			r.Next = e.plan.after(r.Last)
		}
	}
	if err := s.keep(context.WithoutCancel(ctx), e, r); err != nil {
		return err
	}
	if start {
		e.run = &begun{due: r.Last}
		runs.Go(func() { s.execute(context.WithoutCancel(ctx), e, r) })
	}
	return nil
}

// execute runs a schedule's function once, as the schedule was when it was due.
func (s *Scheduler) execute(ctx context.Context, e *entry, r Schedule) {
	run := Run{Schedule: r.ID, Function: r.Function, RequestID: requestID(r.ID, r.Last), Due: r.Last, Start: s.time()}
	own := r.clone()
	_, err := s.functions.InvokeFunction(ctx, r.Function, events.Envelope{Timestamp: r.Last, Headers: own.Headers, Payload: own.Payload}, faas.WithRequestID(run.RequestID))
	run.End = s.time()
	if err != nil {
		run.Err = failure(err)
	}
	s.observe(run)
	s.mu.Lock()
	e.run.ended = true
	if run.Err != nil {
		e.run.failed, e.run.code = true, run.Err.Code
	}
	s.mu.Unlock()
	s.look()
}

// requestID tells a run from all others.
func requestID(id string, due time.Time) string { return id + "@" + due.UTC().Format(time.RFC3339) }
