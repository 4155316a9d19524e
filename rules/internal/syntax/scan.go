package syntax

import (
	"fmt"

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
	case "=":
		return "= is not an operator: write == to compare", true
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
	var nest nesting
	let := false
	for i, t := range e.tokens {
		if t.Kind != lexer.EOF {
			e.at[t.From] = i
		}
		message, out := leftOut(t)
		if named := i > 0 && e.tokens[i-1].Is(lexer.Operator, "."); out && !named && !let {
			problems = append(problems, Problem{t.From, message})
		}
		let = let || t.Is(lexer.Operator, "let") // what follows belongs to it
		open, closes := nest.take(i, t)
		switch {
		case closes && open >= 0 && pairs(e.tokens[open].Value, t.Value):
			e.match[open], e.match[i] = i, open
		case closes:
			problems = append(problems, Problem{t.From, t.Value + " closes no bracket"})
		}
		if nest.depth() > MaxNesting {
			return append(problems, Problem{t.From, fmt.Sprintf("brackets, negations and choices lie more than %d deep within one another: simplify", MaxNesting)})
		}
	}
	for _, l := range nest.open {
		problems = append(problems, Problem{e.tokens[l.token].From, e.tokens[l.token].Value + " is not closed"})
	}
	return problems
}

// nesting measures how deep expr's recursive parser would go.
type nesting struct {
	open    []level
	choices int // of the outermost level
	prefix  int // prefix operators in a row
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
		n.choices, n.prefix = 0, 0
		return 0, false
	case t.Is(lexer.Bracket) && len(n.open) == 0:
		return -1, true
	case t.Is(lexer.Bracket):
		top := n.open[len(n.open)-1]
		n.open = n.open[:len(n.open)-1]
		n.choices, n.prefix = top.choices, 0
		return top.token, true
	case t.Is(lexer.Operator, "?"):
		n.choices++
	case t.Is(lexer.Operator, ","):
		n.choices = 0
	case t.Is(lexer.Operator, "not", "!", "-", "+"):
		n.prefix++
		return 0, false
	}
	n.prefix = 0
	return 0, false
}

func pairs(open, closed string) bool {
	return open == "(" && closed == ")" || open == "[" && closed == "]" || open == "{" && closed == "}"
}
