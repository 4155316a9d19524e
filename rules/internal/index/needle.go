package index

import (
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"
)

// The bounds within which a pattern is written out as texts.
const (
	mostTexts = 64
	mostClass = 64 // runes of a class
)

// needles are texts, folded, of which every text that matches the pattern holds
// one. If whole, the text is one of them.
func needles(pattern string) (texts []string, whole, ok bool) {
	if bare := strings.TrimPrefix(pattern, "(?i)"); bare != "" && strings.IndexFunc(bare, special) < 0 {
		return []string{string(fold(nil, bare))}, false, true
	}
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil, false, false
	}
	found := patternTexts(re)
	if n := len(re.Sub); re.Op == syntax.OpConcat && found.known && re.Sub[0].Op == syntax.OpBeginText && re.Sub[n-1].Op == syntax.OpEndText {
		return found.texts, true, true
	}
	texts = found.best()
	return texts, false, len(texts) > 0
}

// special tells of a rune that may not stand for itself in a pattern.
func special(r rune) bool {
	return r >= utf8.RuneSelf || strings.ContainsRune(`\.+*?()|[]{}^$`, r) || r < ' '
}

// written is what is known of the texts that a pattern matches: all of them, or
// at least texts of which each holds one. What has a width of nothing, such as
// \b, matches nothing but the empty text.
type written struct {
	known bool
	texts []string // all of them, if known
	parts []string
}

// best are texts of which every match holds one, or none.
func (w written) best() []string {
	if w.known {
		return better(w.parts, w.texts)
	}
	return w.parts
}

// better are those of two lists of texts that are rarer.
func better(a, b []string) []string {
	if shortest(b) > shortest(a) || shortest(b) == shortest(a) && len(b) < len(a) {
		return b
	}
	return a
}

func shortest(texts []string) int {
	if len(texts) == 0 {
		return 0
	}
	return len(slices.MinFunc(texts, func(a, b string) int { return len(a) - len(b) }))
}

func patternTexts(re *syntax.Regexp) written {
	switch re.Op {
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText,
		syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return written{known: true, texts: []string{""}}
	case syntax.OpLiteral:
		return literal(re.Rune)
	case syntax.OpCharClass:
		return class(re.Rune)
	case syntax.OpCapture:
		return patternTexts(re.Sub[0])
	case syntax.OpQuest:
		inner := patternTexts(re.Sub[0])
		return written{known: inner.known, texts: append(slices.Clip(inner.texts), "")}.within()
	case syntax.OpPlus:
		return written{parts: patternTexts(re.Sub[0]).best()}
	case syntax.OpRepeat:
		if re.Min > 0 {
			return written{parts: patternTexts(re.Sub[0]).best()}
		}
	case syntax.OpConcat:
		return concatenation(re.Sub)
	case syntax.OpAlternate:
		return alternatives(re.Sub)
	}
	return written{}
}

// within forgets what are too many texts.
func (w written) within() written {
	if len(w.texts) > mostTexts {
		return written{}
	}
	return w
}

func literal(runes []rune) written {
	if slices.Contains(runes, utf8.RuneError) {
		return written{} // matches bytes that are no UTF-8
	}
	return written{known: true, texts: []string{string(fold(nil, string(runes)))}}
}

// class writes out a class of characters, given as ranges.
func class(ranges []rune) written {
	var out []string
	runes := 0
	for i := 0; i+1 < len(ranges); i += 2 {
		if runes += int(ranges[i+1]-ranges[i]) + 1; runes > mostClass {
			return written{}
		}
		for r := ranges[i]; r <= ranges[i+1]; r++ {
			if r == utf8.RuneError {
				return written{}
			}
			if text := string(foldRune(r)); !slices.Contains(out, text) {
				out = append(out, text)
			}
		}
	}
	return written{known: len(out) > 0, texts: out}
}

// concatenation joins what is known of one part after the other; where a part
// is not known, it begins again.
func concatenation(subs []*syntax.Regexp) written {
	run := []string{""}
	var parts []string
	whole := true
	for _, sub := range subs {
		next := patternTexts(sub)
		parts = better(parts, next.parts)
		if next.known && len(run)*len(next.texts) <= mostTexts {
			run = product(run, next.texts)
			continue
		}
		parts, whole = better(parts, run), false
		run = []string{""}
		if next.known {
			run = next.texts
		}
	}
	return written{known: whole, texts: run, parts: better(parts, run)}
}

func product(a, b []string) []string {
	if len(b) == 1 && b[0] == "" {
		return a
	}
	out := make([]string, 0, len(a)*len(b))
	for _, x := range a {
		for _, y := range b {
			out = append(out, x+y)
		}
	}
	return out
}

func alternatives(subs []*syntax.Regexp) written {
	out := written{known: true}
	every := true
	for _, sub := range subs {
		next := patternTexts(sub)
		out.known = out.known && next.known
		out.texts = append(slices.Clip(out.texts), next.texts...)
		best := next.best()
		every = every && len(best) > 0 && shortest(best) > 0
		out.parts = append(slices.Clip(out.parts), best...)
	}
	if !every || len(out.parts) > mostTexts {
		out.parts = nil
	}
	if len(out.texts) > mostTexts {
		out.known = false
	}
	return out
}
