package conversations

import (
	"strings"
	"unicode"
)

// fold makes texts the same that differ in the case of letters alone. Broken
// bytes become U+FFFD.
func fold(text string) string { return strings.Map(foldRune, text) }

// foldRune gives the least of the runes that are the same but for case.
func foldRune(r rune) rune {
	if r <= unicode.MaxASCII { // the least is the capital letter
		if 'a' <= r && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	}
	least := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		least = min(least, next)
	}
	return least
}

// isWordRune tells whether a rune is part of a word: letters, digits, the
// marks on them, and the underscore. Case makes no difference to it.
func isWordRune(r rune) bool {
	if r <= unicode.MaxASCII {
		return 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '_'
	}
	return unicode.In(r, unicode.L, unicode.M, unicode.N)
}
