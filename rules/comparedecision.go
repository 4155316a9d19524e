package rules

import (
	"maps"
	"slices"

	"github.com/afterword-go/afterword/rules/internal/kleene"
	"github.com/afterword-go/afterword/rules/internal/witness"
)

// A DecisionExample is an input for which other rules fire than before, or the same
// ones in another order, under the policy of their file and in its order. A rule
// whose outcome is an error has failed, and does not end the search for the first
// that fires.
type DecisionExample struct {
	// Input is in JSON. FromTest says that it is the input of one of the rules'
	// tests; otherwise it is made up.
	Input    []byte
	FromTest bool
	// Before and After are the names of the rules of the file that fired, and that
	// fire now.
	Before, After []string
	// FailedBefore and FailedAfter are the names of those that failed, and that
	// fail now. One of the two is empty: where rules fail before and now, nothing
	// is said.
	FailedBefore, FailedAfter []string
}

// sound tells whether no rule failed or fails.
func (e *DecisionExample) sound() bool { return len(e.FailedBefore)+len(e.FailedAfter) == 0 }

// The bounds of the search for examples of decisions: pairs of rules that may both
// fire, of one example and of all, and rules that are walked through for all.
const (
	mostComparedPairs = 50
	allComparedPairs  = 1000
	decisionSum       = 5_000_000
)

// A comparedPair is two new rules that may fire for the same inputs.
type comparedPair[In, Then any] struct {
	a, b  *compared[In, Then]
	fails bool // one of them may, since its text does
}

// movedExample is an input for which it matters that the rule has moved: it fires
// for it, and so does one that it has passed. Nil if none is found.
func (c *comparer[In, Then]) movedExample(r *compared[In, Then]) *DecisionExample {
	old, new := r.mate.set, r.set
	var pairs []comparedPair[In, Then]
	for _, other := range c.new {
		if other.mate == nil || other.set != new || other.mate.set != old || (other.place < r.place) == (other.mate.place < r.mate.place) {
			continue
		}
		if len(pairs) == mostComparedPairs {
			break
		}
		pairs = append(pairs, comparedPair[In, Then]{a: r, b: other})
	}
	return c.decisionExample(old, new, pairs, func(in *In) bool {
		fires, err := c.fires(r, in)
		return fires && err == nil
	})
}

// hitExample is an input for which it matters that the policy of a set is another
// one: two rules fire for it. Nil if none is found.
func (c *comparer[In, Then]) hitExample(old, new *Set[In, Then]) *DecisionExample {
	var list []*compared[In, Then]
	for _, r := range c.new {
		if r.set == new {
			list = append(list, r)
		}
	}
	var pairs []comparedPair[In, Then]
	for j := 0; j < len(list) && len(pairs) < mostComparedPairs; j++ {
		for _, a := range list[:j] {
			pairs = append(pairs, comparedPair[In, Then]{a: a, b: list[j]})
		}
	}
	pairs = pairs[:min(len(pairs), mostComparedPairs)]
	return c.decisionExample(old, new, pairs, func(*In) bool { return true })
}

// decisionExample is an input for which both rules of a pair fire, or that of a
// test that fits, if it is decided otherwise than before. One for which a rule
// fails is shown where there is no other.
func (c *comparer[In, Then]) decisionExample(old, new *Set[In, Then], pairs []comparedPair[In, Then], fits func(*In) bool) *DecisionExample {
	for i := range pairs {
		if found := c.pairExample(old, new, &pairs[i], true); found != nil {
			return found
		}
	}
	if found := c.testedDecision(old, new, fits, true); found != nil {
		return found
	}
	for i := range pairs {
		if !pairs[i].fails {
			continue
		}
		if found := c.pairExample(old, new, &pairs[i], false); found != nil {
			return found
		}
	}
	return c.testedDecision(old, new, fits, false)
}

