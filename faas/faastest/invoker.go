package faastest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// TestInvoker tests an invoker in subtests, which run at the same time. Connect
// makes one that runs these functions and no others; it ends the invoker by
// t.Cleanup if that must be.
//
// Codes are compared as the platform's clients know them, so that an invoker
// may stand behind HTTP.
func TestInvoker(t *testing.T, connect func(t *testing.T, functions ...faas.Function) faas.Invoker) {
	t.Helper()
	for _, c := range invokerChecks() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			functions, run := c.make()
			if err := run(t.Context(), connect(t, functions...)); err != nil {
				t.Error(err)
			}
		})
	}
}

// An invokerCheck makes functions, and then tells what is wrong with an
// invoker that runs them.
type invokerCheck struct {
	name string
	make func() ([]faas.Function, func(context.Context, faas.Invoker) error)
}

func invokerChecks() []invokerCheck {
	return []invokerCheck{
		{"nothing is connected", nothingConnected},
		{"gives results in order", inOrder},
		{"heeds skills", heedsSkills},
		{"hands the event over", handsOver},
		{"refuses bad input", refusesInput},
		{"ends with the first failure", firstFailure},
		{"contains a panic", containsPanic},
		{"refuses a bad result", refusesResult},
		{"heeds the caller's context", heedsContext},
		{"runs many at once", runsMany},
	}
}

type (
	call  = events.Event[events.CommandCall]
	reply = func(context.Context, call) (events.Reply, error)
)

// command is an event that takes several functions, and ttr one with skills.
var (
	command = events.ConversationalCommand
	ttr     = events.MessagingTTR
)

func says(text string) reply {
	return func(context.Context, call) (events.Reply, error) { return events.TextReply(text), nil }
}

func commandEnvelope(arguments string) events.Envelope {
	return events.Envelope{Payload: []byte(`{"conversationId":"c","arguments":[` + arguments + `]}`)}
}

func nothingConnected() ([]faas.Function, func(context.Context, faas.Invoker) error) {
	return nil, func(ctx context.Context, in faas.Invoker) error {
		var errs []error
		for event, code := range map[string]faas.Code{command.ID(): faas.CodeNotImplemented, "no_such_event": faas.CodeUnknownEvent} {
			if in.Implements(event) {
				errs = append(errs, fmt.Errorf("event %s is implemented; want not", event))
			}
			results, err := in.Invoke(ctx, event, commandEnvelope(""))
			errs = append(errs, fails(code, len(results), err))
		}
		return errors.Join(errs...)
	}
}

func inOrder() ([]faas.Function, func(context.Context, faas.Invoker) error) {
	names := []string{"zebra", "ape", "mole"}
	var functions []faas.Function
	for _, name := range names {
		functions = append(functions, faas.On(command, name, says("I am "+name)))
	}
	return functions, func(ctx context.Context, in faas.Invoker) error {
		if !in.Implements(command.ID()) {
			return errors.New("the event is not implemented; want so")
		}
		var ids []string
		for range 2 { // IDs stay
			results, err := in.Invoke(ctx, command.ID(), commandEnvelope(""))
			if err != nil || len(results) != len(names) {
				return fmt.Errorf("%d results and error %w; want %d results", len(results), err, len(names))
			}
			var now []string
			for i, r := range results {
				if err := isResult(r, names[i], `"I am `+names[i]+`"`); err != nil {
					return fmt.Errorf("result %d: %w", i+1, err)
				}
				if r.ID == "" || slices.Contains(now, r.ID) {
					return fmt.Errorf("result %d has the ID %q; want one of its own", i+1, r.ID)
				}
				now = append(now, r.ID)
			}
			if ids != nil && !slices.Equal(ids, now) {
				return fmt.Errorf("the functions had the IDs %v and have %v", ids, now)
			}
			ids = now
		}
		return nil
	}
}

func isResult(r faas.Result[json.RawMessage], name, value string) error {
	if r.Function != name || string(r.Value) != value {
		return fmt.Errorf("is %s of %q; want %s of %q", r.Value, r.Function, value, name)
	}
	if r.Timestamp.IsZero() || r.Timestamp.Location() != time.UTC {
		return fmt.Errorf("has the timestamp %v; want a time in UTC", r.Timestamp)
	}
	return nil
}

