package kleene

import "github.com/afterword-go/afterword/rules/internal/tree"

// isTrue rewrites the boolean n to "n is surely true".
func (w *rewriter) isTrue(n *tree.Node) *tree.Node {
	if w.spent() {
		return tree.False()
	}
	switch n.Op {
	case tree.Const:
		return w.make(n)
	case tree.Not:
		return w.isFalse(n.Kids[0])
	case tree.And:
		return w.and(w.isTrue(n.Kids[0]), w.isTrue(n.Kids[1]))
	case tree.Or:
		return w.or(w.isTrue(n.Kids[0]), w.isTrue(n.Kids[1]))
	case tree.Choice:
		return w.chosen(n, w.isTrue)
	case tree.Default:
		return w.or(w.isTrue(n.Kids[0]), w.and(w.not(w.known(n.Kids[0])), w.isTrue(n.Kids[1])))
	case tree.IsAbsent:
		return w.not(w.known(n.Kids[0]))
	case tree.Eq, tree.Ne:
		if n.Kids[0].Type.Kind == tree.Bool {
			return w.same(n, n.Op == tree.Eq)
		}
	case tree.Any:
		return w.and(w.known(n.Kids[0]), w.over(n, tree.Any, w.value(n.Kids[0]), w.isTrue(n.Kids[1])))
	case tree.All:
		return w.and(w.known(n.Kids[0]), w.over(n, tree.All, w.value(n.Kids[0]), w.isTrue(n.Kids[1])))
	case tree.None:
		return w.and(w.known(n.Kids[0]), w.over(n, tree.All, w.value(n.Kids[0]), w.isFalse(n.Kids[1])))
	case tree.One:
		return w.and(w.oneKnown(n), w.exactlyOne(n))
	}
	return w.and(w.known(n), w.value(n))
}

// isFalse rewrites the boolean n to "n is surely false".
func (w *rewriter) isFalse(n *tree.Node) *tree.Node {
	if w.spent() {
		return tree.False()
	}
	switch n.Op {
	case tree.Const:
		return w.constant(n.Is(false))
	case tree.Not:
		return w.isTrue(n.Kids[0])
	case tree.And:
		return w.or(w.isFalse(n.Kids[0]), w.isFalse(n.Kids[1]))
	case tree.Or:
		return w.and(w.isFalse(n.Kids[0]), w.isFalse(n.Kids[1]))
	case tree.Choice:
		return w.chosen(n, w.isFalse)
	case tree.Default:
		return w.or(w.isFalse(n.Kids[0]), w.and(w.not(w.known(n.Kids[0])), w.isFalse(n.Kids[1])))
	case tree.IsAbsent:
		return w.known(n.Kids[0])
	case tree.Eq, tree.Ne:
		if n.Kids[0].Type.Kind == tree.Bool {
			return w.same(n, n.Op == tree.Ne)
		}
	case tree.Any:
		return w.and(w.known(n.Kids[0]), w.over(n, tree.All, w.value(n.Kids[0]), w.isFalse(n.Kids[1])))
	case tree.All:
		return w.and(w.known(n.Kids[0]), w.over(n, tree.Any, w.value(n.Kids[0]), w.isFalse(n.Kids[1])))
	case tree.None:
		return w.and(w.known(n.Kids[0]), w.over(n, tree.Any, w.value(n.Kids[0]), w.isTrue(n.Kids[1])))
	case tree.One:
		return w.and(w.oneKnown(n), w.not(w.exactlyOne(n)))
	}
	return w.and(w.known(n), w.not(w.value(n)))
}

// chosen is a choice between conditions: the truth of the side that the
// condition chooses, and nothing while the condition is unknown.
func (w *rewriter) chosen(n *tree.Node, truth func(*tree.Node) *tree.Node) *tree.Node {
	return w.or(
		w.and(w.isTrue(n.Kids[0]), truth(n.Kids[1])),
		w.and(w.isFalse(n.Kids[0]), truth(n.Kids[2])),
	)
}

// same says of two conditions that both are known, and alike or different.
func (w *rewriter) same(n *tree.Node, alike bool) *tree.Node {
	a, b := n.Kids[0], n.Kids[1]
	if alike {
		return w.or(w.and(w.isTrue(a), w.isTrue(b)), w.and(w.isFalse(a), w.isFalse(b)))
	}
	return w.or(w.and(w.isTrue(a), w.isFalse(b)), w.and(w.isFalse(a), w.isTrue(b)))
}

// oneKnown says that the condition of one(list, condition) is known for every
// element.
func (w *rewriter) oneKnown(n *tree.Node) *tree.Node {
	return w.and(w.known(n.Kids[0]), w.over(n, tree.All, w.value(n.Kids[0]), w.known(n.Kids[1])))
}

func (w *rewriter) exactlyOne(n *tree.Node) *tree.Node {
	return w.over(n, tree.One, w.value(n.Kids[0]), w.isTrue(n.Kids[1]))
}
