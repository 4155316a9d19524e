package eval

import (
	"reflect"
	"slices"
	"strings"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// DirectOf puts rewritten conditions, all of which must hold, into the direct
// form, if they have one.
func DirectOf(conditions ...*tree.Node) (Direct, bool) {
	parts := 0
	for _, n := range conditions {
		parts += joinedBy(tree.And, n, false)
	}
	all := form{op: tree.And, kids: make([]form, 0, parts)}
	for _, n := range conditions {
		if !all.gather(n, false) {
			return nil, false
		}
	}
	all.trim()
	out := make(Direct, 0, all.size())
	if cap(out) >= toUnsure || cap(out) == 0 || !all.limit() {
		return nil, false
	}
	all.emit(&out, toHolds, toFails)
	if !slices.ContainsFunc(all.kids, func(part form) bool { return part.op != tree.Const }) {
		for i := range out {
			out[i].flags |= chain
			out[i].hurry()
		}
	}
	return out, true
}

// A form is a condition on its way to be direct: tests joined by and and or.
type form struct {
	op   tree.Op // And, Or, or Const of a test
	kids []form

	test  test
	turn  bool         // yes and no change places
	read  *tree.Node   // the field without which the test says no
	reads []*tree.Node // if there are several: those
	guard *tree.Node   // the field of a test whether it is there

	steps  int // what Bool takes for the test
	weight int // and for every 64 bytes of the text
	beside int // with so many bytes beside the text
}

// take adds a part to an and or an or.
func (o *form) take(part form) {
	switch {
	case part.op != o.op:
		part.trim()
		o.kids = append(o.kids, part)
	case len(o.kids) == 0:
		o.kids = part.kids
	default:
		o.kids = append(o.kids, part.kids...)
	}
}

// gather adds the form of n, or of its opposite, to an and or an or.
func (o *form) gather(n *tree.Node, opposite bool) bool {
	for n.Op == tree.Not {
		n, opposite = n.Kids[0], !opposite
	}
	if joiner(n.Op, opposite) == o.op {
		for _, kid := range n.Kids {
			if !o.gather(kid, opposite) {
				return false
			}
		}
		return true
	}
	part, ok := formOf(n, opposite)
	if ok {
		o.take(part)
	}
	return ok
}

// joiner is how the kids of an and or an or are joined, or of its opposite, or
// Bad.
func joiner(op tree.Op, opposite bool) tree.Op {
	switch {
	case op != tree.And && op != tree.Or:
		return tree.Bad
	case opposite:
		return tree.And + tree.Or - op
	}
	return op
}

// joinedBy counts the parts of n, or of its opposite, that op joins.
func joinedBy(op tree.Op, n *tree.Node, opposite bool) int {
	for n.Op == tree.Not {
		n, opposite = n.Kids[0], !opposite
	}
	if joiner(n.Op, opposite) != op {
		return 1
	}
	parts := 0
	for _, kid := range n.Kids {
		parts += joinedBy(op, kid, opposite)
	}
	return parts
}

// formOf is the form of n, or of its opposite.
func formOf(n *tree.Node, opposite bool) (form, bool) {
	switch n.Op {
	case tree.Not:
		return formOf(n.Kids[0], !opposite)
	case tree.And, tree.Or:
		op := joiner(n.Op, opposite)
		out := form{op: op, kids: make([]form, 0, joinedBy(op, n, opposite))}
		return out, out.gather(n, opposite)
	case tree.There:
		return guardOf(n.Kids[0], opposite)
	}
	if out, ok := chosen(n, opposite); ok {
		return out, true
	}
	out, ok := testOf(n)
	if opposite {
		out.test.flags ^= not
	}
	return out, ok
}

// guardOf is the test whether a field is there.
func guardOf(n *tree.Node, opposite bool) (form, bool) {
	out, ok := reading(n)
	if !ok {
		return out, false
	}
	out.test.asks = isThere
	out.turn = opposite
	out.read, out.guard = nil, n
	return out, true
}

// trim leaves out of an and the guards of fields that its other tests look for
// themselves.
func (o *form) trim() {
	if o.op != tree.And || len(o.kids) > mostTrimmed {
		return
	}
	kept := o.kids[:0]
	for _, kid := range o.kids {
		if kid.guard == nil || kid.turn || !o.looksFor(kid.guard) {
			kept = append(kept, kid)
		}
	}
	o.kids = kept
}

// mostTrimmed bounds the work of trim.
const mostTrimmed = 256

// looksFor tells whether a test says no when the field is not there.
func (o *form) looksFor(field *tree.Node) bool {
	for i := range o.kids {
		kid := &o.kids[i]
		if kid.read != nil && implies(kid.read, field) {
			return true
		}
		for _, read := range kid.reads {
			if implies(read, field) {
				return true
			}
		}
	}
	return false
}

// implies tells whether a field that is there lies in the other, or is it.
func implies(read, field *tree.Node) bool {
	if sameField(read, field) {
		return true
	}
	if field.Field.ZeroAbsent || field.Field.EmptyAbsent {
		return false
	}
	for len(read.Kids) > 0 {
		if read = read.Kids[0]; sameField(read, field) {
			return true
		}
	}
	return false
}

func sameField(a, b *tree.Node) bool {
	if a.Op != tree.GetField || b.Op != tree.GetField || a.Field != b.Field || len(a.Kids) != len(b.Kids) {
		return false
	}
	return len(a.Kids) == 0 || sameField(a.Kids[0], b.Kids[0])
}

// size is the number of tests.
func (o *form) size() int {
	if o.op == tree.Const {
		return 1
	}
	n := 0
	for i := range o.kids {
		n += o.kids[i].size()
	}
	return n
}

// limit bounds the texts that the tests look at, so that Bool would not ask the
// context meanwhile.
func (o *form) limit() bool {
	steps, texts := 0, 0
	o.each(func(t *form) {
		if steps += t.steps; t.weight > 0 {
			texts++
		}
	})
	left, ok := beatEvery-1-steps, true
	o.each(func(t *form) {
		if t.weight > 0 {
			most := left/texts*64/t.weight - t.beside
			t.test.needs().longest = uint64(max(most, 0))
			ok = ok && most >= leastText
		}
	})
	return ok && left >= 0
}

// leastText is the length of a text up to which a direct form must be sure.
const leastText = 128

func (o *form) each(visit func(*form)) {
	if o.op == tree.Const {
		visit(o)
		return
	}
	for i := range o.kids {
		o.kids[i].each(visit)
	}
}

// emit appends the tests, which go on to yes or no in the end.
func (o *form) emit(out *Direct, yes, no uint16) {
	if o.op == tree.Const {
		t := o.test
		t.yes, t.no, t.out = yes, no, no
		if o.turn || t.is(not) {
			t.yes, t.no = no, yes
		}
		if o.turn {
			t.out = yes
		}
		if o.guard != nil && !t.is(pointer) { // late, since most guards are left out
			if filled := filledIn(o.guard.Field); filled != nil {
				t.needsRare().filled = filled
			}
		}
		*out = append(*out, t)
		return
	}
	for i := range o.kids {
		kid := &o.kids[i]
		switch next := uint16(len(*out) + kid.size()); {
		case i == len(o.kids)-1:
			kid.emit(out, yes, no)
		case o.op == tree.And:
			kid.emit(out, next, no)
		default:
			kid.emit(out, yes, next)
		}
	}
}

// needs is the test's more.
func (t *test) needs() *more {
	if t.more == nil {
		t.more = &more{}
	}
	return t.more
}

// needsRare is the rare part of it.
func (t *test) needsRare() *rare {
	m := t.needs()
	if m.rare == nil {
		m.rare = &rare{}
	}
	return m.rare
}

// reading is a test, not yet a question, of a field of the input.
func reading(n *tree.Node) (form, bool) {
	out := form{op: tree.Const, read: n}
	if n.Op != tree.GetField {
		return out, false
	}
	root, w := wayTo(n)
	if root != nil {
		return out, false
	}
	t := &out.test
	if w.near() {
		t.at = w.spot()
	} else {
		t.flags |= far
		t.needsRare().way = w
	}
	behind := n.Field.Go
	if behind.Kind() == reflect.Pointer {
		behind, t.flags = behind.Elem(), t.flags|pointer
	}
	t.lies = lie(behind)
	if n.Field.ZeroAbsent {
		t.flags |= zeroOut
	}
	return out, true
}

// chosen is the comparison of a choice with a constant: that of each side where
// it is chosen.
func chosen(n *tree.Node, opposite bool) (form, bool) {
	if !compares(n.Op) {
		return form{}, false
	}
	for i, kid := range n.Kids {
		if kid.Op != tree.Choice || n.Kids[1-i].Op != tree.Const {
			continue
		}
		with := func(side *tree.Node) *tree.Node {
			out := *n
			out.Kids = []*tree.Node{n.Kids[0], n.Kids[1]}
			out.Kids[i] = side
			return &out
		}
		cond, a, b := kid.Kids[0], with(kid.Kids[1]), with(kid.Kids[2])
		first := &tree.Node{Op: tree.And, Kids: []*tree.Node{cond, a}}
		second := &tree.Node{Op: tree.And, Kids: []*tree.Node{{Op: tree.Not, Kids: []*tree.Node{cond}}, b}}
		if opposite {
			first.Kids[1] = &tree.Node{Op: tree.Not, Kids: []*tree.Node{a}}
			second.Kids[1] = &tree.Node{Op: tree.Not, Kids: []*tree.Node{b}}
		}
		return formOf(&tree.Node{Op: tree.Or, Kids: []*tree.Node{first, second}}, false)
	}
	return form{}, false
}

func compares(op tree.Op) bool { return tree.Eq <= op && op <= tree.Ge }

// testOf is the test that n is.
func testOf(n *tree.Node) (form, bool) {
	switch n.Op {
	case tree.Const:
		return fixed(n.Is(true)), true
	case tree.GetField:
		out, ok := reading(n)
		out.test.asks = isTrue
		return out, ok
	case tree.Eq, tree.Ne, tree.Lt, tree.Le, tree.Gt, tree.Ge:
		return compared(n)
	case tree.InRange:
		from, to := n.Kids[1], n.Kids[2]
		if from.Op != tree.Const || to.Op != tree.Const {
			return form{}, false
		}
		return between(n.Kids[0], from.Value.(int64), to.Value.(int64))
	case tree.In:
		return among(n)
	case tree.Matches:
		return aboutText(n.Kids[0], nil, matches, func(f *form) { f.test.needs().plan, f.weight = n.Pattern.Plan, n.Pattern.Size })
	case tree.Contains:
		return aboutText(n.Kids[0], n.Kids[1], hasText, nil)
	case tree.StartsWith:
		return aboutText(n.Kids[0], n.Kids[1], startsText, nil)
	case tree.EndsWith:
		return aboutText(n.Kids[0], n.Kids[1], endsText, nil)
	case tree.Call:
		if n.Func.Go.Pointer() != reflect.ValueOf(strings.EqualFold).Pointer() {
			return form{}, false // it may panic, and take its time
		}
		a, b := n.Kids[0], n.Kids[1]
		if a.Op == tree.Const {
			a, b = b, a
		}
		return aboutText(a, b, sameAs, nil)
	}
	return form{}, false
}

// fixed is a test that reads nothing.
func fixed(holds bool) form {
	out := form{op: tree.Const}
	if holds {
		out.test.low = 1
	}
	return out
}
