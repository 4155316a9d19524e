package main

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestPercentile(t *testing.T) {
	t.Parallel()
	thousand := make([]int, 1000)
	for i := range thousand {
		thousand[i] = i + 1
	}
	for _, c := range []struct {
		values []int
		share  float64
		want   int
	}{
		{nil, 0.5, 0},
		{[]int{7}, 0, 7},
		{[]int{7}, 0.5, 7},
		{[]int{7}, 1, 7},
		{[]int{1, 2}, 0.5, 1},
		{[]int{1, 2}, 0.51, 2},
		{[]int{1, 2, 3}, 0.5, 2},
		{[]int{1, 2, 3, 4}, 0.99, 4},
		{thousand, 0, 1},
		{thousand, 0.5, 500},
		{thousand, 0.99, 990},
		{thousand, 0.999, 999},
		{thousand, 1, 1000},
	} {
		assert.Equal(t, c.want, percentile(c.values, c.share), "%v of %d values", c.share, len(c.values))
	}
}

// By its definition: at least the share of all values does not exceed it, and
// that is so of no smaller value.
func TestPercentileIsAsDefined(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		values := make([]int, 1+random.IntN(60))
		for i := range values {
			values[i] = random.IntN(20)
		}
		slices.Sort(values)
		share := random.Float64()
		within := func(limit int) float64 {
			n := 0
			for _, v := range values {
				if v <= limit {
					n++
				}
			}
			return float64(n) / float64(len(values))
		}
		have := percentile(values, share)
		assert.GreaterOrEqual(t, within(have), share, "%v of %v", share, values)
		for _, v := range values {
			if v < have {
				assert.Less(t, within(v), share, "%v of %v", share, values)
			}
		}
	}
}

func TestMedian(t *testing.T) {
	t.Parallel()
	values := []float64{3, 1, 2}
	assert.InDelta(t, 2, median(values), 0)
	assert.Equal(t, []float64{3, 1, 2}, values, "the values stay as they are")
	assert.Equal(t, 2, median([]int{4, 1, 3, 2}))
	assert.Zero(t, median[int](nil))
}

func TestFigures(t *testing.T) {
	t.Parallel()
	var latencies []time.Duration
	for i := 2000; i > 0; i-- {
		latencies = append(latencies, time.Duration(i))
	}
	assert.Equal(t, figures{rate: 4000, p50: 1000, p99: 1980, p99_9: 1998}, figuresOf(latencies, 500*time.Millisecond))
	assert.Zero(t, figuresOf(nil, time.Second))
}

func TestMiddleIsOfEachFigureByItself(t *testing.T) {
	t.Parallel()
	rounds := []figures{{1, 30, 5, 5}, {2, 10, 9, 6}, {3, 20, 7, 7}}
	assert.Equal(t, figures{2, 20, 7, 6}, middle(rounds))
}

func TestRatioIsOfTheRounds(t *testing.T) {
	t.Parallel()
	at := func(rates ...float64) []figures {
		return each(rates, func(rate float64) figures { return figures{rate: rate} })
	}
	// The machine was slow in the second round: by the medians it would be 0.8.
	assert.InDelta(t, 0.5, ratio(at(50, 5, 80), at(100, 10, 100)), 1e-9)
	assert.InDelta(t, 2, ratio(at(20), at(10)), 1e-9)
	assert.True(t, math.IsNaN(ratio(at(0), at(0))), "nothing was measured")
}
