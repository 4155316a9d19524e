package logic

import (
	"slices"
	"strconv"
	"strings"
)

// A Formula is true or false of an input. It does not change. The zero value
// is always true.
type Formula struct {
	join join
	kids []*Formula // of all and some
	lit  literal    // of one
}

type join uint8

const (
	all  join = iota // of its kids; of none: true
	some             // of its kids; of none: false
	one              // the literal
)

func yes() *Formula { return &Formula{} }
func no() *Formula  { return &Formula{join: some} }

// is tells whether f is known to be true, or false.
func (f *Formula) is(truth bool) bool {
	return len(f.kids) == 0 && (truth && f.join == all || !truth && f.join == some)
}

// And is true when all of the formulas are.
func And(list ...*Formula) *Formula { return joined(all, list) }

// Or is true when one of the formulas is.
func Or(list ...*Formula) *Formula { return joined(some, list) }

func joined(how join, list []*Formula) *Formula {
	out := &Formula{join: how}
	for _, f := range list {
		switch {
		case f.is(how == some): // decides all
			return f
		case f.is(how == all):
		case f.join == how:
			out.kids = append(out.kids, f.kids...)
		default:
			out.kids = append(out.kids, f)
		}
	}
	if len(out.kids) == 1 {
		return out.kids[0]
	}
	return out
}

// Not is true when f is false.
func Not(f *Formula) *Formula {
	switch f.join {
	case one:
		return &Formula{join: one, lit: f.lit.not()}
	case all:
		return Or(opposites(f.kids)...)
	}
	return And(opposites(f.kids)...)
}

func opposites(list []*Formula) []*Formula {
	out := make([]*Formula, len(list))
	for i, f := range list {
		out[i] = Not(f)
	}
	return out
}

// Reads yields the numbers of all reads in the formula, some of them twice.
func (f *Formula) Reads(yield func(int)) {
	if f.join == one {
		yield(f.lit.read.id)
	}
	for _, kid := range f.kids {
		kid.Reads(yield)
	}
}

// size is the number of parts.
func (f *Formula) size() int {
	n := 1
	for _, kid := range f.kids {
		n += kid.size()
	}
	return n
}

// key is the same for formulas that are alike but for the order of their parts.
func (f *Formula) key() string {
	if f.join == one {
		return f.lit.key()
	}
	parts := make([]string, len(f.kids))
	for i, kid := range f.kids {
		parts[i] = kid.key()
	}
	slices.Sort(parts)
	return "(" + strings.Join(slices.Compact(parts), [...]string{" and ", " or "}[f.join]) + ")"
}

// A literal says which values a read has: numbers, texts of a list, or texts
// of which a test is true.
type literal struct {
	read *Read
	in   spans    // of a number
	list []string // of a text, without a test
	test *test
	neg  bool // of a text: the opposite
}

func (l literal) not() literal {
	if l.read.text {
		l.neg = !l.neg
	} else {
		l.in = l.in.not()
	}
	return l
}

func (l literal) key() string {
	var out strings.Builder
	out.WriteString(l.read.key)
	switch {
	case !l.read.text:
		for _, s := range l.in.and(l.read.numbers) {
			out.WriteString("[" + strconv.FormatInt(s.from, 36) + ":" + strconv.FormatInt(s.to, 36) + "]")
		}
	case l.test != nil:
		out.WriteString(" " + strconv.Quote(l.test.key))
	default:
		list := slices.Clone(l.list)
		slices.Sort(list)
		for _, s := range list {
			out.WriteString(strconv.Quote(s))
		}
	}
	if l.neg {
		out.WriteString("!")
	}
	return out.String()
}

// number and text are literals; one that leaves nothing or everything is no
// literal but its truth.
func number(r *Read, in spans) *Formula {
	switch kept := in.and(r.numbers); {
	case len(kept) == 0:
		return no()
	case len(in.not().and(r.numbers)) == 0:
		return yes()
	}
	return &Formula{join: one, lit: literal{read: r, in: in}}
}

func isOneOf(r *Read, list []string) *Formula {
	f := &Formula{join: one, lit: literal{read: r, list: list}}
	if _, ok := r.texts.in(list, true); !ok {
		return no()
	}
	if _, ok := r.texts.in(list, false); !ok {
		return yes()
	}
	return f
}

func passes(r *Read, t *test) *Formula {
	if _, ok := r.texts.with(outcome{t, true}); !ok {
		return no()
	}
	if _, ok := r.texts.with(outcome{t, false}); !ok {
		return yes()
	}
	return &Formula{join: one, lit: literal{read: r, test: t}}
}
