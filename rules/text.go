package rules

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/afterword-go/afterword/rules/internal/check"
	"github.com/afterword-go/afterword/rules/internal/eval"
	"github.com/afterword-go/afterword/rules/internal/kleene"
	"github.com/afterword-go/afterword/rules/internal/syntax"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// A Text is a text of an outcome, in which ${…} inserts the value of an
// expression and $${ stands for a literal ${. Match.Render renders it.
type Text string

// maxRendered bounds a rendered text, in bytes.
const maxRendered = 1 << 20

// A TextInfo describes a text of an outcome to Config.CheckText.
type TextInfo struct {
	Rule string
	// Field is the JSON name of the struct field that holds the text.
	Field string
	// Constant says that the text is the same for every input, and is Value
	// then. Otherwise it depends on the input.
	Constant bool
	Value    string
}

// A template is a compiled text: literals and insertions in turn.
type template struct {
	parts  []templatePart
	at     locator
	fixed  bool // the same for every input
	size   int  // nodes of its expressions
	likely int  // bytes of what it renders
}

type templatePart struct {
	literal string // or the value of an expression that is fixed
	fixed   bool   // the expression reads nothing of the input
	text    string // of the expression; empty for a literal
	env     *check.Env
	known   eval.Bool
	shown   eval.Text
	size    int // nodes of known and shown
	from    int // the rune of the text at which the expression begins
}

// compileText compiles a text; problems come without file and rule. Constants is
// what works out the expressions that read nothing of the input.
func compileText(text Text, env *check.Env, at locator, constants *eval.Frame) (*template, []Problem) {
	if len(text) > syntax.MaxBytes {
		return nil, located([]syntax.Problem{{Message: fmt.Sprintf("the text has %d bytes, more than %d: shorten it", len(text), syntax.MaxBytes)}}, at)
	}
	segments, problem := split(string(text))
	if problem != nil {
		return nil, located([]syntax.Problem{*problem}, at)
	}
	out := &template{at: at, likely: len(text)}
	var problems []Problem
	if i, message, found := check.Misspelt(string(text), env); found {
		problems = located([]syntax.Problem{{At: i, Message: message}}, at)
	}
	for _, s := range segments {
		if !s.inserted {
			out.parts = append(out.parts, templatePart{literal: s.text})
			continue
		}
		part, wrong := compileInsert(s, env, constants)
		out.size += part.size
		problems = append(problems, located(wrong, func(i int) (int, int) { return at(s.from + i) })...)
		out.parts = append(out.parts, part)
	}
	return out, problems
}

func compileInsert(s segment, env *check.Env, constants *eval.Frame) (templatePart, []syntax.Problem) {
	_, node, problems := readInsert(s.text, env)
	if len(problems) > 0 {
		return templatePart{}, problems
	}
	known, err := kleene.Known(node)
	if err != nil {
		return templatePart{}, []syntax.Problem{{Message: err.Error()}}
	}
	value, err := kleene.Value(node)
	if err != nil {
		return templatePart{}, []syntax.Problem{{Message: err.Error()}}
	}
	part := templatePart{
		text: s.text, env: env, from: s.from,
		known: eval.Compile(known), shown: eval.Shown(value), size: known.Size() + value.Size(),
	}
	if readsInput(value) {
		return part, nil
	}
	text, failure := part.evaluate(constants)
	if failure != nil {
		return part, []syntax.Problem{{At: failure.At.From, Message: failure.Error()}}
	}
	part.literal, part.fixed = text, true
	return part, nil
}

// readInsert parses and checks the inside of ${…}.
func readInsert(text string, env *check.Env) (*syntax.Expr, *tree.Node, []syntax.Problem) {
	expr, problems := syntax.Parse(text)
	if len(problems) > 0 {
		return nil, nil, problems
	}
	node, problems := check.Insert(expr, env)
	return expr, node, problems
}

// A segment of a text is a literal or the inside of ${…}.
type segment struct {
	text     string
	inserted bool
	from     int // runes before it
}

