package witness

import (
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// A pool is what conditions name: their constants, by kind, and the fields they
// read.
type pool struct {
	values map[tree.Kind][]any
	fields []path
}

// of are values of a kind that may matter, a fresh list.
func (p pool) of(k tree.Kind) []any { return slices.Clone(p.values[k]) }

// others are values of a kind, those first that nothing names.
func (p pool) others(k tree.Kind) []any {
	if k != tree.Text {
		return p.of(k)
	}
	return append([]any{"a", "b"}, p.of(k)...)
}

// mostValues bounds the values of a kind.
const mostValues = 60

// poolOf ends early when the context does.
func poolOf(ctx context.Context, goals []Goal) pool {
	p := pool{values: map[tree.Kind][]any{}}
	for _, x := range []any{int64(1), int64(0), int64(2), int64(-1)} {
		p.add(tree.Int, x)
	}
	for _, x := range []any{1.0, 0.0, 0.5, -1.0} {
		p.add(tree.Float, x)
	}
	p.add(tree.Bool, true)
	p.add(tree.Bool, false)
	seen := map[string]bool{}
	for _, g := range goals {
		g.Node.Walk(func(n *tree.Node) bool {
			if ctx.Err() != nil {
				return false
			}
			p.constant(n)
			if at := plainPath(n); at != nil && !seen[pathKey(at)] {
				seen[pathKey(at)] = true
				p.fields = append(p.fields, at)
			}
			return true
		})
	}
	for _, x := range []any{"a", "", "b", "1"} {
		p.add(tree.Text, x)
	}
	for _, x := range p.values[tree.Int] {
		p.add(tree.Text, shown(x))
	}
	p.add(tree.Time, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	return p
}

func (p *pool) add(k tree.Kind, x any) {
	if len(p.values[k]) < mostValues && !slices.Contains(p.values[k], x) {
		p.values[k] = append(p.values[k], x)
	}
}

// constant takes in a constant and those next to it.
func (p *pool) constant(n *tree.Node) {
	if n.Op == tree.Matches {
		for _, text := range Matching(n.Pattern, 2) {
			p.add(tree.Text, text)
		}
	}
	if n.Op != tree.Const {
		return
	}
	switch x := n.Value.(type) {
	case int64:
		for _, y := range []int64{x, x + 1, x - 1} {
			p.add(tree.Int, y)
			p.add(tree.Float, float64(y))
		}
	case float64:
		for _, y := range []float64{x, x + 0.5, x - 0.5} {
			p.add(tree.Float, y)
			if y == math.Trunc(y) && math.Abs(y) < 1<<53 {
				p.add(tree.Int, int64(y))
			}
		}
	case string:
		p.add(tree.Text, x)
		if t, err := time.Parse(time.RFC3339, x); err == nil {
			p.add(tree.Time, t)
		}
		if i, ok := toInt(x).(int64); ok {
			p.add(tree.Int, i)
		}
	case time.Time:
		p.add(tree.Time, x)
		for _, y := range around(x, time.Second, time.Millisecond) {
			p.add(tree.Time, y)
		}
		p.add(tree.Text, shown(x))
	}
}

// plainPath is the place of a field of the input that is no element of a list.
func plainPath(n *tree.Node) path {
	if n.Op != tree.GetField {
		return nil
	}
	if len(n.Kids) == 0 {
		return path{{field: n.Field}}
	}
	if base := plainPath(n.Kids[0]); base != nil {
		return base.then(step{field: n.Field})
	}
	return nil
}

func pathKey(p path) string {
	var out strings.Builder
	for _, s := range p {
		if s.field != nil {
			out.WriteString("." + s.field.Name)
		}
	}
	return out.String()
}

// wanted are values x for which "x op y" holds.
func wanted(op tree.Op, y any, p pool) []any {
	var out []any
	keep := func(list ...any) {
		for _, x := range list {
			if ordered(op, x, y) {
				out = append(out, x)
			}
		}
	}
	switch y := y.(type) {
	case int64:
		keep(y, y+1, y-1, int64(0), int64(1), y+2, y-2)
		if len(p.values[tree.Int]) > 4 {
			keep(p.values[tree.Int][4:]...)
		}
	case float64:
		keep(y, math.Ceil(y+0.5), math.Floor(y-0.5), 0.0, 1.0, y+0.5, y-0.5, math.Nextafter(y, math.Inf(1)), math.Nextafter(y, math.Inf(-1)))
	case string:
		keep(y, y+"a", "a", "b", "")
		if y != "" {
			keep(y[:len(y)-1], strings.ToUpper(y), before(y))
		}
		keep(p.values[tree.Text]...)
	case time.Time:
		keep(around(y, time.Second, time.Millisecond, time.Nanosecond)...)
		keep(p.values[tree.Time]...)
	case bool:
		keep(y, !y)
	}
	const most = 12
	return out[:min(len(out), most)]
}

// around are times near to one, in units: many events have times of whole
// milliseconds, and people like those of whole seconds.
func around(t time.Time, units ...time.Duration) []any {
	var out []any
	for _, unit := range units {
		at := t.Truncate(unit)
		for _, x := range []any{at, at.Add(unit), at.Add(-unit)} {
			if !slices.Contains(out, x) {
				out = append(out, x)
			}
		}
	}
	return out
}

// before is a text in front of another one that is not empty.
func before(text string) string {
	if text[0] > ' ' && text[0] < 0x7f {
		return string(rune(text[0]-1)) + text[1:]
	}
	return " "
}

// guesses change one of the fields that the conditions read, to any value.
func (d *draft) guesses() []move {
	var out []move
	for range min(4, len(d.pool.fields)) {
		at := d.pool.fields[d.random.IntN(len(d.pool.fields))]
		t, _ := typeAt(at)
		if d.random.IntN(5) == 0 {
			out = append(out, func(d *draft) bool { return d.drop(at) })
			continue
		}
		values := d.pool.of(t.Kind)
		if len(values) == 0 {
			values = ordinary(at, t)
		}
		out = append(out, setting(at, values[d.random.IntN(len(values))]))
	}
	return out
}
