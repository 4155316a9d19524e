package measure

import (
	"slices"
	"sync/atomic"
)

// kept takes what contestants return.
var kept atomic.Uint64

func keep(sum uint64) { kept.Store(sum) }

// Spin counts, and reads no memory.
func Spin(count int) uint64 {
	n := uint64(count) | 1
	for range count {
		n ^= n << 13
		n ^= n >> 7
		n ^= n << 17
	}
	return n
}

// busyAbove is the unrest of a machine that does something else besides.
const busyAbove = 1.08

// Unrest is 1 on a machine that does nothing else. It is how many times as long
// as at its best the loop that goes along took in its median round, or by the
// clock, whichever is more.
func (t Times) Unrest() float64 {
	return max(Median(t[spin])/slices.Min(t[spin]), Median(t[waited]))
}

// Busy tells whether the machine did something else besides.
func (t Times) Busy() bool { return t.Unrest() > busyAbove }
