package rules

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// A Draft is the tests that rules lack, as far as they could be found.
type Draft struct {
	Tests []DraftedTest // in the order of the rules
	// Left is what the tests still do not reach with these.
	Left []Left
}

// A DraftedTest is a test of what a rule does that no test has shown before. It
// expects what follows from the rules as they are: a person has to say whether
// that is what should follow.
type DraftedTest struct {
	Rule RuleInfo // that it was drafted for
	Name string
	Gaps []Gap // of the rule, which it closes
	// Text is the test as it stands in a file, below the key tests: YAML, with
	// two spaces in front of each line and a line break behind the last. A
	// comment above it asks to look at it.
	Text string
}

// A Left is a gap for which no test was drafted.
type Left struct {
	Rule RuleInfo
	Gap  Gap
	// Impossible says that there surely is no input for it. Otherwise, none was
	// found: a function that a condition calls may stand in the way.
	Impossible bool
	// Why is "the search was cut short" where it was. Otherwise it is empty.
	Why string
}

// draftComment stands above each test that is drafted.
const draftComment = "drafted from the rules as they are: check that this is what you want"

// Draft drafts the tests that are missing: with them, the tests reach all that
// Coverage finds they do not, but for what is left. No two of them have the same
// input, and each has been read as a file would be and run. The context ends the
// search; what was drafted until then is returned. It is bounded for each rule
// and for the set as well, in what it looks at and not in time.
func (s *Set[In, Then]) Draft(ctx context.Context, tester Tester[In, Then]) Draft {
	return s.draft(ctx, tester, draftSteps)
}

// draft is Draft with a bound of its own.
func (s *Set[In, Then]) draft(ctx context.Context, tester Tester[In, Then], steps int) Draft {
	d := drafter[In, Then]{set: s, ctx: ctx, steps: steps, tester: tester, names: map[string]bool{}, inputs: map[string]int{}}
	for _, test := range s.tests {
		d.names[test.Name] = true
	}
	tests := tester.chosen(s.tests)
	d.seen, d.own = make([]sighting[In], len(tests)), len(tests)
	inParallel(len(tests), func(i int) { d.seen[i] = s.sight(ctx, tests[i], tester) })
	for i, test := range tests {
		d.inputs[string(test.input)] = i
	}
	for i := range s.rules {
		if c := s.coverer(i); c != nil {
			d.rule(i, c)
		}
	}
	for _, o := range d.open {
		d.leave(o)
	}
	return d.out
}

// A drafter drafts tests for one rule after the other.
type drafter[In, Then any] struct {
	set    *Set[In, Then]
	ctx    context.Context
	tester Tester[In, Then]
	names  map[string]bool // of tests
	inputs map[string]int  // of tests, as JSON: which of those seen has it
	seen   []sighting[In]  // of tests and drafts
	own    int             // so many of them are of the set's own tests, in front
	open   []open
	steps  int // left
	out    Draft
}

// An open rule has gaps for which no test was drafted.
type open struct {
	rule       int
	asks       *coverer
	impossible map[aim]bool
	cut        map[aim]bool // its search was
}

// An aim is a part of a condition and a truth value that it is to have.
type aim struct {
	part  *coverPart
	truth Truth
}

// A want is an aim that tests may miss.
type want struct {
	aim
	whole bool  // the part is the whole condition
	held  []aim // what the parts beside it are if it alone is to decide
}

// rule drafts the tests that a rule lacks. Its parts come before what the whole
// is: a part that decides brings that with it.
func (d *drafter[In, Then]) rule(i int, c *coverer) {
	d.look(i, c)
	root := &c.root
	impossible, cut := map[aim]bool{}, map[aim]bool{}
	later := max(d.steps-draftRuleSteps, 0) // is for other rules
	d.steps -= later
	defer func() { d.steps += later }()
	for _, w := range wants(root) {
		if !w.part.can[w.truth] || w.part.had[w.truth] || d.ctx.Err() != nil {
			continue
		}
		none, short := d.close(i, c, w)
		impossible[w.aim] = impossible[w.aim] || none
		cut[w.aim] = cut[w.aim] || short
	}
	if len(d.gaps(i, c)) > 0 {
		d.open = append(d.open, open{i, c, impossible, cut})
	}
}

// mostOthers bounds the drafts for other rules that a rule is asked about before
// its own are made: every rule and every draft together would be too many.
const mostOthers = 200

// look asks a rule about the set's own tests, and the latest drafts.
func (d *drafter[In, Then]) look(i int, c *coverer) {
	latest := max(d.own, len(d.seen)-mostOthers)
	d.set.look(d.ctx, c, i, d.seen[:d.own], &RuleCoverage{})
	d.set.look(d.ctx, c, i, d.seen[latest:], &RuleCoverage{})
}

// leave lists the gaps of a rule that no test of another rule has closed.
func (d *drafter[In, Then]) leave(o open) {
	if slices.ContainsFunc(d.gaps(o.rule, o.asks), func(g missed) bool { return !o.impossible[g.aim] }) {
		d.set.look(d.ctx, o.asks, o.rule, d.seen[d.own:], &RuleCoverage{})
	}
	for _, g := range d.gaps(o.rule, o.asks) {
		left := Left{Rule: d.set.rules[o.rule].info(), Gap: g.gap, Impossible: o.impossible[g.aim]}
		if !left.Impossible && o.cut[g.aim] {
			left.Why = cutShort
		}
		d.out.Left = append(d.out.Left, left)
	}
}

