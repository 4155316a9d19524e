package faas

import (
	"context"
	"errors"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"time"
)

// grace is how long a function has to return once its context has ended.
const grace = 100 * time.Millisecond

// A task is one run of a function, from its payload to its result. The code
// classifies the error and counts only beside one.
type task[T any] func(context.Context) (T, Code, error)

// An ending is how a task ended. One that was abandoned is late and no more.
type ending[T any] struct {
	value T
	code  Code
	err   error
	crash *crash
	// abandoned says that the task goes on.
	abandoned bool
	// late is CodeTimedOut or CodeCanceled if the task's context had ended
	// before the task did, and else CodeGeneral.
	late Code
}

// run gives a task a goroutine and a time limit, and waits for its end, but
// not beyond the grace after its context. Abandon counts the tasks that go on.
func run[T any](ctx context.Context, limit time.Duration, abandon func(int64), do task[T]) ending[T] {
	// It is of this run alone: the caller may be a function that another run
	// has given its time.
	over := errors.New("the time of the function is over")
	ctx, cancel := context.WithTimeoutCause(ctx, limit, over)
	defer cancel()
	r := &running[T]{ended: make(chan struct{})}
	go func() {
		defer func() { // also after runtime.Goexit
			r.end.late = lateness(ctx, over)
			if !r.settled.CompareAndSwap(false, true) {
				abandon(-1)
				return
			}
			close(r.ended)
		}()
		growStack()
		guard(&r.end.crash, func() { r.end.value, r.end.code, r.end.err = do(ctx) })
	}()
	select {
	case <-r.ended:
		return r.end
	case <-ctx.Done():
	}
	last := time.NewTimer(grace)
	defer last.Stop()
	select {
	case <-r.ended:
		return r.end
	case <-last.C:
	}
	abandon(1) // before settling, so that the count is never below zero
	if r.settled.CompareAndSwap(false, true) {
		return ending[T]{late: lateness(ctx, over), abandoned: true}
	}
	abandon(-1)
	<-r.ended
	return r.end
}

// A running is what a run and its task share. The end is the task's alone until
// ended is closed.
type running[T any] struct {
	end   ending[T]
	ended chan struct{}
	// Task and grace may come to the end at once. Who settles it decides
	// whether the task has ended or was abandoned.
	settled atomic.Bool
}

// growStack has the stack of a new goroutine grow once to what tasks take,
// which decode and encode. It would else grow in several steps, and each step
// copies all that is on it by then: more than a tenth of an invocation's time.
//
//go:noinline
func growStack() {
	var room [4 << 10]byte
	runtime.KeepAlive(&room)
}

// lateness tells the end of a task's own time, whose cause is over, from that
// of its caller's context.
func lateness(ctx context.Context, over error) Code {
	switch context.Cause(ctx) {
	case nil:
		return CodeGeneral
	case over:
		return CodeTimedOut
	default:
		return CodeCanceled
	}
}

// failure says what went wrong in a run: nil if nothing did. Caller is the
// context of the invocation, and limit the time that the function had. What
// comes after the end of a function's context counts as late, be it a result
// or an error; only a crash counts as what it is.
func (end ending[T]) failure(caller context.Context, limit time.Duration) *Error {
	switch {
	case end.crash != nil:
		return &Error{Code: CodeCrashed, crash: end.crash}
	case end.late == CodeTimedOut:
		return &Error{Code: end.late, Err: &overtime{limit: limit, err: end.with(context.DeadlineExceeded)}}
	case end.late == CodeCanceled:
		return &Error{Code: end.late, Err: end.with(caller.Err())}
	case end.err != nil:
		return &Error{Code: end.code, Err: end.err}
	}
	return nil
}

// with puts the error of a context and the task's own together, unless they
// are the same.
func (end ending[T]) with(contextual error) error {
	if end.err == nil || end.err == contextual {
		return contextual
	}
	return errors.Join(contextual, end.err)
}

// An overtime is an error with the time limit before it. It is put into words
// no sooner than asked for, since the error may be a function's own.
type overtime struct {
	limit time.Duration
	err   error
}

func (o *overtime) Error() string { return "longer than " + o.limit.String() + ": " + o.err.Error() }

func (o *overtime) Unwrap() error { return o.err }

// A crash is an end without a return.
type crash struct {
	value any // of the panic; nil after runtime.Goexit
	stack []byte
}

// text says how it came to the crash, and nothing of the value.
func (c *crash) text() string {
	if c.value == nil {
		return "it ended without returning"
	}
	return "it panicked"
}

// guard calls do and keeps a panic from going further. After runtime.Goexit,
// which nothing can stop, it fills in failure but does not return.
func guard(failure **crash, do func()) {
	returned := false
	defer func() {
		if !returned {
			*failure = &crash{value: recover(), stack: debug.Stack()}
		}
	}()
	do()
	returned = true
}
