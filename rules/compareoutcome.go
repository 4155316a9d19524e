package rules

import (
	"encoding"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/afterword-go/afterword/internal/fields"
	"github.com/afterword-go/afterword/rules/internal/logic"
)

// outcomes compares what follows from a rule. The result is false if nobody
// can.
func (c *comparer[In, Then]) outcomes(old, new *compared[In, Then]) bool {
	if old.compiled == new.compiled {
		return true
	}
	was, is := outcomeOf[In, Then]{rule: old.compiled}, outcomeOf[In, Then]{rule: new.compiled}
	d := outcomeDiff[In, Then]{was, is, func(field, before, after string) {
		c.change(Change{Kind: OutcomeChanged, Old: old.info(), New: new.info(), Field: field, Before: before, After: after})
	}}
	a, b := reflect.ValueOf(&old.Then).Elem(), reflect.ValueOf(&new.Then).Elem()
	if was.key(a) != is.key(b) {
		d.values(a, b, "")
		return true
	}
	_, opaque := old.outcomeKey()
	return !opaque
}

// outcomeKey is the same for outcomes that are alike. Opaque tells that part of
// the outcome is not known by its key.
func (r *compared[In, Then]) outcomeKey() (key string, opaque bool) {
	o := outcomeOf[In, Then]{rule: r.compiled}
	v := reflect.ValueOf(&r.Then).Elem()
	return o.key(v), isOpaque(v)
}

// isOpaque tells whether a value holds what shows nothing of itself: functions,
// channels and structs without JSON fields.
func isOpaque(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return true
	case reflect.Pointer, reflect.Interface:
		return !v.IsNil() && isOpaque(v.Elem())
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if isOpaque(v.Index(i)) {
				return true
			}
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			if isOpaque(v.MapIndex(key)) {
				return true
			}
		}
	case reflect.Struct:
		list := fields.Of(v.Type())
		if showsItself(v.Type()) {
			return false
		}
		for _, f := range list {
			if inner, err := v.FieldByIndexErr(f.Index); err == nil && isOpaque(inner) {
				return true
			}
		}
		return hidesSome(v.Type(), jsonFields(v.Type()))
	}
	return false
}

// hidesSome tells of a struct with a field that none of the paths leads to or
// into.
func hidesSome(t reflect.Type, paths [][]int) bool {
	for i := range t.NumField() {
		whole, inside := below(paths, i)
		if whole {
			continue
		}
		embedded := t.Field(i).Type
		if embedded.Kind() == reflect.Pointer {
			embedded = embedded.Elem()
		}
		if len(inside) == 0 || hidesSome(embedded, inside) {
			return true
		}
	}
	return false
}

// showsItself tells of types that have a JSON form of their own.
func showsItself(t reflect.Type) bool {
	for _, shown := range []reflect.Type{reflect.TypeFor[json.Marshaler](), reflect.TypeFor[encoding.TextMarshaler]()} {
		if t.Implements(shown) || reflect.PointerTo(t).Implements(shown) {
			return true
		}
	}
	return false
}

// An outcomeOf reads the outcome of a rule.
type outcomeOf[In, Then any] struct{ rule *compiled[In, Then] }

func isText(v reflect.Value) bool { return v.Type() == reflect.TypeFor[Text]() }

// key is the same for values that are alike.
func (o outcomeOf[In, Then]) key(v reflect.Value) string {
	var out strings.Builder
	o.writeKey(&out, v)
	return out.String()
}

func (o outcomeOf[In, Then]) writeKey(out *strings.Builder, v reflect.Value) {
	switch {
	case isText(v):
		out.WriteString(o.textKey(Text(v.String())))
	case (v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface) && !v.IsNil():
		o.writeKey(out, v.Elem())
	case v.Kind() == reflect.Slice || v.Kind() == reflect.Array:
		for i := range v.Len() {
			out.WriteString("[")
			o.writeKey(out, v.Index(i))
			out.WriteString("]")
		}
	case v.Kind() == reflect.Map:
		for _, key := range sortedMapKeys(v) {
			fmt.Fprintf(out, "{%q:", fmt.Sprint(key))
			o.writeKey(out, v.MapIndex(key))
			out.WriteString("}")
		}
	case v.Kind() == reflect.Struct && !showsItself(v.Type()):
		for _, f := range fields.Of(v.Type()) {
			inner, err := v.FieldByIndexErr(f.Index)
			if err != nil {
				continue // in a pointer that is nil
			}
			out.WriteString("{" + f.Name + ":")
			o.writeKey(out, inner)
			out.WriteString("}")
		}
	default:
		out.WriteString(o.shown(v))
	}
}

func sortedMapKeys(v reflect.Value) []reflect.Value {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return keys
}

// textKey is the same for texts that render alike.
func (o outcomeOf[In, Then]) textKey(text Text) string {
	t := o.rule.templates[text]
	if t == nil {
		return strconv.Quote(string(text))
	}
	var out, literal strings.Builder
	for i := range t.parts {
		part := &t.parts[i]
		if part.text == "" || part.fixed {
			literal.WriteString(part.literal)
			continue
		}
		_, node, _ := readInsert(part.text, part.env) // it has loaded before
		out.WriteString(strconv.Quote(literal.String()) + "${" + logic.Key(node) + "}")
		literal.Reset()
	}
	return out.String() + strconv.Quote(literal.String())
}