func heedsSkills() ([]faas.Function, func(context.Context, faas.Invoker) error) {
	closes := func(text string) func(context.Context, events.Event[events.Messaging]) (events.Commands, error) {
		return func(context.Context, events.Event[events.Messaging]) (events.Commands, error) {
			return events.Commands{events.SystemMessage(text)}, nil
		}
	}
	functions := []faas.Function{
		faas.On(ttr, "one_two", closes("1 or 2"), faas.Skills("1", "2")), faas.On(ttr, "three", closes("3"), faas.Skills("3")),
	}
	return functions, func(ctx context.Context, in faas.Invoker) error {
		var errs []error
		for skill, function := range map[string]string{"1": "one_two", "2": "one_two", "3": "three", "4": "", "": ""} {
			if in.Implements(ttr.ID(), faas.ForSkill(skill)) != (function != "") {
				errs = append(errs, fmt.Errorf("skill %q: implements says %v", skill, function == ""))
			}
			results, err := in.Invoke(ctx, ttr.ID(), events.Envelope{Payload: []byte(`{"general":{}}`)}, faas.ForSkill(skill))
			switch {
			case function == "":
				errs = append(errs, fails(faas.CodeNotImplemented, len(results), err))
			case err != nil || len(results) != 1 || results[0].Function != function:
				errs = append(errs, fmt.Errorf("skill %q: %d results and error %w; want one of %s", skill, len(results), err, function))
			}
		}
		return errors.Join(errs...)
	}
}

func handsOver() ([]faas.Function, func(context.Context, faas.Invoker) error) {
	var have atomic.Pointer[call]
	var requestID atomic.Pointer[string]
	look := func(ctx context.Context, c call) (events.Reply, error) {
		id := faas.RequestID(ctx)
		have.Store(&c)
		requestID.Store(&id)
		return events.Reply{}, nil
	}
	return []faas.Function{faas.On(command, "look", look)}, func(ctx context.Context, in faas.Invoker) error {
		env := commandEnvelope(`"a","ß\u0000"`)
		env.Timestamp = time.UnixMilli(1700000038123).UTC()
		env.Headers = []events.Header{{Key: "k", Value: "v"}, {Key: "k", Value: "w"}}
		before := slices.Clone(env.Payload)
		results, err := in.Invoke(ctx, command.ID(), env, faas.WithRequestID("request-1"))
		if err != nil || len(results) != 1 || string(results[0].Value) != "null" {
			return fmt.Errorf("%d results and error %w; want one that is null", len(results), err)
		}
		got := have.Load()
		switch {
		case got == nil:
			return errors.New("there is a result, but the function has not run")
		case !got.Timestamp.Equal(env.Timestamp) || !slices.Equal(got.Headers, env.Headers):
			return fmt.Errorf("the function got %v and %v; want %v and %v", got.Timestamp, got.Headers, env.Timestamp, env.Headers)
		case !slices.Equal(got.Payload.Arguments, []string{"a", "ß\x00"}):
			return fmt.Errorf("the function got the arguments %q", got.Payload.Arguments)
		case *requestID.Load() != "request-1":
			return fmt.Errorf("the function got the request ID %q", *requestID.Load())
		case !slices.Equal(before, env.Payload):
			return errors.New("the caller's payload has changed")
		}
		return nil
	}
}

func refusesInput() ([]faas.Function, func(context.Context, faas.Invoker) error) {
	var runs atomic.Int64
	count := func(context.Context, call) (events.Reply, error) {
		runs.Add(1)
		return events.Reply{}, nil
	}
	return []faas.Function{faas.On(command, "count", count)}, func(ctx context.Context, in faas.Invoker) error {
		var errs []error
		for _, payload := range []string{`{"arguments":"secret"}`, `[]`, `{"arguments":[1]}`, `{"a":1,"a":2}`} {
			results, err := in.Invoke(ctx, command.ID(), events.Envelope{Payload: []byte(payload)})
			errs = append(errs, fails(faas.CodeBadInput, len(results), err))
			if err != nil && strings.Contains(err.Error(), "secret") {
				errs = append(errs, errors.New("the error quotes the payload"))
			}
		}
		if n := runs.Load(); n > 0 {
			errs = append(errs, fmt.Errorf("the function ran %d times on bad input", n))
		}
		return errors.Join(errs...)
	}
}

