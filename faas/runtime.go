package faas

import (
	"context"
	"maps"
	"slices"
	"sync"
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
	// Builders make functions of source text, one for each event that such
	// functions may be connected to.
	Builders []Builder
	// Store keeps what is known of the functions. Nil is NewMemory().
	Store Store
	// Timeout is how long each run of a function may last. Zero is
	// DefaultTimeout; less is refused. Functions run one after the other, so
	// that the caller's context is what bounds an invocation as a whole.
	Timeout time.Duration
	// Timeouts are those of functions of single events, by wire ID.
	Timeouts map[string]time.Duration
	// Concurrency is how many invocations may run at a time, and Queue how many
	// more may wait for one to end; beyond both they fail with CodeTooMany. Zero
	// Concurrency is no bound.
	Concurrency, Queue int
	// MaxAbandoned is how many runs of a function may go on at a time though
	// their time is over; with one more it is out of service until it is
	// deployed again. Zero is DefaultMaxAbandoned; less is refused.
	MaxAbandoned int
	// Observe are told of every run, one after the other.
	Observe []Observer
}

// DefaultMaxAbandoned bounds the runs of a function that go on though their time
// is over: a choice of this library, for the platform's documents have no such
// bound.
const DefaultMaxAbandoned = 100

// A Runtime holds functions by the event they are connected to, and runs them.
// New makes one. It may be used by several goroutines at once. It needs no
// closing: it has no goroutines but those of functions that run.
type Runtime struct {
	registry  *events.Registry
	builders  map[string]Builder // by event
	store     Store
	timeout   time.Duration
	timeouts  map[string]time.Duration
	admission *admission
	observers []Observer

	maxAbandoned int
	abandoned    atomic.Int64

	table atomic.Pointer[table] // what invocations see

	manage  sync.Mutex        // held by whoever changes a function
	records map[string]*entry // by ID
	inGo    map[string]*goFunction
}

var _ Invoker = (*Runtime)(nil)

// New makes a runtime. The functions of the config are productive from the
// start, unless the store knows them and says otherwise; so are the functions
// that the store has as deployed.
//
// The error tells everything that is wrong with the config, one line each, in
// the order of the config: bounds that are negative; plugins that are nil or
// panic (an *Error); functions without a kind or a Go function; names that are
// bad or taken; descriptions that are too long; events that the registry does
// not hold (an *events.UnknownEventError) or holds as another kind; functions
// beyond the limit of their event, or with skills that do not go with it or
// with each other (an *events.LimitError); or the store failed, or has two
// functions of one name. A function of the store that can no longer be built or
// connected is not an error: its record tells what is wrong.
func New(config Config) (*Runtime, error) {
	rt := &Runtime{
		registry: config.Registry, store: config.Store, builders: map[string]Builder{},
		timeout: config.Timeout, timeouts: maps.Clone(config.Timeouts), observers: slices.Clone(config.Observe),
		maxAbandoned: config.MaxAbandoned, records: map[string]*entry{}, inGo: map[string]*goFunction{},
	}
	if rt.registry == nil {
		rt.registry = events.Platform()
	}
	if rt.store == nil {
		rt.store = NewMemory()
	}
	if rt.timeout == 0 {
		rt.timeout = DefaultTimeout
	}
	if rt.maxAbandoned == 0 {
		rt.maxAbandoned = DefaultMaxAbandoned
	}
	rt.table.Store(newTable(nil))
	functions, err := rt.connect(config)
	if err != nil {
		return nil, err
	}
	if err := rt.restore(context.Background(), functions); err != nil {
		return nil, err
	}
	return rt, nil
}

// Events are the kinds of events that functions may be connected to.
func (rt *Runtime) Events() *events.Registry { return rt.registry }

// limit is how long functions of an event may run.
func (rt *Runtime) limit(event string) time.Duration {
	if limit, ok := rt.timeouts[event]; ok {
		return limit
	}
	return rt.timeout
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
func (rt *Runtime) serving(event string, call Call) []*live {
	var serving []*live
	for _, f := range rt.table.Load().byEvent[event] {
		if f.serves(call) {
			serving = append(serving, f)
		}
	}
	return serving
}
