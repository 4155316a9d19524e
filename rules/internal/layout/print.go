package layout

import (
	"bytes"
	"strings"
)

const (
	// Width is how long a line with brackets may be, and how long a line is
	// made of several. It does not count a comment behind it.
	Width = 120

	step = 2 // spaces for each level
)

// Print writes the document. It may be called once.
func (d *Document) Print() []byte {
	d.settle()
	p := &printer{}
	p.comments(d.head, 0, AsIs)
	first := d.root.blank && len(d.head) > 0
	p.comments(d.root.head, 0, AsIs)
	switch n := d.Root; {
	case n.Kind == Scalar || n.flow:
		p.value(d.root, 0)
	default:
		if first {
			p.blank()
		}
		p.entries(n, 0, false)
	}
	p.comments(d.tail, 0, AsIs)
	return p.out.Bytes()
}

type printer struct {
	out  bytes.Buffer
	kept bool // the text above ends in lines of its own
}

// blank writes a blank line, unless it would belong to the text above.
func (p *printer) blank() {
	if !p.kept && p.out.Len() > 0 {
		p.out.WriteByte('\n')
	}
}

func (p *printer) spaces(n int) {
	for range n {
		p.out.WriteByte(' ')
	}
}

// comments writes comments, each on a line of its own.
func (p *printer) comments(all []comment, indent int, first Gap) {
	for i, c := range all {
		if (i > 0 || first == AsIs) && c.blank || i == 0 && first == Always {
			p.blank()
		}
		p.kept = false
		p.spaces(indent)
		p.out.WriteString(c.text + "\n")
	}
}

// entries writes what a group or list holds. The first entry may begin in a
// line that has begun.
func (p *printer) entries(n *Node, indent int, begun bool) {
	for i, e := range n.Entries {
		if begun && i == 0 {
			p.entry(e, indent)
			continue
		}
		gap := e.Gap
		if i == 0 {
			gap = Never
		}
		p.comments(e.head, indent, gap)
		if len(e.head) > 0 && e.blank || len(e.head) == 0 && (gap == Always || gap == AsIs && e.blank) {
			p.blank()
		}
		p.kept = false
		p.spaces(indent)
		p.entry(e, indent)
	}
	p.comments(n.tail, indent, AsIs)
}

// entry writes an entry from its key or hyphen on.
func (p *printer) entry(e *Entry, indent int) {
	if e.key == nil {
		p.out.WriteByte('-')
	} else {
		p.out.WriteString(e.name(false) + ":")
	}
	v := e.Value
	switch {
	case v.Kind == Scalar && !v.empty() || v.flow:
		p.out.WriteByte(' ')
		p.value(e, indent)
	case e.key == nil && !v.empty():
		p.out.WriteByte(' ')
		p.entries(v, indent+step, true)
	default:
		p.end(e)
		p.entries(v, indent+step, false)
	}
}

// name is how a key is written. An empty one cannot be left out.
func (e *Entry) name(flow bool) string {
	return e.key.text.write(flow || e.key.empty(), false)
}

// value writes a single value, or one in brackets, and ends the line.
func (p *printer) value(e *Entry, indent int) {
	t := &e.Value.text
	switch {
	case e.Value.Kind != Scalar:
		p.out.Write(e.Value.inBrackets(nil))
		p.end(e)
	case t.block != 0:
		p.block(e, indent)
	default:
		p.out.WriteString(t.write(false, e.behind != nil))
		p.end(e)
	}
}

// end ends a line with the comment behind it.
func (p *printer) end(e *Entry) {
	if e.behind != nil {
		p.out.WriteString(" " + e.behind.text)
	}
	p.out.WriteByte('\n')
}

// block writes a text below its | or >.
func (p *printer) block(e *Entry, indent int) {
	t := &e.Value.text
	p.out.WriteByte(t.block)
	for _, line := range t.lines {
		if strings.Trim(line, " ") == "" {
			continue
		}
		if line[0] == ' ' || line[0] == '\t' {
			p.out.WriteByte('0' + step)
		}
		break
	}
	p.out.WriteString(t.chomp)
	p.end(e)
	for _, line := range t.lines {
		if line != "" {
			p.spaces(indent + step)
		}
		p.out.WriteString(line + "\n")
	}
	for range t.extra {
		p.out.WriteByte('\n')
	}
	p.kept = t.extra > 0
}

// inBrackets writes a value in one line.
func (n *Node) inBrackets(line []byte) []byte {
	if n.Kind == Scalar {
		return append(line, n.text.write(true, false)...)
	}
	brackets := "[]"
	if n.Kind == Group {
		brackets = "{}"
	}
	line = append(line, brackets[0])
	for i, e := range n.Entries {
		if i > 0 {
			line = append(line, ", "...)
		}
		if e.key != nil {
			line = append(line, e.name(true)+": "...)
		}
		line = e.Value.inBrackets(line)
	}
	return append(line, brackets[1])
}