// settled is a text with its constants put in.
func (o outcomeOf[In, Then]) settled(text Text) string {
	t := o.rule.templates[text]
	if t == nil {
		return string(text)
	}
	var out strings.Builder
	for _, part := range t.parts {
		switch {
		case part.text == "":
			out.WriteString(strings.ReplaceAll(part.literal, "${", "$${"))
		case part.fixed:
			out.WriteString(part.literal)
		default:
			out.WriteString("${" + part.text + "}")
		}
	}
	return out.String()
}

// shown is a value as a change shows it: a text as it is written, anything else
// in JSON.
func (o outcomeOf[In, Then]) shown(v reflect.Value) string {
	if isText(v) {
		return v.String()
	}
	if !v.CanInterface() {
		return v.Type().String()
	}
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v.Interface()); err != nil {
		return v.Type().String() // it has no JSON form
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// An outcomeDiff finds what differs in two outcomes.
type outcomeDiff[In, Then any] struct {
	old, new outcomeOf[In, Then]
	differs  func(field, before, after string)
}

// values compares two values of one type.
func (d outcomeDiff[In, Then]) values(a, b reflect.Value, field string) {
	if d.old.key(a) == d.new.key(b) && isNil(a) == isNil(b) {
		return
	}
	switch {
	case isText(a):
		d.texts(a, b, field)
	case a.Kind() == reflect.Pointer && !a.IsNil() && !b.IsNil():
		d.values(a.Elem(), b.Elem(), field)
	case a.Kind() == reflect.Interface && !a.IsNil() && !b.IsNil() && a.Elem().Type() == b.Elem().Type():
		d.values(a.Elem(), b.Elem(), field)
	case a.Kind() == reflect.Slice || a.Kind() == reflect.Array:
		d.lists(a, b, field)
	case a.Kind() == reflect.Map:
		d.maps(a, b, field)
	case a.Kind() == reflect.Struct && !showsItself(a.Type()):
		for _, f := range fields.Of(a.Type()) {
			x, errA := a.FieldByIndexErr(f.Index)
			y, errB := b.FieldByIndexErr(f.Index)
			switch at := joined(field, f.Name); {
			case errA == nil && errB == nil:
				d.values(x, y, at)
			case errA == nil:
				d.differs(at, d.old.shown(x), "")
			case errB == nil:
				d.differs(at, "", d.new.shown(y))
			}
		}
	default:
		d.differs(field, d.old.shown(a), d.new.shown(b))
	}
}

func isNil(v reflect.Value) bool {
	return (v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface) && v.IsNil()
}

func joined(field, name string) string {
	if field == "" {
		return name
	}
	return field + "." + name
}

// texts shows the texts as they are written, or with their constants if that is
// all that differs.
func (d outcomeDiff[In, Then]) texts(a, b reflect.Value, field string) {
	before, after := a.String(), b.String()
	if before == after {
		before, after = d.old.settled(Text(before)), d.new.settled(Text(after))
	}
	d.differs(field, before, after)
}

// lists leaves out what is the same at both ends, and compares what is left one
// by one.
func (d outcomeDiff[In, Then]) lists(a, b reflect.Value, field string) {
	if a.Len() == 1 && b.Len() == 1 {
		d.values(a.Index(0), b.Index(0), field)
		return
	}
	same := func(i, j int) bool { return d.old.key(a.Index(i)) == d.new.key(b.Index(j)) }
	head, tail := 0, 0
	for head < min(a.Len(), b.Len()) && same(head, head) {
		head++
	}
	for tail < min(a.Len(), b.Len())-head && same(a.Len()-1-tail, b.Len()-1-tail) {
		tail++
	}
	for i := head; i < max(a.Len(), b.Len())-tail; i++ {
		at := field + "[" + strconv.Itoa(i) + "]"
		switch {
		case i >= a.Len()-tail:
			d.differs(at, "", d.new.shown(b.Index(i)))
		case i >= b.Len()-tail:
			d.differs(at, d.old.shown(a.Index(i)), "")
		default:
			d.values(a.Index(i), b.Index(i), at)
		}
	}
}

func (d outcomeDiff[In, Then]) maps(a, b reflect.Value, field string) {
	keys := map[string]reflect.Value{}
	for _, key := range append(a.MapKeys(), b.MapKeys()...) {
		keys[fmt.Sprint(key)] = key
	}
	for _, name := range slices.Sorted(maps.Keys(keys)) {
		x, y := a.MapIndex(keys[name]), b.MapIndex(keys[name])
		switch at := joined(field, name); {
		case x.IsValid() && y.IsValid():
			d.values(x, y, at)
		case x.IsValid():
			d.differs(at, d.old.shown(x), "")
		default:
			d.differs(at, "", d.new.shown(y))
		}
	}
}
