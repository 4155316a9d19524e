package rules

import (
	"github.com/afterword-go/afterword/rules/internal/kleene"
	"github.com/afterword-go/afterword/rules/internal/logic"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// A partVisit goes through the parts of a rule that may fire, and reports the
// smallest of those that are always the same.
type partVisit struct{ *ruleScan }

// visit looks at p, which stands in a node with the operation above, and tells
// whether it or a part of it was reported. Chain has the parts that must hold
// together with p.
func (v partVisit) visit(p lintPart, above tree.Op, chain []lintPart) bool {
	if v.budget <= 0 {
		return true // nothing more is reported of what is around it
	}
	n := p.node
	kids := n.Kids
	switch n.Op {
	case tree.And:
		kids = logic.Chain(n)
		chain = p.chain()
	case tree.Or:
		kids = logic.Chain(n)
	}
	reported := false
	for _, kid := range kids {
		beside := chain
		if n.Op != tree.And {
			beside = p.under(kid).chain()
		}
		reported = v.visit(p.under(kid), n.Op, beside) || reported
	}
	return reported || n.Type.Kind == tree.Bool && v.judge(p, above, chain)
}

// judge reports p if it is always the same.
func (v partVisit) judge(p lintPart, above tree.Op, chain []lintPart) bool {
	n := p.node
	switch n.Op {
	case tree.Const:
		if above == tree.And || above == tree.Or || above == tree.Not {
			v.report(constantPart, p, "%s is always %[1]s: leave it out", p.text())
			return true
		}
		return false
	case tree.IsAbsent, tree.GetField, tree.Elem, tree.Index, tree.Call:
		return false
	case tree.Not:
		if n.Kids[0].Op == tree.IsAbsent {
			return false
		}
	}
	switch {
	case v.cannot(kleene.True, n):
		at, why := v.impossiblePart(p)
		v.report(constantPart, at, "this part never holds: %s", why)
	case logic.MayFail(n), v.limitedBeside(p, chain):
		return false
	case v.always(n) && above == tree.Bad:
		v.report(constantPart, p, "%s is always true%s: write when: true if that is what you mean", p.text(), because(n))
	case v.always(n):
		v.report(constantPart, p, "%s is always true%s: leave it out, or correct it", p.text(), because(n))
	case v.cannot(kleene.False, n):
		v.report(constantPart, p, "%s is true whenever %s%s: write %s if that is what you mean", p.text(), v.presence(p), because(n), v.present(p))
	default:
		return false
	}
	return true
}

// always tells whether n is true whatever the input.
func (v partVisit) always(n *tree.Node) bool {
	f, ok := v.formula(kleene.True, n)
	return ok && v.impossible(logic.Not(f))
}

// limitedBeside tells whether another part of the chain compares something that
// p compares: then p is the one end of a range, and it reads well there.
func (v partVisit) limitedBeside(p lintPart, chain []lintPart) bool {
	key := func(p lintPart) map[string]bool {
		out := map[string]bool{}
		for _, kid := range p.node.Kids {
			if kid.Op != tree.Const {
				out[logic.Key(kid)] = true
			}
		}
		return out
	}
	own := key(p)
	for _, other := range chain {
		if other.node == p.node {
			continue
		}
		for k := range key(other) {
			if own[k] {
				return true
			}
		}
	}
	return false
}

// optional finds the reads in p that may be absent.
func (v partVisit) optional(p lintPart) []lintPart {
	var out []lintPart
	seen := map[string]bool{}
	p.node.Walk(func(n *tree.Node) bool {
		read := n.Op == tree.GetField || n.Op == tree.Index || n.Op == tree.Call || n.Op == tree.Elem
		if !read {
			return true
		}
		if known, err := kleene.Known(n); err == nil && !known.Is(true) && !seen[logic.Key(n)] {
			seen[logic.Key(n)] = true
			out = append(out, p.under(n))
		}
		return false
	})
	return out
}

func (v partVisit) presence(p lintPart) string {
	if reads := v.optional(p); len(reads) == 1 {
		return reads[0].text() + " is there"
	}
	return "everything that it reads is there"
}

func (v partVisit) present(p lintPart) string {
	if reads := v.optional(p); len(reads) == 1 {
		return reads[0].text() + " != nil"
	}
	return "!= nil for each"
}
