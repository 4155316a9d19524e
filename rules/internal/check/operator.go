package check

import (
	"math"

	"github.com/expr-lang/expr/ast"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

func (c *checker) unary(n *ast.UnaryNode) *tree.Node {
	kid := c.node(n.Node)
	switch n.Operator {
	case "not", "!":
		out := c.made(n, tree.Not, tree.Of(tree.Bool), kid)
		switch kid.Type.Kind {
		case tree.Bool:
			return out
		case tree.Invalid:
		case tree.Nil:
			c.nilElsewhere(kid)
		default:
			c.report(kid, "%s needs something true or false, not %s (%s binds tighter than a comparison: write %s (…))",
				n.Operator, kid.Type, n.Operator, n.Operator)
		}
		return spoil(out)
	case "-":
		out := c.made(n, tree.Neg, kid.Type, kid)
		if !c.want(kid, "- needs a number", tree.Int, tree.Float) {
			return spoil(out)
		}
		return negated(out)
	}
	return c.bad(c.made(n, tree.Bad, nil, kid), "a sign + is not part of the rule language: leave it out")
}

// negated folds the negative of a constant.
func negated(n *tree.Node) *tree.Node {
	kid := n.Kids[0]
	if kid.Op != tree.Const {
		return n
	}
	out := &tree.Node{Op: tree.Const, Type: kid.Type, Span: n.Span}
	switch v := kid.Value.(type) {
	case int64:
		if v == math.MinInt64 {
			return n // too large: an error when it is worked out
		}
		out.Value = -v
	case float64:
		out.Value = -v
	}
	return out
}

// opOf is the operation of an operator that has one for all types.
func opOf(operator string) tree.Op {
	switch operator {
	case "==":
		return tree.Eq
	case "!=":
		return tree.Ne
	case "<":
		return tree.Lt
	case "<=":
		return tree.Le
	case ">":
		return tree.Gt
	case ">=":
		return tree.Ge
	case "contains":
		return tree.Contains
	case "startsWith":
		return tree.StartsWith
	case "endsWith":
		return tree.EndsWith
	case "+":
		return tree.Add
	case "-":
		return tree.Sub
	case "*":
		return tree.Mul
	case "/":
		return tree.Div
	case "%":
		return tree.Mod
	case "and", "&&":
		return tree.And
	case "or", "||":
		return tree.Or
	}
	return tree.Bad
}

func (c *checker) binary(n *ast.BinaryNode) *tree.Node {
	switch n.Operator {
	case "in":
		return c.in(n)
	case "..":
		return c.refused(n, "a range may only stand after in: x in 1..3")
	}
	if joins(n.Operator) {
		if out, ok := c.alternatives(n); ok {
			return out
		}
	}
	a, b := c.beside(n.Left, n.Right), c.beside(n.Right, n.Left)
	out := c.made(n, opOf(n.Operator), tree.Of(tree.Bool), a, b)
	switch n.Operator {
	case "==", "!=":
		return c.equality(n.Operator, out)
	case "<", "<=", ">", ">=":
		return c.order(n.Operator, out)
	case "and", "&&", "or", "||":
		if a.Type.Kind == tree.Bool && b.Type.Kind == tree.Bool {
			return out
		}
		c.want(a, n.Operator+" joins conditions", tree.Bool)
		c.want(b, n.Operator+" joins conditions", tree.Bool)
		return spoil(out)
	case "matches":
		return c.matches(out)
	case "contains", "startsWith", "endsWith":
		if written := c.compared("==", a, b) + c.compared("==", b, a); n.Operator == "contains" && (a.Type.Kind == tree.List) != (b.Type.Kind == tree.List) && written != "" {
			return c.bad(out, "contains compares texts, not lists: %s", written)
		}
		if field, ok := textField(a.Type); ok && b.Type.Kind == tree.Text {
			return c.bad(out, "%s compares texts, not lists: write any(%s, .%s %s %s)", n.Operator, c.shortOf(a.Span), field, n.Operator, c.shortOf(b.Span))
		}
		left := c.want(a, n.Operator+" compares texts", tree.Text)
		if right := c.want(b, n.Operator+" compares texts", tree.Text); !left || !right {
			return spoil(out)
		}
		return out
	case "??":
		return c.fallback(out)
	case "+", "-", "*", "/", "%":
		return c.arithmetic(n.Operator, out)
	}
	return c.bad(out, "%s is not part of the rule language", n.Operator)
}

func (c *checker) equality(operator string, out *tree.Node) *tree.Node {
	a, b := out.Kids[0], out.Kids[1]
	if a.Type.Kind == tree.Nil || b.Type.Kind == tree.Nil {
		return c.absence(operator, out)
	}
	if anyBad(a, b) {
		return spoil(out)
	}
	if !comparable(a.Type, b.Type) {
		return c.bad(out, "cannot compare %s with %s%s", a.Type, b.Type, c.mismatch(operator, a, b))
	}
	for i, kid := range out.Kids {
		if c.isAbsentZero(kid, out.Kids[1-i]) {
			return c.bad(out, "this can never be decided: an empty %s counts as absent; write %s %s nil",
				c.expr.Text(kid.Span), c.expr.Text(kid.Span), operator)
		}
	}
	widen(out.Kids...)
	return out
}

func comparable(a, b *tree.Type) bool {
	if a.IsNumber() && b.IsNumber() {
		return true
	}
	return a.Kind == b.Kind && a.Kind != tree.List && a.Kind != tree.Group
}

// isAbsentZero tells of a field that counts as absent when it has the value
// that it is compared with.
func (c *checker) isAbsentZero(field, with *tree.Node) bool {
	if field.Op != tree.GetField || !field.Field.ZeroAbsent || with.Op != tree.Const {
		return false
	}
	switch with.Value {
	case "", int64(0), float64(0), false:
		return true
	}
	return false
}

// absence is x == nil and x != nil.
func (c *checker) absence(operator string, out *tree.Node) *tree.Node {
	a, b := out.Kids[0], out.Kids[1]
	if a.Type.Kind == tree.Nil {
		a, b = b, a
	}
	switch {
	case a.Type.Kind == tree.Nil:
		return c.bad(out, "nil beside nil says nothing")
	case anyBad(a, b):
		return spoil(out)
	case neverAbsent(a):
		return c.bad(out, "%s is never absent%s", c.expr.Text(a.Span), emptyHint(a.Type, c.expr.Text(a.Span)))
	}
	absent := &tree.Node{Op: tree.IsAbsent, Type: tree.Of(tree.Bool), Kids: []*tree.Node{a}, Span: out.Span}
	if operator == "==" {
		return absent
	}
	return &tree.Node{Op: tree.Not, Type: tree.Of(tree.Bool), Kids: []*tree.Node{absent}, Span: out.Span}
}

func emptyHint(t *tree.Type, text string) string {
	switch t.Kind {
	case tree.Text:
		return `: to ask whether it is empty, write ` + text + ` == ""`
	case tree.List:
		return ": to ask whether it is empty, write len(" + text + ") == 0"
	}
	return ""
}

func (c *checker) order(operator string, out *tree.Node) *tree.Node {
	a, b := out.Kids[0], out.Kids[1]
	left, right := isOrdered(a), isOrdered(b)
	if !left || !right {
		what := operator + " compares numbers, times or texts"
		c.want(a, what, tree.Int, tree.Float, tree.Text, tree.Time)
		c.want(b, what, tree.Int, tree.Float, tree.Text, tree.Time)
		return spoil(out)
	}
	if !comparable(a.Type, b.Type) {
		return c.bad(out, "cannot compare %s with %s%s", a.Type, b.Type, c.mismatch(operator, a, b))
	}
	widen(out.Kids...)
	return out
}

// isOrdered tells of a value that is less than others of its kind.
func isOrdered(n *tree.Node) bool {
	k := n.Type.Kind
	return n.Type.IsNumber() || k == tree.Text || k == tree.Time
}

func (c *checker) arithmetic(operator string, out *tree.Node) *tree.Node {
	a, b := out.Kids[0], out.Kids[1]
	kinds, what := []tree.Kind{tree.Int, tree.Float}, operator+" needs numbers"
	switch {
	case operator == "+" && (a.Type.Kind == tree.Text || b.Type.Kind == tree.Text):
		kinds, what = []tree.Kind{tree.Text}, "+ joins texts with texts (string(…) makes one)"
		out.Op, out.Type = tree.Concat, tree.Of(tree.Text)
	case operator == "%":
		kinds, what = []tree.Kind{tree.Int}, "% needs whole numbers"
	}
	left, right := c.want(a, what, kinds...), c.want(b, what, kinds...)
	if !left || !right {
		return spoil(out)
	}
	if out.Op == tree.Concat {
		return out
	}
	widen(out.Kids...)
	out.Type = out.Kids[0].Type
	if operator == "/" && out.Type.Kind == tree.Int {
		out.Kids[0], out.Kids[1] = widened(out.Kids[0]), widened(out.Kids[1])
		out.Type = tree.Of(tree.Float)
	}
	return out
}

// fallback is a ?? b.
func (c *checker) fallback(out *tree.Node) *tree.Node {
	out.Op = tree.Default
	for _, kid := range out.Kids {
		if kid.Type.Kind == tree.Nil {
			c.nilElsewhere(kid)
			return spoil(out)
		}
	}
	if !c.unify(out, out.Kids) {
		return spoil(out)
	}
	if neverAbsent(out.Kids[0]) {
		return c.bad(out, "%s is never absent, so its default is never used: leave it out", c.expr.Text(out.Kids[0].Span))
	}
	return out
}

func (c *checker) choice(n *ast.ConditionalNode) *tree.Node {
	cond, a, b := c.node(n.Cond), c.node(n.Exp1), c.node(n.Exp2)
	out := c.made(n, tree.Choice, nil, cond, a, b)
	ok := c.want(cond, "before ? stands a condition", tree.Bool)
	for _, side := range []*tree.Node{a, b} {
		if side.Type.Kind == tree.Nil {
			c.nilElsewhere(side)
			return spoil(out)
		}
	}
	if !c.unify(out, out.Kids[1:]) || !ok {
		return spoil(out)
	}
	return out
}

// unify gives out the one type that the two sides have.
func (c *checker) unify(out *tree.Node, sides []*tree.Node) bool {
	a, b := sides[0], sides[1]
	switch {
	case anyBad(a, b):
		return false
	case a.Type.Kind == tree.List && b.Type.Kind == tree.List && listsAlike(a.Type, b.Type):
		out.Type = a.Type
		if a.Type.Elem == nil {
			out.Type = b.Type
		}
		if b.Type.ElemOptional {
			out.Type = b.Type
		}
		return true
	case comparable(a.Type, b.Type):
		widen(sides...)
		out.Type = sides[0].Type
		return true
	}
	c.report(out, "both sides must be of one kind, but they are %s and %s", a.Type, b.Type)
	return false
}

func listsAlike(a, b *tree.Type) bool {
	return a.Elem == nil || b.Elem == nil || a.Elem.Kind == b.Elem.Kind && a.Elem.Kind != tree.Group && a.Elem.Kind != tree.List
}

// list is a list that is written out. Its elements may be texts where a text can stand.
func (c *checker) list(n *ast.ArrayNode, in place) *tree.Node {
	var kids []*tree.Node
	ok := true
	for _, item := range n.Nodes {
		kid := c.wanting(item, in)
		ok = c.want(kid, "a list holds texts, numbers, booleans or times", tree.Text, tree.Int, tree.Float, tree.Bool, tree.Time) && ok
		kids = append(kids, kid)
	}
	out := c.made(n, tree.MakeList, tree.ListOf(nil), kids...)
	if !ok {
		return spoil(out)
	}
	if len(kids) == 0 {
		return out
	}
	for _, kid := range kids {
		if !comparable(kids[0].Type, kid.Type) {
			return c.bad(kid, "%s in a list that begins with %s", kid.Type, kids[0].Type)
		}
	}
	widen(out.Kids...)
	out.Type = tree.ListOf(out.Kids[0].Type)
	return out
}

func (c *checker) in(n *ast.BinaryNode) *tree.Node {
	if r, ok := n.Right.(*ast.BinaryNode); ok && r.Operator == ".." {
		return c.inRange(n, r)
	}
	a, b := c.node(n.Left), c.beside(n.Right, n.Left)
	out := c.made(n, tree.In, tree.Of(tree.Bool), a, b)
	ok := c.want(a, "in looks for a text, a number, a boolean or a time", tree.Text, tree.Int, tree.Float, tree.Bool, tree.Time)
	switch {
	case b.Type.Kind == tree.Text:
		list := ""
		if text, constant := b.Value.(string); constant && b.Op == tree.Const {
			list = ": write " + choices(text)
		}
		return c.bad(out, "in needs a list%s; to look into a text, write %s contains %s", list, c.shortOf(b.Span), c.shortOf(a.Span))
	case b.Op == tree.Sub && b.Kids[0].Op == tree.Const && b.Kids[1].Op == tree.Const:
		return c.bad(b, "in needs a list, not %s: write %s..%s for a range", b.Type, c.shortOf(b.Kids[0].Span), c.shortOf(b.Kids[1].Span))
	case !c.want(b, "in needs a list", tree.List) || !ok:
		return spoil(out)
	case b.Type.Elem == nil:
		return c.bad(out, "an empty list holds nothing")
	case !comparable(a.Type, b.Type.Elem):
		return c.bad(out, "cannot look for %s in %s%s", a.Type, b.Type, c.sought(a, b))
	}
	if b.Op == tree.MakeList {
		for _, item := range b.Kids {
			if c.isAbsentZero(a, item) {
				if item.Span == (tree.Span{}) { // a constant of vars
					item = b
				}
				return c.bad(item, "this is never found: an empty %s counts as absent; write %s == nil", c.expr.Text(a.Span), c.expr.Text(a.Span))
			}
		}
	}
	return widenIn(out)
}

// widenIn makes a number and the numbers of a list alike. The elements of a
// list that is read are widened as they are looked at.
func widenIn(out *tree.Node) *tree.Node {
	a, b := out.Kids[0], out.Kids[1]
	if !a.Type.IsNumber() || a.Type.Kind == b.Type.Elem.Kind {
		return out
	}
	if a.Type.Kind == tree.Int {
		out.Kids[0] = widened(a)
	}
	return out
}

func (c *checker) inRange(n, r *ast.BinaryNode) *tree.Node {
	a, from, to := c.node(n.Left), c.node(r.Left), c.node(r.Right)
	out := c.made(n, tree.InRange, tree.Of(tree.Bool), a, from, to)
	ok := c.want(a, "a range holds whole numbers", tree.Int)
	for _, end := range []*tree.Node{from, to} {
		ok = c.want(end, "a range has whole numbers as its ends", tree.Int) && ok
	}
	if !ok {
		return spoil(out)
	}
	if from.Op == tree.Const && to.Op == tree.Const && from.Value.(int64) > to.Value.(int64) {
		return c.bad(out, "the range is empty: its first number is the larger one")
	}
	return out
}

func (c *checker) matches(out *tree.Node) *tree.Node {
	out.Op = tree.Matches
	text, pattern := out.Kids[0], out.Kids[1]
	ok := c.want(text, "matches looks at a text", tree.Text)
	if !c.want(pattern, "a pattern is a text", tree.Text) || !ok {
		return spoil(out)
	}
	if pattern.Op != tree.Const {
		return c.bad(pattern, "a pattern is a constant: write it in quotes or put it into vars")
	}
	written := pattern.Value.(string)
	if wrong := control(written, c.isQuoted(pattern)); wrong != "" {
		return c.bad(pattern, "%s", wrong)
	}
	compiled, err := c.env.pattern(written)
	if err != nil {
		return c.bad(pattern, "%s", err)
	}
	out.Kids = out.Kids[:1]
	out.Pattern = compiled
	return out
}
