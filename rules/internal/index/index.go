package index

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/afterword-go/afterword/rules/internal/eval"
)

// An Index finds the rules of a set that may fire or fail for an input. It never
// changes, and any number of goroutines may use it at once, each with a
// [Scratch] of its own.
type Index struct {
	root    *node
	nodes   []*node
	lists   lists
	hasher  hasher
	texts   []textField
	numbers []numberField
	lengths []lengthField
	values  int // of fields that are looked up
	ways    names
}

// What Only finds instead of a rule.
const (
	None = -1 - iota // no candidate
	Ask              // ask Find
)

// Only is Find for an index that is one table of whole texts. It needs no
// Scratch where there is one candidate at most, which it is then.
func (ix *Index) Only(in eval.Pointer) (rule int) {
	n := ix.root
	if len(n.exact) != 1 || len(ix.texts) != 1 || !n.onlyExact {
		return Ask
	}
	text, there := ix.texts[0].read(in)
	if there && len(text) > ix.texts[0].longest {
		return Ask
	}
	t := &n.exact[0]
	if !there || len(text) > t.longest {
		return None
	}
	switch to := t.find(ix.hasher.text(text)); {
	case to&kinds == 0:
		return int(to)
	case to == nothing:
		return None
	}
	return Ask
}

// A textField is a text that is read of each input.
type textField struct {
	slot    int // of its value; less than 0: it is not looked up
	read    func(eval.Pointer) (string, bool)
	longest int // beyond it, all rules are candidates
}

const unbounded = math.MaxInt

// A numberField is a number that is read of each input.
type numberField struct {
	slot int
	read func(eval.Pointer) (int64, bool)
}

// A lengthField is a list, or a text of all of its elements, whose length is
// read of each input.
type lengthField struct {
	read    func(eval.Pointer) int
	longest int // beyond it, all rules are candidates
}

// Describe says how a rule is found, in a few words such as "skillName: the
// whole text", "always: …" with the reason, or "never: …".
func (ix *Index) Describe(rule int) string { return ix.ways.get(rule) }

// Find looks for the candidates among the rules, which [Scratch.Next] has then.
// It declines where the input holds a text or list that is too long: all rules
// are candidates then, those included that are off.
func (ix *Index) Find(in eval.Pointer, s *Scratch) bool {
	if len(s.values) < ix.values {
		s.values = make([]value, ix.values)
	}
	for i := range ix.texts {
		f := &ix.texts[i]
		text, there := f.read(in)
		if there && len(text) > f.longest {
			return false
		}
		if f.slot >= 0 {
			v := &s.values[f.slot]
			v.text, v.to, v.there = text, 0, there
		}
	}
	for i := range ix.lengths {
		if f := &ix.lengths[i]; f.read(in) > f.longest {
			return false
		}
	}
	for i := range ix.numbers {
		f := &ix.numbers[i]
		number, there := f.read(in)
		v := &s.values[f.slot]
		v.number, v.there = number, there
	}
	s.begin()
	ix.look(ix.root, s)
	s.start()
	return true
}

// look adds the rules of a node that the input finds.
func (ix *Index) look(n *node, s *Scratch) {
	ix.take(n.rest, s)
	for i := range n.exact {
		t := &n.exact[i]
		if v := &s.values[t.field]; v.there && len(v.text) <= t.longest {
			ix.take(t.find(ix.hasher.text(v.text)), s)
		}
	}
	for i := range n.folded {
		t := &n.folded[i]
		if v := &s.values[t.field]; v.there {
			text := s.folded(v)
			ix.take(t.find(ix.hasher.bytes(text)), s)
		}
	}
	for i := range n.points {
		t := &n.points[i]
		if v := &s.values[t.field]; v.there {
			ix.take(t.find(ix.hasher.whole(v.number)), s)
		}
	}
	for i := range n.ranges {
		r := &n.ranges[i]
		if v := &s.values[r.field]; v.there {
			ix.lookRanges(r, v.number, s)
		}
	}
	for i := range n.holds {
		w := &n.holds[i]
		if v := &s.values[w.field]; v.there {
			ix.lookInto(w, s.folded(v), s)
		}
	}
}

func (ix *Index) lookRanges(r *ranges, number int64, s *Scratch) {
	at := r.segment(number)
	if r.bottom == 0 {
		ix.take(r.targets[at], s)
		return
	}
	for at += r.bottom; at > 0; at /= 2 {
		ix.take(r.targets[at], s)
	}
}

// mostHits is how many hits of windows are kept before doubles are dropped.
const mostHits = 64

// lookInto looks for windows in a folded text, which has room for a window
// behind its end.
func (ix *Index) lookInto(w *windows, text []byte, s *Scratch) {
	from := len(s.hits)
	kept := from
	for i := range w.sizes {
		of := &w.sizes[i]
		last := nothing
		padded := text[: len(text)+longestWindow : cap(text)]
		for at := 0; at+of.size <= len(text); at++ {
			hash := ix.hasher.window(binary.LittleEndian.Uint64(padded[at:]) & of.mask)
			bit := hash >> of.shift
			if of.filter[bit>>6]>>(bit&63)&1 == 0 {
				continue
			}
			hit := of.find(uint32(hash >> 32))
			if hit == nothing || hit == last {
				continue
			}
			last = hit
			if s.hits = append(s.hits, hit); len(s.hits) > 2*kept+mostHits {
				s.hits = distinct(s.hits, from)
				kept = len(s.hits)
			}
		}
	}
	s.hits = distinct(s.hits, from)
	for i := from; i < len(s.hits); i++ { // a node below may add hits and drop them
		ix.take(s.hits[i], s)
	}
	s.hits = s.hits[:from]
}

// distinct drops the doubles behind a place.
func distinct(hits []target, from int) []target {
	if len(hits)-from < 2 {
		return hits
	}
	slices.Sort(hits[from:])
	return hits[:from+len(slices.Compact(hits[from:]))]
}

// take adds what a target leads to.
func (ix *Index) take(t target, s *Scratch) {
	switch t & kinds {
	case 0:
		s.few = append(s.few, uint32(t))
	case isList:
		s.add(ix.lists.at(uint32(t &^ kinds)))
	case isNode:
		ix.look(ix.nodes[t&^kinds], s)
	}
}
