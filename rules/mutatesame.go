package rules

import (
	"slices"

	"github.com/afterword-go/afterword/rules/internal/kleene"
	"github.com/afterword-go/afterword/rules/internal/logic"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// sameText tells whether a text surely says the same as another one whenever a
// rule fires: they differ in defaults alone that are not used then.
func (h *hunt[In, Then]) sameText(i int, a, b *template) bool {
	if h.inGo(i) || len(a.parts) != len(b.parts) {
		return false
	}
	for n := range a.parts {
		one, other := &a.parts[n], &b.parts[n]
		switch {
		case one.text == other.text && one.literal == other.literal:
		case one.text == "" || other.text == "":
			return false
		default:
			_, first, _ := readInsert(one.text, one.env) // both have been compiled
			_, second, _ := readInsert(other.text, other.env)
			if logic.Key(h.used(i, first)) != logic.Key(h.used(i, second)) {
				return false
			}
		}
	}
	return true
}

// used is an expression without the defaults that are not used whenever a rule
// fires, since what they stand in for is known then.
func (h *hunt[In, Then]) used(i int, n *tree.Node) *tree.Node {
	if n.Op == tree.Default && h.knownWhere(i, n.Kids[0]) {
		return h.used(i, n.Kids[0])
	}
	out := *n
	out.Kids = slices.Clone(n.Kids)
	for k, kid := range n.Kids {
		if !readsElement(kid) { // for each element there may be another answer
			out.Kids[k] = h.used(i, kid)
		}
	}
	return &out
}

// knownWhere tells whether an expression surely has a value whenever a rule
// fires.
func (h *hunt[In, Then]) knownWhere(i int, n *tree.Node) bool {
	known, err := kleene.Known(n)
	if err != nil {
		return false
	}
	parts := []*logic.Formula{logic.Not(h.proofs.space.Formula(known))}
	for _, c := range h.nodes(i) {
		part := h.proofs.formula(c)
		if part == nil {
			return false
		}
		parts = append(parts, part)
	}
	budget := proofSteps
	return logic.Impossible(logic.And(parts...), &budget)
}