// wants lists all that tests may lack of a condition.
func wants(root *coverPart) []want {
	out := []want{{aim: aim{root, True}, whole: true}}
	out = append(out, wantsBelow(root, nil)...)
	return append(out, want{aim: aim{root, False}, whole: true}, want{aim: aim{root, Unknown}, whole: true})
}

func wantsBelow(p *coverPart, around []aim) []want {
	var out []want
	for i, part := range p.parts {
		all := slices.Clone(around)
		if is, ok := p.neutral(); ok {
			for j, beside := range p.parts {
				if j != i {
					all = append(all, aim{beside, is})
				}
			}
		}
		for _, truth := range []Truth{False, Unknown, True} {
			out = append(out, want{aim: aim{part, truth}, held: all})
		}
		out = append(out, wantsBelow(part, all)...)
	}
	return out
}

// close drafts a test in which a part has a truth value. None says that there
// surely is no input for it, and cut that the search was cut short.
func (d *drafter[In, Then]) close(i int, c *coverer, w want) (none, cut bool) {
	before := d.gaps(i, c)
	tries := []want{w, {aim: w.aim, whole: w.whole}}
	if len(w.held) == 0 {
		tries = tries[:1]
	}
	for _, try := range tries {
		found := d.find(i, try)
		none, cut = found.none, cut || found.cut
		if found.found == nil {
			continue
		}
		if text, name, ok := d.write(i, c, w, found.found); ok {
			after := d.gaps(i, c)
			d.out.Tests = append(d.out.Tests, DraftedTest{Rule: d.set.rules[i].info(), Name: name, Gaps: reached(before, after), Text: text})
			return false, false
		}
		if w.part.had[w.truth] { // by a test with the same input
			return false, false
		}
	}
	return none, cut
}

// write writes and runs a test, and takes it if it gives the part its value. If
// there is one with the same input, the rule is asked about that.
func (d *drafter[In, Then]) write(i int, c *coverer, w want, payload []byte) (text, name string, ok bool) {
	draft, err := d.set.whatFollows(d.ctx, d.tester, payload, i)
	if err != nil {
		return "", "", false
	}
	if !w.whole || w.truth != True || d.set.rules[i].Mode != Enforce {
		draft.outcomes = nil
	}
	draft.comments = []string{draftComment}
	draft.name = d.name(i, w, draft)
	text, test, err := d.set.verified(d.ctx, d.tester, draft)
	if err != nil {
		return "", "", false
	}
	if at, known := d.inputs[string(test.input)]; known {
		d.set.look(d.ctx, c, i, d.seen[at:at+1], &RuleCoverage{})
		return "", "", false
	}
	seen := []sighting[In]{d.set.sight(d.ctx, test, d.tester)}
	forget := c.root.remember()
	d.set.look(d.ctx, c, i, seen, &RuleCoverage{})
	if !w.part.had[w.truth] {
		forget()
		return "", "", false
	}
	d.inputs[string(test.input)], d.names[draft.name] = len(d.seen), true
	d.seen = append(d.seen, seen...)
	return text, draft.name, true
}

// name says what a test shows of a rule.
func (d *drafter[In, Then]) name(i int, w want, draft testDraft) string {
	rule := d.set.rules[i].Name
	when := ""
	if !w.whole {
		when = " when " + quoted(inOneLine(w.part.text()))
		if w.truth != True {
			when += " is " + w.truth.String()
		}
	}
	short, long := "", ""
	switch {
	case slices.Contains(draft.fired, rule):
		long = "fires" + when
	case len(draft.skipped) > 0:
		long = "skipped" + when
		if absent := draft.skipped[0].absent; len(absent) > 0 && len(absent) <= 2 {
			short = "skipped without " + strings.Join(absent, " and ")
		}
	case draft.err != "":
		long = "an error" + when
	case when == "":
		long = "does not fire"
	default:
		long = "not" + when
	}
	for _, name := range []string{short, long} {
		if name != "" && !d.names[rule+": "+name] {
			return rule + ": " + name
		}
	}
	for n := 2; ; n++ {
		if name := fmt.Sprintf("%s: %s (%d)", rule, long, n); !d.names[name] {
			return name
		}
	}
}

// A missed aim is a gap.
type missed struct {
	aim
	gap Gap
}

// gaps are the gaps of a rule, in the order of the text.
func (d *drafter[In, Then]) gaps(i int, c *coverer) []missed {
	of := RuleCoverage{RuleInfo: d.set.rules[i].info()}
	var out []missed
	c.root.eachGap(true, func(p *coverPart, truth Truth, whole bool) {
		out = append(out, missed{aim{p, truth}, p.gap(truth, &of, whole)})
	})
	return out
}

// reached are the gaps that are not there any more.
func reached(before, after []missed) []Gap {
	var out []Gap
	for _, g := range before {
		if !slices.ContainsFunc(after, func(a missed) bool { return a.aim == g.aim }) {
			out = append(out, g.gap)
		}
	}
	return out
}