// split takes a text apart.
func split(text string) ([]segment, *syntax.Problem) {
	var out []segment
	var literal strings.Builder
	for i := 0; i < len(text); {
		switch {
		case strings.HasPrefix(text[i:], "$${"):
			literal.WriteString("${")
			i += 3
		case strings.HasPrefix(text[i:], "${"):
			inside, ok := syntax.Insertion(text[i+2:])
			if !ok {
				return nil, &syntax.Problem{At: utf8.RuneCountInString(text[:i]), Message: "${ is not closed with }; write $${ for a literal ${"}
			}
			if literal.Len() > 0 {
				out = append(out, segment{text: literal.String()})
				literal.Reset()
			}
			out = append(out, segment{text: inside, inserted: true, from: utf8.RuneCountInString(text[:i+2])})
			i += 2 + len(inside) + 1
		default:
			literal.WriteByte(text[i])
			i++
		}
	}
	if literal.Len() > 0 {
		out = append(out, segment{text: literal.String()})
	}
	return out, nil
}

// constant is the text if it is the same for every input.
func (t *template) constant() (string, bool) {
	var out strings.Builder
	for _, part := range t.parts {
		if part.text != "" && !part.fixed {
			return "", false
		}
		out.WriteString(part.literal)
	}
	return out.String(), true
}

// literal is the text if it inserts nothing and is not too long.
func (t *template) literal() (string, bool) {
	switch {
	case len(t.parts) == 0:
		return "", true
	case len(t.parts) > 1 || t.parts[0].text != "" || len(t.parts[0].literal) > maxRendered:
		return "", false
	}
	return t.parts[0].literal, true
}

func readsInput(n *tree.Node) bool {
	reads := false
	n.Walk(func(n *tree.Node) bool {
		reads = reads || n.Op == tree.GetField || n.Op == tree.Call
		return !reads
	})
	return reads
}

// Fold is what a value goes through before Match.Render inserts it: runs of
// white space, line breaks included, become single spaces.
func Fold(text string) string {
	if folded(text) {
		return text
	}
	var out strings.Builder
	space := false
	for _, r := range text {
		if unicode.IsSpace(r) {
			space = true
			continue
		}
		if space {
			out.WriteByte(' ')
			space = false
		}
		out.WriteRune(r)
	}
	if space {
		out.WriteByte(' ')
	}
	return out.String()
}

// folded tells whether Fold would change nothing. It is sure of texts in ASCII
// alone.
func folded(text string) bool {
	for i := range len(text) {
		if b := text[i]; b >= utf8.RuneSelf || b < ' ' || b == ' ' && i > 0 && text[i-1] == ' ' {
			return false
		}
	}
	return true
}

// render puts a text together. The failure, if any, comes with the rune of the
// text where it happened.
func (t *template) render(f *eval.Frame, insert func(string) (string, error)) (string, *eval.Failure) {
	var out strings.Builder
	out.Grow(t.likely)
	f.Allow(1) // for the whole text
	for _, part := range t.parts {
		text := part.literal
		if part.text != "" {
			var failure *eval.Failure
			if text, failure = part.insert(f, insert); failure != nil {
				failure.At.From += part.from
				return "", failure
			}
		}
		if out.Len()+len(text) > maxRendered {
			return "", &eval.Failure{Message: fmt.Sprintf("the text grows beyond %d bytes: shorten it", maxRendered), At: tree.Span{From: part.from}}
		}
		out.WriteString(text)
	}
	return out.String(), nil
}

// insert is the text that the expression inserts.
func (p *templatePart) insert(f *eval.Frame, insert func(string) (string, error)) (string, *eval.Failure) {
	text := p.literal
	if !p.fixed {
		var failure *eval.Failure
		if text, failure = p.evaluate(f); failure != nil {
			return "", failure
		}
	}
	text, err := insert(text)
	if err != nil {
		return "", &eval.Failure{Message: "a value cannot be inserted", Err: err}
	}
	return text, nil
}

// evaluate is the value of the expression as a person is shown it.
func (p *templatePart) evaluate(f *eval.Frame) (string, *eval.Failure) {
	known, failure := p.known.Continue(f)
	if failure != nil {
		return "", failure
	}
	if !known {
		return "", &eval.Failure{Message: p.absence(f)}
	}
	return p.shown.Continue(f)
}

// absence names what the expression misses.
func (p *templatePart) absence(f *eval.Frame) string {
	expr, node, _ := readInsert(p.text, p.env) // it has loaded before
	x := explainer{frame: f, expr: expr, quiet: true}
	x.absent(node)
	if len(x.names) == 0 {
		return "a value is absent: give a default with ??"
	}
	return strings.Join(x.names, ", ") + isAre(len(x.names)) + " absent: give a default with ??"
}

func isAre(n int) string {
	if n == 1 {
		return " is"
	}
	return " are"
}

// errForeignText is for a text that the rule does not have.
var errForeignText = errors.New("the text is not one of this rule's outcome")
