package witness

import (
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// mostShrinks bounds the tries to make a payload smaller.
const mostShrinks = 600

// A shrinker makes a payload smaller while it is what is looked for.
type shrinker struct {
	*draft
	tries int
}

// shrink makes the draft as small as it can be made.
func (d *draft) shrink() {
	d.steps = Steps // what is left to do is bounded by tries
	k := &shrinker{draft: d, tries: mostShrinks}
	for k.tries > 0 && k.pass(nil, d.Input) {
	}
}

// attempt makes a change and keeps it if the payload is still what is looked
// for.
func (k *shrinker) attempt(change func(*draft)) bool {
	if k.tries <= 0 || k.ctx.Err() != nil {
		return false
	}
	k.tries--
	next := k.copy()
	change(next)
	next.change()
	if !next.met() {
		return false
	}
	k.root = next.root
	k.change()
	return true
}

// without drops what lies at a path, unless the search has begun with it.
func (k *shrinker) without(at path) bool {
	if k.From != nil && k.From.root.get(at) != nil {
		return false
	}
	return k.attempt(func(d *draft) { d.root.drop(at) })
}

// pass shrinks what lies at a path, and tells whether anything could be made
// smaller.
func (k *shrinker) pass(at path, t *tree.Type) bool {
	smaller := false
	switch now := k.root.get(at).(type) {
	case record:
		for i := range t.Fields {
			f := &t.Fields[i]
			if _, ok := now[f.Name]; !ok {
				continue
			}
			inner := at.then(step{field: f})
			if k.without(inner) || k.pass(inner, f.Type) {
				smaller = true
			}
		}
	case *[]any:
		for i := len(*now) - 1; i >= 0; i-- {
			inner := at.then(step{index: i})
			if k.without(inner) || k.pass(inner, t.Elem) {
				smaller = true
			}
		}
	default:
		if k.From != nil && k.From.root.get(at) != nil {
			return false
		}
		for _, x := range simpler(now, ordinary(at, t)) {
			if allowed(at, x) && k.attempt(func(d *draft) { d.root.set(at, x) }) {
				return true
			}
		}
	}
	return smaller
}

// simpler are values that are simpler than x, the simplest first.
func simpler(x any, others []any) []any {
	var out []any
	switch x := x.(type) {
	case bool:
		return nil
	case int64:
		for _, y := range []int64{1, 0, 2, 3, 5, 10, 100, 1000, -1, x / 2, x - 1, x + 1} {
			if x != 1 && (x == 0 && y == 1 || max(y, -y) < max(x, -x)) {
				out = append(out, y)
			}
		}
	case float64:
		for _, y := range []float64{1, 0, 2, 3, 0.5, 10, 100, -1, math.Trunc(x)} {
			if x != 1 && (x == 0 && y == 1 || math.Abs(y) < math.Abs(x)) {
				out = append(out, y)
			}
		}
	case string:
		out = shorter(x, others)
		size := utf8.RuneCountInString(x)
		if size > 1 && size < mostText {
			out = append(out, strings.Repeat("a", size))
		}
		if size > 0 && !slices.Contains(others, any(x)) {
			out = append(out, "b")
		}
	case time.Time:
		for _, unit := range []time.Duration{24 * time.Hour, time.Hour, time.Second, time.Millisecond} {
			at := x.Truncate(unit)
			if at.Equal(x) { // it is as simple as that
				break
			}
			out = append(out, at, at.Add(unit))
		}
	}
	return slices.DeleteFunc(out, func(y any) bool { return y == x })
}

// shorter are texts shorter than one.
func shorter(text string, others []any) []any {
	var out []any
	runes := []rune(text)
	for _, x := range others {
		if x == text { // those behind it are no simpler
			break
		}
		if s, ok := x.(string); ok && s != "" && (len(s) <= len(text) || slices.Contains(others, any(text))) {
			out = append(out, x)
		}
	}
	add := func(list []rune) { out = append(out, string(list)) }
	for size := len(runes) / 2; size > 0; size /= 2 {
		for from := 0; from < len(runes) && len(out) < 40; from += size {
			add(append(slices.Clone(runes[:from]), runes[min(from+size, len(runes)):]...))
		}
	}
	return out
}
