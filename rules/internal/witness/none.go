package witness

import (
	"context"
	"slices"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// mostCombined bounds the combinations of values that [None] tries.
const mostCombined = 5000

// None tells whether there surely is no input: all combinations of values of the
// fields that the goals read have been tried. It knows nothing if they read
// anything else, or fields with too many values.
func None(ctx context.Context, p Problem) bool {
	places, ok := onlyPlaces(p.Goals)
	if !ok {
		return false
	}
	s := &search{Problem: p, ctx: ctx, steps: Steps}
	all := make([][]any, len(places))
	combined := 1
	for i, at := range places {
		t, _ := typeAt(at)
		if all[i], ok = every(at, t); !ok {
			return false
		}
		if combined *= len(all[i]); combined > mostCombined {
			return false
		}
	}
	for n := range combined {
		d := s.begin(0)
		values := make([]any, len(places))
		for i, at := range places {
			values[i] = all[i][n%len(all[i])]
			n /= len(all[i])
			if d.root.drop(at); values[i] != nil {
				d.root.set(at, values[i])
			}
		}
		if ctx.Err() != nil || d.may(places, values) {
			return false
		}
	}
	return true
}

// may tells whether a payload is what is looked for, or is not known not to be:
// decoding refuses it, or makes other values of it. One that does not keep to
// the limits of its fields is no input.
func (d *draft) may(places []path, values []any) bool {
	if !d.root.keeps(nil, d.Input) {
		return false
	}
	v := d.look()
	if v == nil || d.Meets(v.input) {
		return true
	}
	for i, at := range places {
		found, ok := v.find(at)
		if ok && values[i] == nil && !found.IsZero() || ok && values[i] != nil && !equal(valueOf(found), values[i]) {
			return true
		}
		if !ok && values[i] != nil && !isZero(values[i]) {
			return true
		}
	}
	return false
}

// onlyPlaces are the fields that goals read. It is not ok if they read anything
// else, such as lists, or a field of a group, which may be absent itself.
func onlyPlaces(goals []Goal) (out []path, ok bool) {
	ok = true
	for _, g := range goals {
		g.Node.Walk(func(n *tree.Node) bool {
			switch n.Op {
			case tree.Elem, tree.Call:
				ok = false
			case tree.GetField:
				at := plainPath(n)
				if len(at) != 1 {
					ok = false
					break
				}
				if !slices.ContainsFunc(out, func(other path) bool { return pathKey(other) == pathKey(at) }) {
					out = append(out, at)
				}
			}
			return ok
		})
	}
	return out, ok
}
