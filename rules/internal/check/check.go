package check

import (
	"fmt"
	"strings"

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
		c.report(n, "a condition is true or false, but this is %s", n.Type)
	}
	return n, c.problems
}

// Insert checks an expression whose value is put into a text.
func Insert(e *syntax.Expr, env *Env) (*tree.Node, []syntax.Problem) {
	c := &checker{expr: e, env: env}
	n := c.node(e.Root)
	switch n.Type.Kind {
	case tree.List:
		c.report(n, `a list cannot be put into a text: write join(…, ", ")`)
	case tree.Group:
		c.report(n, "a group cannot be put into a text: name one of its fields: %s", strings.Join(n.Type.Names(), ", "))
	}
	return n, c.problems
}

type checker struct {
	expr     *syntax.Expr
	env      *Env
	elems    []*tree.Node // what # is, in each open loop
	problems []syntax.Problem
}

// report notes a problem with n, unless a part of n has been reported.
func (c *checker) report(n *tree.Node, format string, args ...any) {
	c.problems = append(c.problems, syntax.Problem{At: n.Span.From, Message: fmt.Sprintf(format, args...)})
}

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

// node checks n and everything below it.
func (c *checker) node(n ast.Node) *tree.Node {
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
		return c.identifier(n)
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
		return c.list(n)
	case *ast.BuiltinNode:
		return c.call(n, n.Name, n.Arguments)
	case *ast.CallNode:
		if callee, ok := n.Callee.(*ast.IdentifierNode); ok {
			return c.call(n, callee.Value, n.Arguments)
		}
		return c.refused(n, "methods cannot be called: rules read fields and call the functions of the rule language")
	case *ast.SliceNode:
		return c.refused(n, "slices are not part of the rule language")
	case *ast.MapNode:
		return c.refused(n, "groups cannot be written in a condition: put them into vars")
	}
	return c.refused(n, "this is not part of the rule language")
}

func (c *checker) constant(n ast.Node, kind tree.Kind, value any) *tree.Node {
	return &tree.Node{Op: tree.Const, Type: tree.Of(kind), Value: value, Span: c.expr.Span(n)}
}

// refused reports a construct that the language leaves out, and whatever is
// wrong below it.
func (c *checker) refused(n ast.Node, message string) *tree.Node {
	out := &tree.Node{Span: c.spanOf(n)}
	return c.bad(out, "%s", message)
}

// spanOf is the span of a node that is not checked.
func (c *checker) spanOf(n ast.Node) tree.Span {
	var spans []tree.Span
	for _, kid := range syntax.Kids(n) {
		spans = append(spans, c.spanOf(kid))
	}
	return c.expr.Span(n, spans...)
}

// made is the node that n becomes.
func (c *checker) made(n ast.Node, op tree.Op, t *tree.Type, kids ...*tree.Node) *tree.Node {
	spans := make([]tree.Span, len(kids))
	for i, kid := range kids {
		spans[i] = kid.Span
	}
	return &tree.Node{Op: op, Type: t, Kids: kids, Span: c.expr.Span(n, spans...)}
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
