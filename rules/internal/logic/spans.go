package logic

import (
	"math"
	"slices"
	"time"
)

// A span is the whole numbers from From to To, both included. Numbers with a
// fraction and times are put into their order among whole numbers.
type span struct{ from, to int64 }

// spans are numbers: spans in order, none of which touch.
type spans []span

const (
	least = math.MinInt64
	most  = math.MaxInt64
)

func every() spans { return spans{{least, most}} }

// only is one number.
func only(x int64) spans { return spans{{x, x}} }

// from and upTo leave out nothing above or below x; above and below leave out x
// itself as well.
func from(x int64) spans { return spans{{x, most}} }
func upTo(x int64) spans { return spans{{least, x}} }

func above(x int64) spans {
	if x == most {
		return nil
	}
	return from(x + 1)
}

func below(x int64) spans {
	if x == least {
		return nil
	}
	return upTo(x - 1)
}

// and are the numbers in both.
func (a spans) and(b spans) spans {
	var out spans
	for i, j := 0, 0; i < len(a) && j < len(b); {
		if s := (span{max(a[i].from, b[j].from), min(a[i].to, b[j].to)}); s.from <= s.to {
			out = append(out, s)
		}
		if a[i].to < b[j].to {
			i++
		} else {
			j++
		}
	}
	return out
}

// not are the numbers that are left out.
func (a spans) not() spans {
	var out spans
	next := int64(least)
	for _, s := range a {
		if s.from > next {
			out = append(out, span{next, s.from - 1})
		}
		if s.to == most {
			return out
		}
		next = s.to + 1
	}
	return append(out, span{next, most})
}

// or are the numbers in either.
func (a spans) or(b spans) spans { return a.not().and(b.not()).not() }

// among are the numbers of a list.
func among(list []int64) spans {
	slices.Sort(list)
	var out spans
	for _, x := range list {
		last := len(out) - 1
		switch {
		case last >= 0 && x <= out[last].to:
		case last >= 0 && x-1 == out[last].to:
			out[last].to = x
		default:
			out = append(out, span{x, x})
		}
	}
	return out
}

// notANumber is the place of NaN, which no comparison but != finds.
const notANumber = most

// fractions are all numbers with a fraction.
func fractions() spans {
	return spans{{PlaceOf(math.Inf(-1)), PlaceOf(math.Inf(1))}, {notANumber, notANumber}}
}

// PlaceOf is where a number with a fraction stands in the order of all of them.
// Between the places of two numbers that follow one another is none; 0 and -0
// share one. NaN has none.
func PlaceOf(x float64) int64 {
	bits := int64(math.Float64bits(x))
	if bits < 0 {
		return least - bits
	}
	return bits
}

// timeOf is where a time stands in the order of times, and whether it is far
// enough from the ends of what is counted in nanoseconds.
func timeOf(t time.Time) (int64, bool) {
	return t.UnixNano(), 1700 < t.Year() && t.Year() < 2200
}
