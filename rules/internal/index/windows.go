package index

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// windows find rules by texts that a text holds. Of each such text a few bytes
// in a row are looked for, a window, wherever the text may hold it: of its
// windows the one that the fewest texts share. So a text is looked at once, for
// any number of rules.
type windows struct {
	field int
	sizes []windowsOf
}

// windowsOf are windows of so many bytes.
type windowsOf struct {
	size   int
	mask   uint64
	filter []uint64 // a bit for the first bits of each hash
	shift  int
	table
}

// longestWindow is the size of windows; shorter texts have shorter ones.
const longestWindow = 8

// mostLooked bounds how much of a text is searched for a rare window.
const mostLooked = 64

// sizeOf is the size of the window of a text.
func sizeOf(text string) int {
	switch n := len(text); {
	case n >= longestWindow:
		return longestWindow
	case n >= 4:
		return 4
	default:
		return n
	}
}

func (m *maker) windows(l *level, by *lookup, chosen []int) windows {
	var bySize [longestWindow + 1][]int
	for _, i := range chosen {
		var seen [longestWindow + 1]bool
		for _, text := range l.atom(i).texts {
			if size := sizeOf(text); !seen[size] {
				seen[size] = true
				bySize[size] = append(bySize[size], i)
			}
		}
	}
	out := windows{field: m.slot(by.field)}
	for size, entries := range bySize {
		if len(entries) > 0 {
			out.sizes = append(out.sizes, m.windowsOf(size, l, entries))
		}
	}
	return out
}

func (m *maker) windowsOf(size int, l *level, entries []int) windowsOf {
	out := windowsOf{size: size, mask: 1<<(8*size) - 1}
	if size == 8 {
		out.mask = 1<<64 - 1
	}
	each := func(do func(entry int, text string)) {
		for _, i := range entries {
			for _, text := range l.atom(i).texts {
				if sizeOf(text) == size {
					do(i, text)
				}
			}
		}
	}
	total := 0
	each(func(_ int, text string) { total += min(len(text), mostLooked) - size + 1 })
	rare := newRarity(total)
	each(func(_ int, text string) {
		for window := range windowsIn(text, size) {
			rare.add(uint32(m.hasher.window(window) >> 32))
		}
	})
	var pairs []pair
	each(func(i int, text string) {
		pairs = append(pairs, pairOf(uint32(m.rarest(rare, text, size)>>32), i))
	})
	out.table = m.table(l, pairs)
	out.makeFilter()
	return out
}

// windowsIn yields the windows at the beginning of a text.
func windowsIn(text string, size int) func(func(uint64) bool) {
	return func(yield func(uint64) bool) {
		for i := 0; i+size <= min(len(text), mostLooked); i++ {
			var b [8]byte
			copy(b[:], text[i:i+size])
			if !yield(binary.LittleEndian.Uint64(b[:])) {
				return
			}
		}
	}
}

// rarest is the hash of the window of a text that is the rarest, the last of
// these.
func (m *maker) rarest(rare rarity, text string, size int) uint64 {
	best, least := uint64(0), math.MaxInt
	for window := range windowsIn(text, size) {
		hash := m.hasher.window(window)
		if n := rare.count(uint32(hash >> 32)); n <= least {
			best, least = hash, n
		}
	}
	return best
}

// A rarity counts hashes, roughly: each in two places, of which the smaller
// count is nearer. It never counts too few.
type rarity []uint32

func newRarity(total int) rarity {
	size := 64
	for size < 4*total && size < 1<<21 {
		size *= 2
	}
	return make(rarity, size)
}

func (r rarity) places(hash uint32) (one, other uint32) {
	mask := uint32(len(r) - 1)
	return hash & mask, bits.RotateLeft32(hash, 16) & mask
}

func (r rarity) add(hash uint32) {
	one, other := r.places(hash)
	r[one]++
	if other != one {
		r[other]++
	}
}

func (r rarity) count(hash uint32) int {
	one, other := r.places(hash)
	return int(min(r[one], r[other]))
}

// makeFilter sets a bit for each key, among 32 or more for one.
func (w *windowsOf) makeFilter() {
	width := 6
	for 1<<width < 16*len(w.slots) {
		width++
	}
	w.shift = 64 - width
	w.filter = make([]uint64, 1<<(width-6))
	for _, s := range w.slots {
		if s.target != nothing {
			bit := uint64(s.hash) << 32 >> w.shift
			w.filter[bit>>6] |= 1 << (bit & 63)
		}
	}
}
