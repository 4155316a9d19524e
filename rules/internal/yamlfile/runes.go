package yamlfile

import (
	"bytes"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Runes is the place in the file of every rune of a scalar's value, and in the
// end the place just behind the last one: one more than there are runes. A rune
// that is written as an escape stands where the escape begins; a space or line
// break that comes from folding lines stands where the first line ends.
//
// For a node that does not hold what the file does, every rune stands where
// the node begins.
func (f *File) Runes(n *yaml.Node) []Position {
	if n == nil {
		return []Position{f.At(n)}
	}
	if places, ok := f.places(n); ok {
		return places
	}
	places := make([]Position, utf8.RuneCountInString(n.Value)+1)
	for i := range places {
		places[i] = f.At(n)
	}
	return places
}

// Comment is where the comment begins that follows a scalar without quotes in
// its last line, and whether there is one. A reader may take it for a part of
// the text: a # within it makes the rest of the line a comment.
func (f *File) Comment(n *yaml.Node) (Position, bool) {
	if n == nil || n.Kind != yaml.ScalarNode || n.Value == "" || n.Style&^yaml.TaggedStyle != 0 || f.text == nil {
		return Position{}, false
	}
	places, ok := f.places(n)
	if !ok {
		return Position{}, false
	}
	end := places[len(places)-1]
	offset, ok := f.text.offset(end)
	if !ok {
		return Position{}, false
	}
	behind := f.text.data[offset:]
	comment := bytes.TrimLeft(behind, " \t")
	if len(comment) == len(behind) || len(comment) == 0 || comment[0] != '#' {
		return Position{}, false
	}
	end.Column += len(behind) - len(comment)
	return end, true
}

// places reads the scalar n again in the text of the file. It is false when
// that does not give the scalar's value.
func (f *File) places(n *yaml.Node) ([]Position, bool) {
	start := f.At(n)
	quoted := n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0
	if n.Kind != yaml.ScalarNode || n.Value == "" && !quoted {
		return []Position{start}, n.Value == ""
	}
	if f.text == nil {
		return nil, false
	}
	at, ok := f.text.offset(start)
	if !ok {
		return nil, false
	}
	r := &reader{rest: f.text.data[at:], at: start, want: n.Value}
	r.places = make([]Position, 0, utf8.RuneCountInString(n.Value)+1)
	if n.Anchor != "" || tagged(n) {
		r.properties(n.Anchor)
	}
	switch n.Style &^ yaml.TaggedStyle {
	case 0:
		r.plain()
	case yaml.SingleQuotedStyle, yaml.DoubleQuotedStyle:
		r.quoted()
	case yaml.LiteralStyle, yaml.FoldedStyle:
		r.block()
	}
	return append(r.places, r.at), r.want == "" && !r.failed
}

// A reader reads one scalar again, led by the value that it must give: it need
// not find out where the scalar ends.
type reader struct {
	rest   []byte // the text from here on
	at     Position
	want   string // what is left of the value
	places []Position
	failed bool // the text is not the value
}

// done tells whether there is nothing left to read.
func (r *reader) done() bool { return r.failed || r.want == "" }

// peek is the next rune, or -1 at the end of the file.
func (r *reader) peek() rune {
	if len(r.rest) == 0 {
		return -1
	}
	c, _ := utf8.DecodeRune(r.rest)
	return c
}

// blank and newline tell what the next rune is.
func (r *reader) blank() bool { return len(r.rest) > 0 && (r.rest[0] == ' ' || r.rest[0] == '\t') }

func (r *reader) newline() bool { return len(r.rest) > 0 && (r.rest[0] == '\n' || r.rest[0] == '\r') }

// next goes past a rune, or past a line break however it is written.
func (r *reader) next() rune {
	c, size := utf8.DecodeRune(r.rest)
	if size == 0 {
		return -1
	}
	r.at.Column++
	if c == '\r' && len(r.rest) > 1 && r.rest[1] == '\n' {
		size = 2
	}
	if c == '\r' || c == '\n' {
		c, r.at = '\n', Position{r.at.Line + 1, 1}
	}
	r.rest = r.rest[size:]
	return c
}

// put takes c as the next rune of the value.
func (r *reader) put(c rune, at Position) {
	w, size := utf8.DecodeRuneInString(r.want)
	if size == 0 || w != c {
		r.failed = true
		return
	}
	r.want = r.want[size:]
	r.places = append(r.places, at)
}

// copy takes the next rune of the text as the next one of the value.
func (r *reader) copy() {
	at := r.at
	r.put(r.next(), at)
}

// properties goes past an anchor of the given name, tags and the comments after
// them. Unlike a tag, an anchor may end without white space: in &a:b it is a.
func (r *reader) properties(anchor string) {
	for {
		switch c := r.peek(); {
		case r.blank() || r.newline():
			r.next()
		case c == '#':
			for r.peek() != -1 && !r.newline() {
				r.next()
			}
		case c == '&':
			for range utf8.RuneCountInString("&" + anchor) {
				r.next()
			}
		case c == '!':
			for r.peek() != -1 && !r.blank() && !r.newline() {
				r.next()
			}
		default:
			return
		}
	}
}
