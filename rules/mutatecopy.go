package rules

import (
	"reflect"

	"github.com/afterword-go/afterword/internal/fields"
)

// withText is a copy of an outcome with a text replaced wherever it stands.
func withText[Then any](then Then, text, by Text) Then {
	v := reflect.ValueOf(&then).Elem()
	copied(v, func(v reflect.Value) {
		if Text(v.String()) == text {
			v.SetString(string(by))
		}
	}, func(reflect.Value) {})
	return then
}

// An item is a member of a list in an outcome.
type item struct {
	number, count int // from 1, of so many
	first         Text
}

// droppable tells of lists whose items are dropped, and items those of them that
// are: the items that hold texts, of lists with several.
func droppable(list reflect.Value) bool {
	return list.Len() > 1 && list.Type().Elem().Kind() != reflect.String
}

// countItems counts the items that can be dropped.
func countItems[Then any](then Then) int {
	count := 0
	copied(reflect.ValueOf(&then).Elem(), func(reflect.Value) {}, func(list reflect.Value) {
		for i := 0; i < list.Len() && droppable(list); i++ {
			if len(textsOf(list.Index(i), "")) > 0 {
				count++
			}
		}
	})
	return count
}

// withoutItem is a copy of an outcome without the nth item of its lists, all of
// them counted in order.
func withoutItem[Then any](then Then, n int) (without Then, of item) {
	times := map[Text]int{}
	for _, placed := range textsOf(reflect.ValueOf(&then).Elem(), "") {
		times[placed.text]++
	}
	found := false
	copied(reflect.ValueOf(&then).Elem(), func(reflect.Value) {}, func(list reflect.Value) {
		for i := 0; i < list.Len() && droppable(list) && !found; i++ {
			texts := textsOf(list.Index(i), "")
			if len(texts) == 0 {
				continue
			}
			if n--; n >= 0 {
				continue
			}
			found, of = true, item{i + 1, list.Len(), texts[0].text}
			for j := len(texts) - 1; j >= 0; j-- { // one that stands nowhere else
				if times[texts[j].text] == 1 {
					of.first = texts[j].text
				}
			}
			list.Set(reflect.AppendSlice(list.Slice(0, i), list.Slice(i+1, list.Len())))
		}
	})
	return then, of
}

// copied makes v, which can be set, a copy of itself as far as texts are
// reached, and calls onText and onList, from the outside in, for what it holds.
func copied(v reflect.Value, onText, onList func(reflect.Value)) {
	if v.Type() == reflect.TypeFor[Text]() {
		if v.CanSet() {
			onText(v)
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && v.CanSet() {
			into := reflect.New(v.Type().Elem())
			into.Elem().Set(v.Elem())
			copied(into.Elem(), onText, onList)
			v.Set(into)
		}
	case reflect.Interface:
		if !v.IsNil() && v.CanSet() {
			into := reflect.New(v.Elem().Type()).Elem()
			into.Set(v.Elem())
			copied(into, onText, onList)
			v.Set(into)
		}
	case reflect.Slice:
		if v.IsNil() || !v.CanSet() {
			return
		}
		into := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(into, v)
		v.Set(into)
		onList(v)
		for i := range v.Len() {
			copied(v.Index(i), onText, onList)
		}
	case reflect.Array:
		for i := range v.Len() {
			copied(v.Index(i), onText, onList)
		}
	case reflect.Map:
		copiedMap(v, onText, onList)
	case reflect.Struct:
		copiedFields(v, jsonFields(v.Type()), onText, onList)
	}
}

// copiedFields copies the fields of a struct that lie on a path: those that
// texts are looked for in. What else there is may lead back to itself.
func copiedFields(v reflect.Value, paths [][]int, onText, onList func(reflect.Value)) {
	for i := range v.NumField() {
		whole, inside := below(paths, i)
		field := v.Field(i)
		switch {
		case whole:
			copied(field, onText, onList)
		case len(inside) == 0:
		case field.Kind() == reflect.Struct:
			copiedFields(field, inside, onText, onList)
		case !field.IsNil() && field.CanSet(): // an embedded pointer
			into := reflect.New(field.Type().Elem())
			into.Elem().Set(field.Elem())
			copiedFields(into.Elem(), inside, onText, onList)
			field.Set(into)
		}
	}
}

// jsonFields are the paths to the JSON fields of a struct.
func jsonFields(t reflect.Type) [][]int {
	var out [][]int
	for _, f := range fields.Of(t) {
		out = append(out, f.Index)
	}
	return out
}

// below tells whether a path ends at field i, and what is left of the paths that
// go on from there: those into an embedded struct.
func below(paths [][]int, i int) (whole bool, inside [][]int) {
	for _, path := range paths {
		switch {
		case path[0] != i:
		case len(path) == 1:
			whole = true
		default:
			inside = append(inside, path[1:])
		}
	}
	return whole, inside
}

func copiedMap(v reflect.Value, onText, onList func(reflect.Value)) {
	if v.IsNil() || !v.CanSet() {
		return
	}
	into := reflect.MakeMapWithSize(v.Type(), v.Len())
	for _, key := range sortedMapKeys(v) {
		member := reflect.New(v.Type().Elem()).Elem()
		member.Set(v.MapIndex(key))
		copied(member, onText, onList)
		into.SetMapIndex(key, member)
	}
	v.Set(into)
}
