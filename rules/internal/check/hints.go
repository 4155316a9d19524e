package check

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/expr-lang/expr/ast"

	"github.com/afterword-go/afterword/internal/nearest"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// The bounds of a message: how many names it lists, and among how many the one
// is looked for that was meant.
const (
	mostNames  = 10
	mostLooked = 1000
	mostText   = 60
)

// listed names the first of names.
func listed(names []string) string {
	if len(names) > mostNames {
		return strings.Join(names[:mostNames], ", ") + ", …"
	}
	return strings.Join(names, ", ")
}

// near is the name among some that is nearest to name.
func near(name string, among iter.Seq[string]) (string, bool) {
	return nearest.To(name, func(yield func(string) bool) {
		n := 0
		for other := range among {
			if n++; n > mostLooked || !yield(other) {
				return
			}
		}
	})
}

// words has, in lower case, what other languages call the constants.
var words = map[string]string{
	"null": "nil", "none": "nil", "undefined": "nil", "nothing": "nil", "nan": "nil",
	"yes": "true", "no": "false",
}

// calls has, in lower case, the functions and methods of other languages, and
// the operator or function for each.
var calls = map[string]string{
	"contains": "contains", "includes": "contains", "include": "contains", "has": "contains", "indexof": "contains",
	"startswith": "startsWith", "starts_with": "startsWith", "beginswith": "startsWith", "hasprefix": "startsWith",
	"endswith": "endsWith", "ends_with": "endsWith", "hassuffix": "endsWith",
	"matches": "matches", "match": "matches", "regex": "matches", "test": "matches",
	"equals": "==", "equal": "==", "eq": "==", "is": "==",
	"tolowercase": "lower", "tolower": "lower", "lowercase": "lower", "lower": "lower", "lcase": "lower", "downcase": "lower",
	"touppercase": "upper", "toupper": "upper", "uppercase": "upper", "upper": "upper", "ucase": "upper", "upcase": "upper",
	"trim": "trim", "strip": "trim",
	"length": "len", "size": "len", "len": "len", "count": "len",
	"isempty": "nil", "isnull": "nil", "isblank": "nil", "isnil": "nil", "empty": "nil", "is_null": "nil",
	"parseint": "int", "toint": "int", "tonumber": "float", "number": "float", "parsefloat": "float", "tofloat": "float",
	"tostring": "string", "str": "string", "text": "string", "todate": "date",
}

// absentCalls has functions of other languages that have no counterpart.
var absentCalls = map[string]string{
	"and": "write a and b", "or": "write a or b", "if": "write condition ? a : b",
	"now": "a rule knows no clock", "today": "a rule knows no clock",
	"concat": "write a + b", "in": "write x in [a, b]",
	"exists": "write x != nil", "defined": "write x != nil", "isset": "write x != nil", "notempty": "write x != nil", "isnotempty": "write x != nil",
}

// isFunction tells whether rules can call name.
func (c *checker) isFunction(name string) bool {
	return c.env.Functions[name] != nil || slices.Contains(Builtins(), name)
}

func (c *checker) unknownFunction(name string) string {
	lower := strings.ToLower(name)
	if lower == "not" {
		return fmt.Sprintf("unknown function %s (did you mean not?)", name)
	}
	names := append(slices.Sorted(maps.Keys(c.env.Functions)), Builtins()...)
	if written, ok := absentCalls[lower]; ok {
		return fmt.Sprintf("unknown function %s: %s", name, written)
	}
	if meant, ok := calls[lower]; ok {
		switch {
		case meant == "nil":
			return fmt.Sprintf("unknown function %s: write x == nil (is absent)", name)
		case c.isFunction(meant):
			return fmt.Sprintf("unknown function %s (did you mean %s?)", name, meant)
		}
		return fmt.Sprintf("unknown function %s: write a %s b", name, meant)
	}
	if near, ok := near(name, slices.Values(names)); ok {
		return fmt.Sprintf("unknown function %s (did you mean %s?)", name, near)
	}
	return "unknown function " + name
}

