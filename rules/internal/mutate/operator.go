package mutate

import (
	"strings"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// compared changes a comparison: where it begins to hold, and what it asks.
func (m *mutator) compared(n *tree.Node) {
	switch n.Op {
	case tree.Eq:
		m.swap(n, Operator, "==", "!=")
	case tree.Ne:
		m.swap(n, Operator, "!=", "==")
	case tree.Lt:
		m.swap(n, Boundary, "<", "<=")
		m.swap(n, Operator, "<", ">")
		m.swap(n, Negation, "<", ">=")
	case tree.Le:
		m.swap(n, Boundary, "<=", "<")
		m.swap(n, Operator, "<=", ">=")
		m.swap(n, Negation, "<=", ">")
	case tree.Gt:
		m.swap(n, Boundary, ">", ">=")
		m.swap(n, Operator, ">", "<")
		m.swap(n, Negation, ">", "<=")
	case tree.Ge:
		m.swap(n, Boundary, ">=", ">")
		m.swap(n, Operator, ">=", "<=")
		m.swap(n, Negation, ">=", "<")
	}
}

// counted exchanges + and -, * and /.
func (m *mutator) counted(n *tree.Node) {
	other := map[tree.Op][2]string{tree.Add: {"+", "-"}, tree.Sub: {"-", "+"}, tree.Mul: {"*", "/"}, tree.Div: {"/", "*"}}
	signs := other[n.Op]
	m.swap(n, Operator, signs[0], signs[1])
}

// textual exchanges contains, startsWith and endsWith.
func (m *mutator) textual(n, of *tree.Node) {
	words := map[tree.Op]string{tree.Contains: "contains", tree.StartsWith: "startsWith", tree.EndsWith: "endsWith"}
	for _, op := range []tree.Op{tree.Contains, tree.StartsWith, tree.EndsWith} {
		if op != n.Op {
			m.swap(n, Operator, words[n.Op], words[op])
		}
	}
	if standsAlone(n, of) {
		m.negate(n)
	}
}

// loop exchanges any, all, none and one.
func (m *mutator) loop(n *tree.Node) {
	var name string
	var others []string
	switch n.Op {
	case tree.Any:
		name, others = "any", []string{"all", "one"}
	case tree.All:
		name, others = "all", []string{"any"}
	case tree.None:
		name, others = "none", []string{"all"}
	case tree.One:
		name, others = "one", []string{"any"}
	}
	at, ok := m.called(n, name)
	if !ok {
		return
	}
	for _, other := range others {
		m.add(Operator, at, other)
	}
	switch n.Op {
	case tree.Any:
		m.add(Negation, at, "none")
	case tree.None:
		m.add(Negation, at, "any")
	default:
		m.negate(n)
	}
}

// called is where the name of a call stands: in front of its arguments, or
// behind a | and the first of them.
func (m *mutator) called(n *tree.Node, name string) (tree.Span, bool) {
	if n.Kids[0].Span.From > n.Span.From && strings.HasPrefix(m.at(n.Span), name) {
		return tree.Span{From: n.Span.From, To: n.Span.From + len(name)}, true
	}
	in := tree.Span{From: n.Kids[0].Span.To, To: n.Span.To}
	if in.From > in.To {
		return tree.Span{}, false
	}
	return m.word(in, name)
}
