package eval

import "github.com/afterword-go/afterword/rules/internal/tree"

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
