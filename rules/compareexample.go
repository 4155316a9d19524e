package rules

// The bounds of the search for examples: the steps of one search and of all
// that find nothing, and the inputs of tests that are tried.
const (
	exampleSteps  = 250_000
	examplesSteps = 25_000_000
	mostTried     = 500
)

// example is an input for which the one rule fires and the other does not, nil
// if none is found: one that is made up or, where that fails, one of the tests.
// None says that there surely is none.
func (c *comparer[In, Then]) example(fires, not *compared[In, Then]) (found []byte, fromTest, none bool) {
	if c.ctx.Err() != nil {
		return nil, false, false
	}
	s, ok := newSought[In]([]goal{{conditions: fires.conditions, fires: true}, {conditions: not.conditions}})
	if s.steps = min(exampleSteps, c.steps); ok && s.steps > 0 {
		found, none = s.seek(c.ctx, c.tester.decode)
		if none || found != nil && c.tries(found, fires, not) {
			return found, false, none
		}
		c.steps -= s.steps
	}
	found = c.ofTests(fires, not)
	return found, found != nil, false
}

// ofTests is an example among the inputs of the rules' tests.
func (c *comparer[In, Then]) ofTests(fires, not *compared[In, Then]) []byte {
	tried := 0
	for _, set := range []*Set[In, Then]{fires.set, not.set} {
		for i := range set.tests {
			if tried++; tried > mostTried || c.ctx.Err() != nil {
				return nil
			}
			if c.tries(set.tests[i].input, fires, not) {
				return set.tests[i].input
			}
		}
	}
	return nil
}
