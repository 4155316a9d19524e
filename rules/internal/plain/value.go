package plain

import (
	"math"
	"reflect"
	"time"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// A value is an element of a list: read from the input, where ref is valid,
// or computed, in the field of its kind.
type value struct {
	absent bool
	ref    reflect.Value
	number int64 // of an Int; 1 for true
	float  float64
	text   string
	time   time.Time
}

func (v value) aBool() bool {
	if v.ref.IsValid() {
		return v.ref.Bool()
	}
	return v.number != 0
}

func (v value) aText() string {
	if v.ref.IsValid() {
		return v.ref.String()
	}
	return v.text
}

func (v value) anInt(at *tree.Node) int64 {
	if v.ref.IsValid() {
		return intOf(v.ref, at)
	}
	return v.number
}

// aFloat is the number of a value of the kind, Int or Float.
func (v value) aFloat(kind tree.Kind, at *tree.Node) float64 {
	switch {
	case kind == tree.Int:
		return float64(v.anInt(at))
	case v.ref.IsValid():
		return v.ref.Float()
	}
	return v.float
}

func (v value) aTime() time.Time {
	if v.ref.IsValid() {
		return timeOf(v.ref)
	}
	return v.time
}

func intOf(v reflect.Value, at *tree.Node) int64 {
	if v.CanInt() {
		return v.Int()
	}
	u := v.Uint()
	if u > math.MaxInt64 {
		fail(at, "reads a whole number that is too large")
	}
	return int64(u)
}

func timeOf(v reflect.Value) time.Time {
	if v.CanAddr() {
		return *v.Addr().Interface().(*time.Time)
	}
	return v.Interface().(time.Time)
}

// A list is read from the input, where ref is valid, or computed.
type list struct {
	ref    reflect.Value
	values []value
}

func (l list) len() int {
	if l.ref.IsValid() {
		return l.ref.Len()
	}
	return len(l.values)
}

// at is element i. Behind a nil pointer it is absent: guards stand in front.
func (l list) at(i int) value {
	if !l.ref.IsValid() {
		return l.values[i]
	}
	v := l.ref.Index(i)
	if v.Kind() == reflect.Pointer {
		return value{absent: v.IsNil(), ref: v.Elem()}
	}
	return value{ref: v}
}

func pointed(v reflect.Value) reflect.Value {
	if v.Kind() == reflect.Pointer {
		return v.Elem()
	}
	return v
}

// place turns an index from either end into one from the start.
func place(i int64, n int) (int, bool) {
	if i < 0 {
		i += int64(n)
	}
	return int(i), 0 <= i && i < int64(n)
}
