package events

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// A writer appends a value as JSON, byte for byte as the JSON library writes
// it. False is for what the library refuses: it has the words.
type writer func(out []byte, v reflect.Value) ([]byte, bool)

// writerOf makes the writer of a type. It is nil for a type that is left to
// the library: all but structs, lists, pointers, texts, booleans and whole
// numbers, and of these the ones that have methods or tags of their own for
// JSON, embed others, or hold themselves. Around holds the types that it is
// part of.
func writerOf(t reflect.Type, around ...reflect.Type) writer {
	if writesItself(t) || slices.Contains(around, t) || len(around) > MaxDepth/2 {
		return nil
	}
	around = append(slices.Clone(around), t)
	switch kind := t.Kind(); {
	case kind == reflect.Struct:
		return writerOfStruct(t, around)
	case kind == reflect.Slice && t.Elem().Kind() != reflect.Uint8:
		return writerOfList(writerOf(t.Elem(), around...))
	case kind == reflect.Pointer:
		return writerOfPointer(writerOf(t.Elem(), around...))
	case kind == reflect.String:
		return func(out []byte, v reflect.Value) ([]byte, bool) { return appendText(out, v.String()) }
	case kind == reflect.Bool:
		return func(out []byte, v reflect.Value) ([]byte, bool) { return strconv.AppendBool(out, v.Bool()), true }
	case kind >= reflect.Int && kind <= reflect.Int64 && t != reflect.TypeFor[time.Duration]():
		return func(out []byte, v reflect.Value) ([]byte, bool) { return strconv.AppendInt(out, v.Int(), 10), true }
	}
	return nil
}

// writesItself says whether t brings its own way to be encoded.
func writesItself(t reflect.Type) bool {
	return slices.ContainsFunc([]reflect.Type{
		reflect.TypeFor[json.Marshaler](), reflect.TypeFor[jsonv2.MarshalerTo](),
		reflect.TypeFor[encoding.TextMarshaler](), reflect.TypeFor[encoding.TextAppender](),
		reflect.TypeFor[interface{ IsZero() bool }](), // omitzero asks it
	}, func(own reflect.Type) bool { return t.Implements(own) || reflect.PointerTo(t).Implements(own) })
}

func writerOfPointer(inner writer) writer {
	if inner == nil {
		return nil
	}
	return func(out []byte, v reflect.Value) ([]byte, bool) {
		if v.IsNil() {
			return append(out, "null"...), true
		}
		return inner(out, v.Elem())
	}
}

func writerOfList(inner writer) writer {
	if inner == nil {
		return nil
	}
	return func(out []byte, v reflect.Value) ([]byte, bool) {
		out = append(out, '[')
		good := false
		for i := range v.Len() {
			if i > 0 {
				out = append(out, ',')
			}
			if out, good = inner(out, v.Index(i)); !good {
				return nil, false
			}
		}
		return append(out, ']'), true
	}
}

// A memberWriter writes one field of a struct.
type memberWriter struct {
	index int
	key   string // with its quotation marks and colon
	omit  string // "omitempty", "omitzero" or neither
	write writer
}

func writerOfStruct(t reflect.Type, around []reflect.Type) writer {
	var all []memberWriter
	for i := range t.NumField() {
		f := t.Field(i)
		name, omit, good := plainTag(f)
		switch {
		case !good:
			return nil
		case name == "":
			continue
		}
		m := memberWriter{index: i, key: `"` + name + `":`, omit: omit, write: writerOf(f.Type, around...)}
		if m.write == nil || slices.ContainsFunc(all, func(o memberWriter) bool { return o.key == m.key }) {
			return nil
		}
		all = append(all, m)
	}
	return func(out []byte, v reflect.Value) ([]byte, bool) {
		out = append(out, '{')
		start, good := len(out), false
		for i := range all {
			if out, good = all[i].append(out, v.Field(all[i].index), start); !good {
				return nil, false
			}
		}
		return append(out, '}'), true
	}
}

// append writes a key and its value, and a comma in front of them unless they
// are the first behind start.
func (m *memberWriter) append(out []byte, v reflect.Value, start int) ([]byte, bool) {
	if m.omit == "omitzero" && v.IsZero() {
		return out, true
	}
	before := len(out)
	if before > start {
		out = append(out, ',')
	}
	out = append(out, m.key...)
	from := len(out)
	out, good := m.write(out, v)
	if good && m.omit == "omitempty" {
		switch string(out[from:]) {
		case `""`, `[]`, `{}`, `null`:
			return out[:before], true
		}
	}
	return out, good
}

// plainTag reads a field's JSON tag if it is one that everybody reads alike.
// The name is empty for a field that is not written.
func plainTag(f reflect.StructField) (name, omit string, good bool) {
	tag := f.Tag.Get("json")
	if tag == "-" || !f.IsExported() && !f.Anonymous && tag == "" {
		return "", "", true
	}
	name, omit, _ = strings.Cut(tag, ",")
	if name == "" {
		name = f.Name
	}
	good = !f.Anonymous && f.IsExported() && (omit == "" || omit == "omitempty" || omit == "omitzero") &&
		!strings.ContainsFunc(name, func(r rune) bool { return r != '_' && (r|0x20 < 'a' || r|0x20 > 'z') && (r < '0' || r > '9') })
	return name, omit, good
}

func appendText(out []byte, text string) ([]byte, bool) {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c == '"' || c == '\\' || c >= 0x80 {
			out, err := jsontext.AppendQuote(out, text)
			return out, err == nil
		}
	}
	return append(append(append(out, '"'), text...), '"'), true
}