// unknownName is the message for a name, in a place, that is no field.
func (c *checker) unknownName(name string, in place) string {
	suggestion, close := c.suggestName(name)
	if strings.HasSuffix(suggestion, " ."+name+"?)") {
		return fmt.Sprintf("unknown name %s%s", name, suggestion) // a field of the element
	}
	if meant, ok := words[strings.ToLower(name)]; ok {
		return fmt.Sprintf("unknown name %s (did you mean %s?)", name, meant)
	}
	if c.isFunction(name) {
		return fmt.Sprintf("%s is a function: write %s(…)", name, name)
	}
	if name == VarsName {
		return "there are no vars here: add the key vars, beside the rules"
	}
	if !close && c.takesText(in) {
		return fmt.Sprintf("unknown name %s: a text stands in quotes: %s", name, strconv.Quote(name))
	}
	return fmt.Sprintf("unknown name %s%s", name, suggestion)
}

// method is the message for the call of a method.
func (c *checker) method(n *ast.CallNode) string {
	const message = "methods cannot be called: "
	callee, ok := n.Callee.(*ast.MemberNode)
	if !ok {
		return message + "rules read fields and call the functions of the rule language"
	}
	name, _ := callee.Property.(*ast.StringNode)
	if name != nil && c.dotted(callee) {
		if written := c.instead(callee.Node, name.Value, n.Arguments); written != "" {
			return message + "write " + written
		}
	}
	return message + "rules read fields and call the functions of the rule language"
}

// instead is what to write for a method of a value, or nothing.
func (c *checker) instead(of ast.Node, name string, args []ast.Node) string {
	meant, ok := calls[strings.ToLower(name)]
	if !ok && c.isFunction(name) {
		meant = name
	}
	value := c.short(of)
	switch {
	case meant == "":
		return ""
	case meant == "nil":
		return value + " == nil"
	case c.isFunction(meant) && len(args) == 0:
		return meant + "(" + value + ")"
	case c.isFunction(meant) || len(args) != 1:
		return ""
	case meant == "contains" && c.kindOf(of) == tree.List:
		return c.short(args[0]) + " in " + value
	}
	return value + " " + meant + " " + c.short(args[0])
}

// short is the text of n if it is short enough for a message.
func (c *checker) short(n ast.Node) string {
	return c.shortOf(c.spanOf(n))
}

func (c *checker) shortOf(span tree.Span) string {
	text := c.expr.Text(span)
	if span.To-span.From > mostText || strings.ContainsAny(text, "\r\n") {
		return "…"
	}
	return text
}

// kindOf is the kind of n, without reporting what is wrong with it.
func (c *checker) kindOf(n ast.Node) tree.Kind {
	if c.asking {
		return tree.Invalid
	}
	asking := &checker{expr: c.expr, env: c.env, elems: c.elems, asking: true}
	return asking.node(n).Type.Kind
}

// beside checks n, which stands beside other: a name that nobody knows may be a
// text without its quotes.
func (c *checker) beside(n, other ast.Node) *tree.Node {
	return c.wanting(n, place{beside: other})
}

// mismatch says what to write instead of comparing a with b, or nothing.
func (c *checker) mismatch(operator string, a, b *tree.Node) string {
	for _, pair := range [][2]*tree.Node{{a, b}, {b, a}} {
		if written := c.compared(operator, pair[0], pair[1]); written != "" {
			return ": " + written
		}
	}
	return ""
}

// sought says what to write instead of looking for a in the list b.
func (c *checker) sought(a, b *tree.Node) string {
	if b.Op == tree.MakeList && len(b.Kids) > 0 {
		return c.mismatch("in", a, b.Kids[0])
	}
	return ""
}

