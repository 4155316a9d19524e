package plain

import (
	"reflect"
	"time"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

type (
	ints   func(*Frame) int64
	floats func(*Frame) float64
	times  func(*Frame) time.Time
	lists  func(*Frame) list
	refs   func(*Frame) reflect.Value
	values func(*Frame) value
)

// field compiles the way to a field, as it lies in its struct: a pointer is
// not followed. The result is not valid if the way ends in an embedded nil.
func field(n *tree.Node) refs {
	base := func(f *Frame) reflect.Value { return f.in }
	if len(n.Kids) > 0 {
		base = group(n.Kids[0])
	}
	index := n.Field.Index
	if len(index) == 1 {
		i := index[0]
		return func(f *Frame) reflect.Value { return base(f).Field(i) }
	}
	return func(f *Frame) reflect.Value {
		v := base(f)
		for _, i := range index {
			if v.Kind() == reflect.Pointer {
				if v.IsNil() {
					return reflect.Value{}
				}
				v = v.Elem()
			}
			v = v.Field(i)
		}
		return v
	}
}

// group compiles a read of a group.
func group(n *tree.Node) refs {
	if n.Op == tree.GetField {
		at := field(n)
		return func(f *Frame) reflect.Value { return pointed(at(f)) }
	}
	read := element(n)
	return func(f *Frame) reflect.Value { return read(f).ref }
}

// element compiles a read that is no field: of an element or a call's result.
func element(n *tree.Node) values {
	switch n.Op {
	case tree.Elem:
		return func(f *Frame) value { return f.elem }
	case tree.Index:
		items, i := listOf(n.Kids[0]), intsOf(n.Kids[1])
		return func(f *Frame) value {
			l := items(f)
			at, ok := place(i(f), l.len())
			if !ok {
				fail(n, "reads beyond the list")
			}
			return l.at(at)
		}
	case tree.Call:
		call := callOf(n)
		return func(f *Frame) value {
			v, ok := call(f)
			if !ok { // a guard has seen a result
				fail(n, "calls the function %s, which does not always return the same: it must be pure", n.Func.Name)
			}
			return value{ref: v}
		}
	}
	panic("plain: no element: " + n.Type.String())
}

// read compiles a field or an element to a reflected value.
func read(n *tree.Node) (refs, values) {
	if n.Op == tree.GetField {
		return group(n), nil
	}
	return nil, element(n)
}

// there compiles the question whether a read finds something.
func there(n *tree.Node) Bool {
	switch n.Op {
	case tree.GetField:
		return fieldThere(n)
	case tree.Elem:
		return func(f *Frame) bool { return !f.elem.absent }
	case tree.Index:
		items, i := listOf(n.Kids[0]), intsOf(n.Kids[1])
		return func(f *Frame) bool {
			l := items(f)
			at, ok := place(i(f), l.len())
			return ok && !l.at(at).absent
		}
	case tree.Call:
		call := callOf(n)
		return func(f *Frame) bool { _, ok := call(f); return ok }
	case tree.ToInt:
		return parses(n, toInt())
	case tree.ToFloat:
		return parses(n, toFloat())
	}
	panic("plain: never absent: " + n.Type.String())
}

func fieldThere(n *tree.Node) Bool {
	at := field(n)
	zeroAbsent, emptyAbsent := n.Field.ZeroAbsent, n.Field.EmptyAbsent
	return func(f *Frame) bool {
		v := at(f)
		switch {
		case !v.IsValid():
			return false
		case v.Kind() == reflect.Pointer:
			return !v.IsNil()
		case emptyAbsent && v.Kind() == reflect.Slice:
			return v.Len() > 0
		case zeroAbsent && n.Type.Kind == tree.Time:
			return !timeOf(v).IsZero()
		}
		return !zeroAbsent || !v.IsZero()
	}
}
