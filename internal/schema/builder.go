package schema

import (
	"encoding"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/afterword-go/afterword/internal/fields"
)

// A Form is where values of a type are written down.
type Form uint8

// The forms.
const (
	// Payload is the payload of an event: null is absent, unknown fields are
	// taken, and so are other spellings of the tag "wire"; what validation
	// asks for is required.
	Payload Form = iota
	// Part is a payload in a test, complete or in part: nothing is required,
	// and unknown fields are refused.
	Part
	// File is a value in a rule file: nothing is null, unknown fields are
	// refused, every field is required unless it is optional, and one group
	// will do for a list of groups. The types' own JSON forms do not count.
	File
)

// A Builder makes schemas that share their definitions. The zero value is
// ready. It is for one goroutine.
type Builder struct {
	// Special gives the schema of a type whose values are written in a way of
	// their own, with its properties described by plain; nil for other types.
	Special func(t reflect.Type, plain *Schema) *Schema

	defs  map[string]*Schema
	names map[variant]string
	open  map[reflect.Type]bool
}

// A variant is a type in a form, with or without what its validate tags ask.
type variant struct {
	reflect.Type
	form    Form
	checked bool
}

// Define adds a definition under a name and gives a reference to it.
func (b *Builder) Define(name string, s *Schema) *Schema {
	if b.defs == nil {
		b.defs = map[string]*Schema{}
	}
	b.defs[name] = s
	return &Schema{Ref: refTo + name}
}

const refTo = "#/$defs/"

// Defs are all definitions, by name.
func (b *Builder) Defs() Properties {
	var all Properties
	for _, name := range slices.Sorted(maps.Keys(b.defs)) {
		all = append(all, Property{Name: name, Schema: b.defs[name]})
	}
	return all
}

// Name is the name of the definition that a schema refers to, or empty.
func (s *Schema) Name() string { return strings.TrimPrefix(s.Ref, refTo) }

// Resolve follows a reference.
func (b *Builder) Resolve(s *Schema) *Schema {
	if s.Ref != "" {
		return b.defs[s.Name()]
	}
	return s
}

// Of is the schema of values of a Go type. It belongs to the caller but for
// the definitions that it refers to.
func (b *Builder) Of(t reflect.Type, form Form) *Schema {
	return b.value(variant{t, form, form != File}, false)
}

// value is the schema of values that are there. Text says that numbers may
// come as text.
func (b *Builder) value(v variant, text bool) *Schema {
	if v.form != File {
		if own, ok := ownForm(v.Type); ok {
			return own
		}
	}
	switch v.Kind() {
	case reflect.Struct:
		return b.reference(v)
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return b.compound(v, text)
	case reflect.String:
		return &Schema{Type: Types{String}}
	case reflect.Bool:
		return &Schema{Type: Types{Boolean}}
	case reflect.Interface:
		return &Schema{}
	case reflect.Chan, reflect.Func, reflect.Complex64, reflect.Complex128, reflect.UnsafePointer, reflect.Uintptr:
		return Nothing()
	}
	return number(v.Type, text)
}

// compound is the schema of a pointer, a list or a map. A type that holds
// itself without a struct between is not followed.
func (b *Builder) compound(v variant, text bool) *Schema {
	if b.open[v.Type] {
		return &Schema{}
	}
	if v.Name() != "" {
		if b.open == nil {
			b.open = map[reflect.Type]bool{}
		}
		b.open[v.Type] = true
		defer delete(b.open, v.Type)
	}
	inner := variant{v.Elem(), v.form, v.checked}
	switch v.Kind() {
	case reflect.Pointer:
		return b.value(inner, text)
	case reflect.Map:
		return &Schema{Type: Types{Object}, Others: b.element(inner)}
	}
	if v.Elem().Kind() == reflect.Uint8 && v.form != File {
		return &Schema{Type: Types{String}} // bytes, in base64
	}
	return b.list(v, inner)
}

func (b *Builder) list(v, inner variant) *Schema {
	one := b.element(inner)
	list := &Schema{Type: Types{Array}, Items: one}
	if v.form == File && grouped(v.Elem()) {
		return &Schema{AnyOf: []*Schema{one, list}}
	}
	return list
}

func grouped(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Kind() == reflect.Struct
}

// element is the schema of an element of a list or map.
func (b *Builder) element(v variant) *Schema {
	s := b.value(v, false)
	switch {
	case v.form == Part, v.form == Payload && v.Kind() == reflect.Pointer:
		s.OrNull()
	case s.Ref != "" && v.form == Payload:
		s.Type = Types{Object}
	}
	return s
}

// OrNull lets a value be null. Definitions do that already.
func (s *Schema) OrNull() {
	if len(s.Type) > 0 && s.Ref == "" && !slices.Contains(s.Type, Null) {
		s.Type = append(s.Type, Null)
	}
	if len(s.Enum) > 0 {
		s.Enum = append(s.Enum, nil)
	}
}

// number is the schema of a Go number. Numbers of 64 bits have no bounds: many
// readers of schemas count in floating point.
func number(t reflect.Type, text bool) *Schema {
	s := &Schema{Type: Types{Integer}}
	bits := t.Bits()
	switch kind := t.Kind(); {
	case kind == reflect.Float32 || kind == reflect.Float64:
		s.Type = Types{Number}
	case kind >= reflect.Uint:
		s.Minimum = To(0.0)
		if bits < 64 {
			s.Maximum = To(float64(uint64(1)<<bits - 1))
		}
	case bits < 64:
		s.Minimum, s.Maximum = To(-float64(uint64(1)<<(bits-1))), To(float64(uint64(1)<<(bits-1)-1))
	}
	if text {
		s.Type = append(s.Type, String)
		s.Pattern = `^\s*-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?\s*$`
	}
	return s
}

