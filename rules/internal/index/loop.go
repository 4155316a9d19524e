package index

import (
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// mostItems is the length of a list up to which an index may be used, where
// rules look at all of its elements.
const mostItems = 1024

// perTurn is how many parts of a loop's condition are a step of each turn.
const perTurn = 16

// loopSafe is safe for a loop over a list of the input. What it does for one
// element after the other is accounted for at once, with as many elements as
// there may be: the texts of all of them count together.
func (f *finder) loopSafe(list, each *tree.Node) bool {
	if !f.counted(list) {
		return false
	}
	f.bounds.steps += mostItems * (1 + each.Size()/perTurn)
	f.over = list
	safe := f.safe(each)
	f.over = nil
	return safe && f.bounds.within(leastText)
}

// isInList is safe for the question whether x is in a list of the input.
func (f *finder) isInList(x, list *tree.Node) bool {
	if !f.counted(list) || tree.TooLarge(list.Field.Go) {
		return false
	}
	f.bounds.steps += mostItems
	if x.Type.Kind != tree.Text {
		return f.safe(x) && f.bounds.within(leastText)
	}
	s, ok := f.size(x)
	return ok && f.bounds.look(size{s.times * mostItems, s.plus * mostItems}, 1) // only elements that are as long are looked at
}

// counted accounts for a list of the input all of whose elements are looked at.
// It is not ok within a loop.
func (f *finder) counted(list *tree.Node) bool {
	if f.over != nil || list.Type.Kind != tree.List {
		return false
	}
	at, ok := f.fields.of(list)
	if ok {
		f.bounds.fields = append(f.bounds.fields, at)
	}
	return ok
}

// turns is how often a part is looked at: for every element within a loop.
func (f *finder) turns() int {
	if f.over == nil {
		return 1
	}
	return mostItems
}

// isRead tells of a field of the input, and within a loop of the element as
// well, or of the element itself.
func (f *finder) isRead(n *tree.Node) bool { return isField(n) || f.ofElement(n) }

func (f *finder) ofElement(n *tree.Node) bool {
	for ; n.Op == tree.GetField && len(n.Kids) > 0; n = n.Kids[0] {
	}
	return f.over != nil && n.Op == tree.Elem
}

// mayOverflow tells of a field or an element whose values may be too large for
// a rule.
func (f *finder) mayOverflow(n *tree.Node) bool {
	if n.Op == tree.Elem {
		return tree.TooLarge(f.over.Field.Go)
	}
	return tree.TooLarge(n.Field.Go)
}
