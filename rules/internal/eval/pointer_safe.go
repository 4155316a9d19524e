//go:build afterword_safe

package eval

import (
	"math"
	"reflect"
	"slices"
	"time"
)

// A Pointer is a place in the input, or the input itself. The zero value is
// nowhere.
//
// This file does what pointer.go does, by reflection.
type Pointer struct{ to reflect.Value }

// PointerTo is the place of the input.
func PointerTo[In any](in *In) Pointer { return Pointer{reflect.ValueOf(in).Elem()} }

// pointerTo is the place of the input that v points to.
func pointerTo(v reflect.Value) Pointer { return Pointer{v.Elem()} }

// A way leads from a struct to something in it: to a field, or through a
// pointer.
type way []int

const through = -1

func (w way) field(_ reflect.Type, i int) way { return append(slices.Clone(w), i) }
func (w way) pointer() way                    { return append(slices.Clone(w), through) }

// from follows the way, unless a pointer on it is nil.
func (w way) from(p Pointer) (Pointer, bool) {
	v := p.to
	for _, i := range w {
		if i != through {
			v = v.Field(i)
			continue
		}
		if v.IsNil() {
			return Pointer{}, false
		}
		v = v.Elem()
	}
	return Pointer{v}, true
}

// near tells of a way that goes through no pointer.
func (w way) near() bool { return !slices.Contains(w, through) }

// A spot is a near way.
type spot struct{ way }

func (w way) spot() spot { return spot{w} }

// in is where the way leads.
func (s spot) in(p Pointer) Pointer {
	p, _ = s.from(p)
	return p
}

// pointed is what the pointer at p points to.
func (p Pointer) pointed() (Pointer, bool) { return Pointer{p.to.Elem()}, !p.to.IsNil() }

func (p Pointer) bool() bool      { return p.to.Bool() }
func (p Pointer) text() string    { return p.to.String() }
func (p Pointer) time() time.Time { return *p.to.Addr().Interface().(*time.Time) }
func (p Pointer) whole() int64    { return p.to.Int() }

// int is the whole number at p. Ok says that it fits.
func (p Pointer) int(lies) (i int64, ok bool) {
	if p.to.CanInt() {
		return p.to.Int(), true
	}
	u := p.to.Uint()
	return int64(u), u <= math.MaxInt64
}

func (p Pointer) float(lies) float64 { return p.to.Float() }

// list is where the elements of the list at p begin, and how many there are.
func (p Pointer) list(*layout) (Pointer, int) { return p, p.to.Len() }

// listOfValue is the same for a slice that a function returned.
func listOfValue(v reflect.Value) (Pointer, int) { return Pointer{v}, v.Len() }

// element is the place of element i of a list that is at p.
func (p Pointer) element(_ uintptr, i int) Pointer { return Pointer{p.to.Index(i)} }

// value is what lies at p.
func (p Pointer) value(reflect.Type) reflect.Value { return p.to }

// textIn is the text of bytes.
func textIn(b []byte) string { return string(b) }
