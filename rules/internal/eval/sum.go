package eval

import (
	"math"
	"math/bits"
	"unicode/utf8"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// A term is a part of a whole number that is worked out from the left: a
// constant, a field or the length of a text, and how it joins what is in front
// of it.
type term struct {
	op    tree.Op // Const for the first
	asks  asks    // always: low; isShort, isLong: the length; or a whole number
	lies  lies
	flags flags
	at    spot
	low   int64
}

// summed is the test whether a sum or product lies in a range.
func summed(n *tree.Node, least, most int64) (form, bool) {
	out := form{op: tree.Const, test: test{asks: isSum, low: least}}
	if least > most || !out.term(n, tree.Const) {
		return out, false
	}
	out.test.needs().most = uint64(most - least)
	return out, true
}

// term adds the terms of n, the first of which joins what is in front by op.
func (o *form) term(n *tree.Node, op tree.Op) bool {
	switch n.Op {
	case tree.Const:
		o.join(term{op: op, low: n.Value.(int64)})
		return true
	case tree.GetField, tree.Len:
		asks, field := isInt, n
		if n.Op == tree.Len {
			if asks, field = isLong, n.Kids[0]; field.Type.Kind != tree.Text {
				return false
			}
			o.weight++
		}
		read, ok := reading(field)
		t := &read.test
		switch behind, zeroes := t.is(pointer), t.is(zeroOut); {
		case asks == isInt && t.lies == asInt64 && behind && !zeroes:
			asks = isInt64Ptr
		case asks == isLong && !behind:
			asks = isShort
		}
		o.reads = append(o.reads, field)
		o.join(term{op: op, asks: asks, lies: t.lies, flags: t.flags, at: t.at})
		return ok && !t.is(far)
	case tree.Add, tree.Sub, tree.Mul:
		a, b := n.Kids[0], n.Kids[1]
		if b.Op != tree.Const && b.Op != tree.GetField && b.Op != tree.Len && n.Op != tree.Sub {
			a, b = b, a
		}
		simple := b.Op == tree.Const || b.Op == tree.GetField || b.Op == tree.Len
		return op == tree.Const && simple && o.term(a, op) && o.term(b, n.Op)
	}
	return false
}

func (o *form) join(t term) {
	m := o.test.needs()
	m.terms = append(m.terms, t)
}

// sum answers a test of a sum. Where Bool would fail it is unsure.
func (t *test) sum(in Pointer) uint16 {
	m := t.more
	total := int64(0)
	for i := range m.terms {
		term := &m.terms[i]
		x := term.low
		switch term.asks {
		case always:
		case isInt64Ptr:
			p, there := term.at.in(in).pointed()
			if !there {
				return t.out
			}
			x = p.whole()
		case isShort:
			s := term.at.in(in).text()
			if n := len(s); 8 <= n && n <= 16 && (eight(s, 0)|eight(s, n-8))&beyondASCII == 0 {
				x = int64(n)
				break
			}
			fallthrough
		default:
			var next uint16
			if x, next = t.term(term, in); next != toHolds {
				return next
			}
		}
		switch {
		case term.op == tree.Const:
			total = x
		case !small(total) || !small(x):
			if !term.joined(&total, x) {
				return toUnsure
			}
		case term.op == tree.Add: // nothing grows too large
			total += x
		case term.op == tree.Mul:
			total *= x
		default:
			total -= x
		}
	}
	return t.going(uint64(total-t.low) <= m.most)
}

// term reads a term that is no constant. Where next is not toHolds, it is where
// to go on.
func (t *test) term(term *term, in Pointer) (x int64, next uint16) {
	p, ok := term.at.in(in), true
	if term.flags&pointer != 0 {
		if p, ok = p.pointed(); !ok {
			return 0, t.out
		}
	}
	switch term.asks {
	case isShort, isLong:
		s := p.text()
		x, ok = int64(utf8.RuneCountInString(s)), uint64(len(s)) <= t.more.longest
	default:
		x, ok = p.int(term.lies)
	}
	switch {
	case !ok:
		return 0, toUnsure
	case x == 0 && term.flags&zeroOut != 0:
		return 0, t.out
	}
	return x, toHolds
}

// beyondASCII are the bits of eight bytes that no text of ASCII has.
const beyondASCII = 0x8080808080808080

func small(x int64) bool { return int64(int32(x)) == x }

// joined adds x to the total, or whatever is to be done, unless that is too
// large.
func (t *term) joined(total *int64, x int64) bool {
	a := *total
	switch t.op {
	case tree.Add:
		*total = a + x
		return (*total > a) == (x > 0) || x == 0
	case tree.Sub:
		*total = a - x
		return (*total < a) == (x > 0) || x == 0
	}
	*total = a * x
	if a < 0 || x < 0 {
		return false // Bool knows
	}
	high, low := bits.Mul64(uint64(a), uint64(x))
	return high == 0 && low <= math.MaxInt64
}
