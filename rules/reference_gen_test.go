package rules_test

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
)

// The reference interpreter walks the tree of expr's parser over a generic
// payload, one sentence of docs/rules.md at a time. It is slow on purpose and
// shares nothing with package rules, so that the two can disagree.
//
// A value is a bool, an int64, a float64, a string, a time.Time, a []any or a
// map[string]any. A missing key, and a nil in a list, is absent.

type state uint8

const (
	known state = iota
	unknown
	failed
)

type outcome struct {
	state state
	value any
}

func value(v any) outcome { return outcome{value: v} }

var (
	isUnknown = outcome{state: unknown}
	isFailed  = outcome{state: failed}
)

// String names the outcome of a condition.
func (o outcome) String() string {
	switch {
	case o.state == unknown:
		return "unknown"
	case o.state == failed:
		return "error"
	}
	return fmt.Sprint(o.value)
}

type call func(r *reference, args []any) outcome

// A reference holds what an expression may read. The document leaves one thing
// open: whether an error counts where another operand already makes the whole
// unknown. Eager says it does, otherwise it does not.
type reference struct {
	fields map[string]any
	vars   map[string]any
	calls  map[string]call
	eager  bool
	around []any                       // the elements of the loops around, innermost last
	seen   func(n ast.Node, o outcome) // told of every part, if not nil
}

func parse(text string) (ast.Node, error) {
	tree, err := parser.Parse(text)
	if err != nil {
		return nil, err
	}
	return tree.Node, nil
}

func (r *reference) eval(n ast.Node) outcome {
	o := r.evalNode(n)
	if r.seen != nil {
		r.seen(n, o)
	}
	return o
}

func (r *reference) evalNode(n ast.Node) outcome {
	switch n := n.(type) {
	case *ast.BoolNode:
		return value(n.Value)
	case *ast.IntegerNode:
		return value(int64(n.Value))
	case *ast.FloatNode:
		return value(n.Value)
	case *ast.StringNode:
		return value(n.Value)
	case *ast.IdentifierNode:
		if n.Value == "vars" {
			return value(r.vars)
		}
		return present(r.fields[n.Value])
	case *ast.PointerNode:
		return present(r.around[len(r.around)-1])
	case *ast.MemberNode:
		return r.member(n)
	case *ast.UnaryNode:
		return r.unary(n)
	case *ast.BinaryNode:
		return r.binary(n)
	case *ast.ConditionalNode:
		return r.choice(n)
	case *ast.ArrayNode:
		return r.strict(n.Nodes, func(items []any) outcome { return value(items) })
	case *ast.BuiltinNode:
		return r.builtin(n.Name, n.Arguments)
	case *ast.CallNode:
		return r.builtin(n.Callee.(*ast.IdentifierNode).Value, n.Arguments)
	}
	panic(fmt.Sprintf("the reference does not know %T", n))
}

// present reads what the payload may lack.
func present(v any) outcome {
	if v == nil {
		return isUnknown
	}
	return value(v)
}

// strict is what a comparison, a match or a call does: one operand that is
// unknown makes the whole unknown.
func (r *reference) strict(nodes []ast.Node, then func([]any) outcome) outcome {
	return r.strictly(nodes, r.eval, then)
}

// strictElements is what a membership test or a sum does: it reads the
// elements of its lists as well, and one that is absent makes it unknown.
func (r *reference) strictElements(nodes []ast.Node, then func([]any) outcome) outcome {
	return r.strictly(nodes, func(n ast.Node) outcome {
		o := r.eval(n)
		if list, ok := o.value.([]any); ok && slices.Contains(list, nil) {
			return isUnknown
		}
		return o
	}, then)
}

func (r *reference) strictly(nodes []ast.Node, eval func(ast.Node) outcome, then func([]any) outcome) outcome {
	args := make([]any, 0, len(nodes))
	worst := known
	for _, n := range nodes {
		o := eval(n)
		worst = r.worse(worst, o.state)
		args = append(args, o.value)
	}
	if worst != known {
		return outcome{state: worst}
	}
	return then(args)
}

// worse is what two states make together.
func (r *reference) worse(a, b state) state {
	if r.eager {
		return max(a, b)
	}
	if a == unknown || b == unknown {
		return unknown
	}
	return max(a, b)
}

func (r *reference) member(n *ast.MemberNode) outcome {
	if name, ok := n.Property.(*ast.StringNode); ok {
		group := r.eval(n.Node)
		if group.state != known {
			return group
		}
		return present(group.value.(map[string]any)[name.Value])
	}
	return r.strict([]ast.Node{n.Node, n.Property}, func(args []any) outcome {
		list, at := args[0].([]any), args[1].(int64)
		if at < 0 {
			at += int64(len(list))
		}
		if at < 0 || at >= int64(len(list)) {
			return isUnknown
		}
		return present(list[at])
	})
}

func (r *reference) unary(n *ast.UnaryNode) outcome {
	return r.strict([]ast.Node{n.Node}, func(args []any) outcome {
		switch n.Operator {
		case "not", "!":
			return value(!args[0].(bool))
		case "-":
			if whole, ok := args[0].(int64); ok {
				return subtract(0, whole)
			}
			return value(-args[0].(float64))
		}
		panic("unary " + n.Operator)
	})
}

func (r *reference) choice(n *ast.ConditionalNode) outcome {
	condition := r.eval(n.Cond)
	switch {
	case condition.state != known:
		return condition
	case condition.value.(bool):
		return r.eval(n.Exp1)
	}
	return r.eval(n.Exp2)
}

