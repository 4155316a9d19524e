package rules

import (
	"context"
	"fmt"
	"reflect"

	"github.com/afterword-go/afterword/rules/internal/kleene"
	"github.com/afterword-go/afterword/rules/internal/logic"
	"github.com/afterword-go/afterword/rules/internal/tree"
	"github.com/afterword-go/afterword/rules/internal/witness"
)

// A witnessing looks for the payloads of one rule.
type witnessing[In, Then any] struct {
	set    *Set[In, Then]
	rule   *compiled[In, Then]
	ctx    context.Context
	tester Tester[In, Then]

	input *tree.Type
	parts []witnessPart
	fires *witness.Payload
	out   Witness
}

// A witnessPart is a part that must hold for the rule to fire.
type witnessPart struct {
	PartInfo
	node            *tree.Node
	isTrue, isFalse *tree.Node // when it is true, and when it is false
}

// read takes the conditions apart. It is not ok if they are too large.
func (w *witnessing[In, Then]) read() bool {
	w.input = tree.TypeOf(reflect.TypeFor[In]())
	for _, c := range w.rule.conditions {
		expr, node, _ := readCondition(c.text, c.env) // it has loaded before
		for _, n := range partsOf(node) {
			p := witnessPart{PartInfo: PartInfo{Text: expr.Text(n.Span)}, node: n}
			p.Line, p.Column = c.at(n.Span.From)
			var err, other error
			p.isTrue, err = kleene.True(n)
			p.isFalse, other = kleene.False(n)
			if err != nil || other != nil {
				return false
			}
			w.parts = append(w.parts, p)
		}
	}
	return true
}

// look finds out everything.
func (w *witnessing[In, Then]) look() {
	if s := w.sought(w.parts...); s.impossible() {
		w.out.Proof = CannotFire
		w.out.Reason, w.out.At = whyNever(w.rule.info(), w.rule.conditions)
		return
	}
	if w.fires = w.firing(); w.fires == nil {
		w.out.Reason, w.out.At = w.obstacle()
		return
	}
	w.out.Proof, w.out.Fires = CanFire, w.fires.JSON
	w.misses()
	w.skips()
}

// sought is an input for which parts hold.
func (w *witnessing[In, Then]) sought(parts ...witnessPart) *sought[In] {
	s := &sought[In]{input: w.input}
	for _, p := range parts {
		s.goals = append(s.goals, witness.Goal{Node: p.isTrue, Want: true})
	}
	return s
}

func (w *witnessing[In, Then]) search(s *sought[In]) *witness.Payload {
	return s.search(w.ctx, w.tester.decode)
}

// firing is a payload for which the rule fires, with an outcome that is no
// error if there is one.
func (w *witnessing[In, Then]) firing() *witness.Payload {
	s := w.sought(w.parts...)
	s.also, s.least = w.sound, true
	for _, t := range w.rule.texts() {
		for i := range t.parts {
			if part := &t.parts[i]; part.text != "" && !part.fixed {
				_, node, _ := readInsert(part.text, part.env) // it has loaded before
				if known, err := kleene.Known(node); err == nil {
					s.goals = append(s.goals, witness.Goal{Node: known, Want: true})
				}
			}
		}
	}
	if !s.impossible() {
		s.steps = witness.Steps / 2
		if found := w.search(s); found != nil {
			return found
		}
	}
	s = w.sought(w.parts...)
	s.least = true
	found := w.search(s)
	w.out.Fails = found != nil && !w.soundOf(found)
	return found
}

// sound tells whether the rule's outcome is no error for an input.
func (w *witnessing[In, Then]) sound(in *In) bool {
	m := Match[In, Then]{ctx: w.ctx, in: in, rule: w.rule}
	return m.use(func(m Match[In, Then]) error {
		_, err := w.tester.outcome(w.ctx, m)
		return err
	}) == nil
}

func (w *witnessing[In, Then]) soundOf(p *witness.Payload) bool {
	in, err := w.tester.decode(p.JSON)
	return err == nil && in != nil && w.sound(in)
}

// all joins when the parts are true, or when they are false.
func (w *witnessing[In, Then]) all(op tree.Op, are bool) *tree.Node {
	var out *tree.Node
	for _, p := range w.parts {
		n := p.isFalse
		if are {
			n = p.isTrue
		}
		if out != nil {
			n = &tree.Node{Op: op, Type: tree.Of(tree.Bool), Kids: []*tree.Node{out, n}}
		}
		out = n
	}
	return out
}

// obstacle is the part that stands in the way of finding an input, and what is
// known of it: if all values have been tried in vain, that the rule cannot fire.
func (w *witnessing[In, Then]) obstacle() (string, PartInfo) {
	for i, p := range w.parts {
		if w.ctx.Err() != nil {
			break
		}
		for _, in := range []struct {
			parts          []witnessPart
			where, because string
		}{
			{[]witnessPart{p}, "", " can never be true"},
			{w.parts[:i+1], " together with what stands in front of it", " contradicts what stands in front of it"},
		} {
			s := w.sought(in.parts...)
			s.steps = sideSteps
			if w.search(s) != nil || w.ctx.Err() != nil {
				continue
			}
			if s.never(w.ctx, w.tester.decode) {
				w.out.Proof = CannotFire
				return inOneLine(p.Text + in.because + because(p.node)), p.PartInfo
			}
			return "no input was found for which " + quoted(p.Text) + " is true" + in.where + unknownOf(p.node), p.PartInfo
		}
	}
	if w.ctx.Err() != nil {
		return cutShort, PartInfo{}
	}
	return "no input was found for which all of its parts are true", PartInfo{}
}

// unknownOf names a function that nobody can look into.
func unknownOf(n *tree.Node) string {
	name := ""
	n.Walk(func(n *tree.Node) bool {
		if n.Op == tree.Call && name == "" {
			name = n.Func.Name
		}
		return name == ""
	})
	if name == "" {
		return ", and none could be ruled out"
	}
	return fmt.Sprintf(": what the function %s comes to cannot be worked out", name)
}

// whyNever says why conditions that cannot hold cannot, as lint says it.
func whyNever(info RuleInfo, conditions []condition) (string, PartInfo) {
	s := ruleScan{linter: &linter{work: lintWork, usedVars: map[string]bool{}}, rule: &lintRule{RuleInfo: info}, budget: ruleWork}
	for _, c := range conditions {
		expr, node, _ := readCondition(c.text, c.env) // it has loaded before
		s.conditions = append(s.conditions, lintCondition{expr: expr, node: node, open: opened(expr, node), at: c.at})
	}
	chain := s.chain(func(c *lintCondition) *tree.Node { return c.open })
	if !s.cannotAll(chain) { // but for the constants of vars it could
		chain = s.chain(func(c *lintCondition) *tree.Node { return c.node })
	}
	p, why := s.culprit(chain)
	at := PartInfo{Text: p.in.expr.Text(p.node.Span)}
	at.Line, at.Column = p.in.at(p.node.Span.From)
	return inOneLine(why), at
}

// chain are the parts of all conditions.
func (s *ruleScan) chain(of func(*lintCondition) *tree.Node) []lintPart {
	var out []lintPart
	for i := range s.conditions {
		c := &s.conditions[i]
		out = append(out, lintPart{of(c), c}.chain()...)
	}
	return out
}

// cannotAll tells whether parts surely cannot all hold.
func (s *ruleScan) cannotAll(chain []lintPart) bool {
	var all []*logic.Formula
	for _, p := range chain {
		f, ok := s.formula(kleene.True, p.node)
		if !ok {
			return false
		}
		all = append(all, f)
	}
	return s.impossible(logic.And(all...))
}
