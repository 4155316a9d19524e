package logic

import "strings"

// A test is something that is true of a text or not.
type test struct {
	key   string
	kind  testKind
	part  string // of all but other
	holds func(string) bool
}

type testKind uint8

const (
	other testKind = iota
	begins
	ends
	contains
)

// texts are the texts that a read may be: some, or all but some, and those of
// them for which the tests have their outcomes.
type texts struct {
	some  bool
	list  []string // that it may be, or may not be
	tests []outcome
}

type outcome struct {
	*test
	want bool
}

// with are those of the texts for which a test has an outcome; none, if it has
// the other one already.
func (t texts) with(o outcome) (texts, bool) {
	for _, known := range t.tests {
		if known.key == o.key {
			return t, known.want == o.want
		}
		if excludes(known, o) || excludes(o, known) {
			return t, false
		}
	}
	t.tests = append(t.tests[:len(t.tests):len(t.tests)], o)
	return t.sifted()
}

// in are those of the texts that are, or are not, in a list.
func (t texts) in(list []string, isIn bool) (texts, bool) {
	held := make(map[string]bool, len(list))
	for _, s := range list {
		held[s] = true
	}
	switch {
	case t.some:
		var kept []string
		for _, s := range t.list {
			if held[s] == isIn {
				kept = append(kept, s)
			}
		}
		t.list = kept
	case isIn:
		for _, s := range t.list {
			delete(held, s)
		}
		var kept []string
		for _, s := range list {
			if held[s] {
				kept = append(kept, s)
			}
		}
		t.some, t.list = true, kept
	default:
		t.list = append(t.list[:len(t.list):len(t.list)], list...)
	}
	return t.sifted()
}

// sifted leaves out the texts for which a test has the other outcome, and tells
// whether there are any left.
func (t texts) sifted() (texts, bool) {
	if !t.some {
		return t, true
	}
	var kept []string
	for _, s := range t.list {
		if t.allows(s) {
			kept = append(kept, s)
		}
	}
	t.list = kept
	return t, len(kept) > 0
}

func (t texts) allows(s string) bool {
	for _, o := range t.tests {
		if o.holds(s) != o.want {
			return false
		}
	}
	return true
}

// excludes tells whether no text has both outcomes.
func excludes(a, b outcome) bool {
	switch {
	case !a.want:
		return false
	case a.kind == begins && b.kind == begins && b.want:
		return !strings.HasPrefix(a.part, b.part) && !strings.HasPrefix(b.part, a.part)
	case a.kind == ends && b.kind == ends && b.want:
		return !strings.HasSuffix(a.part, b.part) && !strings.HasSuffix(b.part, a.part)
	case b.want || a.kind == other:
		return false
	case b.kind == contains:
		return strings.Contains(a.part, b.part)
	case b.kind == begins && a.kind == begins:
		return strings.HasPrefix(a.part, b.part)
	case b.kind == ends && a.kind == ends:
		return strings.HasSuffix(a.part, b.part)
	}
	return false
}
