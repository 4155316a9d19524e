package engines

import (
	"context"

	"github.com/afterword-go/afterword/bench/rules/internal/workload"
)

// A Run decides count events of its set, one after the other from the given
// one on, round and round, and adds up the marks of the rules that fire. It is
// for one goroutine.
type Run func(from, count int) uint64

// An Engine makes a set ready to be decided.
type Engine struct {
	Name string
	// Module is where its version is looked up; empty for Go.
	Module string
	// Load compiles the rules of the set, and keeps none of its events. It is
	// all that loading costs.
	Load func(*workload.Set) (Loaded, error)
}

// Loaded rules are ready for events.
type Loaded interface {
	// For prepares the events, a power of two in number.
	For(events []workload.Event) (Run, error)
}

// Build loads a set and prepares its events.
func (e Engine) Build(set *workload.Set) (Run, error) {
	loaded, err := e.Load(set)
	if err != nil {
		return nil, err
	}
	return loaded.For(set.Events)
}

// All are the engines that decide any set, Afterword first.
func All() []Engine {
	return []Engine{Afterword(), Closures(), Expr(), CEL(), OPA(), Goja(), Govaluate()}
}

// loadedFunc is For as a function.
type loadedFunc func(events []workload.Event) (Run, error)

func (f loadedFunc) For(events []workload.Event) (Run, error) { return f(events) }

// background is what engines that ask for a context get.
func background() context.Context { return context.Background() }
