package syntax

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/expr-lang/expr/parser/lexer"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// This file has what people bring along from other languages, from speech and
// from word processors, and what to write instead.

// strays has characters that look like a part of the language.
var strays = map[rune]string{
	'≤': "<=", '≥': ">=", '≠': "!=", '≈': "==", '−': "-", '–': "-", '—': "-", '×': "*", '÷': "/",
	'¬': "not", '∧': "and", '∨': "or", '∈': "in", '∉': "not in", '…': "..",
}

const curlyQuotes = "“”„‟‘’‚‛«»‹›´"

// stray says what to do about a character that the language does not have.
func stray(r rune) string {
	const widest, narrow = '～', 0xFEE0 // the wide forms that Asian keyboards write
	written, known := strays[r]
	switch {
	case strings.ContainsRune(curlyQuotes, r):
		return `curly quotes do not enclose a text: write " or '`
	case '！' <= r && r <= widest:
		written, known = string(r-narrow), true
	case r == '\\':
		return `\ may only stand in a text: put the text or pattern in quotes`
	case !unicode.IsGraphic(r):
		return fmt.Sprintf("a character that does not show (%U): remove it", r)
	}
	if known {
		return fmt.Sprintf("%c is not part of the rule language: write %s", r, written)
	}
	return fmt.Sprintf("%c is not part of the rule language: put a text in quotes", r)
}

// misspelt has the operators of other languages, made of signs.
var misspelt = map[string]string{
	"=": "==", "===": "==", ":=": "==", "<>": "!=", "><": "!=", "!==": "!=", "=!": "!=",
	"=<": "<=", "<==": "<=", "!>": "<=", "=>": ">=", ">==": ">=", "!<": ">=", "&": "and", "&&&": "and", "|||": "or",
}

// longestSigns is more than the length of each of these.
const longestSigns = 4

// spoken has for each operator what people say instead, in lower case.
var spoken = map[string]string{
	"== nil (is absent)": "is empty, is blank, is missing, is absent, is null, is nil, is none, is undefined, is unset, is not set, is not there, is not given",
	"!= nil (is there)":  "is not empty, is not blank, is not missing, is not absent, is not null, is not nil, is not none, is not undefined, is set, is there, is given, exists, not null, not empty",
	"==":                 "is, equals, equal, equal to, equals to, is equal, is equal to, is the same as, eq",
	"!=":                 "is not, isnt, not equal, not equals, not equal to, is not equal to, is not the same as, does not equal, differs from, ne, not is",
	"<":                  "less than, is less than, lower than, is lower than, smaller than, is smaller than, below, is below, under, is under, before, is before, earlier than, is earlier than, lt",
	"<=":                 "less than or equal to, is less than or equal to, less or equal, at most, is at most, up to, is up to, not more than, lte, le",
	">":                  "greater than, is greater than, more than, is more than, higher than, is higher than, larger than, is larger than, bigger than, is bigger than, above, is above, over, is over, after, is after, later than, is later than, gt",
	">=":                 "greater than or equal to, is greater than or equal to, more than or equal to, greater or equal, at least, is at least, not less than, gte, ge",
	"in":                 "is in, is one of, is any of, one of, any of, within, is within",
	"not in":             "is not in, is not one of, is none of, none of",
	"contains":           "contain, includes, include, has, holds, containing",
	"not contains":       "does not contain, does not include, not contain, not includes, not has, does not have",
	"startsWith":         "starts with, start with, begins with, starting with, starts, startwith, beginswith, starts_with",
	"not startsWith":     "does not start with, does not begin with",
	"endsWith":           "ends with, end with, ending with, ends, endwith, ends_with",
	"not endsWith":       "does not end with",
	"matches":            "match, regex, regexp, rlike",
	"not matches":        "does not match",
	"and not":            "but not, except",
	"and":                "but, und, as well as",
	"or":                 "xor, oder, or else",
	"%":                  "mod, modulo",
	"/":                  "div, divided by",
}

