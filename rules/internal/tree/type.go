package tree

import (
	"reflect"
	"slices"
	"time"

	"github.com/afterword-go/afterword/internal/fields"
)

// A Kind is what a rule author calls the kind of a value.
type Kind uint8

// The kinds. Invalid is the kind of what has been reported as wrong already.
const (
	Invalid Kind = iota
	Nil
	Bool
	Int
	Float
	Text
	Time
	List
	Group
)

// A Type is the type of a value in a rule.
type Type struct {
	Kind         Kind
	Elem         *Type   // of a List; nil for the empty list literal
	ElemOptional bool    // of a List: elements may be absent (nil pointers)
	Fields       []Field // of a Group
}

// simples are the types that need no detail. They are shared, and never change.
var simples = [...]Type{
	{Kind: Invalid}, {Kind: Nil}, {Kind: Bool}, {Kind: Int}, {Kind: Float}, {Kind: Text}, {Kind: Time},
}

func simple(k Kind) *Type {
	if int(k) < len(simples) {
		return &simples[k]
	}
	return &Type{Kind: k}
}

// ListOf is the type of a list of elem.
func ListOf(elem *Type) *Type { return &Type{Kind: List, Elem: elem} }

// Of is the type of kind k, which is neither a list nor a group.
func Of(k Kind) *Type { return simple(k) }

// IsNumber tells whether values of the type are numbers.
func (t *Type) IsNumber() bool { return t.Kind == Int || t.Kind == Float }

// String names the type as a rule author would.
func (t *Type) String() string {
	switch t.Kind {
	case Nil:
		return "nil"
	case Bool:
		return "a boolean"
	case Int:
		return "a whole number"
	case Float:
		return "a number"
	case Text:
		return "a text"
	case Time:
		return "a time"
	case List:
		if t.Elem == nil {
			return "an empty list"
		}
		return "a list of " + t.Elem.plural()
	case Group:
		return "a group of fields"
	}
	return "something unreadable"
}

func (t *Type) plural() string {
	switch t.Kind {
	case Bool:
		return "booleans"
	case Int:
		return "whole numbers"
	case Float:
		return "numbers"
	case Text:
		return "texts"
	case Time:
		return "times"
	case List:
		return "lists"
	case Group:
		return "groups"
	}
	return "things that rules cannot read"
}

// A Field is a field of a group, as rules read it.
type Field struct {
	Name     string
	Index    []int
	Type     *Type // Invalid: rules cannot read values of its Go type
	Go       reflect.Type
	In       reflect.Type // the struct that Index begins with
	Optional bool         // may be absent
	// ZeroAbsent says that the zero value counts as absent, for the tags
	// omitempty and omitzero; EmptyAbsent, for omitempty alone, that an empty
	// list does.
	ZeroAbsent, EmptyAbsent bool
	Limits                  *Limits // nil without
	Inside                  bool    // of a group: its fields keep to their limits
}

// Field finds a field of the group t.
func (t *Type) Field(name string) (*Field, bool) {
	i := slices.IndexFunc(t.Fields, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return nil, false
	}
	return &t.Fields[i], true
}

// Names lists the names of the fields of the group t.
func (t *Type) Names() []string {
	names := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		names[i] = f.Name
	}
	return names
}

var timeType = reflect.TypeFor[time.Time]()

// TypeOf is the type of values of a Go type. Its kind is Invalid for Go types
// that rules do not read: maps, interfaces, functions, bytes.
func TypeOf(t reflect.Type) *Type {
	return typer{}.of(t)
}

// typer remembers the groups met, so that a recursive Go type becomes a
// recursive group.
type typer map[reflect.Type]*Type

func (m typer) of(t reflect.Type) *Type {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Bool:
		return simple(Bool)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return simple(Int)
	case reflect.Float32, reflect.Float64:
		return simple(Float)
	case reflect.String:
		return simple(Text)
	case reflect.Struct:
		if t == timeType {
			return simple(Time)
		}
		return m.group(t)
	case reflect.Slice, reflect.Array:
		return m.list(t)
	}
	return simple(Invalid)
}

func (m typer) list(t reflect.Type) *Type {
	elem := m.of(t.Elem())
	if elem.Kind == Invalid || t.Elem().Kind() == reflect.Uint8 {
		return simple(Invalid)
	}
	return &Type{Kind: List, Elem: elem, ElemOptional: t.Elem().Kind() == reflect.Pointer}
}

func (m typer) group(t reflect.Type) *Type {
	if known, ok := m[t]; ok {
		return known
	}
	g := &Type{Kind: Group}
	m[t] = g
	for _, f := range fields.Of(t) {
		g.Fields = append(g.Fields, Field{
			Name: f.Name, Index: f.Index, Type: m.of(f.Type), Go: f.Type, In: t,
			Optional:    f.Optional || throughPointer(t, f.Index),
			ZeroAbsent:  f.Omit != "" && f.Type.Kind() != reflect.Pointer,
			EmptyAbsent: f.Omit == "omitempty" && f.Type.Kind() != reflect.Pointer,
			Limits:      limitsOf(f.Tag.Get("validate"), f.Type), Inside: looksInside(f.Tag.Get("validate")),
		})
	}
	return g
}

// throughPointer tells whether the way to a promoted field leads through an
// embedded pointer, which may be nil.
func throughPointer(t reflect.Type, index []int) bool {
	for _, i := range index[:len(index)-1] {
		t = t.Field(i).Type
		if t.Kind() == reflect.Pointer {
			return true
		}
	}
	return false
}

// TooLarge tells of a type of Go with whole numbers that may be larger than
// those of rules: itself, or in a list of it. Reading one may fail.
func TooLarge(t reflect.Type) bool {
	for t != nil && (t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Array) {
		t = t.Elem()
	}
	return t != nil && (t.Kind() == reflect.Uint || t.Kind() == reflect.Uint64)
}
