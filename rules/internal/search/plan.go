package search

import (
	"regexp"
	"regexp/syntax"
	"strings"
)

// A Plan is how a pattern is matched. It may be used by any number of
// goroutines at once.
type Plan struct {
	only    *needle // the one needle that decides
	folded  bool    // in any case, within ASCII
	needles []needle
	// pattern decides where the needles do not: a text that holds none of them
	// does not match.
	pattern *regexp.Regexp
}

// New plans how to match a pattern, which is given compiled and as it was
// parsed, before it was simplified.
func New(pattern *regexp.Regexp, parsed *syntax.Regexp) *Plan {
	p := &Plan{}
	texts, ok := alternatives(parsed)
	if ok {
		p.needles, ok = needlesOf(texts)
	}
	if !ok {
		p.pattern = pattern
		p.needles = required(parsed)
	}
	if ok && len(p.needles) == 1 {
		p.only = &p.needles[0]
		p.folded = p.only.folded && p.only.ascii && !p.only.line
	}
	return p
}

// Match tells whether the pattern matches the text.
func (p *Plan) Match(text string) bool {
	switch {
	case p.folded:
		return p.only.inASCII(text)
	case p.only != nil:
		return p.only.in(text)
	}
	return p.any(text)
}

// Letters are the bits of eight bytes that mark letters in what Short returns.
const Letters = 0x8080808080808080

// Short is the text of a plan that is one text of 8 to 16 bytes within ASCII, in
// any case: its first and its last eight bytes, with its letters in lower case
// and marked. A text of that size matches if its own are the same once its bytes
// where letters are marked are made lower. Size is 0 for other plans.
func (p *Plan) Short() (size int, head, tail uint64) {
	if !p.folded || len(p.only.text) < 8 || len(p.only.text) > 16 {
		return 0, 0, 0
	}
	n := p.only
	return len(n.text), n.head.bytes | n.head.lower<<2, n.tail.bytes | n.tail.lower<<2
}

func (p *Plan) any(text string) bool {
	found := len(p.needles) == 0
	for i := range p.needles {
		if p.needles[i].in(text) {
			found = true
			break
		}
	}
	return found && (p.pattern == nil || p.pattern.MatchString(text))
}

// String says how the pattern is matched.
func (p *Plan) String() string {
	if p.pattern != nil && len(p.needles) == 0 {
		return "regular expression"
	}
	var ways []string
	for i := range p.needles {
		way := p.needles[i].String()
		if !strings.Contains(strings.Join(ways, "|"), way) {
			ways = append(ways, way)
		}
	}
	out := strings.Join(ways, " or ")
	if p.pattern != nil {
		return "regular expression behind " + out
	}
	return out
}
