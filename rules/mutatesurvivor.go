package rules

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/afterword-go/afterword/rules/internal/witness"
)

// The bounds of the searches for tests, in parts of conditions looked at: for
// the set and for each of its mutants, and for one rule. Each rule has its own
// share, so that it does not matter in which order they are looked into. A
// search that finds nothing counts in full, and one that does as a small part of
// that. A million takes about a second.
const (
	mutateSteps     = 1_000_000
	mutantSteps     = 1_500
	mutateRuleSteps = 40_000_000
	foundShare      = 20
)

// cutShort says why nothing is known.
const cutShort = "the search was cut short"

// A hunt looks for tests for the mutants of one rule that survive.
type hunt[In, Then any] struct {
	*lab[In, Then]
	ofRule bool // and not of the set as a whole
	number int  // of the rule
	tests  []drafted[In]
	trials *trials[In, Then] // nil: none were made yet
	fires  *witness.Payload  // for which the rule fires; nil: none is known
	proofs prover
	seen   map[string]find
	steps  int // left
	most   int // of one search
	solves int // how many searches there were
}

// A drafted test tells a mutant that survived from the original.
type drafted[In any] struct {
	*sample[In]
	text string
}

// newHunt is for one rule; behind the last, for the set as a whole.
func newHunt[In, Then any](l *lab[In, Then], number, steps int) *hunt[In, Then] {
	return &hunt[In, Then]{
		lab: l, number: number, ofRule: number < len(l.set.rules),
		seen: map[string]find{}, steps: min(mutateRuleSteps, steps),
	}
}

// A survivor is a mutant that all tests pass with, and what was done about it.
type survivor[In, Then any] struct {
	*change[In, Then]
	tests        int            // so many were run
	trials, near int            // so many were looked at
	prospects    []prospect[In] // that are not known to be in vain
	asked        bool           // for prospects
	settled      bool
	cut          bool // a search was
}

// rounds are the bounds of one search: what is easily found comes first, since
// it often does for others as well.
func rounds() []int { return []int{0, 5_000, 50_000, witness.Steps} }

// survivors finds a test for each mutant that all tests pass with, or that there
// is none.
func (h *hunt[In, Then]) survivors(list []*change[In, Then]) {
	all := make([]*survivor[In, Then], len(list))
	for i, c := range list {
		all[i] = &survivor[In, Then]{change: c, cut: true}
	}
	for _, h.most = range rounds() {
		for _, o := range all {
			if !o.settled && h.ctx.Err() == nil {
				o.settled = h.settle(o)
			}
		}
	}
	for _, o := range all {
		switch {
		case o.settled || h.known(o):
		case h.options.NoTests:
			o.Why = "no test was looked for"
		case o.cut || h.ctx.Err() != nil:
			o.Why = cutShort
		default:
			o.Why = "no input was found that tells it from the original"
		}
	}
}

// settle finds a test, or that there is none.
func (h *hunt[In, Then]) settle(o *survivor[In, Then]) bool {
	h.begin()
	if h.known(o) {
		return true
	}
	if !o.asked {
		o.asked = true
		if o.prospects = h.hopes(o.change); len(o.prospects) == 0 {
			o.Fate, o.Why = Equivalent, "no input tells it from the original"
			return true
		}
	}
	if h.options.NoTests {
		return false
	}
	o.cut = false
	for _, p := range o.prospects {
		tested, cut := h.follow(o.change, p)
		if tested {
			return true
		}
		o.cut = o.cut || cut
	}
	return false
}

// known tells whether a test that was found before does, or a trial.
func (h *hunt[In, Then]) known(o *survivor[In, Then]) bool {
	for ; o.tests < len(h.tests); o.tests++ {
		if d := h.tests[o.tests]; !h.passes(o.change, d.sample) {
			o.Test = d.text
			return true
		}
	}
	if h.trials == nil || o.rule == nil || h.options.NoTests {
		return false
	}
	from := o.trials
	o.trials = len(h.trials.list)
	if h.draftOne(o.change, h.trials.list[from:]) {
		return true
	}
	part := h.trials.part(o.change)
	if part == nil {
		return false
	}
	h.trials.grow(part)
	from = o.near
	o.near = len(part.list)
	return h.draftOne(o.change, part.list[from:])
}

// draftOne makes a test of one of a list of trials.
func (h *hunt[In, Then]) draftOne(c *change[In, Then], list []*trial[In]) bool {
	return slices.ContainsFunc(h.trials.telling(c, list), func(one *trial[In]) bool { return h.draftOf(c, one) })
}

