package layout

import (
	"bytes"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/afterword-go/afterword/rules/internal/yamlfile"
)

// Read makes a document of a file in which no problem was found.
func Read(f *yamlfile.File) *Document {
	r := &reader{file: f, data: f.Data(), line: 1, lastLine: -1}
	r.index()
	d := &Document{file: f, root: &Entry{}, respaced: map[*yaml.Node]bool{}}
	root := f.Root()
	if flat(root) {
		r.goTo(root)
		d.root.head, r.pending = r.pending, nil
	}
	d.root.Value = r.value(d.root, root, 0)
	d.Root = d.root.Value
	r.gap(len(r.data))
	r.sort(0)
	d.tail, d.comments = r.pending, r.comments
	if len(d.Root.Entries) > 0 && !flat(root) {
		first := d.Root.Entries[0]
		d.head, first.head = first.head, nil
		d.root.blank = first.blank
	}
	return d
}

// A reader goes through the text of a file along its tree.
type reader struct {
	file  *yamlfile.File
	data  []byte
	empty []bool // whether a line, from 1, holds nothing but white space

	pos, line int
	last      *Entry    // what ended last
	lastLine  int       // in this line; -1 when nothing can stand behind it
	pending   []comment // not yet given to an entry
	ended     []*Node   // what ended since the last entry, innermost first
	taken     int       // the last line of the text above, which may look blank
	comments  []string  // all of them
}

// flat tells whether a value is a single one or in brackets.
func flat(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode || n.Style&yaml.FlowStyle != 0 }

// nothing tells whether a value is null because nothing is written.
func nothing(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Value == "" && n.Tag == "!!null"
}

// index finds the lines of nothing but white space.
func (r *reader) index() {
	r.empty = append(r.empty, false)
	empty := true
	for i, c := range r.data {
		switch {
		case c == '\n' || c == '\r' && (i+1 == len(r.data) || r.data[i+1] != '\n'):
			r.empty, empty = append(r.empty, empty), true
		case c != ' ' && c != '\t' && c != '\r':
			empty = false
		}
	}
	r.empty = append(r.empty, empty)
}

// apart tells whether the line above this one is blank, and no part of a text.
func (r *reader) apart() bool {
	return r.line-1 > r.taken && r.line <= len(r.empty) && r.empty[r.line-1]
}

// goTo goes to where a node begins, past comments.
func (r *reader) goTo(n *yaml.Node) {
	if to, ok := r.file.Offset(r.file.At(n)); ok {
		r.gap(to)
	}
}

// gap goes to an offset past white space, punctuation and comments.
func (r *reader) gap(to int) {
	for r.pos < to {
		switch c := r.data[r.pos]; {
		case c == '#' && (r.pos == 0 || bytes.IndexByte([]byte(" \t\r\n"), r.data[r.pos-1]) >= 0):
			r.comment()
		default:
			r.step()
		}
	}
}

// step goes past a byte.
func (r *reader) step() {
	c := r.data[r.pos]
	r.pos++
	if c == '\n' || c == '\r' && (r.pos == len(r.data) || r.data[r.pos] != '\n') {
		r.line++
	}
}

// comment takes the comment that begins here.
func (r *reader) comment() {
	text := r.data[r.pos:]
	if end := bytes.IndexAny(text, "\r\n"); end >= 0 {
		text = text[:end]
	}
	start := bytes.LastIndexAny(r.data[:r.pos], "\r\n") + 1
	c := comment{
		text:   string(bytes.TrimRight(text, " \t")),
		column: 1 + utf8.RuneCount(r.data[start:r.pos]),
		blank:  r.apart(),
	}
	r.pos += len(text)
	r.comments = append(r.comments, c.text)
	if r.line == r.lastLine && r.last.behind == nil {
		c.blank = false
		r.last.behind = &c
		return
	}
	r.pending = append(r.pending, c)
}

// enter goes to the entry that begins at n, within a group or list, and gives
// it the comments above it.
func (r *reader) enter(n *yaml.Node, within *Node) *Entry {
	r.goTo(n)
	r.sort(within.column)
	e := &Entry{head: r.pending, blank: r.apart()}
	r.pending = nil
	return e
}

// sort gives the comments that belong below the last entries of what ended to
// it. What is left belongs to what begins now, in a column.
func (r *reader) sort(column int) {
	i, given := 0, 0
	for _, c := range r.pending {
		for i < len(r.ended) && !r.reaches(i, c, column) {
			i++
		}
		if i == len(r.ended) {
			break
		}
		r.ended[i].tail = append(r.ended[i].tail, c)
		given++
	}
	r.pending, r.ended = r.pending[given:], nil
}

// reaches tells whether c belongs to what ended at i: it begins further to the
// right, or in the same column and nothing around it does.
func (r *reader) reaches(i int, c comment, column int) bool {
	own := r.ended[i].column
	return own < c.column || own == c.column && own > column && (i+1 == len(r.ended) || r.ended[i+1].column < own)
}

// value reads the value of an entry of what begins in a column.
func (r *reader) value(e *Entry, n *yaml.Node, column int) *Node {
	if nothing(n) {
		node := &Node{text: scalar{source: n, bare: true}, column: column + 1}
		if column > 0 {
			r.ended = append(r.ended, node)
		}
		r.last, r.lastLine = e, r.line
		return node
	}
	r.goTo(n)
	if !flat(n) {
		return r.collection(e, n)
	}
	if e.behind != nil {
		e.head, e.behind = append(e.head, *e.behind), nil
	}
	e.head, r.pending = append(e.head, r.pending...), nil
	var node *Node
	if n.Kind == yaml.ScalarNode {
		node = r.scalar(e, n)
	} else {
		node = r.collection(e, n)
	}
	r.last, r.lastLine = e, r.line
	if node.text.block != 0 {
		r.lastLine = -1
	}
	return node
}

// collection reads a group or a list.
func (r *reader) collection(owner *Entry, n *yaml.Node) *Node {
	node := &Node{Kind: List, flow: flat(n), column: n.Column}
	if n.Kind == yaml.MappingNode {
		node.Kind = Group
	}
	first := r.line
	// A single key in a list in brackets needs no braces of its own.
	open := node.flow && (r.data[r.pos] == '{' || r.data[r.pos] == '[')
	if node.flow {
		node.column = 0
	}
	if open {
		r.pos++
		r.lastLine = -1
	}
	r.entries(node, n)
	if open {
		r.close()
		node.tail, r.pending = r.pending, nil
	}
	if node.flow {
		node.flow = r.line == first
	} else {
		r.ended = append(r.ended, node)
	}
	return node
}

func (r *reader) entries(node *Node, n *yaml.Node) {
	if n.Kind == yaml.SequenceNode {
		for _, item := range n.Content {
			e := r.enter(item, node)
			e.Value = r.value(e, item, node.column)
			node.Entries = append(node.Entries, e)
		}
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		e := r.enter(n.Content[i], node)
		e.key = r.scalar(e, n.Content[i])
		r.last, r.lastLine = e, r.line
		e.Value = r.value(e, n.Content[i+1], node.column)
		node.Entries = append(node.Entries, e)
	}
}

// close goes past the closing bracket.
func (r *reader) close() {
	for r.pos < len(r.data) && r.data[r.pos] != ']' && r.data[r.pos] != '}' {
		r.gap(r.pos + 1)
	}
	r.gap(min(r.pos+1, len(r.data)))
}
