package eval

import (
	"reflect"
	"time"
)

// lies says how a value lies in memory.
type lies uint8

const (
	asNothing lies = iota
	asBool
	asInt64
	asInt32
	asInt16
	asInt8
	asUint64
	asUint32
	asUint16
	asUint8
	asFloat64
	asFloat32
	asText
	asTime
	asGroup
	asSlice
	asArray
)

// A layout says how values of a Go type lie in memory.
type layout struct {
	Go      reflect.Type // behind the pointer
	pointer bool         // they lie behind a pointer
	lies    lies
	elem    *layout // of a list
	length  int     // of an array
	size    uintptr // of the value or the pointer to it
}

// layoutOf describes a type that rules read.
func layoutOf(t reflect.Type) *layout {
	l := &layout{Go: t, size: t.Size()}
	if t.Kind() == reflect.Pointer {
		l.Go, l.pointer = t.Elem(), true
	}
	l.lies = lie(l.Go)
	switch l.lies {
	case asArray:
		l.length = l.Go.Len()
		l.elem = layoutOf(l.Go.Elem())
	case asSlice:
		l.elem = layoutOf(l.Go.Elem())
	}
	return l
}

// lie says how values of a type that is no pointer lie.
func lie(t reflect.Type) lies {
	switch t.Kind() {
	case reflect.Bool:
		return asBool
	case reflect.Int8:
		return asInt8
	case reflect.Int16:
		return asInt16
	case reflect.Int32:
		return asInt32
	case reflect.Int, reflect.Int64:
		return sized(t, asInt32, asInt64)
	case reflect.Uint8:
		return asUint8
	case reflect.Uint16:
		return asUint16
	case reflect.Uint32:
		return asUint32
	case reflect.Uint, reflect.Uint64:
		return sized(t, asUint32, asUint64)
	case reflect.Float32:
		return asFloat32
	case reflect.Float64:
		return asFloat64
	case reflect.String:
		return asText
	case reflect.Slice:
		return asSlice
	case reflect.Array:
		return asArray
	case reflect.Struct:
		if t == reflect.TypeFor[time.Time]() {
			return asTime
		}
		return asGroup
	}
	return asNothing
}

// sized tells machines of 32 bits from others.
func sized(t reflect.Type, of32, of64 lies) lies {
	if t.Size() == 4 {
		return of32
	}
	return of64
}
