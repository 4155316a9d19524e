package index

import "slices"

// A maker makes the nodes of an index.
type maker struct {
	fields []field
	slots  map[int]int // of the fields that are looked up: where their values are
	hasher hasher
	lists  lists
	nodes  []*node
	ways   *names
}

// A node finds the rules of a group. Several of its parts may find the same
// rule.
type node struct {
	rest   target // those that are always found
	exact  []textTable
	folded []textTable
	holds  []windows
	points []numberTable
	ranges []ranges

	onlyExact bool // there is nothing but exact
}

// A textTable finds rules by what a text is.
type textTable struct {
	field   int
	longest int // text that is to be found
	table
}

// A numberTable finds rules by what a number is.
type numberTable struct {
	field int
	table
}

// The bounds of dividing a group further.
const (
	leastGroup = 64
	mostDepth  = 3
)

// node makes a node of entries, and tells how many rules it can leave out. Below
// another, it is nil if these are too few.
func (m *maker) node(entries []entry, depth int) (*node, int) {
	l := m.choose(entries, depth)
	var rest []uint32
	byLookup := make([][]int, len(l.lookups))
	placed := 0
	for i := 0; i < len(entries); i++ {
		if l.choice[i] < 0 {
			rest = append(rest, entries[i].rule)
			continue
		}
		a := &entries[i].atoms[l.choice[i]]
		at := a.field*int(ways) + int(a.way)
		byLookup[at] = append(byLookup[at], i)
		if i == 0 || entries[i].rule != entries[i-1].rule {
			placed++
		}
	}
	if depth > 0 && placed <= len(entries)/4 {
		return nil, 0
	}
	if depth == 0 {
		m.describe(l)
	}
	n := &node{rest: nothing}
	if rest = slices.Compact(rest); len(rest) > 0 {
		n.rest = m.lists.add(rest)
	}
	for at, chosen := range byLookup {
		if len(chosen) > 0 {
			m.part(n, l, l.lookups[at], chosen)
		}
	}
	n.onlyExact = n.rest == nothing && len(n.folded)+len(n.holds)+len(n.points)+len(n.ranges) == 0
	return n, placed
}

// slot is where the value of a field is when it is looked up.
func (m *maker) slot(field int) int {
	at, known := m.slots[field]
	if !known {
		if m.slots == nil {
			m.slots = map[int]int{}
		}
		at = len(m.slots)
		m.slots[field] = at
	}
	return at
}

// part adds to a node what finds the chosen entries, all by one lookup.
func (m *maker) part(n *node, l *level, by *lookup, chosen []int) {
	switch by.way {
	case exact:
		n.exact = append(n.exact, m.textTable(l, by, chosen))
	case folded:
		n.folded = append(n.folded, m.textTable(l, by, chosen))
	case holds:
		n.holds = append(n.holds, m.windows(l, by, chosen))
	case within:
		m.numbers(n, l, by, chosen)
	}
}

// atom is what an entry has chosen.
func (l *level) atom(i int) *atom { return &l.entries[i].atoms[l.choice[i]] }

// A pair is a key, by its hash, and an entry that it finds, by its number.
type pair uint64

func pairOf(hash uint32, entry int) pair { return pair(hash)<<32 | pair(entry) }
func (p pair) hash() uint32              { return uint32(p >> 32) }
func (p pair) entry() int                { return int(uint32(p)) }

func (m *maker) textTable(l *level, by *lookup, chosen []int) textTable {
	out := textTable{field: m.slot(by.field)}
	pairs := make([]pair, 0, len(chosen))
	for _, i := range chosen {
		for _, text := range l.atom(i).texts {
			pairs = append(pairs, pairOf(m.hasher.text(text), i))
			out.longest = max(out.longest, len(text))
		}
	}
	out.table = m.table(l, pairs)
	return out
}

// table makes a table of pairs.
func (m *maker) table(l *level, pairs []pair) table {
	slices.Sort(pairs)
	pairs = slices.Compact(pairs)
	keys := 0
	for i := range pairs {
		if i == 0 || pairs[i].hash() != pairs[i-1].hash() {
			keys++
		}
	}
	out := newTable(keys)
	var found []int
	for from := 0; from < len(pairs); {
		found = found[:0]
		to := from
		for ; to < len(pairs) && pairs[to].hash() == pairs[from].hash(); to++ {
			found = append(found, pairs[to].entry())
		}
		out.put(pairs[from].hash(), m.target(l, found))
		from = to
	}
	return out
}

// target is what leads to entries, which are in order: a node of their own, if
// they are many that can be divided by what else they ask for.
func (m *maker) target(l *level, found []int) target {
	if len(found) >= leastGroup && l.depth < mostDepth {
		if n, _ := m.node(l.without(found), l.depth+1); n != nil {
			m.nodes = append(m.nodes, n)
			return isNode | target(len(m.nodes)-1)
		}
	}
	rules := make([]uint32, 0, len(found))
	for _, i := range found {
		if rule := l.entries[i].rule; len(rules) == 0 || rules[len(rules)-1] != rule {
			rules = append(rules, rule)
		}
	}
	return m.lists.add(rules)
}

// without are entries without what they were found by.
func (l *level) without(found []int) []entry {
	out := make([]entry, len(found))
	for k, i := range found {
		out[k].rule = l.entries[i].rule
		if atoms := l.entries[i].atoms; len(atoms) > 1 {
			out[k].atoms = slices.Delete(slices.Clone(atoms), l.choice[i], l.choice[i]+1)
		}
	}
	return out
}

// numbers adds what finds the chosen entries by a number: a table if they ask
// for single numbers, and for many of them; else ranges.
func (m *maker) numbers(n *node, l *level, by *lookup, chosen []int) {
	const fewPoints = 256
	var pairs []pair
	var rest []int
	for _, i := range chosen {
		spans := l.atom(i).spans
		if slices.ContainsFunc(spans, func(s span) bool { return s.from != s.to }) {
			rest = append(rest, i)
			continue
		}
		for _, s := range spans {
			pairs = append(pairs, pairOf(m.hasher.whole(s.from), i))
		}
	}
	if len(pairs) <= fewPoints || len(by.cuts) <= fewPoints {
		n.ranges = append(n.ranges, m.ranges(l, by, chosen))
		return
	}
	n.points = append(n.points, numberTable{m.slot(by.field), m.table(l, pairs)})
	if len(rest) > 0 {
		n.ranges = append(n.ranges, m.ranges(l, by, rest))
	}
}
