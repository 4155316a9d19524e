package index

import "github.com/afterword-go/afterword/rules/internal/tree"

// The bounds of one evaluation, as package eval counts them.
const (
	maxSteps = 1_000_000
	maxMade  = 1 << 20
	perStep  = 64 // bytes looked at
)

// The lengths of texts for which an index may be used: at least, or a rule is
// left out of it, and at most.
const (
	leastText = 4 << 10
	mostText  = 64 << 10
)

// bounds account for the work that the safe parts of a rule can be, as steps
// and for each byte of the longest text that is read.
type bounds struct {
	steps  int
	looks  int   // bytes looked at for a byte of text
	makes  int   // bytes made for a byte of text, and
	made   int   // besides
	fields []int // those whose lengths count
}

// within tells whether a rule cannot cross its bounds, with texts of so many
// bytes.
func (b *bounds) within(length int) bool {
	return b.steps+b.looks*length/perStep <= maxSteps && b.made+b.makes*length <= maxMade
}

// longest is the length, in steps of two, for which that holds.
func (b *bounds) longest() int {
	length := mostText
	for length > leastText && !b.within(length) {
		length /= 2
	}
	return length
}

// A size is the length of a text: at most so many times the longest field, and
// so many bytes more.
type size struct{ times, plus int }

// look accounts for reading a text so many times.
func (b *bounds) look(s size, times int) bool {
	b.looks += s.times * times
	b.steps += s.plus*times/perStep + 1
	return b.within(leastText)
}

// safe tells whether a part cannot fail, and accounts for it.
func (f *finder) safe(n *tree.Node) bool {
	switch n.Op {
	case tree.Const:
		return true
	case tree.GetField, tree.Elem:
		return f.isRead(n) && !f.mayOverflow(n)
	case tree.There:
		return f.thereSafe(n.Kids[0])
	case tree.Not, tree.And, tree.Or, tree.Choice, tree.Widen:
		return f.allSafe(n.Kids)
	case tree.Neg, tree.Add, tree.Sub, tree.Mul:
		return n.Type.Kind == tree.Float && f.allSafe(n.Kids)
	case tree.Div, tree.Mod:
		by := n.Kids[1]
		return by.Op == tree.Const && by.Value != int64(0) && by.Value != float64(0) && f.allSafe(n.Kids[:1])
	case tree.InRange:
		return f.allSafe(n.Kids)
	case tree.Eq, tree.Ne, tree.Lt, tree.Le, tree.Gt, tree.Ge:
		if n.Kids[0].Type.Kind == tree.Text {
			return f.textsSafe(n)
		}
		return f.allSafe(n.Kids)
	case tree.In:
		return f.memberSafe(n)
	case tree.Matches:
		s, ok := f.size(n.Kids[0])
		return ok && f.bounds.look(s, n.Pattern.Size)
	case tree.Contains, tree.StartsWith, tree.EndsWith:
		return f.textsSafe(n)
	case tree.Call:
		return n.Func.IsEqualFold() && f.textsSafe(n)
	case tree.Len:
		if n.Kids[0].Type.Kind == tree.List {
			return f.isRead(n.Kids[0])
		}
		s, ok := f.size(n.Kids[0])
		return ok && f.bounds.look(s, 1)
	case tree.Any, tree.All, tree.One, tree.Count:
		return f.loopSafe(n.Kids[0], n.Kids[1])
	case tree.ToInt, tree.ToFloat:
		return f.parseSafe(n)
	}
	return false
}

func (f *finder) allSafe(nodes []*tree.Node) bool {
	for _, n := range nodes {
		if n.Type.Kind == tree.Text {
			if _, ok := f.size(n); !ok {
				return false
			}
		} else if !f.safe(n) {
			return false
		}
	}
	return true
}

// thereSafe is safe for the question whether n has a value.
func (f *finder) thereSafe(n *tree.Node) bool {
	if n.Op == tree.ToInt || n.Op == tree.ToFloat {
		return f.parseSafe(n)
	}
	return f.isRead(n)
}

func (f *finder) parseSafe(n *tree.Node) bool {
	if n.Kids[0].Type.Kind != tree.Text {
		return f.safe(n.Kids[0])
	}
	s, ok := f.size(n.Kids[0])
	return ok && f.bounds.look(s, 1)
}

// textsSafe is safe for a comparison of two texts.
func (f *finder) textsSafe(n *tree.Node) bool {
	a, b := n.Kids[0], n.Kids[1]
	if n.Op == tree.Eq || n.Op == tree.Ne {
		if a.Op == tree.Const {
			a, b = b, a
		}
		if b.Op == tree.Const && f.isRead(a) { // only texts of one length are looked at
			return f.bounds.look(size{plus: len(b.Value.(string)) * f.turns()}, 1)
		}
	}
	x, ok := f.size(a)
	y, both := f.size(b)
	return ok && both && f.bounds.look(size{x.times + y.times, x.plus + y.plus}, 1)
}

// memberSafe is safe for x in a list, of constants or of the input.
func (f *finder) memberSafe(n *tree.Node) bool {
	x, list := n.Kids[0], n.Kids[1]
	if list.Op != tree.MakeList {
		return f.isInList(x, list)
	}
	for _, item := range list.Kids {
		if item.Op != tree.Const {
			return false
		}
		text, _ := item.Value.(string)
		f.bounds.steps += f.turns()
		if !f.bounds.look(size{plus: len(text) * f.turns()}, 1) {
			return false
		}
	}
	if x.Type.Kind == tree.Text && f.isRead(x) {
		return true
	}
	return f.allSafe(n.Kids[:1])
}

// size bounds the length of a text whose making cannot fail, and accounts for
// that. Within a loop, it is that of all turns together.
func (f *finder) size(n *tree.Node) (size, bool) {
	switch n.Op {
	case tree.Const:
		return size{plus: len(n.Value.(string)) * f.turns()}, true
	case tree.GetField, tree.Elem:
		s := size{times: f.turns()}
		at, ok := f.fields.of(n)
		if f.ofElement(n) {
			s = size{times: 1}
			at, ok = f.fields.ofElements(f.over, n)
		}
		if ok {
			f.bounds.fields = append(f.bounds.fields, at)
		}
		return s, ok
	case tree.Choice:
		a, okA := f.size(n.Kids[1])
		b, okB := f.size(n.Kids[2])
		// Either, but of several turns one has the one and another the other.
		return size{a.times + b.times, a.plus + b.plus}, okA && okB && f.safe(n.Kids[0])
	case tree.Lower, tree.Upper, tree.Trim:
		s, ok := f.size(n.Kids[0])
		f.bounds.makes += s.times
		f.bounds.made += s.plus
		ok = ok && f.bounds.look(s, 1)
		if n.Op != tree.Trim { // a byte that is no UTF-8 becomes three
			s = size{3 * s.times, 3 * s.plus}
		}
		return s, ok && s.times < maxSteps && s.plus < maxMade
	}
	return size{}, false
}
