package witness

import (
	"math/rand/v2"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// The bounds of a variety of texts.
const (
	mostVaried   = 160 // texts
	mostPatterns = 4
	mostOfOne    = 40 // texts of a pattern
	mostWorkedIn = 8  // constants
)

// variety are texts made of the patterns and of the texts that the conditions
// name, worked out once for a search: many different ones that each pattern is
// found in, those just before and behind a text in order, and texts in other
// letters.
func (s *search) variety() []string {
	if s.varied != nil {
		return s.varied
	}
	var constants []string
	for _, x := range s.pool.values[tree.Text] {
		if text, _ := x.(string); len(text) < 100 {
			constants = append(constants, text)
		}
	}
	named := constants[:min(len(constants), mostWorkedIn)]
	out := []string{}
	add := func(list ...string) {
		for _, text := range list {
			if len(out) < mostVaried && !slices.Contains(out, text) {
				out = append(out, text)
			}
		}
	}
	for i, p := range s.patterns() {
		if i == mostPatterns {
			break
		}
		texts := s.variedOf(p, strings.Join(named, ""))
		for _, c := range named {
			for _, text := range texts[:min(len(texts), 3)] {
				for _, other := range workedIn(text, c) {
					if s.finds(p, other) {
						add(other)
					}
				}
			}
		}
		add(texts...)
	}
	for _, c := range named {
		add(neighbours(c)...)
		add(cases(c)...)
	}
	for _, c := range named {
		for _, other := range named {
			add(c+other, c+" "+other)
		}
	}
	s.varied = out
	return out
}

// patterns are those of the conditions.
func (s *search) patterns() []*tree.Pattern {
	var out []*tree.Pattern
	for _, g := range s.Goals {
		g.Node.Walk(func(n *tree.Node) bool {
			if n.Op == tree.Matches && !slices.Contains(out, n.Pattern) {
				out = append(out, n.Pattern)
			}
			return len(out) < mostPatterns
		})
	}
	return out
}

// finds tells whether a pattern is found in a text, while there are steps.
func (s *search) finds(p *tree.Pattern, text string) bool {
	s.steps -= 1 + len(text)*p.Size/textSteps
	return !s.ended() && p.MatchString(text)
}

// variedOf are different texts that a pattern is found in, with letters that the
// conditions name where it allows them.
func (s *search) variedOf(p *tree.Pattern, letters string) []string {
	re, err := syntax.Parse(p.String(), syntax.Perl)
	if err != nil {
		return nil
	}
	var out []string
	for range 3 * mostOfOne {
		w := writer{pattern: p.String(), any: s.random, letters: []rune(letters)}
		if w.write(re); w.failed || w.out.Len() > 1000 {
			continue
		}
		text := w.out.String()
		if len(out) == mostOfOne || s.ended() {
			break
		}
		if !slices.Contains(out, text) && s.finds(p, text) {
			out = append(out, text)
		}
	}
	return out
}

// workedIn are texts with another one written over a part of them.
func workedIn(text, other string) []string {
	if other == "" || len(other) > len(text) {
		return []string{text + other, other + text}
	}
	var out []string
	for at := 0; at+len(other) <= len(text) && at < 12; at++ {
		if s := text[:at] + other + text[at+len(other):]; utf8.ValidString(s) {
			out = append(out, s)
		}
	}
	return out
}

// neighbours are texts near to one in order.
func neighbours(text string) []string {
	out := []string{text + "A", text + "0", text + " "}
	runes := []rune(text)
	if len(runes) == 0 {
		return out
	}
	front, last := string(runes[:len(runes)-1]), runes[len(runes)-1]
	for _, r := range []rune{last - 1, last + 1} {
		if unicode.IsPrint(r) {
			out = append(out, front+string(r), front+string(r)+"z")
		}
	}
	if first := runes[0] + 1; unicode.IsPrint(first) {
		out = append(out, string(first))
	}
	return append(out, before(text))
}

// cases are a text with other letters small or capital.
func cases(text string) []string {
	runes := []rune(text)
	if len(runes) == 0 || len(runes) > 100 {
		return nil
	}
	small, capital := strings.ToLower(text), strings.ToUpper(text)
	if small == capital {
		return nil
	}
	alternating := func(n int) string {
		out := []rune(small)
		for i := range out {
			if i%2 == n {
				out[i] = unicode.ToUpper(out[i])
			}
		}
		return string(out)
	}
	first := []rune(small)
	first[0] = unicode.ToUpper(first[0])
	last := []rune(small)
	last[len(last)-1] = unicode.ToUpper(last[len(last)-1])
	return []string{small, capital, string(first), alternating(0), alternating(1), string(last)}
}

// anyOf is a character of a class: one that is asked for, an ordinary one, or
// any, which is one that can be read if it has such.
func anyOf(random *rand.Rand, ranges, letters []rune) rune {
	const ordinary = "abcxyzABCXYZ0123456789 -_."
	for _, from := range [][]rune{letters, []rune(ordinary)} {
		if len(from) == 0 || random.IntN(3) == 0 {
			continue
		}
		for range 12 {
			if r := from[random.IntN(len(from))]; inClass(ranges, r) {
				return r
			}
		}
	}
	var out rune
	for range 12 {
		at := 2 * random.IntN(len(ranges)/2)
		from, to := ranges[at], ranges[at+1]
		if out = from + rune(random.IntN(int(min(to-from, 100))+1)); unicode.IsPrint(out) {
			break
		}
	}
	return out
}

// inAnyCase is a text as it is, in capital letters, or with some of both.
func inAnyCase(random *rand.Rand, text string) string {
	all := append(cases(text), text)
	return all[random.IntN(len(all))]
}
