package eval

import (
	"reflect"
	"time"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

type (
	ints     func(*Frame) int64
	floats   func(*Frame) float64
	times    func(*Frame) time.Time
	lists    func(*Frame) list
	places   func(*Frame) Pointer
	elements func(*Frame) element
)

// wayTo is the way to a field as it lies in its struct: a pointer is not
// followed. It begins at the element or so that root is, or at the input if
// that is nil.
func wayTo(n *tree.Node) (root *tree.Node, w way) {
	if len(n.Kids) > 0 {
		root = n.Kids[0]
		if root.Op == tree.GetField {
			root, w = valueWay(root)
		}
	}
	t := n.Field.In
	for _, i := range n.Field.Index {
		if t.Kind() == reflect.Pointer {
			w, t = w.pointer(), t.Elem()
		}
		w, t = w.field(t, i), t.Field(i).Type
	}
	return root, w
}

// valueWay is the way to the value of a field, behind its pointer if it is
// one.
func valueWay(n *tree.Node) (root *tree.Node, w way) {
	root, w = wayTo(n)
	if n.Field.Go.Kind() == reflect.Pointer {
		w = w.pointer()
	}
	return root, w
}

// follow compiles a way from the root. The second result says that no pointer
// on it is nil.
func follow(root *tree.Node, w way) func(*Frame) (Pointer, bool) {
	switch {
	case root == nil && w.near():
		s := w.spot()
		return func(f *Frame) (Pointer, bool) { return s.in(f.in), true }
	case root == nil:
		return func(f *Frame) (Pointer, bool) { return w.from(f.in) }
	case root.Op == tree.Elem:
		return func(f *Frame) (Pointer, bool) {
			if f.elem.absent {
				return Pointer{}, false
			}
			return w.from(f.elem.at)
		}
	}
	read := elementOf(root)
	return func(f *Frame) (Pointer, bool) {
		e := read(f)
		if e.absent {
			return Pointer{}, false
		}
		return w.from(e.at)
	}
}

// field compiles the read of a field whose guard has found it.
func field(n *tree.Node) places {
	root, w := valueWay(n)
	if root == nil && w.near() {
		s := w.spot()
		return func(f *Frame) Pointer { return s.in(f.in) }
	}
	at := follow(root, w)
	return func(f *Frame) Pointer {
		p, there := at(f)
		if !there {
			fail(n, "reads a field that is not there any more: inputs must not change")
		}
		return p
	}
}

// elementOf compiles the read of an element.
func elementOf(n *tree.Node) elements {
	if n.Op == tree.Elem {
		return func(f *Frame) element { return f.elem }
	}
	if n.Op != tree.Index {
		panic("eval: no element: " + n.Type.String())
	}
	items, i := listOf(n.Kids[0]), intsOf(n.Kids[1])
	return func(f *Frame) element {
		l := items(f)
		at, ok := place(i(f), l.length)
		if !ok {
			fail(n, "reads beyond the list")
		}
		return l.at(at)
	}
}

// readOf compiles a read: of a field, of an element, or of what a function
// returns.
func readOf[T any, F ~func(*Frame) T](n *tree.Node, at func(Pointer, lies) T, in func(*element) T, returned func(reflect.Value) T) F {
	switch n.Op {
	case tree.GetField:
		p, l := field(n), layoutOf(n.Field.Go).lies
		return func(f *Frame) T { return at(p(f), l) }
	case tree.Call:
		call := callOf(n)
		return func(f *Frame) T { return returned(call(f)) }
	case tree.Elem:
		return func(f *Frame) T { return in(&f.elem) }
	}
	read := elementOf(n)
	return func(f *Frame) T { e := read(f); return in(&e) }
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
			at, ok := place(i(f), l.length)
			if !ok {
				return false
			}
			e := l.at(at)
			return !e.absent
		}
	case tree.Call:
		return returns(n)
	case tree.ToInt:
		return parses(n, toInt())
	case tree.ToFloat:
		return parses(n, toFloat())
	}
	panic("eval: never absent: " + n.Type.String())
}

func fieldThere(n *tree.Node) Bool {
	root, w := wayTo(n)
	at, filled := follow(root, w), filledIn(n.Field)
	if filled == nil {
		return func(f *Frame) bool { _, there := at(f); return there }
	}
	return func(f *Frame) bool {
		p, there := at(f)
		return there && filled(p)
	}
}

// filledIn tells whether a field that lies there is not absent for what it
// holds. It is nil if it never is.
func filledIn(field *tree.Field) func(Pointer) bool {
	l := layoutOf(field.Go)
	switch {
	case l.pointer:
		return func(p Pointer) bool { _, there := p.pointed(); return there }
	case field.EmptyAbsent && l.lies == asSlice:
		return func(p Pointer) bool { _, n := p.list(l); return n > 0 }
	case !field.ZeroAbsent:
		return nil
	}
	switch l.lies {
	case asText:
		return func(p Pointer) bool { return p.text() != "" }
	case asTime:
		return func(p Pointer) bool { t := p.time(); return !t.IsZero() }
	case asBool:
		return Pointer.bool
	case asFloat64, asFloat32:
		return func(p Pointer) bool { return p.float(l.lies) != 0 }
	case asSlice, asArray, asGroup:
		return func(p Pointer) bool { return !p.value(l.Go).IsZero() }
	}
	return func(p Pointer) bool { i, _ := p.int(l.lies); return i != 0 }
}