// ownForm is the schema of a type that has a JSON form of its own. Such a type
// tells what it takes with a method JSONTypes() []string; a type that does not
// tell takes anything.
func ownForm(t reflect.Type) (*Schema, bool) {
	if t.Kind() == reflect.Pointer || t.Kind() == reflect.Interface {
		return nil, false
	}
	p := reflect.PointerTo(t)
	if t == reflect.TypeFor[time.Time]() {
		return &Schema{Type: Types{String}, Format: "date-time"}, true
	}
	if p.Implements(reflect.TypeFor[interface{ JSONTypes() []string }]()) {
		told := reflect.New(t).Interface().(interface{ JSONTypes() []string })
		return &Schema{Type: slices.Clone(told.JSONTypes())}, true
	}
	_, streams := p.MethodByName("UnmarshalJSONFrom")
	switch {
	case streams || p.Implements(reflect.TypeFor[json.Unmarshaler]()):
		return &Schema{}, true
	case p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		return &Schema{Type: Types{String}}, true
	}
	return nil, false
}

// reference refers to the definition of a struct, and makes it the first time.
func (b *Builder) reference(v variant) *Schema {
	if name, ok := b.names[v]; ok {
		return &Schema{Ref: refTo + name}
	}
	if b.names == nil {
		b.names = map[variant]string{}
	}
	name := b.freeName(v.Type)
	b.names[v] = name
	def := &Schema{}
	ref := b.Define(name, def)
	*def = *b.group(v)
	if b.Special != nil {
		if special := b.Special(v.Type, def); special != nil {
			*def = *special
		}
	}
	return ref
}

var (
	// Of the arguments of a generic type, Go tells packages, and numbers for
	// local types.
	inArguments = regexp.MustCompile(`[^\[\],]*\.|·[0-9]+`)
	notInNames  = regexp.MustCompile(`[^A-Za-z0-9_.]+`)
)

// freeName is a name for the definition of a type: its own if that is free,
// then with its package, then with a number.
func (b *Builder) freeName(t reflect.Type) string {
	own := "group"
	if t.Name() != "" {
		own = strings.Trim(notInNames.ReplaceAllString(inArguments.ReplaceAllString(t.Name(), ""), "_"), "_")
	}
	long := strings.Trim(notInNames.ReplaceAllString(t.String(), "_"), "_")
	name := own
	for i := 1; b.defs[name] != nil; i++ {
		name = long
		if i > 1 {
			name = fmt.Sprintf("%s_%d", long, i)
		}
	}
	return name
}

// group is the schema of a struct.
func (b *Builder) group(v variant) *Schema {
	s := &Schema{Type: Types{Object}, Properties: Properties{}}
	if v.form != File {
		s.Type = append(s.Type, Null)
	}
	if v.form != Payload {
		s.Others = Nothing()
	}
	for _, f := range fields.Of(v.Type) {
		needed := v.form == File && !f.Optional || v.form == Payload && v.checked && needs(f)
		if needed {
			s.Required = append(s.Required, f.Name)
		}
		s.Properties = append(s.Properties, Property{f.Name, b.field(v, f, needed)})
		if or := spelling(f.Tag); or != "" && v.form == Payload {
			other := b.field(v, f, needed)
			other.Description = strings.TrimSpace(other.Description + " Another spelling of " + f.Name + ".")
			s.Properties = append(s.Properties, Property{or, other})
		}
	}
	return s
}

// field is the schema of a field of a struct.
func (b *Builder) field(of variant, f fields.Field, needed bool) *Schema {
	limits := limitsOf(f.Tag)
	inner := f.Type
	for inner.Kind() == reflect.Pointer {
		inner = inner.Elem()
	}
	checked := of.checked && (inner.Kind() == reflect.Struct || limits.each != nil)
	s := b.value(variant{f.Type, of.form, checked}, of.form != File && asText(f.Tag))
	if of.form != File {
		s.Type = append(s.Type, limits.or...)
		if of.checked {
			limits.bound(s, f.Type, of.form == Payload)
		}
		if needed && s.Ref != "" {
			s.Type = Types{Object}
		}
		if !needed {
			s.OrNull()
		}
	}
	s.Description = f.Tag.Get("doc")
	if text, ok := f.Tag.Lookup("example"); ok {
		s.Examples = []any{s.example(text)}
	}
	return s
}

// example is the value of an example in a tag.
func (s *Schema) example(text string) any {
	var value any
	switch {
	case slices.Contains(s.Type, String) && !slices.Contains(s.Type, Integer) && !slices.Contains(s.Type, Number):
		return text
	case json.Unmarshal([]byte(text), &value) == nil:
		return json.RawMessage(text)
	case slices.Contains(s.Type, Array):
		return []any{text}
	}
	return text
}

// spelling is the other spelling of a field's name.
func spelling(tag reflect.StructTag) string {
	for option := range strings.SplitSeq(tag.Get("wire"), ",") {
		if or, ok := strings.CutPrefix(option, "or="); ok {
			return or
		}
	}
	return ""
}

// asText tells whether a field's number may come as text.
func asText(tag reflect.StructTag) bool {
	_, options, _ := strings.Cut(tag.Get("json"), ",")
	return slices.Contains(strings.Split(tag.Get("wire"), ","), "text") || slices.Contains(strings.Split(options, ","), "string")
}
