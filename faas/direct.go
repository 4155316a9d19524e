package faas

import (
	"context"
	"encoding/json"
	"time"

	"github.com/afterword-go/afterword/events"
)

// InvokeFunction runs the function with this ID on an envelope, whatever its
// skills. The ID is that of its Record, not its name. The error is as that of
// Invoke, or CodeUnknownFunction, or CodeNotDeployed.
func (rt *Runtime) InvokeFunction(ctx context.Context, id string, env events.Envelope, opts ...CallOption) (Result[json.RawMessage], error) {
	l := rt.table.Load().byID[id]
	if l == nil {
		r, err := rt.Function(id)
		if err != nil {
			return Result[json.RawMessage]{}, err
		}
		return Result[json.RawMessage]{}, &Error{Code: CodeNotDeployed, Event: r.Event, Function: r.Name}
	}
	if failure := rt.admission.enter(ctx); failure != nil {
		failure.Event = l.Event()
		return Result[json.RawMessage]{}, failure
	}
	defer rt.admission.leave()
	result, failure := one(ctx, rt, l, NewCall(opts...), onJSON(l.kind, env))
	if failure != nil {
		return Result[json.RawMessage]{}, failure
	}
	return result, nil
}

// A Trial is what came of trying a function.
type Trial struct {
	Result json.RawMessage
	Logs   []LogEntry // those of every level
	// Err says why there is no result; nil: there is one. Compare it as it is: put
	// into a variable of type error, a nil *Error is not nil.
	Err *Error
}

// Try runs a function as it is now, deployed or not, on an envelope. Nothing
// of the run is kept or counted, but observers are told of it. The error is
// CodeUnknownFunction, CodeBuildFailed, CodeTooMany or CodeCanceled before the
// function runs; what the function does
// wrong is the trial's.
func (rt *Runtime) Try(ctx context.Context, id string, env events.Envelope, opts ...CallOption) (Trial, error) {
	r, err := rt.Function(id)
	if err != nil {
		return Trial{}, err
	}
	if failure := rt.admission.enter(ctx); failure != nil {
		failure.Event = r.Event
		return Trial{}, failure
	}
	defer rt.admission.leave()
	f, failure := rt.build(ctx, r, r.Source)
	if failure != nil {
		return Trial{}, failure
	}
	do, err := onJSON(f.kind, env)(f)
	if err != nil {
		return Trial{}, err
	}
	l := &live{Function: f, id: id, pulse: &pulse{}, trace: &trace{}}
	result, entries, failed := runOnce(ctx, rt, l, NewCall(opts...), true, do)
	if failed != nil {
		return Trial{Logs: entries, Err: failed}, nil
	}
	return Trial{Result: result, Logs: entries}, nil
}

// Logs lists what a function logged, the oldest first: its last 500 entries,
// kept for 30 days. The error is CodeUnknownFunction.
func (rt *Runtime) Logs(id string, filter LogFilter) ([]LogEntry, error) {
	traces, err := rt.traceOf(id)
	if err != nil {
		return nil, err
	}
	return traces.logs.list(filter, time.Now()), nil
}

// Stats counts the runs of a function that ended from one time up to another,
// in buckets of a width, which is rounded down to whole times five minutes and
// is at least that. Five minutes of which the span has a part count whole.
// Buckets without runs are left out, and those of more than 30 days ago. A zero
// time is no bound. The error is CodeUnknownFunction.
func (rt *Runtime) Stats(id string, from, to time.Time, width time.Duration) ([]Bucket, error) {
	traces, err := rt.traceOf(id)
	if err != nil {
		return nil, err
	}
	return traces.stats.between(from, to, time.Now(), width), nil
}

func (rt *Runtime) traceOf(id string) (*trace, error) {
	rt.manage.Lock()
	defer rt.manage.Unlock()
	e, err := rt.find(id)
	if err != nil {
		return nil, err
	}
	return e.trace, nil
}
