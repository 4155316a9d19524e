package schedule

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// CodeInterrupted is of a run that had begun when its process ended. It is not
// known how far it came, and it is not repeated.
const CodeInterrupted faas.Code = "interrupted"

// A Schedule is a function that runs at times, and what is known of its runs.
// All times are in UTC.
type Schedule struct {
	ID       string `json:"id"`       // a UUID
	Function string `json:"function"` // the function's ID
	// Cron says when: five fields, with one blank between them.
	Cron        string `json:"cron"`
	Description string `json:"description,omitempty"`
	// Active says that the function runs. It ends by itself when there is no
	// such function any more: then LastCode is faas.CodeUnknownFunction.
	Active bool `json:"active"`
	// Headers and Payload are those of each envelope. Nil is an empty object.
	Headers []events.Header `json:"headers,omitempty"`
	Payload json.RawMessage `json:"payload,omitzero"`
	// Next is the next due time, and may be past while a run is late. It is zero
	// if the schedule is not active.
	Next time.Time `json:"next,omitzero"`
	// Last is the due time of the last run that has begun, and zero before the
	// first. Running says that the run has not ended.
	Last    time.Time `json:"last,omitzero"`
	Running bool      `json:"running,omitzero"`
	// LastFailed says that the last run which has ended has failed, and LastCode
	// how. What the function said is not kept, for it may quote payloads.
	LastFailed bool      `json:"lastFailed,omitzero"`
	LastCode   faas.Code `json:"lastCode,omitempty"`
	// Missed counts the due times that were not run: they were too old when they
	// were noticed, or waited when the schedule was changed.
	Missed int64 `json:"missed,omitzero"`
	// Settled is up to when due times are done with: no time up to it is run
	// again or counted again, whatever the clock says.
	Settled   time.Time `json:"settled"`
	CreatedAt time.Time `json:"createdAt"`
	CreatedBy string    `json:"createdBy,omitempty"`
	UpdatedAt time.Time `json:"updatedAt"`
	UpdatedBy string    `json:"updatedBy,omitempty"`
	// Revision counts the changes of the schedule, from 1. Runs are none.
	Revision int64 `json:"revision"`
	// Saved counts how often the store was given the schedule, from 1.
	Saved int64 `json:"saved"`
}

// clone shares nothing with the schedule. No headers are nil, as a store has
// it.
func (r Schedule) clone() Schedule {
	r.Headers = append([]events.Header(nil), r.Headers...)
	r.Payload = bytes.Clone(r.Payload)
	return r
}

// pass lets the due times up to now go by: those of an active schedule are
// missed.
func (r *Schedule) pass(p plan, now time.Time) {
	if r.Active {
		r.skip(p, now.Add(1))
	}
	r.Settled, r.Next = later(r.Settled, now), time.Time{}
}

// skip misses the due times before a limit.
func (r *Schedule) skip(p plan, limit time.Time) {
	missed := p.count(r.Next, limit)
	if missed == 0 {
		return
	}
	r.Missed += missed
	r.Settled = later(r.Settled, limit.Add(-1))
	r.Next = p.after(r.Settled)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// A Draft is a schedule to be created.
type Draft struct {
	Function    string // the ID of a function that is in service
	Cron        string // five fields of at most 120 characters
	Description string // at most 200 characters
	Active      bool
	Headers     []events.Header // at most 8,000 characters, names and values together
	Payload     json.RawMessage // at most 8,000 characters; nil is an empty object
}

// An Edit changes a schedule. Nil leaves things as they are.
type Edit struct {
	Function    *string
	Cron        *string
	Description *string
	Active      *bool
	Headers     *[]events.Header
	Payload     *json.RawMessage
	// Revision is that of the schedule which the edit was made from: if there
	// have been changes since, it fails with faas.CodeConflict. 0 is any.
	Revision int64
}

// applied is a schedule with the edit.
func (e Edit) applied(r Schedule) Schedule {
	if e.Function != nil {
		r.Function = *e.Function
	}
	if e.Cron != nil {
		r.Cron = *e.Cron
	}
	if e.Description != nil {
		r.Description = *e.Description
	}
	if e.Active != nil {
		r.Active = *e.Active
	}
	if e.Headers != nil {
		r.Headers = slices.Clone(*e.Headers)
	}
	if e.Payload != nil {
		r.Payload = bytes.Clone(*e.Payload)
	}
	return r
}

// same says whether an edit has changed nothing.
func same(a, b Schedule) bool {
	return a.Function == b.Function && a.Cron == b.Cron && a.Description == b.Description && a.Active == b.Active &&
		slices.Equal(a.Headers, b.Headers) && bytes.Equal(a.Payload, b.Payload)
}
