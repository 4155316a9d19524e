package faas

import (
	"context"
	"slices"

	"github.com/afterword-go/afterword/events"
)

// A Function is a Go function connected to an event. On makes one; it never
// changes, and may be used by several goroutines and by several runtimes. The
// zero Function is refused by New.
type Function struct {
	name        string
	description string
	skills      []string
	kind        events.AnyKind
	noEvent     bool // no event raises it, and its kind is its own
	// call takes an events.Event[P] and gives an R of the kind.
	call func(ctx context.Context, event any) (any, error)
}

// On connects fn to an event. The kind says which payload fn gets and which
// result it gives: P and R are inferred, and other types do not compile.
//
// The name is 1 to 50 ASCII letters, digits and underscores, and unique in a
// runtime. On looks at nothing and never fails: New reports bad names, a nil
// kind and a nil fn.
//
// Fn is called once per invocation, by several goroutines at once if there
// are several invocations. Its event is its own to keep and to change. The
// context ends with the function's time, with the caller's context, and when
// fn returns. Without an error, the result belongs to the caller; with one,
// it is dropped, and the text of the error reaches the caller, so that it must
// not quote the payload.
func On[P, R any](kind *events.Kind[P, R], name string, fn func(context.Context, events.Event[P]) (R, error), opts ...Option) Function {
	f := Function{name: name}
	if kind != nil {
		f.kind = kind
	}
	if fn != nil {
		f.call = func(ctx context.Context, event any) (any, error) { return fn(ctx, event.(events.Event[P])) }
	}
	for _, opt := range opts {
		if opt.set != nil {
			opt.set(&f)
		}
	}
	return f
}

// NoEvent makes a function that no event raises: it is run by its ID, over a
// gateway say, or at times by a schedule. P is its payload and R its result,
// of any types that events.Define takes; a payload that is missing is an empty
// object. Such a function takes no skills. All else is as with On.
func NoEvent[P, R any](name string, fn func(context.Context, events.Event[P]) (R, error), opts ...Option) Function {
	f := On(events.Define[P, R](events.Spec{ID: "no_event", Limit: 1}), name, fn, opts...)
	f.noEvent = true
	return f
}

// Name is the function's name, unique in its runtime.
func (f Function) Name() string { return f.name }

// Description says what the function does. It may be empty.
func (f Function) Description() string { return f.description }

// Event is the wire ID of the function's event. It is empty if no event raises
// the function, or if it has no kind.
func (f Function) Event() string {
	if f.kind == nil || f.noEvent {
		return ""
	}
	return f.kind.ID()
}

// Skills are the skills that the function is for. None is all of them. The
// caller owns the list.
func (f Function) Skills() []string { return slices.Clone(f.skills) }

// serves says whether the function takes part in a call.
func (f Function) serves(call Call) bool {
	return len(f.skills) == 0 || slices.Contains(f.skills, call.Skill)
}

// An Option says of a function what its types and its name do not. The zero
// Option says nothing. Of two that say the same thing the later one counts.
type Option struct{ set func(*Function) }

// Skills limits a function to conversations of these skills, by their wire
// IDs. None at all is every skill. Which skills and how many are allowed is
// told by events.CheckLimit, which New applies.
func Skills(skills ...string) Option {
	skills = slices.Clone(skills)
	return Option{func(f *Function) { f.skills = skills }}
}

// Description says what a function does, in at most 200 characters. Agents see
// it beside a conversational command.
func Description(text string) Option {
	return Option{func(f *Function) { f.description = text }}
}
