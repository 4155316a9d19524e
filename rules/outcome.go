package rules

import (
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strings"

	"github.com/afterword-go/afterword/internal/fields"
)

// A placedText is a text of an outcome.
type placedText struct {
	text  Text
	field string // the JSON name of the struct field that holds it
	at    locator
}

// textsOf finds the texts in an outcome.
func textsOf(v reflect.Value, field string) []placedText {
	if v.Type() == reflect.TypeFor[Text]() {
		return []placedText{{text: Text(v.String()), field: field}}
	}
	var out []placedText
	for name, part := range heldBy(v, field) {
		out = append(out, textsOf(part, name)...)
	}
	return out
}

// leadsBack tells whether an outcome leads back to itself. Inside is what the way
// there has led through.
func leadsBack(v reflect.Value, inside map[pointed]bool) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice:
		at := pointed{at: v.Pointer(), of: v.Type()}
		if v.Kind() == reflect.Slice {
			at.len = v.Len()
		}
		if inside[at] {
			return true
		}
		inside[at] = true
		defer delete(inside, at)
	}
	for _, part := range heldBy(v, "") {
		if leadsBack(part, inside) {
			return true
		}
	}
	return false
}

// heldBy yields what a part of an outcome holds, each with the JSON name of the
// struct field that holds it.
func heldBy(v reflect.Value, field string) iter.Seq2[string, reflect.Value] {
	return func(yield func(string, reflect.Value) bool) {
		switch v.Kind() {
		case reflect.Pointer, reflect.Interface:
			if !v.IsNil() {
				yield(field, v.Elem())
			}
		case reflect.Slice, reflect.Array:
			for i := range v.Len() {
				if !yield(field, v.Index(i)) {
					return
				}
			}
		case reflect.Map:
			keys := v.MapKeys()
			slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
			for _, key := range keys {
				if !yield(field, v.MapIndex(key)) {
					return
				}
			}
		case reflect.Struct:
			for _, f := range fields.Of(v.Type()) {
				if inner, err := v.FieldByIndexErr(f.Index); err == nil && !yield(f.Name, inner) {
					return
				}
			}
		}
	}
}
