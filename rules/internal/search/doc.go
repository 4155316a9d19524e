// Package search finds out what a pattern really asks for, and answers that
// without a machine for regular expressions where it can.
//
// Most patterns in rules are texts to be found somewhere, at the beginning, at
// the end or as the whole, often in any case of their letters: (?i)care. Some
// are a few such texts: ^(sales|support)$. For those a Plan compares letters. Of
// any other pattern it looks for a text that every match holds, and runs the
// regular expression only on what holds it.
//
// The answer is always the one of the regular expression, the folding of
// letters beyond ASCII and texts that are not valid UTF-8 included.
package search
