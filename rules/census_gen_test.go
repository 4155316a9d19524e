package rules_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/expr-lang/expr/ast"
	"github.com/stretchr/testify/assert"
)

// A census counts what the random conditions exercised: a random test that
// never made a thing says nothing about it.
type census struct {
	whole map[feature]*tally // by what the whole condition was
	own   map[string]*tally  // by what the part itself was
	pairs tally
	open  int // pairs whose outcome the document leaves open
	parts map[ast.Node][]feature
}

// A feature is an operator or a function, and where it stood.
type feature struct{ name, place string }

type tally struct{ yes, no, unknown, failed int }

func (c *tally) add(o outcome) {
	switch {
	case o.state == failed:
		c.failed++
	case o.state == unknown:
		c.unknown++
	case o.value == any(false):
		c.no++
	default:
		c.yes++
	}
}

const (
	anywhere = "anywhere"
	negated  = "negated"
	inLoop   = "in a loop"
	inChoice = "in a choice"
)

var places = []string{anywhere, negated, inLoop, inChoice}

// Each truth is due from a condition; a value is there, or unknown.
var (
	conditions = []string{
		"==", "!=", "<", "<=", ">", ">=", "in", "in ..", "matches", "contains", "startsWith", "endsWith",
		"and", "or", "not", "any", "all", "none", "one", "ieq", "alike",
	}
	decided = []string{"== nil", "!= nil"}
	values  = []string{
		"+", "-", "*", "/", "%", "-x", "??", "? :", "index", "#", "field of a group",
		"filter", "map", "count", "sum", "sum of", "len", "lower", "upper", "trim", "int", "float",
		"string", "join", "answer", "answers", "points", "half", "list",
	}
	constants = []string{"date"}
)

func newCensus() *census {
	return &census{whole: map[feature]*tally{}, own: map[string]*tally{}, parts: map[ast.Node][]feature{}}
}

func (c *census) add(n ast.Node, payload map[string]any) {
	want := allowed(n, payload)
	if want.open() {
		c.open++
	}
	lazy := want.lazy
	c.pairs.add(lazy)
	if c.parts[n] == nil {
		c.parts[n] = features(n)
	}
	for _, f := range c.parts[n] {
		at(c.whole, f).add(lazy)
	}
	r := newReference(payload, false)
	r.seen = func(part ast.Node, o outcome) { at(c.own, nameOf(part)).add(o) }
	r.eval(n)
}

func at[K comparable](counts map[K]*tally, key K) *tally {
	if counts[key] == nil {
		counts[key] = new(tally)
	}
	return counts[key]
}

// features lists what a condition is made of, each once.
func features(root ast.Node) []feature {
	found := map[feature]bool{}
	var walk func(n ast.Node, in []string)
	walk = func(n ast.Node, in []string) {
		name := nameOf(n)
		for _, place := range in {
			found[feature{name, place}] = true
		}
		switch n.(type) {
		case *ast.UnaryNode:
			if name == "not" {
				in = append(slices.Clone(in), negated)
			}
		case *ast.PredicateNode:
			in = append(slices.Clone(in), inLoop)
		case *ast.ConditionalNode:
			in = append(slices.Clone(in), inChoice)
		}
		for _, inner := range slots(n) {
			walk(*inner, in)
		}
	}
	walk(root, []string{anywhere})
	list := make([]feature, 0, len(found))
	for f := range found {
		list = append(list, f)
	}
	return list
}

func nameOf(n ast.Node) string {
	switch n := n.(type) {
	case *ast.UnaryNode:
		return map[string]string{"!": "not", "not": "not", "-": "-x"}[n.Operator]
	case *ast.BinaryNode:
		return binaryName(n)
	case *ast.ConditionalNode:
		return "? :"
	case *ast.MemberNode:
		if _, ok := n.Property.(*ast.StringNode); ok {
			return "field of a group"
		}
		return "index"
	case *ast.PointerNode:
		return "#"
	case *ast.ArrayNode:
		return "list"
	case *ast.CallNode:
		return n.Callee.(*ast.IdentifierNode).Value
	case *ast.BuiltinNode:
		if n.Name == "sum" && len(n.Arguments) == 2 {
			return "sum of"
		}
		return n.Name
	}
	return strings.TrimPrefix(fmt.Sprintf("%T", n), "*ast.")
}

func binaryName(n *ast.BinaryNode) string {
	_, leftNil := n.Left.(*ast.NilNode)
	_, rightNil := n.Right.(*ast.NilNode)
	if leftNil || rightNil {
		return n.Operator + " nil"
	}
	if bounds, ok := n.Right.(*ast.BinaryNode); ok && bounds.Operator == ".." {
		return "in .."
	}
	if plain, ok := map[string]string{"&&": "and", "||": "or"}[n.Operator]; ok {
		return plain
	}
	return n.Operator
}

// check wants every operator and function with each truth, of its own and of
// the whole, and that in each place.
func (c *census) check(t *testing.T) {
	t.Helper()
	t.Logf("all pairs: %+v, %d of them open", c.pairs, c.open)
	t.Logf("%-18s %-12s %8s %8s %8s %8s", "", "", "true", "false", "unknown", "error")
	row := func(name, place string, n tally) {
		t.Logf("%-18s %-12s %8d %8d %8d %8d", name, place, n.yes, n.no, n.unknown, n.failed)
	}
	for _, name := range slices.Concat(conditions, decided, values, constants) {
		own := *at(c.own, name)
		row(name, "itself", own)
		assert.Positive(t, own.yes, "%s was never true, or there", name)
		if !slices.Contains(values, name) && !slices.Contains(constants, name) {
			assert.Positive(t, own.no, "%s was never false", name)
		}
		switch {
		case slices.Contains(decided, name):
			assert.Zero(t, own.unknown, "%s was unknown", name)
		case !slices.Contains(constants, name):
			assert.Positive(t, own.unknown, "%s was never unknown", name)
		}
		for _, place := range places {
			n := *at(c.whole, feature{name, place})
			row(name, place, n)
			assert.Positive(t, min(n.yes, n.no, n.unknown), "%s %s: %+v", name, place, n)
		}
	}
}