// pairExample makes up an input for which the conditions of two rules hold and that
// is decided otherwise than before. A sound one has all that their texts insert.
func (c *comparer[In, Then]) pairExample(old, new *Set[In, Then], pair *comparedPair[In, Then], sound bool) *DecisionExample {
	a, b := pair.a, pair.b
	if c.pairs--; c.pairs < 0 || c.ctx.Err() != nil || a.Mode != Enforce || b.Mode != Enforce || a.inGo != nil || b.inGo != nil {
		return nil
	}
	s, ok := newSought[In]([]goal{{conditions: a.conditions, fires: true}, {conditions: b.conditions, fires: true}})
	if s.steps = min(exampleSteps, c.steps); !ok || s.steps <= 0 {
		return nil
	}
	if sound {
		inserts := append(insertsOf(a.compiled), insertsOf(b.compiled)...)
		s.goals, pair.fails = append(s.goals, inserts...), len(inserts) > 0
	}
	s.also = func(in *In) bool {
		example := c.otherwise(old, new, in)
		pair.fails = pair.fails || example != nil && !example.sound()
		return example != nil && (example.sound() || !sound)
	}
	found, none := s.seek(c.ctx, c.tester.decode)
	if found == nil {
		if !none {
			c.steps -= s.steps
		}
		return nil
	}
	in, err := c.tester.decode(found)
	if err != nil || in == nil {
		return nil
	}
	example := c.otherwise(old, new, in)
	if example != nil {
		example.Input = found
	}
	return example
}

// insertsOf are that all that the texts of a rule insert is there.
func insertsOf[In, Then any](r *compiled[In, Then]) []witness.Goal {
	var out []witness.Goal
	for _, t := range r.texts() {
		for i := range t.parts {
			part := &t.parts[i]
			if part.text == "" || part.fixed {
				continue
			}
			_, node, _ := readInsert(part.text, part.env) // it has loaded before
			if known, err := kleene.Known(node); err == nil && !known.Is(true) {
				out = append(out, witness.Goal{Node: known, Want: true})
			}
		}
	}
	return out
}

// testedDecision is an input of a test that fits, and that is decided otherwise
// than before.
func (c *comparer[In, Then]) testedDecision(old, new *Set[In, Then], fits func(*In) bool, sound bool) *DecisionExample {
	tried := 0
	for _, set := range []*Set[In, Then]{old, new} {
		for i := range set.tests {
			if tried++; tried > mostTried || c.ctx.Err() != nil {
				return nil
			}
			in, err := c.tester.decode(set.tests[i].input)
			if err != nil || in == nil || !fits(in) {
				continue
			}
			if example := c.otherwise(old, new, in); example != nil && (example.sound() || !sound) {
				example.Input, example.FromTest = set.tests[i].input, true
				return example
			}
		}
	}
	return nil
}

// otherwise tells how two sets decide an input, nil if they do alike, rules of both
// fail, or it would take too long.
func (c *comparer[In, Then]) otherwise(old, new *Set[In, Then], in *In) *DecisionExample {
	if c.decisions -= old.Len() + new.Len(); c.decisions <= 0 {
		return nil
	}
	var e DecisionExample
	e.Before, e.FailedBefore = c.decided(old, in)
	e.After, e.FailedAfter = c.decided(new, in)
	if c.ctx.Err() != nil || len(e.FailedBefore) > 0 && len(e.FailedAfter) > 0 {
		return nil
	}
	same := slices.EqualFunc(e.Before, e.After, func(was, is string) bool {
		if now, renamed := c.renamed[was]; renamed {
			was = now
		}
		return was == is
	})
	if same && e.sound() {
		return nil
	}
	return &e
}

// decided are the names of the rules of a set that fire, and of those that fail.
func (c *comparer[In, Then]) decided(set *Set[In, Then], in *In) (fired, failed []string) {
	run := testRun[In, Then]{set: set, ctx: c.ctx, tester: c.tester, in: in}
	run.decide()
	for _, i := range slices.Sorted(maps.Keys(run.verdicts)) {
		switch rule := &set.rules[i]; {
		case rule.Mode != Enforce:
		case run.verdicts[i].outcome == Fired:
			fired = append(fired, rule.Name)
		default:
			failed = append(failed, rule.Name)
		}
	}
	return fired, failed
}
