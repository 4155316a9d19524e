package logic

import "github.com/afterword-go/afterword/rules/internal/tree"

// MayFail tells whether a condition may end in an error for some input, by
// something other than a bound or a panic of a function.
func MayFail(n *tree.Node) bool {
	fails := false
	n.Walk(func(n *tree.Node) bool {
		fails = fails || failsItself(n)
		return !fails
	})
	return fails
}

func failsItself(n *tree.Node) bool {
	switch n.Op {
	case tree.Div, tree.Mod:
		by := n.Kids[1]
		return by.Op != tree.Const || by.Value == int64(0) || by.Value == float64(0)
	case tree.Add, tree.Sub, tree.Mul, tree.Neg, tree.Sum:
		return n.Type.Kind == tree.Int
	case tree.Call:
		return n.Func.MayFail
	case tree.GetField:
		return tree.TooLarge(n.Field.Go)
	}
	return false
}
