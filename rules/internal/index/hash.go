package index

import (
	"hash/maphash"
	"math/bits"
	"math/rand/v2"
)

// A hasher makes hashes that nobody outside can foresee. Two keys of one hash
// are one key to an index.
type hasher struct {
	seed maphash.Seed
	a, b uint64 // b is odd
}

func newHasher() hasher {
	return hasher{seed: maphash.MakeSeed(), a: rand.Uint64(), b: rand.Uint64() | 1}
}

func (h *hasher) text(s string) uint32  { return uint32(maphash.String(h.seed, s)) }
func (h *hasher) bytes(b []byte) uint32 { return uint32(maphash.Bytes(h.seed, b)) }

func (h *hasher) whole(n int64) uint32 { return uint32(h.window(uint64(n))) }

// window is the hash of a few bytes, of which the first 32 bits are a key.
func (h *hasher) window(w uint64) uint64 {
	high, low := bits.Mul64(w^h.a, h.b)
	return high ^ low
}

// A table finds a target by a hash. At least half of its slots are empty.
type table struct{ slots []slot }

type slot struct {
	hash   uint32
	target target
}

func newTable(keys int) table {
	size := 4
	for size < 2*keys {
		size *= 2
	}
	t := table{make([]slot, size)}
	for i := range t.slots {
		t.slots[i].target = nothing
	}
	return t
}

// put adds a hash that is not there yet.
func (t *table) put(hash uint32, to target) {
	mask := uint32(len(t.slots) - 1)
	i := hash & mask
	for t.slots[i].target != nothing {
		i = (i + 1) & mask
	}
	t.slots[i] = slot{hash, to}
}

func (t *table) find(hash uint32) target {
	for i := hash; ; i++ {
		s := &t.slots[i&uint32(len(t.slots)-1)]
		if s.hash == hash || s.target == nothing {
			return s.target
		}
	}
}
