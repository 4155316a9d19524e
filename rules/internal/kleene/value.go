package kleene

import "github.com/afterword-go/afterword/rules/internal/tree"

// known rewrites n to "n has a value".
func (w *rewriter) known(n *tree.Node) *tree.Node {
	if w.spent() {
		return tree.False()
	}
	switch n.Op {
	case tree.Const, tree.IsAbsent:
		return w.constant(true)
	case tree.GetField, tree.Elem, tree.Index, tree.Call, tree.ToInt, tree.ToFloat:
		return w.readable(n)
	case tree.Not:
		return w.known(n.Kids[0])
	case tree.And, tree.Or, tree.Any, tree.All, tree.None:
		return w.or(w.isTrue(n), w.isFalse(n))
	case tree.Choice:
		return w.chosen(n, w.known)
	case tree.Default:
		fallback := w.known(n.Kids[1])
		if fallback.Is(true) { // what the left side may come to is left to its value
			return fallback
		}
		return w.or(w.known(n.Kids[0]), fallback)
	case tree.One:
		return w.oneKnown(n)
	case tree.Filter, tree.Count, tree.Map, tree.Sum:
		return w.and(w.known(n.Kids[0]), w.over(n, tree.All, w.value(n.Kids[0]), w.known(n.Kids[1])))
	case tree.In, tree.Join:
		return w.and(w.kidsKnown(n), w.elementsThere(n))
	}
	return w.kidsKnown(n)
}

// readable guards a read: what it reads from is known, and what it reads is
// there, if it may be absent.
func (w *rewriter) readable(n *tree.Node) *tree.Node {
	kids := w.kidsKnown(n)
	if n.Op == tree.Call {
		kids = w.and(kids, w.elementsThere(n))
	}
	if !mayBeAbsent(n) {
		return kids
	}
	return w.and(kids, w.in(n, tree.There, w.value(n)))
}

// mayBeAbsent tells whether the read n, all of whose kids are known, may find
// nothing.
func mayBeAbsent(n *tree.Node) bool {
	switch n.Op {
	case tree.GetField:
		return n.Field.Optional
	case tree.Elem:
		return n.Optional
	case tree.Call:
		return n.Func.MayBeAbsent
	}
	return true
}

func (w *rewriter) kidsKnown(n *tree.Node) *tree.Node {
	var usual [4]*tree.Node
	parts := usual[:0]
	for _, kid := range n.Kids {
		parts = append(parts, w.known(kid))
	}
	return w.and(parts...)
}

// elementsThere says that no element of the lists that n reads as a whole is
// absent.
func (w *rewriter) elementsThere(n *tree.Node) *tree.Node {
	out := w.constant(true)
	for _, kid := range n.Kids {
		if kid.Type.ElemOptional {
			elem := &tree.Node{Op: tree.Elem, Type: kid.Type.Elem, Optional: true}
			out = w.and(out, w.over(n, tree.All, w.value(kid), w.in(n, tree.There, elem)))
		}
	}
	return out
}

// value rewrites n to its value, for when it is known.
func (w *rewriter) value(n *tree.Node) *tree.Node {
	if w.spent() {
		return tree.False()
	}
	switch n.Op {
	case tree.Not, tree.And, tree.Or, tree.IsAbsent, tree.Any, tree.All, tree.None, tree.One:
		return w.isTrue(n)
	case tree.Eq, tree.Ne:
		if n.Kids[0].Type.Kind == tree.Bool {
			return w.isTrue(n)
		}
	case tree.Choice:
		if n.Type.Kind == tree.Bool {
			return w.isTrue(n)
		}
		return w.make(n, w.isTrue(n.Kids[0]), w.value(n.Kids[1]), w.value(n.Kids[2]))
	case tree.Default:
		if n.Type.Kind == tree.Bool {
			return w.isTrue(n)
		}
		out := w.make(n, w.known(n.Kids[0]), w.value(n.Kids[0]), w.value(n.Kids[1]))
		out.Op = tree.Choice
		return out
	case tree.Filter, tree.Count:
		return w.make(n, w.value(n.Kids[0]), w.isTrue(n.Kids[1]))
	}
	var usual [4]*tree.Node
	kids := usual[:0]
	for _, kid := range n.Kids {
		kids = append(kids, w.value(kid))
	}
	return w.make(n, kids...)
}
