package eval

import (
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/afterword-go/afterword/rules/internal/search"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// A Direct is a condition in the form that most take: comparisons of fields of
// the input with constants, joined by and, or and not. Each comparison is a
// test that looks for its field as well, and says where to go on.
//
// It needs no frame, since it cannot fail and takes few steps. Where Bool might
// fail or would ask the context, it is not sure.
type Direct []test

// A Verdict is what a Direct comes to.
type Verdict uint8

// The verdicts.
const (
	Fails Verdict = iota
	Holds
	Unsure // ask Bool
)

// Where to go on from a test, beside the number of another.
const (
	toFails = 0xFFFE + iota
	toHolds
)

// A test is one comparison. A field that is not there goes the way of no.
type test struct {
	at      spot // of the field in the input; far fields have it in more
	yes, no uint16
	asks    asks
	lies    lies
	order   tree.Op
	flags   flags

	text  string // what is compared with
	low   int64  // the least that a number may be, or the bits of a float
	width uint64 // how far above the least, or the longest text that is looked at
	plan  *search.Plan
	more  *more
}

// flags are what else there is to say of a test.
type flags uint8

const (
	far     flags = 1 << iota // the way to the field leads through pointers
	pointer                   // the value lies behind a pointer
	zeroOut                   // the zero value is absent
	not                       // the opposite is asked
)

func (t *test) is(f flags) bool { return t.flags&f != 0 }

// more is what few tests need.
type more struct {
	way    way
	time   time.Time
	most   uint64 // how far a count may be above the least
	layout *layout
	texts  func(string) (bool, int)
	ints   func(int64) (bool, int)
	filled func(Pointer) bool
}

// asks is what a test asks.
type asks uint8

const (
	always  asks = iota // low is not 0
	isThere             // filled, if that is set
	isTrue
	isInt64 // a number of 64 bits with a sign, that is never absent for what it is
	isInt
	isIntOf
	isFloat
	isTime
	isText
	isTextOf
	isOrdered
	isLong  // its runes are counted
	isCount // of a list
	hasText
	startsText
	endsText
	matches
	sameAs // with strings.EqualFold
)

// Holds decides for the input at in.
func (d Direct) Holds(in Pointer) Verdict {
	for i := uint16(0); ; {
		t := &d[i]
		p, there := t.at.in(in), true
		if t.flags&(far|pointer) != 0 {
			p, there = t.through(in, p)
		}
		i = t.no
		if there {
			switch t.asks {
			case isInt64:
				if (uint64(p.whole()-t.low) <= t.width) != t.is(not) {
					i = t.yes
				}
			case isText:
				if s := p.text(); (s == t.text) != t.is(not) && !(s == "" && t.is(zeroOut)) {
					i = t.yes
				}
			case matches:
				s := p.text()
				if uint64(len(s)) > t.width {
					return Unsure
				}
				if t.plan.Match(s) != t.is(not) && !(s == "" && t.is(zeroOut)) {
					i = t.yes
				}
			default:
				switch t.other(p) {
				case Unsure:
					return Unsure
				case Holds:
					i = t.yes
				}
			}
		}
		if i >= toFails {
			return Verdict(i - toFails)
		}
	}
}

// through follows pointers on the way to the value.
func (t *test) through(in, p Pointer) (Pointer, bool) {
	if t.is(far) {
		var there bool
		if p, there = t.more.way.from(in); !there {
			return p, false
		}
	}
	if t.is(pointer) {
		return p.pointed()
	}
	return p, true
}

// other answers the tests that are rarer.
func (t *test) other(p Pointer) Verdict {
	switch t.asks {
	case always:
		return t.verdict(t.low != 0)
	case isThere:
		return t.verdict(t.more == nil || t.more.filled == nil || t.more.filled(p))
	case isTrue:
		if b := p.bool(); b || !t.is(zeroOut) {
			return t.verdict(b)
		}
		return Fails
	case isTime:
		at := p.time()
		if t.is(zeroOut) && at.IsZero() {
			return Fails
		}
		return t.verdict(inOrder(t.order, at.Compare(t.more.time)))
	case isInt, isIntOf, isFloat:
		return t.number(p)
	case isCount:
		_, n := p.list(t.more.layout)
		return t.verdict(uint64(int64(n)-t.low) <= t.more.most)
	}
	return t.aText(p.text())
}

func (t *test) verdict(holds bool) Verdict {
	if holds != t.is(not) {
		return Holds
	}
	return Fails
}

func (t *test) number(p Pointer) Verdict {
	if t.lies >= asFloat64 {
		return t.float(p.float(t.lies))
	}
	v, ok := p.int(t.lies)
	switch {
	case !ok:
		return Unsure // Bool knows what is wrong
	case t.is(zeroOut) && v == 0:
		return Fails
	case t.asks == isInt:
		return t.verdict(uint64(v-t.low) <= t.width)
	case t.asks == isIntOf:
		found, _ := t.more.ints(v)
		return t.verdict(found)
	}
	return t.float(float64(v))
}

func (t *test) float(x float64) Verdict {
	if t.is(zeroOut) && x == 0 && !math.Signbit(x) {
		return Fails
	}
	y := math.Float64frombits(uint64(t.low))
	switch t.order {
	case tree.Eq:
		return t.verdict(x == y)
	case tree.Ne:
		return t.verdict(x != y)
	case tree.Lt:
		return t.verdict(x < y)
	case tree.Le:
		return t.verdict(x <= y)
	case tree.Gt:
		return t.verdict(x > y)
	}
	return t.verdict(x >= y)
}

func (t *test) aText(s string) Verdict {
	switch {
	case t.is(zeroOut) && s == "":
		return Fails
	case t.asks == isTextOf:
		found, _ := t.more.texts(s)
		return t.verdict(found)
	case uint64(len(s)) > t.width:
		return Unsure
	}
	switch t.asks {
	case hasText:
		return t.verdict(strings.Contains(s, t.text))
	case startsText:
		return t.verdict(strings.HasPrefix(s, t.text))
	case endsText:
		return t.verdict(strings.HasSuffix(s, t.text))
	case isOrdered:
		return t.verdict(inOrder(t.order, strings.Compare(s, t.text)))
	case isLong:
		return t.verdict(uint64(int64(utf8.RuneCountInString(s))-t.low) <= t.more.most)
	}
	return t.verdict(strings.EqualFold(s, t.text))
}

// inOrder tells what a comparison comes to whose sides are in an order.
func inOrder(op tree.Op, order int) bool {
	switch op {
	case tree.Eq:
		return order == 0
	case tree.Ne:
		return order != 0
	case tree.Lt:
		return order < 0
	case tree.Le:
		return order <= 0
	case tree.Gt:
		return order > 0
	}
	return order >= 0
}
