package faas

import (
	"context"

	"github.com/afterword-go/afterword/events"
)

// A Builder makes functions of source text for one event: so functions can be
// created and changed while a runtime runs. Build makes one.
type Builder struct {
	kind  events.AnyKind
	build func(name string, source []byte) (func(context.Context, any) (any, error), error)
}

// Build says how functions of a kind are made of source text: of the rules in
// a file, say. The error of build tells all that is wrong with the source, one
// line each. Build may be called by several goroutines at once; what it returns
// is called as the fn of On is.
func Build[P, R any](kind *events.Kind[P, R], build func(name string, source []byte) (func(context.Context, events.Event[P]) (R, error), error)) Builder {
	b := Builder{}
	if kind != nil {
		b.kind = kind
	}
	if build != nil {
		b.build = func(name string, source []byte) (func(context.Context, any) (any, error), error) {
			fn, err := build(name, source)
			if err != nil || fn == nil {
				return nil, err
			}
			return func(ctx context.Context, event any) (any, error) { return fn(ctx, event.(events.Event[P])) }, nil
		}
	}
	return b
}
