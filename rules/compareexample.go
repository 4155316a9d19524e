package rules

// mostTried bounds the inputs of tests that are tried as examples.
const mostTried = 500

// example is an input for which the one rule fires and the other does not, nil
// if none is found. It notes in e what is ruled out.
func (c *comparer[In, Then]) example(fires, not *compared[In, Then], e *Effect) []byte {
	if c.ctx.Err() != nil {
		return nil
	}
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
