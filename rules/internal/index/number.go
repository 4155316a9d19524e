package index

import (
	"cmp"
	"math"
	"slices"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// A span holds the whole numbers from one to another, both included.
type span struct{ from, to int64 }

const (
	least    = math.MinInt64
	greatest = math.MaxInt64
)

// ofBool is 1 for true.
func ofBool(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// compared are the values x for which x op c holds, of whole numbers.
func compared(op tree.Op, c int64) []span {
	switch op {
	case tree.Eq:
		return []span{{c, c}}
	case tree.Le:
		return []span{{least, c}}
	case tree.Ge:
		return []span{{c, greatest}}
	case tree.Lt:
		if c == least {
			return nil
		}
		return []span{{least, c - 1}}
	}
	if c == greatest {
		return nil
	}
	return []span{{c + 1, greatest}} // Gt
}

// comparedFloat are the whole numbers x for which x op c holds. Ok says that
// c is small enough for whole numbers to be numbers exactly.
func comparedFloat(op tree.Op, c float64) (spans []span, ok bool) {
	if !(math.Abs(c) < 1<<53) {
		return nil, false
	}
	down, up := int64(math.Floor(c)), int64(math.Ceil(c))
	switch {
	case op == tree.Eq && down != up:
		return nil, true
	case op == tree.Le, op == tree.Gt, op == tree.Eq:
		return compared(op, down), true
	}
	return compared(op, up), true // Lt, Ge
}

// opposite is the comparison that holds where op does not.
func opposite(op tree.Op) tree.Op {
	switch op {
	case tree.Eq:
		return tree.Ne
	case tree.Ne:
		return tree.Eq
	case tree.Lt:
		return tree.Ge
	case tree.Le:
		return tree.Gt
	case tree.Gt:
		return tree.Le
	}
	return tree.Lt
}

// joined puts spans in order and joins those that touch.
func joined(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	out := spans[:0]
	for _, s := range spans {
		if n := len(out); n > 0 && (out[n-1].to == greatest || s.from <= out[n-1].to+1) {
			out[n-1].to = max(out[n-1].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}

// overlap is what two lists of spans have in common.
func overlap(a, b []span) []span {
	var out []span
	for len(a) > 0 && len(b) > 0 {
		if s := (span{max(a[0].from, b[0].from), min(a[0].to, b[0].to)}); s.from <= s.to {
			out = append(out, s)
		}
		if a[0].to < b[0].to {
			a = a[1:]
		} else {
			b = b[1:]
		}
	}
	return out
}