func firstFailure() ([]faas.Function, func(context.Context, faas.Invoker) error) {
	var runs atomic.Int64
	last := func(context.Context, call) (events.Reply, error) {
		runs.Add(1)
		return events.Reply{}, nil
	}
	soldOut := func(context.Context, call) (events.Reply, error) { return events.Reply{}, errors.New("sold out") }
	functions := []faas.Function{faas.On(command, "good", says("hi")), faas.On(command, "bad", soldOut), faas.On(command, "last", last)}
	return functions, func(ctx context.Context, in faas.Invoker) error {
		results, err := in.Invoke(ctx, command.ID(), commandEnvelope(""))
		errs := []error{fails(faas.CodeFailed, len(results), err)}
		if err != nil && !strings.Contains(err.Error(), "sold out") {
			errs = append(errs, fmt.Errorf("error %q; want the function's own text in it", err))
		}
		if runs.Load() > 0 {
			errs = append(errs, errors.New("a function ran after the failure"))
		}
		return errors.Join(errs...)
	}
}

func containsPanic() ([]faas.Function, func(context.Context, faas.Invoker) error) {
	bang := func(context.Context, call) (events.Reply, error) { panic("a secret") }
	return []faas.Function{faas.On(command, "bang", bang)}, func(ctx context.Context, in faas.Invoker) error {
		results, err := in.Invoke(ctx, command.ID(), commandEnvelope(""))
		errs := []error{fails(faas.CodeCrashed, len(results), err)}
		if err != nil && strings.Contains(err.Error(), "secret") {
			errs = append(errs, errors.New("the error tells the value of the panic"))
		}
		return errors.Join(errs...)
	}
}

func refusesResult() ([]faas.Function, func(context.Context, faas.Invoker) error) {
	return []faas.Function{faas.On(command, "broken", says("\xff"))}, func(ctx context.Context, in faas.Invoker) error {
		results, err := in.Invoke(ctx, command.ID(), commandEnvelope(""))
		return fails(faas.CodeBadResult, len(results), err)
	}
}

func heedsContext() ([]faas.Function, func(context.Context, faas.Invoker) error) {
	begun := make(chan struct{}, 1)
	wait := func(ctx context.Context, _ call) (events.Reply, error) {
		begun <- struct{}{}
		<-ctx.Done()
		return events.Reply{}, ctx.Err()
	}
	return []faas.Function{faas.On(command, "wait", wait)}, func(ctx context.Context, in faas.Invoker) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		var end sync.WaitGroup
		returned := make(chan struct{})
		end.Go(func() {
			select {
			case <-begun:
			case <-returned:
			}
			cancel()
		})
		results, err := in.Invoke(ctx, command.ID(), commandEnvelope(""))
		close(returned)
		end.Wait()
		late, lateErr := in.Invoke(ctx, command.ID(), commandEnvelope(""))
		return errors.Join(fails(faas.CodeCanceled, len(results), err), fails(faas.CodeCanceled, len(late), lateErr))
	}
}

func runsMany() ([]faas.Function, func(context.Context, faas.Invoker) error) {
	echo := func(_ context.Context, c call) (events.Reply, error) {
		return events.TextReply(c.Payload.Arguments[0]), nil
	}
	return []faas.Function{faas.On(command, "echo", echo)}, func(ctx context.Context, in faas.Invoker) error {
		const goroutines, rounds = 8, 20
		errs := make([]error, goroutines)
		var all sync.WaitGroup
		for i := range goroutines {
			all.Go(func() {
				for round := range rounds {
					own := fmt.Sprintf(`"%d of %d"`, round, i)
					results, err := in.Invoke(ctx, command.ID(), commandEnvelope(own))
					if err != nil || len(results) != 1 || string(results[0].Value) != own {
						errs[i] = fmt.Errorf("%d results and error %w; want %s", len(results), err, own)
						return
					}
				}
			})
		}
		all.Wait()
		return errors.Join(errs...)
	}
}

// fails tells how an invocation did not fail as it must.
func fails(code faas.Code, results int, err error) error {
	var failure *faas.Error
	switch {
	case !errors.As(err, &failure):
		return fmt.Errorf("error %v; want an *faas.Error: %v", err, code)
	case failure.Code.V1() != code.V1() || failure.Code.Status() != code.Status():
		return fmt.Errorf("error %q is %v; want %v", err, failure.Code, code)
	case results > 0:
		return fmt.Errorf("%d results beside an error", results)
	}
	return nil
}
