package index

import "slices"

// The bounds of what is taken out of one rule's condition.
const (
	mostAlternatives = 32
	mostAtoms        = 8
	mostKeys         = 1024 // texts or spans of one atom
)

// A way is how an atom looks a field up.
type way uint8

const (
	exact  way = iota // the text is one of texts
	folded            // the folded text is one of texts
	holds             // the folded text holds one of texts
	within            // the number lies in one of spans
	ways
)

// An atom is a part of a condition that can be looked up.
type atom struct {
	field int
	way   way
	texts []string
	spans []span // in order, apart from one another
}

func (a *atom) keys() int { return len(a.texts) + len(a.spans) }

// A cover says when a condition may hold: when all atoms of one of any hit. A
// condition of which it is not known may always hold.
//
// When a known cover does not hit, the condition is false and does not fail.
type cover struct {
	known bool
	any   [][]atom
}

func never() cover { return cover{known: true} }

// slabs make covers.
type slabs struct {
	alternatives slab[[]atom]
	atoms        slab[atom]
	texts        slab[string]
	spans        slab[span]
}

// one is the cover of a single atom.
func (s *slabs) one(a atom) cover {
	switch {
	case a.keys() > mostKeys:
		return cover{}
	case a.keys() == 0:
		return never()
	}
	room := s.atoms.take(a, atom{}) // for another, as most have
	return cover{known: true, any: s.alternatives.take(room[:1])}
}

func (c cover) keys() int {
	n := 0
	for _, atoms := range c.any {
		for i := range atoms {
			n += atoms[i].keys()
		}
	}
	return n
}

// and covers two conditions that must both hold.
func (c cover) and(d cover) cover {
	switch {
	case !c.known:
		return d
	case !d.known:
		return c
	case len(c.any)*len(d.any) > mostAlternatives, c.keys()*len(d.any)+d.keys()*len(c.any) > 2*mostKeys:
		if len(d.any) < len(c.any) {
			return d
		}
		return c
	case len(c.any) == 1 && len(d.any) == 1: // the usual case
		if !fits(&c.any[0], d.any[0]) {
			return never()
		}
		return c
	}
	out := never()
	for _, a := range c.any {
		for _, b := range d.any {
			both := slices.Clone(a)
			if fits(&both, b) {
				out.any = append(out.any, both)
			}
		}
	}
	return out
}

// fits adds atoms to others that must hit as well, and tells whether all of
// them can.
func fits(atoms *[]atom, more []atom) bool {
	for _, b := range more {
		i := slices.IndexFunc(*atoms, func(a atom) bool { return b.way == within && a.way == within && a.field == b.field })
		switch {
		case i >= 0:
			(*atoms)[i].spans = overlap((*atoms)[i].spans, b.spans)
			if len((*atoms)[i].spans) == 0 {
				return false
			}
		case len(*atoms) < mostAtoms:
			*atoms = append(*atoms, b)
		}
	}
	return true
}

// or covers two conditions of which one must hold.
func (c cover) or(d cover) cover {
	if !c.known || !d.known {
		return cover{}
	}
	for _, b := range d.any {
		if !c.merge(b) {
			c.any = append(c.any, b)
		}
	}
	if len(c.any) > mostAlternatives || c.keys() > mostAtoms*mostKeys {
		return cover{}
	}
	return c
}

// merge takes one atom into another that looks the same field up in the same
// way: x is one of these, or one of those. What an alternative of one atom holds
// is no other's.
func (c cover) merge(b []atom) bool {
	if len(b) != 1 {
		return false
	}
	for _, a := range c.any {
		if len(a) != 1 || a[0].field != b[0].field || a[0].way != b[0].way {
			continue
		}
		a[0].texts = append(a[0].texts, b[0].texts...)
		if a[0].way == within {
			a[0].spans = joined(append(a[0].spans, b[0].spans...))
		}
		return true
	}
	return false
}
