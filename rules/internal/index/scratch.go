package index

import (
	"math/bits"
	"slices"
)

// A Scratch is what a search works with, and has its candidates. It is for one
// goroutine at a time. The zero value is ready, and is best used again.
type Scratch struct {
	values []value
	bytes  []byte // folded texts, each with room for a window behind it
	hits   []target

	few   []uint32   // candidates in any order
	lists [][]uint32 // candidates in order

	batch []uint32 // what Next has, from at on
	at    int
	// Where there are more than one list, they are merged a stretch of rules at a
	// time: a bit for each rule from base on, and one for each word of bits.
	base   uint32
	words  uint64
	window [64]uint64
	buffer [64]uint32
}

// A value is the value of a field.
type value struct {
	text     string
	number   int64
	from, to int // of the folded text in bytes; 0: it is not folded yet
	there    bool
}

// fewOfList is the length up to which a list counts as a few candidates.
const fewOfList = 8

// Clear lets go of the input.
func (s *Scratch) Clear() {
	clear(s.values)
	s.begin()
	s.batch, s.at = nil, 0
}

func (s *Scratch) begin() {
	s.bytes, s.hits, s.few, s.lists = s.bytes[:0], s.hits[:0], s.few[:0], s.lists[:0]
	for ; s.words != 0; s.words &= s.words - 1 { // the last search was not ended
		s.window[bits.TrailingZeros64(s.words)] = 0
	}
}

// folded is the folded text of a value, with room for a window behind it.
func (s *Scratch) folded(v *value) []byte {
	if v.to == 0 {
		if len(s.bytes) == 0 {
			s.bytes = append(s.bytes, 0) // so that 0 is no end
		}
		v.from = len(s.bytes)
		s.bytes = fold(s.bytes, v.text)
		v.to = len(s.bytes)
		s.bytes = append(s.bytes, 0, 0, 0, 0, 0, 0, 0, 0)
	}
	return s.bytes[v.from:v.to]
}

// add adds rules in order.
func (s *Scratch) add(rules []uint32) {
	if len(rules) <= fewOfList {
		s.few = append(s.few, rules...)
		return
	}
	s.lists = append(s.lists, rules)
}

// start begins with what was found.
func (s *Scratch) start() {
	s.at = 0
	if len(s.few) > 1 {
		slices.Sort(s.few)
		s.few = slices.Compact(s.few)
	}
	switch {
	case len(s.lists) == 0:
		s.batch = s.few
	case len(s.lists) == 1 && len(s.few) == 0:
		s.batch = s.lists[0]
		s.lists = s.lists[:0]
	default:
		s.batch = nil
		if len(s.few) > 0 {
			s.lists = append(s.lists, s.few)
		}
	}
}

// Next is the next candidate, in the order of the rules, each once. Ok says
// that there is one.
func (s *Scratch) Next() (rule int, ok bool) {
	if s.at == len(s.batch) && !s.more() {
		return 0, false
	}
	rule = int(s.batch[s.at])
	s.at++
	return rule, true
}

// more makes the next batch, of a word of bits.
func (s *Scratch) more() bool {
	if s.words == 0 && !s.merge() {
		return false
	}
	at := bits.TrailingZeros64(s.words)
	s.words &= s.words - 1
	first := s.base + uint32(at)*64
	n := 0
	for word := s.window[at]; word != 0; word &= word - 1 {
		s.buffer[n] = first + uint32(bits.TrailingZeros64(word))
		n++
	}
	s.window[at] = 0
	s.batch, s.at = s.buffer[:n], 0
	return true
}

// merge sets the bits of the next stretch that has any.
func (s *Scratch) merge() bool {
	if len(s.lists) == 0 {
		return false
	}
	first := uint32(1<<32 - 1)
	for _, list := range s.lists {
		first = min(first, list[0])
	}
	s.base = first &^ 4095
	left := s.lists[:0]
	for _, list := range s.lists {
		i := 0
		for ; i < len(list) && list[i]-s.base < 4096; i++ {
			bit := list[i] - s.base
			s.window[bit>>6] |= 1 << (bit & 63)
			s.words |= 1 << (bit >> 6)
		}
		if i < len(list) {
			left = append(left, list[i:])
		}
	}
	s.lists = left
	return true
}
