package witness

import (
	"math/rand/v2"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// Matching are texts in which a pattern is found, short ones first; n at most.
// It may know of none for a pattern that asks for much at once.
func Matching(p *tree.Pattern, n int) []string {
	re, err := syntax.Parse(p.String(), syntax.Perl)
	if err != nil {
		return nil
	}
	var out []string
	work := mostSearched
	for variant := range 16 * n {
		w := writer{variant: variant, pattern: p.String()}
		if w.write(re); w.failed || w.out.Len() > mostText {
			continue
		}
		text := w.out.String()
		for _, s := range []string{text, strings.ToLower(text), " " + text + " ", "a" + text + "a", text + "a", "a" + text, "\n" + text + "\n"} {
			if work -= len(s) * p.Size; work < 0 {
				break
			}
			if p.MatchString(s) {
				if !slices.Contains(out, s) {
					out = append(out, s)
				}
				break
			}
		}
		if work < 0 || len(out) >= n || variant > 0 && w.variant > 0 && w.variant == variant { // nothing to choose
			break
		}
	}
	slices.SortStableFunc(out, func(a, b string) int { return len(a) - len(b) })
	return out
}

// mostSearched bounds the searches for a pattern in the texts that are made for
// it: their characters, by the instructions of the pattern.
const mostSearched = 10_000_000

// A writer writes a text for a pattern. The digits of variant, of mixed base,
// say what it does where it may choose; with 0 the first and shortest. With any,
// chance says it, and letters are the characters that it prefers.
type writer struct {
	variant int
	any     *rand.Rand
	letters []rune
	pattern string
	out     strings.Builder
	failed  bool
}

// choose is one of n ways.
func (w *writer) choose(n int) int {
	if n < 2 {
		return 0
	}
	if w.any != nil {
		return w.any.IntN(n)
	}
	digit := w.variant % n
	w.variant /= n
	return digit
}

func (w *writer) write(re *syntax.Regexp) {
	if w.out.Len() > mostText {
		w.failed = true
	}
	if w.failed {
		return
	}
	switch re.Op {
	case syntax.OpNoMatch:
		w.failed = true
	case syntax.OpLiteral:
		w.literal(re)
	case syntax.OpCharClass:
		w.class(re)
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		if len(w.letters) > 0 {
			w.out.WriteRune(w.letters[w.any.IntN(len(w.letters))])
		} else {
			w.out.WriteByte('a')
		}
	case syntax.OpCapture, syntax.OpConcat:
		for _, sub := range re.Sub {
			w.write(sub)
		}
	case syntax.OpAlternate:
		w.write(re.Sub[w.choose(len(re.Sub))])
	case syntax.OpStar:
		w.repeat(re.Sub[0], 0, -1)
	case syntax.OpPlus:
		w.repeat(re.Sub[0], 1, -1)
	case syntax.OpQuest:
		w.repeat(re.Sub[0], 0, 1)
	case syntax.OpRepeat:
		w.repeat(re.Sub[0], re.Min, re.Max)
	}
}

// repeat writes a part so often as it must be, or once or twice more.
func (w *writer) repeat(re *syntax.Regexp, least, most int) {
	more := 3
	if most >= 0 {
		more = min(more, most-least+1)
	}
	for range least + w.choose(more) {
		w.write(re)
	}
}

// literal writes a text; of letters in any case those that the author wrote.
func (w *writer) literal(re *syntax.Regexp) {
	text := string(re.Rune)
	if re.Flags&syntax.FoldCase != 0 {
		text = strings.ToLower(text)
		if w.any != nil {
			text = inAnyCase(w.any, text)
		} else if at := strings.Index(strings.ToLower(w.pattern), text); at >= 0 && len(strings.ToLower(w.pattern)) == len(w.pattern) {
			text = w.pattern[at : at+len(text)]
		}
	}
	w.out.WriteString(text)
}

// class writes one of the characters of a class, an ordinary one if it has any.
func (w *writer) class(re *syntax.Regexp) {
	if w.any != nil && len(re.Rune) > 1 {
		w.out.WriteRune(anyOf(w.any, re.Rune, w.letters))
		return
	}
	const ordinary = "a1A b-_.@,;:/0zZ9"
	for _, r := range ordinary {
		if inClass(re.Rune, r) {
			w.out.WriteRune(r)
			return
		}
	}
	for i := 0; i+1 < len(re.Rune); i += 2 {
		for r := re.Rune[i]; r <= re.Rune[i+1] && r < re.Rune[i]+200; r++ {
			if unicode.IsPrint(r) {
				w.out.WriteRune(r)
				return
			}
		}
	}
	if len(re.Rune) == 0 {
		w.failed = true
		return
	}
	w.out.WriteRune(re.Rune[0])
}

func inClass(ranges []rune, r rune) bool {
	for i := 0; i+1 < len(ranges); i += 2 {
		if ranges[i] <= r && r <= ranges[i+1] {
			return true
		}
	}
	return false
}

// textsOf are texts in which a pattern is found, worked out once for a search.
func (s *search) textsOf(p *tree.Pattern) []string {
	texts, ok := s.texts[p]
	if !ok {
		texts = Matching(p, 5)
		s.texts[p] = texts
	}
	return texts
}

// matchingTexts are texts in which a pattern is found, or is not, for a place that
// holds another one.
func (v *view) matchingTexts(p *tree.Pattern, now string, want bool, all pool) []any {
	var out []any
	keep := func(list ...string) {
		for _, s := range list {
			if len(out) < 16 && v.found(p, s) == want {
				out = append(out, s)
			}
		}
	}
	if !want {
		keep("a", "", "1", "zz", now+"a", "a"+now, strings.ToUpper(now))
		if now != "" {
			keep(now[1:], now[:len(now)-1])
		}
	} else {
		texts := v.of.textsOf(p)
		keep(texts...)
		for _, s := range texts {
			keep(now+s, s+now, now+" "+s)
		}
	}
	for _, x := range all.values[tree.Text] {
		keep(x.(string))
	}
	return out
}
