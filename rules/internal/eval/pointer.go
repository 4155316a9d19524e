//go:build !afterword_safe

package eval

import (
	"math"
	"reflect"
	"time"
	"unsafe"
)

// A Pointer is a place in the input, or the input itself. The zero value is
// nowhere.
//
// This file reads memory at places that reflect has told when the rules were
// loaded; docs/decisions/0003-unsafe.md says why that is sound. With the build
// tag afterword_safe, pointer_safe.go stands in for it.
type Pointer struct{ to unsafe.Pointer }

// PointerTo is the place of the input.
func PointerTo[In any](in *In) Pointer { return Pointer{unsafe.Pointer(in)} }

// pointerTo is the place of the input that v points to.
func pointerTo(v reflect.Value) Pointer { return Pointer{v.UnsafePointer()} }

// A way leads from a struct to something in it: so many bytes on, and for each
// of behind, through the pointer that lies there and so many bytes on.
type way struct {
	offset uintptr
	behind []uintptr
}

// field goes on to a field of the struct t.
func (w way) field(t reflect.Type, i int) way {
	offset := t.Field(i).Offset
	if len(w.behind) == 0 {
		w.offset += offset
		return w
	}
	w.behind = append([]uintptr(nil), w.behind...)
	w.behind[len(w.behind)-1] += offset
	return w
}

// pointer goes on through the pointer that lies there.
func (w way) pointer() way {
	w.behind = append(append([]uintptr(nil), w.behind...), 0)
	return w
}

// from follows the way, unless a pointer on it is nil.
func (w *way) from(p Pointer) (Pointer, bool) {
	to := unsafe.Add(p.to, w.offset)
	for _, offset := range w.behind {
		to = *(*unsafe.Pointer)(to)
		if to == nil {
			return Pointer{}, false
		}
		to = unsafe.Add(to, offset)
	}
	return Pointer{to}, true
}

// near tells of a way that goes through no pointer.
func (w *way) near() bool { return len(w.behind) == 0 && w.offset <= math.MaxUint32 }

// A spot is a near way in few bytes.
type spot struct{ offset uint32 }

func (w *way) spot() spot { return spot{uint32(w.offset)} }

// in is where the way leads.
func (s spot) in(p Pointer) Pointer { return Pointer{unsafe.Add(p.to, s.offset)} }

// pointed is what the pointer at p points to.
func (p Pointer) pointed() (Pointer, bool) {
	to := *(*unsafe.Pointer)(p.to)
	return Pointer{to}, to != nil
}

func (p Pointer) bool() bool      { return *(*bool)(p.to) }
func (p Pointer) text() string    { return *(*string)(p.to) }
func (p Pointer) time() time.Time { return *(*time.Time)(p.to) }
func (p Pointer) whole() int64    { return *(*int64)(p.to) }

// int is the whole number at p. Ok says that it fits.
func (p Pointer) int(l lies) (i int64, ok bool) {
	switch l {
	case asInt64:
		return *(*int64)(p.to), true
	case asInt32:
		return int64(*(*int32)(p.to)), true
	case asInt16:
		return int64(*(*int16)(p.to)), true
	case asInt8:
		return int64(*(*int8)(p.to)), true
	case asUint32:
		return int64(*(*uint32)(p.to)), true
	case asUint16:
		return int64(*(*uint16)(p.to)), true
	case asUint8:
		return int64(*(*uint8)(p.to)), true
	}
	i = *(*int64)(p.to)
	return i, i >= 0
}

func (p Pointer) float(l lies) float64 {
	if l == asFloat32 {
		return float64(*(*float32)(p.to))
	}
	return *(*float64)(p.to)
}

// list is where the elements of the list at p begin, and how many there are.
func (p Pointer) list(l *layout) (Pointer, int) {
	if l.lies == asArray {
		return p, l.length
	}
	header := (*struct {
		first         unsafe.Pointer
		length, space int
	})(p.to)
	return Pointer{header.first}, header.length
}

// listOfValue is the same for a slice that a function returned.
func listOfValue(v reflect.Value) (Pointer, int) { return Pointer{v.UnsafePointer()}, v.Len() }

// element is the place of element i of a list whose first one is at p.
func (p Pointer) element(size uintptr, i int) Pointer {
	return Pointer{unsafe.Add(p.to, uintptr(i)*size)}
}

// value is what lies at p.
func (p Pointer) value(t reflect.Type) reflect.Value { return reflect.NewAt(t, p.to).Elem() }

// textIn is the text of bytes that nobody writes to while it is in use: see
// scratch.go.
func textIn(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
