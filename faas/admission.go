package faas

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
)

// errBusy is for an invocation that finds no place in the queue.
var errBusy = errors.New("too many invocations at once: try again later")

// An admission lets so many invocations run at a time, and so many more wait.
// The zero admission lets all run.
type admission struct {
	slots   chan struct{} // nil: no bound
	queue   int64
	waiting atomic.Int64
}

func newAdmission(concurrency, queue int) (*admission, error) {
	switch {
	case concurrency < 0 || queue < 0:
		return nil, fmt.Errorf("%d invocations at a time and %d in the queue: neither can be negative", concurrency, queue)
	case concurrency == 0 && queue > 0:
		return nil, errors.New("a queue needs a bound on the invocations at a time: set Concurrency as well")
	case concurrency == 0:
		return &admission{}, nil
	}
	return &admission{slots: make(chan struct{}, concurrency), queue: int64(queue)}, nil
}

// enter waits for a slot, which leave gives back.
func (a *admission) enter(ctx context.Context) *Error {
	if a.slots == nil {
		return nil
	}
	select {
	case a.slots <- struct{}{}:
		return nil
	default:
	}
	if a.waiting.Add(1) > a.queue {
		a.waiting.Add(-1)
		return &Error{Code: CodeTooMany, Err: errBusy}
	}
	defer a.waiting.Add(-1)
	select {
	case a.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return &Error{Code: CodeCanceled, Err: ctx.Err()}
	}
}

func (a *admission) leave() {
	if a.slots != nil {
		<-a.slots
	}
}
