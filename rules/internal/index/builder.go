package index

import (
	"strings"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// A Builder takes the rules of a set one after the other, in their order, and
// builds the index. Rules that are off are not given to it: they are no
// candidates. The zero value is ready.
type Builder struct {
	finder  finder
	fields  fields
	entries []entry // in the order of the rules
	longest int
	ways    names
}

// An entry is one way for a rule to be found: when all its atoms hit. Without
// any, the rule is always a candidate.
type entry struct {
	rule  uint32
	atoms []atom
}

// worthwhile is how many rules an index must be able to leave out, so that it
// costs less than evaluating them.
const worthwhile = 8

// Add adds a rule with its rewritten conditions, which must all hold and are
// evaluated in their order. They are not kept.
func (b *Builder) Add(rule int, conditions []*tree.Node) {
	b.finder.fields = &b.fields
	b.finder.bounds = bounds{fields: b.finder.bounds.fields[:0]}
	c, safe := b.finder.all(conditions)
	switch {
	case !c.known && safe:
		b.Always(rule, "no part of its condition can be looked up")
		return
	case !c.known:
		b.Always(rule, "its condition begins with a part that may fail or take long")
		return
	case len(c.any) == 0:
		b.ways.set(rule, "never: its condition cannot be true")
	}
	for _, field := range b.finder.bounds.fields {
		b.fields.list[field].bounded = true
	}
	if longest := b.finder.bounds.longest(); b.longest == 0 || longest < b.longest {
		b.longest = longest
	}
	for _, atoms := range c.any {
		b.entries = append(b.entries, entry{uint32(rule), atoms})
	}
}

// Always adds a rule that is a candidate for every input, and says why.
func (b *Builder) Always(rule int, why string) {
	b.entries = append(b.entries, entry{rule: uint32(rule)})
	b.ways.set(rule, "always: "+why)
}

// Build builds the index. It is nil if it would not make anything faster.
func (b *Builder) Build() *Index {
	m := maker{fields: b.fields.list, hasher: newHasher(), ways: &b.ways}
	root, left := m.node(b.entries, 0)
	never := b.ways.count("never: its condition cannot be true")
	if left+never < worthwhile {
		return nil
	}
	ix := &Index{root: root, hasher: m.hasher, lists: m.lists, nodes: m.nodes, ways: b.ways}
	for i, f := range m.fields {
		slot, used := m.slots[i]
		if !used {
			slot = -1
		}
		switch {
		case f.list && f.bounded:
			ix.lengths = append(ix.lengths, lengthField{f.length, mostItems})
		case f.length != nil && f.bounded:
			ix.lengths = append(ix.lengths, lengthField{f.length, b.longest})
		case f.text != nil && f.bounded:
			ix.texts = append(ix.texts, textField{slot, f.text, b.longest})
		case f.text != nil && used:
			ix.texts = append(ix.texts, textField{slot, f.text, unbounded})
		case used:
			ix.numbers = append(ix.numbers, numberField{slot, f.number})
		}
	}
	ix.values = len(m.slots)
	root.onlyExact = root.onlyExact && len(ix.lengths) == 0
	return ix
}

// names holds a text for each rule, of which there are few different ones.
type names struct {
	texts []string
	known map[string]uint32
	of    []uint32 // by rule: the place in texts, from 1
}

func (n *names) set(rule int, text string) {
	at, known := n.known[text]
	if !known {
		if n.known == nil {
			n.known = map[string]uint32{}
		}
		text = strings.Clone(text)
		n.texts = append(n.texts, text)
		at = uint32(len(n.texts))
		n.known[text] = at
	}
	for len(n.of) <= rule {
		n.of = append(n.of, 0)
	}
	n.of[rule] = at
}

func (n *names) get(rule int) string {
	if rule >= len(n.of) || n.of[rule] == 0 {
		return "never: it is off"
	}
	return n.texts[n.of[rule]-1]
}

func (n *names) count(text string) int {
	count := 0
	at := n.known[text]
	for _, other := range n.of {
		if at != 0 && other == at {
			count++
		}
	}
	return count
}
