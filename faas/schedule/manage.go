package schedule

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// The bounds of a schedule, in characters (platform documentation; it has none
// for headers).
const (
	maxDescription = 200
	maxHeaders     = 8_000
	maxPayload     = 8_000
)

// Create makes a schedule, which is first due after now. Who created it is told
// by faas.As.
//
// The error is faas.CodeInvalid with everything that is wrong;
// faas.CodeUnknownFunction, or faas.CodeNotDeployed if the function is not in
// service; faas.CodeLimit if there are as many as may be; or faas.CodeStore.
func (s *Scheduler) Create(ctx context.Context, d Draft) (Schedule, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.time()
	r := Schedule{
		ID: uuid.NewString(), Function: d.Function, Cron: d.Cron, Description: d.Description, Active: d.Active,
		Headers: slices.Clone(d.Headers), Payload: bytes.Clone(d.Payload), Settled: now,
		CreatedAt: now, CreatedBy: faas.Actor(ctx), UpdatedAt: now, UpdatedBy: faas.Actor(ctx), Revision: 1,
	}
	p, err := s.sound(&r, true)
	if err != nil {
		return Schedule{}, err
	}
	if len(s.entries) >= s.limit {
		return Schedule{}, &faas.Error{Code: faas.CodeLimit, Err: fmt.Errorf("there are %d of %d schedules: delete one first", len(s.entries), s.limit)}
	}
	if r.Active {
		r.Next = p.after(now)
	}
	e := &entry{plan: p}
	if err := s.keep(ctx, e, r); err != nil {
		return Schedule{}, err
	}
	s.entries[r.ID] = e
	s.look()
	return e.clone(), nil
}

// Update changes a schedule. With another cron expression, or when it becomes
// active, it is next due after now; due times that have come and wait for their
// run are missed then. A run that has begun goes on as it is.
//
// The error is faas.CodeUnknownSchedule; faas.CodeInvalid with everything that
// is wrong; faas.CodeUnchanged if there is nothing to change; faas.CodeConflict;
// faas.CodeStore; and if the function changes or the schedule becomes active
// also faas.CodeUnknownFunction or faas.CodeNotDeployed.
func (s *Scheduler) Update(ctx context.Context, id string, edit Edit) (Schedule, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, err := s.find(id)
	if err != nil {
		return Schedule{}, err
	}
	now := s.time()
	was := e.settled(now)
	if edit.Revision != 0 && edit.Revision != was.Revision {
		return Schedule{}, &faas.Error{Code: faas.CodeConflict, Err: ErrConflict}
	}
	r := edit.applied(was)
	p, err := s.sound(&r, r.Function != was.Function || r.Active && !was.Active)
	if err != nil {
		return Schedule{}, err
	}
	if same(r, was) {
		return Schedule{}, &faas.Error{Code: faas.CodeUnchanged}
	}
	if r.Cron != was.Cron || r.Active != was.Active {
		was.pass(e.plan, now)
		r.Missed, r.Settled, r.Next = was.Missed, was.Settled, was.Next
		if r.Active {
			r.Next = p.after(r.Settled)
		}
	}
	r.UpdatedAt, r.UpdatedBy = now, faas.Actor(ctx)
	r.Revision++
	if err := s.keep(ctx, e, r); err != nil {
		return Schedule{}, err
	}
	e.plan = p
	s.look()
	return e.clone(), nil
}

// Delete removes a schedule for good. A run that has begun goes on, and only
// Config.Observe is told of its end. The revision is that of the schedule as it
// was seen; 0 is any.
//
// The error is faas.CodeUnknownSchedule, faas.CodeConflict or faas.CodeStore.
func (s *Scheduler) Delete(ctx context.Context, id string, revision int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, err := s.find(id)
	if err != nil {
		return err
	}
	if revision != 0 && revision != e.settled(s.time()).Revision {
		return &faas.Error{Code: faas.CodeConflict, Err: ErrConflict}
	}
	if err := s.store.Delete(ctx, id, e.Saved); err != nil {
		return s.stored(ctx, "delete the schedule", id, err)
	}
	delete(s.entries, id)
	return nil
}

// sound tells everything that is wrong with a schedule, and brings its cron
// expression and its payload into the form that they are kept in. Placed says
// that the function has to be in service.
func (s *Scheduler) sound(r *Schedule, placed bool) (plan, error) {
	var faults []error
	p, text, err := parse(r.Cron)
	if err != nil {
		faults = append(faults, err)
	}
	r.Cron = text
	if !utf8.ValidString(r.Description) {
		faults = append(faults, errors.New("the description must be UTF-8"))
	}
	if n := utf8.RuneCountInString(r.Description); n > maxDescription {
		faults = append(faults, fmt.Errorf("the description has %d characters; keep it to %d", n, maxDescription))
	}
	faults = append(faults, r.envelope()...)
	var unplaced *faas.Error
	if placed {
		unplaced = s.inService(r.Function)
	}
	if len(faults) == 0 && unplaced == nil {
		return p, nil
	}
	if len(faults) == 0 {
		return plan{}, unplaced
	}
	if unplaced != nil {
		faults = append(faults, unplaced)
	}
	return plan{}, &faas.Error{Code: faas.CodeInvalid, Err: errors.Join(faults...)}
}

// envelope tells what is wrong with headers and payload.
func (r *Schedule) envelope() (faults []error) {
	if len(r.Payload) == 0 {
		r.Payload = nil
	}
	data, err := events.Envelope{Headers: r.Headers, Payload: r.Payload}.Encode()
	if err == nil {
		_, err = events.DecodeEnvelope(data)
	}
	if err != nil {
		return []error{fmt.Errorf("the headers and the payload cannot be sent: %w", err)}
	}
	if r.Payload != nil {
		r.Payload = compact(r.Payload)
	}
	if n := utf8.RuneCount(r.Payload); n > maxPayload {
		faults = append(faults, fmt.Errorf("the payload has %d characters; keep it to %d", n, maxPayload))
	}
	n := 0
	for _, h := range r.Headers {
		n += utf8.RuneCountInString(h.Key) + utf8.RuneCountInString(h.Value)
	}
	if n > maxHeaders {
		faults = append(faults, fmt.Errorf("the headers have %d characters; keep them to %d", n, maxHeaders))
	}
	return faults
}

// inService says why a function cannot be scheduled.
func (s *Scheduler) inService(id string) *faas.Error {
	function, err := s.functions.Function(id)
	if err != nil {
		return failure(err)
	}
	if _, serving := function.Serving(); !serving {
		return &faas.Error{Code: faas.CodeNotDeployed, Event: function.Event, Function: function.Name, Err: errors.New("deploy it first")}
	}
	return nil
}

// failure is an error of the functions, whose errors have codes.
func failure(err error) *faas.Error {
	var coded *faas.Error
	if errors.As(err, &coded) {
		return coded
	}
	return &faas.Error{Err: err}
}

// look has Run look at the schedules.
func (s *Scheduler) look() {
	select {
	case s.wake <- struct{}{}:
	default: // it will
	}
}
