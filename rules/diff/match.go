package diff

import "github.com/afterword-go/afterword/rules/replay"

// A paired value tells what became of the outcomes of an event.
type paired struct {
	kept, handedOver int
	reordered        bool
	differing        []difference
}

// A difference is an outcome that is not kept: its place among the old ones and
// among the new ones, or -1.
type difference struct {
	rule     int // its number in the comparison
	old, new int
}

func (d difference) kind() Kind {
	switch {
	case d.old < 0:
		return Added
	case d.new < 0:
		return Removed
	}
	return Changed
}

// A matcher pairs old and new outcomes. It is for one goroutine at a time.
type matcher[Out any] struct {
	same     func(a, b Out) bool
	oldRules []int // by the number of an old rule: its number in the comparison
	newRules []int

	matesOfOld, matesOfNew []int // places on the other side, or -1
}

// match pairs outcomes: first those that are the same and of the same rule, then
// those that are the same, then those of the same rule. It makes no difference
// which side is called old.
func (m *matcher[Out]) match(old, new []replay.Outcome[Out]) paired {
	var p paired
	if m.asBefore(old, new) {
		p.kept = len(old)
		return p
	}
	m.matesOfOld, m.matesOfNew = none(m.matesOfOld, len(old)), none(m.matesOfNew, len(new))
	ofRule := func(a, b replay.Outcome[Out]) bool { return m.oldRules[a.Rule] == m.newRules[b.Rule] }
	m.pair(old, new, func(a, b replay.Outcome[Out]) bool { return ofRule(a, b) && m.same(a.Value, b.Value) })
	m.pair(old, new, func(a, b replay.Outcome[Out]) bool { return m.same(a.Value, b.Value) })
	last := -1
	for i, j := range m.matesOfOld {
		if j < 0 {
			continue
		}
		p.kept++
		if !ofRule(old[i], new[j]) {
			p.handedOver++
		}
		p.reordered = p.reordered || j < last
		last = j
	}
	m.changes(old, new, &p)
	return p
}

// asBefore tells whether nothing differs.
func (m *matcher[Out]) asBefore(old, new []replay.Outcome[Out]) bool {
	if len(old) != len(new) {
		return false
	}
	for i := range old {
		if m.oldRules[old[i].Rule] != m.newRules[new[i].Rule] || !m.same(old[i].Value, new[i].Value) {
			return false
		}
	}
	return true
}

// none is a list of n times -1, in the room of another one.
func none(room []int, n int) []int {
	room = room[:0]
	for range n {
		room = append(room, -1)
	}
	return room
}

// pair pairs those that are left and alike.
func (m *matcher[Out]) pair(old, new []replay.Outcome[Out], alike func(a, b replay.Outcome[Out]) bool) {
	for i := range old {
		for j := range new {
			if m.matesOfOld[i] < 0 && m.matesOfNew[j] < 0 && alike(old[i], new[j]) {
				m.matesOfOld[i], m.matesOfNew[j] = j, i
			}
		}
	}
}

// changes lists what is not kept.
func (m *matcher[Out]) changes(old, new []replay.Outcome[Out], p *paired) {
	for i := range old {
		if m.matesOfOld[i] >= 0 {
			continue
		}
		rule, mate := m.oldRules[old[i].Rule], -1
		for j := range new {
			if mate < 0 && m.matesOfNew[j] < 0 && m.newRules[new[j].Rule] == rule {
				mate = j
				m.matesOfNew[j] = i
			}
		}
		p.differing = append(p.differing, difference{rule, i, mate})
	}
	for j := range new {
		if m.matesOfNew[j] < 0 {
			p.differing = append(p.differing, difference{m.newRules[new[j].Rule], -1, j})
		}
	}
}
