package logic

import (
	"regexp/syntax"
	"slices"
	"strconv"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// A Space knows the reads of all formulas made in it, so that those of
// different conditions can be joined. The zero value is ready for use, by one
// goroutine at a time.
type Space struct {
	reads map[string]*Read
	parts int // that the formula at work may still have
}

// MaxParts bounds the parts of a condition that are understood: those behind
// are reads of their own.
const MaxParts = 20_000

// A Read is something that conditions ask about: a value, or whether it is
// there.
type Read struct {
	id      int
	key     string
	text    bool // numbers count otherwise
	numbers spans
	texts   texts

	// Absence tells of a read that says whether something is there, and Of is
	// the key of that.
	Absence bool
	Of      string
	// Plain tells of a field of the input, its length, and whether either is
	// there: such reads depend on nothing else but those they lie in.
	Plain bool
	// Grows tells of a loop that is true of more elements if it is true of
	// some.
	Grows bool
	// Mentions has the fields, functions and texts that the read depends on.
	Mentions []string
}

// ID is the number of the read, from 0.
func (r *Read) ID() int { return r.id }

// Values are the texts, not too many, one of which the read must be in the
// cube.
func (c *Cube) Values(r int) ([]string, bool) {
	v, known := c.values[r]
	if !known {
		return nil, false
	}
	if len(v.numbers) == 1 && v.numbers[0].from == v.numbers[0].to {
		return []string{strconv.FormatInt(v.numbers[0].from, 10)}, true
	}
	return v.texts.list, v.texts.some && len(v.texts.list) <= 16
}

// Formula is what a rewritten condition says.
func (s *Space) Formula(n *tree.Node) *Formula {
	s.parts = MaxParts
	return s.formula(n)
}

// read finds a read by its key, or makes it.
func (s *Space) read(key string, fill func(*Read)) *Read {
	if r, ok := s.reads[key]; ok {
		return r
	}
	if s.reads == nil {
		s.reads = map[string]*Read{}
	}
	r := &Read{id: len(s.reads), key: key, numbers: every()}
	fill(r)
	slices.Sort(r.Mentions)
	r.Mentions = slices.Compact(r.Mentions)
	s.reads[key] = r
	return r
}

// truths are false and true.
func truths() spans { return spans{{0, 1}} }

// opaque is a condition that is not looked into.
func (s *Space) opaque(n *tree.Node) *Formula {
	r := s.read(s.keyOf(n), func(r *Read) {
		r.numbers, r.Mentions = truths(), mentions(n)
	})
	return number(r, only(1))
}

// anything may be true or false, and depends on who knows what.
func (s *Space) anything() *Formula {
	r := s.read("?"+strconv.Itoa(len(s.reads)), func(r *Read) {
		r.numbers, r.Mentions = truths(), []string{Everything}
	})
	return number(r, only(1))
}

// Everything is mentioned by what may depend on any part of the input.
const Everything = "*"

// mentions lists what n depends on: the fields of the input it reads, the
// functions it calls, and the texts in it.
func mentions(n *tree.Node) []string {
	var out []string
	n.Walk(func(n *tree.Node) bool {
		switch {
		case n.Op == tree.GetField && len(n.Kids) == 0:
			out = append(out, "."+n.Field.Name)
		case n.Op == tree.Call && n.Func.TakesInput && len(n.Kids) == 0:
			out = append(out, Everything)
		case n.Op == tree.Const && n.Type.Kind == tree.Text:
			out = append(out, strconv.Quote(n.Value.(string)))
		case n.Op == tree.Matches:
			out = append(out, strconv.Quote(literalIn(n.Pattern.String())))
		}
		return true
	})
	return out
}

// literalIn is the text that a pattern asks for, if it is one between other
// things, such as ^ and $.
func literalIn(pattern string) string {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return ""
	}
	for _, part := range append([]*syntax.Regexp{re}, re.Sub...) {
		if part.Op == syntax.OpLiteral {
			return string(part.Rune)
		}
	}
	return ""
}

// Mentions is what a part of a condition depends on.
func Mentions(n *tree.Node) []string { return mentions(n) }

// keyOf is the key of a term, which costs parts.
func (s *Space) keyOf(n *tree.Node) string {
	s.parts -= n.Size()
	return Key(n)
}

// value is the read of a term: a number, a text or a time.
func (s *Space) value(n *tree.Node) *Read {
	for (n.Op == tree.ToInt || n.Op == tree.ToFloat || n.Op == tree.ToText) && n.Type.Kind == n.Kids[0].Type.Kind {
		n = n.Kids[0]
	}
	return s.read(s.keyOf(n), func(r *Read) {
		r.Mentions = mentions(n)
		r.Plain = plain(n) || n.Op == tree.Len && plain(n.Kids[0])
		switch n.Type.Kind {
		case tree.Bool:
			r.numbers = truths()
		case tree.Float:
			r.numbers = fractions()
		case tree.Text:
			r.text = true
		}
		bound(r, n)
	})
}

// plain tells of a field of the input, or of a group in it.
func plain(n *tree.Node) bool {
	for n.Op == tree.GetField {
		if len(n.Kids) == 0 {
			return true
		}
		n = n.Kids[0]
	}
	return false
}
