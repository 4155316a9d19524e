// Package kleene rewrites a condition with three truth values into ones with
// two.
//
// A part of a condition that reads an absent field is unknown, and and, or and
// not follow Kleene's strong logic. Three rewrites say everything about a
// part e in two values:
//
//   - True(e) holds when e is surely true;
//   - False(e) holds when e is surely false;
//   - Known(e) holds when e has a value, and Value(e) is that value then.
//
// Negation moves inward, to the comparisons, and each read of a field that may
// be absent gets a guard in front. What comes out has no unknowns, so whoever
// runs it needs to know nothing of them. The rewrites build new nodes and
// share none with the tree they read.
package kleene

import (
	"errors"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// MaxNodes bounds a rewritten tree: equalities of conditions and choices
// double what they hold.
const MaxNodes = 20_000

// ErrTooLarge says that a rewritten tree would have more than MaxNodes nodes.
var ErrTooLarge = errors.New("the condition grows beyond 20,000 parts when absent fields are worked in: simplify its choices and equalities of conditions")

// True is the tree that holds when the boolean n is surely true.
func True(n *tree.Node) (*tree.Node, error) { return run((*rewriter).isTrue, n) }

// False is the tree that holds when the boolean n is surely false.
func False(n *tree.Node) (*tree.Node, error) { return run((*rewriter).isFalse, n) }

// Known is the tree that holds when n has a value.
func Known(n *tree.Node) (*tree.Node, error) { return run((*rewriter).known, n) }

// Value is the tree of n's value, for when Known(n) holds.
func Value(n *tree.Node) (*tree.Node, error) { return run((*rewriter).value, n) }

func run(rewrite func(*rewriter, *tree.Node) *tree.Node, n *tree.Node) (*tree.Node, error) {
	w := &rewriter{}
	out := rewrite(w, n)
	if w.nodes > MaxNodes || w.visits > maxVisits {
		return nil, ErrTooLarge
	}
	return out, nil
}

// maxVisits bounds the work of a rewrite whose nodes fold away.
const maxVisits = 10 * MaxNodes

// A rewriter counts the nodes it makes and the nodes it reads. Beyond either
// bound it stops, and the result is thrown away.
type rewriter struct {
	nodes, visits int
	fixed         [2]*tree.Node // the constants false and true
	rooms         []tree.Node   // for nodes to come
	kids          []*tree.Node  // and for their kids
}

// room is a new node. Nodes come many at a time, since each condition makes
// some.
func (w *rewriter) room() *tree.Node {
	const few = 8
	if len(w.rooms) == 0 {
		w.rooms = make([]tree.Node, few)
	}
	out := &w.rooms[0]
	w.rooms = w.rooms[1:]
	return out
}

// list is a new list of kids.
func (w *rewriter) list(size int) []*tree.Node {
	const few = 16
	if size > few {
		return make([]*tree.Node, size)
	}
	if len(w.kids) < size {
		w.kids = make([]*tree.Node, few)
	}
	out := w.kids[:size:size]
	w.kids = w.kids[size:]
	return out
}

// spent accounts for a visit and tells whether a bound is crossed.
func (w *rewriter) spent() bool {
	w.visits++
	return w.nodes > MaxNodes || w.visits > maxVisits
}

// make is a node like n with other kids.
func (w *rewriter) make(n *tree.Node, kids ...*tree.Node) *tree.Node {
	w.nodes++
	out := w.room()
	*out = *n
	out.Kids = nil
	if len(kids) > 0 {
		out.Kids = w.list(len(kids))
		copy(out.Kids, kids)
	}
	return out
}

func (w *rewriter) op(op tree.Op, kids ...*tree.Node) *tree.Node {
	w.nodes++
	out := w.room()
	out.Op, out.Type, out.Kids = op, tree.Of(tree.Bool), w.list(len(kids))
	copy(out.Kids, kids)
	return out
}

// in is a boolean node in the place of n.
func (w *rewriter) in(n *tree.Node, op tree.Op, kids ...*tree.Node) *tree.Node {
	out := w.op(op, kids...)
	out.Span = n.Span
	return out
}

func (w *rewriter) and(parts ...*tree.Node) *tree.Node {
	return w.fold(tree.And, true, parts)
}

func (w *rewriter) or(parts ...*tree.Node) *tree.Node {
	return w.fold(tree.Or, false, parts)
}

// fold joins parts from the left, leaving out those that are neutral.
func (w *rewriter) fold(op tree.Op, neutral bool, parts []*tree.Node) *tree.Node {
	var out *tree.Node
	for _, part := range parts {
		switch {
		case part.Is(neutral):
		case out == nil:
			out = part
		default:
			out = w.op(op, out, part)
		}
		if out != nil && out.Is(!neutral) {
			return out
		}
	}
	if out == nil {
		return w.constant(neutral)
	}
	return out
}

func (w *rewriter) not(n *tree.Node) *tree.Node {
	if n.Op == tree.Const {
		return w.constant(n.Is(false))
	}
	return w.op(tree.Not, n)
}

func (w *rewriter) constant(b bool) *tree.Node {
	at := &w.fixed[0]
	if b {
		at = &w.fixed[1]
	}
	if *at == nil {
		out := w.room()
		out.Op, out.Type, out.Value = tree.Const, tree.Of(tree.Bool), b
		*at = out
	}
	return *at
}

// over is a loop in the place of n with another condition for the elements. It folds only where
// working out the list cannot fail, so that no error is lost.
func (w *rewriter) over(n *tree.Node, op tree.Op, list, each *tree.Node) *tree.Node {
	if op == tree.All && each.Is(true) && plainRead(list) {
		return tree.True()
	}
	return w.in(n, op, list, each)
}

// plainRead tells of a field of the input or of an element.
func plainRead(n *tree.Node) bool {
	for ; n.Op == tree.GetField && len(n.Kids) > 0; n = n.Kids[0] {
	}
	return n.Op == tree.GetField || n.Op == tree.Elem
}
