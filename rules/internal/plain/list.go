package plain

import "github.com/afterword-go/afterword/rules/internal/tree"

func listOf(n *tree.Node) lists {
	switch n.Op {
	case tree.GetField, tree.Elem, tree.Index, tree.Call:
		if ref, value := read(n); ref != nil {
			return func(f *Frame) list { return list{ref: ref(f)} }
		} else {
			return func(f *Frame) list { return list{ref: value(f).ref} }
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
	panic("plain: no list")
}

// perItem is how many items of a list are made in one step.
const perItem = 4

// literal is a list written out. One of constants is made once.
func literal(n *tree.Node) lists {
	items := make([]values, len(n.Kids))
	constant := true
	for i, kid := range n.Kids {
		items[i] = computed(kid)
		constant = constant && kid.Op == tree.Const
	}
	fill := func(f *Frame) list {
		f.step(1+len(items)/perItem, n)
		out := list{values: make([]value, len(items))}
		for i, item := range items {
			out.values[i] = item(f)
		}
		return out
	}
	if !constant {
		return fill
	}
	var once Frame
	once.Allow(1)
	made := fill(&once)
	return func(*Frame) list { return made }
}

// computed compiles any scalar to an element of a list.
func computed(n *tree.Node) values {
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
		var out list
		for i := range l.len() {
			f.step(cost, n)
			f.elem = l.at(i)
			if each(f) {
				out.values = append(out.values, f.elem)
			}
		}
		f.elem = outer
		return out
	}
}

func mapped(n *tree.Node) lists {
	items, each, cost := listOf(n.Kids[0]), computed(n.Kids[1]), turnCost(n.Kids[1])
	return func(f *Frame) list {
		outer, l := f.elem, items(f)
		out := list{values: make([]value, l.len())}
		for i := range l.len() {
			f.step(cost, n)
			f.elem = l.at(i)
			out.values[i] = each(f)
		}
		f.elem = outer
		return out
	}
}
