package eval

import (
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// TextOf turns a rewritten tree of a text into a text expression.
func TextOf(n *tree.Node) Text {
	switch n.Op {
	case tree.Const:
		v := n.Value.(string)
		return func(*Frame) string { return v }
	case tree.GetField, tree.Elem, tree.Index, tree.Call:
		return readText(n)
	case tree.Choice:
		return choice(n, TextOf)
	case tree.Concat:
		a, b := TextOf(n.Kids[0]), TextOf(n.Kids[1])
		return func(f *Frame) string {
			x, y := a(f), b(f)
			f.made(len(x)+len(y), n)
			out, from := f.open(len(x) + len(y))
			return f.close(append(append(out, x...), y...), from)
		}
	case tree.Lower:
		return cased(n, lowering())
	case tree.Upper:
		return cased(n, raising())
	case tree.Trim:
		return trimmed(n)
	case tree.ToText:
		return Shown(n.Kids[0])
	case tree.Join:
		return joined(n)
	}
	panic("eval: no text")
}

// readText compiles the read of a text, most of which are fields.
func readText(n *tree.Node) Text {
	switch {
	case n.Op == tree.Call && n.Func.OfText != nil:
		return sure(n, ofText(n))
	case n.Op == tree.GetField:
		if root, w := valueWay(n); root == nil && w.near() {
			s := w.spot()
			return func(f *Frame) string { return s.in(f.in).text() }
		}
		at := field(n)
		return func(f *Frame) string { return at(f).text() }
	}
	return readOf[string, Text](n, nil, (*element).aText, reflect.Value.String)
}

func trimmed(n *tree.Node) Text {
	text := TextOf(n.Kids[0])
	return func(f *Frame) string {
		s := text(f)
		f.look(len(s), n)
		f.made(len(s), n)
		return strings.TrimSpace(s)
	}
}

func cased(n *tree.Node, c casing) Text {
	text := TextOf(n.Kids[0])
	return func(f *Frame) string {
		s := text(f)
		f.look(len(s), n)
		f.made(len(s), n)
		if !c.changes(s) {
			return s
		}
		out, from := f.open(len(s))
		return f.close(c.append(out, s), from)
	}
}

func joined(n *tree.Node) Text {
	items, separator := listOf(n.Kids[0]), TextOf(n.Kids[1])
	return func(f *Frame) string {
		l, between := items(f), separator(f)
		out, from := f.open(0)
		for i := range l.length {
			f.step(1, n)
			if i > 0 {
				f.made(len(between), n)
				out = append(out, between...)
			}
			e := l.at(i)
			text := e.aText()
			f.made(len(text), n)
			out = append(out, text...)
		}
		return f.close(out, from)
	}
}

// Shown turns a rewritten tree of a scalar into the text that a person is
// shown.
func Shown(n *tree.Node) Text {
	switch n.Type.Kind {
	case tree.Bool:
		b := Compile(n)
		return func(f *Frame) string { return strconv.FormatBool(b(f)) }
	case tree.Int:
		i := intsOf(n)
		return func(f *Frame) string {
			v := i(f)
			if 0 <= v && v < 100 { // package strconv has these at hand
				return strconv.FormatInt(v, 10)
			}
			out, from := f.open(20)
			return f.close(strconv.AppendInt(out, v, 10), from)
		}
	case tree.Float:
		x := floatsOf(n)
		return func(f *Frame) string {
			v := x(f)
			out, from := f.open(24)
			return f.close(appendFloat(out, v), from)
		}
	case tree.Time:
		t := timesOf(n)
		return func(f *Frame) string {
			v := t(f)
			out, from := f.open(len(time.RFC3339))
			return f.close(v.UTC().AppendFormat(out, time.RFC3339), from)
		}
	}
	return TextOf(n)
}

// FormatFloat shows a number without an exponent where a person can read it.
func FormatFloat(x float64) string { return string(appendFloat(nil, x)) }

func appendFloat(out []byte, x float64) []byte {
	if -1e15 < x && x < 1e15 {
		return strconv.AppendFloat(out, x, 'f', -1, 64)
	}
	return strconv.AppendFloat(out, x, 'g', -1, 64)
}

// FormatTime shows a time in UTC.
func FormatTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }
