package check

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/afterword-go/afterword/rules/internal/syntax"
)

// placeholder matches how other languages insert a name into a text. The name,
// with the fields below it, is one of the groups.
var placeholder = regexp.MustCompile(
	`\{\{\s*([A-Za-z_]\w*)([\w.]*)\s*\}\}|\$\(\s*([A-Za-z_]\w*)([\w.]*)\s*\)|\{\s*([A-Za-z_]\w*)([\w.]*)\s*\}|\$([A-Za-z_]\w*)((?:\.[A-Za-z_]\w*)*)`)

// Misspelt finds what looks like an insertion into a text but is none: the
// name of a field of the input, or of a constant, in {{…}}, {…} or $(…), or
// behind a $. It returns the rune at which it begins.
func Misspelt(text string, env *Env) (at int, message string, found bool) {
	for from := 0; from < len(text); {
		to, next := literalPart(text, from)
		for _, m := range placeholder.FindAllStringSubmatchIndex(text[from:to], -1) {
			start, written, name, path := match(text[from:to], m)
			if env.inserts(name) {
				return utf8.RuneCountInString(text[:from+start]), fmt.Sprintf("%s is not replaced: write ${%s}", written, name+path), true
			}
		}
		from = next
	}
	return 0, "", false
}

// literalPart is the part of a text from a byte on up to the next ${…}, and where
// to go on. What $${ stands for is not looked at either.
func literalPart(text string, from int) (to, next int) {
	at := strings.Index(text[from:], "${")
	if at < 0 {
		return len(text), len(text)
	}
	to = from + at
	if strings.HasSuffix(text[:to], "$") && to > from {
		to-- // $${
	}
	inside, closed := syntax.Insertion(text[from+at+2:])
	if !closed {
		return to, len(text)
	}
	return to, from + at + 2 + len(inside) + 1
}

// match takes a match of placeholder apart.
func match(text string, m []int) (start int, written, name, path string) {
	for i := 2; i+3 < len(m); i += 4 {
		if m[i] >= 0 {
			return m[0], text[m[0]:m[1]], text[m[i]:m[i+1]], text[m[i+2]:m[i+3]]
		}
	}
	return m[0], text[m[0]:m[1]], "", ""
}

// inserts tells whether ${…} could insert something of this name.
func (e *Env) inserts(name string) bool {
	_, field := e.Input.Field(name)
	return field || name == VarsName && e.Vars != nil
}
