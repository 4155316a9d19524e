package index

import (
	"cmp"
	"math"
	"slices"
	"time"

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

// comparedWhole are the whole numbers x for which x op c holds, when x is made a
// number with a fraction first.
func comparedWhole(op tree.Op, c float64) []span {
	if math.IsNaN(c) {
		return nil
	}
	from := upward(func(x int64) bool { return float64(x) >= c })
	above := upward(func(x int64) bool { return float64(x) > c })
	switch op {
	case tree.Ge:
		return from
	case tree.Lt:
		return rest(from)
	case tree.Gt:
		return above
	case tree.Le:
		return rest(above)
	}
	return overlap(from, rest(above)) // Eq
}

// upward are the whole numbers from the first on for which holds is true, as it
// is for all behind it.
func upward(holds func(int64) bool) []span {
	if !holds(greatest) {
		return nil
	}
	from, to := int64(least), int64(greatest)
	for from < to {
		middle := from + int64((uint64(to)-uint64(from))/2)
		if holds(middle) {
			to = middle
		} else {
			from = middle + 1
		}
	}
	return []span{{from, greatest}}
}

// comparedFraction are the places of numbers x for which x op c holds, which
// for NaN is none.
func comparedFraction(op tree.Op, c float64) []span {
	if math.IsNaN(c) {
		return nil
	}
	return overlap(compared(op, placeOf(c)), []span{{least, placeOf(math.Inf(1))}})
}

// comparedTime are the places of times x for which x op c may hold. Where c
// shares its place, so may what is before or behind it.
func comparedTime(op tree.Op, c time.Time) []span {
	place, own := placeOfTime(c)
	switch {
	case !own && op == tree.Lt:
		op = tree.Le
	case !own && op == tree.Gt:
		op = tree.Ge
	}
	return compared(op, place)
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

// rest are the numbers that spans, which are in order and do not touch, leave
// out.
func rest(spans []span) []span {
	var out []span
	next := int64(least)
	for _, s := range spans {
		if s.from > next {
			out = append(out, span{next, s.from - 1})
		}
		if s.to == greatest {
			return out
		}
		next = s.to + 1
	}
	return append(out, span{next, greatest})
}