// compared is one way round of mismatch: n is what has the wrong kind.
func (c *checker) compared(operator string, n, with *tree.Node) string {
	text, constant := n.Value.(string)
	constant = constant && n.Op == tree.Const && n.Type.Kind == tree.Text
	quoted := constant && c.isQuoted(n)
	short := c.shortOf(n.Span)
	switch {
	case n.Type.Kind == tree.List && with.Type.Kind != tree.List && n.Type.Elem != nil && comparable(n.Type.Elem, with.Type):
		if operator == "!=" {
			return fmt.Sprintf("write %s not in %s", c.shortOf(with.Span), short)
		}
		return fmt.Sprintf("write %s in %s", c.shortOf(with.Span), short)
	case with.Type.Kind == tree.Time && constant && !quoted:
		return "write date(" + short + ")"
	case with.Type.Kind == tree.Time && quoted:
		if _, ok := parseDate(text); !ok {
			text = "2026-01-31"
		}
		return fmt.Sprintf("write date(%q)", text)
	case with.Type.Kind == tree.Time && n.Type.IsNumber():
		return `a date is written date("2026-01-31")`
	case n.Type.Kind != tree.Text:
		return ""
	case with.Type.IsNumber() && quoted:
		if _, err := strconv.ParseFloat(text, 64); err == nil {
			return "leave out the quotes"
		}
		return "write a number in place of " + short
	case with.Type.Kind == tree.Int:
		return "write int(" + short + ")"
	case with.Type.Kind == tree.Float:
		return "write float(" + short + ")"
	case with.Type.Kind == tree.Bool && quoted && (text == "true" || text == "false"):
		return "leave out the quotes"
	}
	return ""
}

// isQuoted tells of a text that is written where it stands.
func (c *checker) isQuoted(n *tree.Node) bool {
	text := c.expr.Text(n.Span)
	return text != "" && strings.Contains("\"'`", text[:1])
}

func parseDate(text string) (time.Time, bool) {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// alternatives reports x == 1 or 2, which lacks a part of its second
// comparison.
func (c *checker) alternatives(n *ast.BinaryNode) (*tree.Node, bool) {
	var values []ast.Node
	left := ast.Node(n)
	for {
		joined, ok := left.(*ast.BinaryNode)
		if !ok || !joins(joined.Operator) {
			break
		}
		if !isLiteral(joined.Right) {
			return nil, false
		}
		values = append(values, joined.Right)
		left = joined.Left
	}
	first, ok := left.(*ast.BinaryNode)
	if !ok || first.Operator != "==" && first.Operator != "!=" || !isLiteral(first.Right) {
		return nil, false
	}
	compared := c.node(first)
	if compared.Type.Kind == tree.Invalid {
		return compared, true
	}
	values = append(values, first.Right)
	slices.Reverse(values)
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = c.short(value)
	}
	in := " in ["
	if first.Operator == "!=" {
		in = " not in ["
	}
	return c.bad(c.node(values[1]), "%s joins conditions: write %s%s%s]", n.Operator, c.short(first.Left), in, listed(texts)), true
}

func joins(operator string) bool {
	return operator == "and" || operator == "or" || operator == "&&" || operator == "||"
}

// isLiteral tells of a number or a text.
func isLiteral(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.IntegerNode, *ast.FloatNode, *ast.StringNode:
		return true
	case *ast.UnaryNode:
		return n.Operator == "-" && isLiteral(n.Node)
	}
	return false
}

// choices is the list that a text of names with commas may have been meant as.
func choices(text string) string {
	var quoted []string
	for name := range strings.SplitSeq(text, ",") {
		quoted = append(quoted, strconv.Quote(strings.TrimSpace(name)))
	}
	return "[" + listed(quoted) + "]"
}

// control says what is wrong with a character in a pattern that does not show.
func control(pattern string, quoted bool) string {
	for _, r := range pattern {
		switch {
		case r == '\b' && quoted:
			return "\\b in quotes is a backspace: write \\\\b, or put the pattern in backticks `…`"
		case r == '\b':
			return `the pattern holds a backspace: write \\b in double quotes, or \b in single ones`
		case r < ' ' && !strings.ContainsRune("\t\n\v\f\r", r) || r == 0x7F:
			return fmt.Sprintf(`the pattern holds a control character: write \x{%X} in backticks`, r)
		}
	}
	return ""
}
