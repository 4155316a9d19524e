package kleene_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules/internal/kleene"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

var names = map[tree.Op]string{
	tree.Not: "not", tree.And: "and", tree.Or: "or", tree.Choice: "choose", tree.Default: "default", tree.IsAbsent: "absent", tree.Eq: "eq", tree.Ne: "ne", tree.Gt: "gt", tree.In: "in",
	tree.Any: "any", tree.All: "all", tree.None: "none", tree.One: "one", tree.Filter: "filter", tree.Map: "map", tree.Count: "count", tree.Sum: "sum", tree.ToInt: "int", tree.ToFloat: "float", tree.Join: "join",
	tree.There: "there", tree.Elem: "#", tree.Index: "at", tree.Call: "call", tree.MakeList: "list",
}

// show writes a tree as a text.
func show(n *tree.Node) string {
	switch n.Op {
	case tree.Const:
		return fmt.Sprint(n.Value)
	case tree.GetField:
		return n.Field.Name
	}
	kids := make([]string, len(n.Kids))
	for i, kid := range n.Kids {
		kids[i] = show(kid)
	}
	if len(kids) == 0 {
		return names[n.Op]
	}
	return names[n.Op] + "(" + strings.Join(kids, " ") + ")"
}

func node(op tree.Op, kind tree.Kind, kids ...*tree.Node) *tree.Node {
	return &tree.Node{Op: op, Type: tree.Of(kind), Kids: kids}
}

func field(name string, t *tree.Type, optional bool) *tree.Node {
	return &tree.Node{Op: tree.GetField, Type: t, Field: &tree.Field{Name: name, Optional: optional}}
}

// The fields: p and q are conditions that may be absent, b is one that may not; n is
// a number that may be absent; xs is a list whose elements may be, ys one whose
// elements may not, and zs one that may be absent itself.
func p() *tree.Node { return field("p", tree.Of(tree.Bool), true) }
func q() *tree.Node { return field("q", tree.Of(tree.Bool), true) }
func b() *tree.Node { return field("b", tree.Of(tree.Bool), false) }
func n() *tree.Node { return field("n", tree.Of(tree.Int), true) }
func m() *tree.Node { return field("m", tree.Of(tree.Int), false) }

func listOf(name string, elementMayBeAbsent, optional bool) *tree.Node {
	list := tree.ListOf(tree.Of(tree.Int))
	list.ElemOptional = elementMayBeAbsent
	return field(name, list, optional)
}
func xs() *tree.Node { return listOf("xs", true, false) }
func ys() *tree.Node { return listOf("ys", false, false) }
func zs() *tree.Node { return listOf("zs", false, true) }

func elem(optional bool) *tree.Node {
	return &tree.Node{Op: tree.Elem, Type: tree.Of(tree.Int), Optional: optional}
}

func call(mayBeAbsent bool, kids ...*tree.Node) *tree.Node {
	out := node(tree.Call, tree.Int, kids...)
	out.Func = &tree.Function{MayBeAbsent: mayBeAbsent}
	return out
}

func is(value any) *tree.Node {
	out := node(tree.Const, tree.Int)
	if _, ok := value.(bool); ok {
		out = node(tree.Const, tree.Bool)
	}
	out.Value = value
	return out
}

func more(a, b *tree.Node) *tree.Node { return node(tree.Gt, tree.Bool, a, b) }

