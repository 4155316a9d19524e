package index

import (
	"slices"
	"sort"
)

// ranges find rules by where a number lies. The numbers are cut into segments
// that no span begins or ends in.
type ranges struct {
	field int
	cuts  []int64 // where segments begin, but for the first
	// direct has the segment of each number from first on, if these are few.
	first  int64
	direct []uint32
	// targets are those of the segments; or, of a tree, those of its nodes: node
	// i has the nodes 2i and 2i+1 below it, and the segments lie at the bottom.
	targets []target
	bottom  int // of a tree; 0: it is none
}

const (
	mostDirect = 4096 // numbers of a small domain
	mostLists  = 8    // segments of a rule, on average, beyond which there is a tree
)

// A stretch is the segments of a span, both included, for an entry.
type stretch struct {
	from, to int
	entry    int
}

func (m *maker) ranges(l *level, by *lookup, chosen []int) ranges {
	out := ranges{field: m.slot(by.field)}
	for _, i := range chosen {
		for _, s := range l.atom(i).spans {
			if s.from != least {
				out.cuts = append(out.cuts, s.from)
			}
			if s.to != greatest {
				out.cuts = append(out.cuts, s.to+1)
			}
		}
	}
	slices.Sort(out.cuts)
	out.cuts = slices.Clip(slices.Compact(out.cuts))
	var stretches []stretch
	total := 0
	for _, i := range chosen {
		for _, s := range l.atom(i).spans {
			at := stretch{out.cut(s.from), out.cut(s.to), i}
			stretches = append(stretches, at)
			total += at.to - at.from + 1
		}
	}
	segments := len(out.cuts) + 1
	if total <= mostLists*len(chosen)+1024 {
		out.flat(m, l, stretches, total <= 2*len(chosen))
	} else {
		out.tree(m, l, stretches, segments)
	}
	out.makeDirect()
	return out
}

// flat gives each segment its own target.
func (r *ranges) flat(m *maker, l *level, stretches []stretch, divide bool) {
	found := make([][]int, len(r.cuts)+1)
	for _, s := range stretches {
		for at := s.from; at <= s.to; at++ {
			found[at] = append(found[at], s.entry)
		}
	}
	r.targets = m.targets(l, found, divide)
}

// tree stores each stretch at the few nodes that make it up.
func (r *ranges) tree(m *maker, l *level, stretches []stretch, segments int) {
	r.bottom = 1
	for r.bottom < segments {
		r.bottom *= 2
	}
	found := make([][]int, 2*r.bottom)
	for _, s := range stretches {
		from, to := s.from+r.bottom, s.to+r.bottom+1
		for ; from < to; from, to = from/2, to/2 {
			if from%2 == 1 {
				found[from] = append(found[from], s.entry)
				from++
			}
			if to%2 == 1 {
				to--
				found[to] = append(found[to], s.entry)
			}
		}
	}
	r.targets = m.targets(l, found, false)
}

// targets makes targets of entries that are in order, but may come twice.
func (m *maker) targets(l *level, found [][]int, divide bool) []target {
	out := make([]target, len(found))
	if !divide {
		whole := *l
		whole.depth = mostDepth
		l = &whole
	}
	for i, entries := range found {
		out[i] = nothing
		if entries = slices.Compact(entries); len(entries) > 0 {
			out[i] = m.target(l, entries)
		}
	}
	return out
}

// makeDirect makes the shortcut to the segments of a small domain.
func (r *ranges) makeDirect() {
	n := len(r.cuts)
	if n == 0 || uint64(r.cuts[n-1])-uint64(r.cuts[0]) >= mostDirect || r.cuts[n-1] == greatest {
		return
	}
	r.first = r.cuts[0] - 1
	for i := r.first; i <= r.cuts[n-1]; i++ {
		r.direct = append(r.direct, uint32(r.cut(i)))
	}
}

// cut is the segment of a number.
func (r *ranges) cut(number int64) int {
	return sort.Search(len(r.cuts), func(i int) bool { return r.cuts[i] > number })
}

// segment is the same by the shortcut.
func (r *ranges) segment(number int64) int {
	if r.direct == nil {
		return r.cut(number)
	}
	at := uint64(0)
	if number > r.first {
		at = min(uint64(number)-uint64(r.first), uint64(len(r.direct)-1))
	}
	return int(r.direct[at])
}
