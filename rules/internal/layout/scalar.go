package layout

import (
	"bytes"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/afterword-go/afterword/rules/internal/yamlfile"
)

// scalar reads a single value or a key, and goes behind it. A comment behind
// the | or > of a block is one behind the entry.
func (r *reader) scalar(e *Entry, n *yaml.Node) *Node {
	r.goTo(n)
	text := scalar{
		source: n, value: n.Value, bare: n.Tag != "!!str",
		quoted: n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0,
	}
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		r.block(e, n, &text)
		return &Node{text: text}
	}
	places := r.file.Runes(n)
	end := places[len(places)-1]
	if first := places[0]; first.Line != end.Line {
		text.lines = broken(n.Value, places)
	}
	r.jump(end)
	if text.quoted {
		r.unquote()
	}
	return &Node{text: text}
}

// jump goes to a place further on.
func (r *reader) jump(to yamlfile.Position) {
	if offset, ok := r.file.Offset(to); ok && offset > r.pos {
		r.pos, r.line = offset, to.Line
	}
}

// unquote goes behind the closing quote; only line breaks that mean nothing can
// stand in front of it.
func (r *reader) unquote() {
	for r.pos < len(r.data) && r.data[r.pos] != '\'' && r.data[r.pos] != '"' {
		r.step()
	}
	r.pos = min(r.pos+1, len(r.data))
}

// broken are the lines of a text that is written without line breaks of its
// own in several lines.
func broken(value string, places []yamlfile.Position) []string {
	var lines []string
	start, i := 0, 0
	for at, c := range value {
		if c == ' ' && places[i+1].Line > places[i].Line {
			lines = append(lines, value[start:at])
			start = at + 1
		}
		i++
	}
	return append(lines, value[start:])
}

// block reads a text behind | or >.
func (r *reader) block(e *Entry, n *yaml.Node, text *scalar) {
	header := r.line
	text.block = r.data[r.pos]
	r.last, r.lastLine = e, r.line
	end := len(r.data)
	if i := bytes.IndexAny(r.data[r.pos:], "\r\n"); i >= 0 {
		end = r.pos + i
	}
	r.gap(end)
	r.lastLine = -1
	places := r.file.Runes(n)
	r.jump(places[len(places)-1])
	r.taken = r.line
	if places[len(places)-1].Column == 1 {
		r.taken--
	}
	visible := strings.TrimRight(n.Value, "\n")
	if strings.Trim(visible, " ") == "" {
		text.block, text.quoted = 0, true
		return
	}
	last := places[strings.Count(visible, "")-2].Line
	if last <= header {
		text.block, text.quoted = 0, true
		return
	}
	text.chomp, text.extra = chomping(len(n.Value) - len(visible))
	text.lines, text.indent = r.stripped(header+1, last, n.Value)
}

// chomping is how a block ends that holds a number of line breaks behind its
// last line.
func chomping(breaks int) (indicator string, extra int) {
	switch breaks {
	case 0:
		return "-", 0
	case 1:
		return "", 0
	}
	return "+", breaks - 1
}

// stripped are lines of the file without the indentation that is no part of
// the block they belong to, and how much that is.
func (r *reader) stripped(from, to int, value string) ([]string, int) {
	var lines []string
	start, _ := r.file.Offset(yamlfile.Position{Line: from, Column: 1})
	rest := r.data[start:]
	for ; from <= to; from++ {
		end := bytes.IndexAny(rest, "\r\n")
		if end < 0 {
			end = len(rest)
		}
		lines = append(lines, string(rest[:end]))
		if bytes.HasPrefix(rest[end:], []byte("\r\n")) {
			end++
		}
		rest = rest[min(end+1, len(rest)):]
	}
	indent := 0
	for _, line := range lines {
		if strings.Trim(line, " ") != "" {
			own := strings.TrimLeft(value, " \n")
			before := value[:len(value)-len(own)]
			indent = leading(line) - leading(before[strings.LastIndexByte(before, '\n')+1:])
			break
		}
	}
	for i, line := range lines {
		lines[i] = line[min(indent, leading(line)):]
	}
	return lines, indent
}

// leading is the number of spaces at the start of a line.
func leading(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }
