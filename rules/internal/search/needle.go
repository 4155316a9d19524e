package search

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A needle is a text to be found.
type needle struct {
	text       string // in lower case if folded and within ASCII
	begin, end bool   // where it has to lie
	line       bool   // what is searched must be one line, too
	folded     bool   // its letters match in any case

	// Of a folded needle: within ASCII, bytes are compared. Two of its letters
	// have a case beyond: K is the sign of kelvins, and ſ is an s.
	ascii, beyond bool
	letters       []rune // its canonical cases
	head, tail    chunk  // its first and last eight bytes
	middle        []chunk
	rare          int // the place of the byte that texts hold least

	first, last       byte // of the text
	firstLow, lastLow byte // the bits to set in a byte to make it so
}

// needlesOf makes needles of texts, if all of them can be.
func needlesOf(texts []text) ([]needle, bool) {
	out := make([]needle, 0, len(texts))
	for _, t := range texts {
		n, ok := needleOf(t)
		if !ok {
			return nil, false
		}
		out = append(out, n)
	}
	return out, len(out) > 0
}

// needleOf makes a needle of a text, unless some of its letters are folded and
// others are not, or its gaps say more than a needle can.
func needleOf(t text) (needle, bool) {
	n := needle{}
	if !n.place(t) {
		return n, false
	}
	exact := false
	var out []rune
	for _, l := range t.letters {
		if l.rune == utf8.RuneError || n.line && l.rune == '\n' { // bytes that are no UTF-8 match the first
			return n, false
		}
		if unicode.SimpleFold(l.rune) != l.rune {
			n.folded, exact = n.folded || l.folded, exact || !l.folded
		}
		out = append(out, l.rune)
	}
	if n.folded && exact {
		return n, false
	}
	n.text = string(out)
	if n.folded {
		n.fold(out)
	}
	return n, true
}

// place works out where the text must lie. A gap at an end that is not anchored
// says nothing, and neither does an anchor behind a gap for anything.
func (n *needle) place(t text) bool {
	n.begin, n.end = t.begin && t.before != anything, t.end && t.after != anything
	before, after := n.begin && t.before == inLine, n.end && t.after == inLine
	if len(t.letters) == 0 && t.before != nothing { // there is one gap
		before = t.begin && t.end && t.before == inLine
		after = before
		n.begin, n.end = false, false
	}
	if before != after {
		return false
	}
	if n.line = before; n.line {
		n.begin, n.end = false, false
	}
	return true
}

// fold prepares the search for the needle in any case.
func (n *needle) fold(letters []rune) {
	n.ascii = true
	for _, r := range letters {
		c := canonical(r)
		n.letters = append(n.letters, c)
		n.ascii = n.ascii && c < utf8.RuneSelf
		n.beyond = n.beyond || c == 'K' || c == 'S'
	}
	if !n.ascii {
		return
	}
	n.text = strings.ToLower(string(n.letters))
	if m := len(n.text); m >= 8 {
		n.head, n.tail = chunkOf(n.text), chunkOf(n.text[m-8:])
		for at := 8; at+8 < m; at += 8 {
			n.middle = append(n.middle, chunkOf(n.text[at:]))
		}
	} else if m >= 4 {
		n.head = chunkOf(n.text[:4] + n.text[m-4:])
	}
	n.first, n.firstLow = lowered(n.text[0])
	n.last, n.lastLow = lowered(n.text[len(n.text)-1])
	for i := range len(n.text) {
		if rarity(n.text[i]) > rarity(n.text[n.rare]) {
			n.rare = i
		}
	}
}

// rarity orders the bytes of usual texts, the most common first.
func rarity(b byte) int {
	if i := strings.IndexByte(" etaoinsrhldcumfpgwybvkxjqz", b); i >= 0 {
		return i
	}
	return 20
}

// in tells whether the needle lies in the text, and where it should.
func (n *needle) in(text string) bool {
	if n.line && strings.IndexByte(text, '\n') >= 0 {
		return false
	}
	switch {
	case n.folded && n.ascii:
		return n.inASCII(text)
	case n.folded:
		return n.inRunes(text)
	case n.begin && n.end:
		return text == n.text
	case n.begin:
		return strings.HasPrefix(text, n.text)
	case n.end:
		return strings.HasSuffix(text, n.text)
	}
	return strings.Contains(text, n.text)
}

// inASCII looks for a folded needle within ASCII. A form of it beyond ASCII has
// more bytes.
func (n *needle) inASCII(text string) bool {
	more := len(text) - len(n.text)
	if more <= 0 {
		return more == 0 && n.at(text, 0)
	}
	switch {
	case n.begin && n.end:
	case n.begin:
		if n.at(text, 0) {
			return true
		}
	case n.end:
		if n.at(text, more) {
			return true
		}
	case n.found(text, more):
		return true
	}
	return n.beyond && !isASCII(text) && n.inRunes(text)
}

// inRunes looks for a folded needle rune by rune.
func (n *needle) inRunes(text string) bool {
	for i := 0; ; {
		if n.runesAt(text[i:]) {
			return true
		}
		if n.begin || i >= len(text) {
			return false
		}
		_, size := utf8.DecodeRuneInString(text[i:])
		i += size
	}
}

// runesAt tells whether the text begins with the needle, and ends with it if
// it should.
func (n *needle) runesAt(text string) bool {
	i := 0
	for _, want := range n.letters {
		r, size := utf8.DecodeRuneInString(text[i:])
		if size == 0 || canonical(r) != want {
			return false
		}
		i += size
	}
	return !n.end || i == len(text)
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// String says where the needle is looked for, and how.
func (n *needle) String() string {
	out := "search"
	switch {
	case n.line:
		out = "search of one line"
	case n.begin && n.end:
		out = "whole text"
	case n.begin:
		out = "beginning"
	case n.end:
		out = "end"
	}
	if n.folded {
		out += " in any case"
	}
	return out
}
