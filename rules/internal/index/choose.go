package index

import (
	"slices"
	"sort"
)

// A lookup is one way to look one field up.
type lookup struct {
	field int
	way   way
	texts int
	share rarity  // of texts: how many are the same
	cuts  []int64 // of numbers: where spans begin, and behind their ends
	users int     // entries that have chosen it
	dead  bool
}

// A level is a group of entries and how each is looked up.
type level struct {
	entries []entry
	depth   int
	lookups []*lookup // by field and way; nil: no entry has such an atom
	choice  []int     // by entry: which atom; less than 0: none
}

// mostShare is the share of inputs, as far as it can be guessed, that an atom
// may hit and still be of use.
const mostShare = 0.75

// least users of a lookup, below which it costs more than evaluating them.
func (w way) leastUsers() int {
	if w == holds {
		return 6
	}
	return 3
}

// choose chooses an atom for each entry: the one that the fewest inputs may
// hit. Rules with an entry for which there is none are not looked up.
func (m *maker) choose(entries []entry, depth int) *level {
	l := &level{entries: entries, depth: depth, choice: make([]int, len(entries)), lookups: make([]*lookup, len(m.fields)*int(ways))}
	m.survey(l)
	const rounds = 4
	for range rounds {
		for _, lookup := range l.lookups {
			if lookup != nil {
				lookup.users = 0
			}
		}
		for i := 0; i < len(entries); {
			i = m.chooseForRule(l, i)
		}
		if !l.drop() {
			break
		}
	}
	return l
}

// survey counts which atoms there are.
func (m *maker) survey(l *level) {
	for _, e := range l.entries {
		for i := range e.atoms {
			a := &e.atoms[i]
			at := &l.lookups[a.field*int(ways)+int(a.way)]
			if *at == nil {
				*at = &lookup{field: a.field, way: a.way}
			}
			(*at).texts += len(a.texts)
			for _, s := range a.spans {
				(*at).cuts = append((*at).cuts, s.from)
				if s.to != greatest {
					(*at).cuts = append((*at).cuts, s.to+1)
				}
			}
		}
	}
	for _, lookup := range l.lookups {
		if lookup != nil {
			slices.Sort(lookup.cuts)
			lookup.cuts = slices.Compact(lookup.cuts)
			lookup.share = newRarity(lookup.texts)
		}
	}
	for _, e := range l.entries {
		for i := range e.atoms {
			a := &e.atoms[i]
			for _, text := range a.texts {
				l.lookups[a.field*int(ways)+int(a.way)].share.add(m.hasher.text(text))
			}
		}
	}
}

// chooseForRule chooses for the entries of one rule, from i on, and returns
// where those of the next begin.
func (m *maker) chooseForRule(l *level, i int) int {
	end := i
	all := true
	for rule := l.entries[i].rule; end < len(l.entries) && l.entries[end].rule == rule; end++ {
		l.choice[end] = m.best(l, end)
		all = all && l.choice[end] >= 0
	}
	for ; i < end; i++ {
		if !all {
			l.choice[i] = -1
			continue
		}
		l.lookup(i).users++
	}
	return end
}

// lookup is the one that an entry has chosen.
func (l *level) lookup(i int) *lookup {
	a := &l.entries[i].atoms[l.choice[i]]
	return l.lookups[a.field*int(ways)+int(a.way)]
}

// best is the atom of the entry that the fewest inputs may hit.
func (m *maker) best(l *level, i int) int {
	best, least := -1, mostShare
	for at := range l.entries[i].atoms {
		a := &l.entries[i].atoms[at]
		lookup := l.lookups[a.field*int(ways)+int(a.way)]
		if lookup.dead {
			continue
		}
		share := m.share(a, lookup, len(l.entries))
		if share < least || share == least && best >= 0 && a.way < l.entries[i].atoms[best].way {
			best, least = at, share
		}
	}
	return best
}

// share guesses how many inputs an atom hits, as if inputs were like rules.
func (m *maker) share(a *atom, l *lookup, entries int) float64 {
	if a.way == within {
		covered := 0
		for _, s := range a.spans {
			from := sort.Search(len(l.cuts), func(i int) bool { return l.cuts[i] >= s.from })
			to := len(l.cuts)
			if s.to != greatest {
				to = sort.Search(len(l.cuts), func(i int) bool { return l.cuts[i] >= s.to+1 })
			}
			covered += to - from
		}
		return float64(covered) / float64(len(l.cuts)+1)
	}
	hits, short := 0, mostText
	for _, text := range a.texts {
		hits += l.share.count(m.hasher.text(text))
		short = min(short, len(text))
	}
	share := float64(hits) / float64(entries)
	if a.way == holds {
		share = max(share, shareOfShort(short))
	}
	return share
}

// shareOfShort is the share of texts, by rule of thumb, that hold a text of so
// many bytes.
func shareOfShort(length int) float64 {
	switch length {
	case 1:
		return 0.5
	case 2:
		return 0.2
	case 3:
		return 0.05
	}
	return 0
}

// drop gives up the lookups that too few entries have chosen, and tells whether
// there were any.
func (l *level) drop() bool {
	dropped := false
	for _, lookup := range l.lookups {
		if lookup != nil && !lookup.dead && lookup.users < lookup.way.leastUsers() {
			lookup.dead = true
			dropped = dropped || lookup.users > 0
		}
	}
	return dropped
}
