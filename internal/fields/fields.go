// Package fields reads the JSON fields of Go structs: their names, where they
// lie, and whether they are optional. The packages events and rules both see
// payload types through it, so that a path in a decode error and a name in a
// rule are always the same.
package fields

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
)

// A Field is one JSON field of a struct.
type Field struct {
	Name     string       // the JSON name
	Index    []int        // the way to it, for reflect.Value.FieldByIndex
	Type     reflect.Type // its Go type
	Tag      reflect.StructTag
	Omit     string // "omitempty", "omitzero" or neither
	Optional bool   // a pointer, or tagged omitempty or omitzero
}

// Of lists the JSON fields of the struct type t in the order of the source.
// Fields of embedded structs are promoted as encoding/json promotes them: the
// shallowest wins, then the one with a tag, and a tie hides them all.
func Of(t reflect.Type) []Field {
	var all []candidate
	collect(t, nil, map[reflect.Type]bool{}, &all)
	return dominant(all)
}

type candidate struct {
	Field
	tagged bool
}

func collect(t reflect.Type, index []int, open map[reflect.Type]bool, all *[]candidate) {
	if open[t] {
		return
	}
	open[t] = true
	defer delete(open, t)
	for f := range t.Fields() {
		tag := f.Tag.Get("json")
		if tag == "-" {
			continue
		}
		name, options, _ := strings.Cut(tag, ",")
		at := append(slices.Clone(index), f.Index...)
		if f.Anonymous && name == "" {
			inner := f.Type
			if inner.Kind() == reflect.Pointer {
				inner = inner.Elem()
			}
			if inner.Kind() == reflect.Struct {
				collect(inner, at, open, all)
				continue
			}
		}
		if !f.IsExported() {
			continue
		}
		omit := ""
		for option := range strings.SplitSeq(options, ",") {
			if option == "omitempty" || option == "omitzero" {
				omit = option
			}
		}
		*all = append(*all, candidate{
			Field: Field{
				Name: cmp.Or(name, f.Name), Index: at, Type: f.Type, Tag: f.Tag, Omit: omit,
				Optional: omit != "" || f.Type.Kind() == reflect.Pointer,
			},
			tagged: name != "",
		})
	}
}

// dominant keeps, of the candidates that share a name, the one that
// encoding/json would use, if there is one.
func dominant(all []candidate) []Field {
	best := map[string][]candidate{}
	for _, c := range all {
		best[c.Name] = append(best[c.Name], c)
	}
	var kept []Field
	for _, c := range all {
		if wins(c, best[c.Name]) {
			kept = append(kept, c.Field)
		}
	}
	return kept
}

func wins(c candidate, rivals []candidate) bool {
	for _, r := range rivals {
		if slices.Equal(r.Index, c.Index) {
			continue
		}
		if len(r.Index) < len(c.Index) {
			return false
		}
		if len(r.Index) == len(c.Index) && (r.tagged || !c.tagged) {
			return false
		}
	}
	return true
}
