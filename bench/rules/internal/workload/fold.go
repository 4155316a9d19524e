package workload

import (
	"regexp"
	"unicode/utf8"
)

// ContainsFold tells whether text holds a literal whatever the case of their
// letters, as (?i)literal does. The literal is in lower case and in ASCII.
//
// It is the search that one writes by hand when patterns are too slow. Texts
// beyond ASCII go to the pattern, since letters from elsewhere may fold into
// ASCII: the Kelvin sign is a k.
func ContainsFold(text, lower string, pattern *regexp.Regexp) bool {
	for i := 0; i+len(lower) <= len(text); i++ {
		j := 0
		for j < len(lower) && foldByte(text[i+j]) == lower[j] {
			j++
		}
		if j == len(lower) {
			return true
		}
		if text[i+j] >= utf8.RuneSelf {
			return pattern.MatchString(text)
		}
	}
	return false
}

func foldByte(b byte) byte {
	if b-'A' < 26 {
		b += 'a' - 'A'
	}
	return b
}
