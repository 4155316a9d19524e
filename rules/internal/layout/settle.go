package layout

// settle decides how the values of the document are written.
func (d *Document) settle() {
	if d.Root.Kind == Scalar {
		d.Root.text.settle(0, d.root.behind != nil)
		return
	}
	d.root.bracket(0)
	for _, child := range d.Root.Entries {
		child.settle(0)
	}
}

// settle decides how the value of an entry is written that begins at indent,
// and where its comments go then.
func (e *Entry) settle(indent int) {
	at := indent + step
	if e.key != nil {
		at = indent + width(e.name(false)+": ")
	}
	if e.Value.Kind == Scalar {
		e.Value.text.settle(at, e.behind != nil)
		return
	}
	if e.bracket(at); e.Value.flow {
		return
	}
	for _, child := range e.Value.Entries {
		child.settle(indent + step)
	}
	if e.key == nil {
		// The first entry begins in the line of the hyphen.
		first := e.Value.Entries[0]
		e.head, first.head = append(e.head, first.head...), nil
	}
}

// bracket decides whether a group or list that begins in a column keeps its
// brackets. The comment behind them may not stay in front of others.
func (e *Entry) bracket(at int) {
	v := e.Value
	if len(v.Entries) == 0 {
		v.flow = true
		e.head, v.tail = append(e.head, v.tail...), nil
		return
	}
	if v.flow && at+v.measure() <= Width {
		return
	}
	v.flow = false
	switch c := e.behind; {
	case c == nil || v.column > 0:
	case v.commented():
		v.tail, e.behind = append(v.tail, *c), nil
	case e.key == nil:
		e.head, e.behind = append(e.head, *c), nil
	}
}

// measure is the width of a value in one line. It is kept: the value is asked
// again for each list around it.
func (n *Node) measure() int {
	switch {
	case n.width > 0:
	case n.Kind == Scalar:
		n.width = width(n.text.write(true, false))
	default:
		n.width = len("[]") + len(", ")*max(len(n.Entries)-1, 0)
		for _, e := range n.Entries {
			if e.key != nil {
				n.width += width(e.name(true) + ": ")
			}
			n.width += e.Value.measure()
		}
	}
	return n.width
}

// settle decides how a text that was broken into lines is written at a column:
// in one line if it fits.
func (t *scalar) settle(at int, commented bool) {
	if t.block != 0 || t.lines == nil || at+width(t.write(false, commented)) <= Width || !t.foldable() {
		return
	}
	t.block, t.chomp = '>', "-"
}
