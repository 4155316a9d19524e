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
	Unsure Verdict = iota // ask Bool
	Fails
	Holds
)

// Where to go on from a test, beside the number of another.
const (
	toUnsure = 0xFFFD + iota
	toFails
	toHolds
)

// A test is one comparison, and where to go on: where it holds, where it does
// not, and where its field is not there. It is small, since those of many rules
// lie in memory that no cache holds.
type test struct {
	at           spot // of the field in the input; far fields have it in more
	yes, no, out uint16
	quick        quick
	asks         asks
	lies         lies
	order        tree.Op
	flags        flags
	size         uint8 // bytes of a text that must be the same or folds; 255 stands for more as well

	low   int64  // the least that a number may be, the bits of a float, or the head of a text
	width uint64 // how far a number may be above the least, or the tail of a text
	more  *more
}

// quick tells the usual tests of a chain, which say no where their field is not
// there, from others.
type quick uint8

const (
	unusual     quick = iota
	quickInt          // of 64 bits
	quickIntPtr       // of 64 bits, behind a pointer
	quickText         // is the same, and has 8 to 16 bytes
	quickFold         // matches one text in any case, of 8 to 16 bytes
	quickSum
)

// flags are what else there is to say of a test.
type flags uint8

const (
	far     flags = 1 << iota // the way to the field leads through pointers
	pointer                   // the value lies behind a pointer
	zeroOut                   // the zero value is absent
	not                       // the opposite is asked
	chain                     // this and all tests beside it must hold
)

func (t *test) is(f flags) bool { return t.flags&f != 0 }

// more is what few tests need.
type more struct {
	plan    *search.Plan
	text    string // what is compared with, unless head and tail say it all
	longest uint64 // text that is looked at
	most    uint64 // how far a count or sum may be above the least
	terms   []term // of a sum
	*rare
}

// rare is what fewer need, kept away so that the others lie close together.
type rare struct {
	way    way
	time   time.Time
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
	isInt
	isInt64Ptr // of a term: of 64 bits, behind a pointer
	isShort    // of a term: the length of a text that lies there
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
	isSum
)

// Holds decides for the input at in. It answers the usual tests itself, as long
// as that takes no call.
func (d Direct) Holds(in Pointer) Verdict {
	for ; len(d) > 0; d = d[1:] {
		t := &d[0]
		switch t.quick {
		case quickIntPtr:
			p, there := t.at.in(in).pointed()
			if !there || uint64(p.whole()-t.low) > t.width {
				return Fails
			}
		case quickInt:
			if uint64(t.at.in(in).whole()-t.low) > t.width {
				return Fails
			}
		case quickText:
			s := t.at.in(in).text()
			n := len(s)
			if n < 8 || uint64(n^int(t.size))|(eight(s, 0)^uint64(t.low))|(eight(s, n-8)^t.width) != 0 {
				return Fails
			}
		case quickFold:
			s := t.at.in(in).text()
			n, head, tail := len(s), uint64(t.low), t.width
			if n != int(t.size) || n < 8 {
				return d.rest(in)
			}
			inHead, inTail := head&search.Letters, tail&search.Letters
			if ((eight(s, 0)|inHead>>2)^head^inHead)|((eight(s, n-8)|inTail>>2)^tail^inTail) != 0 {
				return Fails
			}
		case quickSum:
			if len(d) > 1 {
				return d.rest(in)
			}
			return Verdict(t.sum(in) - toUnsure)
		default:
			return d.rest(in)
		}
	}
	return Holds
}

// rest decides by the tests that are left.
func (d Direct) rest(in Pointer) Verdict {
	if !d[0].is(chain) {
		return d.jump(in)
	}
	for i := range d {
		if next := d[i].answer(in); next == toFails || next == toUnsure {
			return Verdict(next - toUnsure)
		}
	}
	return Holds
}

// jump decides where tests are joined by or as well.
func (d Direct) jump(in Pointer) Verdict {
	next := uint16(0)
	for next < toUnsure {
		next = d[next].answer(in)
	}
	return Verdict(next - toUnsure)
}

