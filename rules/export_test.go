package rules

import (
	"context"
	"iter"
)

// AllMatches is Matches without the index: it looks at every rule.
func (s *Set[In, Then]) AllMatches(ctx context.Context, in *In) iter.Seq2[Match[In, Then], error] {
	all := &Set[In, Then]{rules: s.rules, direct: s.direct}
	all.frames.New = s.frames.New
	return all.matches(ctx, in, s.hit)
}

// Indexed says whether the set has an index.
func (s *Set[In, Then]) Indexed() bool { return s.index != nil }

// OwnsRules tells whether the set's rules know no other set.
func OwnsRules[In, Then any](s *Set[In, Then]) bool {
	for i := range s.rules {
		if s.rules[i].set != s {
			return false
		}
	}
	return true
}
