package rules

import "slices"

// The bounds of the search for examples: the steps of one search and of all
// that find nothing, and the inputs of tests that are tried.
const (
	exampleSteps  = 250_000
	examplesSteps = 25_000_000
	mostTried     = 500
)

// An effectExample is an input for which the conditions of the one rule hold and
// those of the other do not.
type effectExample struct {
	input    []byte // nil: none was found
	fromTest bool
	fails    bool // the outcome of the one rule is an error
}

// example is one that is made up or, where that fails, of the tests. One for which
// the rule fails is shown where there is no other. None says that there surely is
// none at all.
func (c *comparer[In, Then]) example(fires, not *compared[In, Then]) (out effectExample, none bool) {
	if c.ctx.Err() != nil {
		return out, false
	}
	any, ok := newSought[In]([]goal{{conditions: fires.conditions, fires: true}, {conditions: not.conditions}})
	if ok && any.impossible() {
		return out, true
	}
	sound, inserts, failed := any, insertsOf(fires.compiled), false
	sound.goals = slices.Concat(any.goals, inserts)
	sound.also = func(in *In) bool {
		sound := c.sound(fires, in)
		failed = failed || !sound
		return sound
	}
	switch {
	case ok && !sound.impossible() && c.makeUp(&sound, fires, not, &out):
	case c.ofTests(fires, not, true, &out):
	case ok && (failed || len(inserts) > 0) && c.makeUp(&any, fires, not, &out):
	case c.ofTests(fires, not, false, &out):
	default:
		return out, ok && any.never(c.ctx, c.tester.decode)
	}
	out.fails = !c.soundOf(fires, out.input)
	if c.ctx.Err() != nil { // whether it fails is not known
		return effectExample{}, false
	}
	return out, false
}

// makeUp makes up an example, and tells whether it did.
func (c *comparer[In, Then]) makeUp(s *sought[In], fires, not *compared[In, Then], out *effectExample) bool {
	if s.steps = min(exampleSteps, c.steps); s.steps <= 0 {
		return false
	}
	if found := s.search(c.ctx, c.tester.decode); found != nil && c.tries(found.JSON, fires, not) {
		out.input = found.JSON
		return true
	}
	c.steps -= s.steps
	return false
}

// ofTests finds an example among the inputs of the rules' tests, and tells whether
// it did.
func (c *comparer[In, Then]) ofTests(fires, not *compared[In, Then], sound bool, out *effectExample) bool {
	tried := 0
	for _, set := range []*Set[In, Then]{fires.set, not.set} {
		for i := range set.tests {
			if tried++; tried > mostTried || c.ctx.Err() != nil {
				return false
			}
			if input := set.tests[i].input; c.tries(input, fires, not) && (!sound || c.soundOf(fires, input)) {
				out.input, out.fromTest = input, true
				return true
			}
		}
	}
	return false
}

// sound tells whether what follows from a rule is no error.
func (c *comparer[In, Then]) sound(r *compared[In, Then], in *In) bool {
	m := Match[In, Then]{rule: r.compiled, in: in, ctx: c.ctx}
	return m.use(func(m Match[In, Then]) error {
		_, err := c.tester.Outcomes(c.ctx, m)
		return err
	}) == nil
}

func (c *comparer[In, Then]) soundOf(r *compared[In, Then], input []byte) bool {
	in, err := c.tester.decode(input)
	return err == nil && in != nil && c.sound(r, in)
}
