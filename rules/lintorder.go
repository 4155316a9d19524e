package rules

import (
	"context"

	"github.com/afterword-go/afterword/rules/internal/logic"
)

// The bounds of the search for rules that earlier ones hide: the ways for a
// rule to fire that are looked at, the earlier rules that together may hide
// it, and the work for that.
const (
	mostWays    = 64
	mostJointly = 40
	orderWork   = 2_000_000
	jointWork   = 5_000
)

// An orderScan looks for rules that can never be reached, since whatever they
// would fire for, an earlier rule fires for.
type orderScan struct {
	*linter
	budget int
	wide   []*lintRule            // earlier rules that any other one may be hidden by
	narrow map[wanted][]*lintRule // those that want one of some values of a read
	by     map[int][]*lintRule    // all of them, by what they read
	not    map[*lintRule]*logic.Formula
}

// A wanted is a value that a read has.
type wanted struct {
	read  int
	value string
}

// order reports the rules that are never reached under the policy First.
func (l *linter) order(ctx context.Context) {
	if l.hit != First {
		return
	}
	s := orderScan{
		linter: l, budget: min(orderWork, l.work),
		narrow: map[wanted][]*lintRule{}, by: map[int][]*lintRule{}, not: map[*lintRule]*logic.Formula{},
	}
	for _, r := range l.rules {
		if s.budget <= 0 || ctx.Err() != nil {
			return
		}
		if r.Mode == Off || r.inGo || r.holds == nil || r.never {
			continue
		}
		ways, ok := s.ways(r)
		if !ok {
			continue
		}
		if s.hidden(r, ways) {
			r.never = true
			continue
		}
		if r.Mode == Enforce && r.ends && !r.fails {
			s.hide(r, ways)
		}
	}
}

// ways are all the ways for a rule to fire.
func (s *orderScan) ways(r *lintRule) ([]*logic.Cube, bool) {
	limit := min(questionWork, s.budget)
	left := limit
	var out []*logic.Cube
	complete := logic.Cubes(r.holds, &left, func(c *logic.Cube) bool {
		out = append(out, c.Clone())
		return len(out) <= mostWays
	})
	s.budget -= limit - max(left, 0)
	return out, complete && len(out) <= mostWays && len(out) > 0
}

// hide makes r one of the earlier rules.
func (s *orderScan) hide(r *lintRule, ways []*logic.Cube) {
	s.not[r] = logic.Not(r.holds)
	seen := map[int]bool{}
	r.holds.Reads(func(id int) {
		if !seen[id] {
			seen[id] = true
			s.by[id] = append(s.by[id], r)
		}
	})
	id, values, ok := selects(ways)
	if !ok {
		s.wide = append(s.wide, r)
		return
	}
	for _, v := range values {
		s.narrow[wanted{id, v}] = append(s.narrow[wanted{id, v}], r)
	}
}

// selects finds a read that has one of some values in all of the ways: what a
// rule hides has one of these values as well.
func selects(ways []*logic.Cube) (read int, values []string, ok bool) {
	best := 0
	for _, lit := range ways[0].Lits {
		if lit.Absence {
			continue
		}
		list, known := valuesIn(ways, lit.ID())
		if known && (!ok || len(list) < best || ways[0].IsText(lit.ID()) && !ways[0].IsText(read)) {
			read, values, best, ok = lit.ID(), list, len(list), true
		}
	}
	return read, values, ok
}

func valuesIn(ways []*logic.Cube, read int) ([]string, bool) {
	var all []string
	for _, way := range ways {
		list, known := way.Values(read)
		if !known {
			return nil, false
		}
		all = append(all, list...)
	}
	return all, true
}

// hidden reports r if earlier rules hide it.
func (s *orderScan) hidden(r *lintRule, ways []*logic.Cube) bool {
	for _, first := range s.candidates(ways) {
		if s.covers(first, ways) {
			s.report(r, unreachable, r.Line, r.Column,
				"the rule is never reached: whenever it would fire, rule %q%s fires before it, and with hit: first that ends the search; put it in front of that rule, or remove it", first.Name, inLine(first))
			return true
		}
	}
	if s.hiddenByAll(r) {
		s.report(r, unreachable, r.Line, r.Column,
			"the rule is never reached: whenever it would fire, one of the rules in front of it fires, and with hit: first that ends the search; put it in front of them, or remove it")
		return true
	}
	return false
}

// candidates are the earlier rules that may hide a rule by themselves.
func (s *orderScan) candidates(ways []*logic.Cube) []*lintRule {
	out := s.wide
	seen := map[*lintRule]bool{}
	for _, lit := range ways[0].Lits {
		list, known := ways[0].Values(lit.ID())
		if !known || len(list) == 0 {
			continue
		}
		for _, r := range s.narrow[wanted{lit.ID(), list[0]}] {
			if !seen[r] {
				seen[r] = true
				out = append(out[:len(out):len(out)], r)
			}
		}
	}
	return out
}

// covers tells whether the earlier rule fires in all of the ways.
func (s *orderScan) covers(first *lintRule, ways []*logic.Cube) bool {
	for _, way := range ways {
		if !way.Implies(first.holds, &s.budget) {
			return false
		}
	}
	return true
}

// hiddenByAll tells whether there is no way for r to fire in which no earlier
// rule does.
func (s *orderScan) hiddenByAll(r *lintRule) bool {
	parts := []*logic.Formula{r.holds}
	seen := map[*lintRule]bool{}
	r.holds.Reads(func(id int) {
		if len(s.by[id]) > mostJointly {
			return
		}
		for _, first := range s.by[id] {
			if !seen[first] {
				seen[first] = true
				parts = append(parts, s.not[first])
			}
		}
	})
	if len(parts) < 2 || len(parts) > 1+mostJointly {
		return false
	}
	limit := min(jointWork, s.budget)
	left := limit
	surely := logic.Impossible(logic.And(parts...), &left)
	s.budget -= limit - max(left, 0)
	return surely
}