// TestRewrites has the three rewrites of every operation, written out.
func TestRewrites(t *testing.T) {
	for _, c := range []struct {
		node                    *tree.Node
		whenTrue, false_, known string
	}{
		{is(true), "true", "false", "true"},
		{is(false), "false", "true", "true"},
		{b(), "b", "not(b)", "true"},
		{p(), "and(there(p) p)", "and(there(p) not(p))", "there(p)"},
		{node(tree.Not, tree.Bool, p()), "and(there(p) not(p))", "and(there(p) p)", "there(p)"},
		{node(tree.And, tree.Bool, b(), p()), "and(b and(there(p) p))", "or(not(b) and(there(p) not(p)))", "or(and(b and(there(p) p)) or(not(b) and(there(p) not(p))))"},
		{node(tree.Or, tree.Bool, b(), p()), "or(b and(there(p) p))", "and(not(b) and(there(p) not(p)))", "or(or(b and(there(p) p)) and(not(b) and(there(p) not(p))))"},
		{node(tree.And, tree.Bool, is(true), b()), "b", "not(b)", "or(b not(b))"},
		{node(tree.And, tree.Bool, b(), is(false)), "and(b false)", "or(not(b) true)", ""},
		{node(tree.Or, tree.Bool, is(true), p()), "true", "false", "true"},
		{node(tree.Or, tree.Bool, p(), is(false)), "and(there(p) p)", "and(there(p) not(p))", "or(and(there(p) p) and(there(p) not(p)))"},
		{node(tree.IsAbsent, tree.Bool, n()), "not(there(n))", "there(n)", "true"},
		{node(tree.IsAbsent, tree.Bool, m()), "false", "true", "true"},
		{node(tree.Eq, tree.Bool, b(), q()), "or(and(b and(there(q) q)) and(not(b) and(there(q) not(q))))", "or(and(b and(there(q) not(q))) and(not(b) and(there(q) q)))", "there(q)"},
		{node(tree.Ne, tree.Bool, b(), q()), "or(and(b and(there(q) not(q))) and(not(b) and(there(q) q)))", "or(and(b and(there(q) q)) and(not(b) and(there(q) not(q))))", "there(q)"},
		{node(tree.Eq, tree.Bool, n(), is(1)), "and(there(n) eq(n 1))", "and(there(n) not(eq(n 1)))", "there(n)"},
		{more(m(), n()), "and(there(n) gt(m n))", "and(there(n) not(gt(m n)))", "there(n)"},
		{node(tree.Choice, tree.Bool, b(), p(), q()), "or(and(b and(there(p) p)) and(not(b) and(there(q) q)))", "or(and(b and(there(p) not(p))) and(not(b) and(there(q) not(q))))", "or(and(b there(p)) and(not(b) there(q)))"},
		{node(tree.Default, tree.Bool, p(), b()), "or(and(there(p) p) and(not(there(p)) b))", "or(and(there(p) not(p)) and(not(there(p)) not(b)))", ""},
		{node(tree.Default, tree.Bool, p(), q()), "or(and(there(p) p) and(not(there(p)) and(there(q) q)))", "or(and(there(p) not(p)) and(not(there(p)) and(there(q) not(q))))", "or(there(p) there(q))"},
		{node(tree.Any, tree.Bool, ys(), more(elem(false), n())), "any(ys and(there(n) gt(# n)))", "all(ys and(there(n) not(gt(# n))))", "or(any(ys and(there(n) gt(# n))) all(ys and(there(n) not(gt(# n)))))"},
		{node(tree.Any, tree.Bool, zs(), more(elem(false), m())), "and(there(zs) any(zs gt(# m)))", "and(there(zs) all(zs not(gt(# m))))", "or(and(there(zs) any(zs gt(# m))) and(there(zs) all(zs not(gt(# m)))))"},
		{node(tree.All, tree.Bool, zs(), more(elem(false), m())), "and(there(zs) all(zs gt(# m)))", "and(there(zs) any(zs not(gt(# m))))", "or(and(there(zs) all(zs gt(# m))) and(there(zs) any(zs not(gt(# m)))))"},
		{node(tree.All, tree.Bool, xs(), more(elem(true), m())), "all(xs and(there(#) gt(# m)))", "any(xs and(there(#) not(gt(# m))))", "or(all(xs and(there(#) gt(# m))) any(xs and(there(#) not(gt(# m)))))"},
		{node(tree.None, tree.Bool, zs(), more(elem(false), m())), "and(there(zs) all(zs not(gt(# m))))", "and(there(zs) any(zs gt(# m)))", "or(and(there(zs) all(zs not(gt(# m)))) and(there(zs) any(zs gt(# m))))"},
		{node(tree.One, tree.Bool, xs(), more(elem(true), m())), "and(all(xs there(#)) one(xs and(there(#) gt(# m))))", "and(all(xs there(#)) not(one(xs and(there(#) gt(# m)))))", "all(xs there(#))"},
		{node(tree.One, tree.Bool, zs(), more(elem(false), m())), "and(there(zs) one(zs gt(# m)))", "and(there(zs) not(one(zs gt(# m))))", "there(zs)"},
		{node(tree.In, tree.Bool, n(), xs()), "and(and(there(n) all(xs there(#))) in(n xs))", "and(and(there(n) all(xs there(#))) not(in(n xs)))", "and(there(n) all(xs there(#)))"},
		{node(tree.In, tree.Bool, m(), ys()), "in(m ys)", "not(in(m ys))", "true"},
	} {
		t.Run(show(c.node), func(t *testing.T) {
			before := show(c.node)
			for _, r := range []struct {
				name    string
				rewrite func(*tree.Node) (*tree.Node, error)
				want    string
			}{{"true", kleene.True, c.whenTrue}, {"false", kleene.False, c.false_}, {"known", kleene.Known, c.known}, {"value", kleene.Value, valueOf(c.node, c.whenTrue)}} {
				got, err := r.rewrite(c.node)
				require.NoError(t, err)
				if r.want != "" {
					assert.Equal(t, r.want, show(got), r.name)
				}
				assert.Equal(t, before, show(c.node), "the tree read has changed")
				c.node.Walk(func(read *tree.Node) bool {
					got.Walk(func(made *tree.Node) bool { assert.NotSame(t, read, made); return true })
					return true
				})
			}
		})
	}
}

