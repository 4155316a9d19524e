package witness

import (
	"context"
	"slices"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// The bounds of the search for the smallest payload.
const (
	mostSides = 16     // of "or" that are tried
	sideSteps = 10_000 // of a search for one of them
)

// smallest asks for one side of each "or" after the other, and goes on with the
// one that led to the smallest payload. The result is that, or best, which was
// found before.
func smallest(ctx context.Context, p Problem, best *Payload) *Payload {
	p.Smallest, p.Steps = false, sideSteps
	least := record{}
	least.require(nil, p.Input)
	var goals []Goal
	for _, g := range p.Goals {
		goals = append(goals, together(g, tree.And)...)
	}
	tries := mostSides
	for i := 0; i < len(goals); {
		sides := together(goals[i], tree.Or)
		var next []Goal
		var light *Payload
		for _, side := range sides {
			if len(sides) == 1 || tries == 0 || valuesIn(best.root) <= valuesIn(least) {
				break
			}
			tries--
			p.Goals = slices.Replace(slices.Clone(goals), i, i+1, together(side, tree.And)...)
			if found := Solve(ctx, p); found != nil && (light == nil || found.lighter(light)) {
				light, next = found, p.Goals
			}
		}
		if light == nil {
			i++
			continue
		}
		goals = next
		if light.lighter(best) {
			best = light
		}
	}
	return best
}

// together are the goals that make up one: all of which are to be met, for And,
// or one of them, for Or.
func together(g Goal, op tree.Op) []Goal {
	join := op
	if !g.Want {
		join = map[tree.Op]tree.Op{tree.And: tree.Or, tree.Or: tree.And}[op]
	}
	switch g.Node.Op {
	case tree.Not:
		return together(Goal{g.Node.Kids[0], !g.Want}, op)
	case join:
		var out []Goal
		for _, kid := range g.Node.Kids {
			out = append(out, together(Goal{kid, g.Want}, op)...)
		}
		return out
	}
	return []Goal{g}
}

// lighter tells of a payload with fewer values than another one, or as many that
// are shorter.
func (p *Payload) lighter(other *Payload) bool {
	a, b := valuesIn(p.root), valuesIn(other.root)
	return a < b || a == b && len(p.JSON) < len(other.JSON)
}

// valuesIn counts fields, and elements of lists.
func valuesIn(x any) int {
	n := 0
	switch x := x.(type) {
	case record:
		for _, member := range x {
			n += 1 + valuesIn(member)
		}
	case *[]any:
		for _, member := range *x {
			n += 1 + valuesIn(member)
		}
	}
	return n
}
