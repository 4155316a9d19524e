package faas

import (
	"context"
	"time"
)

// A Run is one run of one function.
type Run struct {
	Function  string // the function's name
	ID        string // its ID
	Event     string // the wire ID
	RequestID string // of the invocation; may be empty
	Start     time.Time
	Trial     bool // a trial keeps nothing; see Runtime.Try
}

// An End tells how a run ended.
type End struct {
	Duration time.Duration
	// Err is nil if the function succeeded. Compare it as it is: put into a
	// variable of type error, a nil *Error is not nil.
	Err *Error
	// Abandoned says that the function still runs, though its time is over.
	Abandoned bool
}

// An Observer is told of every run: it is called when the run begins, and what
// it returns when it ends. The context is that of the invocation; the run gets
// the one that it returns, or its own if that is nil. A nil function is not
// called.
//
// It is called by as many goroutines as invoke functions, and each waits for
// it. It must not panic.
type Observer func(ctx context.Context, run Run) (context.Context, func(End))

// observed tells observers that a run begins, and returns what tells them of
// its end, the last first.
func observed(ctx context.Context, observers []Observer, run Run) (context.Context, func(End)) {
	if len(observers) == 0 {
		return ctx, func(End) {}
	}
	var ends []func(End)
	for _, o := range observers {
		inner, end := o(ctx, run)
		if inner != nil {
			ctx = inner
		}
		if end != nil {
			ends = append(ends, end)
		}
	}
	return ctx, func(e End) {
		for i := len(ends) - 1; i >= 0; i-- {
			ends[i](e)
		}
	}
}
