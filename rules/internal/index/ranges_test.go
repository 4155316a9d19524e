package index

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules/internal/eval"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// TestRangesFindWhatTheyHold holds segments, trees and tables of numbers to a
// look at one span after the other.
func TestRangesFindWhatTheyHold(t *testing.T) {
	t.Parallel()
	b := newWorkbench(t)
	var s Scratch
	kinds := map[string]int{}
	for seed := range 40 {
		r := rand.New(rand.NewPCG(uint64(seed), 7))
		ends := []int64{math.MinInt64 + 1, -5, 0, 3, math.MaxInt64 - 1, math.MaxInt64}
		span := int64(1) << (3 + r.IntN(20))
		n := 10 << r.IntN(6)
		var builder Builder
		var froms, tos []int64
		for i := range n {
			from := r.Int64N(span)
			to := from
			switch {
			case seed%3 > 0:
				to = from + r.Int64N(span)
			case r.IntN(50) == 0:
				from, to = math.MinInt64+1, ends[r.IntN(len(ends))]
			}
			froms, tos = append(froms, from), append(tos, to)
			builder.Add(i, []*tree.Node{b.tree(fmt.Sprintf("total in %d..%d", from, max(from, to)))})
		}
		ix := builder.Build()
		require.NotNil(t, ix)
		kinds[kindOfNumbers(ix)]++
		for range 200 {
			number := r.Int64N(2*span) - span/2
			if r.IntN(10) == 0 {
				number = []int64{math.MinInt64, math.MaxInt64, froms[r.IntN(n)] - 1, tos[r.IntN(n)]}[r.IntN(4)]
			}
			var want []int
			for i := range n {
				if froms[i] <= number && number <= max(froms[i], tos[i]) {
					want = append(want, i)
				}
			}
			got := slices.DeleteFunc(found(ix, &input{Total: int(number)}, &s), func(rule int) bool {
				return strings.HasPrefix(ix.Describe(rule), "always") && !slices.Contains(want, rule)
			})
			require.True(t, slices.Equal(want, got), "seed %d, %d: %v, want %v", seed, number, got, want)
		}
	}
	assert.Len(t, kinds, 4, "%v", kinds)
}

func kindOfNumbers(ix *Index) string {
	switch {
	case len(ix.root.points) > 0:
		return "points"
	case ix.root.ranges[0].bottom > 0:
		return "tree"
	case ix.root.ranges[0].direct != nil:
		return "direct"
	}
	return "segments"
}

func TestNumbersAtTheEnds(t *testing.T) {
	t.Parallel()
	b := newWorkbench(t)
	var rules []string
	for _, op := range []string{"==", "<", "<=", ">", ">="} {
		for _, c := range []string{"9223372036854775807", "-9223372036854775807", "9223372036854775806"} {
			rules = append(rules, fmt.Sprintf("total %s %s", op, c), fmt.Sprintf("not (total %s %s)", op, c))
		}
	}
	ix := b.index(rules...)
	require.NotNil(t, ix)
	var s Scratch
	for _, number := range []int{math.MinInt64, math.MinInt64 + 1, math.MinInt64 + 2, 0, math.MaxInt64 - 2, math.MaxInt64 - 1, math.MaxInt64} {
		in := &input{Total: number}
		candidates := found(ix, in, &s)
		for i, rule := range rules {
			direct, ok := eval.DirectOf(b.tree(rule))
			require.True(t, ok)
			if direct.Holds(eval.PointerTo(in)) == eval.Holds {
				assert.Contains(t, candidates, i, "%s for %d", rule, number)
			}
		}
	}
}

func TestSpans(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []span{{1, 5}, {7, 9}}, joined([]span{{7, 9}, {1, 2}, {3, 5}, {2, 4}}))
	assert.Equal(t, []span{{1, greatest}}, joined([]span{{5, 6}, {1, greatest}}))
	assert.Equal(t, []span{{2, 3}, {5, 5}, {8, 9}}, overlap([]span{{1, 3}, {5, 9}}, []span{{2, 5}, {8, 12}}))
	assert.Empty(t, overlap([]span{{1, 3}}, []span{{4, 9}}))
	assert.Equal(t, []span{{least, 1}, {4, 6}, {8, greatest}}, rest([]span{{2, 3}, {7, 7}}))
	assert.Equal(t, []span{{2, 3}}, rest([]span{{least, 1}, {4, greatest}}))
	assert.Equal(t, []span{{least, greatest}}, rest(nil))
	assert.Empty(t, rest([]span{{least, greatest}}))
}