func (r *reference) binary(n *ast.BinaryNode) outcome {
	switch n.Operator {
	case "and", "&&":
		return r.connect(n, false)
	case "or", "||":
		return r.connect(n, true)
	case "??":
		left := r.eval(n.Left)
		if left.state == unknown {
			return r.eval(n.Right)
		}
		return left
	case "==", "!=":
		for _, pair := range [][2]ast.Node{{n.Left, n.Right}, {n.Right, n.Left}} {
			if _, ok := pair[1].(*ast.NilNode); ok {
				return r.absence(pair[0], n.Operator == "==")
			}
		}
	case "in":
		if bounds, ok := n.Right.(*ast.BinaryNode); ok && bounds.Operator == ".." {
			return r.strict([]ast.Node{n.Left, bounds.Left, bounds.Right}, func(args []any) outcome {
				x := args[0].(int64)
				return value(args[1].(int64) <= x && x <= args[2].(int64))
			})
		}
		return r.strictElements([]ast.Node{n.Left, n.Right}, func(args []any) outcome {
			return value(contains(args[1].([]any), args[0]))
		})
	}
	return r.strict([]ast.Node{n.Left, n.Right}, func(args []any) outcome {
		return operate(n.Operator, args[0], args[1])
	})
}

// connect is `and` (decided by false) and `or` (decided by true), left to right.
func (r *reference) connect(n *ast.BinaryNode, decides bool) outcome {
	left := r.eval(n.Left)
	if left.state == failed || left == value(decides) {
		return left
	}
	right := r.eval(n.Right)
	switch {
	case right == value(decides):
		return right
	case right.state == failed && left.state == unknown && !r.eager:
		return isUnknown
	case right.state == failed:
		return isFailed
	case left.state == unknown || right.state == unknown:
		return isUnknown
	}
	return value(!decides)
}

// absence is `x == nil` and `x != nil`. Unlike all else it is never unknown.
func (r *reference) absence(n ast.Node, wantAbsent bool) outcome {
	o := r.eval(n)
	if o.state == failed && r.eager {
		return isFailed
	}
	return value((o.state == unknown) == wantAbsent)
}

func operate(operator string, a, b any) outcome {
	switch operator {
	case "==":
		return value(equal(a, b))
	case "!=":
		return value(!equal(a, b))
	case "<":
		return value(less(a, b))
	case ">":
		return value(less(b, a))
	case "<=":
		return value(less(a, b) || equal(a, b))
	case ">=":
		return value(less(b, a) || equal(a, b))
	case "matches":
		return value(regexp.MustCompile(b.(string)).MatchString(a.(string)))
	case "contains":
		return value(strings.Contains(a.(string), b.(string)))
	case "startsWith":
		return value(strings.HasPrefix(a.(string), b.(string)))
	case "endsWith":
		return value(strings.HasSuffix(a.(string), b.(string)))
	}
	return calculate(operator, a, b)
}

func contains(list []any, x any) bool {
	return slices.ContainsFunc(list, func(element any) bool { return equal(element, x) })
}

func equal(a, b any) bool {
	if x, ok := a.(time.Time); ok {
		return x.Equal(b.(time.Time))
	}
	x, xWhole := a.(int64)
	y, yWhole := b.(int64)
	_, xNumber := a.(float64)
	if xWhole && yWhole {
		return x == y
	}
	if xWhole || xNumber {
		return toFloat(a) == toFloat(b)
	}
	return a == b
}

func less(a, b any) bool {
	switch x := a.(type) {
	case time.Time:
		return x.Before(b.(time.Time))
	case string:
		return x < b.(string)
	case int64:
		if y, ok := b.(int64); ok {
			return x < y
		}
	}
	return toFloat(a) < toFloat(b)
}

func toFloat(v any) float64 {
	if whole, ok := v.(int64); ok {
		return float64(whole)
	}
	return v.(float64)
}

func calculate(operator string, a, b any) outcome {
	if text, ok := a.(string); ok && operator == "+" {
		return value(text + b.(string))
	}
	if operator == "/" {
		if toFloat(b) == 0 {
			return isFailed
		}
		return value(toFloat(a) / toFloat(b))
	}
	x, xWhole := a.(int64)
	y, yWhole := b.(int64)
	if !xWhole || !yWhole {
		return calculateFloat(operator, toFloat(a), toFloat(b))
	}
	switch operator {
	case "+":
		return add(x, y)
	case "-":
		return subtract(x, y)
	case "*":
		return multiply(x, y)
	case "%":
		if y == 0 {
			return isFailed
		}
		return value(x % y)
	}
	panic("operator " + operator)
}

func calculateFloat(operator string, x, y float64) outcome {
	switch operator {
	case "+":
		return value(x + y)
	case "-":
		return value(x - y)
	case "*":
		return value(x * y)
	}
	panic("operator " + operator + " of numbers")
}

func add(x, y int64) outcome {
	if sum := x + y; (sum > x) == (y > 0) {
		return value(sum)
	}
	return isFailed
}

func subtract(x, y int64) outcome {
	if difference := x - y; (difference < x) == (y > 0) {
		return value(difference)
	}
	return isFailed
}

func multiply(x, y int64) outcome {
	if x == 0 || y == 0 {
		return value(int64(0))
	}
	product := x * y
	if product/y != x || (x == -1 && y == math.MinInt64) || (y == -1 && x == math.MinInt64) {
		return isFailed
	}
	return value(product)
}