// hopes are the prospects of a change that are not known to be in vain.
func (h *hunt[In, Then]) hopes(c *change[In, Then]) []prospect[In] {
	if c.same != nil && c.same(h) {
		return nil
	}
	return slices.DeleteFunc(c.goals(h), func(p prospect[In]) bool {
		return !p.vague && readable(p.goals) && h.proofs.impossible(p.goals)
	})
}

// begin sows an input for which the rule fires, once.
func (h *hunt[In, Then]) begin() {
	if !h.ofRule || h.trials != nil || h.options.NoTests {
		return
	}
	h.trials = newTrials(h.lab, h.number, &h.steps)
	most := h.most
	defer func() { h.most = most }()
	h.most = h.steps / 2
	for _, p := range h.firing(h.number) {
		if p.vague || !readable(p.goals) {
			continue
		}
		for _, goals := range p.tiers() {
			if h.fires == nil {
				h.fires = h.seek(p, goals).payload
			}
		}
	}
	if h.fires != nil {
		h.trials.sow(h.fires.JSON)
	}
}

// follow looks for an input as a prospect has it, and makes a test of it. It
// tells whether it did, and whether a search was cut short.
func (h *hunt[In, Then]) follow(c *change[In, Then], p prospect[In]) (tested, cut bool) {
	if p.vague || !readable(p.goals) {
		return false, false
	}
	for _, goals := range p.tiers() {
		s := h.seek(p, goals)
		if s.payload != nil && h.use(c, s.payload.JSON) {
			return true, false
		}
		cut = cut || s.cut
	}
	return false, cut
}

// use makes a test of an input, and trials.
func (h *hunt[In, Then]) use(c *change[In, Then], payload json.RawMessage) bool {
	if h.trials == nil {
		return h.draft(c, payload)
	}
	h.trials.sow(payload)
	one := h.trials.read(payload)
	return one != nil && h.draftOf(c, one)
}

// draftOf makes a test of a trial, as small as can be.
func (h *hunt[In, Then]) draftOf(c *change[In, Then], one *trial[In]) bool {
	small := h.trials.shrunk(c, one)
	return h.draft(c, small) || len(small) < len(one.payload) && h.draft(c, one.payload)
}

// A find is what a search for a prospect came to.
type find struct {
	payload *witness.Payload
	cut     bool // the bound was met
}

// seek looks for an input, once for prospects that are alike.
func (h *hunt[In, Then]) seek(p prospect[In], goals []goal) find {
	key := fmt.Sprintf("%s %d", p.key, len(goals))
	if known, ok := h.seen[key]; ok && p.key != "" && !known.cut {
		return known
	}
	out := h.search(goals)
	h.seen[key] = out
	return out
}

// search looks for an input within what is left of the bound.
func (h *hunt[In, Then]) search(goals []goal) find {
	most := min(h.most, h.steps)
	if most <= 0 {
		return find{cut: true}
	}
	s, ok := newSought[In](goals)
	if !ok {
		return find{}
	}
	h.solves++
	s.steps = most
	if found := s.search(h.ctx, h.tester.decode); found != nil {
		h.steps -= 1 + s.steps/foundShare
		return find{payload: found}
	}
	h.steps -= s.steps
	return find{cut: s.steps < witness.Steps}
}

// draft makes a test of an input: one that passes, and fails with the change.
func (h *hunt[In, Then]) draft(c *change[In, Then], payload json.RawMessage) bool {
	all, err := h.set.whatFollows(h.ctx, h.tester, payload)
	if err != nil {
		return false
	}
	all.name = h.testName(c)
	fired, outcomes := all, all
	fired.outcomes, outcomes.fired = nil, nil
	for _, d := range []testDraft{fired, outcomes} {
		text, test, err := h.set.verified(h.ctx, h.tester, d)
		if err != nil {
			continue
		}
		if s := h.sample(test); s != nil && !h.passes(c, s) {
			h.tests, c.Test = append(h.tests, drafted[In]{s, text}), text
			return true
		}
	}
	return false
}

// testName is a name that no other test has.
func (h *hunt[In, Then]) testName(c *change[In, Then]) string {
	name := fmt.Sprintf("%s, not %s", shortened(c.Original), shortened(c.Mutated))
	if c.Mutated == "" {
		name = "not without " + shortened(c.Original)
	}
	if c.Rule.Name != "" {
		name = c.Rule.Name + " (" + name + ")"
	}
	taken := func(name string) bool {
		return h.names[name] || slices.ContainsFunc(h.tests, func(d drafted[In]) bool { return d.test.Name == name })
	}
	free := name
	for n := 2; taken(free); n++ {
		free = fmt.Sprintf("%s, %d", name, n)
	}
	return free
}

// shortened is a part of a condition in a name.
func shortened(text string) string {
	const most = 40 // runes
	runes := []rune(strings.TrimSpace(inOneLine(text)))
	if len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return string(runes)
}
