package faas

import (
	"context"
	"errors"
	"fmt"
)

// errBusy is for an invocation that finds no place in the queue.
var errBusy = errors.New("too many invocations at once: try again later")

// An admission lets so many invocations run at a time, and so many more wait.
// The zero admission lets all run.
type admission struct {
	places chan struct{} // of those that run or wait; nil: no bound
	slots  chan struct{} // of those that run
}

func newAdmission(concurrency, queue int) (*admission, error) {
	switch {
	case concurrency < 0 || queue < 0:
		return nil, fmt.Errorf("%d invocations at a time and %d in the queue: neither can be negative", concurrency, queue)
	case concurrency == 0 && queue > 0:
		return nil, errors.New("a queue needs a bound on the invocations at a time: set Concurrency as well")
	case concurrency+queue < 0:
		return nil, fmt.Errorf("%d invocations at a time and %d in the queue are more than can be counted", concurrency, queue)
	case concurrency == 0:
		return &admission{}, nil
	}
	return &admission{places: make(chan struct{}, concurrency+queue), slots: make(chan struct{}, concurrency)}, nil
}

// enter waits for a slot, which leave gives back.
func (a *admission) enter(ctx context.Context) *Error {
	if a.places == nil {
		return nil
	}
	select {
	case a.places <- struct{}{}:
	default:
		return &Error{Code: CodeTooMany, Err: errBusy}
	}
	select {
	case a.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		<-a.places
		return &Error{Code: CodeCanceled, Err: ctx.Err()}
	}
}

func (a *admission) leave() {
	if a.places != nil {
		<-a.slots
		<-a.places
	}
}
