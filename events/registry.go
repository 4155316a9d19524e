package events

import (
	"errors"
	"fmt"
	"iter"
	"reflect"
	"slices"

	"github.com/afterword-go/afterword/internal/nearest"
)

// A Registry is a set of kinds in a fixed order. It never changes and may be
// used by several goroutines at once. The zero Registry is empty.
type Registry struct {
	kinds []AnyKind
	byID  map[string]AnyKind
}

// NewRegistry makes a registry of kinds in the order given. Kinds with faults
// and kinds that share an ID are refused; the error names all of them, one
// line per fault.
func NewRegistry(kinds ...AnyKind) (*Registry, error) {
	var faults []error
	seen := map[string]bool{}
	for i, k := range kinds {
		if k == nil || reflect.ValueOf(k).IsNil() {
			faults = append(faults, fmt.Errorf("kind %d of %d is nil", i+1, len(kinds)))
			continue
		}
		if err := k.Err(); err != nil {
			faults = append(faults, err)
			if k.ID() == "" {
				continue
			}
		}
		if seen[k.ID()] {
			faults = append(faults, fmt.Errorf("kind %q: another kind has this ID; give each its own", k.ID()))
		}
		seen[k.ID()] = true
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return register(kinds), nil
}

// register makes a registry of kinds that are known to be sound.
func register(kinds []AnyKind) *Registry {
	r := &Registry{kinds: slices.Clone(kinds), byID: map[string]AnyKind{}}
	for _, k := range kinds {
		r.byID[k.ID()] = k
	}
	return r
}

// With makes a registry that holds the kinds of r and then these. It fails as
// NewRegistry does; r stays as it is.
func (r *Registry) With(kinds ...AnyKind) (*Registry, error) {
	return NewRegistry(slices.Concat(r.kinds, kinds)...)
}

// Kind gives the kind with this wire ID, if there is one.
func (r *Registry) Kind(id string) (AnyKind, bool) {
	k, ok := r.byID[id]
	return k, ok
}

// Lookup gives the kind with this wire ID. If there is none, the error is an
// *UnknownEventError.
func (r *Registry) Lookup(id string) (AnyKind, error) {
	if k, ok := r.byID[id]; ok {
		return k, nil
	}
	unknown := &UnknownEventError{Event: id}
	unknown.Suggestion, _ = nearest.To(id, r.ids())
	return nil, unknown
}

// All iterates over the kinds in the order of the registry.
func (r *Registry) All() iter.Seq[AnyKind] { return slices.Values(r.kinds) }

// An UnknownEventError says that a registry has no kind with this ID.
type UnknownEventError struct {
	Event      string // the ID asked for
	Suggestion string // the nearest ID that there is; may be empty
}

// Error names the event, no more than 100 bytes of it, and the suggestion.
func (e *UnknownEventError) Error() string {
	id := e.Event
	if len(id) > 100 {
		id = id[:100] + "…"
	}
	if e.Suggestion == "" {
		return fmt.Sprintf("unknown event %q", id)
	}
	return fmt.Sprintf("unknown event %q; did you mean %s?", id, e.Suggestion)
}

// ids iterates over the wire IDs in the order of the registry.
func (r *Registry) ids() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, k := range r.kinds {
			if !yield(k.ID()) {
				return
			}
		}
	}
}
