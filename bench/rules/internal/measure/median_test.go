package measure

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestMedian(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		values []float64
		want   float64
	}{
		{[]float64{7}, 7},
		{[]float64{1, 2}, 1.5},
		{[]float64{3, 1, 2}, 2},
		{[]float64{4, 1, 3, 2}, 2.5},
		{[]float64{1, 1, 1, 1000}, 1},
	} {
		assert.InDelta(t, c.want, Median(c.values), 0, "%v", c.values)
	}
	assert.True(t, math.IsNaN(Median(nil)))
	values := []float64{3, 1, 2}
	Median(values)
	assert.Equal(t, []float64{3, 1, 2}, values, "the values stay as they are")
}

// By its definition: no more than half of the values are below, and no more
// than half above.
func TestMedianIsInTheMiddle(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		values := make([]float64, 1+random.IntN(20))
		for i := range values {
			values[i] = float64(random.IntN(10))
		}
		below, above, median := 0, 0, Median(values)
		for _, v := range values {
			if v < median {
				below++
			}
			if v > median {
				above++
			}
		}
		assert.LessOrEqual(t, 2*below, len(values), "%v", values)
		assert.LessOrEqual(t, 2*above, len(values), "%v", values)
	}
}

// The machine was slow in the second round: the ratio of the medians would be
// 0.8.
func TestRatioIsOfTheRounds(t *testing.T) {
	t.Parallel()
	times := Times{"a": {50, 5000, 80}, "b": {100, 10_000, 100}}
	assert.InDelta(t, 0.5, times.Ratio("a", "b"), 1e-9)
	assert.InDelta(t, 2, times.Ratio("b", "a"), 1e-9)
	assert.InDelta(t, 80, times.Nanoseconds("a"), 0)
	assert.True(t, math.IsNaN(times.Ratio("nobody", "b")))
}
