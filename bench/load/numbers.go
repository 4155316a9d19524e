package main

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// percentile is the least of sorted values that a share of them, from 0 to 1,
// does not exceed (nearest rank). It is zero without values.
func percentile[T any](sorted []T, share float64) T {
	if len(sorted) == 0 {
		var none T
		return none
	}
	rank := int(math.Ceil(share * float64(len(sorted))))
	return sorted[min(max(rank, 1), len(sorted))-1]
}

// median is the middle of values, the lower one of two.
func median[T cmp.Ordered](values []T) T {
	return percentile(slices.Sorted(slices.Values(values)), 0.5)
}

// Figures are what a contestant did in one round, or in the median of several.
type figures struct {
	rate            float64 // requests per second
	p50, p99, p99_9 time.Duration
}

// figuresOf sums up the latencies of a round, and sorts them.
func figuresOf(latencies []time.Duration, span time.Duration) figures {
	slices.Sort(latencies)
	return figures{
		rate: float64(len(latencies)) / span.Seconds(),
		p50:  percentile(latencies, 0.5), p99: percentile(latencies, 0.99), p99_9: percentile(latencies, 0.999),
	}
}

// middle is the median of each figure by itself.
func middle(rounds []figures) figures {
	return figures{
		rate:  median(each(rounds, func(f figures) float64 { return f.rate })),
		p50:   median(each(rounds, func(f figures) time.Duration { return f.p50 })),
		p99:   median(each(rounds, func(f figures) time.Duration { return f.p99 })),
		p99_9: median(each(rounds, func(f figures) time.Duration { return f.p99_9 })),
	}
}

// ratio is the median of the ratios round by round: what slows down the whole
// machine for a while slows down both.
func ratio(rounds, bare []figures) float64 {
	ratios := make([]float64, len(rounds))
	for i := range rounds {
		ratios[i] = rounds[i].rate / bare[i].rate
	}
	return median(ratios)
}

func each[F, T any](all []F, of func(F) T) []T {
	out := make([]T, len(all))
	for i, f := range all {
		out[i] = of(f)
	}
	return out
}
