package logic

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// TestSpansAreSets compares sets of spans with sets of few numbers.
func TestSpansAreSets(t *testing.T) {
	t.Parallel()
	points := []int64{math.MinInt64, math.MinInt64 + 1, -2, -1, 0, 1, 2, 3, math.MaxInt64 - 1, math.MaxInt64}
	has := func(s spans, x int64) bool { return len(s.and(only(x))) > 0 }
	random := rand.New(rand.NewPCG(1, 1))
	some := func() spans {
		out := spans{}
		for range random.IntN(4) {
			a, b := points[random.IntN(len(points))], points[random.IntN(len(points))]
			out = out.or(spans{{min(a, b), max(a, b)}})
		}
		return out
	}
	for range 2000 {
		a, b := some(), some()
		for _, x := range points {
			assert.Equal(t, has(a, x) && has(b, x), has(a.and(b), x))
			assert.Equal(t, has(a, x) || has(b, x), has(a.or(b), x))
			assert.Equal(t, !has(a, x), has(a.not(), x))
			assert.Equal(t, x > 0, has(above(0), x))
			assert.Equal(t, x < 0, has(below(0), x))
		}
	}
	assert.Empty(t, above(math.MaxInt64))
	assert.Empty(t, below(math.MinInt64))
	assert.Equal(t, spans{{1, 3}, {7, 7}}, among([]int64{3, 1, 2, 2, 7}))
}

// TestPlacesKeepTheOrder wants numbers with a fraction in their order, with no
// place between two that follow one another.
func TestPlacesKeepTheOrder(t *testing.T) {
	t.Parallel()
	list := []float64{math.Inf(-1), -math.MaxFloat64, -2.5, -1, -math.SmallestNonzeroFloat64, 0, math.SmallestNonzeroFloat64, 1, 2.5, math.MaxFloat64, math.Inf(1)}
	for i, x := range list[1:] {
		assert.Less(t, PlaceOf(list[i]), PlaceOf(x))
		assert.Equal(t, PlaceOf(x)-1, PlaceOf(math.Nextafter(x, math.Inf(-1))))
	}
	assert.Equal(t, PlaceOf(0), PlaceOf(math.Copysign(0, -1)))
	assert.Less(t, PlaceOf(math.Inf(1)), int64(notANumber))
}

// TestFunctionsOfTextsChangeNothingTwice holds for every letter what the limits
// of lower, upper and trim rely on.
func TestFunctionsOfTextsChangeNothingTwice(t *testing.T) {
	t.Parallel()
	for r := rune(0); r <= unicode.MaxRune; r++ {
		for _, f := range []func(string) string{strings.ToLower, strings.ToUpper} {
			if once := f(string(r)); once != f(once) {
				t.Errorf("%U", r)
			}
		}
	}
}

// TestKeysOfFormulasTellTextsApart wants no text in a formula to read like
// another part of it.
func TestKeysOfFormulasTellTextsApart(t *testing.T) {
	t.Parallel()
	var s Space
	r := s.read(".a", func(r *Read) { r.text = true })
	holds := func(part string) *Formula { return passes(r, textTest(tree.Contains, part)) }
	seen := map[string]bool{}
	for _, f := range []*Formula{
		Not(holds("a")), holds("a!"), holds("b and .acontains c"), And(holds("b"), holds("c")), Or(holds("b"), holds("c")),
		holds("b or .acontains c"), isOneOf(r, []string{"contains a"}), holds("a"), isOneOf(r, []string{"a"}),
	} {
		assert.False(t, seen[f.key()], f.key())
		seen[f.key()] = true
	}
}
