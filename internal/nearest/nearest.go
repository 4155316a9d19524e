// Package nearest finds the name a person probably meant when they wrote
// another one, for "did you mean" in error messages.
package nearest

import (
	"iter"
	"strings"
	"unicode/utf8"
)

// longest bounds the names looked at, in runes: the work for a pair of names
// is the product of their lengths, and nobody mistypes a longer one.
const longest = 100

// To returns the one of the names among that is nearest to name, and whether
// there is one near enough to be suggested: the same but for the case of its
// letters, or no more than a third of the letters of name away (at least one,
// at most three), where changing, adding or dropping a letter and swapping two
// neighbours count one each. Of names equally near, the first wins. A name is
// never suggested for itself.
//
// For a slice, pass slices.Values(names).
func To(name string, among iter.Seq[string]) (string, bool) {
	count := utf8.RuneCountInString(name)
	if count == 0 || count > longest {
		return "", false
	}
	folded := []rune(strings.ToLower(name))
	best, distance := "", min(max(count/3, 1), 3)+1
	for other := range among {
		if other == "" || other == name {
			continue
		}
		if strings.EqualFold(other, name) {
			return other, true
		}
		if d := between(folded, other, distance); d < distance && d < utf8.RuneCountInString(other) {
			best, distance = other, d
		}
	}
	return best, best != ""
}

// between is the number of edits from a to the lower case of b, or limit when
// it is not below that.
func between(a []rune, b string, limit int) int {
	if gap := utf8.RuneCountInString(b) - len(a); gap >= limit || -gap >= limit {
		return limit
	}
	other := []rune(strings.ToLower(b))
	// Three rows of the usual table: before[j], last[j] and row[j] are the
	// edits from the first i-2, i-1 and i runes of a to the first j of other.
	before, last, row := make([]int, len(other)+1), make([]int, len(other)+1), make([]int, len(other)+1)
	for j := range last {
		last[j] = j
	}
	for i, r := range a {
		row[0] = i + 1
		for j, s := range other {
			change := last[j]
			if r != s {
				change++
			}
			row[j+1] = min(change, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && r == other[j-1] && a[i-1] == s {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return min(last[len(other)], limit)
}
