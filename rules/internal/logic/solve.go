package logic

// A Cube is one way to make a formula true: what each read may be. Reads that
// it does not name may be anything.
type Cube struct {
	values map[int]value
	Lits   []Lit // that are true in it
}

// A Lit is a read and what is said of it.
type Lit struct {
	*Read
	// True tells, of a read that is true or false, which of them it is.
	True bool
}

type value struct {
	numbers spans
	texts   texts
}

// add takes in a literal. The result is false if nothing is left for its read.
func (c *Cube) add(l literal) (before value, known, ok bool) {
	before, known = c.values[l.read.id]
	v, ok := l.narrow(before, known)
	c.values[l.read.id] = v
	return before, known, ok
}

// narrow is what is left of a value of the literal's read.
func (l literal) narrow(v value, known bool) (value, bool) {
	if !known {
		v = value{l.read.numbers, l.read.texts}
	}
	ok := false
	switch {
	case !l.read.text:
		v.numbers = v.numbers.and(l.in)
		ok = len(v.numbers) > 0
	case l.test != nil:
		v.texts, ok = v.texts.with(outcome{l.test, !l.neg})
	default:
		v.texts, ok = v.texts.in(l.list, !l.neg)
	}
	return v, ok
}

// Below tells whether the cube keeps a number below what it may be elsewhere.
func (c *Cube) Below(l Lit) bool {
	in, all := c.values[l.id].numbers, l.numbers
	return !l.text && len(in) > 0 && in[len(in)-1].to < all[len(all)-1].to
}

// Implies tells whether f is surely true in the cube. It does not try cases:
// false means that it may not be. The steps are taken from the budget.
func (c *Cube) Implies(f *Formula, budget *int) bool {
	if *budget--; *budget < 0 {
		return false
	}
	switch f.join {
	case one:
		v, known := c.values[f.lit.read.id]
		_, opposite := f.lit.not().narrow(v, known)
		return !opposite
	case all:
		for _, kid := range f.kids {
			if !c.Implies(kid, budget) {
				return false
			}
		}
		return true
	}
	for _, kid := range f.kids {
		if c.Implies(kid, budget) {
			return true
		}
	}
	return false
}

// A search walks through the ways to make a formula true.
type search struct {
	cube   Cube
	budget *int
	yield  func(*Cube) bool
	done   bool // yield wants no more
}

// Cubes yields the ways to make f true until yield wants no more. The cube is
// the search's own and changes. Steps are taken from the budget; the result is
// false if it was used up, and then there may be other ways.
func Cubes(f *Formula, budget *int, yield func(*Cube) bool) bool {
	s := &search{cube: Cube{values: map[int]value{}}, budget: budget, yield: yield}
	s.run([]*Formula{f}, nil)
	return *budget >= 0
}

// Impossible tells whether f is surely false, whatever the input. Steps are
// taken from the budget; once it is used up, nothing is sure.
func Impossible(f *Formula, budget *int) bool {
	found := false
	complete := Cubes(f, budget, func(*Cube) bool { found = true; return false })
	return complete && !found
}

// run makes all of the formulas true, and one part of each of the choices.
func (s *search) run(now, choices []*Formula) {
	type change struct {
		id     int
		before value
		known  bool
	}
	var changes []change
	lits := len(s.cube.Lits)
	defer func() {
		for i := len(changes) - 1; i >= 0; i-- {
			c := changes[i]
			if c.known {
				s.cube.values[c.id] = c.before
			} else {
				delete(s.cube.values, c.id)
			}
		}
		s.cube.Lits = s.cube.Lits[:lits]
	}()
	for len(now) > 0 {
		f := now[len(now)-1]
		now = now[:len(now)-1]
		if *s.budget--; *s.budget < 0 {
			return
		}
		switch f.join {
		case one:
			before, known, ok := s.cube.add(f.lit)
			changes = append(changes, change{f.lit.read.id, before, known})
			if !ok {
				return
			}
			s.cube.Lits = append(s.cube.Lits, Lit{f.lit.read, f.lit.saysTrue()})
		case all:
			for i := len(f.kids) - 1; i >= 0; i-- {
				now = append(now, f.kids[i])
			}
		case some:
			choices = append(choices[:len(choices):len(choices)], f)
		}
	}
	s.choose(choices)
}

// choose tries the parts of one choice after the other.
func (s *search) choose(choices []*Formula) {
	if len(choices) == 0 {
		s.done = !s.yield(&s.cube)
		return
	}
	// The one with the fewest parts first: the sooner it fails, the better.
	first := 0
	for i, f := range choices {
		if len(f.kids) < len(choices[first].kids) {
			first = i
		}
	}
	rest := append(append([]*Formula{}, choices[:first]...), choices[first+1:]...)
	*s.budget -= len(choices)
	for _, kid := range choices[first].kids {
		if s.done || *s.budget < 0 {
			return
		}
		s.run([]*Formula{kid}, rest)
	}
}

// saysTrue tells whether the literal is that its read is true.
func (l literal) saysTrue() bool {
	return !l.read.text && len(l.in) == 1 && l.in[0].from > 0
}

// Clone is a copy that does not change with the search.
func (c *Cube) Clone() *Cube {
	out := &Cube{values: make(map[int]value, len(c.values)), Lits: append([]Lit{}, c.Lits...)}
	for id, v := range c.values {
		out.values[id] = v
	}
	return out
}

// IsText tells whether a read of the cube is a text.
func (c *Cube) IsText(r int) bool { return c.values[r].texts.some }
