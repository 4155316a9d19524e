package eval

import (
	"math"
	"time"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// compared is the comparison of a field with a constant.
func compared(n *tree.Node) (form, bool) {
	a, b, op := n.Kids[0], n.Kids[1], n.Op
	if a.Op == tree.Const {
		a, b, op = b, a, op.Mirrored()
	}
	if b.Op != tree.Const {
		return form{}, false
	}
	if a.Op == tree.Const {
		var f Frame
		f.Allow(1)
		holds, failure := Compile(n).Continue(&f)
		out := fixed(holds)
		out.steps = f.Spent()
		return out, failure == nil
	}
	switch with := b.Value.(type) {
	case int64:
		return comparedInt(op, a, with)
	case float64:
		if a.Op == tree.Widen {
			a = a.Kids[0]
		}
		out, ok := reading(a)
		out.test.asks, out.test.order, out.test.low = isFloat, op, int64(math.Float64bits(with))
		return out, ok
	case time.Time:
		out, ok := reading(a)
		if ok {
			out.test.asks, out.test.order, out.test.needsRare().time = isTime, op, with
		}
		return out, ok
	case string:
		return comparedText(op, a, b)
	}
	return form{}, false
}

func comparedText(op tree.Op, a, b *tree.Node) (form, bool) {
	if op != tree.Eq && op != tree.Ne {
		return aboutText(a, b, isOrdered, func(f *form) { f.test.order = op })
	}
	out, ok := reading(a)
	text := b.Value.(string)
	out.test.compareWith(text)
	out.steps = len(text) / 64
	if op == tree.Ne {
		out.test.flags ^= not
	}
	return out, ok
}

// comparedInt turns a comparison into a range.
func comparedInt(op tree.Op, a *tree.Node, with int64) (form, bool) {
	least, most, opposite := int64(math.MinInt64), int64(math.MaxInt64), false
	switch op {
	case tree.Eq:
		least, most = with, with
	case tree.Ne:
		least, most, opposite = with, with, true
	case tree.Le:
		most = with
	case tree.Ge:
		least = with
	case tree.Lt:
		if most = with - 1; with == math.MinInt64 {
			least, most, opposite = with, math.MaxInt64, true
		}
	case tree.Gt:
		if least = with + 1; with == math.MaxInt64 {
			least, opposite = math.MinInt64, true
		}
	}
	out, ok := between(a, least, most)
	if opposite {
		out.test.flags ^= not
	}
	return out, ok
}

// between is the test whether a whole number lies in a range.
func between(a *tree.Node, least, most int64) (form, bool) {
	switch a.Op {
	case tree.Add, tree.Sub, tree.Mul:
		return summed(a, least, most)
	case tree.Len:
		return longBetween(a.Kids[0], least, most)
	}
	out, ok := reading(a)
	t := &out.test
	t.asks, t.low, t.width = isInt, least, uint64(most-least)
	if least > most { // nothing lies there, and everything outside
		t.low, t.width = math.MinInt64, math.MaxUint64
		t.flags ^= not
	}
	return out, ok
}

// longBetween is the test whether a length lies in a range.
func longBetween(a *tree.Node, least, most int64) (form, bool) {
	if least > most {
		return form{}, false
	}
	bounds := func(f *form) { f.test.low, f.test.needs().most = least, uint64(most-least) }
	if a.Type.Kind == tree.Text {
		return aboutText(a, nil, isLong, bounds)
	}
	out, ok := reading(a)
	if ok {
		out.test.asks, out.test.needsRare().layout = isCount, layoutOf(a.Field.Go)
		bounds(&out)
	}
	if ok && (a.Field.ZeroAbsent || a.Field.EmptyAbsent) {
		out.read = nil // an empty list is absent, which its guard has to say
	}
	return out, ok
}

// among is the test whether a field is one of some constants.
func among(n *tree.Node) (form, bool) {
	a, items := n.Kids[0], n.Kids[1]
	if !isConstant(items) {
		return form{}, false
	}
	out, ok := reading(a)
	if !ok {
		return out, false
	}
	out.steps = len(items.Kids)
	switch a.Type.Kind {
	case tree.Text:
		out.test.asks, out.test.needsRare().texts = isTextOf, oneOfTexts(items)
		for _, item := range items.Kids {
			out.steps += len(item.Value.(string)) / 64
		}
		return out, true
	case tree.Int:
		out.test.asks, out.test.needsRare().ints = isIntOf, oneOfInts(items)
		return out, true
	}
	return out, false
}

// aboutText is a test of a text that looks at all of it, and perhaps at a
// constant.
func aboutText(a, with *tree.Node, asks asks, and func(*form)) (form, bool) {
	out, ok := reading(a)
	if !ok || with != nil && with.Op != tree.Const {
		return out, false
	}
	out.test.asks, out.weight = asks, 1
	if with != nil {
		text := with.Value.(string)
		out.test.needs().text, out.beside = text, len(text)
	}
	if and != nil {
		and(&out)
	}
	return out, true
}
