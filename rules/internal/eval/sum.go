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
	asks  asks    // always: low; isLong: the length; or a whole number
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
		if asks == isInt && t.lies == asInt64 {
			asks = isInt64
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
	total := int64(0)
	for i := range t.more.terms {
		term := &t.more.terms[i]
		x := term.low
		if term.asks != always {
			p, ok := term.at.in(in), true
			if term.flags&pointer != 0 {
				if p, ok = p.pointed(); !ok {
					return t.out
				}
			}
			switch term.asks {
			case isInt64:
				x = p.whole()
			case isLong:
				s := p.text()
				x, ok = int64(utf8.RuneCountInString(s)), uint64(len(s)) <= t.width
			default:
				x, ok = p.int(term.lies)
			}
			if !ok {
				return toUnsure
			}
			if x == 0 && term.flags&zeroOut != 0 {
				return t.out
			}
		}
		switch {
		case term.op == tree.Const:
			total = x
		case small(total) && small(x): // nothing grows too large
			switch term.op {
			case tree.Add:
				total += x
			case tree.Sub:
				total -= x
			default:
				total *= x
			}
		case !term.joined(&total, x):
			return toUnsure
		}
	}
	return t.going(uint64(total-t.low) <= t.more.most)
}

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
