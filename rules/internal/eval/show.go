package eval

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// maxShown bounds what a trace shows of one value, in runes.
const maxShown = 160

// Show turns a rewritten read into its value as a trace shows it: texts in
// quotes, lists and groups as JSON, long ones cut short.
func Show(n *tree.Node) Text {
	switch n.Type.Kind {
	case tree.Text:
		text := TextOf(n)
		return func(f *Frame) string { return strconv.Quote(Shorten(text(f))) }
	case tree.Group, tree.List:
		read := shownWhole(n)
		return func(f *Frame) string { return asJSON(read(f)) }
	}
	return Shown(n)
}

// shownWhole compiles the read of a group or list that is shown as it is. The
// result is not valid for what a condition has made.
func shownWhole(n *tree.Node) func(*Frame) reflect.Value {
	switch n.Op {
	case tree.GetField:
		at, l := field(n), layoutOf(n.Field.Go)
		return func(f *Frame) reflect.Value { return at(f).value(l.Go) }
	case tree.Elem, tree.Index:
		read := elementOf(n)
		return func(f *Frame) reflect.Value {
			e := read(f)
			if e.is == nil || e.absent {
				return reflect.Value{}
			}
			return e.at.value(e.is.Go)
		}
	case tree.Call:
		return callOf(n)
	}
	items := listOf(n)
	return func(f *Frame) reflect.Value { items(f); return reflect.Value{} }
}

func asJSON(v reflect.Value) string {
	switch {
	case !v.IsValid():
		return ""
	case v.Kind() == reflect.Slice && v.IsNil():
		return "[]"
	}
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v.Interface()); err != nil {
		return "a value that has no JSON"
	}
	return escaped(Shorten(strings.TrimSuffix(out.String(), "\n")))
}

// escaped writes the characters that do not show, or that turn a line around,
// as JSON escapes.
func escaped(text string) string {
	var out strings.Builder
	for _, r := range text {
		switch {
		case strconv.IsPrint(r):
			out.WriteRune(r)
		case r > 0xFFFF:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&out, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&out, `\u%04x`, r)
		}
	}
	return out.String()
}

// Shorten cuts a text that is long for a trace.
func Shorten(text string) string {
	runes := 0
	for i := range text {
		if runes++; runes > maxShown {
			return text[:i] + "…"
		}
	}
	return text
}

// Each lets visit look at the elements of a rewritten list, one after the
// other, each as the element of a loop, until it wants no more.
func Each(n *tree.Node, f *Frame, visit func(i int) bool) (err *Failure) {
	outer := f.elem
	defer func() { f.elem = outer }()
	defer f.caught(&err, outer)
	l := listOf(n)(f)
	for i := range l.length {
		f.step(1, n)
		f.elem = l.at(i)
		if !visit(i) {
			return nil
		}
	}
	return nil
}

// Place is the index, from the start, that the rewritten i is in a list.
func Place(i *tree.Node, f *Frame) (at int64, err *Failure) {
	defer f.caught(&err, f.elem)
	return intsOf(i)(f), nil
}
