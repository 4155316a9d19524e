package rules

import (
	"slices"
	"strings"

	"github.com/afterword-go/afterword/rules/internal/kleene"
	"github.com/afterword-go/afterword/rules/internal/logic"
	"github.com/afterword-go/afterword/rules/internal/syntax"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// A lintPart is a part of a condition.
type lintPart struct {
	node *tree.Node
	in   *lintCondition
}

func (p lintPart) text() string { return quoted(p.in.expr.Text(p.node.Span)) }

// quoted is a part of a rule, cut short to stand in a message.
func quoted(text string) string {
	const most = 80
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

// under is another node in the same condition.
func (p lintPart) under(n *tree.Node) lintPart { return lintPart{n, p.in} }

// chain are the parts that must all hold for p to hold.
func (p lintPart) chain() []lintPart {
	if p.node.Op != tree.And {
		return []lintPart{p}
	}
	var out []lintPart
	for _, n := range logic.Chain(p.node) {
		out = append(out, p.under(n))
	}
	return out
}

func (s *ruleScan) report(id string, p lintPart, format string, args ...any) {
	line, column := p.in.at(p.node.Span.From)
	s.linter.report(s.rule, id, line, column, format, args...)
}

// formula is what a rewrite of n says. Reading it costs its size.
func (s *ruleScan) formula(rewrite func(*tree.Node) (*tree.Node, error), n *tree.Node) (*logic.Formula, bool) {
	if s.budget -= n.Size(); s.budget <= 0 {
		return nil, false
	}
	rewritten, err := rewrite(n)
	if err != nil {
		return nil, false
	}
	if s.budget -= 2 * rewritten.Size(); s.budget <= 0 {
		return nil, false
	}
	return s.space.Formula(rewritten), true
}

// impossible tells whether f is surely false.
func (s *ruleScan) impossible(f *logic.Formula) bool {
	limit := min(questionWork, s.budget)
	left := limit
	surely := logic.Impossible(f, &left)
	s.budget -= limit - max(left, 0)
	return surely
}

// cannot tells whether a rewrite of n surely never holds.
func (s *ruleScan) cannot(rewrite func(*tree.Node) (*tree.Node, error), n *tree.Node) bool {
	f, ok := s.formula(rewrite, n)
	return ok && s.impossible(f)
}

// conditionParts looks for parts of the conditions that are always the same.
func (s *ruleScan) conditionParts() {
	var chain []lintPart
	var open, real []*logic.Formula
	for i := range s.conditions {
		c := &s.conditions[i]
		f, ok := s.formula(kleene.True, c.open)
		g, same := s.formula(kleene.True, c.node)
		if !ok || !same {
			return
		}
		open, real = append(open, f), append(real, g)
		chain = append(chain, lintPart{c.open, c}.chain()...)
	}
	s.rule.holds = logic.And(real...)
	if s.impossible(logic.And(open...)) {
		s.rule.never = true
		at, why := s.culprit(chain)
		s.report(neverFires, at, "the rule never fires: %s", why)
		return
	}
	s.rule.fires = !s.rule.fails && s.impossible(logic.Not(s.rule.holds))
	v := partVisit{ruleScan: s}
	for i := range s.conditions {
		c := &s.conditions[i]
		above := tree.Bad
		if len(s.conditions) > 1 {
			above = tree.And
		}
		v.visit(lintPart{c.open, c}, above, chain)
	}
}

// culprit finds the smallest part of a chain of parts that cannot all hold, and
// says why it is to blame.
func (s *ruleScan) culprit(chain []lintPart) (lintPart, string) {
	var before []*logic.Formula
	for i, p := range chain {
		f, ok := s.formula(kleene.True, p.node)
		if !ok {
			break
		}
		if s.impossible(f) {
			return s.impossiblePart(p)
		}
		before = append(before, f)
		if !s.impossible(logic.And(before...)) {
			continue
		}
		for j, other := range before[:i] {
			if s.impossible(logic.And(other, f)) {
				return p, p.text() + " contradicts " + chain[j].text() + because(p.node)
			}
		}
		return p, p.text() + " contradicts what stands in front of it" + because(p.node)
	}
	return chain[0], "its parts contradict each other"
}

// impossiblePart looks into a part that alone cannot hold.
func (s *ruleScan) impossiblePart(p lintPart) (lintPart, string) {
	n := p.node
	switch n.Op {
	case tree.And:
		return s.culprit(p.chain())
	case tree.Any, tree.One:
		if s.cannot(kleene.True, n.Kids[1]) {
			return s.culprit(p.under(n.Kids[1]).chain())
		}
	case tree.Const:
		return p, "the condition is false: to switch a rule off, write mode: off"
	case tree.Or:
		return p, "no side of " + p.text() + " can be true" + because(n)
	}
	return p, p.text() + " can never be true" + because(n)
}

// because says what is known of the fields that a part reads.
func because(n *tree.Node) string {
	var facts []string
	n.Walk(func(n *tree.Node) bool {
		if fact := factOf(n); fact != "" && !slices.Contains(facts, fact) && len(facts) < 3 {
			facts = append(facts, fact)
		}
		return n.Op != tree.IsAbsent && n.Op != tree.Len
	})
	if len(facts) == 0 {
		return ""
	}
	return " (" + strings.Join(facts, ", ") + ")"
}

func factOf(n *tree.Node) string {
	switch n.Op {
	case tree.GetField:
		limits := logic.Limits(n)
		switch {
		case limits == nil:
		case n.Type.Kind == tree.Int, n.Type.Kind == tree.Float, limits.OneOf != nil:
			return n.Field.Name + " is " + limits.String()
		case n.Type.Kind == tree.Text, n.Type.Kind == tree.List:
			return "the length of " + n.Field.Name + " is " + limits.String()
		}
	case tree.Len:
		if fact := factOf(n.Kids[0]); fact != "" {
			return fact
		}
		return "a length is at least 0"
	case tree.Count:
		return "a count is at least 0"
	case tree.Lower:
		return "lower makes no capital letters"
	case tree.Upper:
		return "upper makes capital letters only"
	}
	return ""
}

// opened is n with the conditions that only constants of vars decide left
// open: they are switches, and somebody may turn them.
func opened(expr *syntax.Expr, n *tree.Node) *tree.Node {
	if n.Type.Kind == tree.Bool && decidedByVars(expr, n) {
		text := expr.Text(n.Span)
		return &tree.Node{Op: tree.GetField, Type: n.Type, Span: n.Span, Field: &tree.Field{Name: text, Type: n.Type}}
	}
	kids := make([]*tree.Node, len(n.Kids))
	same := true
	for i, kid := range n.Kids {
		kids[i] = opened(expr, kid)
		same = same && kids[i] == kid
	}
	if same {
		return n
	}
	out := *n
	out.Kids = kids
	return &out
}

// decidedByVars tells of a part that reads constants of vars, and nothing else
// that may differ.
func decidedByVars(expr *syntax.Expr, n *tree.Node) bool {
	vars, reads := false, false
	n.Walk(func(n *tree.Node) bool {
		switch n.Op {
		case tree.GetField, tree.Call, tree.Elem:
			reads = true
		case tree.Const, tree.MakeList:
			vars = vars || n.Span.To > n.Span.From && strings.HasPrefix(strings.TrimLeft(expr.Text(n.Span), "-( "), "vars")
		}
		return !reads
	})
	return vars && !reads
}
