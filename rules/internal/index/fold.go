package index

import (
	"unicode"
	"unicode/utf8"
)

// fold appends the text with every letter as one of its cases, and every byte
// that is not UTF-8 as U+FFFD. Texts that strings.EqualFold, lower, upper or
// (?i) take for the same are the same then, and so are a few others.
func fold(out []byte, text string) []byte {
	from := len(out)
	out = append(out, text...)
	for i := range len(text) {
		b := text[i]
		if b >= utf8.RuneSelf {
			return foldOn(out[:from+i], text[i:])
		}
		out[from+i] = foldASCII(b)
	}
	return out
}

// foldOn is fold for a text that is not all of ASCII.
func foldOn(out []byte, text string) []byte {
	for i := 0; i < len(text); {
		if b := text[i]; b < utf8.RuneSelf {
			out = append(out, foldASCII(b))
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		out = utf8.AppendRune(out, foldRune(r))
		i += size
	}
	return out
}

func foldASCII(b byte) byte {
	if b-'A' < 26 {
		b += 'a' - 'A'
	}
	return b
}

// foldRune is the least of the cases of a rune, but a small letter for those of
// ASCII. The two that lower and upper bring to i, and folding does not, are i.
func foldRune(r rune) rune {
	if r == 'İ' || r == 'ı' {
		return 'i'
	}
	folded := r
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		folded = min(folded, f)
	}
	if folded < utf8.RuneSelf {
		return rune(foldASCII(byte(folded)))
	}
	return folded
}
