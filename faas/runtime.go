package faas

import (
	"sync/atomic"
	"time"

	"github.com/afterword-go/afterword/events"
)

// DefaultTimeout is how long a function may run (platform documentation).
const DefaultTimeout = 30 * time.Second

// A Config says what a runtime consists of. The zero Config makes a runtime of
// the platform's events without functions.
type Config struct {
	// Registry holds the kinds of events that functions may be connected to.
	// Nil is events.Platform().
	Registry *events.Registry
	// Functions are connected first, in this order.
	Functions []Function
	// Plugins contribute further functions, one plugin after the other.
	Plugins []Plugin
	// Timeout is how long each run of a function may last. Zero is
	// DefaultTimeout; less is refused. Functions run one after the other, so
	// that the caller's context is what bounds an invocation as a whole.
	Timeout time.Duration
}

// A Runtime holds functions by the event they are connected to, and runs them.
// New makes one. It may be used by several goroutines at once. It needs no
// closing: it has no goroutines but those of functions that run.
type Runtime struct {
	registry  *events.Registry
	functions map[string][]Function // by event, in the order of connection
	timeout   time.Duration
	abandoned atomic.Int64
}

var _ Invoker = (*Runtime)(nil)

// New makes a runtime. All functions are productive from the start.
//
// The error tells everything that is wrong with the config, one line each, in
// the order of the config: a negative time limit; plugins that are nil or
// panic (an *Error); functions without a kind or a Go function; names that are
// bad or taken; descriptions that are too long; events that the registry does
// not hold (an *events.UnknownEventError) or holds as another kind; functions
// beyond the limit of their event, or with skills that do not go with it or
// with each other (an *events.LimitError).
func New(config Config) (*Runtime, error) {
	rt := &Runtime{registry: config.Registry, functions: map[string][]Function{}, timeout: config.Timeout}
	if rt.registry == nil {
		rt.registry = events.Platform()
	}
	if rt.timeout == 0 {
		rt.timeout = DefaultTimeout
	}
	if err := rt.connect(config); err != nil {
		return nil, err
	}
	return rt, nil
}

// Abandoned is how many functions still run though their invocation has
// returned: those that did not heed the end of their context. One that ends
// after all leaves the count; a count that grows tells of a function that
// leaks.
func (rt *Runtime) Abandoned() int { return int(rt.abandoned.Load()) }

// Implements says whether there is a function for the event that serves the
// call: whether Invoke would find something to run. An event that the registry
// does not hold is not implemented.
//
// Without ForSkill, only functions for all skills serve.
func (rt *Runtime) Implements(event string, opts ...CallOption) bool {
	return len(rt.serving(event, NewCall(opts...))) > 0
}

// serving lists the functions that an invocation runs, in their order.
func (rt *Runtime) serving(event string, call Call) []Function {
	var serving []Function
	for _, f := range rt.functions[event] {
		if f.serves(call) {
			serving = append(serving, f)
		}
	}
	return serving
}
