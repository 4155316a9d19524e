package rules

import (
	"maps"
	"slices"

	"github.com/afterword-go/afterword/rules/internal/kleene"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// findTries bounds how often an input is looked for anew because other rules
// stood in the way of the one before.
const findTries = 8

// findSteps bounds the work of one search: less where another one follows if
// nothing is found.
const (
	findSteps      = 400_000
	findStepsFirst = 40_000
)

// The bounds of all searches, in parts of conditions looked at: for the set, and
// for one rule of it. A search that finds nothing counts in full, and one that
// does as a small part of that.
const (
	draftSteps     = 400_000_000
	draftRuleSteps = 40_000_000
)

// A sighted input is what a search came to.
type sighted struct {
	found []byte
	none  bool // there surely is none
	cut   bool // the bound was met
}

// find looks for an input that gives a part of a rule's condition a truth
// value: one that reaches the rule, and fails no rule, if that can be.
func (d *drafter[In, Then]) find(i int, w want) (out sighted) {
	var kept map[int]bool // other rules that are not to fire
	whole := false        // texts of the rule shall have all that they insert
	for range findTries {
		s, ok := d.sought(i, w, kept, whole)
		if !ok {
			return out
		}
		next := d.search(s)
		if next.found == nil {
			out.none = next.none && len(kept) == 0 && !whole
			out.cut = next.cut
			return out
		}
		out.found = next.found
		in, err := d.tester.decode(out.found)
		if err != nil || in == nil {
			return out
		}
		run := testRun[In, Then]{set: d.set, ctx: d.ctx, tester: d.tester, in: in}
		run.decide()
		again := run.verdict(i).outcome == Failed && !whole
		whole = whole || again
		for _, other := range inTheWay(&run, i) {
			if !kept[other] && d.set.rules[other].inGo == nil {
				if kept == nil {
					kept = map[int]bool{}
				}
				kept[other], again = true, true
			}
		}
		if !again {
			return out
		}
	}
	return out
}

// search looks for an input within what is left of the bound.
func (d *drafter[In, Then]) search(s sought[In]) sighted {
	most := s.steps
	if s.steps = min(most, d.steps); s.steps <= 0 {
		return sighted{cut: true}
	}
	found, none := s.seek(d.ctx, d.tester.decode)
	switch {
	case found != nil:
		d.steps -= 1 + s.steps/foundShare
	case !none:
		d.steps -= s.steps
	}
	return sighted{found, none, found == nil && !none && s.steps < most}
}

// inTheWay lists the rules that keep a rule from being reached, or fail.
func inTheWay[In, Then any](run *testRun[In, Then], i int) []int {
	var out []int
	if run.last < i {
		out = append(out, run.last)
	}
	for _, other := range slices.Sorted(maps.Keys(run.verdicts)) {
		if other != i && run.verdicts[other].outcome == Failed {
			out = append(out, other)
		}
	}
	return out
}

// sought is an input that is looked for. It is not ok if that is too large.
func (d *drafter[In, Then]) sought(i int, w want, kept map[int]bool, whole bool) (sought[In], bool) {
	s, ok := newSought[In](nil)
	s.steps = findSteps
	if len(w.held)+len(kept) > 0 || whole {
		s.steps = findStepsFirst
	}
	ok = ok && w.part.seek(w.truth, s.add)
	for _, h := range w.held {
		ok = ok && h.part.seek(h.truth, s.add)
	}
	for _, other := range slices.Sorted(maps.Keys(kept)) {
		ok = ok && s.add(kleene.True, nodesOf(d.set.rules[other].conditions), false)
	}
	if whole {
		ok = ok && s.add(kleene.Known, d.set.rules[i].inserted(), true)
	}
	return s, ok
}

// An adder takes in what is wanted of a rewrite of conditions.
type adder func(rewrite func(*tree.Node) (*tree.Node, error), nodes []*tree.Node, want bool) bool

// seek asks for a truth value of a part.
func (p *coverPart) seek(is Truth, add adder) bool {
	nodes := p.nodes()
	switch is {
	case True:
		return add(kleene.True, nodes, true)
	case False:
		if len(nodes) == 1 {
			return add(kleene.False, nodes, true)
		}
		return add(kleene.True, nodes, false) && add(kleene.Known, nodes, true)
	}
	// Neither true nor false.
	if len(nodes) == 1 {
		return add(kleene.Known, nodes, false)
	}
	return add(notFalse, nodes, true) && add(kleene.Known, nodes, false)
}

// notFalse holds if a condition is true or unknown.
func notFalse(n *tree.Node) (*tree.Node, error) {
	rewritten, err := kleene.False(n)
	if err != nil {
		return nil, err
	}
	return &tree.Node{Op: tree.Not, Type: tree.Of(tree.Bool), Kids: []*tree.Node{rewritten}}, nil
}

// nodes are the conditions that a part is made of: itself, or those of a list.
func (p *coverPart) nodes() []*tree.Node {
	if p.node != nil {
		return []*tree.Node{p.node}
	}
	var out []*tree.Node
	for _, part := range p.parts {
		out = append(out, part.node)
	}
	return out
}

// neutral is what all other parts are for one part to decide what p is.
func (p *coverPart) neutral() (Truth, bool) {
	switch {
	case p.node == nil || p.node.Op == tree.And:
		return True, true
	case p.node.Op == tree.Or:
		return False, true
	}
	return Unknown, false
}

// nodesOf are conditions as they were checked.
func nodesOf(conditions []condition) []*tree.Node {
	var out []*tree.Node
	for i := range conditions {
		_, n, _ := readCondition(conditions[i].text, conditions[i].env) // it has loaded before
		out = append(out, n)
	}
	return out
}

// inserted is what the texts of a rule insert.
func (r *compiled[In, Then]) inserted() []*tree.Node {
	var out []*tree.Node
	for _, text := range slices.Sorted(maps.Keys(r.templates)) {
		for _, part := range r.templates[text].parts {
			if part.text != "" && !part.fixed {
				_, n, _ := readInsert(part.text, part.env) // it has loaded before
				out = append(out, n)
			}
		}
	}
	return out
}
