package syntax

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/expr-lang/expr/file"
)

// lexical puts an error of expr's lexer into a rule author's words.
func lexical(text []rune, err error) Problem {
	var at *file.Error
	if !errors.As(err, &at) {
		return Problem{0, err.Error()}
	}
	from := min(max(at.From, 0), len(text)-1)
	switch message := at.Message; {
	case strings.HasPrefix(message, "unrecognized character"):
		return Problem{from, stray(text[from])}
	case strings.HasPrefix(message, "literal not terminated"):
		open := openAt(text, len(text))
		return Problem{open, unclosed(text[open])}
	case strings.HasPrefix(message, "unable to unescape"):
		return Problem{openAt(text, from), `an escape in this text stands for no character: write \\ for a backslash`}
	case strings.HasPrefix(message, "invalid char escape"):
		return escape(text, openAt(text, from), from)
	case strings.HasPrefix(message, "bad number"):
		start, end := from, from+1
		for start > 0 && inWord(text[start-1]) {
			start--
		}
		for end < len(text) && inWord(text[end]) {
			end++
		}
		word := string(text[start:end])
		if end-start > longestWord {
			word = string(text[start:start+longestWord]) + "…"
		}
		return Problem{start, word + " is neither a number nor a name: put a text in quotes"}
	case strings.HasPrefix(message, "unclosed comment"):
		return Problem{openAt(text, len(text)), "a comment is not part of the rule language: put it into the description of the rule"}
	}
	return Problem{from, at.Message}
}

// longestWord is the longest word in a message, in runes.
const longestWord = 40

func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '.' || r == '_'
}

func unclosed(quote rune) string {
	switch quote {
	case '\'':
		return `a quote is not closed: put " around a text that holds '`
	case '"':
		return `a quote is not closed: put ' around a text that holds "`
	}
	return "a ` is not closed: add the second one"
}

// escape is about a backslash, not behind the rune at, within the text that is
// quoted from the rune open on.
func escape(text []rune, open, at int) Problem {
	i := at
	for i > open && text[i] != '\\' {
		i--
	}
	if i+1 >= len(text) {
		return Problem{open, unclosed(text[open])}
	}
	letter := text[i+1]
	switch letter {
	case 'x', 'u', 'U':
		return Problem{i, fmt.Sprintf(`\%c lacks hexadecimal digits: \x takes 2, \u takes 4, \U takes 8; write \\ for a backslash`, letter)}
	case '0', '1', '2', '3', '4', '5', '6', '7':
		return Problem{i, fmt.Sprintf(`\%c lacks octal digits, of which it takes 3: write \\ for a backslash`, letter)}
	}
	return Problem{i, fmt.Sprintf("\\%c is not an escape: write \\\\%c, or put the text in backticks `…`", letter, letter)}
}

// openAt is where the text in quotes, or the comment, begins that is open
// before the rune end; the last one if none is.
func openAt(text []rune, end int) int {
	start := 0
	for i := 0; i < end; i++ {
		quote := text[i]
		next := i + 1
		switch {
		case quote == '\'' || quote == '"' || quote == '`':
			start = i
			for ; next < end && text[next] != quote; next++ {
				if text[next] == '\\' && quote != '`' {
					next++
				} else if text[next] == '\n' && quote != '`' {
					return start
				}
			}
		case quote == '/' && next < end && text[next] == '/':
			for next < end && text[next] != '\n' {
				next++
			}
		case quote == '/' && next < end && text[next] == '*':
			start = i
			for next += 2; next < end && (text[next] != '/' || text[next-1] != '*'); {
				next++
			}
		default:
			continue
		}
		if next >= end {
			return start
		}
		i = next
	}
	return start
}
