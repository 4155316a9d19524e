package mutate

import (
	"math"
	"slices"
	"strings"

	"github.com/afterword-go/afterword/rules/internal/logic"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// Meaning is a text that is the same for conditions that plainly say the same,
// such as not (a == b) and a != b, or x < 3 and x <= 2 of a whole number. Those
// with different texts may still mean the same.
func Meaning(n *tree.Node) string { return meaning(n, false) }

func meaning(n *tree.Node, opposite bool) string {
	switch n.Op {
	case tree.Not:
		return meaning(n.Kids[0], !opposite)
	case tree.Const:
		if b, ok := n.Value.(bool); ok && b != opposite {
			return "true"
		} else if ok {
			return "false"
		}
	case tree.And, tree.Or:
		return chain(n, opposite)
	case tree.Choice:
		if n.Type.Kind == tree.Bool {
			return "(" + meaning(n.Kids[0], false) + " ? " + meaning(n.Kids[1], opposite) + " : " + meaning(n.Kids[2], opposite) + ")"
		}
	case tree.Any:
		return marked(opposite) + "any(" + logic.Key(n.Kids[0]) + "," + meaning(n.Kids[1], false) + ")"
	case tree.None:
		return marked(!opposite) + "any(" + logic.Key(n.Kids[0]) + "," + meaning(n.Kids[1], false) + ")"
	case tree.All:
		return marked(!opposite) + "any(" + logic.Key(n.Kids[0]) + "," + meaning(n.Kids[1], true) + ")"
	case tree.Eq, tree.Ne:
		if (n.Op == tree.Ne) != opposite {
			return "!=" + sides(n)
		}
		return "==" + sides(n)
	case tree.Lt, tree.Le, tree.Gt, tree.Ge:
		return ordered(n, opposite)
	}
	return marked(opposite) + logic.Key(n)
}

func marked(opposite bool) string {
	if opposite {
		return "!"
	}
	return ""
}

// chain is a chain of and, or of or, whose parts may stand in any order.
func chain(n *tree.Node, opposite bool) string {
	word := " and "
	if (n.Op == tree.Or) != opposite {
		word = " or "
	}
	var parts []string
	for _, part := range logic.Chain(n) {
		parts = append(parts, meaning(part, opposite))
	}
	slices.Sort(parts)
	if parts = slices.Compact(parts); len(parts) == 1 {
		return parts[0]
	}
	return "(" + strings.Join(parts, word) + ")"
}

func sides(n *tree.Node) string {
	a, b := logic.Key(n.Kids[0]), logic.Key(n.Kids[1])
	return "(" + min(a, b) + "," + max(a, b) + ")"
}

// ordered is a comparison by <, and of a whole number with a constant one with
// the first number for which it holds no more.
func ordered(n *tree.Node, opposite bool) string {
	op, a, b := n.Op, n.Kids[0], n.Kids[1]
	if a.Type.Kind == tree.Float { // of NaN, neither is true
		return marked(opposite) + logic.Key(n)
	}
	if op == tree.Gt || op == tree.Ge {
		op, a, b = op.Mirrored(), b, a
	}
	if opposite { // not a < b is b <= a
		op, a, b = map[tree.Op]tree.Op{tree.Lt: tree.Le, tree.Le: tree.Lt}[op], b, a
	}
	sign := map[tree.Op]string{tree.Lt: "<", tree.Le: "<="}[op]
	if op == tree.Le {
		if v, ok := b.Value.(int64); ok && b.Op == tree.Const && v < math.MaxInt64 {
			return "<(" + logic.Key(a) + "," + whole(v+1) + ")"
		}
		if v, ok := a.Value.(int64); ok && a.Op == tree.Const && v > math.MinInt64 {
			return "<(" + whole(v-1) + "," + logic.Key(b) + ")"
		}
	}
	return sign + "(" + logic.Key(a) + "," + logic.Key(b) + ")"
}