// eight are eight bytes of a text.
func eight(s string, at int) uint64 {
	s = s[at : at+8]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// maxEnds is how long a text is at most whose head and tail are all of it.
const maxEnds = 16

// ends are the head and the tail of a text, which are all of it up to maxEnds
// bytes: its first and its last eight bytes, or as many as there are.
func ends(s string) (head, tail uint64) {
	switch n := len(s); {
	case n >= 8:
		return eight(s, 0), eight(s, n-8)
	case n >= 4:
		return four(s, 0), four(s, n-4)
	case n > 0:
		return uint64(s[0]) | uint64(s[n/2])<<8 | uint64(s[n-1])<<16, 0
	}
	return 0, 0
}

func four(s string, at int) uint64 {
	s = s[at : at+4]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24
}

// compareWith makes it a test whether a text is the same.
func (t *test) compareWith(text string) {
	head, tail := ends(text)
	t.asks, t.low, t.width, t.size = isText, int64(head), tail, uint8(min(len(text), math.MaxUint8))
	if len(text) > maxEnds {
		t.needs().text = text
	}
}

// sameEnds tells whether a text has the size, the head and the tail.
func (t *test) sameEnds(s string) bool {
	if len(s) != int(t.size) {
		return false
	}
	head, tail := ends(s)
	return int64(head) == t.low && tail == t.width
}

// same tells whether a text is the one that it is compared with.
func (t *test) same(s string) bool {
	if t.size > maxEnds {
		return s == t.more.text
	}
	return t.sameEnds(s)
}

// search answers whether a pattern matches.
func (t *test) search(s string) uint16 {
	switch {
	case s == "" && t.is(zeroOut):
		return t.out
	case uint64(len(s)) > t.more.longest:
		return toUnsure
	case t.more.plan.Match(s):
		return t.yes
	}
	return t.no
}

// hurry finds out whether the test is one of the usual ones.
func (t *test) hurry() {
	whole := t.asks == isInt && t.lies == asInt64
	switch here := !t.is(far | pointer); {
	case t.is(not|far) || t.is(zeroOut) && !t.failsEmpty():
	case t.asks == isSum:
		t.quick = quickSum
	case whole && here:
		t.quick = quickInt
	case whole:
		t.quick = quickIntPtr
	case here && t.asks == isText && 8 <= t.size && t.size <= maxEnds:
		t.quick = quickText
	case here && t.asks == matches:
		if size, head, tail := t.more.plan.Short(); size > 0 {
			t.quick, t.size, t.low, t.width = quickFold, uint8(size), int64(head), tail
		}
	}
}

// failsEmpty tells of a test that an empty text fails.
func (t *test) failsEmpty() bool {
	return t.asks == isText && t.size > 0 || t.asks == matches && !t.more.plan.Match("")
}

// answer answers any test.
func (t *test) answer(in Pointer) uint16 {
	if t.asks == isSum {
		return t.sum(in)
	}
	p, there := t.value(in)
	if !there {
		return t.out
	}
	switch t.asks {
	case always:
		return t.going(t.low != 0)
	case isThere:
		return t.going(t.more == nil || t.more.rare == nil || t.more.filled == nil || t.more.filled(p))
	case isTrue:
		b := p.bool()
		if !b && t.is(zeroOut) {
			return t.out
		}
		return t.going(b)
	case isTime:
		at := p.time()
		if t.is(zeroOut) && at.IsZero() {
			return t.out
		}
		return t.going(t.order.Holds(at.Compare(t.more.time)))
	case isInt, isIntOf, isFloat:
		return t.number(p)
	case isCount:
		_, n := p.list(t.more.layout)
		return t.going(uint64(int64(n)-t.low) <= t.more.most)
	}
	return t.aText(p.text())
}

// going is where to go on.
func (t *test) going(holds bool) uint16 {
	if holds {
		return t.yes
	}
	return t.no
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

func (t *test) number(p Pointer) uint16 {
	if t.lies >= asFloat64 {
		return t.float(p.float(t.lies))
	}
	v, ok := p.int(t.lies)
	switch {
	case !ok:
		return toUnsure // Bool knows what is wrong
	case t.is(zeroOut) && v == 0:
		return t.out
	case t.asks == isInt:
		return t.going(uint64(v-t.low) <= t.width)
	case t.asks == isIntOf:
		found, _ := t.more.ints(v)
		return t.going(found)
	}
	return t.float(float64(v))
}

func (t *test) float(x float64) uint16 {
	if t.is(zeroOut) && x == 0 {
		return t.out
	}
	y := math.Float64frombits(uint64(t.low))
	switch t.order {
	case tree.Eq:
		return t.going(x == y)
	case tree.Ne:
		return t.going(x != y)
	case tree.Lt:
		return t.going(x < y)
	case tree.Le:
		return t.going(x <= y)
	case tree.Gt:
		return t.going(x > y)
	}
	return t.going(x >= y)
}

func (t *test) aText(s string) uint16 {
	switch {
	case t.asks == matches:
		return t.search(s)
	case t.is(zeroOut) && s == "":
		return t.out
	case t.asks == isText:
		return t.going(t.same(s))
	case t.asks == isTextOf:
		found, _ := t.more.texts(s)
		return t.going(found)
	case uint64(len(s)) > t.more.longest:
		return toUnsure
	}
	switch t.asks {
	case hasText:
		return t.going(strings.Contains(s, t.more.text))
	case startsText:
		return t.going(strings.HasPrefix(s, t.more.text))
	case endsText:
		return t.going(strings.HasSuffix(s, t.more.text))
	case isOrdered:
		return t.going(t.order.Holds(strings.Compare(s, t.more.text)))
	case isLong:
		return t.going(uint64(int64(utf8.RuneCountInString(s))-t.low) <= t.more.most)
	}
	return t.going(strings.EqualFold(s, t.more.text))
}
