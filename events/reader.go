package events

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/afterword-go/afterword/internal/fields"
)

// A reader fills v, which is zero, from the next value of the walk. Kind is
// that value's kind and is never null unless the reader's type takes it.
type reader func(w *walk, v reflect.Value, kind jsontext.Kind) error

// read fills v from the next value; null leaves it zero.
func (w *walk) read(r reader, v reflect.Value) error {
	kind := w.peek()
	if kind == 'n' {
		v.SetZero()
		return w.skip()
	}
	return r(w, v, kind)
}

// A fieldType is a Go type and what its field's tags say of the wire.
type fieldType struct {
	reflect.Type
	text bool // a number may also come as text
}

// A compiler makes readers for the types that one type is made of.
type compiler struct {
	done   map[fieldType]*reader
	rules  bool
	faults []string
}

func (c *compiler) fault(t reflect.Type, message string) {
	c.faults = append(c.faults, t.String()+": "+message)
}

func (c *compiler) reader(t fieldType) reader {
	if r, ok := c.done[t]; ok {
		return func(w *walk, v reflect.Value, kind jsontext.Kind) error { return (*r)(w, v, kind) }
	}
	r := new(reader)
	c.done[t] = r
	*r = c.build(t)
	return *r
}

func (c *compiler) build(t fieldType) reader {
	switch {
	case t.Type == rawType || t.Type == reflect.TypeFor[jsontext.Value]():
		return readRaw
	case t.Type == reflect.TypeFor[ID]():
		return readID
	case t.Type == reflect.TypeFor[verbatim]():
		return readVerbatim
	case t.Type == reflect.TypeFor[headerList]():
		return c.headers()
	case t.Type == reflect.TypeFor[Threshold]():
		return c.threshold()
	case t.Type == reflect.TypeFor[BotMessage]():
		return c.botMessage()
	case ownForm(t.Type):
		return readForeign
	}
	switch t.Kind() {
	case reflect.Struct:
		return c.structure(t.Type)
	case reflect.Pointer:
		return c.pointer(t)
	case reflect.Slice:
		if t.Elem().Kind() != reflect.Uint8 {
			return c.list(t)
		}
	case reflect.Map:
		if t.Key().Kind() == reflect.String && !ownForm(t.Key()) {
			return c.table(t)
		}
	case reflect.String:
		return readText
	case reflect.Bool:
		return readBool
	case reflect.Interface:
		if t.NumMethod() > 0 {
			c.fault(t.Type, "an interface with methods cannot be decoded; use a concrete type")
		}
	case reflect.Chan, reflect.Func, reflect.Complex64, reflect.Complex128, reflect.UnsafePointer, reflect.Uintptr:
		c.fault(t.Type, "has no JSON form; leave the field out with the tag json:\"-\"")
	default:
		if isNumber(t.Type) {
			return number(t)
		}
	}
	return readForeign
}

// ownForm says whether t brings its own way to be decoded.
func ownForm(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	if t.Kind() == reflect.Pointer {
		return false // its element is asked
	}
	return p.Implements(reflect.TypeFor[json.Unmarshaler]()) ||
		p.Implements(reflect.TypeFor[jsonv2.UnmarshalerFrom]()) ||
		p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// takesNull says whether null is a value of its own inside a list or a map.
func takesNull(t reflect.Type) bool {
	return t.Kind() == reflect.Pointer || t.Kind() == reflect.Interface || t == rawType || t == reflect.TypeFor[jsontext.Value]()
}

func isNumber(t reflect.Type) bool {
	return t.Kind() >= reflect.Int && t.Kind() <= reflect.Float64 && t.Kind() != reflect.Uintptr
}

func (c *compiler) pointer(t fieldType) reader {
	inner := c.reader(fieldType{Type: t.Elem(), text: t.text})
	return func(w *walk, v reflect.Value, kind jsontext.Kind) error {
		v.Set(reflect.New(t.Elem()))
		return inner(w, v.Elem(), kind)
	}
}

// list reads a list; an empty one stays nil, so that it equals a missing one.
func (c *compiler) list(t fieldType) reader {
	elem := t.Elem()
	read := c.reader(fieldType{Type: elem})
	lone := t.Implements(reflect.TypeFor[interface{ loneElement() }]())
	return func(w *walk, v reflect.Value, kind jsontext.Kind) error {
		if kind == '{' && lone {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
			return read(w, v.Index(0), kind)
		}
		if kind != '[' {
			return w.mismatch("a list", kind)
		}
		if err := w.token(); err != nil {
			return err
		}
		n := 0
		for kind := w.peek(); kind != ']'; kind = w.peek() {
			if n == v.Cap() {
				v.Grow(max(n, 4))
			}
			v.SetLen(n + 1)
			w.push(step{index: n})
			if err := w.element(read, v.Index(n), kind); err != nil {
				return err
			}
			w.pop()
			n++
		}
		return w.token()
	}
}

// element reads one value of a list or a map.
func (w *walk) element(read reader, v reflect.Value, kind jsontext.Kind) error {
	if kind != 'n' {
		return read(w, v, kind)
	}
	switch {
	case v.Type() == rawType || v.Type() == reflect.TypeFor[jsontext.Value]():
		return read(w, v, kind)
	case takesNull(v.Type()):
		return w.skip()
	}
	w.note("must not be null")
	return w.skip()
}

// table reads an object into a map; an empty one stays nil.
func (c *compiler) table(t fieldType) reader {
	read := c.reader(fieldType{Type: t.Elem()})
	return func(w *walk, v reflect.Value, kind jsontext.Kind) error {
		if kind != '{' {
			return w.mismatch("an object", kind)
		}
		if err := w.token(); err != nil {
			return err
		}
		for w.peek() != '}' {
			name, err := w.name()
			if err != nil {
				return err
			}
			if v.IsNil() {
				v.Set(reflect.MakeMap(v.Type()))
			}
			key := reflect.ValueOf(string(name)).Convert(v.Type().Key())
			if w.careful && v.MapIndex(key).IsValid() {
				w.note("holds a key twice")
			}
			elem := reflect.New(v.Type().Elem()).Elem()
			if err := w.element(read, elem, w.peek()); err != nil {
				return err
			}
			v.SetMapIndex(key, elem)
		}
		return w.token()
	}
}

// stepInto follows one token of a JSON pointer into t. The type is nil where
// the token is not the name of a field or a position in a list.
func stepInto(t reflect.Type, token string) (reflect.Type, step) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Slice, reflect.Array:
		if i, err := strconv.Atoi(token); err == nil {
			return t.Elem(), step{index: i}
		}
	case reflect.Struct:
		all := fields.Of(t)
		if i := slices.IndexFunc(all, func(f fields.Field) bool { return f.Name == token }); i >= 0 {
			return all[i].Type, step{name: token}
		}
	}
	return nil, step{}
}

// wireTag reads the tag "wire": "or=NAME" gives another spelling of the
// field's name, "text" lets a number come as text as well.
func wireTag(tag reflect.StructTag) (or string, text, ok bool) {
	ok = true
	for option := range strings.SplitSeq(tag.Get("wire"), ",") {
		name, isOr := strings.CutPrefix(option, "or=")
		switch {
		case isOr && name != "":
			or = name
		case option == "text":
			text = true
		case option != "":
			ok = false
		}
	}
	return or, text, ok
}
