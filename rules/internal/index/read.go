package index

import (
	"github.com/afterword-go/afterword/rules/internal/eval"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// readNumber reads a field that is no text as a whole number: true is 1, and
// fractions and times are their places. It is not ok for fields that cannot be
// looked up.
func readNumber(n *tree.Node) (read func(eval.Pointer) (int64, bool), ok bool) {
	switch n.Type.Kind {
	case tree.Bool:
		holds, ok := eval.DirectOf(n)
		return func(in eval.Pointer) (int64, bool) {
			if holds.Holds(in) == eval.Holds {
				return 1, true
			}
			return 0, true // or absent, which one candidate more tells apart
		}, ok
	case tree.Float:
		fraction, ok := eval.ReadFloat(n)
		return func(in eval.Pointer) (int64, bool) {
			x, there := fraction(in)
			return placeOf(x), there
		}, ok
	case tree.Time:
		moment, ok := eval.ReadTime(n)
		return func(in eval.Pointer) (int64, bool) {
			t, there := moment(in)
			place, _ := placeOfTime(t)
			return place, there
		}, ok
	}
	return eval.ReadInt(n)
}
