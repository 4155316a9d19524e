package rules

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// A Mutant is a set of rules with one small change such as a person makes by
// mistake, and what the set's tests say to it.
type Mutant struct {
	Rule RuleInfo // that was changed; of the policy, only File
	// Kind says what sort of change it is:
	//
	//	boundary  where a comparison begins to hold: < for <=, 4 for 3
	//	operator  == and !=, < and >, and and or, any and all, contains and startsWith, …
	//	constant  another text, number, boolean or time; an item of a list dropped
	//	part      one side of and, or, ?? or of a choice dropped
	//	negation  a part turned around
	//	pattern   of matches: (?i), an anchor, a letter or an alternative
	//	range     the ends of a range
	//	text      of the outcome: emptied, a letter changed, a ${…} dropped
	//	outcome   one of a list dropped
	//	mode      enforce for shadow or off, and off for enforce
	//	hit       first for collect, or the other way around
	//	order     two rules that stand side by side exchanged, where the first counts
	Kind string
	// Where the part that was changed begins, from 1, and ends: behind its last
	// character. All are 0 for rules made in Go and for the policy.
	Line, Column       int
	EndLine, EndColumn int
	Original, Mutated  string // the part as it is, and what became of it; empty: dropped
	Fate               Fate
	KilledBy           string // the name of the test that fails with the change
	// Test is a test that fails with the change and passes without, ready to
	// stand below tests: of a test file. It is for mutants that survived, and
	// quotes no input but its own. It is empty if none was found.
	Test string
	// Why says, in one line, why a mutant that survived has no test, or why one
	// is equivalent.
	Why string
}

// Fate is what became of a mutant.
type Fate uint8

// The fates.
const (
	Survived Fate = iota // all tests pass
	Killed               // a test fails
	// Equivalent mutants do not count. Surely no input makes the rule fire with
	// the change and not without, or the other way around. A condition that
	// becomes false where it was unknown is equivalent, unless a test expects
	// the rule to be skipped there: that kills it.
	Equivalent
)

// String is survived, killed or equivalent.
func (f Fate) String() string {
	switch f {
	case Killed:
		return "killed"
	case Equivalent:
		return "equivalent"
	}
	return "survived"
}

// A Mutation tells how well the tests of a set hold its rules in place.
type Mutation struct {
	// Mutants come in the order of the rules, and in each in the order of its
	// text: its mode, its conditions, its outcome. Those of the whole set follow.
	Mutants []Mutant
	// NotMade lists what was left out.
	NotMade []NotMade
	// Untried counts the mutants that were not tried since the context ended:
	// about, since they are not made to be counted.
	Untried int
}

// NotMade tells of a rule that has more to change than was changed.
type NotMade struct {
	Rule   RuleInfo
	Count  int    // of the changes that were left out; 0 where they cannot be counted
	Reason string // in one line
}

// Score is how many of the mutants, those left out that are equivalent, the
// tests kill: in per cent, rounded down. Of none, it is 100.
func (m Mutation) Score() int {
	killed, all := 0, 0
	for _, mutant := range m.Mutants {
		switch mutant.Fate {
		case Killed:
			killed, all = killed+1, all+1
		case Survived:
			all++
		}
	}
	return percent(killed, all)
}

// MutateOptions say how mutants are made. The zero value makes at most 200 of
// a rule, and looks for a test for each that survives.
type MutateOptions struct {
	// Most is how many mutants are made of the conditions of one rule, and how
	// many of its outcome; the rest is listed as not made. 0: 200.
	Most int
	// NoTests leaves out the search for tests, which takes longer than all else.
	NoTests bool
	// CheckText is that of the set's Config: a text that it refuses would not
	// load, and is no mutant.
	CheckText func(TextInfo) error
}

// mostMutants is MutateOptions.Most without one.
const mostMutants = 200