// valueOf is the value of a condition: what says that it is true, but for
// reads and comparisons, whose guards stand before their value already.
func valueOf(n *tree.Node, whenTrue string) string {
	switch n.Op {
	case tree.Const, tree.GetField, tree.Gt, tree.In:
		return show(n)
	case tree.Eq, tree.Ne:
		if n.Kids[0].Type.Kind != tree.Bool {
			return show(n)
		}
	}
	return whenTrue
}

// TestValues has what is known and what is the value of parts that are no
// conditions.
func TestValues(t *testing.T) {
	condition := func() *tree.Node { return more(elem(true), n()) }
	for _, c := range []struct {
		node         *tree.Node
		known, value string
	}{
		{is(1), "true", "1"},
		{n(), "there(n)", "n"},
		{m(), "true", "m"},
		{elem(true), "there(#)", "#"},
		{elem(false), "true", "#"},
		{node(tree.Index, tree.Int, zs(), n()), "and(and(there(zs) there(n)) there(at(zs n)))", "at(zs n)"},
		{node(tree.Index, tree.Int, ys(), m()), "there(at(ys m))", "at(ys m)"},
		{node(tree.ToInt, tree.Int, n()), "and(there(n) there(int(n)))", "int(n)"},
		{node(tree.ToFloat, tree.Float, n()), "and(there(n) there(float(n)))", "float(n)"},
		{call(false, n()), "there(n)", "call(n)"},
		{call(false), "true", "call"},
		{call(true, n(), xs()), "and(and(there(n) all(xs there(#))) there(call(n xs)))", "call(n xs)"},
		{call(false, xs(), ys()), "all(xs there(#))", "call(xs ys)"},
		{node(tree.Choice, tree.Int, p(), n(), m()), "or(and(and(there(p) p) there(n)) and(there(p) not(p)))", "choose(and(there(p) p) n m)"},
		{node(tree.Default, tree.Int, n(), m()), "true", "choose(there(n) n m)"},
		{node(tree.Default, tree.Int, n(), n()), "or(there(n) there(n))", "choose(there(n) n n)"},
		{node(tree.Filter, tree.List, zs(), condition()), "and(there(zs) all(zs and(there(#) there(n))))", "filter(zs and(and(there(#) there(n)) gt(# n)))"},
		{node(tree.Count, tree.Int, ys(), more(elem(false), m())), "true", "count(ys gt(# m))"},
		{node(tree.Count, tree.Int, xs(), node(tree.Not, tree.Bool, condition())), "all(xs and(there(#) there(n)))", "count(xs and(and(there(#) there(n)) not(gt(# n))))"},
		{node(tree.Count, tree.Int, xs(), condition()), "all(xs and(there(#) there(n)))", "count(xs and(and(there(#) there(n)) gt(# n)))"},
		{node(tree.Map, tree.List, ys(), n()), "all(ys there(n))", "map(ys n)"},
		{node(tree.Sum, tree.Int, xs(), elem(true)), "all(xs there(#))", "sum(xs #)"},
		{node(tree.Join, tree.Text, xs(), n()), "and(there(n) all(xs there(#)))", "join(xs n)"},
		{node(tree.MakeList, tree.List, n(), m()), "there(n)", "list(n m)"},
		{node(tree.Map, tree.List, ys(), node(tree.Eq, tree.Bool, p(), b())), "all(ys there(p))", "map(ys or(and(and(there(p) p) b) and(and(there(p) not(p)) not(b))))"},
		{node(tree.Map, tree.List, ys(), node(tree.Ne, tree.Bool, n(), m())), "all(ys there(n))", "map(ys ne(n m))"},
	} {
		t.Run(show(c.node), func(t *testing.T) {
			known, err := kleene.Known(c.node)
			require.NoError(t, err)
			assert.Equal(t, c.known, show(known))
			value, err := kleene.Value(c.node)
			require.NoError(t, err)
			assert.Equal(t, c.value, show(value))
			c.node.Walk(func(read *tree.Node) bool {
				value.Walk(func(made *tree.Node) bool { assert.NotSame(t, read, made); return true })
				return true
			})
		})
	}
}

