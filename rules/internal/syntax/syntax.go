// Package syntax reads the text of one expression: it keeps the bounds that
// expr's parser does not keep, refuses what the rule language leaves out, and
// tells which part of the text each node of the syntax tree is.
package syntax

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
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
	// MaxProblems is the number of problems that are listed for it.
	MaxProblems = 100
)

// A Problem is something wrong at a rune of the text.
type Problem struct {
	At      int
	Message string
}

// An Expr is a parsed expression.
type Expr struct {
	Root   ast.Node
	text   string
	ascii  bool // all runes are bytes
	tokens []lexer.Token
	match  []int // by the index of a bracket: that of its partner, from 1; nil without brackets
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
	tokens, err := lex(text)
	if err != nil {
		return nil, []Problem{lexical([]rune(text), err)}
	}
	e := &Expr{text: text, ascii: isASCII(text), tokens: tokens}
	if problems := e.scan(); len(problems) > 0 {
		return nil, problems
	}
	parsed, err := parser.ParseWithConfig(text, parserConfig())
	if err != nil {
		return nil, []Problem{e.syntactic(err)}
	}
	e.Root = parsed.Node
	return e, nil
}

// A reader reads a text with a copy of a new lexer, since a lexer cannot begin
// again. What the two share is empty between texts.
type reader struct{ unused, used lexer.Lexer }

var readers = sync.Pool{New: func() any { return &reader{unused: *lexer.New()} }}

// lex is lexer.Lex without a lexer of its own.
func lex(text string) ([]lexer.Token, error) {
	r := readers.Get().(*reader)
	defer func() {
		r.used = lexer.Lexer{}
		readers.Put(r)
	}()
	r.used = r.unused
	l := &r.used
	l.Reset(file.NewSource(text))
	const usual = 10
	tokens := make([]lexer.Token, 0, usual)
	for {
		t, err := l.Next()
		switch {
		case err == nil:
			tokens = append(tokens, t)
		case errors.Is(err, io.EOF):
			return tokens, nil
		default:
			return nil, err
		}
	}
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// parserConfig is made once: the parser only reads it, and making one takes as
// long as parsing a condition.
var parserConfig = sync.OnceValue(func() *conf.Config {
	config := conf.CreateNew()
	config.MaxNodes = MaxNodes
	return config
})

// syntactic puts an error of expr's parser into a rule author's words.
func (e *Expr) syntactic(err error) Problem {
	var at *file.Error
	if !errors.As(err, &at) {
		return Problem{0, err.Error()}
	}
	i, ok := e.at(at.From)
	if !ok {
		i = len(e.tokens) - 1
	}
	switch {
	case strings.Contains(at.Message, "maximum allowed nodes"):
		return Problem{0, fmt.Sprintf("the expression has more than %d parts: split it", MaxNodes)}
	case strings.Contains(at.Message, "coalesce"):
		return Problem{at.From, "a default with ?? needs brackets beside other operators: (a ?? b)"}
	case strings.Contains(at.Message, "literal"):
		return e.number(i - 1)
	case strings.HasPrefix(at.Message, "expected name"):
		return e.unnamed(i)
	case strings.HasPrefix(at.Message, "a map key"):
		return Problem{at.From, "leave out the braces { }"}
	case strings.HasSuffix(at.Message, string(lexer.EOF)), strings.HasPrefix(at.Message, "unexpected end"):
		return e.unexpected(len(e.tokens) - 1) // the place of the end is the one of the token before
	case strings.HasPrefix(at.Message, "unexpected token"):
		return e.unexpected(i)
	}
	return Problem{at.From, strings.ToLower(at.Message[:1]) + at.Message[1:]}
}

// number is about token i, a number that cannot be read.
func (e *Expr) number(i int) Problem {
	t := e.tokens[max(i, 0)]
	var out *strconv.NumError
	digits := strings.ReplaceAll(t.Value, "_", "")
	if _, err := strconv.ParseFloat(digits, 64); errors.As(err, &out) && errors.Is(err, strconv.ErrSyntax) {
		if _, err = strconv.ParseInt(digits, 0, 64); !errors.Is(err, strconv.ErrRange) {
			return Problem{t.From, t.Value + " is not a number"}
		}
	}
	return Problem{t.From, "the number is too large"}
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
	if e.ascii {
		return e.text[span.From:span.To]
	}
	return string([]rune(e.text)[span.From:span.To])
}

// at is the index of the token that begins with a rune. The end is none.
func (e *Expr) at(rune int) (int, bool) {
	i, found := slices.BinarySearchFunc(e.tokens, rune, func(t lexer.Token, rune int) int { return t.From - rune })
	for found && i+1 < len(e.tokens) && e.tokens[i+1].From == rune && e.tokens[i+1].Kind != lexer.EOF {
		i++
	}
	return i, found && e.tokens[i].Kind != lexer.EOF
}

// partner is the index of the bracket that a bracket is paired with.
func (e *Expr) partner(i int) (int, bool) {
	if e.match == nil || e.match[i] == 0 {
		return 0, false
	}
	return e.match[i] - 1, true
}
