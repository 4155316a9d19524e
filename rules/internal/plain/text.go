package plain

import (
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
		if ref, value := read(n); ref != nil {
			return func(f *Frame) string { return ref(f).String() }
		} else {
			return func(f *Frame) string { return value(f).aText() }
		}
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
	panic("plain: no text")
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
		for i := range l.len() {
			f.step(1, n)
			if i > 0 {
				f.made(len(between), n)
				out.WriteString(between)
			}
			text := l.at(i).aText()
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
