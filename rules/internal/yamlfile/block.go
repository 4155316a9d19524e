package yamlfile

import (
	"bytes"
	"math"
	"strings"
)

// block reads a literal (|) or folded (>) scalar.
func (r *reader) block() {
	folded := r.next() == '>'
	for r.peek() != -1 && !r.newline() {
		r.next() // what follows the indicator: how to chomp, indent, a comment
	}
	r.next()
	indent := indentation(r.rest, r.want)
	r.breaks(indent)
	for !r.done() {
		if folded {
			r.foldedLine(indent)
		} else {
			r.line()
			r.lineBreak()
		}
		r.breaks(indent)
	}
}

// indentation is the number of spaces that do not belong to the value at the
// start of each line. It follows from the first line that has something else:
// the spaces that are in the text but not in the value.
func indentation(text []byte, value string) int {
	v := strings.IndexFunc(value, func(c rune) bool { return c != ' ' && c != '\n' })
	t := bytes.IndexFunc(text, func(c rune) bool { return c != ' ' && c != '\n' && c != '\r' })
	if v >= 0 && t >= 0 {
		return spacesBefore(text[:t]) - spacesBefore([]byte(value[:v]))
	}
	// There are only empty lines; the first that is too long tells.
	for line := range strings.SplitSeq(value, "\n") {
		end := bytes.IndexAny(text, "\r\n")
		if end < 0 {
			end = len(text)
		}
		if line != "" {
			return end - len(line)
		}
		if bytes.HasPrefix(text[end:], []byte("\r\n")) {
			end++
		}
		text = text[min(end+1, len(text)):]
	}
	return math.MaxInt
}

// spacesBefore is the number of spaces at the end of data.
func spacesBefore(data []byte) int { return len(data) - len(bytes.TrimRight(data, " ")) }

// indent goes past the indentation of a line and returns how much there is.
func (r *reader) indent(most int) int {
	n := 0
	for ; n < most && r.peek() == ' '; n++ {
		r.next()
	}
	return n
}

// breaks reads the empty lines that follow and the indentation after them.
func (r *reader) breaks(indent int) {
	for !r.done() {
		r.indent(indent)
		if !r.newline() {
			return
		}
		r.copy()
	}
}

// line reads what is left of a line.
func (r *reader) line() {
	for !r.done() && !r.newline() && r.peek() != -1 {
		r.copy()
	}
}

// lineBreak reads the end of a line. A line of white space at the end of the
// file ends even if there is no line break.
func (r *reader) lineBreak() {
	switch {
	case r.done():
	case r.newline():
		r.copy()
	default:
		r.put('\n', r.at)
	}
}

// foldedLine reads a line and what joins it to the next one: a space, unless
// one of the two begins with white space; and of several line breaks the first
// does not count.
func (r *reader) foldedLine(indent int) {
	first := r.blank()
	r.line()
	if r.done() || !r.newline() {
		r.lineBreak()
		return
	}
	ahead := *r
	empty := -1
	depth := 0
	for ahead.newline() {
		ahead.next()
		depth = ahead.indent(indent)
		empty++
	}
	ends := ahead.peek() == -1 || depth < indent
	if first || ends || ahead.blank() {
		r.lineBreak()
		return
	}
	at := r.at
	r.next()
	if empty == 0 {
		r.put(' ', at)
	}
}
