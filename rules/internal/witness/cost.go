package witness

import (
	"math"
	"time"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// far is the cost of what cannot be mended.
const far = 1000.0

// cost says how much of n is not as wanted: 0 if it all is.
func (v *view) cost(n *tree.Node, want bool, elem *item) float64 {
	if v.of.steps < 0 { // whatever it is, nobody asks any more
		return far
	}
	switch n.Op {
	case tree.Const:
		if n.Is(want) {
			return 0
		}
		return far
	case tree.Not:
		return v.cost(n.Kids[0], !want, elem)
	case tree.And, tree.Or:
		a, b := v.cost(n.Kids[0], want, elem), v.cost(n.Kids[1], want, elem)
		if want == (n.Op == tree.And) {
			return math.Min(a+b, far)
		}
		return math.Min(a, b)
	case tree.Any, tree.All, tree.One:
		return v.loopCost(n, want, elem)
	}
	is, ok := v.holds(n, elem)
	switch {
	case !ok:
		return 2
	case is == want:
		return 0
	}
	return 0.5 + 0.5*v.distance(n, elem)
}

// loopCost is the cost of any, all or one.
func (v *view) loopCost(n *tree.Node, want bool, elem *item) float64 {
	items, ok := v.tryList(n.Kids[0], elem)
	if !ok {
		return 2
	}
	if n.Op == tree.One {
		return v.oneCost(n, want, items)
	}
	sum, best := 0.0, 2.0
	for _, it := range items {
		c := v.cost(n.Kids[1], want, it)
		sum, best = sum+c, math.Min(best, c)
	}
	if want == (n.Op == tree.Any) { // one is enough
		return best
	}
	return math.Min(sum, far)
}

func (v *view) oneCost(n *tree.Node, want bool, items []*item) float64 {
	best, found := 2.0, 0
	for _, it := range items {
		c := v.cost(n.Kids[1], true, it)
		best = math.Min(best, c)
		if c == 0 {
			found++
		}
	}
	switch {
	case want && found == 0:
		return best
	case want:
		return float64(found - 1)
	case found == 1:
		return 1
	}
	return 0
}

// distance says how far the sides of a comparison are apart, from 0 to 1.
func (v *view) distance(n *tree.Node, elem *item) float64 {
	switch n.Op {
	case tree.Eq, tree.Lt, tree.Le, tree.Gt, tree.Ge, tree.InRange:
	default:
		return 1
	}
	a, ok := v.try(n.Kids[0], elem)
	b, known := v.try(n.Kids[1], elem)
	if !ok || !known {
		return 1
	}
	x, first := measure(a)
	y, second := measure(b)
	if !first || !second {
		return 1
	}
	d := math.Abs(x - y)
	return d / (d + 10)
}

// measure is a number, or a time in seconds.
func measure(x any) (float64, bool) {
	if at, ok := x.(time.Time); ok {
		return float64(at.Unix()), true
	}
	return measureOf(x)
}
