package faas

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/afterword-go/afterword/events"
)

// maxSource bounds the source of a function, in characters (platform
// documentation).
const maxSource = 100_000

// As says who changes functions with this context; their records name them.
func As(ctx context.Context, who string) context.Context {
	return context.WithValue(ctx, actorKey, who)
}

// Actor is who As says. It may be empty.
func Actor(ctx context.Context) string {
	who, _ := ctx.Value(actorKey).(string)
	return strings.ToValidUTF8(who, "\ufffd")
}

// Functions lists functions by the time of their creation, and then by name.
func (rt *Runtime) Functions(filter Filter) []Record {
	rt.manage.Lock()
	defer rt.manage.Unlock()
	var out []Record
	for _, e := range rt.records {
		if r := e.shown(); filter.matches(r) {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b Record) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.Name, b.Name))
	})
	return out
}

// Function gives the function with this ID. If there is none, the error is
// CodeUnknownFunction.
func (rt *Runtime) Function(id string) (Record, error) {
	rt.manage.Lock()
	defer rt.manage.Unlock()
	e, err := rt.find(id)
	if err != nil {
		return Record{}, err
	}
	return e.shown(), nil
}

// Create makes a function, which is a draft until it is deployed. Its source
// is not built yet. The error is CodeInvalid with everything that is wrong, or
// CodeStore.
func (rt *Runtime) Create(ctx context.Context, d Draft) (Record, error) {
	rt.manage.Lock()
	defer rt.manage.Unlock()
	now := now()
	r := Record{
		ID: newID(), Name: d.Name, Description: d.Description, Event: d.Event, Skills: slices.Clone(d.Skills), Source: d.Source,
		Version: 1, State: StateDraft, CreatedAt: now, CreatedBy: Actor(ctx),
	}
	if err := rt.sound(r); err != nil {
		return Record{}, err
	}
	if err := rt.save(ctx, &r); err != nil {
		return Record{}, err
	}
	rt.records[r.ID] = newEntry(r)
	return r.clone(), nil
}

// Update changes a function. Another source counts once it is deployed: till
// then the version that is in service goes on. Everything else counts at once.
//
// The error is CodeUnknownFunction, CodeInvalid with everything that is wrong,
// CodeUnchanged if there is nothing to change, CodeLimit if other skills do not
// go with those of other functions, CodeConflict or CodeStore.
func (rt *Runtime) Update(ctx context.Context, id string, edit Edit) (Record, error) {
	rt.manage.Lock()
	defer rt.manage.Unlock()
	e, err := rt.find(id)
	if err != nil {
		return Record{}, err
	}
	if e.InGo {
		return Record{}, invalid(e.Record, errors.New("it is made in Go: change it there"))
	}
	if edit.Revision != 0 && edit.Revision != e.Revision {
		return Record{}, &Error{Code: CodeConflict, Event: e.Event, Function: e.Name, Err: ErrConflict}
	}
	served := rt.table.Load().byID[id]
	r := e.changed(edit, served != nil)
	if r.Name == e.Name && r.Description == e.Description && r.Source == e.Source && slices.Equal(r.Skills, e.Skills) {
		return Record{}, &Error{Code: CodeUnchanged, Event: e.Event, Function: e.Name}
	}
	if err := rt.sound(r); err != nil {
		return Record{}, err
	}
	if served != nil {
		if err := rt.fits(served.Function, r); err != nil {
			return Record{}, &Error{Code: CodeLimit, Event: r.Event, Function: r.Name, Err: err}
		}
	}
	if err := rt.save(ctx, &r); err != nil {
		return Record{}, err
	}
	e.Record = r
	if served != nil {
		f := served.Function
		f.name, f.description, f.skills = r.Name, r.Description, r.Skills
		rt.table.Store(rt.table.Load().with(e.live(f, 0)))
	}
	return e.shown(), nil
}

// changed is the record with an edit. A function that could not be restored has
// a deployment, but is not live: it goes on to say why.
func (e *entry) changed(edit Edit, live bool) Record {
	r := e.settled()
	if edit.Name != nil {
		r.Name = *edit.Name
	}
	if edit.Description != nil {
		r.Description = *edit.Description
	}
	if edit.Skills != nil {
		r.Skills = slices.Clone(*edit.Skills)
	}
	if edit.Source == nil || *edit.Source == r.Source {
		return r
	}
	r.Source, r.Version = *edit.Source, r.Version+1
	switch _, serving := r.Serving(); {
	case serving && live:
		r.State, r.Problem = StateModified, ""
	case !serving && r.State != StateMarkedUndeployed: // which lasts until the runs have ended
		r.State, r.Problem = StateDraft, ""
	}
	return r
}

