package witness

import (
	"math"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// The bounds of a sweep.
const (
	mostPlaces = 6  // that are tried
	fewValues  = 64 // of a field that are all tried
)

// sweep gives one place of the draft after the other each of many values, and
// keeps the best. It finds what no part of the conditions asks for by itself,
// but several do together. The result tells whether the draft is what is looked
// for.
func (d *draft) sweep() bool {
	left := d.left()
	for i, at := range d.places() {
		if i == mostPlaces || d.ended() {
			break
		}
		for _, x := range d.many(at) {
			if d.ended() {
				return false
			}
			next := d.copy()
			if !setting(at, x).made(next) {
				continue
			}
			if c := next.left(); c < left {
				left = c
				d.root = next.root
				d.change()
			}
			if left == 0 {
				break
			}
		}
		if left == 0 && d.met() {
			return true
		}
	}
	return false
}

// places are those of the draft with a value, and of the fields that the
// conditions read.
func (d *draft) places() []path {
	var out []path
	seen := map[string]bool{}
	for _, at := range d.pool.fields {
		if t, _ := typeAt(at); t.Kind != tree.List && t.Kind != tree.Group {
			seen[pathKey(at)] = true
			out = append(out, at)
		}
	}
	var walk func(at path, x any, t *tree.Type)
	walk = func(at path, x any, t *tree.Type) {
		switch x := x.(type) {
		case record:
			for i := range t.Fields {
				if inner, ok := x[t.Fields[i].Name]; ok {
					walk(at.then(step{field: &t.Fields[i]}), inner, t.Fields[i].Type)
				}
			}
		case *[]any:
			for i, inner := range *x {
				walk(at.then(step{index: i}), inner, t.Elem)
			}
		default:
			inList := false
			for _, s := range at {
				inList = inList || s.field == nil
			}
			if inList {
				out = append(out, at)
			}
		}
	}
	walk(nil, d.root, d.Input)
	return out
}

// many are the values that a place is tried with.
func (d *draft) many(at path) []any {
	t, optional := typeAt(at)
	if all, ok := every(at, t); ok {
		return all
	}
	out := ordinary(at, t)
	if optional {
		out = append(out, nil)
	}
	switch t.Kind {
	case tree.Text:
		for _, s := range d.variety() {
			out = append(out, s)
		}
	case tree.Int, tree.Float, tree.Time:
		out = append(out, d.pool.of(t.Kind)...)
	}
	return out
}

// every is all the values that a field can have, if they are few. Nil stands
// for none.
func every(at path, t *tree.Type) ([]any, bool) {
	out := []any{nil}
	limits := limitsAt(at)
	switch {
	case t.Kind == tree.Bool:
		return append(out, true, false), true
	case limits == nil:
		return nil, false
	case limits.OneOf != nil && t.Kind == tree.Text:
		for _, s := range limits.OneOf {
			out = append(out, s)
		}
	case limits.OneOf != nil && t.Kind == tree.Int:
		for _, n := range limits.Numbers() {
			out = append(out, n)
		}
	case t.Kind == tree.Int && limits.Max-limits.Min < fewValues:
		for n := math.Ceil(limits.Min); n <= limits.Max; n++ {
			out = append(out, int64(n))
		}
	default:
		return nil, false
	}
	if limits.ZeroToo {
		out = append(out, zero(t))
	}
	return out, true
}
