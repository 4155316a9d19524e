package logic

import (
	"math"
	"strings"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// bound narrows a new read to what it can be when it is there.
func bound(r *Read, n *tree.Node) {
	switch n.Op {
	case tree.Count:
		r.numbers = from(0)
	case tree.Len:
		r.numbers = lengths(n.Kids[0])
	case tree.Lower:
		r.texts.tests = []outcome{{unchanged("lower", strings.ToLower), true}}
	case tree.Upper:
		r.texts.tests = []outcome{{unchanged("upper", strings.ToUpper), true}}
	case tree.Trim:
		r.texts.tests = []outcome{{unchanged("trim", strings.TrimSpace), true}}
	case tree.GetField:
		boundField(r, n)
	}
}

// unchanged is true of what a function can make: it makes the same of it
// again.
func unchanged(name string, f func(string) string) *test {
	return &test{key: name, holds: func(s string) bool { return f(s) == s }}
}

func boundField(r *Read, n *tree.Node) {
	f := n.Field
	switch n.Type.Kind {
	case tree.Int:
		if f.ZeroAbsent {
			r.numbers = r.numbers.and(only(0).not())
		}
	case tree.Float:
		if f.ZeroAbsent {
			r.numbers = r.numbers.and(only(0).not())
		}
	case tree.Bool:
		if f.ZeroAbsent {
			r.numbers = only(1)
		}
	case tree.Text:
		if f.ZeroAbsent {
			r.texts, _ = r.texts.in([]string{""}, false)
		}
	}
	if limits := Limits(n); limits != nil {
		limit(r, n, limits)
	}
}

// Limits are those that the input itself keeps to for the field n; nil without
// any.
func Limits(n *tree.Node) *tree.Limits {
	if n.Op != tree.GetField || n.Field.Limits == nil {
		return nil
	}
	for outer := n; len(outer.Kids) > 0; {
		outer = outer.Kids[0]
		if outer.Op != tree.GetField || !outer.Field.Inside {
			return nil
		}
	}
	return n.Field.Limits
}

func limit(r *Read, n *tree.Node, limits *tree.Limits) {
	zero := limits.ZeroToo && !n.Field.ZeroAbsent
	switch n.Type.Kind {
	case tree.Int:
		in := wholes(limits.Min, limits.Max)
		if limits.OneOf != nil {
			in = among(limits.Numbers())
		}
		if zero {
			in = in.or(only(0))
		}
		r.numbers = r.numbers.and(in)
	case tree.Float:
		in := spans{{PlaceOf(limits.Min), PlaceOf(limits.Max)}}
		if zero {
			in = in.or(only(0))
		}
		r.numbers = r.numbers.and(in)
	case tree.Text:
		if limits.OneOf != nil {
			list := limits.OneOf
			if zero {
				list = append([]string{""}, list...)
			}
			r.texts, _ = r.texts.in(list, true)
		}
	}
}

// wholes are the whole numbers from a least to a greatest number, which may be
// infinite.
func wholes(low, high float64) spans {
	out := every()
	if low > -1<<53 {
		out = out.and(from(int64(math.Ceil(min(low, 1<<53)))))
	}
	if high < 1<<53 {
		out = out.and(upTo(int64(math.Floor(max(high, -1<<53)))))
	}
	return out
}

// lengths are the lengths that a text or list may have.
func lengths(n *tree.Node) spans {
	out := from(0)
	if n.Op == tree.GetField && (n.Field.EmptyAbsent || n.Type.Kind == tree.Text && n.Field.ZeroAbsent) {
		out = from(1)
	}
	limits := Limits(n)
	if limits == nil || limits.OneOf != nil {
		return out
	}
	in := wholes(limits.Min, limits.Max)
	if limits.ZeroToo {
		in = in.or(only(0))
	}
	return out.and(in)
}
