package yamlfile

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// sentences says for the library's messages what a person can do about them.
var sentences = map[string]string{
	errDeep.Error(): fmt.Sprintf("nested deeper than %d levels: write it flatter", Nesting),
	"block sequence entries are not allowed in this context":       "a list entry (- …) cannot begin here: put it on a line of its own",
	"could not find expected ':'":                                  "a key without a colon: write key: value, or indent the text as a part of the value above",
	"did not find expected ',' or ']'":                             "a list in brackets lacks a comma or its closing ]",
	"did not find expected ',' or '}'":                             "a group in braces lacks a comma or its closing }",
	"did not find expected '-' indicator":                          "this does not stand in a column of what is above: a key stands in the column of the keys of its entry, and the - of an entry in that of the entries above",
	"did not find expected <document end> before directive":        "a line cannot begin with % here: put the text in quotes",
	"did not find expected <document start>":                       "this does not belong to what is above: check the indentation",
	"did not find expected alphabetic or numeric character":        "a value cannot begin with & or * here: put it in quotes",
	"did not find expected comment or line break":                  "nothing may follow here: continue on the next line",
	"did not find expected hexadecimal number":                     `an escape lacks hexadecimal digits: \x takes 2, \u takes 4, \U takes 8`,
	"did not find expected key":                                    "a key is expected here: check the indentation, the quotes and the colon",
	"did not find expected node content":                           "a value is expected here: add it, or remove the comma or bracket",
	"did not find expected whitespace or line break":               "a space is missing here",
	"found a comment without preceding whitespace":                 "a comment needs a space in front of the #; if it is not a comment, put the text in quotes",
	"found a tab character that violates indentation":              "a tab cannot indent: use spaces",
	"found a tab character where an indentation space is expected": "a tab cannot indent: use spaces",
	"found an indentation indicator equal to 0":                    "the indentation after | or > must be 1 to 9: remove the 0",
	"found incompatible YAML document":                             "a version of YAML that is not read here: remove the line",
	"found invalid Unicode character escape code":                  "an escape that is not a character of Unicode: write another one",
	"found undefined tag handle":                                   "tags are not allowed: remove it",
	"found unexpected content after document-end marker":           "nothing may follow the end of the document (...): remove it",
	"found unknown escape character":                               `an unknown escape: write \\ for a backslash, or use single quotes`,
	"found unknown directive name":                                 "a line cannot begin with % here: put the text in quotes",
	"mapping keys are not allowed in this context":                 "a key cannot begin here: put it on a line of its own",
	"mapping values are not allowed in this context":               "a colon inside a text: put the text in quotes, or the key on a line of its own",
}

// syntax reports an error of the library.
func (l *list) syntax(t *text, err error) {
	var load *yaml.LoadError
	if !errors.As(err, &load) {
		l.add(Position{1, 1}, "%s", line(err.Error()))
		return
	}
	at, start := marked(load.Mark), marked(load.ContextMark)
	if at.Line < 1 {
		at = start
	}
	if _, ok := t.offset(at); !ok {
		// The library counts a line break at the end that is not there.
		at = t.end()
	}
	message, ok := sentences[load.Message]
	switch load.Message {
	case "found unexpected end of stream", "found unexpected document indicator":
		// The library is at the end of the file; the mistake is at its start.
		at, message, ok = start, "a quote that is never closed: add the closing one, or write two for one inside single quotes", true
	case "found character that cannot start any token":
		message, ok = t.stray(at), true
	case "did not find expected key", "did not find expected '-' indicator":
		if place, better := t.goesOn(at); better != "" {
			l.add(place, "%s", better)
			return
		}
	case "mapping values are not allowed in this context":
		message = "a colon inside a text: " + t.around(at.Line) + ", or put the key on a line of its own"
	}
	if !ok {
		message = line(load.Message)
	}
	if start.Line > 0 && start.Line < at.Line {
		message += fmt.Sprintf(" (in what begins in line %d)", start.Line)
	}
	l.add(at, "%s", message)
}

// stray is the message for a character with which nothing can begin.
func (t *text) stray(at Position) string {
	offset, ok := t.offset(at)
	if !ok || offset == len(t.data) {
		return "a value cannot begin here: put it in quotes"
	}
	r, _ := utf8.DecodeRune(t.data[offset:])
	if r == '\t' {
		return "a tab cannot indent: use spaces"
	}
	return fmt.Sprintf("a value cannot begin with %q: put it in quotes", r)
}

// goesOn finds out whether a value that seemed to have ended goes on at a place
// in its line, and says what to do.
func (t *text) goesOn(at Position) (Position, string) {
	offset, ok := t.offset(at)
	if !ok {
		return at, ""
	}
	line := t.data[t.lines[at.Line-1]:offset]
	if value, column := valueIn(line); strings.HasPrefix(value, "*") || strings.HasPrefix(value, "&") {
		return Position{at.Line, column}, fmt.Sprintf("a text cannot begin with %c: put it in quotes", value[0])
	}
	before := bytes.TrimRight(line, " \t")
	if len(before) == 0 || offset == len(t.data) || t.data[offset] == '\n' || t.data[offset] == '\r' {
		return at, ""
	}
	switch quote := before[len(before)-1]; {
	case quote == '\'' && len(before) == len(line):
		return at, "the text ends at the quote before this: write two ('') for one inside single quotes, or put it all in double quotes"
	case quote == '"' && len(before) == len(line):
		return at, `the text ends at the quote before this: write \" for one inside double quotes, or put it all in single quotes`
	case quote == '\'' || quote == '"':
		return at, "the text goes on behind its closing quote: " + t.around(at.Line)
	case quote == ']' || quote == '}':
		return at, "the text goes on behind its closing bracket: " + t.around(at.Line)
	}
	return at, ""
}

// valueIn is what stands behind the key in the beginning of a line, and its
// column.
func valueIn(line []byte) (value string, column int) {
	key := bytes.Index(line, []byte(": "))
	if key < 0 {
		return "", 0
	}
	rest := bytes.TrimLeft(line[key+1:], " \t")
	return string(rest), 1 + starts(line[:len(line)-len(rest)])
}

// around says which quotes to put around the value in a line.
func (t *text) around(line int) string {
	data := t.data[t.lines[line-1]:]
	if end := bytes.IndexAny(data, "\r\n"); end >= 0 {
		data = data[:end]
	}
	value, _ := valueIn(data)
	if value == "" {
		value = string(data)
	}
	switch single, double := strings.Contains(value, "'"), strings.ContainsAny(value, `"\`); {
	case single && double:
		return "put '…' around all of it, and write each ' in it twice"
	case double:
		return "put '…' around all of it"
	}
	return `put "…" around all of it`
}

func marked(m yaml.Mark) Position { return Position{m.Line, m.Column} }

// line is a message of the library, in one line.
func line(message string) string {
	return "not YAML: " + strings.Join(strings.Fields(message), " ")
}
