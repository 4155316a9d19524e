package faas

import (
	"context"
	"encoding/json"
	"time"

	"github.com/afterword-go/afterword/events"
)

// An Invoker runs the functions of an event, wherever they are. Runtime is the
// one in this process.
//
// An Invoker may be used by several goroutines at once.
type Invoker interface {
	// Implements says whether Invoke would find a function to run. It answers
	// at once, from what the invoker knows.
	Implements(event string, opts ...CallOption) bool
	// Invoke runs the functions of the event that serve the call, and gives
	// their results as JSON in the order of connection. Every error is an
	// *Error; there are no results beside one. The envelope stays the caller's.
	Invoke(ctx context.Context, event string, env events.Envelope, opts ...CallOption) ([]Result[json.RawMessage], error)
}

// A Result is what one function gave: a value of its kind's result type, or
// the same as JSON. It belongs to the caller.
type Result[R any] struct {
	Function  string    // the function's name
	ID        string    // the function's ID, a UUID
	Timestamp time.Time // when the function had ended, in UTC
	Value     R
}
