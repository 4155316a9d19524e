package index

import (
	"github.com/afterword-go/afterword/rules/internal/eval"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// readNumber reads a field that is no text as a whole number: true is 1. It is
// not ok for fields that cannot be looked up.
func readNumber(n *tree.Node) (read func(eval.Pointer) (int64, bool), ok bool) {
	if n.Type.Kind != tree.Bool {
		return eval.ReadInt(n)
	}
	holds, ok := eval.DirectOf(n)
	return func(in eval.Pointer) (int64, bool) {
		if holds.Holds(in) == eval.Holds {
			return 1, true
		}
		return 0, true // or absent, which one candidate more tells apart
	}, ok
}
