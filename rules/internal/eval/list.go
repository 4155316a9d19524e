package eval

import (
	"github.com/afterword-go/afterword/rules/internal/tree"
)

func listOf(n *tree.Node) lists {
	switch n.Op {
	case tree.GetField:
		at, l := field(n), layoutOf(n.Field.Go)
		return func(f *Frame) list { return listAt(at(f), l) }
	case tree.Elem:
		return func(f *Frame) list { return listAt(f.elem.at, f.elem.is) }
	case tree.Index:
		read := elementOf(n)
		return func(f *Frame) list { e := read(f); return listAt(e.at, e.is) }
	case tree.Call:
		call, is := callOf(n), layoutOf(n.Func.Go.Type().Out(0).Elem())
		return func(f *Frame) list {
			first, length := listOfValue(call(f))
			return list{first: first, is: is, length: length}
		}
	case tree.Choice:
		return choice(n, listOf)
	case tree.MakeList:
		return literal(n)
	case tree.Filter:
		return filter(n)
	case tree.Map:
		return mapped(n)
	}
	panic("eval: no list")
}

// perItem is how many items of a list are made in one step.
const perItem = 4

// literal is a list written out. One of constants is made once.
func literal(n *tree.Node) lists {
	items := make([]func(*Frame) value, len(n.Kids))
	for i, kid := range n.Kids {
		items[i] = computed(kid)
	}
	fill := func(f *Frame) list {
		f.step(1+len(items)/perItem, n)
		out := make([]value, len(items))
		for i, item := range items {
			out[i] = item(f)
		}
		return made(out)
	}
	if !isConstant(n) {
		return fill
	}
	var once Frame
	once.Allow(1)
	ready := fill(&once)
	return func(*Frame) list { return ready }
}

// isConstant tells of a list of constants that is written out.
func isConstant(n *tree.Node) bool {
	if n.Op != tree.MakeList {
		return false
	}
	for _, kid := range n.Kids {
		if kid.Op != tree.Const {
			return false
		}
	}
	return true
}

// computed compiles any scalar to an element of a list.
func computed(n *tree.Node) func(*Frame) value {
	switch n.Type.Kind {
	case tree.Bool:
		b := Compile(n)
		return func(f *Frame) value {
			if b(f) {
				return value{number: 1}
			}
			return value{}
		}
	case tree.Int:
		i := intsOf(n)
		return func(f *Frame) value { return value{number: i(f)} }
	case tree.Float:
		x := floatsOf(n)
		return func(f *Frame) value { return value{float: x(f)} }
	case tree.Time:
		t := timesOf(n)
		return func(f *Frame) value { return value{time: t(f)} }
	}
	text := TextOf(n)
	return func(f *Frame) value { return value{text: text(f)} }
}

func filter(n *tree.Node) lists {
	items, each, cost := listOf(n.Kids[0]), Compile(n.Kids[1]), turnCost(n.Kids[1])
	return func(f *Frame) list {
		outer, l := f.elem, items(f)
		out := f.list(l.length)
		for i := range l.length {
			f.step(cost, n)
			f.elem = l.at(i)
			if each(f) {
				out = append(out, value{element: f.elem})
			}
		}
		f.elem = outer
		return made(out)
	}
}

func mapped(n *tree.Node) lists {
	items, each, cost := listOf(n.Kids[0]), computed(n.Kids[1]), turnCost(n.Kids[1])
	return func(f *Frame) list {
		outer, l := f.elem, items(f)
		f.afford(cost*l.length, n)
		out := f.list(l.length)
		if cap(out) < l.length {
			out = make([]value, 0, l.length)
		}
		for i := range l.length {
			f.step(cost, n)
			f.elem = l.at(i)
			out = append(out, each(f))
		}
		f.elem = outer
		return made(out)
	}
}