// Mutate changes the rules of the set, one small thing at a time, and runs the
// set's tests against each change: one that no test notices is one that a
// person could make without noticing. The work is done by several goroutines;
// what it comes to does not depend on them. The search for tests is bounded for
// each rule and for the set, in what it looks at and not in time; a mutant that
// it did not get to survives, and its Why says so.
//
// The error says which tests fail without any change, or that the context has
// ended: then the result is what was found until then. What the tester's
// functions do with a mutant is judged as a test would.
func (s *Set[In, Then]) Mutate(ctx context.Context, tester Tester[In, Then], options MutateOptions) (Mutation, error) {
	return s.mutate(ctx, tester, options, 0)
}

// mutate is Mutate with a bound of its own; 0: the usual one.
func (s *Set[In, Then]) mutate(ctx context.Context, tester Tester[In, Then], options MutateOptions, steps int) (Mutation, error) {
	if options.Most <= 0 {
		options.Most = mostMutants
	}
	m := mutation[In, Then]{set: s, ctx: ctx, tester: tester, options: options}
	if err := m.prepare(); err != nil {
		return Mutation{}, err
	}
	counts, all := m.count()
	if m.steps = steps; steps == 0 {
		m.steps = mutateSteps + mutantSteps*all
	}
	found := make([]Mutation, len(s.rules)+1)
	inParallel(len(found), func(i int) {
		if ctx.Err() == nil {
			l := <-m.labs
			defer func() { m.labs <- l }()
			found[i] = m.tryAll(l, i, int(int64(m.steps)*int64(counts[i])/int64(max(all, 1))))
		}
	})
	var out Mutation
	for _, one := range found {
		out.Mutants = append(out.Mutants, one.Mutants...)
		out.NotMade = append(out.NotMade, one.NotMade...)
	}
	err := m.cutShort()
	if err != nil {
		out.Untried = max(all-len(out.Mutants), 0)
	}
	return out, err
}

// cutShort says that the context has ended; nil if it has not.
func (m *mutation[In, Then]) cutShort() error {
	if err := m.ctx.Err(); err != nil {
		return fmt.Errorf("mutating the rules was cut short: %w", err)
	}
	return nil
}

// A mutation is what all mutants of a set are tried with.
type mutation[In, Then any] struct {
	set     *Set[In, Then]
	ctx     context.Context
	tester  Tester[In, Then]
	options MutateOptions
	steps   int // of the searches for tests
	samples []*sample[In]
	labs    chan *lab[In, Then] // one for each goroutine
	names   map[string]bool     // of tests
}

