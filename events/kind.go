package events

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// A Spec says of a kind what its Go types do not.
type Spec struct {
	// ID is the event's name on the wire: 1 to 100 letters, digits, dots,
	// hyphens and underscores.
	ID string
	// Name is the name to show. If it is empty, the ID is shown.
	Name string
	// Description says in a sentence what raises the event.
	Description string
	// Source is the system that raises the event.
	Source string
	// Limit is how many functions may be connected to the event: 1 or more.
	Limit int
	// Skills says that functions may name the skills they are for; see
	// CheckLimit.
	Skills bool
	// Sample is one envelope as JSON, which must decode. Nil is no sample.
	Sample []byte
}

// A Kind ties an event's identity and limits to the Go types of its payload P
// and of its result R.
//
// A Kind is made by Define, never changes, and may be used by several
// goroutines at once. The zero Kind
// is one with a fault: Err tells it.
type Kind[P, R any] struct {
	spec  Spec
	types func() kindTypes
}

// kindTypes is what a kind finds out about its Go types when it is first used.
type kindTypes struct {
	payload, result *shape
	err             error
}

// AnyKind is a kind with its types erased: what a registry holds. Every
// *Kind is one, and nothing else.
type AnyKind interface {
	ID() string
	Name() string
	Description() string
	Source() string
	Limit() int
	Skills() bool
	Sample() []byte
	Err() error
	// PayloadType and ResultType are the Go types P and R.
	PayloadType() reflect.Type
	ResultType() reflect.Type
	// DecodeAny decodes as Kind.Decode does; the value is an Event[P].
	DecodeAny(env Envelope) (any, error)
	// EncodeAnyResult encodes as Kind.EncodeResult does; result must be an R.
	EncodeAnyResult(result any) ([]byte, error)

	kind()
}

// Define makes a kind.
//
// P and R are decoded by their JSON tags; names match exactly. A field is
// optional if it is a pointer, or tagged omitempty or omitzero (then its zero
// value is absent). Rules of the tag "validate" (package
// github.com/go-playground/validator) are checked after decoding and before
// encoding. A tag "wire" tells two more things of a field: wire:"or=NAME" is
// another spelling of its name, and wire:"text" lets a number come as text.
//
// Define never fails and looks at nothing yet. What is wrong with the spec or
// with a type is kept: Err tells it, NewRegistry refuses the kind, and it can
// neither decode nor encode. Wrong are omitempty and omitzero on a boolean or
// number (false and 0 would be absent: use a pointer), options of JSON tags
// other than these and string, two fields of one name, validate tags that do
// not fit, types that have no JSON form, and a sample that does not decode.
func Define[P, R any](spec Spec) *Kind[P, R] {
	spec.Sample = bytes.Clone(spec.Sample)
	return &Kind[P, R]{spec: spec, types: sync.OnceValue(func() kindTypes {
		of := kindTypes{payload: newShape(reflect.TypeFor[P]()), result: newShape(reflect.TypeFor[R]())}
		of.err = spec.faults(of)
		return of
	})}
}

// faults lists what is wrong with a kind, one line each.
func (s Spec) faults(of kindTypes) error {
	var all []error
	fault := func(format string, args ...any) {
		all = append(all, fmt.Errorf("kind %q: "+format, append([]any{s.ID}, args...)...))
	}
	if !validID(s.ID) {
		fault("ID must be 1 to 100 letters, digits, dots, hyphens and underscores")
	}
	if s.Limit < 1 {
		fault("limit is %d; let at least 1 function be connected", s.Limit)
	}
	for _, text := range of.payload.faults {
		fault("payload %s", text)
	}
	for _, text := range of.result.faults {
		if !slices.Contains(of.payload.faults, text) {
			fault("result %s", text)
		}
	}
	if len(all) == 0 && s.Sample != nil {
		if err := of.trySample(s.Sample); err != nil {
			for line := range strings.SplitSeq(err.Error(), "\n") {
				fault("sample: %s", line)
			}
		}
	}
	return errors.Join(all...)
}

// ready gives the kind's types; the zero Kind has none.
func (k *Kind[P, R]) ready() kindTypes {
	if k == nil || k.types == nil {
		return kindTypes{err: errors.New("a kind was not made by Define")}
	}
	return k.types()
}

// Err tells what is wrong with the kind, one line per fault, or nil.
func (k *Kind[P, R]) Err() error { return k.ready().err }

// ID is the event's name on the wire.
func (k *Kind[P, R]) ID() string { return k.spec.ID }

// Name is the name to show: the ID if the spec gave none.
func (k *Kind[P, R]) Name() string {
	if k.spec.Name == "" {
		return k.spec.ID
	}
	return k.spec.Name
}

// Description says what raises the event. It may be empty.
func (k *Kind[P, R]) Description() string { return k.spec.Description }

// Source is the system that raises the event. It may be empty.
func (k *Kind[P, R]) Source() string { return k.spec.Source }

// Limit is how many functions may be connected to the event.
func (k *Kind[P, R]) Limit() int { return k.spec.Limit }

// Skills says whether functions may name the skills they are for.
func (k *Kind[P, R]) Skills() bool { return k.spec.Skills }

// Sample is one envelope as JSON, or nil. The caller owns it.
func (k *Kind[P, R]) Sample() []byte { return bytes.Clone(k.spec.Sample) }

// PayloadType is the Go type P.
func (k *Kind[P, R]) PayloadType() reflect.Type { return reflect.TypeFor[P]() }

// ResultType is the Go type R.
func (k *Kind[P, R]) ResultType() reflect.Type { return reflect.TypeFor[R]() }

func (k *Kind[P, R]) kind() {}
