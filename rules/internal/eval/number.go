package eval

import (
	"math"
	"reflect"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

func intsOf(n *tree.Node) ints {
	switch n.Op {
	case tree.Const:
		v := n.Value.(int64)
		return func(*Frame) int64 { return v }
	case tree.GetField, tree.Elem, tree.Index, tree.Call:
		return readOf[int64, ints](n,
			func(p Pointer, l lies) int64 { return intAt(p, l, n) },
			func(e *element) int64 { return e.anInt(n) }, reflect.Value.Int)
	case tree.Choice:
		return choice(n, intsOf)
	case tree.Neg:
		x := intsOf(n.Kids[0])
		return func(f *Frame) int64 { return subtract(n, 0, x(f)) }
	case tree.Add, tree.Sub, tree.Mul, tree.Mod:
		a, b, op := intsOf(n.Kids[0]), intsOf(n.Kids[1]), wholeOp(n.Op)
		return func(f *Frame) int64 { return op(n, a(f), b(f)) }
	case tree.Count:
		items, each, cost := listOf(n.Kids[0]), Compile(n.Kids[1]), turnCost(n.Kids[1])
		return func(f *Frame) int64 {
			l := items(f)
			return int64(matching(f, n, &l, each, cost, l.length+1))
		}
	case tree.Sum:
		return sum(n, intsOf(n.Kids[1]), func(a, b int64) int64 { return add(n, a, b) })
	case tree.Len:
		return length(n)
	case tree.ToInt:
		return succeeding[int64, ints](n, toInt())
	}
	panic("eval: no whole number")
}

func floatsOf(n *tree.Node) floats {
	switch n.Op {
	case tree.Const:
		v := n.Value.(float64)
		return func(*Frame) float64 { return v }
	case tree.GetField, tree.Elem, tree.Index, tree.Call:
		return readOf[float64, floats](n, Pointer.float,
			func(e *element) float64 { return e.aFloat(tree.Float, n) }, reflect.Value.Float)
	case tree.Choice:
		return choice(n, floatsOf)
	case tree.Neg:
		x := floatsOf(n.Kids[0])
		return func(f *Frame) float64 { return -x(f) }
	case tree.Add, tree.Sub, tree.Mul, tree.Div:
		a, b, op := floatsOf(n.Kids[0]), floatsOf(n.Kids[1]), fractionOp(n)
		return func(f *Frame) float64 { return op(a(f), b(f)) }
	case tree.Widen:
		x := intsOf(n.Kids[0])
		return func(f *Frame) float64 { return float64(x(f)) }
	case tree.Sum:
		return sum(n, floatsOf(n.Kids[1]), func(a, b float64) float64 { return a + b })
	case tree.ToFloat:
		return succeeding[float64, floats](n, toFloat())
	}
	panic("eval: no number")
}

func timesOf(n *tree.Node) times {
	switch n.Op {
	case tree.Const:
		v := n.Value.(time.Time)
		return func(*Frame) time.Time { return v }
	case tree.Choice:
		return choice(n, timesOf)
	}
	return readOf[time.Time, times](n,
		func(p Pointer, _ lies) time.Time { return p.time() }, (*element).aTime,
		func(v reflect.Value) time.Time { return v.Interface().(time.Time) })
}

// choice is condition ? a : b.
func choice[T any, F ~func(*Frame) T](n *tree.Node, of func(*tree.Node) F) F {
	cond, a, b := Compile(n.Kids[0]), of(n.Kids[1]), of(n.Kids[2])
	return func(f *Frame) T {
		if cond(f) {
			return a(f)
		}
		return b(f)
	}
}

func sum[T any, F ~func(*Frame) T](n *tree.Node, each F, plus func(a, b T) T) F {
	items, cost := listOf(n.Kids[0]), turnCost(n.Kids[1])
	return func(f *Frame) T {
		var total T
		outer, l := f.elem, items(f)
		for i := range l.length {
			f.step(cost, n)
			f.elem = l.at(i)
			total = plus(total, each(f))
		}
		f.elem = outer
		return total
	}
}

func length(n *tree.Node) ints {
	if n.Kids[0].Type.Kind == tree.List {
		items := listOf(n.Kids[0])
		return func(f *Frame) int64 { return int64(items(f).length) }
	}
	text := TextOf(n.Kids[0])
	return func(f *Frame) int64 {
		s := text(f)
		f.look(len(s), n)
		return int64(utf8.RuneCountInString(s))
	}
}

func wholeOp(op tree.Op) func(*tree.Node, int64, int64) int64 {
	switch op {
	case tree.Add:
		return add
	case tree.Sub:
		return subtract
	case tree.Mul:
		return multiply
	}
	return remainder
}

func overflows(at *tree.Node) { fail(at, "makes a whole number that is too large") }

func add(at *tree.Node, a, b int64) int64 {
	c := a + b
	if (c > a) != (b > 0) && b != 0 {
		overflows(at)
	}
	return c
}

func subtract(at *tree.Node, a, b int64) int64 {
	c := a - b
	if (c < a) != (b > 0) && b != 0 {
		overflows(at)
	}
	return c
}

func multiply(at *tree.Node, a, b int64) int64 {
	if a == 0 || b == 0 {
		return 0
	}
	c := a * b
	if c/b != a || a == -1 && b == math.MinInt64 || b == -1 && a == math.MinInt64 {
		overflows(at)
	}
	return c
}

func remainder(at *tree.Node, a, b int64) int64 {
	if b == 0 {
		fail(at, "divides by zero")
	}
	return a % b
}

func fractionOp(n *tree.Node) func(a, b float64) float64 {
	switch n.Op {
	case tree.Add:
		return func(a, b float64) float64 { return a + b }
	case tree.Sub:
		return func(a, b float64) float64 { return a - b }
	case tree.Mul:
		return func(a, b float64) float64 { return a * b }
	}
	return func(a, b float64) float64 {
		if b == 0 {
			fail(n, "divides by zero")
		}
		return a / b
	}
}

// A conversion makes a number of a text or of the other kind of number.
type conversion[T any] struct {
	text     func(string) (T, bool)
	fraction func(float64) (T, bool)
	whole    func(int64) T
}

func toInt() conversion[int64] {
	return conversion[int64]{
		text: func(s string) (int64, bool) {
			if !mayBeNumber(s) {
				return 0, false
			}
			i, err := strconv.ParseInt(s, 10, 64)
			return i, err == nil
		},
		fraction: func(x float64) (int64, bool) {
			return int64(x), -0x1p63 <= x && x < 0x1p63
		},
		whole: func(i int64) int64 { return i },
	}
}

// mayBeNumber tells of most texts that they are no numbers. Package strconv tells
// it of all, but makes an error each time.
func mayBeNumber(s string) bool {
	if s == "" {
		return false
	}
	digit := func(c byte) bool { return '0' <= c && c <= '9' }
	first, last := s[0], s[len(s)-1]
	return (digit(first) || first == '-' || first == '+' || first == '.') && (digit(last) || last == '.')
}

func toFloat() conversion[float64] {
	return conversion[float64]{
		text: func(s string) (float64, bool) {
			if !mayBeNumber(s) {
				return 0, false
			}
			x, err := strconv.ParseFloat(s, 64)
			return x, err == nil && !math.IsNaN(x) && !math.IsInf(x, 0)
		},
		fraction: func(x float64) (float64, bool) { return x, true },
		whole:    func(i int64) float64 { return float64(i) },
	}
}

// convert compiles a conversion and whether it succeeds.
func convert[T any](n *tree.Node, to conversion[T]) func(*Frame) (T, bool) {
	switch n.Kids[0].Type.Kind {
	case tree.Text:
		text := TextOf(n.Kids[0])
		return func(f *Frame) (T, bool) {
			s := text(f)
			f.look(len(s), n)
			return to.text(s)
		}
	case tree.Float:
		x := floatsOf(n.Kids[0])
		return func(f *Frame) (T, bool) { return to.fraction(x(f)) }
	}
	i := intsOf(n.Kids[0])
	return func(f *Frame) (T, bool) { return to.whole(i(f)), true }
}

// parses compiles the question whether a conversion succeeds.
func parses[T any](n *tree.Node, to conversion[T]) Bool {
	run := convert(n, to)
	return func(f *Frame) bool { _, ok := run(f); return ok }
}

// succeeding compiles a conversion that is known to succeed.
func succeeding[T any, F ~func(*Frame) T](n *tree.Node, to conversion[T]) F {
	run := convert(n, to)
	return func(f *Frame) T { v, _ := run(f); return v }
}
