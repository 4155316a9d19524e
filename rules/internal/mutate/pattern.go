package mutate

import (
	"strings"
	"unicode"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// pattern changes the pattern of n.
func (m *mutator) pattern(n *tree.Node) {
	at, ok := m.find(n, "matches")
	if !ok {
		return
	}
	span := tree.Span{From: m.behind(at.To), To: n.Span.To}
	for span.From < span.To && m.text[span.From] == '(' {
		span = tree.Span{From: m.behind(span.From + 1), To: m.before(span.To - 1)}
	}
	if span.From >= span.To {
		return
	}
	for _, changed := range patterns(n.Pattern.String()) {
		m.addLater(Pattern, span, func() string { return m.quoted(span, changed()) })
	}
}

// patterns lists the changes of a pattern. Some may not compile.
func patterns(text string) []func() string {
	var out []func() string
	add := func(parts ...string) {
		out = append(out, func() string { return strings.Join(parts, "") })
	}
	flags, rest := leadingFlags(text)
	p := readPattern([]rune(rest))
	if strings.Contains(flags, "i") {
		add(strings.Replace(strings.Replace(flags, "i", "", 1), "(?)", "", 1), rest)
	}
	whole := rest
	if p.split {
		whole = "(?:" + rest + ")"
	}
	if body, anchored := strings.CutPrefix(rest, "^"); anchored {
		add(flags, body)
	} else {
		add(flags, "^", whole)
	}
	if body, anchored := strings.CutSuffix(rest, "$"); anchored && !p.escapedEnd {
		add(flags, body)
	} else {
		add(flags, whole, "$")
	}
	for _, changed := range p.changed {
		out = append(out, func() string { return flags + p.with(changed) })
	}
	return out
}

// leadingFlags takes flags such as (?i) off the front of a pattern.
func leadingFlags(text string) (flags, rest string) {
	inside, ok := strings.CutPrefix(text, "(?")
	if !ok {
		return "", text
	}
	i := strings.IndexFunc(inside, func(r rune) bool { return !unicode.IsLetter(r) })
	if i < 1 || inside[i] != ')' {
		return "", text
	}
	return text[:i+3], text[i+3:]
}

// A reading of a pattern goes through it once.
type reading struct {
	text       []rune
	split      bool // there are alternatives outside of groups
	escapedEnd bool // the last rune is escaped
	changed    []patternEdit

	word  int   // where the literal at hand begins; -1: there is none
	opens []int // where the alternative at hand begins, in each open group
	bars  []int // alternatives in front of it, in each open group
}

// A patternEdit is a part of a pattern and what becomes of it.
type patternEdit struct {
	from, to int
	by       string
}

// with is the pattern with an edit made.
func (p *reading) with(e patternEdit) string {
	return string(p.text[:e.from]) + e.by + string(p.text[e.to:])
}

func (p *reading) change(from, to int, by string) {
	p.changed = append(p.changed, patternEdit{from, to, by})
}

func readPattern(text []rune) *reading {
	p := &reading{text: text, word: -1, opens: []int{0}, bars: []int{0}}
	for i := 0; i < len(text); {
		p.escapedEnd = text[i] == '\\' && i+2 == len(text)
		i = p.take(i)
	}
	p.literal(len(text))
	p.alternative(len(text), false)
	return p
}

// take reads what begins at i, and tells where the next thing does.
func (p *reading) take(i int) int {
	r := p.text[i]
	plain := unicode.IsLetter(r) || unicode.IsDigit(r) || r == ' ' || r == '-' || r == '_'
	if plain {
		if p.word < 0 {
			p.word = i
		}
		return i + 1
	}
	p.literal(i)
	switch r {
	case '\\':
		return p.escape(i)
	case '[':
		return p.class(i)
	case '{':
		for i < len(p.text) && p.text[i] != '}' {
			i++
		}
	case '(':
		return p.group(i)
	case ')':
		if len(p.opens) > 1 {
			p.alternative(i, false)
			p.opens, p.bars = p.opens[:len(p.opens)-1], p.bars[:len(p.bars)-1]
		}
	case '|':
		p.alternative(i, true)
		p.split = p.split || len(p.opens) == 1
	}
	return i + 1
}

// escape skips \d, \pL, \p{Greek} and their like.
func (p *reading) escape(i int) int {
	i += 2
	if i < len(p.text)+1 && i >= 2 && i-1 < len(p.text) && strings.ContainsRune("pPx", p.text[i-1]) {
		if i < len(p.text) && p.text[i] == '{' {
			for i < len(p.text) && p.text[i] != '}' {
				i++
			}
		}
		i++
	}
	return min(i, len(p.text))
}

// class skips [a-z].
func (p *reading) class(i int) int {
	for i++; i < len(p.text); i++ {
		switch {
		case p.text[i] == '\\':
			i++
		case p.text[i] == '[' && i+1 < len(p.text) && p.text[i+1] == ':':
			for i++; i < len(p.text) && p.text[i] != ']'; i++ {
				continue
			}
		case p.text[i] == ']' && p.text[i-1] != '[' && !(p.text[i-1] == '^' && p.text[i-2] == '['):
			return i + 1
		}
	}
	return i
}

// group opens a group, behind what it says of itself: ?:, ?i: or ?P<name>.
func (p *reading) group(i int) int {
	i++
	if i < len(p.text) && p.text[i] == '?' {
		for i < len(p.text) && !strings.ContainsRune(":>)", p.text[i]) {
			i++
		}
		if i < len(p.text) && p.text[i] == ')' { // flags alone
			return i + 1
		}
		i++
	}
	p.opens, p.bars = append(p.opens, i), append(p.bars, 0)
	return min(i, len(p.text))
}

// literal ends a run of letters, and changes one of them. The last does not
// count if it may be left out.
func (p *reading) literal(end int) {
	from := p.word
	p.word = -1
	if from < 0 {
		return
	}
	if end < len(p.text) && strings.ContainsRune("*?", p.text[end]) {
		end--
	}
	if end <= from {
		return
	}
	old := string(p.text[from:end])
	changed := otherLetter(old)
	if len([]rune(changed)) != end-from { // nothing but spaces
		return
	}
	p.change(from, end, changed)
}

// alternative ends an alternative, and drops it if it is one of several.
func (p *reading) alternative(end int, more bool) {
	top := len(p.opens) - 1
	from, earlier := p.opens[top], p.bars[top]
	switch {
	case more:
		p.change(from, end+1, "")
	case earlier > 0: // the last: with the bar in front of it
		p.change(from-1, end, "")
	}
	p.opens[top], p.bars[top] = end+1, earlier+1
}
