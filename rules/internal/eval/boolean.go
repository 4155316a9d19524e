package eval

import (
	"reflect"
	"strings"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// Compile turns a rewritten boolean tree into a condition.
func Compile(n *tree.Node) Bool {
	switch n.Op {
	case tree.Const:
		holds := n.Is(true)
		return func(*Frame) bool { return holds }
	case tree.GetField, tree.Elem, tree.Index, tree.Call:
		return readBool(n)
	case tree.There:
		return there(n.Kids[0])
	case tree.Not:
		kid := Compile(n.Kids[0])
		return func(f *Frame) bool { return !kid(f) }
	case tree.And:
		a, b := Compile(n.Kids[0]), Compile(n.Kids[1])
		return func(f *Frame) bool { return a(f) && b(f) }
	case tree.Or:
		a, b := Compile(n.Kids[0]), Compile(n.Kids[1])
		return func(f *Frame) bool { return a(f) || b(f) }
	case tree.Eq, tree.Ne, tree.Lt, tree.Le, tree.Gt, tree.Ge:
		return comparison(n)
	case tree.In:
		return membership(n)
	case tree.InRange:
		x, from, to := intsOf(n.Kids[0]), intsOf(n.Kids[1]), intsOf(n.Kids[2])
		return func(f *Frame) bool {
			v, least, most := x(f), from(f), to(f)
			return least <= v && v <= most
		}
	case tree.Matches:
		text, pattern, size := TextOf(n.Kids[0]), n.Pattern.Plan, n.Pattern.Size
		return func(f *Frame) bool {
			s := text(f)
			f.look(len(s)*size, n)
			return pattern.Match(s)
		}
	case tree.Contains:
		return texts(n, strings.Contains)
	case tree.StartsWith:
		return texts(n, strings.HasPrefix)
	case tree.EndsWith:
		return texts(n, strings.HasSuffix)
	case tree.Any, tree.All, tree.One:
		return loop(n)
	}
	panic("eval: no condition")
}

func readBool(n *tree.Node) Bool {
	if n.Op == tree.Call {
		if n.Func.IsEqualFold() {
			return texts(n, strings.EqualFold)
		}
		switch holds := n.Func.Go.Interface().(type) { // without reflection
		case func(a, b string) bool:
			return textsHold(n, holds)
		case func(string) bool:
			return textHolds(n, holds)
		}
	}
	return readOf[bool, Bool](n, func(p Pointer, _ lies) bool { return p.bool() }, (*element).aBool, reflect.Value.Bool)
}

// texts compares two texts.
func texts(n *tree.Node, compare func(a, b string) bool) Bool {
	a, b := TextOf(n.Kids[0]), TextOf(n.Kids[1])
	return func(f *Frame) bool {
		x, y := a(f), b(f)
		f.look(len(x)+len(y), n)
		return compare(x, y)
	}
}

func comparison(n *tree.Node) Bool {
	a, b := n.Kids[0], n.Kids[1]
	switch a.Type.Kind {
	case tree.Int:
		return ordered(n.Op, intsOf(a), intsOf(b))
	case tree.Float:
		return ordered(n.Op, floatsOf(a), floatsOf(b))
	case tree.Time:
		x, y := timesOf(a), timesOf(b)
		return ordered(n.Op, func(f *Frame) int { return x(f).Compare(y(f)) }, func(*Frame) int { return 0 })
	case tree.Text:
		x, y := TextOf(a), TextOf(b)
		if n.Op == tree.Eq || n.Op == tree.Ne {
			return func(f *Frame) bool { return sameText(f, n, x(f), y(f)) == (n.Op == tree.Eq) }
		}
		seen := func(text Text) Text {
			return func(f *Frame) string { s := text(f); f.look(len(s), n); return s }
		}
		return ordered(n.Op, seen(x), seen(y))
	}
	panic("eval: no order of " + a.Type.String())
}

func sameText(f *Frame, at *tree.Node, a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	f.look(len(a), at)
	return a == b
}

func ordered[T int | int64 | float64 | string, F ~func(*Frame) T](op tree.Op, a, b F) Bool {
	switch op {
	case tree.Eq:
		return func(f *Frame) bool { return a(f) == b(f) }
	case tree.Ne:
		return func(f *Frame) bool { return a(f) != b(f) }
	case tree.Lt:
		return func(f *Frame) bool { return a(f) < b(f) }
	case tree.Le:
		return func(f *Frame) bool { return a(f) <= b(f) }
	case tree.Gt:
		return func(f *Frame) bool { return a(f) > b(f) }
	}
	return func(f *Frame) bool { return a(f) >= b(f) }
}

// loop is any, all or one.
func loop(n *tree.Node) Bool {
	items, each, cost := listOf(n.Kids[0]), Compile(n.Kids[1]), turnCost(n.Kids[1])
	switch n.Op {
	case tree.Any:
		return func(f *Frame) bool { l := items(f); return matching(f, n, &l, each, cost, 1) == 1 }
	case tree.One:
		return func(f *Frame) bool { l := items(f); return matching(f, n, &l, each, cost, 2) == 1 }
	}
	not := func(f *Frame) bool { return !each(f) }
	return func(f *Frame) bool { l := items(f); return matching(f, n, &l, not, cost, 1) == 0 }
}

// matching counts the elements for which each holds, up to enough.
func matching(f *Frame, n *tree.Node, l *list, each Bool, cost, enough int) int {
	outer := f.elem
	found := 0
	for i := 0; i < l.length && found < enough; i++ {
		f.step(cost, n)
		f.elem = l.at(i)
		if each(f) {
			found++
		}
	}
	f.elem = outer
	return found
}
