package faas

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/afterword-go/afterword/events"
)

// Invoke runs the functions of an event on an envelope, one after the other in
// the order of connection, and gives their results as JSON.
//
// The payload is decoded anew for every function. What cannot be decoded is
// CodeBadInput, and the error unwraps to an *events.DecodeError; no function
// has run then. A result that its kind refuses is CodeBadResult.
//
// Every error is an *Error; there are no results beside one. The first failure
// ends the invocation: functions after it do not run. The runtime keeps no
// reference to the envelope.
func (rt *Runtime) Invoke(ctx context.Context, event string, env events.Envelope, opts ...CallOption) ([]Result[json.RawMessage], error) {
	kind, err := rt.registry.Lookup(event)
	if err != nil {
		return nil, &Error{Code: CodeUnknownEvent, Event: event, Err: err}
	}
	return chain(ctx, rt, event, NewCall(opts...), onJSON(kind, env))
}

// onJSON makes tasks that decode an envelope and encode the result.
func onJSON(kind events.AnyKind, env events.Envelope) func(Function) (task[json.RawMessage], error) {
	// An abandoned function may read its envelope after the caller got its own
	// back.
	env.Headers, env.Payload = slices.Clone(env.Headers), bytes.Clone(env.Payload)
	return func(f Function) (task[json.RawMessage], error) {
		return func(ctx context.Context) (json.RawMessage, Code, error) {
			event, err := kind.DecodeAny(env)
			if err != nil {
				return nil, CodeBadInput, err
			}
			value, err := f.call(ctx, event)
			if err != nil {
				return nil, CodeFailed, err
			}
			data, err := kind.EncodeAnyResult(value)
			return data, CodeBadResult, err
		}, nil
	}
}

// Invoke runs the functions of an event on a payload that is at hand, as
// Runtime.Invoke does but without JSON, and gives their typed results.
//
// Every function gets a copy of the event. The copy goes as far as JSON could:
// along exported fields, lists, maps, pointers and interfaces. What lies
// behind unexported fields, functions and channels is shared; no kind of the
// platform has such. A payload that nests deeper than events.MaxDepth, as one
// that contains itself does, is CodeBadInput.
//
// The types are the contract here: what only decoding or encoding would
// refuse, such as a rank of 9 or an e-mail without a recipient, goes through.
//
// The kind must be the one that the runtime's registry holds, else the error
// is CodeUnknownEvent. The event stays the caller's.
func Invoke[P, R any](ctx context.Context, rt *Runtime, kind *events.Kind[P, R], event events.Event[P], opts ...CallOption) ([]Result[R], error) {
	if kind == nil {
		return nil, &Error{Code: CodeUnknownEvent, Err: rt.holds(nil)}
	}
	if err := rt.holds(kind); err != nil {
		return nil, &Error{Code: CodeUnknownEvent, Event: kind.ID(), Err: err}
	}
	return chain(ctx, rt, kind.ID(), NewCall(opts...), func(f Function) (task[R], error) {
		own, err := duplicate(event)
		if err != nil {
			return nil, err
		}
		return func(ctx context.Context) (R, Code, error) {
			value, err := f.call(ctx, own)
			typed, _ := value.(R) // an R that is a nil interface has lost its type
			return typed, CodeFailed, err
		}, nil
	})
}

// chain runs the functions that serve a call. Prepare makes a function's task,
// on the caller's goroutine; if it fails, the input is bad.
func chain[T any](ctx context.Context, rt *Runtime, event string, call Call, prepare func(Function) (task[T], error)) ([]Result[T], error) {
	serving := rt.serving(event, call)
	if len(serving) == 0 {
		return nil, &Error{Code: CodeNotImplemented, Event: event, Err: missing(call)}
	}
	if failure := rt.admission.enter(ctx); failure != nil {
		failure.Event = event
		return nil, failure
	}
	defer rt.admission.leave()
	results := make([]Result[T], 0, len(serving))
	for _, l := range serving {
		result, failure := one(ctx, rt, l, call, prepare)
		if failure != nil {
			return nil, failure
		}
		results = append(results, result)
	}
	return results, nil
}

// one runs one function.
func one[T any](ctx context.Context, rt *Runtime, l *live, call Call, prepare func(Function) (task[T], error)) (Result[T], *Error) {
	event := l.Event()
	if err := ctx.Err(); err != nil {
		return Result[T]{}, &Error{Code: CodeCanceled, Event: event, Err: err}
	}
	if l.retired.Load() {
		return Result[T]{}, &Error{Code: CodeOutOfService, Event: event, Function: l.name, Err: errRetired}
	}
	do, err := prepare(l.Function)
	if err != nil {
		return Result[T]{}, &Error{Code: CodeBadInput, Event: event, Err: err}
	}
	value, _, failure := runOnce(ctx, rt, l, call, false, do)
	if failure != nil {
		return Result[T]{}, failure
	}
	return Result[T]{Function: l.name, ID: l.id, Timestamp: time.Now().UTC(), Value: value}, nil
}

// errRetired is for a function that is out of service.
var errRetired = errors.New("it ignored the end of its time too often: mend it and deploy it again")

// missing says what an invocation found nothing of.
func missing(call Call) error {
	if call.Skill == "" {
		return errors.New("no function for all skills is connected")
	}
	return errors.New("no function is connected that serves the skill of the call")
}
