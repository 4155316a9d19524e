package events

import (
	"reflect"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/afterword-go/afterword/internal/fields"
)

// A member is one field of a struct, ready to be decoded.
type member struct {
	fields.Field
	read reader
	or   string // another spelling of the name
}

// structure reads an object into a struct. Names match exactly; unknown ones
// are skipped.
func (c *compiler) structure(t reflect.Type) reader {
	members := c.members(t)
	byName := map[string]*member{}
	for _, m := range members {
		byName[m.Name] = m
		if m.or != "" {
			byName[m.or] = m
		}
	}
	return func(w *walk, v reflect.Value, kind jsontext.Kind) error {
		if kind != '{' {
			return w.mismatch("an object", kind)
		}
		if err := w.token(); err != nil {
			return err
		}
		var seen map[string]bool
		if w.careful {
			seen = map[string]bool{}
		}
		next := 0 // the member whose turn it is if they come in order
		for w.peek() != '}' {
			name, err := w.name()
			if err != nil {
				return err
			}
			var m *member
			if next < len(members) && members[next].Name == string(name) {
				m = members[next]
				next++
			} else {
				m = byName[string(name)]
			}
			if err := w.member(m, name, v, seen); err != nil {
				return err
			}
		}
		return w.token()
	}
}

// member reads one field. Seen holds the keys that came before it, in a
// careful walk.
func (w *walk) member(m *member, name []byte, v reflect.Value, seen map[string]bool) error {
	if !w.careful && m != nil && m.or == "" {
		return w.read(m.read, m.reach(v))
	}
	twice := false
	if w.careful {
		twice = seen[string(name)]
		seen[string(name)] = true
	}
	if m == nil {
		if twice {
			w.note("holds a key twice")
		}
		return w.skip()
	}
	key := m.Name
	if string(name) == m.or {
		key = m.or
	}
	w.push(step{name: key})
	defer w.pop()
	switch {
	case twice:
		w.note("is given twice; send it once")
		return w.skip()
	case m.or != "":
		return w.spelling(m, key, v)
	}
	return w.read(m.read, m.reach(v))
}

// spelling reads a field that has two names. Both may be given if they say
// the same, or if one of them is absent.
func (w *walk) spelling(m *member, key string, v reflect.Value) error {
	other := m.Name
	if key == m.Name {
		other = m.or
	}
	field := m.reach(v)
	if !w.careful && field.IsZero() {
		return w.read(m.read, field)
	}
	before := w.noted
	value := reflect.New(m.Type).Elem()
	if err := w.read(m.read, value); err != nil {
		return err
	}
	switch {
	case w.noted > before || value.IsZero():
	case field.IsZero(): // the other one was not given, or is absent
		field.Set(value)
	case !reflect.DeepEqual(field.Interface(), value.Interface()):
		w.pop()
		w.push(step{name: other})
		path := w.at()
		w.pop()
		w.push(step{name: key})
		w.note("differs from " + path + "; send one of the two")
	}
	return nil
}

// reach finds the field in a struct and makes the embedded structs on the way
// to it.
func (m *member) reach(v reflect.Value) reflect.Value {
	for i, at := range m.Index {
		if i > 0 && v.Kind() == reflect.Pointer {
			if v.IsNil() {
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		v = v.Field(at)
	}
	return v
}

// members prepares the fields of t and checks their names and tags.
func (c *compiler) members(t reflect.Type) (all []*member) {
	taken := map[string]bool{}
	for _, f := range fields.Of(t) {
		or, text, ok := wireTag(f.Tag)
		if !ok {
			c.fault(t, f.Name+`: the tag "wire" takes or=NAME and text`)
		}
		text = text || c.options(t, f)
		if f.Tag.Get("validate") != "" {
			c.rules = true
		}
		m := &member{Field: f, or: or, read: c.reader(fieldType{Type: f.Type, text: text})}
		for _, name := range []string{f.Name, or} {
			if name == "" {
				continue
			}
			if taken[name] {
				c.fault(t, name+": two fields have this name")
			}
			taken[name] = true
		}
		all = append(all, m)
	}
	return all
}

// options checks the options of a field's JSON tag and says whether its
// number is written as text.
func (c *compiler) options(t reflect.Type, f fields.Field) (text bool) {
	_, options, _ := strings.Cut(f.Tag.Get("json"), ",")
	kind := f.Type.Kind()
	if f.Omit != "" && (kind == reflect.Bool || isNumber(f.Type)) {
		c.fault(t, f.Name+": "+f.Omit+" would make "+zeroWord(kind)+" absent; use a pointer, or drop the option")
	}
	for option := range strings.SplitSeq(options, ",") {
		switch option {
		case "", "omitempty", "omitzero":
		case "string":
			text = true
		default:
			c.fault(t, f.Name+": the JSON tag's option is not supported; use omitempty, omitzero or string")
		}
	}
	inner := f.Type
	for inner.Kind() == reflect.Pointer {
		inner = inner.Elem()
	}
	if _, wire, _ := wireTag(f.Tag); (wire || text) && !isNumber(inner) {
		c.fault(t, f.Name+": only a number may come as text")
	}
	return text
}

func zeroWord(kind reflect.Kind) string {
	if kind == reflect.Bool {
		return "false"
	}
	return "0"
}
