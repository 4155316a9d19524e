package rules

import (
	"slices"

	"github.com/afterword-go/afterword/rules/internal/logic"
)

// mostPassed bounds the rules that a rule has passed which are looked at to find
// out whether that matters.
const mostPassed = 50

// findMoved marks the rules that stand elsewhere among the others, where that
// matters. It lets as many as it can stay where they are.
func (c *comparer[In, Then]) findMoved() {
	var both []*compared[In, Then] // in the new order
	for _, r := range c.new {
		if r.mate != nil && c.files[r.in] == r.mate.in {
			both = append(both, r)
		}
	}
	stays := map[*compared[In, Then]]bool{}
	for _, i := range longest(both) {
		stays[both[i]] = true
	}
	if len(stays) == len(both) {
		return
	}
	for i, r := range both {
		r.moved = !stays[r] && c.matters(both, i)
	}
}

// longest lists the most rules that are in the same order on both sides, and
// of several such lists the first by the names of its rules, so that it makes
// no difference which side is called old.
func longest[In, Then any](both []*compared[In, Then]) []int {
	// length[i] is how many can stay from rule i on, itself included. Ends has,
	// for each length, the latest old place at which so many can begin.
	length := make([]int, len(both))
	var ends []int
	for i := len(both) - 1; i >= 0; i-- {
		place := both[i].mate.place
		n, _ := slices.BinarySearchFunc(ends, place, func(end, place int) int {
			if end > place {
				return -1
			}
			return 1
		})
		if n == len(ends) {
			ends = append(ends, place)
		} else {
			ends[n] = place
		}
		length[i] = n + 1
	}
	byLength := make([][]int, len(ends)+1)
	for i, n := range length {
		byLength[n] = append(byLength[n], i)
	}
	var out []int
	at, place := -1, 0
	for n := len(ends); n > 0; n-- {
		best := -1
		for _, i := range byLength[n] {
			if i > at && both[i].mate.place > place && (best < 0 || both[i].label() < both[best].label()) {
				best = i
			}
		}
		at, place = best, both[best].mate.place
		out = append(out, best)
	}
	return out
}

// label is a name of the rule that is the same seen from both sides.
func (r *compared[In, Then]) label() string { return min(r.Name, r.mate.Name) }

// matters tells whether the rule has passed another one that may fire for the
// same inputs, so that one of them comes first where it did not.
func (c *comparer[In, Then]) matters(both []*compared[In, Then], at int) bool {
	r, looked := both[at], 0
	for i, other := range both {
		if i == at || (i < at) == (other.mate.place < r.mate.place) {
			continue
		}
		if looked++; looked > mostPassed {
			return true
		}
		if c.orderCounts(r, other) || c.orderCounts(r.mate, other.mate) {
			return true
		}
	}
	return false
}

// orderCounts tells whether it may make a difference which of two rules of a
// side stands in front.
func (c *comparer[In, Then]) orderCounts(a, b *compared[In, Then]) bool {
	if a.Mode != Enforce || b.Mode != Enforce {
		return false
	}
	if a.inGo != nil || b.inGo != nil {
		return true
	}
	one, ok := c.formula(a)
	other, both := c.formula(b)
	if !ok || !both {
		return true
	}
	return c.reading(a).fails || c.reading(b).fails || !c.impossible(logic.And(one, other))
}