// Delete removes a function for good. The error is CodeUnknownFunction,
// CodeDeployed if it is in service or still runs, CodeInvalid if it is made in
// Go, CodeConflict or CodeStore.
func (rt *Runtime) Delete(ctx context.Context, id string) error {
	rt.manage.Lock()
	defer rt.manage.Unlock()
	e, err := rt.find(id)
	if err != nil {
		return err
	}
	if e.InGo {
		if rt.inGo[e.Name] != nil {
			return invalid(e.Record, errors.New("it is made in Go: leave it out there"))
		}
	}
	if _, serving := e.Serving(); serving || e.running.Load() > 0 {
		return &Error{Code: CodeDeployed, Event: e.Event, Function: e.Name, Err: errors.New("undeploy it first")}
	}
	if err := rt.store.Delete(ctx, id, e.Revision); err != nil {
		return stored(e.Record, "delete the function", err)
	}
	delete(rt.records, id)
	return nil
}

// now is the time as a store can keep it.
func now() time.Time { return time.Now().UTC().Round(0) }

// find is the entry with an ID, for those who hold manage.
func (rt *Runtime) find(id string) (*entry, error) {
	if e, ok := rt.records[id]; ok {
		return e, nil
	}
	if e := rt.named(id); e != nil {
		return nil, &Error{Code: CodeUnknownFunction, Err: fmt.Errorf("%q is a function's name: give its ID, which is %s", e.Name, e.ID)}
	}
	return nil, &Error{Code: CodeUnknownFunction, Err: fmt.Errorf("there is no function %.60q", id)}
}

// named is the entry with a name, or nil.
func (rt *Runtime) named(name string) *entry {
	for _, e := range rt.records {
		if e.Name == name {
			return e
		}
	}
	return nil
}

// save keeps a record that was changed, and brings its times and its revision
// up to date.
func (rt *Runtime) save(ctx context.Context, r *Record) error {
	r.UpdatedAt, r.UpdatedBy = now(), Actor(ctx)
	r.Revision++
	if err := rt.store.Save(ctx, r.clone()); err != nil {
		return stored(*r, "save the function", err)
	}
	return nil
}

// stored is an error of the store.
func stored(r Record, doing string, err error) error {
	code := CodeStore
	if errors.Is(err, ErrConflict) {
		code = CodeConflict
	}
	return &Error{Code: code, Event: r.Event, Function: r.Name, Err: storeError(doing, err)}
}

func invalid(r Record, faults ...error) error {
	return &Error{Code: CodeInvalid, Event: r.Event, Function: r.Name, Err: errors.Join(faults...)}
}

// sound tells everything that is wrong with a record.
func (rt *Runtime) sound(r Record) error {
	var faults []error
	place := Record{Name: r.Name, Event: r.Event}
	if !validName(r.Name) {
		place.Name = ""
		faults = append(faults, fmt.Errorf("the name %.60q must be 1 to %d letters, digits and underscores", r.Name, maxName))
	} else if other := rt.named(r.Name); other != nil && other.ID != r.ID {
		faults = append(faults, errors.New("another function has this name"))
	}
	if !utf8.ValidString(strings.Join(append(slices.Clone(r.Skills), r.Description, r.Source), " ")) {
		faults = append(faults, errors.New("the description, the source and the skills must be UTF-8"))
	}
	if n := utf8.RuneCountInString(r.Description); n > maxDescription {
		faults = append(faults, fmt.Errorf("the description has %d characters; keep it to %d", n, maxDescription))
	}
	if n := utf8.RuneCountInString(r.Source); n > maxSource {
		faults = append(faults, fmt.Errorf("the source has %d characters; keep it to %d", n, maxSource))
	}
	kind, err := rt.registry.Lookup(r.Event)
	_, builds := rt.builders[r.Event]
	switch {
	case r.Event == "":
		faults = append(faults, errors.New("it names no event, and functions without one are made in Go"))
	case err != nil:
		place.Event = "" // it may be long; the fault has it
		faults = append(faults, err)
	case !builds:
		faults = append(faults, errTextless)
	default:
		if err := events.CheckLimit(kind, nil, events.Holder{Function: r.Name, Skills: r.Skills}); err != nil {
			faults = append(faults, err)
		}
	}
	if len(faults) > 0 {
		return invalid(place, faults...)
	}
	return nil
}

// fits tells why a function cannot be in service beside the others of its
// event: nil if it can.
func (rt *Runtime) fits(f Function, r Record) error {
	if f.noEvent {
		return nil
	}
	var holders []events.Holder
	for _, l := range rt.table.Load().byEvent[r.Event] {
		if l.id != r.ID {
			holders = append(holders, events.Holder{Function: l.name, Skills: l.skills})
		}
	}
	return events.CheckLimit(f.kind, holders, events.Holder{Function: r.Name, Skills: r.Skills})
}