// TestGuardsOfElements has a list whose element is looked at as a whole: it
// is guarded as an element that may be absent.
func TestGuardsOfElements(t *testing.T) {
	known, err := kleene.Known(node(tree.In, tree.Bool, m(), xs()))
	require.NoError(t, err)
	guard := known.Kids[1].Kids[0]
	assert.Equal(t, tree.Elem, guard.Op)
	assert.True(t, guard.Optional)
	assert.Equal(t, tree.Int, guard.Type.Kind)
}

// TestBoundsOfRewrites crosses the bound of nodes made, and that of nodes read.
func TestBoundsOfRewrites(t *testing.T) {
	chain := func(n int, part func() *tree.Node) *tree.Node {
		out := part()
		for range n - 1 {
			out = node(tree.Or, tree.Bool, out, part())
		}
		return out
	}
	// A part makes p twice, There, And, and the Or that joins it: 5 nodes, less
	// the first Or.
	_, err := kleene.True(chain(4000, p))
	require.NoError(t, err)
	_, err = kleene.True(chain(4001, p))
	require.ErrorIs(t, err, kleene.ErrTooLarge)
	_, err = kleene.Known(chain(4001, p))
	require.ErrorIs(t, err, kleene.ErrTooLarge)
	_, err = kleene.False(chain(4001, p))
	require.ErrorIs(t, err, kleene.ErrTooLarge)
	_, err = kleene.Value(chain(4001, p))
	require.ErrorIs(t, err, kleene.ErrTooLarge)

	// A list of constants is made of as many nodes as it has, and one more; to
	// know it, they are read only.
	constants := func(n int) *tree.Node {
		kids := make([]*tree.Node, n)
		for i := range kids {
			kids[i] = is(1)
		}
		return node(tree.MakeList, tree.List, kids...)
	}
	_, err = kleene.Value(constants(kleene.MaxNodes - 1))
	require.NoError(t, err)
	_, err = kleene.Value(constants(kleene.MaxNodes))
	require.ErrorIs(t, err, kleene.ErrTooLarge)
	known, err := kleene.Known(constants(10*kleene.MaxNodes - 1))
	require.NoError(t, err)
	assert.True(t, known.Is(true))
	_, err = kleene.Known(constants(10 * kleene.MaxNodes))
	require.ErrorIs(t, err, kleene.ErrTooLarge)

	// Equalities of constants fold away, but reading them takes its time.
	folding := is(true)
	for range 40 {
		folding = node(tree.Not, tree.Bool, node(tree.Eq, tree.Bool, folding, folding))
	}
	for _, rewrite := range []func(*tree.Node) (*tree.Node, error){kleene.True, kleene.False, kleene.Known, kleene.Value} {
		_, err = rewrite(folding)
		require.ErrorIs(t, err, kleene.ErrTooLarge)
	}
}
