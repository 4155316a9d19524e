package rules

import (
	"encoding/json"
	"reflect"
	"slices"

	"github.com/afterword-go/afterword/rules/internal/eval"
	"github.com/afterword-go/afterword/rules/internal/kleene"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// A trial is an input that the mutants of a rule are tried with, before one is
// looked for that suits one of them alone.
type trial[In any] struct {
	payload json.RawMessage
	in      *In
	fires   bool // the rule as it is
	failed  bool
	base    *decided // the rule as it is, once it is asked for
}

// Trials are those of one rule. They begin with an input for which it fires.
// What differs in one place from one of them is another one if the parts of the
// conditions come to something new with it: that tells most changes of how the
// parts are joined. A change inside a part is tried with what differs in one
// place from those trials in which the part decides.
type trials[In, Then any] struct {
	*lab[In, Then]
	rule  *compiled[In, Then]
	input *tree.Type
	vary  *variety
	list  []*trial[In]
	parts []*trialPart[In, Then]
	texts trialPart[In, Then] // stands for the outcome
	seen  map[string]bool     // payloads
	known map[string]bool     // what the parts came to
	frame eval.Frame
	steps *int // that are left
}

// A trialPart is a part of a condition that is made of no others.
type trialPart[In, Then any] struct {
	condition int
	span      tree.Span
	holds     eval.Bool
	turned    *compiled[In, Then] // the rule with the part turned around
	list      []*trial[In]        // those that it decides, and what is next to them
	looked    int                 // at so many trials
	used      int                 // so many of them it decides
}

// The bounds of trials, and what they cost in steps of a search.
const (
	mostSown       = 700 // that one input leads to
	mostNear       = 150 // that are next to one trial
	mostDeciding   = 3   // trials of one part
	mostTrialParts = 64
	trialSteps     = 16 // to read an input and decide the rule
	drawnTrials    = 3  // that tell a mutant apart, and are made tests of
)

func newTrials[In, Then any](l *lab[In, Then], number int, steps *int) *trials[In, Then] {
	t := &trials[In, Then]{
		lab: l, rule: &l.set.rules[number], input: tree.TypeOf(reflect.TypeFor[In]()), vary: newVariety(),
		seen: map[string]bool{}, known: map[string]bool{}, steps: steps,
	}
	for at, n := range l.nodes(number) {
		t.addParts(at, n, func(n *tree.Node) *tree.Node { return n })
	}
	for _, template := range t.rule.texts() {
		for _, part := range template.parts {
			if part.text != "" && !part.fixed {
				_, n, _ := readInsert(part.text, part.env) // it has loaded before
				t.vary.add(n)
			}
		}
	}
	return t
}

// addParts takes in the parts of a condition. Whole makes the condition of what
// stands in the place of n.
func (t *trials[In, Then]) addParts(at int, n *tree.Node, whole func(*tree.Node) *tree.Node) {
	if n.Op == tree.And || n.Op == tree.Or || n.Op == tree.Not {
		for i := range n.Kids {
			t.addParts(at, n.Kids[i], func(kid *tree.Node) *tree.Node {
				copied := *n
				copied.Kids = slices.Clone(n.Kids)
				copied.Kids[i] = kid
				return whole(&copied)
			})
		}
		return
	}
	t.vary.add(n)
	if len(t.parts) == mostTrialParts {
		return
	}
	holds, err := kleene.True(n)
	turned, wrong := kleene.True(whole(&tree.Node{Op: tree.Not, Type: tree.Of(tree.Bool), Kids: []*tree.Node{n}, Span: n.Span}))
	if err != nil || wrong != nil {
		return
	}
	rule := t.rule.apart()
	rule.conditions = slices.Clone(rule.conditions)
	rule.conditions[at].holds = eval.Compile(turned)
	t.parts = append(t.parts, &trialPart[In, Then]{condition: at, span: n.Span, holds: eval.Compile(holds), turned: &rule})
}

// sow makes trials of an input. Those for which the rule fires lead on first.
func (t *trials[In, Then]) sow(payload json.RawMessage) {
	left := mostSown
	var fire, others []json.RawMessage
	more := func(payload json.RawMessage) bool {
		if t.seen[string(payload)] {
			return true
		}
		left--
		if one := t.add(payload); one != nil && one.fires {
			fire = append(fire, payload)
		} else if one != nil {
			others = append(others, payload)
		}
		return left > 0 && !t.ended()
	}
	for again := more(payload); again; {
		switch {
		case len(fire) > 0:
			payload, fire = fire[0], fire[1:]
		case len(others) > 0:
			payload, others = others[0], others[1:]
		default:
			return
		}
		again = t.vary.around(payload, "", t.input, more)
	}
}

func (t *trials[In, Then]) ended() bool { return *t.steps <= 0 || t.ctx.Err() != nil }

// add adds a trial if the parts come to something new with it; nil: they do not.
func (t *trials[In, Then]) add(payload json.RawMessage) *trial[In] {
	t.seen[string(payload)] = true
	one := t.read(payload)
	if one == nil {
		return nil
	}
	t.frame.Reset(t.ctx, one.in)
	defer t.frame.Clear()
	came := make([]byte, len(t.parts), len(t.parts)+1)
	for i, part := range t.parts {
		t.frame.Allow(1)
		holds, failure := part.holds.Continue(&t.frame)
		came[i] = truthOf(holds, failure != nil)
	}
	came = append(came, truthOf(one.fires, one.failed))
	if t.known[string(came)] {
		return nil
	}
	t.known[string(came)] = true
	t.list = append(t.list, one)
	return one
}

func truthOf(holds, failed bool) byte {
	switch {
	case failed:
		return 'f'
	case holds:
		return '1'
	}
	return '0'
}

// part is the part that a change lies in; nil if there is none.
func (t *trials[In, Then]) part(c *change[In, Then]) *trialPart[In, Then] {
	if !c.when {
		return &t.texts
	}
	for _, p := range t.parts {
		if p.condition == c.condition && p.span.From <= c.span.From && c.span.To <= p.span.To {
			return p
		}
	}
	return nil
}

// grow makes trials for a part that are next to those that it decides.
func (t *trials[In, Then]) grow(p *trialPart[In, Then]) {
	for ; p.looked < len(t.list) && p.used < mostDeciding && !t.ended(); p.looked++ {
		one := t.list[p.looked]
		if p.turned == nil { // the outcome
			if !one.fires {
				continue
			}
		} else {
			*t.steps--
			if fires, failed := t.holds(p.turned, one.in); failed || one.failed || fires == one.fires {
				continue
			}
		}
		p.used++
		left := mostNear
		t.vary.around(one.payload, "", t.input, func(payload json.RawMessage) bool {
			if read := t.read(payload); read != nil {
				p.list = append(p.list, read)
			}
			left--
			return left > 0 && !t.ended()
		})
	}
}

// read is nil for a payload that cannot be read.
func (t *trials[In, Then]) read(payload json.RawMessage) *trial[In] {
	*t.steps -= trialSteps
	in, err := t.tester.decode(payload)
	if err != nil || in == nil {
		return nil
	}
	out := &trial[In]{payload: payload, in: in}
	out.fires, out.failed = t.holds(t.rule, in)
	return out
}

// holds decides the conditions of a rule.
func (t *trials[In, Then]) holds(rule *compiled[In, Then], in *In) (fires, failed bool) {
	t.frame.Reset(t.ctx, in)
	defer t.frame.Clear()
	fires, err := rule.holds(t.ctx, &t.frame, in)
	return fires, err != nil
}

// differs tells whether something else becomes of the rule with a change.
func (t *trials[In, Then]) differs(c *change[In, Then], one *trial[In]) bool {
	*t.steps--
	switch {
	case c.when:
		fires, failed := t.holds(c.rule, one.in)
		return fires != one.fires || failed != one.failed
	case !one.fires:
		return false
	case c.rule.Mode != t.rule.Mode:
		return true
	}
	*t.steps -= trialSteps
	if one.base == nil {
		base := t.decide(c.number, t.rule, one.in)
		one.base = &base
	}
	now := t.decide(c.number, c.rule, one.in)
	return now.outcome != one.base.outcome || !reflect.DeepEqual(now.outcomes, one.base.outcomes)
}

// telling are some of a list of trials that tell a change apart, the shortest
// first.
func (t *trials[In, Then]) telling(c *change[In, Then], list []*trial[In]) []*trial[In] {
	var out []*trial[In]
	for _, one := range list {
		if len(out) == drawnTrials || t.ended() {
			break
		}
		if t.differs(c, one) && t.reaches(c.number, one.in) {
			out = append(out, one)
		}
	}
	slices.SortStableFunc(out, func(a, b *trial[In]) int { return len(a.payload) - len(b.payload) })
	return out
}

// reaches tells whether no rule in front of one ends the search.
func (t *trials[In, Then]) reaches(number int, in *In) bool {
	if t.set.hit != First {
		return true
	}
	for i := range t.set.candidates(in) {
		if i >= number {
			return true
		}
		if rule := &t.set.rules[i]; rule.Mode == Enforce {
			if fires, _ := t.holds(rule, in); fires {
				return false
			}
		}
	}
	return true
}

// shrunk takes away of an input what a change is told apart without.
func (t *trials[In, Then]) shrunk(c *change[In, Then], one *trial[In]) json.RawMessage {
	less := &variety{less: true}
	payload := one.payload
	for again := true; again; {
		again = false
		less.around(payload, "", t.input, func(next json.RawMessage) bool {
			if read := t.read(next); read != nil && t.differs(c, read) && t.reaches(c.number, read.in) {
				payload, again = next, true
			}
			return !again && t.ctx.Err() == nil
		})
	}
	return payload
}
