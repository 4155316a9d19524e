package index

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestMerge merges lists of every length, and now and then stops early.
func TestMerge(t *testing.T) {
	t.Parallel()
	var s Scratch
	for seed := range 2000 {
		r := rand.New(rand.NewPCG(uint64(seed), 3))
		s.begin()
		var want []uint32
		for range r.IntN(6) {
			var list []uint32
			for range 1 + r.IntN(1<<r.IntN(9)) {
				list = append(list, uint32(r.IntN(64<<r.IntN(12))))
			}
			slices.Sort(list)
			list = slices.Compact(list)
			want = append(want, list...)
			kept := slices.Clone(list)
			s.add(list)
			require.Equal(t, kept, list)
		}
		slices.Sort(want)
		want = slices.Compact(want)
		stop := len(want)
		if r.IntN(3) == 0 {
			stop = r.IntN(len(want) + 1)
		}
		s.start()
		for _, rule := range want[:stop] {
			got, ok := s.Next()
			require.True(t, ok)
			require.EqualValues(t, rule, got)
		}
		if stop == len(want) {
			for range 2 {
				_, ok := s.Next()
				require.False(t, ok)
			}
		}
		if r.IntN(2) == 0 {
			s.Clear()
			_, ok := s.Next()
			require.False(t, ok)
		}
	}
}
