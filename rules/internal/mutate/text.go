package mutate

import (
	"strings"
	"unicode/utf8"

	"github.com/afterword-go/afterword/rules/internal/syntax"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// Texts lists the changes of a text with ${…}, in its order: it is emptied, a
// letter of each literal part is changed, and each ${…} is dropped. Inside are
// changes of the expressions in it, which take their place among the others.
func Texts(text string, inside ...Edit) []Edit {
	length := utf8.RuneCountInString(text)
	if length == 0 {
		return nil
	}
	out := append([]Edit{Replaced(Text, tree.Span{From: 0, To: length}, "")}, inside...)
	literal, at := 0, 0 // in runes: where the literal begins, and what is read
	flush := func() {
		if literal < at {
			out = append(out, literalEdit([]rune(text)[literal:at], literal)...)
		}
	}
	for rest := text; rest != ""; {
		insert, inserted := "", false
		switch {
		case strings.HasPrefix(rest, "$${"):
			rest, at = rest[3:], at+3
			continue
		case strings.HasPrefix(rest, "${"):
			insert, inserted = syntax.Insertion(rest[2:])
		}
		if !inserted {
			_, size := utf8.DecodeRuneInString(rest)
			rest, at = rest[size:], at+1
			continue
		}
		flush()
		whole := utf8.RuneCountInString(insert) + 3
		out = append(out, Replaced(Text, tree.Span{From: at, To: at + whole}, ""))
		rest, at = rest[len(insert)+3:], at+whole
		literal = at
	}
	flush()
	return inOrder(out)
}

// literalEdit changes one letter of a literal part, if it has any.
func literalEdit(part []rune, from int) []Edit {
	changed := []rune(otherLetter(string(part)))
	if len(changed) != len(part) {
		return nil
	}
	for i := range part {
		if part[i] != changed[i] {
			return []Edit{Replaced(Text, tree.Span{From: from, To: from + len(part)}, string(changed))}
		}
	}
	return nil
}
