package faas

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Deploy builds the source of a function and puts it into service, in the
// place of its earlier version if there is one. Invocations that have begun end
// with the version they began with.
//
// The error is CodeUnknownFunction; CodeBuildFailed with all that is wrong with
// the source; CodeLimit if the event has no place for it, with who holds the
// places; CodeCanceled if the context ended before the source was built;
// CodeConflict or CodeStore. The earlier version then goes on. The record comes
// with the error; after CodeBuildFailed and CodeLimit it tells the problem.
func (rt *Runtime) Deploy(ctx context.Context, id string) (Record, error) {
	r, err := rt.Function(id)
	if err != nil {
		return Record{}, err
	}
	return rt.deploy(ctx, r, r.Revision)
}

// Rollback deploys again what one of the function's deployments had in
// service. Its source becomes that of the function. The error is as that of
// Deploy, or CodeInvalid if there is no such deployment.
func (rt *Runtime) Rollback(ctx context.Context, id, deployment string) (Record, error) {
	r, err := rt.Function(id)
	if err != nil {
		return Record{}, err
	}
	i := slices.IndexFunc(r.Deployments, func(d Deployment) bool { return d.ID == deployment })
	if i < 0 {
		return Record{}, invalid(r, fmt.Errorf("it has no deployment %.60q: the last %d are kept", deployment, maxDeployments))
	}
	if r.Source != r.Deployments[i].Source {
		r.Source, r.Version = r.Deployments[i].Source, r.Version+1
	}
	return rt.deploy(ctx, r, r.Revision)
}

// deploy puts a record into service that was made of the revision of one. It
// builds before it locks the others out.
func (rt *Runtime) deploy(ctx context.Context, r Record, revision int64) (Record, error) {
	f, built := rt.build(ctx, r, r.Source)
	rt.manage.Lock()
	defer rt.manage.Unlock()
	e, err := rt.find(r.ID)
	if err != nil {
		return Record{}, err
	}
	if e.Revision != revision {
		return e.shown(), &Error{Code: CodeConflict, Event: r.Event, Function: r.Name, Err: ErrConflict}
	}
	if built != nil && built.Code == CodeCanceled {
		return e.shown(), built
	}
	if built != nil {
		return rt.undone(ctx, e, StateBuildError, built)
	}
	if err := rt.fits(f, r); err != nil {
		return rt.undone(ctx, e, StateDeployError, &Error{Code: CodeLimit, Event: r.Event, Function: r.Name, Err: err})
	}
	r = r.deployed(ctx, rt.table.Load().next(r.Event))
	if err := rt.save(ctx, &r); err != nil {
		return e.shown(), err
	}
	e.Record, e.pulse = r, &pulse{}
	inGo := 0
	if r.InGo {
		inGo = rt.inGo[r.Name].place
	}
	rt.table.Store(rt.table.Load().with(e.live(f, inGo)))
	return e.shown(), nil
}

// deployed is the record of a function that goes into service, and that is
// connected at a time if it is not yet.
func (r Record) deployed(ctx context.Context, connected time.Time) Record {
	now := now()
	if last, serving := r.Serving(); serving {
		last.UndeployedAt = now
		r.Deployments = slices.Replace(slices.Clone(r.Deployments), 0, 1, last)
	} else {
		r.ConnectedAt = connected
	}
	next := Deployment{ID: newID(), Version: r.Version, Source: r.Source, DeployedAt: now, DeployedBy: Actor(ctx)}
	r.Deployments = append([]Deployment{next}, r.Deployments...)
	r.Deployments = r.Deployments[:min(len(r.Deployments), maxDeployments)]
	r.State, r.Problem = StateProductive, ""
	return r
}

// undone keeps why a deployment failed, and nothing else of it.
func (rt *Runtime) undone(ctx context.Context, e *entry, state State, failure *Error) (Record, error) {
	failed := e.clone()
	failed.State, failed.Problem = state, wordsOf(failure.Err)
	if err := rt.save(ctx, &failed); err != nil {
		failure.Err = errors.Join(failure.Err, err)
		return e.shown(), failure
	}
	e.Record = failed
	return e.shown(), failure
}

// Undeploy takes a function out of service. Invocations that have begun go on
// with it. As long as any waits for it, its state is StateMarkedUndeployed, and
// then StateDraft; runs that were abandoned do not count. The error is
// CodeUnknownFunction, CodeNotDeployed, CodeConflict or CodeStore.
func (rt *Runtime) Undeploy(ctx context.Context, id string) (Record, error) {
	rt.manage.Lock()
	defer rt.manage.Unlock()
	e, err := rt.find(id)
	if err != nil {
		return Record{}, err
	}
	r := e.clone()
	if _, serving := r.Serving(); !serving {
		return e.shown(), &Error{Code: CodeNotDeployed, Event: r.Event, Function: r.Name}
	}
	r.Deployments[0].UndeployedAt = now()
	r.State, r.Problem, r.ConnectedAt = StateMarkedUndeployed, "", time.Time{}
	if err := rt.save(ctx, &r); err != nil {
		return e.shown(), err
	}
	e.Record = r
	rt.table.Store(rt.table.Load().without(id))
	return e.shown(), nil
}

// build makes a function of a source, or finds the one in Go. The error is
// CodeBuildFailed or CodeCanceled.
func (rt *Runtime) build(ctx context.Context, r Record, source string) (Function, *Error) {
	failure := &Error{Code: CodeBuildFailed, Event: r.Event, Function: r.Name}
	if r.InGo {
		if known, ok := rt.inGo[r.Name]; ok {
			return known.Function, nil
		}
		failure.Err = errors.New("it is made in Go, and is there no longer")
		return Function{}, failure
	}
	b, ok := rt.builders[r.Event]
	if !ok {
		failure.Err = errTextless
		return Function{}, failure
	}
	call, cause := rt.make(ctx, b, r.Name, source)
	if cause == nil {
		return Function{name: r.Name, description: r.Description, skills: r.Skills, kind: b.kind, call: call}, nil
	}
	switch failure.Err = cause; cause.Code {
	case CodeCanceled:
		failure.Code, failure.Err = CodeCanceled, cause.Err
	case CodeBuildFailed:
		failure.Err = cause.Err
	}
	return Function{}, failure
}

// errTextless is for events without a builder.
var errTextless = errors.New("functions of this event are made in Go here, not of text")

// make has a builder make a function. Builders are held to the time limit of
// functions, and kept from doing harm as they are.
func (rt *Runtime) make(ctx context.Context, b Builder, name, source string) (func(context.Context, any) (any, error), *Error) {
	type call = func(context.Context, any) (any, error)
	end := run(ctx, rt.timeout, func(n int64) { rt.abandoned.Add(n) }, func(context.Context) (call, Code, error) {
		made, err := b.build(name, []byte(source))
		if err == nil && made == nil {
			err = errors.New("the builder made no function")
		}
		return made, CodeBuildFailed, err
	})
	return end.value, end.failure(ctx, rt.timeout)
}
