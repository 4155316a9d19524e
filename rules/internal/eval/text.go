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
			return x + y
		}
	case tree.Lower:
		return changed(n, strings.ToLower)
	case tree.Upper:
		return changed(n, strings.ToUpper)
	case tree.Trim:
		return changed(n, strings.TrimSpace)
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

func changed(n *tree.Node, change func(string) string) Text {
	text := TextOf(n.Kids[0])
	return func(f *Frame) string {
		s := text(f)
		f.look(len(s), n)
		f.made(len(s), n)
		return change(s)
	}
}

func joined(n *tree.Node) Text {
	items, separator := listOf(n.Kids[0]), TextOf(n.Kids[1])
	return func(f *Frame) string {
		l, between := items(f), separator(f)
		var out strings.Builder
		for i := range l.length {
			f.step(1, n)
			if i > 0 {
				f.made(len(between), n)
				out.WriteString(between)
			}
			e := l.at(i)
			text := e.aText()
			f.made(len(text), n)
			out.WriteString(text)
		}
		return out.String()
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
		return func(f *Frame) string { return strconv.FormatInt(i(f), 10) }
	case tree.Float:
		x := floatsOf(n)
		return func(f *Frame) string { return FormatFloat(x(f)) }
	case tree.Time:
		t := timesOf(n)
		return func(f *Frame) string { return FormatTime(t(f)) }
	}
	return TextOf(n)
}

// FormatFloat shows a number without an exponent where a person can read it.
func FormatFloat(x float64) string {
	if -1e15 < x && x < 1e15 {
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// FormatTime shows a time in UTC.
func FormatTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }
