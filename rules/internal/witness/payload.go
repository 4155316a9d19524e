package witness

import (
	"bytes"
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// A path leads to a value in the payload: fields and places in lists.
type path []step

// A step is a field, or else a place.
type step struct {
	field *tree.Field
	index int
}

func (p path) then(s step) path { return append(p[:len(p):len(p)], s) }

// A record is a group in a payload: its fields by their names. Lists are
// *[]any, and nil is null.
type record map[string]any

// typeAt is the type of what lies at a path, and whether it may be null there.
func typeAt(p path) (t *tree.Type, optional bool) {
	for _, s := range p {
		if s.field != nil {
			t, optional = s.field.Type, s.field.Optional
		} else {
			t, optional = t.Elem, t.ElemOptional
		}
	}
	return t, optional
}

// set puts a value at a path, with all that is missing on the way.
func (r record) set(p path, x any) {
	var at any = r
	for i, s := range p {
		last := i == len(p)-1
		if s.field != nil {
			group := at.(record)
			if last {
				group[s.field.Name] = x
				return
			}
			if group[s.field.Name] == nil {
				group[s.field.Name] = fresh(p[:i+1], s.field.Type)
			}
			at = group[s.field.Name]
			continue
		}
		list := at.(*[]any)
		elem, _ := typeAt(p[:i+1])
		for len(*list) <= s.index {
			*list = append(*list, fresh(p[:i+1], elem))
		}
		if last {
			(*list)[s.index] = x
			return
		}
		if (*list)[s.index] == nil {
			(*list)[s.index] = fresh(p[:i+1], elem)
		}
		at = (*list)[s.index]
	}
}

// get is what lies at a path; nil if nothing does.
func (r record) get(p path) any {
	var at any = r
	for _, s := range p {
		switch group := at.(type) {
		case record:
			if s.field == nil {
				return nil
			}
			at = group[s.field.Name]
		case *[]any:
			if s.field != nil || s.index >= len(*group) {
				return nil
			}
			at = (*group)[s.index]
		default:
			return nil
		}
	}
	return at
}

// drop takes away what lies at a path: of a list, the element itself.
func (r record) drop(p path) {
	s := p[len(p)-1]
	switch group := r.get(p[:len(p)-1]).(type) {
	case record:
		if s.field != nil {
			delete(group, s.field.Name)
		}
	case *[]any:
		if s.field == nil && s.index < len(*group) {
			*group = slices.Delete(*group, s.index, s.index+1)
		}
	}
}

// clone is a copy that shares nothing.
func clone(x any) any {
	switch x := x.(type) {
	case record:
		out := make(record, len(x))
		for name, member := range x {
			out[name] = clone(member)
		}
		return out
	case *[]any:
		out := make([]any, len(*x))
		for i, member := range *x {
			out[i] = clone(member)
		}
		return &out
	}
	return x
}

// fresh is the emptiest value of a type that the place at a path takes.
func fresh(p path, t *tree.Type) any {
	switch t.Kind {
	case tree.Group:
		out := record{}
		if len(p) < mostDeep {
			out.require(p, t)
		}
		return out
	case tree.List:
		return &[]any{}
	case tree.Bool:
		return false
	case tree.Text:
		return ""
	case tree.Time:
		return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	case tree.Float:
		return 0.0
	}
	return int64(0)
}

// mostDeep bounds how deep groups that need others are filled.
const mostDeep = 8

// require fills in the fields of a group that cannot be left out.
func (r record) require(p path, t *tree.Type) {
	for i := range t.Fields {
		f := &t.Fields[i]
		at := p.then(step{field: f})
		if f.Optional && !required(f) || f.Type.Kind == tree.Invalid {
			continue
		}
		zero := fresh(at, f.Type)
		inner, group := zero.(record)
		if group && len(inner) > 0 || required(f) || f.Limits != nil && !allowed(at, zero) {
			r[f.Name] = least(at, f.Type)
		}
	}
}

// required tells whether the validate tag of a field asks for a value.
func required(f *tree.Field) bool {
	if f.In == nil || f.In.Kind() != reflect.Struct {
		return false
	}
	first, _, _ := strings.Cut(f.In.FieldByIndex(f.Index).Tag.Get("validate"), ",")
	return first == "required"
}

// least is the smallest value that is there and that a place takes.
func least(p path, t *tree.Type) any {
	for _, x := range ordinary(p, t) {
		if allowed(p, x) && !isZero(x) {
			return x
		}
	}
	return fresh(p, t)
}

// ordinary are simple values for a place.
func ordinary(p path, t *tree.Type) []any {
	limits := limitsAt(p)
	switch t.Kind {
	case tree.Bool:
		return []any{true, false}
	case tree.Int:
		out := []any{int64(1), int64(2), int64(0), int64(-1)}
		if limits != nil {
			for _, n := range limits.Numbers() {
				out = append(out, n)
			}
			out = append(out, endsOf(limits, func(x float64) any { return int64(x) })...)
		}
		return out
	case tree.Float:
		out := []any{1.0, 0.5, 2.0, 0.0, -1.0}
		if limits != nil {
			out = append(out, endsOf(limits, func(x float64) any { return x })...)
		}
		return out
	case tree.Text:
		if limits == nil {
			return []any{"a", ""}
		}
		out := []any{"a", ""}
		for _, s := range limits.OneOf {
			out = append(out, s)
		}
		if limits.OneOf == nil && limits.Min > 0 && limits.Min < 1000 {
			out = append(out, strings.Repeat("a", int(limits.Min)))
		}
		return out
	case tree.List:
		n := 1
		if limits != nil && limits.Min > 1 && limits.Min < 1000 {
			n = int(limits.Min)
		}
		list := make([]any, n)
		for i := range list {
			list[i] = least(p.then(step{index: i}), t.Elem)
		}
		return []any{&list}
	}
	return []any{fresh(p, t)}
}

func endsOf(limits *tree.Limits, as func(float64) any) []any {
	var out []any
	for _, end := range []float64{limits.Min, limits.Max} {
		if math.Abs(end) < 1<<53 {
			out = append(out, as(end))
		}
	}
	return out
}

// limitsAt are the limits that the input keeps to at a path; see logic.Limits.
func limitsAt(p path) *tree.Limits {
	for i, s := range p {
		if s.field == nil || i < len(p)-1 && !s.field.Inside {
			return nil
		}
	}
	if len(p) == 0 {
		return nil
	}
	return p[len(p)-1].field.Limits
}

func isZero(x any) bool {
	list, ok := x.(*[]any)
	if ok {
		return len(*list) == 0
	}
	_, group := x.(record)
	return !group && (x == nil || reflect.ValueOf(x).IsZero())
}

// allowed tells whether a place takes a value.
func allowed(p path, x any) bool {
	limits := limitsAt(p)
	if limits == nil || x == nil || limits.ZeroToo && isZero(x) {
		return true
	}
	if limits.OneOf != nil {
		switch x := x.(type) {
		case string:
			return slices.Contains(limits.OneOf, x)
		case int64:
			return slices.Contains(limits.Numbers(), x)
		}
		return true
	}
	size := 0.0
	switch x := x.(type) {
	case int64:
		size = float64(x)
	case float64:
		size = x
	case string:
		size = float64(utf8.RuneCountInString(x))
	case *[]any:
		size = float64(len(*x))
	default:
		return true
	}
	return limits.Min <= size && size <= limits.Max
}

// keeps tells whether a group at a path keeps to the limits of its fields. What
// is missing has its zero value.
func (r record) keeps(p path, t *tree.Type) bool {
	for i := range t.Fields {
		f := &t.Fields[i]
		at := p.then(step{field: f})
		x := r[f.Name]
		if x == nil {
			if required(f) {
				return false
			}
			if f.Optional || f.Type.Kind == tree.Invalid {
				continue
			}
			if x = zero(f.Type); f.Type.Kind == tree.Group {
				x = record{}
			}
		}
		if !allowed(at, x) {
			return false
		}
		if group, ok := x.(record); ok && f.Inside && len(at) < mostDeep && !group.keeps(at, f.Type) {
			return false
		}
	}
	return true
}

// zero is the zero value of a type that is no group.
func zero(t *tree.Type) any {
	if t.Kind == tree.Time || t.Kind == tree.Group {
		return nil
	}
	return fresh(nil, t)
}

// encode writes a payload as JSON, its fields in the order of their type.
func encode(x any, t *tree.Type) []byte {
	var out bytes.Buffer
	write(&out, x, t)
	return out.Bytes()
}

func write(out *bytes.Buffer, x any, t *tree.Type) {
	switch x := x.(type) {
	case record:
		out.WriteByte('{')
		first := true
		for i := range t.Fields {
			f := &t.Fields[i]
			member, ok := x[f.Name]
			if !ok {
				continue
			}
			if !first {
				out.WriteByte(',')
			}
			first = false
			write(out, f.Name, nil)
			out.WriteByte(':')
			write(out, member, f.Type)
		}
		out.WriteByte('}')
	case *[]any:
		out.WriteByte('[')
		for i, member := range *x {
			if i > 0 {
				out.WriteByte(',')
			}
			write(out, member, t.Elem)
		}
		out.WriteByte(']')
	case time.Time:
		write(out, x.UTC().Format(time.RFC3339Nano), nil)
	default:
		var text bytes.Buffer
		e := json.NewEncoder(&text)
		e.SetEscapeHTML(false)
		if err := e.Encode(x); err != nil {
			text.Reset()
			text.WriteString("null")
		}
		out.Write(bytes.TrimSuffix(text.Bytes(), []byte("\n")))
	}
}
