package rules

import (
	"fmt"
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
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			out = textsOf(v.Elem(), field)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			out = append(out, textsOf(v.Index(i), field)...)
		}
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		for _, key := range keys {
			out = append(out, textsOf(v.MapIndex(key), field)...)
		}
	case reflect.Struct:
		for _, f := range fields.Of(v.Type()) {
			inner, err := v.FieldByIndexErr(f.Index)
			if err == nil {
				out = append(out, textsOf(inner, f.Name)...)
			}
		}
	}
	return out
}
