package syntax

import (
	"fmt"
	"slices"
	"unicode"

	"github.com/expr-lang/expr/parser/lexer"
)

// leftOut names what the language leaves out, with what to write instead.
func leftOut(t lexer.Token) (string, bool) {
	if t.Kind == lexer.Bytes {
		return "byte texts are not part of the rule language: leave out the b", true
	}
	if t.Kind != lexer.Operator {
		return "", false
	}
	switch t.Value {
	case "let", ";":
		return "let and ; are not part of the rule language: put constants into vars", true
	case "if", "else":
		return "if and else are not part of the rule language: write condition ? a : b", true
	case "?.":
		return "?. is not needed: a plain . reads absent groups as absent", true
	case "**", "^":
		return "powers are not part of the rule language", true
	case "::":
		return ":: is not part of the rule language", true
	}
	return "", false
}

// scan goes through the tokens before the parser does: it pairs brackets,
// measures how deeply things lie within one another, and collects the tokens
// that the language leaves out.
func (e *Expr) scan() []Problem {
	var problems []Problem
	add := func(at int, message string) {
		if len(problems) < MaxProblems {
			problems = append(problems, Problem{at, message})
		}
	}
	e.comments(add)
	var nest nesting
	said := 0    // the token up to which everything has been said
	let := false // what follows belongs to it
	for i, t := range e.tokens {
		if i >= said && !let {
			if message, tokens := e.misfit(i); tokens > 0 {
				add(t.From, message)
				said = i + tokens
			}
		}
		let = let || t.Is(lexer.Operator, "let")
		open, closes := nest.take(i, t)
		switch {
		case closes && open >= 0 && pairs(e.tokens[open].Value, t.Value):
			if e.match == nil {
				e.match = make([]int, len(e.tokens))
			}
			e.match[open], e.match[i] = i+1, open+1
		case closes:
			add(t.From, t.Value+" closes no bracket")
		}
		if nest.depth() > MaxNesting {
			return append(problems, Problem{t.From, fmt.Sprintf("brackets, negations and choices lie more than %d deep within one another: simplify", MaxNesting)})
		}
	}
	for _, l := range nest.open {
		add(e.tokens[l.token].From, e.tokens[l.token].Value+" is not closed")
	}
	return problems
}

// misfit says what is wrong with a number of tokens from i on.
func (e *Expr) misfit(i int) (message string, tokens int) {
	t := e.tokens[i]
	if i > 0 && e.tokens[i-1].Is(lexer.Operator, ".") {
		return "", 0 // a field of this name
	}
	if t.Is(lexer.Operator, "if") && !e.has("else") && !e.has("{") {
		return "leave out if: a condition stands by itself", 1
	}
	if t.Is(lexer.Operator, ";") && e.tokens[i+1].Kind == lexer.EOF {
		return "a condition ends without a ;: leave it out", 1
	}
	if message, out := leftOut(t); out {
		return message, 1
	}
	if t.Is(lexer.Operator, "?") && e.tokens[i+1].Is(lexer.Operator, ":") {
		return "?: is not part of the rule language: write ?? for a default, or condition ? a : b", 2
	}
	if message, tokens := e.signs(i); tokens > 0 {
		return message, tokens
	}
	if e.endsOperand(i-1) && e.isWord(i) {
		if message, tokens := e.phrase(i); message != "" {
			return message, tokens
		}
	}
	if message, ok := e.prefix(i); ok {
		return message, 1
	}
	return "", 0
}

// has tells whether there is a token that is written so.
func (e *Expr) has(value string) bool {
	return slices.ContainsFunc(e.tokens, func(t lexer.Token) bool {
		return t.Value == value && t.Kind != lexer.String
	})
}

// comments finds comments: the text that belongs to no token. They would hide
// a part of a condition from its reader.
func (e *Expr) comments(add func(at int, message string)) {
	next, at := 0, 0 // the token that comes next, and the rune
	said := false    // of the comment in front of it
	for _, r := range e.text {
		for next < len(e.tokens) && e.tokens[next].Kind != lexer.EOF && e.tokens[next].To <= at {
			next, said = next+1, false
		}
		inside := next < len(e.tokens) && e.tokens[next].Kind != lexer.EOF && e.tokens[next].From <= at
		if !inside && !said && !unicode.IsSpace(r) {
			add(at, "a comment is not part of the rule language: put it into the description of the rule")
			said = true
		}
		at++
	}
}

// nesting measures how deep expr's recursive parser would go.
type nesting struct {
	open    []level
	choices int  // of the outermost level
	prefix  int  // prefix operators that take in what comes
	operand bool // the last token ended an operand
}

type level struct{ token, choices, prefix int }

func (n *nesting) depth() int {
	sum := n.choices + n.prefix
	for _, l := range n.open {
		sum += 1 + l.choices + l.prefix
	}
	return sum
}

// take accounts for token i. If it is a closing bracket, take returns the index
// of the bracket that is open, or -1.
func (n *nesting) take(i int, t lexer.Token) (open int, closes bool) {
	switch {
	case t.Is(lexer.Bracket, "(", "[", "{"):
		n.open = append(n.open, level{i, n.choices, n.prefix})
		n.choices, n.prefix, n.operand = 0, 0, false
		return 0, false
	case t.Is(lexer.Bracket) && len(n.open) == 0:
		return -1, true
	case t.Is(lexer.Bracket):
		top := n.open[len(n.open)-1]
		n.open = n.open[:len(n.open)-1]
		n.choices, n.prefix, n.operand = top.choices, top.prefix, true
		return top.token, true
	case t.Is(lexer.Operator, "?"):
		n.choices++
	case t.Is(lexer.Operator, ","):
		n.choices = 0
	case n.operand && binds(t):
		n.operand = false
		return 0, false // a prefix operator to its left takes in what follows
	case !n.operand && t.Is(lexer.Operator, "not", "!", "-", "+"):
		n.prefix++
		return 0, false
	}
	n.operand = t.Kind != lexer.Operator
	if !n.operand {
		n.prefix = 0
	}
	return 0, false
}

// binds tells of operators that bind tighter than a prefix operator.
func binds(t lexer.Token) bool {
	return t.Is(lexer.Operator, "*", "/", "%", "??", ".")
}

func pairs(open, closed string) bool {
	return open == "(" && closed == ")" || open == "[" && closed == "]" || open == "{" && closed == "}"
}
