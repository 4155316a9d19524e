package eval

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A scratch holds the texts and lists that a condition makes for itself: of
// lower(skillName), only the comparison is ever seen. They lie one behind the
// other, and the next rule's lie over them. Whatever may outlive the rule's
// conditions is a copy: what a function gets, and what is made outside of
// conditions.
type scratch struct {
	text   []byte
	values []value
	lends  bool // a rule's conditions are decided
}

const (
	mostScratchText   = 4 << 10 // bytes, of a scratch that is kept for other inputs
	mostScratchValues = 64      // longer lists are made as usual
)

// Begin begins a rule's conditions, at whose End nothing that they have made is
// in use.
func (f *Frame) Begin() {
	if f.scratch == nil {
		f.scratch = &scratch{}
	}
	f.scratch.text, f.scratch.lends = f.scratch.text[:0], true
}

// End ends what Begin began. It lets go of what lists hold of the input.
func (f *Frame) End() {
	s := f.scratch
	clear(s.values)
	s.values, s.lends = s.values[:0], false
	if cap(s.text) > mostScratchText {
		f.scratch = nil
	}
}

// lending tells whether a rule's conditions are decided.
func (f *Frame) lending() bool { return f.scratch != nil && f.scratch.lends }

// open is where to append a text of about so many bytes, and where it begins.
// Nothing else is made until it is closed.
func (f *Frame) open(size int) (out []byte, from int) {
	if f.lending() {
		return f.scratch.text, len(f.scratch.text)
	}
	return make([]byte, 0, size), 0
}

// close is the text that was appended.
func (f *Frame) close(out []byte, from int) string {
	if f.lending() {
		f.scratch.text = out
	}
	return textIn(out[from:])
}

// list is an empty list with room for so many elements, if the scratch has it.
func (f *Frame) list(length int) []value {
	if !f.lending() || len(f.scratch.values)+length > mostScratchValues {
		return nil
	}
	s := f.scratch
	from := len(s.values)
	s.values = slices.Grow(s.values, length)[:from+length]
	return s.values[from:from:len(s.values)]
}

// kept is a text that stays as it is when the scratch is written over.
func (f *Frame) kept(text string) string {
	if f.lending() && len(f.scratch.text) > 0 {
		return strings.Clone(text)
	}
	return text
}

// A casing is a way to write all letters of a text: lower or upper. It comes to
// what package strings makes of the text.
type casing struct {
	from, to byte // the ASCII letters that change
	of       func(rune) rune
}

func lowering() casing { return casing{'A', 'Z', unicode.ToLower} }
func raising() casing  { return casing{'a', 'z', unicode.ToUpper} }

// changes tells whether the text may come out otherwise.
func (c *casing) changes(text string) bool {
	for i := range len(text) {
		if b := text[i]; b >= utf8.RuneSelf || c.from <= b && b <= c.to {
			return true
		}
	}
	return false
}

func (c *casing) append(out []byte, text string) []byte {
	for _, r := range text {
		switch {
		case r >= utf8.RuneSelf:
			out = utf8.AppendRune(out, c.of(r))
		case rune(c.from) <= r && r <= rune(c.to):
			out = append(out, byte(r)^' ')
		default:
			out = append(out, byte(r))
		}
	}
	return out
}
