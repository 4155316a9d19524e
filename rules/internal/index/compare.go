package index

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// number is the atom of a comparison of a field that is no text, or of its
// opposite.
func (f *finder) number(n *tree.Node, not bool) (atom, bool) {
	var field *tree.Node
	var spans []span
	ok := false
	switch n.Op {
	case tree.GetField: // true or false
		field, spans, ok = n, compared(tree.Eq, ofBool(!not)), n.Type.Kind == tree.Bool
	case tree.Eq, tree.Ne, tree.Lt, tree.Le, tree.Gt, tree.Ge:
		field, spans, ok = f.comparison(n, not)
	case tree.InRange:
		field, spans, ok = inRange(n, not)
	case tree.In:
		field, spans, ok = inList(n, not)
	}
	if !ok {
		return atom{}, false
	}
	at, ok := f.fields.of(field)
	return atom{field: at, way: within, spans: spans}, ok
}

func (f *finder) comparison(n *tree.Node, not bool) (field *tree.Node, spans []span, ok bool) {
	op, field, c := n.Op, n.Kids[0], n.Kids[1]
	if field.Op == tree.Const {
		op, field, c = op.Mirrored(), c, field
	}
	// The opposite of a comparison of fractions holds for NaN as well.
	fraction := field.Type.Kind == tree.Float
	if not && (!fraction || op == tree.Ne) {
		op, not = op.Opposite(), false
	}
	if c.Op != tree.Const || op == tree.Ne || op == tree.Eq && not { // nearly all hold
		return nil, nil, false
	}
	spans, ok = comparedWith(op, field, c.Value)
	if not {
		spans = rest(spans)
	}
	return narrow(field), f.slabs.spans.take(spans...), ok
}

// comparedWith are the values of a field for which a comparison with a constant
// may hold. Of fractions, it holds for no others.
func comparedWith(op tree.Op, field *tree.Node, c any) (spans []span, ok bool) {
	whole, isWhole := c.(int64)
	if isWhole && field.Type.Kind == tree.Float {
		c = float64(whole)
	}
	switch c := c.(type) {
	case int64:
		return compared(op, c), true
	case float64:
		if field.Op == tree.Widen {
			return comparedWhole(op, c), true
		}
		return comparedFraction(op, c), true
	case time.Time:
		return comparedTime(op, c), true
	}
	return nil, false
}

// narrow is the whole number that was made a number with a fraction.
func narrow(n *tree.Node) *tree.Node {
	if n.Op == tree.Widen {
		return n.Kids[0]
	}
	return n
}

func inRange(n *tree.Node, not bool) (field *tree.Node, spans []span, ok bool) {
	from, okFrom := n.Kids[1].Value.(int64)
	to, okTo := n.Kids[2].Value.(int64)
	if !okFrom || !okTo {
		return nil, nil, false
	}
	switch {
	case not && from > to:
		spans = []span{{least, greatest}}
	case not:
		spans = append(compared(tree.Lt, from), compared(tree.Gt, to)...)
	case from <= to:
		spans = []span{{from, to}}
	}
	return n.Kids[0], spans, true
}

// inList is x in a list of constants.
func inList(n *tree.Node, not bool) (field *tree.Node, spans []span, ok bool) {
	field = n.Kids[0]
	if not || n.Kids[1].Op != tree.MakeList {
		return nil, nil, false
	}
	for _, item := range n.Kids[1].Kids {
		found, ok := comparedWith(tree.Eq, field, item.Value)
		if !ok {
			return nil, nil, false
		}
		spans = append(spans, found...)
	}
	return narrow(field), joined(spans), true
}

// text is the atom of a part that asks something of a text field.
func (f *finder) text(n *tree.Node) (atom, bool) {
	var at place
	var texts []string
	ok := false
	switch n.Op {
	case tree.Eq, tree.Call:
		at, texts, ok = f.withText(n.Kids)
		if !ok {
			at, texts, ok = f.withText([]*tree.Node{n.Kids[1], n.Kids[0]})
		}
		at.cased = at.cased || n.Op == tree.Call
	case tree.In:
		at, texts, ok = f.withTexts(n)
	case tree.Contains, tree.StartsWith, tree.EndsWith:
		at, texts, ok = f.withText(n.Kids)
		at.part = true
	case tree.Matches:
		var whole bool
		at, ok = f.place(n.Kids[0])
		if ok {
			texts, whole, ok = needles(n.Pattern.String())
		}
		at.cased, at.part = true, at.part || !whole
	}
	if !ok {
		return atom{}, false
	}
	return at.atom(texts)
}

// A place is a text field and what is done to its text.
type place struct {
	field int
	cased bool // its letters are changed
	part  bool // only a part of it counts
}

// place follows a text back to its field.
func (f *finder) place(n *tree.Node) (p place, ok bool) {
	for {
		switch n.Op {
		case tree.Lower, tree.Upper:
			p.cased = true
		case tree.Trim:
			p.part = true
		default:
			if n.Type.Kind == tree.Text {
				p.field, ok = f.fields.of(n)
			}
			return p, ok
		}
		n = n.Kids[0]
	}
}

func (f *finder) withText(kids []*tree.Node) (place, []string, bool) {
	if len(kids) != 2 || kids[1].Op != tree.Const {
		return place{}, nil, false
	}
	text, isText := kids[1].Value.(string)
	at, ok := f.place(kids[0])
	return at, f.slabs.texts.take(text), ok && isText
}

func (f *finder) withTexts(n *tree.Node) (place, []string, bool) {
	at, ok := f.place(n.Kids[0])
	if !ok || n.Kids[1].Op != tree.MakeList {
		return at, nil, false
	}
	texts := make([]string, 0, len(n.Kids[1].Kids))
	for _, item := range n.Kids[1].Kids {
		text, isText := item.Value.(string)
		if !isText || item.Op != tree.Const {
			return at, nil, false
		}
		texts = append(texts, text)
	}
	return at, texts, true
}

// atom looks for the texts in the place.
func (p place) atom(texts []string) (atom, bool) {
	a := atom{field: p.field, way: exact, texts: texts}
	if !p.cased && !p.part {
		return a, true
	}
	a.way = folded
	if p.part {
		a.way = holds
	}
	for i, text := range texts {
		if p.part && (text == "" || !utf8.ValidString(text) || strings.ContainsRune(text, utf8.RuneError)) {
			return atom{}, false // found anywhere, or byte by byte
		}
		texts[i] = string(fold(nil, text))
	}
	return a, true
}
