package index

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

var comparisons = []tree.Op{tree.Eq, tree.Lt, tree.Le, tree.Gt, tree.Ge}

// compares is x op c as Go has it.
func compares[T cmp.Ordered](op tree.Op, x, c T) bool {
	switch op {
	case tree.Eq:
		return x == c
	case tree.Lt:
		return x < c
	case tree.Le:
		return x <= c
	case tree.Gt:
		return x > c
	}
	return x >= c
}

func includes(spans []span, x int64) bool {
	return slices.ContainsFunc(spans, func(s span) bool { return s.from <= x && x <= s.to })
}

// fractions are numbers of all sorts, with those next to them.
func fractions(r *rand.Rand) []float64 {
	out := []float64{math.NaN(), math.Copysign(math.NaN(), -1), math.Float64frombits(math.MaxUint64)}
	for _, x := range []float64{
		0, math.Copysign(0, -1), math.SmallestNonzeroFloat64, 0.1, float64(float32(0.1)), 1, 2.5, 1 << 53, 1 << 62, 1 << 63, 1e300, math.MaxFloat64, math.Inf(1),
		math.Float64frombits(r.Uint64()), r.NormFloat64(),
	} {
		for _, x := range []float64{x, -x} {
			out = append(out, x, math.Nextafter(x, math.Inf(1)), math.Nextafter(x, math.Inf(-1)))
		}
	}
	return out
}

// wholes are numbers of all sorts, with those next to them.
func wholes(r *rand.Rand) []int64 {
	var out []int64
	for _, x := range []int64{0, 1, 3, 1 << 53, 1<<53 + 2, 1 << 62, math.MaxInt64, math.MaxInt64 - 511, math.MaxInt64 - 1023, int64(r.Uint64()), r.Int64N(1000)} {
		for _, x := range []int64{x, -x, math.MinInt64 + x} {
			out = append(out, x-1, x, x+1) // around the ends as well
		}
	}
	return out
}

// TestSpansOfFractions holds the places of fractions to Go's comparisons, which
// are false for NaN.
func TestSpansOfFractions(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 7))
	for range 20 {
		list := fractions(r)
		for _, c := range list {
			for _, op := range comparisons {
				spans := comparedFraction(op, c)
				for _, x := range list {
					want, place := compares(op, x, c), placeOf(x)
					if includes(spans, place) != want || includes(rest(spans), place) == want {
						assert.Failf(t, "wrong", "%v %d %v: %v", x, op, c, spans)
					}
				}
			}
		}
	}
}

// TestSpansOfWholes holds whole numbers that are compared as fractions to the
// same comparisons in Go.
func TestSpansOfWholes(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 8))
	for range 20 {
		constants := fractions(r)
		list := wholes(r)
		for _, x := range list {
			constants = append(constants, float64(x))
		}
		for _, c := range constants {
			for _, op := range comparisons {
				spans := comparedWhole(op, c)
				for _, x := range list {
					if includes(spans, x) != compares(op, float64(x), c) {
						assert.Failf(t, "wrong", "%v %d %v: %v", x, op, c, spans)
					}
				}
			}
		}
	}
}

// moments are times of all sorts, with those next to them.
func moments(r *rand.Rand) []time.Time {
	out := []time.Time{
		{},
		time.Now(), time.Now().Round(0), time.Unix(math.MaxInt64, 0), time.Unix(math.MinInt64, 0),
		time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC), time.Date(-200_000, 1, 1, 0, 0, 0, 0, time.UTC), time.Unix(int64(r.Uint64()), 7),
	}
	for _, t := range []time.Time{
		time.Unix(0, 0), time.Unix(0, math.MaxInt64), time.Unix(0, math.MinInt64), time.Unix(math.MaxInt64/int64(time.Second), 0), time.Unix(-math.MaxInt64/int64(time.Second), 0),
		time.Date(2026, 1, 31, 19, 0, 0, 0, time.FixedZone("", 3600)), time.Unix(0, int64(r.Uint64())),
	} {
		out = append(out, t, t.Add(1), t.Add(-1), t.Add(time.Second), t.Add(-time.Second))
	}
	return out
}

// TestSpansOfTimes holds the places of times to their comparisons: no time is
// missed, and among those that have their own none is too many.
func TestSpansOfTimes(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 9))
	shared, own := 0, 0
	for range 50 {
		list := moments(r)
		for _, c := range list {
			c = c.Round(0) // constants have no monotonic clock
			_, exact := placeOfTime(c)
			for _, op := range comparisons {
				spans := comparedTime(op, c)
				for _, x := range list {
					place, _ := placeOfTime(x)
					want, got := compares(op, x.Compare(c), 0), includes(spans, place)
					switch {
					case exact:
						own++
						assert.Equal(t, want, got, "%v %d %v", x, op, c)
					case want:
						shared++
						assert.True(t, got, "%v %d %v", x, op, c)
					}
				}
			}
		}
	}
	assert.Positive(t, own)
	assert.Positive(t, shared)
}
