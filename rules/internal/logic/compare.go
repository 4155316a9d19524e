package logic

import (
	"cmp"
	"math"
	"time"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// compare is a comparison of two terms.
func (s *Space) compare(op tree.Op, a, b *tree.Node) *Formula {
	if s.parts--; s.parts < 0 {
		return s.anything()
	}
	switch {
	case a.Op == tree.Choice:
		return s.either(a, func(a *tree.Node) *Formula { return s.compare(op, a, b) })
	case b.Op == tree.Choice:
		return s.either(b, func(b *tree.Node) *Formula { return s.compare(op, a, b) })
	case a.Op == tree.Const && b.Op == tree.Const:
		return s.constant(op, a, b)
	case a.Op == tree.Const:
		return s.compare(op.Mirrored(), b, a)
	case a.Type.Kind == tree.Bool || a.Type.Kind == tree.Invalid:
		return s.opaque(&tree.Node{Op: op, Type: tree.Of(tree.Bool), Kids: []*tree.Node{a, b}})
	case b.Op != tree.Const:
		return s.relation(op, a, b)
	}
	switch v := b.Value.(type) {
	case int64:
		if a.Type.Kind == tree.Float {
			return s.fraction(op, a, float64(v))
		}
		return number(s.value(a), compared(op, v))
	case float64:
		return s.fraction(op, a, v)
	case time.Time:
		if at, ok := timeOf(v); ok {
			return number(s.value(a), compared(op, at))
		}
	case string:
		return s.textual(op, a, v)
	}
	return s.opaque(&tree.Node{Op: op, Type: tree.Of(tree.Bool), Kids: []*tree.Node{a, b}})
}

// compared are the numbers for which a comparison with x holds.
func compared(op tree.Op, x int64) spans {
	switch op {
	case tree.Eq:
		return only(x)
	case tree.Ne:
		return only(x).not()
	case tree.Lt:
		return below(x)
	case tree.Le:
		return upTo(x)
	case tree.Gt:
		return above(x)
	}
	return from(x)
}

// fraction compares a number that may have a fraction, or a whole number as
// one.
func (s *Space) fraction(op tree.Op, a *tree.Node, x float64) *Formula {
	if a.Op == tree.Widen && math.Abs(x) < 1<<53 {
		return number(s.value(a.Kids[0]), comparedWhole(op, x))
	}
	in := compared(op, PlaceOf(x))
	if op != tree.Ne { // of NaN, nothing else is true
		in = in.and(only(notANumber).not())
	}
	return number(s.value(a), in)
}

// comparedWhole are the whole numbers for which a comparison with x holds.
func comparedWhole(op tree.Op, x float64) spans {
	low, high := int64(math.Floor(x)), int64(math.Ceil(x))
	switch op {
	case tree.Eq:
		return from(high).and(upTo(low))
	case tree.Ne:
		return from(high).and(upTo(low)).not()
	case tree.Lt:
		return below(high)
	case tree.Le:
		return upTo(low)
	case tree.Gt:
		return above(low)
	}
	return from(high)
}

// textual compares a text that is read with a constant.
func (s *Space) textual(op tree.Op, a *tree.Node, v string) *Formula {
	switch op {
	case tree.Eq:
		return isOneOf(s.value(a), []string{v})
	case tree.Ne:
		return Not(isOneOf(s.value(a), []string{v}))
	case tree.Gt:
		return Not(s.textual(tree.Le, a, v))
	case tree.Ge:
		return Not(s.textual(tree.Lt, a, v))
	}
	return passes(s.value(a), &test{key: constantKey(int(op)) + " " + v, holds: func(text string) bool {
		return text < v || op == tree.Le && text == v
	}})
}

// constant compares two constants.
func (s *Space) constant(op tree.Op, a, b *tree.Node) *Formula {
	order := 0
	switch x := a.Value.(type) {
	case int64:
		if y, ok := b.Value.(int64); ok {
			order = cmp.Compare(x, y)
		} else {
			order = cmp.Compare(float64(x), asFloat(b.Value))
		}
	case float64:
		order = cmp.Compare(x, asFloat(b.Value))
	case string:
		y, _ := b.Value.(string)
		order = cmp.Compare(x, y)
	case time.Time:
		y, _ := b.Value.(time.Time)
		order = x.Compare(y)
	default:
		return s.opaque(&tree.Node{Op: op, Type: tree.Of(tree.Bool), Kids: []*tree.Node{a, b}})
	}
	return truth(len(compared(op, 0).and(only(int64(order)))) > 0)
}

func asFloat(v any) float64 {
	if i, ok := v.(int64); ok {
		return float64(i)
	}
	x, _ := v.(float64)
	return x
}

// relation compares two terms that are read: which of them is the larger one
// is a read of its own.
func (s *Space) relation(op tree.Op, a, b *tree.Node) *Formula {
	first, second := s.keyOf(a), s.keyOf(b)
	if first > second {
		a, b, op = b, a, op.Mirrored()
		first, second = second, first
	}
	r := s.read(first+" <> "+second, func(r *Read) {
		r.numbers = spans{{-1, 1}}
		if first == second {
			r.numbers = only(0)
		}
		if a.Type.Kind == tree.Float || b.Type.Kind == tree.Float { // NaN
			r.numbers = r.numbers.or(only(2))
		}
		r.Mentions = append(mentions(a), mentions(b)...)
	})
	in := compared(op, 0)
	if op != tree.Ne {
		in = in.and(upTo(1))
	}
	return number(r, in)
}
