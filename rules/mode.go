package rules

import (
	"fmt"
	"iter"
	"slices"
	"sync/atomic"
)

// A Mode says whether a rule counts.
type Mode uint8

// The modes.
const (
	Enforce Mode = iota // the rule counts
	Shadow              // the rule is evaluated, traced and counted, but never matches
	Off                 // the rule is checked when it is loaded, and that is all
)

// modes spells the modes as rule files do, in their order.
func modes() []string { return []string{"enforce", "shadow", "off"} }

// String is the mode as rule files spell it.
func (m Mode) String() string {
	if m > Off {
		return fmt.Sprintf("Mode(%d)", uint8(m))
	}
	return modes()[m]
}

// parseMode reads a mode; the empty text is Enforce.
func parseMode(text string) (Mode, bool) {
	if text == "" {
		return Enforce, true
	}
	i := slices.Index(modes(), text)
	return Mode(max(i, 0)), i >= 0
}

// A ShadowCount tells what a rule in shadow would have done.
type ShadowCount struct {
	Rule   string
	Fired  int64 // how often its condition was true
	Failed int64 // how often its condition was an error
}

// shadowCounter counts for one rule, for all goroutines.
type shadowCounter struct{ fired, failed atomic.Int64 }

func (c *shadowCounter) count(fires bool, err error) {
	switch {
	case err != nil:
		c.failed.Add(1)
	case fires:
		c.fired.Add(1)
	}
}

// ShadowCounts yields, in order, what the rules in shadow would have done in
// all decisions since the set was made. A decision that ends early does not
// count the rules behind its end; Explain counts nothing.
func (s *Set[In, Then]) ShadowCounts() iter.Seq[ShadowCount] {
	return func(yield func(ShadowCount) bool) {
		for i := range s.rules {
			r := &s.rules[i]
			if r.Mode != Shadow {
				continue
			}
			if !yield(ShadowCount{Rule: r.Name, Fired: r.shadow.fired.Load(), Failed: r.shadow.failed.Load()}) {
				return
			}
		}
	}
}