// phrases has the longer advice; {x} stands for what the phrase follows.
var phrases = map[string]string{
	"like":             "write contains for a part of a text, or matches for a pattern",
	"ilike":            `write matches "(?i)…" for a text in any case`,
	"is like":          "write contains for a part of a text, or matches for a pattern",
	"not like":         "write not contains for a part of a text, or not matches for a pattern",
	"contains any":     `write ({x} contains "a" or {x} contains "b")`,
	"contains any of":  `write ({x} contains "a" or {x} contains "b")`,
	"contains one of":  `write ({x} contains "a" or {x} contains "b")`,
	"contains all":     `write {x} contains "a" and {x} contains "b"`,
	"contains all of":  `write {x} contains "a" and {x} contains "b"`,
	"between":          "write a <= {x} <= b",
	"is between":       "write a <= {x} <= b",
	"not between":      "write not (a <= {x} <= b)",
	"is not between":   "write not (a <= {x} <= b)",
	"is true":          "write {x} == true",
	"is false":         "write {x} == false",
	"then":             "leave it out, with what follows: that stands under the key then",
	"where":            "write filter(list, condition) for the elements of a list",
	"ignoring case":    `write ieq(a, b), or matches "(?i)…"`,
	"case insensitive": `write ieq(a, b), or matches "(?i)…"`,
}

// prefixes has what people put in front of a condition.
var prefixes = map[string]string{
	"not":    "did you mean not?",
	"if":     "leave it out, since a condition stands by itself",
	"when":   "leave it out, since a condition stands by itself",
	"where":  "leave it out, since a condition stands by itself",
	"unless": "write not (…)",
	"select": "write filter(list, condition) for the elements of a list",
}

// longestPhrase is the number of words in the longest phrase.
const longestPhrase = 6

// advice has the advice for every phrase.
var advice = func() map[string]string {
	all := map[string]string{}
	for operator, list := range spoken {
		written := "write " + operator
		if strings.Contains(operator, "nil") {
			written = "write {x} " + operator
		}
		for phrase := range strings.SplitSeq(list, ", ") {
			all[phrase] = written
		}
	}
	for phrase, written := range phrases {
		all[phrase] = written
	}
	return all
}()

// endsOperand tells whether an operator is expected behind token i.
func (e *Expr) endsOperand(i int) bool {
	if i < 0 || i >= len(e.tokens) {
		return false
	}
	switch t := e.tokens[i]; t.Kind {
	case lexer.Identifier, lexer.Number, lexer.String, lexer.Bytes:
		return true
	case lexer.Operator:
		return t.Value == "#" && i+1 < len(e.tokens) && e.tokens[i+1].From > t.To
	default:
		return t.Is(lexer.Bracket, ")", "]", "}")
	}
}

// isWord tells whether token i is made of letters.
func (e *Expr) isWord(i int) bool {
	if i >= len(e.tokens) || e.tokens[i].Kind != lexer.Identifier && e.tokens[i].Kind != lexer.Operator {
		return false
	}
	first, _ := utf8.DecodeRuneInString(e.tokens[i].Value)
	return unicode.IsLetter(first)
}

// phrase finds the longest phrase that begins with token i and says what to
// write instead.
func (e *Expr) phrase(i int) (message string, tokens int) {
	var words []string
	for j := i; j < i+longestPhrase && e.isWord(j); j++ {
		words = append(words, strings.ToLower(e.tokens[j].Value))
		written, ok := advice[strings.Join(words, " ")]
		if !ok {
			continue
		}
		if e.tokens[i].Is(lexer.Operator, "contains") && len(words) == 2 && !e.listsTexts(j+1) {
			continue // the second word may be a name
		}
		tokens = len(words)
		span := tree.Span{From: e.tokens[i].From, To: e.tokens[j].To}
		left := e.operandBefore(i)
		if strings.Contains(written, "a <= {x} <= b") {
			written = e.withBounds(written, j+1)
		}
		message = fmt.Sprintf("unexpected %s: %s", e.Text(span), strings.ReplaceAll(written, "{x}", left))
	}
	if message == "" && e.isWord(i) && e.tokens[i].Kind == lexer.Identifier {
		word := e.tokens[i].Value
		if operator, ok := wordOperator(word); ok {
			return fmt.Sprintf("unexpected %s (did you mean %s?)", word, operator), 1
		}
	}
	return message, tokens
}

// listsTexts tells whether token i begins a text, or several in brackets.
func (e *Expr) listsTexts(i int) bool {
	t := e.tokens[i]
	return t.Kind == lexer.String || t.Is(lexer.Bracket, "(") || t.Is(lexer.Bracket, "[") && e.tokens[i+1].Kind == lexer.String
}

