// Package syntax reads the text of one expression: it keeps the bounds that
// expr's parser does not keep, refuses what the rule language leaves out, and
// tells which part of the text each node of the syntax tree is.
package syntax

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/parser/lexer"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// The bounds of one expression.
const (
	MaxBytes   = 16 << 10
	MaxNodes   = 2000
	MaxNesting = 64
)

// A Problem is something wrong at a rune of the text.
type Problem struct {
	At      int
	Message string
}

// An Expr is a parsed expression.
type Expr struct {
	Root   ast.Node
	text   []rune
	tokens []lexer.Token
	at     map[int]int // a token's index by its first rune
	match  map[int]int // a bracket's index to its partner's
}

// Parse reads text. It reports every token that the language leaves out, or
// else the first thing that the parser cannot read.
func Parse(text string) (*Expr, []Problem) {
	if len(text) > MaxBytes {
		return nil, []Problem{{0, fmt.Sprintf("the expression has %d bytes, more than %d: split it", len(text), MaxBytes)}}
	}
	if !utf8.ValidString(text) {
		return nil, []Problem{{0, "the expression is not valid UTF-8"}}
	}
	if strings.TrimSpace(text) == "" {
		return nil, []Problem{{0, "the expression is empty"}}
	}
	tokens, err := lexer.Lex(file.NewSource(text))
	if err != nil {
		return nil, []Problem{lexical(err)}
	}
	e := &Expr{text: []rune(text), tokens: tokens, at: map[int]int{}, match: map[int]int{}}
	if problems := e.scan(); len(problems) > 0 {
		return nil, problems
	}
	config := conf.CreateNew()
	config.MaxNodes = MaxNodes
	parsed, err := parser.ParseWithConfig(text, config)
	if err != nil {
		return nil, []Problem{e.syntactic(err)}
	}
	e.Root = parsed.Node
	return e, nil
}

func lexical(err error) Problem {
	var at *file.Error
	if errors.As(err, &at) {
		return Problem{max(at.From, 0), at.Message}
	}
	return Problem{0, err.Error()}
}

// syntactic puts an error of expr's parser into a rule author's words.
func (e *Expr) syntactic(err error) Problem {
	var at *file.Error
	if !errors.As(err, &at) {
		return Problem{0, err.Error()}
	}
	token := e.tokens[len(e.tokens)-1]
	if i, ok := e.at[at.From]; ok {
		token = e.tokens[i]
	}
	switch {
	case strings.Contains(at.Message, "maximum allowed nodes"):
		return Problem{0, fmt.Sprintf("the expression has more than %d parts: split it", MaxNodes)}
	case strings.Contains(at.Message, "coalesce"):
		return Problem{at.From, "a default with ?? needs brackets beside other operators: (a ?? b)"}
	case strings.HasSuffix(at.Message, string(lexer.EOF)):
		return Problem{len(e.text), "the expression ends too early"}
	case !strings.HasPrefix(at.Message, "unexpected token"):
		return Problem{at.From, strings.ToLower(at.Message[:1]) + at.Message[1:]}
	}
	word := e.Text(tree.Span{From: token.From, To: token.To})
	if operator, ok := wordOperator(word); ok && operator != word {
		return Problem{token.From, fmt.Sprintf("unexpected %s (did you mean %s?)", word, operator)}
	}
	return Problem{token.From, fmt.Sprintf("unexpected %s", word)}
}

// wordOperator finds the operator that word spells in any case.
func wordOperator(word string) (string, bool) {
	for _, operator := range []string{"and", "or", "not", "in", "matches", "contains", "startsWith", "endsWith"} {
		if strings.EqualFold(word, operator) {
			return operator, true
		}
	}
	return "", false
}

// Text is the part of the text that span covers.
func (e *Expr) Text(span tree.Span) string {
	return string(e.text[span.From:span.To])
}
