package eval

import (
	"time"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// membership is x in list.
func membership(n *tree.Node) Bool {
	x, kind := n.Kids[0], n.Kids[1].Type.Elem.Kind
	if isConstant(n.Kids[1]) {
		switch {
		case x.Type.Kind == tree.Text:
			return isOne(n, TextOf(x), oneOfTexts(n.Kids[1]))
		case x.Type.Kind == tree.Int:
			return isOne(n, intsOf(x), oneOfInts(n.Kids[1]))
		}
	}
	items := listOf(n.Kids[1])
	switch x.Type.Kind {
	case tree.Text:
		return isIn(n, items, TextOf(x), func(f *Frame, e *element, s string) bool { return sameText(f, n, e.aText(), s) })
	case tree.Int:
		return isIn(n, items, intsOf(x), func(_ *Frame, e *element, i int64) bool { return e.anInt(n) == i })
	case tree.Float:
		return isIn(n, items, floatsOf(x), func(_ *Frame, e *element, x float64) bool { return e.aFloat(kind, n) == x })
	case tree.Time:
		return isIn(n, items, timesOf(x), func(_ *Frame, e *element, t time.Time) bool { return e.aTime().Equal(t) })
	}
	return isIn(n, items, Compile(x), func(_ *Frame, e *element, b bool) bool { return e.aBool() == b })
}

func isIn[T any, F ~func(*Frame) T](n *tree.Node, items lists, x F, same func(*Frame, *element, T) bool) Bool {
	return func(f *Frame) bool {
		l, v := items(f), x(f)
		for i := range l.length {
			f.step(1, n)
			e := l.at(i)
			if same(f, &e, v) {
				return true
			}
		}
		return false
	}
}

// isOne looks among constants, and pays for those that a look at one after the
// other takes.
func isOne[T any, F ~func(*Frame) T](n *tree.Node, x F, find func(T) (found bool, steps int)) Bool {
	return func(f *Frame) bool {
		found, steps := find(x(f))
		f.step(steps, n)
		return found
	}
}

// fewItems is up to how many constants are compared one after the other.
const fewItems = 8

// oneOfTexts finds a text among the constants of a list.
func oneOfTexts(list *tree.Node) func(string) (found bool, steps int) {
	items := make([]string, len(list.Kids))
	short := true
	for i, kid := range list.Kids {
		items[i] = kid.Value.(string)
		short = short && len(items[i]) < 64
	}
	if short && len(items) > fewItems {
		return hashed(items)
	}
	return func(s string) (bool, int) {
		steps := 0
		for _, item := range items {
			steps++
			if len(item) != len(s) {
				continue
			}
			if steps += len(s) / 64; item == s {
				return true, steps
			}
		}
		return false, steps
	}
}

// oneOfInts finds a whole number among the constants of a list.
func oneOfInts(list *tree.Node) func(int64) (found bool, steps int) {
	items := make([]int64, len(list.Kids))
	for i, kid := range list.Kids {
		items[i] = kid.Value.(int64)
	}
	if len(items) > fewItems {
		return hashed(items)
	}
	return func(v int64) (bool, int) {
		for i, item := range items {
			if item == v {
				return true, i + 1
			}
		}
		return false, len(items)
	}
}

// hashed finds a constant by its hash.
func hashed[T comparable](items []T) func(T) (found bool, steps int) {
	at := make(map[T]int, len(items))
	for i, item := range items {
		if _, known := at[item]; !known {
			at[item] = i + 1
		}
	}
	return func(v T) (bool, int) {
		if steps, found := at[v]; found {
			return true, steps
		}
		return false, len(items)
	}
}
