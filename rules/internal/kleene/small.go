package kleene

import "github.com/afterword-go/afterword/rules/internal/tree"

// smallParts is how many parts a condition may have for Small. What is read
// through n groups takes less than n² nodes, and everything else a few for each
// part, so that the rewrites stay far below MaxNodes.
const smallParts = 100

// Small tells of a condition that its rewrites fit without making them: it has
// few parts, and none that doubles what it holds.
func Small(n *tree.Node) bool {
	parts := 0
	return small(n, &parts)
}

func small(n *tree.Node, parts *int) bool {
	if *parts++; *parts > smallParts {
		return false
	}
	switch n.Op {
	case tree.And, tree.Or, tree.Not:
		for _, kid := range n.Kids {
			if !small(kid, parts) {
				return false
			}
		}
		return true
	case tree.Const, tree.GetField, tree.IsAbsent, tree.In, tree.InRange, tree.Matches, tree.Contains, tree.StartsWith, tree.EndsWith,
		tree.Eq, tree.Ne, tree.Lt, tree.Le, tree.Gt, tree.Ge:
		return flat(n, parts)
	}
	return false
}

// flat tells of a part below which nothing is true or false, and nothing
// doubles.
func flat(n *tree.Node, parts *int) bool {
	for _, kid := range n.Kids {
		if *parts++; *parts > smallParts || kid.Type.Kind == tree.Bool && kid.Op != tree.GetField && kid.Op != tree.Const {
			return false
		}
		if n.Op == tree.Eq || n.Op == tree.Ne {
			if kid.Type.Kind == tree.Bool {
				return false
			}
		}
		switch kid.Op {
		case tree.Const, tree.GetField, tree.MakeList, tree.Len, tree.Lower, tree.Upper, tree.Trim,
			tree.Neg, tree.Add, tree.Sub, tree.Mul, tree.Div, tree.Mod, tree.Concat, tree.Widen:
		default:
			return false
		}
		if !flat(kid, parts) {
			return false
		}
	}
	return true
}
