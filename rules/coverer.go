package rules

import (
	"slices"

	"github.com/afterword-go/afterword/rules/internal/eval"
	"github.com/afterword-go/afterword/rules/internal/kleene"
	"github.com/afterword-go/afterword/rules/internal/logic"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// A coverer looks at the parts of the conditions of one rule, for one input
// after the other. Its parts are those that a trace has.
type coverer struct {
	root coverPart
}

// A coverPart is a part of a condition and the truth values that it had.
type coverPart struct {
	node  *tree.Node // nil for a list of conditions
	asks  *explainer
	can   [True + 1]bool // the truth values that it can have
	had   [True + 1]bool
	parts []*coverPart
}

func newCoverer(conditions []condition) *coverer {
	c := &coverer{}
	proof := knownProof{left: knownWork}
	var nodes []*tree.Node
	for _, condition := range conditions {
		expr, node, _ := readCondition(condition.text, condition.env) // it has loaded before
		nodes = append(nodes, node)
		c.root.parts = append(c.root.parts, newCoverPart(node, &explainer{expr: expr, at: condition.at}, &proof))
	}
	if len(c.root.parts) == 1 {
		c.root = *c.root.parts[0]
		return c
	}
	c.root.can[True] = !slices.ContainsFunc(c.root.parts, func(p *coverPart) bool { return !p.can[True] })
	for _, p := range c.root.parts {
		c.root.can[False] = c.root.can[False] || p.can[False]
		c.root.can[Unknown] = c.root.can[Unknown] || p.can[Unknown]
	}
	c.root.can[Unknown] = c.root.can[Unknown] && !proof.always(nodes...)
	return c
}

func newCoverPart(n *tree.Node, asks *explainer, proof *knownProof) *coverPart {
	p := &coverPart{node: n, asks: asks}
	p.can[True] = !always(isTrue, n, false)
	p.can[False] = !always(isFalse, n, false)
	p.can[Unknown] = !always(isKnown, n, true) && !proof.always(n)
	for _, side := range sides(n) {
		p.parts = append(p.parts, newCoverPart(side, asks, proof))
	}
	return p
}

// knownWork bounds the proofs of one rule, in parts of conditions looked at.
const knownWork = 200_000

// A knownProof proves of parts of a rule that they are never unknown.
type knownProof struct {
	space logic.Space
	left  int
}

// always tells whether parts, all of which must hold, are surely true or false
// together, whatever is absent. Only where one asks what is absent can that be so
// without each of its reads being there.
func (k *knownProof) always(parts ...*tree.Node) bool {
	if !slices.ContainsFunc(parts, asksForAbsence) {
		return false
	}
	var holds, fails []*logic.Formula
	for _, n := range parts {
		isTrue, err := kleene.True(n)
		isFalse, wrong := kleene.False(n)
		if err != nil || wrong != nil {
			return false
		}
		if k.left -= isTrue.Size() + isFalse.Size(); k.left <= 0 {
			return false
		}
		holds, fails = append(holds, k.space.Formula(isTrue)), append(fails, k.space.Formula(isFalse))
	}
	return logic.Impossible(logic.And(logic.Not(logic.And(holds...)), logic.Not(logic.Or(fails...))), &k.left)
}

// asksForAbsence tells of a part that compares something with nil.
func asksForAbsence(n *tree.Node) bool {
	asks := false
	n.Walk(func(n *tree.Node) bool {
		asks = asks || n.Op == tree.IsAbsent
		return !asks
	})
	return asks
}

// always tells whether a rewrite of n is a constant.
func always(r rewrite, n *tree.Node, constant bool) bool {
	rewritten, err := r.of(n)
	return err == nil && rewritten.Is(constant)
}

// look evaluates all parts for an input. It tells the truth of the whole, and
// whether that could be decided. A rule that has failed has not fired.
func (c *coverer) look(f *eval.Frame, failed bool) (truth Truth, decided bool) {
	f.Allow(explainBudget)
	truth, decided = c.root.look(f)
	if decided && !(failed && truth == True) {
		c.root.had[truth] = true
	}
	return truth, decided
}

func (p *coverPart) look(f *eval.Frame) (Truth, bool) {
	all, allDecided := True, true
	for _, part := range p.parts {
		truth, decided := part.look(f)
		if decided {
			part.had[truth] = true
		}
		allDecided = allDecided && decided
		switch {
		case truth == False && decided:
			all = False
		case truth == Unknown && all == True:
			all = Unknown
		}
	}
	if p.node == nil { // a list of conditions, all of which must hold
		return all, allDecided || all == False
	}
	p.asks.frame = f
	yes, err := p.asks.holds(isTrue, p.node)
	if err != nil || yes {
		return True, err == nil
	}
	no, err := p.asks.holds(isFalse, p.node)
	return truth(yes, no), err == nil
}

// tally counts what was reached, and lists what was not.
func (c *coverer) tally(out *RuleCoverage) {
	c.root.tally(out, true)
}

func (p *coverPart) tally(out *RuleCoverage, whole bool) {
	for _, truth := range []Truth{True, False, Unknown} {
		if !p.can[truth] {
			continue
		}
		out.Goals++
		if p.had[truth] {
			out.Reached++
			continue
		}
		out.Gaps = append(out.Gaps, p.gap(truth, out, whole))
	}
	for _, part := range p.parts {
		part.tally(out, false)
	}
}

// eachGap calls use for each truth value that was not reached.
func (p *coverPart) eachGap(whole bool, use func(p *coverPart, truth Truth, whole bool)) {
	for _, truth := range []Truth{True, False, Unknown} {
		if p.can[truth] && !p.had[truth] {
			use(p, truth, whole)
		}
	}
	for _, part := range p.parts {
		part.eachGap(false, use)
	}
}

// remember returns a function that forgets what was reached since.
func (p *coverPart) remember() (forget func()) {
	had := p.had
	var below []func()
	for _, part := range p.parts {
		below = append(below, part.remember())
	}
	return func() {
		p.had = had
		for _, forget := range below {
			forget()
		}
	}
}

// text is the part as its author wrote it; empty for a list of conditions.
func (p *coverPart) text() string {
	if p.node == nil {
		return ""
	}
	return p.asks.expr.Text(p.node.Span)
}

func (p *coverPart) gap(truth Truth, of *RuleCoverage, whole bool) Gap {
	g := Gap{Line: of.Line, Column: of.Column, EndLine: of.Line, EndColumn: of.Column, Truth: truth, Whole: whole}
	if p.node == nil {
		return g // the rule stands for the list of its conditions
	}
	g.Text = p.text()
	g.Line, g.Column = p.asks.at(p.node.Span.From)
	g.EndLine, g.EndColumn = p.asks.at(max(p.node.Span.To-1, p.node.Span.From))
	g.EndColumn++
	return g
}
