package rules

import "slices"

// A DecisionExample is an input for which other rules fire than before, or the same
// ones in another order, under the policy of their file and in its order.
type DecisionExample struct {
	// Input is in JSON. FromTest says that it is the input of one of the rules'
	// tests; otherwise it is made up.
	Input    []byte
	FromTest bool
	// Before and After are the names of the rules of the file that fired, and that
	// fire now.
	Before, After []string
}

// The bounds of the search for examples of decisions: pairs of rules that may both
// fire, of one example and of all, and rules that are walked through for all.
const (
	mostComparedPairs = 50
	allComparedPairs  = 1000
	decisionSum       = 5_000_000
)

// movedExample is an input for which it matters that the rule has moved: it fires
// for it, and so does one that it has passed. Nil if none is found.
func (c *comparer[In, Then]) movedExample(r *compared[In, Then]) *DecisionExample {
	old, new := r.mate.set, r.set
	pairs := 0
	for _, other := range c.new {
		if other.mate == nil || other.set != new || other.mate.set != old || (other.place < r.place) == (other.mate.place < r.mate.place) {
			continue
		}
		if pairs++; pairs > mostComparedPairs {
			break
		}
		if found := c.pairExample(old, new, r, other); found != nil {
			return found
		}
	}
	return c.testedDecision(old, new, func(in *In) bool {
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
	pairs := 0
	for j := range list {
		for i := range j {
			if pairs++; pairs > mostComparedPairs {
				return c.testedDecision(old, new, func(*In) bool { return true })
			}
			if found := c.pairExample(old, new, list[i], list[j]); found != nil {
				return found
			}
		}
	}
	return c.testedDecision(old, new, func(*In) bool { return true })
}

// pairExample makes up an input for which two rules fire and that is decided
// otherwise than before.
func (c *comparer[In, Then]) pairExample(old, new *Set[In, Then], a, b *compared[In, Then]) *DecisionExample {
	if c.pairs--; c.pairs < 0 || c.ctx.Err() != nil || a.Mode != Enforce || b.Mode != Enforce || a.inGo != nil || b.inGo != nil {
		return nil
	}
	s, ok := newSought[In]([]goal{{conditions: a.conditions, fires: true}, {conditions: b.conditions, fires: true}})
	if s.steps = min(exampleSteps, c.steps); !ok || s.steps <= 0 {
		return nil
	}
	s.also = func(in *In) bool { return c.otherwise(old, new, in) != nil }
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

// testedDecision is an input of a test that fits, and that is decided otherwise
// than before.
func (c *comparer[In, Then]) testedDecision(old, new *Set[In, Then], fits func(*In) bool) *DecisionExample {
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
			if example := c.otherwise(old, new, in); example != nil {
				example.Input, example.FromTest = set.tests[i].input, true
				return example
			}
		}
	}
	return nil
}

// otherwise tells how two sets decide an input, nil if they do alike, one of them
// fails, or it would take too long.
func (c *comparer[In, Then]) otherwise(old, new *Set[In, Then], in *In) *DecisionExample {
	if c.decisions -= old.Len() + new.Len(); c.decisions <= 0 {
		return nil
	}
	before, wrong := c.decided(old, in)
	after, err := c.decided(new, in)
	if wrong != nil || err != nil {
		return nil
	}
	same := slices.EqualFunc(before, after, func(was, is string) bool {
		if now, renamed := c.renamed[was]; renamed {
			was = now
		}
		return was == is
	})
	if same {
		return nil
	}
	return &DecisionExample{Before: before, After: after}
}

// decided are the names of the rules of a set that fire.
func (c *comparer[In, Then]) decided(set *Set[In, Then], in *In) ([]string, error) {
	var names []string
	err := set.Each(c.ctx, in, func(m Match[In, Then]) error {
		names = append(names, m.Name())
		return nil
	})
	return names, err
}
