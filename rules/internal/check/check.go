package check

import (
	"fmt"

	"github.com/expr-lang/expr/ast"

	"github.com/afterword-go/afterword/rules/internal/kleene"
	"github.com/afterword-go/afterword/rules/internal/syntax"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// Condition checks a condition: an expression that is a boolean.
func Condition(e *syntax.Expr, env *Env) (*tree.Node, []syntax.Problem) {
	c := &checker{expr: e, env: env}
	n := c.node(e.Root)
	if k := n.Type.Kind; k != tree.Bool && k != tree.Invalid {
		c.report(n, "a condition is true or false, but this is %s%s", n.Type, c.comparison(n))
	}
	return n, c.problems
}

// Insert checks an expression whose value is put into a text.
func Insert(e *syntax.Expr, env *Env) (*tree.Node, []syntax.Problem) {
	c := &checker{expr: e, env: env}
	n := c.node(e.Root)
	switch n.Type.Kind {
	case tree.Nil:
		c.nilElsewhere(n)
	case tree.List:
		c.report(n, `a list cannot be put into a text: write join(…, ", ")`)
	case tree.Group:
		c.report(n, "a group cannot be put into a text: name one of its fields: %s", listed(n.Type.Names()))
	}
	return n, c.problems
}

type checker struct {
	expr     *syntax.Expr
	env      *Env
	elems    []*tree.Node // what # is, in each open loop
	problems []syntax.Problem

	seen  findings
	spans map[ast.Node]tree.Span // of nodes that are not checked
	parts int
	large bool
	rooms []tree.Node // for nodes to come

	asking bool // only for the kind of a part; the problems are nobody's
}

// report notes a problem with n, unless there are too many.
func (c *checker) report(n *tree.Node, format string, args ...any) {
	switch {
	case len(c.problems) < syntax.MaxProblems:
		c.problems = append(c.problems, syntax.Problem{At: n.Span.From, Message: fmt.Sprintf(format, args...)})
	case !c.full():
		c.problems = append(c.problems, syntax.Problem{
			At: n.Span.From, Message: fmt.Sprintf("there are more problems: only the first %d are listed", syntax.MaxProblems),
		})
	}
}

// full tells whether there is no point in going on.
func (c *checker) full() bool { return len(c.problems) > syntax.MaxProblems }

// bad reports a problem with n and makes it a node that causes no others.
func (c *checker) bad(n *tree.Node, format string, args ...any) *tree.Node {
	c.report(n, format, args...)
	return spoil(n)
}

func spoil(n *tree.Node) *tree.Node {
	return &tree.Node{Op: tree.Bad, Type: tree.Of(tree.Invalid), Span: n.Span}
}

// anyBad tells whether something below was reported already.
func anyBad(nodes ...*tree.Node) bool {
	for _, n := range nodes {
		if n.Type.Kind == tree.Invalid {
			return true
		}
	}
	return false
}

// A finding is what a node became, and how many nodes it and those below it
// are.
type finding struct {
	of    ast.Node
	node  *tree.Node
	parts int
}

// findings are those of an expression. Most are so few that a look at each is
// the fastest.
type findings struct {
	few   [8]finding
	count int
	rest  map[ast.Node]finding
}

func (s *findings) get(n ast.Node) (finding, bool) {
	for i := range s.few[:s.count] {
		if s.few[i].of == n {
			return s.few[i], true
		}
	}
	found, ok := s.rest[n]
	return found, ok
}

func (s *findings) add(f finding) {
	if s.count < len(s.few) {
		s.few[s.count] = f
		s.count++
		return
	}
	if s.rest == nil {
		s.rest = map[ast.Node]finding{}
	}
	s.rest[f.of] = f
}

// node checks n and everything below it. expr's parser puts some nodes into two
// places of its tree, as in 1 <= x <= 3: each is checked once but counts twice.
func (c *checker) node(n ast.Node) *tree.Node { return c.wanting(n, place{}) }

// A place tells whether a text can stand there: surely, or if what stands beside
// it is one.
type place struct {
	text   bool
	beside ast.Node
}

func (c *checker) takesText(p place) bool {
	return p.text || p.beside != nil && c.kindOf(p.beside) == tree.Text
}

// wanting checks n as node does. If n stands in a place where a text can stand,
// a name that nobody knows may be a text without its quotes.
func (c *checker) wanting(n ast.Node, in place) *tree.Node {
	if c.full() {
		return &tree.Node{Op: tree.Bad, Type: tree.Of(tree.Invalid), Span: c.expr.Span(n)}
	}
	if known, ok := c.seen.get(n); ok {
		c.parts += known.parts
		return c.bounded(known.node)
	}
	before := c.parts
	c.parts++
	out := c.bounded(c.check(n, in))
	c.seen.add(finding{n, out, c.parts - before})
	return out
}

// bounded is n, unless the expression has grown too large.
func (c *checker) bounded(n *tree.Node) *tree.Node {
	if c.parts <= syntax.MaxNodes {
		return n
	}
	if !c.large {
		c.large = true
		c.problems = append(c.problems, syntax.Problem{Message: fmt.Sprintf("the expression has more than %d parts: split it", syntax.MaxNodes)})
	}
	return spoil(n)
}

func (c *checker) check(n ast.Node, in place) *tree.Node {
	switch n := n.(type) {
	case *ast.NilNode:
		return &tree.Node{Op: tree.Bad, Type: tree.Of(tree.Nil), Span: c.expr.Span(n)}
	case *ast.BoolNode:
		return c.constant(n, tree.Bool, n.Value)
	case *ast.IntegerNode:
		return c.constant(n, tree.Int, int64(n.Value))
	case *ast.FloatNode:
		return c.constant(n, tree.Float, n.Value)
	case *ast.StringNode:
		return c.constant(n, tree.Text, n.Value)
	case *ast.IdentifierNode:
		return c.identifier(n, in)
	case *ast.PointerNode:
		return c.element(n)
	case *ast.MemberNode:
		return c.member(n)
	case *ast.UnaryNode:
		return c.unary(n)
	case *ast.BinaryNode:
		return c.binary(n)
	case *ast.ConditionalNode:
		return c.choice(n)
	case *ast.ArrayNode:
		return c.list(n, in)
	case *ast.BuiltinNode:
		return c.call(n, n.Name, n.Arguments)
	case *ast.CallNode:
		if callee, ok := n.Callee.(*ast.IdentifierNode); ok {
			return c.call(n, callee.Value, n.Arguments)
		}
		return c.refused(n, c.method(n))
	case *ast.SliceNode:
		return c.refused(n, "slices are not part of the rule language")
	case *ast.MapNode:
		return c.refused(n, "groups cannot be written in a condition: put them into vars")
	}
	return c.refused(n, "this is not part of the rule language")
}

func (c *checker) constant(n ast.Node, kind tree.Kind, value any) *tree.Node {
	out := c.room()
	out.Op, out.Type, out.Value, out.Span = tree.Const, tree.Of(kind), value, c.expr.Span(n)
	return out
}

// refused reports a construct that the language leaves out, and whatever is
// wrong below it.
func (c *checker) refused(n ast.Node, message string) *tree.Node {
	out := &tree.Node{Span: c.spanOf(n)}
	return c.bad(out, "%s", message)
}

// spanOf is the span of a node that is not checked.
func (c *checker) spanOf(n ast.Node) tree.Span {
	if known, ok := c.spans[n]; ok {
		return known
	}
	var spans []tree.Span
	for _, kid := range syntax.Kids(n) {
		spans = append(spans, c.spanOf(kid))
	}
	if c.spans == nil {
		c.spans = map[ast.Node]tree.Span{}
	}
	c.spans[n] = c.expr.Span(n, spans...)
	return c.spans[n]
}

// made is the node that n becomes.
func (c *checker) made(n ast.Node, op tree.Op, t *tree.Type, kids ...*tree.Node) *tree.Node {
	var usual [4]tree.Span
	spans := usual[:0]
	for _, kid := range kids {
		spans = append(spans, kid.Span)
	}
	out := c.room()
	out.Op, out.Type, out.Kids, out.Span = op, t, kids, c.expr.Span(n, spans...)
	return out
}

// room is a new node. Nodes come many at a time, since each condition has some.
func (c *checker) room() *tree.Node {
	const few = 8
	if len(c.rooms) == 0 {
		c.rooms = make([]tree.Node, few)
	}
	out := &c.rooms[0]
	c.rooms = c.rooms[1:]
	return out
}

// want reports n unless it has one of the kinds.
func (c *checker) want(n *tree.Node, what string, kinds ...tree.Kind) bool {
	for _, k := range kinds {
		if n.Type.Kind == k {
			return true
		}
	}
	switch n.Type.Kind {
	case tree.Invalid:
	case tree.Nil:
		c.nilElsewhere(n)
	default:
		c.report(n, "%s, not %s", what, n.Type)
	}
	return false
}

func (c *checker) nilElsewhere(n *tree.Node) {
	c.report(n, "nil may only stand beside == and !=")
}

// neverAbsent tells whether n has a value for every input.
func neverAbsent(n *tree.Node) bool {
	known, err := kleene.Known(n)
	return err == nil && known.Is(true)
}

// widen makes the numbers among nodes alike if one of them has a fraction.
func widen(nodes ...*tree.Node) {
	kind := tree.Int
	for _, n := range nodes {
		if n.Type.Kind == tree.Float {
			kind = tree.Float
		}
	}
	for i, n := range nodes {
		if kind == tree.Float && n.Type.Kind == tree.Int {
			nodes[i] = widened(n)
		}
	}
}

func widened(n *tree.Node) *tree.Node {
	if n.Op == tree.Const {
		out := *n
		out.Type, out.Value = tree.Of(tree.Float), float64(n.Value.(int64))
		return &out
	}
	return &tree.Node{Op: tree.Widen, Type: tree.Of(tree.Float), Kids: []*tree.Node{n}, Span: n.Span}
}