// withBounds puts the bounds of "between 1 and 3", from token i on, into the
// place of a and b.
func (e *Expr) withBounds(written string, i int) string {
	if i+3 >= len(e.tokens) || !e.endsOperand(i) || !e.endsOperand(i+2) || !e.tokens[i+1].Is(lexer.Operator, "and") {
		return written
	}
	if end := e.tokens[i+3]; end.Kind != lexer.EOF && !end.Is(lexer.Bracket, ")") && !end.Is(lexer.Operator, "and", "or", "&&", "||") {
		return written // the upper bound goes on
	}
	text := func(i int) string { return e.Text(tree.Span{From: e.tokens[i].From, To: e.tokens[i].To}) }
	return strings.Replace(written, "a <= {x} <= b", text(i)+" <= {x} <= "+text(i+2), 1)
}

// operandBefore is the text of the name or call that ends before token i, or x
// where there is something longer.
func (e *Expr) operandBefore(i int) string {
	const longest = 40
	end := i - 1
	start := end
	for start >= 0 {
		if open, closed := e.partner(start); closed && open < start {
			start = open
			if e.tokens[start].Is(lexer.Bracket, "[") || start > 0 && e.tokens[start-1].Kind == lexer.Identifier {
				start--
				continue
			}
			break
		}
		if start == 0 || !e.tokens[start-1].Is(lexer.Operator, ".") {
			break
		}
		if start--; e.endsOperand(start-1) || start > 0 && e.tokens[start-1].Is(lexer.Operator, "#") {
			start--
			continue
		}
		break
	}
	if start < 0 || e.tokens[end].To-e.tokens[start].From > longest {
		return "x"
	}
	return e.Text(tree.Span{From: e.tokens[start].From, To: e.tokens[end].To})
}

// prefix says what to do about token i, a word in front of a condition.
func (e *Expr) prefix(i int) (string, bool) {
	if e.tokens[i].Kind != lexer.Identifier || e.endsOperand(i-1) || i+1 >= len(e.tokens) || i > 0 && e.tokens[i-1].Is(lexer.Operator, ".", "#") {
		return "", false
	}
	switch e.tokens[i+1].Kind {
	case lexer.Identifier, lexer.Number, lexer.String:
	default:
		return "", false
	}
	written, ok := prefixes[strings.ToLower(e.tokens[i].Value)]
	if _, tokens := e.phrase(i + 1); !ok || tokens > 0 {
		return "", false
	}
	if strings.HasPrefix(written, "did") {
		return fmt.Sprintf("unexpected %s (%s)", e.tokens[i].Value, written), true
	}
	return fmt.Sprintf("unexpected %s: %s", e.tokens[i].Value, written), true
}

// PipeHint is about a | between conditions.
const PipeHint = "| hands a list to a function, as in list | len(): write or between conditions"

// signs reads the operator that token i begins, made of signs without space
// between them, and says what to write if there is none of this name.
func (e *Expr) signs(i int) (message string, tokens int) {
	run := ""
	for j := i; j < len(e.tokens) && e.tokens[j].Kind == lexer.Operator; j++ {
		t := e.tokens[j]
		if strings.Trim(t.Value, "=<>!&|:") != "" || j > i && t.From != e.tokens[j-1].To {
			break
		}
		if run += t.Value; len(run) > longestSigns {
			return "", 0
		}
		tokens++
	}
	if run == "|" && !(i+2 < len(e.tokens) && e.tokens[i+1].Kind == lexer.Identifier && e.tokens[i+2].Is(lexer.Bracket, "(")) {
		return PipeHint, 1
	}
	if written, ok := misspelt[run]; ok {
		return fmt.Sprintf("%s is not an operator: write %s", run, written), tokens
	}
	return "", 0
}