// prepare runs the tests, and keeps what each of them leads to.
func (m *mutation[In, Then]) prepare() error {
	var errs []error
	for _, result := range m.set.RunTests(m.ctx, m.tester) {
		if !result.Passed() {
			errs = append(errs, fmt.Errorf("%stest %q fails without any change: mend the tests first", place(result.File, result.Line, result.Column), result.Name))
		}
	}
	if err := m.cutShort(); err != nil {
		return err
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	workers := runtime.GOMAXPROCS(0)
	m.labs = make(chan *lab[In, Then], workers)
	for range workers {
		m.labs <- newLab(m)
	}
	m.names = map[string]bool{}
	for _, test := range m.set.tests {
		m.names[test.Name] = true
	}
	tests := m.tester.chosen(m.set.tests)
	m.samples = make([]*sample[In], len(tests))
	inParallel(len(tests), func(i int) {
		l := <-m.labs
		defer func() { m.labs <- l }()
		m.samples[i] = l.sample(tests[i])
	})
	m.samples = slices.DeleteFunc(m.samples, func(s *sample[In]) bool { return s == nil })
	return m.cutShort()
}

// A change is a mutant to be tried.
type change[In, Then any] struct {
	Mutant
	number int                 // of the rule
	rule   *compiled[In, Then] // the rule as it is with the change; nil: the policy or the order changes
	when   bool                // its conditions change, and nothing else does
	// condition and span are where, and asks what it is skipped for; of when
	// alone.
	condition int
	span      tree.Span
	asks      []asked
	hit       Hit  // of the set
	swaps     bool // the rule and the one in front of it change places
	// goals are what an input may look like that tells it apart.
	goals func(*hunt[In, Then]) []prospect[In]
	// same tells whether the change surely makes no difference, as far as goals
	// do not tell. Nil: they do.
	same func(*hunt[In, Then]) bool
}

// count counts the changes of each rule, and those of the set behind them. They
// are not made for that: a few of them are no mutants, since they do not compile
// or say the same as others.
func (m *mutation[In, Then]) count() (counts []int, all int) {
	counts = make([]int, len(m.set.rules)+1)
	inParallel(len(counts), func(i int) {
		switch {
		case m.ctx.Err() != nil:
		case i == len(m.set.rules):
			counts[i] = len(m.whole())
		default:
			counts[i] = m.countOf(i)
		}
	})
	for _, count := range counts {
		all += count
	}
	return counts, all
}

func (m *mutation[In, Then]) countOf(i int) int {
	rule := &m.set.rules[i]
	count := 1 // the mode
	if rule.Mode == Off {
		return count
	}
	for at, n := range nodesOf(rule.conditions) {
		count += min(len(m.edits(i, at, n)), m.options.Most)
	}
	if rule.Mode != Enforce {
		return count
	}
	texts := countItems(rule.Then)
	for _, text := range rule.textsOnce() {
		texts += len(rule.textEdits(text))
	}
	return count + min(texts, m.options.Most)
}

// changes are the mutants of one rule; behind the last, those of the whole set.
func (m *mutation[In, Then]) changes(i int) (changes []change[In, Then], notMade []NotMade) {
	if i == len(m.set.rules) {
		return m.whole(), nil
	}
	changes = m.modes(i)
	if m.set.rules[i].Mode == Off {
		return changes, nil
	}
	for _, make := range []func(int) ([]change[In, Then], *NotMade){m.conditions, m.outcomes} {
		made, left := make(i)
		changes = append(changes, made...)
		if left != nil {
			notMade = append(notMade, *left)
		}
	}
	return changes, notMade
}

// tryAll makes the mutants of one rule, or of the whole set, and tries them.
func (m *mutation[In, Then]) tryAll(l *lab[In, Then], i, steps int) (out Mutation) {
	changes, notMade := m.changes(i)
	samples := m.samples
	if i < len(m.set.rules) {
		samples = m.inOrderOf(i)
	}
	return Mutation{Mutants: newHunt(l, i, steps).try(changes, samples), NotMade: notMade}
}

// inOrderOf are the samples with those first in which the rule fires.
func (m *mutation[In, Then]) inOrderOf(i int) []*sample[In] {
	var first, others []*sample[In]
	for _, s := range m.samples {
		if s.base[i].fires {
			first = append(first, s)
		} else {
			others = append(others, s)
		}
	}
	return append(first, others...)
}

// try runs tests against changes, and looks into those that survive. When the
// context ends, the result is of those that were tried.
func (h *hunt[In, Then]) try(changes []change[In, Then], samples []*sample[In]) []Mutant {
	var survivors []*change[In, Then]
	tried := 0
	for ; tried < len(changes); tried++ {
		c := &changes[tried]
		by := h.killer(c, samples)
		if h.ctx.Err() != nil {
			break // what has just become of a test may be due to that
		}
		if by != nil {
			c.Fate, c.KilledBy = Killed, by.test.Name
		} else {
			survivors = append(survivors, c)
		}
	}
	h.survivors(survivors)
	out := make([]Mutant, tried)
	for i := range out {
		out[i] = changes[i].Mutant
	}
	return out
}

// changed is a change of a rule, at the place of the rule.
func (m *mutation[In, Then]) changed(i int, kind, original, mutated string) change[In, Then] {
	info := m.set.rules[i].info()
	return change[In, Then]{
		number: i, hit: m.set.hit,
		Mutant: Mutant{
			Rule: info, Kind: kind, Original: original, Mutated: mutated,
			Line: info.Line, Column: info.Column, EndLine: info.Line, EndColumn: info.Column,
		},
	}
}

// at places a span of a text.
func (c *change[In, Then]) at(place locator, from, to int) {
	c.Line, c.Column = place(from)
	c.EndLine, c.EndColumn = place(max(to-1, from))
	if line, column := place(to); line == c.EndLine && column > c.EndColumn {
		c.EndColumn = column // the last character may be written as several
		return
	}
	c.EndColumn++
}
