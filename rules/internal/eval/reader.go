package eval

import (
	"time"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// ReadText is a reader of a text field of the input, for whoever looks at many
// rules at once. Its second result says whether the field is there. It is not
// ok for anything but a text that is reached from the input through groups.
func ReadText(n *tree.Node) (read func(Pointer) (string, bool), ok bool) {
	t, ok := readable(n, tree.Text)
	if !ok {
		return nil, false
	}
	return func(in Pointer) (string, bool) {
		p, there := t.value(in)
		if !there {
			return "", false
		}
		s := p.text()
		return s, s != "" || !t.is(zeroOut)
	}, true
}

// ReadInt is the same for a whole number. It is not ok for unsigned numbers of
// 64 bits either, since reading one that is too large is an error.
func ReadInt(n *tree.Node) (read func(Pointer) (int64, bool), ok bool) {
	t, ok := readable(n, tree.Int)
	if !ok || t.lies == asUint64 {
		return nil, false
	}
	return func(in Pointer) (int64, bool) {
		p, there := t.value(in)
		if !there {
			return 0, false
		}
		i, _ := p.int(t.lies)
		return i, i != 0 || !t.is(zeroOut)
	}, true
}

// ReadFloat is the same for a number with a fraction.
func ReadFloat(n *tree.Node) (read func(Pointer) (float64, bool), ok bool) {
	t, ok := readable(n, tree.Float)
	if !ok {
		return nil, false
	}
	return func(in Pointer) (float64, bool) {
		p, there := t.value(in)
		if !there {
			return 0, false
		}
		x := p.float(t.lies)
		return x, x != 0 || !t.is(zeroOut)
	}, true
}

// ReadTime is the same for a time.
func ReadTime(n *tree.Node) (read func(Pointer) (time.Time, bool), ok bool) {
	t, ok := readable(n, tree.Time)
	if !ok {
		return nil, false
	}
	return func(in Pointer) (time.Time, bool) {
		p, there := t.value(in)
		if !there {
			return time.Time{}, false
		}
		at := p.time()
		return at, !at.IsZero() || !t.is(zeroOut)
	}, true
}

// ReadLength is a reader of how many elements a list of the input has: 0 if it
// is not there. It is not ok for anything but a list that is reached from the
// input through groups.
func ReadLength(n *tree.Node) (read func(Pointer) int, ok bool) {
	t, ok := readable(n, tree.List)
	if !ok {
		return nil, false
	}
	l := layoutOf(n.Field.Go)
	return func(in Pointer) int {
		p, there := t.value(in)
		if !there {
			return 0
		}
		_, length := p.list(l)
		return length
	}, true
}

// ReadBytes is a reader of how many bytes a text has in all elements of a list
// together. The text is the element, or is reached from it through groups, and
// read as by a loop over the list.
func ReadBytes(list, text *tree.Node) (read func(Pointer) int, ok bool) {
	t, ok := readable(list, tree.List)
	root, w := text, way{}
	if text.Op == tree.GetField {
		root, w = valueWay(text)
	}
	if !ok || root == nil || root.Op != tree.Elem || text.Type.Kind != tree.Text {
		return nil, false
	}
	l := layoutOf(list.Field.Go)
	return func(in Pointer) int {
		p, there := t.value(in)
		if !there {
			return 0
		}
		items, total := listAt(p, l), 0
		for i := range items.length {
			e := items.at(i)
			if e.absent {
				continue
			}
			if at, there := w.from(e.at); there {
				total += len(at.text())
			}
		}
		return total
	}, true
}

// readable is a test that reads the field n of the kind.
func readable(n *tree.Node, kind tree.Kind) (test, bool) {
	if n.Op != tree.GetField || n.Type.Kind != kind {
		return test{}, false
	}
	out, ok := reading(n)
	return out.test, ok
}

// value is the place of what the test reads. The second result says that it
// may be there.
func (t *test) value(in Pointer) (Pointer, bool) {
	p := t.at.in(in)
	if t.flags&(far|pointer) == 0 {
		return p, true
	}
	return t.through(in, p)
}