// unexpected says what to do about token i, which the parser does not take.
func (e *Expr) unexpected(i int) Problem {
	t := e.tokens[i]
	word := e.Text(tree.Span{From: t.From, To: t.To})
	is := func(i int, kind lexer.Kind, values ...string) bool {
		return i >= 0 && i < len(e.tokens) && e.tokens[i].Is(kind, values...)
	}
	switch {
	case is(i-1, lexer.Operator, "%") && is(i-2, lexer.Number):
		return Problem{e.tokens[i-1].From, "% is the remainder of a division: leave it out"}
	case t.Kind == lexer.EOF:
		return Problem{utf8.RuneCountInString(e.text), "the expression ends too early"}
	case t.Is(lexer.Operator, ","):
		return e.comma(i)
	case is(i-1, lexer.Operator, "matches"):
		return Problem{t.From, "a pattern stands in quotes: " + e.pattern(i)}
	case t.Is(lexer.Operator, "==", "!=", "<", "<=", ">", ">=") && is(i-1, lexer.Operator, "and", "or", "&&", "||"):
		return Problem{t.From, fmt.Sprintf("unexpected %s: repeat what it compares, as in x == 1 or x == 2", word)}
	case t.Is(lexer.Operator, "and", "or", "&&", "||") && is(i-1, lexer.Operator, "and", "or", "&&", "||"):
		return Problem{t.From, fmt.Sprintf("unexpected %s: two operators follow one another, %s and %s: keep one of them", word, e.tokens[i-1].Value, word)}
	case t.Kind == lexer.Operator && e.isWord(i) && is(i+1, lexer.Bracket, "(") && !e.endsOperand(i-1):
		return Problem{t.From, fmt.Sprintf("unexpected %s: it stands between two values, as in a %s b", word, word)}
	case t.Is(lexer.Bracket, "{") && is(i-1, lexer.Identifier, "$"):
		return Problem{e.tokens[i-1].From, "${…} is for texts: in a condition, write the name alone"}
	case t.Is(lexer.Bracket, "}"):
		return Problem{t.From, "unexpected }: leave out the braces { }"}
	case t.Is(lexer.Operator, "#") && e.endsOperand(i-1):
		return Problem{t.From, "unexpected #: it stands for an element of a list, and a condition holds no comments"}
	case e.endsOperand(i-1) && (t.Kind == lexer.Identifier || t.Kind == lexer.Number || t.Kind == lexer.String):
		return Problem{t.From, fmt.Sprintf("unexpected %s: an operator is missing in front of it, or quotes around a text", word)}
	}
	return Problem{t.From, "unexpected " + word}
}

// comma is about a comma between what are not the arguments of a function.
func (e *Expr) comma(i int) Problem {
	at := e.tokens[i].From
	var open []int
	for j := range i {
		switch {
		case e.tokens[j].Is(lexer.Bracket, "(", "[", "{"):
			open = append(open, j)
		case e.tokens[j].Is(lexer.Bracket) && len(open) > 0:
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		j := open[len(open)-1]
		if j > 0 && e.tokens[j].Is(lexer.Bracket, "(") && e.tokens[j-1].Is(lexer.Operator, "in", "==", "!=", "contains") {
			return Problem{e.tokens[j].From, "a list stands in square brackets: write [ … ]"}
		}
	}
	return Problem{at, "unexpected ,: conditions are joined with and, and a decimal point is written ."}
}

// pattern is the text that a pattern without quotes from token i on has to
// become. It may be in slashes, with an i behind them for any case.
func (e *Expr) pattern(i int) string {
	const longest = 40
	end := i
	if e.tokens[i].Is(lexer.Operator, "/") {
		for end++; end < len(e.tokens)-1 && !e.tokens[end].Is(lexer.Operator, "/"); {
			end++
		}
	}
	for end+1 < len(e.tokens)-1 && e.tokens[end+1].From == e.tokens[end].To {
		end++
	}
	text := e.Text(tree.Span{From: e.tokens[i].From, To: e.tokens[min(end, len(e.tokens)-1)].To})
	if inside, slashed := strings.CutPrefix(text, "/"); slashed {
		inside, flags, _ := strings.Cut(inside, "/")
		if text = inside; flags == "i" {
			text = "(?i)" + inside
		}
	}
	if len(text) > longest || strings.HasPrefix(text, "*") || strings.ContainsAny(text, `"\`) {
		return `"…"`
	}
	return `"` + text + `"`
}

// unnamed is about a . before token i, which is not a name.
func (e *Expr) unnamed(i int) Problem {
	start := i - 1
	for start > 0 && e.tokens[start-1].To == e.tokens[start].From {
		start--
	}
	if start > 0 && e.tokens[start-1].Is(lexer.Operator, "matches") {
		return Problem{e.tokens[start].From, "a pattern stands in quotes: " + e.pattern(start)}
	}
	return Problem{e.tokens[i].From, "behind a . stands the name of a field"}
}
