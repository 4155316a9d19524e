package faas

import (
	"reflect"
	"slices"

	"github.com/afterword-go/afterword/events"
)

// duplicate makes a copy of an event that shares nothing with it which JSON
// could tell apart. It fails with events.ErrTooDeep.
func duplicate[P any](event events.Event[P]) (events.Event[P], error) {
	event.Headers = slices.Clone(event.Headers)
	if !detach(reflect.ValueOf(&event.Payload).Elem(), events.MaxDepth) {
		return events.Event[P]{}, events.ErrTooDeep
	}
	return event, nil
}

// detach replaces all that v refers to by copies, to a depth of levels. It
// says whether that was enough.
func detach(v reflect.Value, levels int) bool {
	if levels < 0 {
		return false
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			// The exported fields of an unexported embedded struct can be set.
			if f := v.Field(i); (f.CanSet() || f.Kind() == reflect.Struct) && !detach(f, levels) {
				return false
			}
		}
	case reflect.Array:
		for i := range v.Len() {
			if !detach(v.Index(i), levels) {
				return false
			}
		}
	case reflect.Pointer, reflect.Interface, reflect.Slice, reflect.Map:
		if v.IsNil() || !v.CanSet() {
			return true
		}
		if v.Kind() != reflect.Interface { // it holds a value of another type, and is no level by itself
			levels--
		}
		fresh, ok := fork(v, levels)
		if ok {
			v.Set(fresh)
		}
		return ok
	}
	return true
}

// fork makes a copy of what v refers to, to a depth of levels.
func fork(v reflect.Value, levels int) (reflect.Value, bool) {
	switch v.Kind() {
	case reflect.Slice:
		fresh := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(fresh, v)
		if flat(v.Type().Elem().Kind()) {
			return fresh, true
		}
		for i := range fresh.Len() {
			if !detach(fresh.Index(i), levels) {
				return v, false
			}
		}
		return fresh, true
	case reflect.Map:
		fresh := reflect.MakeMapWithSize(v.Type(), v.Len())
		for entries := v.MapRange(); entries.Next(); {
			value, ok := forkValue(entries.Value(), levels)
			if !ok {
				return v, false
			}
			fresh.SetMapIndex(entries.Key(), value)
		}
		return fresh, true
	default: // a pointer or an interface
		fresh, ok := forkValue(v.Elem(), levels)
		if ok && v.Kind() == reflect.Pointer {
			fresh = fresh.Addr().Convert(v.Type())
		}
		return fresh, ok
	}
}

// forkValue makes an addressable copy of v and of what it refers to.
func forkValue(v reflect.Value, levels int) (reflect.Value, bool) {
	fresh := reflect.New(v.Type()).Elem()
	fresh.Set(v)
	return fresh, detach(fresh, levels)
}

// flat says whether values of a kind refer to nothing.
func flat(k reflect.Kind) bool {
	return k >= reflect.Bool && k <= reflect.Complex128 || k == reflect.String
}
