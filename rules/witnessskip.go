package rules

import (
	"bytes"
	"slices"

	"github.com/afterword-go/afterword/rules/internal/eval"
	"github.com/afterword-go/afterword/rules/internal/logic"
	"github.com/afterword-go/afterword/rules/internal/tree"
	"github.com/afterword-go/afterword/rules/internal/witness"
)

// Why a rule is not known to be skipped.
const (
	nothingAbsent  = "nothing that it reads can be absent"
	neverUnknown   = "it is true or false whatever is absent"
	noSkipWasFound = "none was found, and none could be ruled out"
)

// skips looks for payloads for which the conditions are unknown, for one read
// that may be absent after the other.
func (w *witnessing[In, Then]) skips() {
	of := make([][]guard, len(w.parts))
	for i, p := range w.parts {
		of[i] = guardsOf(p.isTrue)
	}
	seen := map[string]bool{}
	for _, guards := range of {
		for _, g := range guards {
			if !seen[g.key] && len(seen) < mostSkips {
				seen[g.key] = true
				w.skip(g, of)
			}
		}
	}
	if len(w.out.Skips) > 0 {
		return
	}
	switch s := w.unknown(); {
	case len(seen) == 0:
		w.out.NoSkips = nothingAbsent
	case s.impossible():
		w.out.NoSkips = neverUnknown
	default:
		if found := w.search(s); found != nil {
			w.addSkip(found.JSON)
		} else if w.ctx.Err() != nil {
			w.out.NoSkips = cutShort
		} else {
			w.out.NoSkips = noSkipWasFound
		}
	}
}

// A guard is a read that may be absent.
type guard struct {
	key     string
	missing *tree.Node // holds when it is: of an element, when it is of any
}

// guardsOf are the guards of a part, once each, in its order.
func guardsOf(n *tree.Node) []guard {
	var out []guard
	var walk func(n *tree.Node, loops []*tree.Node)
	walk = func(n *tree.Node, loops []*tree.Node) {
		if n.Op == tree.There {
			g := guard{missing: missing(n, loops)}
			g.key = logic.Key(g.missing)
			if !slices.ContainsFunc(out, func(other guard) bool { return other.key == g.key }) {
				out = append(out, g)
			}
		}
		for i, kid := range n.Kids {
			if n.Op.Loops() && i == 1 {
				walk(kid, append(loops[:len(loops):len(loops)], n))
			} else {
				walk(kid, loops)
			}
		}
	}
	walk(n, nil)
	return out
}

// missing holds when a guard does not, for one of the elements if it reads the
// element of a loop around it.
func missing(there *tree.Node, loops []*tree.Node) *tree.Node {
	out := &tree.Node{Op: tree.Not, Type: tree.Of(tree.Bool), Kids: []*tree.Node{there}}
	for ; len(loops) > 0 && readsElement(out); loops = loops[:len(loops)-1] {
		list := loops[len(loops)-1].Kids[0]
		out = &tree.Node{Op: tree.Any, Type: tree.Of(tree.Bool), Kids: []*tree.Node{list, out}}
	}
	return out
}

// readsElement tells of a part that reads the element of a loop around it.
func readsElement(n *tree.Node) bool {
	if n.Op == tree.Elem {
		return true
	}
	for i, kid := range n.Kids {
		if !(n.Op.Loops() && i == 1) && readsElement(kid) {
			return true
		}
	}
	return false
}

// skip looks for a payload without what a guard asks for: the parts that do not
// read it hold, if they can.
func (w *witnessing[In, Then]) skip(g guard, of [][]guard) {
	var others []witnessPart
	for i, p := range w.parts {
		if !slices.ContainsFunc(of[i], func(other guard) bool { return other.key == g.key }) {
			others = append(others, p)
		}
	}
	for _, hold := range [][]witnessPart{others, nil} {
		if w.ctx.Err() != nil {
			return
		}
		s := w.unknown(hold...)
		s.from = w.fires
		s.goals = append([]witness.Goal{{Node: g.missing, Want: true}}, s.goals...)
		if s.impossible() {
			continue
		}
		if found := w.search(s); found != nil {
			w.addSkip(found.JSON)
			return
		}
	}
}

// unknown is an input for which the conditions are unknown, and parts hold.
func (w *witnessing[In, Then]) unknown(hold ...witnessPart) *sought[In] {
	s := w.sought(hold...)
	s.steps = sideSteps
	s.goals = append(s.goals, witness.Goal{Node: w.all(tree.And, true)}, witness.Goal{Node: w.all(tree.Or, false)})
	return s
}

func (w *witnessing[In, Then]) addSkip(payload []byte) {
	in, err := w.tester.decode(payload)
	if err != nil || in == nil || slices.ContainsFunc(w.out.Skips, func(s Skip) bool { return bytes.Equal(s.Payload, payload) }) {
		return
	}
	f := new(eval.Frame)
	f.Reset(w.ctx, in)
	_, absent := explainAll(w.rule.conditions, f, nil)
	w.out.Skips = append(w.out.Skips, Skip{absent, payload})
}
