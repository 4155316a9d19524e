package rules

import (
	"context"
	"slices"
)

// A Coverage tells what tests reach: of each rule, whether it fires, does not
// fire and is skipped, and of each part of its condition, whether it is true,
// false and unknown.
type Coverage struct {
	Rules []RuleCoverage // in the order of the rules, without those that are off
}

// Percent is how much of what they could reach the tests reach, rounded down.
func (c Coverage) Percent() int {
	var goals, reached int
	for _, r := range c.Rules {
		goals, reached = goals+r.Goals, reached+r.Reached
	}
	return percent(reached, goals)
}

func percent(reached, goals int) int {
	if goals == 0 {
		return 100
	}
	return reached * 100 / goals
}

// A RuleCoverage tells what tests reach of one rule.
type RuleCoverage struct {
	RuleInfo
	// How many tests the rule fires in, does not fire in since its condition is
	// false, is skipped in, and fails in. Tests in which an earlier rule ends the
	// search do not count.
	Fired, NotFired, Skipped, Failed int
	// Goals is what tests can reach: each truth value that the condition can
	// have, and that each of its parts can have. Reached is how many they do.
	Goals, Reached int
	// Gaps are the goals that are not reached, in the order of the text.
	Gaps []Gap
}

// Percent is how much of the rule the tests reach, rounded down.
func (r RuleCoverage) Percent() int { return percent(r.Reached, r.Goals) }

// A Gap is a truth value that a part of a condition has in no test.
type Gap struct {
	Text               string // of the part
	Line, Column       int    // of its first character, from 1
	EndLine, EndColumn int    // behind its last character
	Truth              Truth  // that it never has
	Whole              bool   // the part is the whole condition
}

// String is the gap in one line.
func (g Gap) String() string {
	if g.Whole {
		switch g.Truth {
		case True:
			return "the rule fires in no test"
		case False:
			return "the condition is false in no test"
		}
		return "the rule is skipped in no test: leave out a field that it reads"
	}
	if g.Truth == Unknown {
		return inOneLine(g.Text) + " is unknown in no test: leave out what it reads"
	}
	return inOneLine(g.Text) + " is " + g.Truth.String() + " in no test"
}

// Coverage runs the set's tests to see what they reach of its rules. A test
// whose input cannot be read reaches nothing.
func (s *Set[In, Then]) Coverage(ctx context.Context, tester Tester[In, Then]) Coverage {
	tests := tester.chosen(s.tests)
	seen := make([]sighting[In], len(tests))
	inParallel(len(tests), func(i int) { seen[i] = s.sight(ctx, tests[i], tester) })
	rules := make([]RuleCoverage, len(s.rules))
	inParallel(len(s.rules), func(i int) { rules[i] = s.cover(ctx, i, seen) })
	return Coverage{slices.DeleteFunc(rules, func(r RuleCoverage) bool { return r.Mode == Off })}
}

// A sighting is what one test looks at: its input, the number of rules that
// are reached with it, and those of them that fail.
type sighting[In any] struct {
	in     *In // nil if it cannot be read
	reach  int
	failed map[int]bool
}

func (s *Set[In, Then]) sight(ctx context.Context, test Test, tester Tester[In, Then]) sighting[In] {
	run := testRun[In, Then]{set: s, ctx: ctx, tester: tester}
	var err error
	if run.in, err = tester.input(test); err != nil {
		return sighting[In]{} // the test fails and says so
	}
	run.decide()
	out := sighting[In]{in: run.in, failed: map[int]bool{}}
	for i, v := range run.verdicts {
		if v.outcome == Failed {
			out.failed[i] = true
		}
	}
	out.reach = min(run.last+1, len(s.rules))
	return out
}

// cover tells what is seen of one rule.
func (s *Set[In, Then]) cover(ctx context.Context, i int, seen []sighting[In]) RuleCoverage {
	out := RuleCoverage{RuleInfo: s.rules[i].info()}
	if c := s.coverer(i); c != nil {
		s.look(ctx, c, i, seen, &out)
		c.tally(&out)
	}
	return out
}

// coverer looks at the conditions of a rule; nil if there is nothing to look
// at.
func (s *Set[In, Then]) coverer(i int) *coverer {
	if rule := &s.rules[i]; rule.Mode != Off && rule.inGo == nil {
		return newCoverer(rule.conditions)
	}
	return nil
}

// look looks at what is seen of one rule, and counts it.
func (s *Set[In, Then]) look(ctx context.Context, c *coverer, i int, seen []sighting[In], out *RuleCoverage) {
	for _, test := range seen {
		if test.in == nil || i >= test.reach || ctx.Err() != nil {
			continue
		}
		f := s.frame(ctx, test.in)
		truth, decided := c.look(f, test.failed[i])
		s.release(f)
		switch {
		case test.failed[i] || !decided:
			out.Failed++
		case truth == True:
			out.Fired++
		case truth == False:
			out.NotFired++
		default:
			out.Skipped++
		}
	}
}
