package rules

import "reflect"

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

// withoutItem is a copy of an outcome without the nth item of its lists, all of
// them counted in order. Only items that hold texts count, of lists with several.
func withoutItem[Then any](then Then, n int) (without Then, of item, found bool) {
	times := map[Text]int{}
	for _, placed := range textsOf(reflect.ValueOf(&then).Elem(), "") {
		times[placed.text]++
	}
	copied(reflect.ValueOf(&then).Elem(), func(reflect.Value) {}, func(list reflect.Value) {
		if list.Len() < 2 || found {
			return
		}
		for i := range list.Len() {
			texts := textsOf(list.Index(i), "")
			if len(texts) == 0 || list.Type().Elem().Kind() == reflect.String {
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
			return
		}
	})
	return then, of, found
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
		for i := range v.NumField() {
			copied(v.Field(i), onText, onList)
		}
	}
}

func copiedMap(v reflect.Value, onText, onList func(reflect.Value)) {
	if v.IsNil() || !v.CanSet() {
		return
	}
	into := reflect.MakeMapWithSize(v.Type(), v.Len())
	for _, key := range v.MapKeys() {
		member := reflect.New(v.Type().Elem()).Elem()
		member.Set(v.MapIndex(key))
		copied(member, onText, onList)
		into.SetMapIndex(key, member)
	}
	v.Set(into)
}
