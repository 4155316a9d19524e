package search

import (
	"regexp/syntax"
	"unicode"
	"unicode/utf8"
)

// The bounds within which a pattern is written out as texts.
const (
	mostTexts = 32
	mostRunes = 512
	mostClass = 16
)

// A letter is a rune of a text; folded, it stands for all its cases.
type letter struct {
	rune
	folded bool
}

// A text is one of the texts that a pattern is made of, with what it says about
// the text's place.
type text struct {
	letters    []letter
	begin, end bool // of what is searched
	// between tells of .* at the front or back: whether something may be there,
	// and whether that may be a line break.
	before, after gap
}

type gap uint8

const (
	nothing  gap = iota
	inLine       // .*
	anything     // (?s).*
)

// alternatives writes a pattern out as texts, if it is nothing but a few of
// them.
func alternatives(re *syntax.Regexp) ([]text, bool) {
	var parts [][]text
	for _, part := range flat(re, nil) {
		texts, ok := written(part)
		if !ok {
			return nil, false
		}
		parts = append(parts, texts)
	}
	return product(parts)
}

// flat takes captures and concatenations apart.
func flat(re *syntax.Regexp, out []*syntax.Regexp) []*syntax.Regexp {
	switch re.Op {
	case syntax.OpCapture:
		return flat(re.Sub[0], out)
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			out = flat(sub, out)
		}
		return out
	}
	return append(out, re)
}

// written writes out what is no concatenation.
func written(re *syntax.Regexp) ([]text, bool) {
	switch re.Op {
	case syntax.OpEmptyMatch:
		return []text{{}}, true
	case syntax.OpLiteral:
		t := text{letters: make([]letter, len(re.Rune))}
		for i, r := range re.Rune {
			t.letters[i] = letter{r, re.Flags&syntax.FoldCase != 0}
		}
		return []text{t}, true
	case syntax.OpBeginText:
		return []text{{begin: true}}, true
	case syntax.OpEndText:
		return []text{{end: true}}, true
	case syntax.OpStar:
		switch re.Sub[0].Op {
		case syntax.OpAnyChar:
			return []text{{before: anything}}, true
		case syntax.OpAnyCharNotNL:
			return []text{{before: inLine}}, true
		}
	case syntax.OpCharClass:
		return class(re.Rune)
	case syntax.OpQuest:
		texts, ok := alternatives(re.Sub[0])
		return append(texts, text{}), ok
	case syntax.OpAlternate:
		var all []text
		for _, sub := range re.Sub {
			texts, ok := alternatives(sub)
			if all = append(all, texts...); !ok || len(all) > mostTexts {
				return nil, false
			}
		}
		return all, true
	}
	return nil, false
}

// class writes out a small class of characters, given as ranges.
func class(ranges []rune) ([]text, bool) {
	var members []rune
	for i := 0; i < len(ranges); i += 2 {
		if ranges[i+1]-ranges[i] > mostClass || len(members) > mostClass {
			return nil, false
		}
		for r := ranges[i]; r <= ranges[i+1]; r++ {
			members = append(members, r)
		}
	}
	has := map[rune]bool{}
	for _, r := range members {
		has[r] = true
	}
	closed := true
	for _, r := range members {
		closed = closed && has[unicode.SimpleFold(r)]
	}
	var out []text
	for _, r := range members {
		if !closed || canonical(r) == r { // one for all its cases
			out = append(out, text{letters: []letter{{r, closed}}})
		}
	}
	return out, len(out) > 0 && len(out) <= mostClass
}

// product joins every text of each part with every one of the next.
func product(parts [][]text) ([]text, bool) {
	out := []text{{}}
	for _, texts := range parts {
		var longer []text
		runes := 0
		for _, a := range out {
			for _, b := range texts {
				joined, ok := join(a, b)
				if runes += len(joined.letters); !ok || runes > mostRunes || len(longer) >= mostTexts {
					return nil, false
				}
				longer = append(longer, joined)
			}
		}
		out = longer
	}
	return out, true
}

// join is b behind a. A pattern of gaps alone has its gap in front.
func join(a, b text) (text, bool) {
	bare := len(a.letters) == 0
	switch {
	case b.begin && (!bare || a.before != nothing || a.end),
		a.end && (len(b.letters) > 0 || b.before != nothing || b.after != nothing || b.begin),
		a.after != nothing && (len(b.letters) > 0 || b.before != nothing),
		b.before != nothing && len(b.letters) > 0 && !bare,
		a.before != nothing && b.before != nothing && bare:
		return text{}, false
	}
	out := text{
		letters: append(append([]letter(nil), a.letters...), b.letters...),
		begin:   a.begin || b.begin, end: a.end || b.end, before: a.before, after: max(a.after, b.after),
	}
	if b.before != nothing {
		if len(b.letters) > 0 || bare {
			out.before = b.before
		} else {
			out.after = b.before
		}
	}
	return out, true
}

// required finds a text that every match of a pattern holds: the longest.
func required(re *syntax.Regexp) []needle {
	var best []needle
	weight := 0
	var run []letter
	take := func() {
		if n, ok := needleOf(text{letters: run}); ok && len(n.text) > weight {
			best, weight = []needle{n}, len(n.text)
		}
		run = nil
	}
	for _, part := range flat(re, nil) {
		switch part.Op {
		case syntax.OpLiteral:
			for _, r := range part.Rune {
				run = append(run, letter{r, part.Flags&syntax.FoldCase != 0})
			}
			continue
		case syntax.OpBeginText, syntax.OpEndText, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpWordBoundary, syntax.OpNoWordBoundary, syntax.OpEmptyMatch:
			continue // nothing lies between the letters around it
		}
		take()
		inner := []needle(nil)
		switch {
		case part.Op == syntax.OpPlus, part.Op == syntax.OpRepeat && part.Min > 0:
			inner = required(part.Sub[0])
		case part.Op == syntax.OpAlternate:
			inner = requiredOfEach(part)
		}
		if least := shortest(inner); least > weight {
			best, weight = inner, least
		}
	}
	take()
	return best
}

// requiredOfEach has a text for each of the alternatives, or none.
func requiredOfEach(re *syntax.Regexp) []needle {
	var all []needle
	for _, sub := range re.Sub {
		texts := required(sub)
		if all = append(all, texts...); len(texts) == 0 || len(all) > mostTexts/4 {
			return nil
		}
	}
	return all
}

func shortest(needles []needle) int {
	least := 0
	for i := range needles {
		if n := len(needles[i].text); i == 0 || n < least {
			least = n
		}
	}
	return least
}

// canonical is the least of the cases of a rune.
func canonical(r rune) rune {
	if r < utf8.RuneSelf && r != 'k' && r != 's' && r != 'K' && r != 'S' {
		if 'a' <= r && r <= 'z' {
			r -= 'a' - 'A'
		}
		return r
	}
	least := r
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		least = min(least, f)
	}
	return least
}
