package layout

import (
	"strings"

	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser/lexer"

	"github.com/afterword-go/afterword/rules/internal/syntax"
	"github.com/afterword-go/afterword/rules/internal/yamlfile"
)

// Respace puts the usual spaces between the parts of a condition, and writes
// its operators as words. The author's lines stay lines. What is no condition
// stays as it is, and so does one that holds texts of several lines.
func (d *Document) Respace(n *Node) {
	if n.Kind != Scalar || n.text.bare {
		return
	}
	text := n.text.value
	if _, problems := syntax.Parse(text); len(problems) > 0 {
		return
	}
	tokens, ok := lex(text)
	if !ok {
		return
	}
	c := condition{runes: []rune(text), tokens: tokens, places: d.file.Runes(n.text.source), operand: operands(tokens)}
	one := c.line(0, len(tokens))
	if !fits(text, one) || !c.whole() {
		return
	}
	lines := c.lines(n.text.block != 0, n.text.indent)
	if n.text.block == 0 {
		n.text.value = one
	} else if !fits(text, strings.Join(lines, "\n")) {
		return
	}
	d.respaced[n.text.source], n.text.respaced = true, true
	n.text.lines = nil
	if n.text.block != 0 || len(lines) > 1 {
		n.text.lines = lines
	}
}

// fits tells whether a condition may be replaced by another text.
func fits(text, by string) bool { return len(by) <= syntax.MaxBytes && sameTokens(text, by) }

// lex reads the tokens of a condition, without the one at the end.
func lex(text string) ([]lexer.Token, bool) {
	tokens, err := lexer.Lex(file.NewSource(text))
	if err != nil || len(tokens) == 0 {
		return nil, false
	}
	return tokens[:len(tokens)-1], true
}

// words are the operators that have another spelling.
var words = map[string]string{"&&": "and", "||": "or", "!": "not"}

// spelt is how a token is written.
func spelt(t lexer.Token) string {
	if word, ok := words[t.Value]; ok && t.Kind == lexer.Operator {
		return word
	}
	return t.Value
}

// sameTokens tells whether two texts have the same tokens.
func sameTokens(a, b string) bool {
	as, aok := lex(a)
	bs, bok := lex(b)
	if !aok || !bok || len(as) != len(bs) {
		return false
	}
	for i := range as {
		if as[i].Kind != bs[i].Kind || spelt(as[i]) != spelt(bs[i]) {
			return false
		}
	}
	return true
}

// A condition is a text with its tokens.
type condition struct {
	runes   []rune
	tokens  []lexer.Token
	operand []bool // whether a token ends an operand
	places  []yamlfile.Position
}

// operands tells of each token whether it ends an operand.
func operands(tokens []lexer.Token) []bool {
	ends := make([]bool, len(tokens))
	for i, t := range tokens {
		ends[i] = t.Kind != lexer.Operator && !t.Is(lexer.Bracket, "(", "[", "{") || t.Is(lexer.Operator, "#")
	}
	return ends
}

// whole tells whether every token stands in one line.
func (c *condition) whole() bool {
	for _, t := range c.tokens {
		if c.places[t.From].Line != c.places[t.To-1].Line {
			return false
		}
	}
	return true
}

// lines are the lines of a condition. In a block, they keep their indentation,
// and there may be empty ones.
func (c *condition) lines(block bool, indent int) []string {
	var lines []string
	for from := 0; from < len(c.tokens); {
		at := c.places[c.tokens[from].From]
		to := from + 1
		for to < len(c.tokens) && c.places[c.tokens[to].From].Line == at.Line {
			to++
		}
		before := ""
		if block {
			before = strings.Repeat(" ", max(at.Column-1-indent, 0))
			if from > 0 {
				last := c.places[c.tokens[from-1].From].Line
				lines = append(lines, make([]string, at.Line-last-1)...)
			}
		}
		lines = append(lines, before+c.line(from, to))
		from = to
	}
	return lines
}

// line is a number of tokens in one line.
func (c *condition) line(from, to int) string {
	var out strings.Builder
	for i := from; i < to; i++ {
		if i > from && c.spaced(i) {
			out.WriteByte(' ')
		}
		t := c.tokens[i]
		if word := spelt(t); t.Kind == lexer.Operator {
			out.WriteString(word)
		} else {
			out.WriteString(string(c.runes[t.From:t.To]))
		}
	}
	return out.String()
}

// spaced tells whether a space stands in front of token i.
func (c *condition) spaced(i int) bool {
	left, right := c.tokens[i-1], c.tokens[i]
	operand := c.operand[i-1]
	switch {
	case left.Is(lexer.Bracket, "(", "[", "{"), left.Is(lexer.Operator, ".", "?.", ".."),
		right.Is(lexer.Bracket, ")", "]", "}"), right.Is(lexer.Operator, ",", ".."):
		return false
	case right.Is(lexer.Operator, "."):
		return !operand
	case right.Is(lexer.Bracket, "("):
		return left.Kind != lexer.Identifier
	case right.Is(lexer.Bracket, "["):
		return !operand
	case left.Is(lexer.Operator, "#"):
		return right.Kind != lexer.Identifier
	case left.Is(lexer.Operator, "-", "+"):
		return i > 1 && c.operand[i-2] // else it is a sign
	}
	return true
}
