package index

import "github.com/afterword-go/afterword/rules/internal/tree"

// A finder takes a cover out of the conditions of one rule, which it reads in
// the order of evaluation.
type finder struct {
	fields *fields
	bounds bounds
	over   *tree.Node // the list of the loop that is looked at; nil: none
	slabs  slabs
}

// all covers conditions that must all hold, up to the first that can fail.
func (f *finder) all(conditions []*tree.Node) (c cover, safe bool) {
	for _, n := range conditions {
		d, safe := f.condition(n)
		if c = c.and(d); !safe {
			return c, false
		}
	}
	return c, true
}

// condition covers a condition, and tells whether all of it is safe: it cannot
// fail.
func (f *finder) condition(n *tree.Node) (c cover, safe bool) {
	switch n.Op {
	case tree.Const:
		if n.Is(false) {
			return never(), true
		}
		return cover{}, true
	case tree.And:
		a, safe := f.condition(n.Kids[0])
		if !safe {
			return a, false // what stands behind may not be reached
		}
		b, safe := f.condition(n.Kids[1])
		return a.and(b), safe
	case tree.Or:
		a, safe := f.condition(n.Kids[0])
		if !safe && !a.known {
			return cover{}, false
		}
		b, both := f.condition(n.Kids[1])
		return a.or(b), safe && both
	case tree.Not:
		kid := n.Kids[0]
		if !f.safe(kid) {
			return cover{}, false
		}
		return f.leaf(kid, true), true
	}
	if !f.safe(n) {
		return cover{}, false
	}
	return f.leaf(n, false), true
}

// leaf covers a part that is safe, or its opposite.
func (f *finder) leaf(n *tree.Node, not bool) cover {
	if a, ok := f.number(n, not); ok {
		return f.slabs.one(a)
	}
	if not {
		return cover{}
	}
	if a, ok := f.text(n); ok {
		return f.slabs.one(a)
	}
	return cover{}
}
