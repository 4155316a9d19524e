package faas

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
)

// An entry is a function with what its runs leave behind. Whoever holds
// Runtime.manage may change it.
type entry struct {
	Record
	*trace
	pulse *pulse // of the last deployment
}

func newEntry(r Record) *entry { return &entry{Record: r, trace: &trace{}, pulse: &pulse{}} }

// shown is the record as others see it: a function that is out of service for
// the runs that go on says so.
func (e *entry) shown() Record {
	r := e.settled()
	if _, serving := r.Serving(); serving && e.pulse.retired.Load() {
		r.State, r.Problem = StateDeployError, errRetired.Error()
	}
	return r
}

// settled is the record as it is by now: what was taken out of service is a
// draft once nothing runs.
func (e *entry) settled() Record {
	r := e.clone()
	if r.State == StateMarkedUndeployed && e.running.Load() == 0 {
		r.State = StateDraft
	}
	return r
}

// live puts a function into the service of the entry.
func (e *entry) live(f Function, inGo int) *live {
	return &live{Function: f, id: e.ID, connected: e.ConnectedAt, inGo: inGo, pulse: e.pulse, trace: e.trace}
}

// A goFunction is a function of the config.
type goFunction struct {
	Function
	place int // in the config, from 1
}

// inGoSpace is the name space of the IDs of functions in Go.
var inGoSpace = uuid.MustParse("a3f5c0de-7d0c-4c63-9c5f-6f3f0d4f1b52")

// restore connects the functions of the config and of the store.
func (rt *Runtime) restore(ctx context.Context, functions []Function) error {
	stored, err := rt.store.Load(ctx)
	if err != nil {
		return storeError("load the functions", err)
	}
	slices.SortFunc(stored, func(a, b Record) int {
		return cmp.Or(a.ConnectedAt.Compare(b.ConnectedAt), cmp.Compare(a.ID, b.ID))
	})
	if err := namesakes(stored); err != nil {
		return err
	}
	for i, f := range functions {
		rt.inGo[f.name] = &goFunction{f, i + 1}
	}
	for _, r := range stored {
		rt.records[r.ID] = newEntry(r)
	}
	var errs []error
	for _, f := range functions {
		errs = append(errs, rt.adopt(ctx, f))
	}
	for _, r := range stored {
		if _, serving := r.Serving(); serving && rt.table.Load().byID[r.ID] == nil {
			rt.revive(ctx, rt.records[r.ID])
		}
	}
	return errors.Join(errs...)
}

// namesakes tells all records that have the name of another one: the runtime
// makes none, and would serve both.
func namesakes(stored []Record) error {
	var errs []error
	ids := map[string]string{} // by name
	for _, r := range stored {
		if other, taken := ids[r.Name]; taken {
			errs = append(errs, fmt.Errorf("load the functions: %s and %s have one name, %.60q: keep one of them in the store", other, r.ID, r.Name))
			continue
		}
		ids[r.Name] = r.ID
	}
	return errors.Join(errs...)
}

// adopt connects a function in Go, unless the store says that it has been
// undeployed.
func (rt *Runtime) adopt(ctx context.Context, f Function) error {
	e := rt.named(f.name)
	if e == nil {
		now := now()
		e = newEntry(Record{
			ID: uuid.NewSHA1(inGoSpace, []byte(f.name)).String(), Name: f.name, Event: f.Event(), InGo: true, Version: 1,
			State: StateProductive, Deployments: []Deployment{{ID: newID(), Version: 1, DeployedAt: now}},
			ConnectedAt: now, CreatedAt: now, UpdatedAt: now,
		})
	}
	if !e.InGo || e.Event != f.Event() {
		return &Error{Code: CodeInvalid, Event: f.Event(), Function: f.name, Err: errors.New("the store has another function of this name: give this one its own")}
	}
	r := e.clone()
	r.Description, r.Skills = f.description, f.Skills()
	if r.Revision == 0 || r.Description != e.Description || !slices.Equal(r.Skills, e.Skills) {
		if err := rt.save(ctx, &r); err != nil {
			return err
		}
	}
	e.Record = r
	rt.records[r.ID] = e
	if _, serving := r.Serving(); serving {
		rt.table.Store(rt.table.Load().with(e.live(f, rt.inGo[f.name].place)))
	}
	return nil
}

// revive connects a function that the store has as deployed. If that cannot be
// done, the record says why; the store keeps it as it was.
func (rt *Runtime) revive(ctx context.Context, e *entry) {
	serving, _ := e.Serving()
	f, failure := rt.build(ctx, e.Record, serving.Source)
	var err error
	if failure != nil {
		err = failure.Err
	} else {
		err = rt.fits(f, e.Record)
	}
	if err != nil {
		e.State, e.Problem = StateDeployError, wordsOf(err)
		return
	}
	rt.table.Store(rt.table.Load().with(e.live(f, 0)))
}

// newID makes a UUID.
func newID() string { return uuid.NewString() }
