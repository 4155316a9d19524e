package mutate

import (
	"strings"
	"unicode"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// Condition lists the changes of a condition in the order of its text. The node
// is what the text was checked to, before absent fields are worked in.
func Condition(text string, n *tree.Node) []Edit {
	m := &mutator{text: []rune(text)}
	m.node(n, nil)
	return inOrder(m.edits)
}

// A mutator collects the changes of one condition.
type mutator struct {
	text  []rune
	edits []Edit
}

func (m *mutator) add(kind string, span tree.Span, text string) {
	m.addEdit(Replaced(kind, span, text))
}

// addLater adds a change whose text is long.
func (m *mutator) addLater(kind string, span tree.Span, write func() string) {
	m.addEdit(Edit{Kind: kind, Span: span, write: write})
}

func (m *mutator) addEdit(e Edit) {
	if e.Span.From >= 0 && e.Span.From < e.Span.To && e.Span.To <= len(m.text) {
		m.edits = append(m.edits, e)
	}
}

func (m *mutator) at(span tree.Span) string { return string(m.text[span.From:span.To]) }

// node adds the changes of n, which is part of another node, and of all below.
func (m *mutator) node(n, of *tree.Node) {
	switch n.Op {
	case tree.Const:
		m.constant(n, of)
	case tree.And, tree.Or:
		m.joined(n, of)
	case tree.Not:
		m.not(n)
	case tree.IsAbsent:
		m.swap(n, Negation, "==", "!=")
		m.swap(n, Negation, "!=", "==")
	case tree.Eq, tree.Ne, tree.Lt, tree.Le, tree.Gt, tree.Ge:
		m.compared(n)
	case tree.Add, tree.Sub, tree.Mul, tree.Div:
		m.counted(n)
	case tree.Contains, tree.StartsWith, tree.EndsWith:
		m.textual(n, of)
	case tree.In:
		m.swap(n, Negation, "in", "not in")
	case tree.Matches:
		m.pattern(n)
		if standsAlone(n, of) {
			m.negate(n)
		}
	case tree.MakeList:
		m.items(n)
	case tree.Any, tree.All, tree.None, tree.One:
		m.loop(n)
	case tree.Default:
		m.dropRight(n, "??")
	case tree.Choice:
		m.add(Part, n.Span, "("+m.at(n.Kids[1].Span)+")")
		m.add(Part, n.Span, "("+m.at(n.Kids[2].Span)+")")
	case tree.InRange, tree.GetField, tree.Elem, tree.Index, tree.Call:
		if n.Type.Kind == tree.Bool && standsAlone(n, of) {
			m.negate(n)
		}
	}
	for _, kid := range n.Kids {
		m.node(kid, n)
	}
}

// standsAlone tells of a condition that is not asked about by what it is part
// of: that changes instead.
func standsAlone(n, of *tree.Node) bool {
	if of == nil {
		return true
	}
	switch of.Op {
	case tree.Not, tree.IsAbsent, tree.Eq, tree.Ne:
		return false
	}
	return n.Span != of.Span
}

// negate turns a part around.
func (m *mutator) negate(n *tree.Node) { m.add(Negation, n.Span, "not ("+m.at(n.Span)+")") }

// not drops a negation.
func (m *mutator) not(n *tree.Node) {
	kid := n.Kids[0]
	if kid.Op == tree.IsAbsent || kid.Span != n.Span {
		if kid.Op != tree.IsAbsent {
			m.add(Negation, tree.Span{From: n.Span.From, To: n.Span.From + m.notLength(n.Span)}, "")
		}
		return // x != nil changes where x == nil does
	}
	for _, word := range []string{"in", "matches", "contains", "startsWith", "endsWith"} {
		m.swap(kid, Negation, "not "+word, word)
	}
}

// notLength is how many runes a not takes, with the space behind it.
func (m *mutator) notLength(span tree.Span) int {
	text := m.at(span)
	rest := strings.TrimPrefix(text, "!")
	if rest == text {
		rest = strings.TrimPrefix(text, "not")
	}
	if rest == text {
		return 0
	}
	return len([]rune(text)) - len([]rune(strings.TrimLeftFunc(rest, unicode.IsSpace)))
}

// joined changes and into or, and drops each part of a chain. The whole is
// turned around once, where the chain begins.
func (m *mutator) joined(n, of *tree.Node) {
	word, sign, other, otherSign := "and", "&&", "or", "||"
	if n.Op == tree.Or {
		word, sign, other, otherSign = other, otherSign, word, sign
	}
	m.swap(n, Operator, word, other)
	m.swap(n, Operator, sign, otherSign)
	if of == nil || of.Op != n.Op && of.Op != tree.Not {
		m.negate(n)
	}
	left, right := n.Kids[0], n.Kids[1]
	if left.Span.To > right.Span.From { // 1 <= x <= 3, where both have x
		m.add(Part, tree.Span{From: left.Span.To, To: n.Span.To}, "")
		m.add(Part, tree.Span{From: n.Span.From, To: right.Span.From}, "")
		return
	}
	at, found := m.find(n, word)
	if !found {
		at, found = m.find(n, sign)
	}
	if !found {
		return
	}
	if right.Op != n.Op {
		m.add(Part, tree.Span{From: m.before(at.From), To: n.Span.To}, "")
	}
	if left.Op != n.Op {
		m.add(Part, tree.Span{From: n.Span.From, To: m.behind(at.To)}, "")
	}
}

// dropRight drops an operator and what stands behind it.
func (m *mutator) dropRight(n *tree.Node, operator string) {
	if at, ok := m.find(n, operator); ok {
		m.add(Part, tree.Span{From: m.before(at.From), To: n.Span.To}, "")
	}
}

// before and behind skip white space.
func (m *mutator) before(at int) int {
	for at > 0 && unicode.IsSpace(m.text[at-1]) {
		at--
	}
	return at
}

func (m *mutator) behind(at int) int {
	for at < len(m.text) && unicode.IsSpace(m.text[at]) {
		at++
	}
	return at
}

// swap replaces an operator of n.
func (m *mutator) swap(n *tree.Node, kind, operator, by string) {
	if at, ok := m.find(n, operator); ok {
		m.add(kind, at, by)
	}
}

// find is where an operator stands between the sides of n. Nothing else stands
// there but brackets, white space and nil.
func (m *mutator) find(n *tree.Node, operator string) (tree.Span, bool) {
	from, to := n.Kids[0].Span.To, n.Span.To
	switch {
	case n.Op == tree.IsAbsent && from == n.Span.To: // nil == x
		from, to = n.Span.From, n.Kids[0].Span.From
	case len(n.Kids) > 1:
		to = n.Kids[1].Span.From
	}
	if from < 0 || from > to || to > len(m.text) {
		return tree.Span{}, false
	}
	return m.word(tree.Span{From: from, To: to}, operator)
}

// word is where a word or sign stands in a part of the text, by itself.
func (m *mutator) word(in tree.Span, word string) (tree.Span, bool) {
	runes := []rune(word)
	for i := in.From; i+len(runes) <= in.To; i++ {
		if string(m.text[i:i+len(runes)]) == word && m.alone(i, i+len(runes), in, runes[0]) {
			return tree.Span{From: i, To: i + len(runes)}, true
		}
	}
	return tree.Span{}, false
}

// alone tells of runes that are no part of a longer word or sign.
func (m *mutator) alone(from, to int, in tree.Span, first rune) bool {
	same := func(r rune) bool {
		if unicode.IsLetter(first) {
			return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_'
		}
		return strings.ContainsRune("=<>!&|?", r)
	}
	return (from == in.From || !same(m.text[from-1])) && (to == in.To || !same(m.text[to]))
}
