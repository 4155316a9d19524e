package mutate

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// constant changes a constant that is part of another node.
func (m *mutator) constant(n, of *tree.Node) {
	if of != nil && of.Op == tree.MakeList {
		return // its items are dropped
	}
	kind := Constant
	if of != nil {
		switch of.Op {
		case tree.Eq, tree.Ne, tree.Lt, tree.Le, tree.Gt, tree.Ge:
			kind = Boundary
		case tree.InRange:
			kind = Range
		}
	}
	switch v := n.Value.(type) {
	case bool:
		m.add(Constant, n.Span, strconv.FormatBool(!v))
	case int64:
		if v < math.MaxInt64 {
			m.add(kind, n.Span, whole(v+1))
		}
		if v > math.MinInt64+1 {
			m.add(kind, n.Span, whole(v-1))
		}
	case float64:
		m.add(kind, n.Span, fraction(v+1))
		m.add(kind, n.Span, fraction(v-1))
	case string:
		m.add(Constant, n.Span, m.quoted(n.Span, otherLetter(v)))
		m.add(Constant, n.Span, m.quoted(n.Span, ""))
	case time.Time:
		m.add(kind, n.Span, date(v.AddDate(0, 0, 1)))
		m.add(kind, n.Span, date(v.AddDate(0, 0, -1)))
	}
}

func whole(v int64) string { return strconv.FormatInt(v, 10) }

func fraction(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func date(t time.Time) string { return `date("` + t.Format(time.RFC3339Nano) + `")` }

// items drops each item of a list. A list of constants that stands elsewhere is
// written out.
func (m *mutator) items(n *tree.Node) {
	if len(n.Kids) > 0 && n.Kids[0].Span == (tree.Span{}) {
		m.elsewhere(n)
		return
	}
	for i, item := range n.Kids {
		switch {
		case len(n.Kids) == 1:
			m.constant(item, nil)
		case i+1 < len(n.Kids):
			m.add(Constant, tree.Span{From: item.Span.From, To: n.Kids[i+1].Span.From}, "")
		default:
			m.add(Constant, tree.Span{From: n.Kids[i-1].Span.To, To: item.Span.To}, "")
		}
	}
}

// elsewhere writes a list of constants without one of them. A list of one has
// another item instead.
func (m *mutator) elsewhere(n *tree.Node) {
	texts := make([]string, len(n.Kids))
	for i, item := range n.Kids {
		text, ok := written(item.Value)
		if !ok {
			return
		}
		texts[i] = text
	}
	if s, isText := n.Kids[0].Value.(string); len(texts) == 1 {
		if isText {
			m.add(Constant, n.Span, "["+quote(otherLetter(s))+"]")
		}
		return
	}
	for i := range texts {
		if i > 0 && texts[i] == texts[i-1] {
			continue // it comes to the same
		}
		m.addLater(Constant, n.Span, func() string {
			return "[" + strings.Join(slices.Concat(texts[:i], texts[i+1:]), ", ") + "]"
		})
	}
}

// written is a constant as a condition has it.
func written(v any) (string, bool) {
	switch v := v.(type) {
	case bool:
		return strconv.FormatBool(v), true
	case int64:
		return whole(v), true
	case float64:
		return fraction(v), true
	case string:
		return quote(v), true
	case time.Time:
		return date(v), true
	}
	return "", false
}

// quoted is a text in the quotes that the author used, where these will do.
func (m *mutator) quoted(span tree.Span, text string) string {
	mark := m.text[span.From]
	switch {
	case mark == '\'' && !strings.ContainsAny(text, "'\\\n\r\t"):
		return "'" + text + "'"
	case mark == '`' && !strings.Contains(text, "`"):
		return "`" + text + "`"
	}
	return quote(text)
}

func quote(text string) string {
	var out strings.Builder
	out.WriteByte('"')
	for _, r := range text {
		switch r {
		case '"', '\\':
			out.WriteByte('\\')
			out.WriteRune(r)
		case '\n':
			out.WriteString(`\n`)
		case '\r':
			out.WriteString(`\r`)
		case '\t':
			out.WriteString(`\t`)
		default:
			out.WriteRune(r)
		}
	}
	out.WriteByte('"')
	return out.String()
}

// otherLetter is the text with the letter or digit in its middle replaced by the
// next one. A text without any grows by a letter.
func otherLetter(text string) string {
	runes := []rune(text)
	for i := range len(runes) + 1 { // from the middle to both ends
		at := len(runes)/2 + (i+1)/2
		if i%2 == 0 {
			at = len(runes)/2 - i/2
		}
		if at < 0 || at >= len(runes) {
			continue
		}
		if next, ok := nextLetter(runes[at]); ok {
			runes[at] = next
			return string(runes)
		}
	}
	return text + "x"
}

// nextLetter is the letter behind another one, around the end of the alphabet.
func nextLetter(r rune) (rune, bool) {
	switch {
	case r == 'z' || r == 'Z':
		return r - 25, true
	case r == '9':
		return '0', true
	case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)):
		return r + 1, true
	}
	return r, false
}
