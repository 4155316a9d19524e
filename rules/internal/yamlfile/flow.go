package yamlfile

import (
	"strconv"
	"strings"
)

// plain reads a scalar without quotes.
func (r *reader) plain() {
	for !r.done() {
		if r.blank() || r.newline() {
			r.gap()
		} else {
			r.copy()
		}
	}
}

// quoted reads a scalar in single or double quotes.
func (r *reader) quoted() {
	quote := r.next()
	for !r.done() {
		switch c := r.peek(); {
		case r.blank() || r.newline():
			r.gap()
		case c == '\\' && quote == '"':
			r.escape()
		case c == quote:
			// Within the value, it can only be the first of two.
			at := r.at
			r.next()
			r.failed = quote == '"' || r.peek() != quote
			r.put(r.next(), at)
		default:
			r.copy()
		}
	}
}

// gap reads white space between words. Within a line it is as it is; a line
// break is a space, and of several line breaks the first one does not count.
func (r *reader) gap() {
	ahead := *r
	for ahead.blank() {
		ahead.next()
	}
	if !ahead.newline() {
		for r.blank() && !r.done() {
			r.copy()
		}
		return
	}
	start := r.at
	r.blanks()
	r.next()
	if r.emptyLines() == 0 {
		r.put(' ', start)
	}
}

func (r *reader) blanks() {
	for r.blank() {
		r.next()
	}
}

// emptyLines reads the lines of nothing but white space that follow, each a
// line break of the value, and the indentation after them.
func (r *reader) emptyLines() int {
	for n := 0; ; n++ {
		r.blanks()
		if !r.newline() || r.failed {
			return n
		}
		r.copy()
	}
}

// escapes has the runes that a letter stands for behind a backslash.
var escapes = map[rune]rune{
	'0': 0, 'a': '\a', 'b': '\b', 't': '\t', '\t': '\t', 'n': '\n', 'v': '\v', 'f': '\f', 'r': '\r', 'e': 0x1B,
	' ': ' ', '"': '"', '/': '/', '\\': '\\', 'N': 0x85, '_': 0xA0, 'L': 0x2028, 'P': 0x2029,
}

// digits has the number of hexadecimal digits of an escape.
var digits = map[rune]int{'x': 2, 'u': 4, 'U': 8}

// escape reads a backslash and what belongs to it.
func (r *reader) escape() {
	at := r.at
	r.next()
	if r.newline() {
		r.next()
		r.emptyLines()
		return
	}
	letter := r.next()
	if c, ok := escapes[letter]; ok {
		r.put(c, at)
		return
	}
	var code strings.Builder
	for range digits[letter] {
		code.WriteRune(r.next())
	}
	c, err := strconv.ParseUint(code.String(), 16, 32)
	if err != nil {
		r.failed = true
		return
	}
	r.put(rune(c), at)
}
