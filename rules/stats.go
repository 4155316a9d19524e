package rules

import (
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// Stats says how the rules of a set run.
type Stats struct {
	Rules []RuleStats
}

// RuleStats says how a rule runs.
type RuleStats struct {
	Name string
	// How is "direct" for a rule of comparisons of fields with constants, which
	// costs about what Go by hand does; "program" for any other condition;
	// "Go function" for a condition in Go; "off" for a rule that is off.
	How string
	// Found says how the set's index finds the rule, in a few words such as
	// "skillName: the whole text", or why it looks at the rule for every input. It
	// is empty if the set has no index, because each rule takes less time than it.
	Found string
	// Patterns are the patterns of the rule, in the order of the text.
	Patterns []PatternStats
}

// PatternStats says how a pattern is matched.
type PatternStats struct {
	Pattern string
	// How is for people: "whole text", "beginning", "end" or "search" where texts
	// are compared, "… in any case" for (?i), "regular expression" where RE2
	// decides, and "regular expression behind search" where it only looks at
	// texts that hold what every match does.
	How string
}

// Stats says how the rules run. It reads the conditions again, so it takes
// about as long as loading them.
func (s *Set[In, Then]) Stats() Stats {
	out := Stats{Rules: make([]RuleStats, len(s.rules))}
	for i := range s.rules {
		r := &s.rules[i]
		stats := RuleStats{Name: r.Name, How: "program"}
		switch {
		case r.Mode == Off:
			stats.How = "off"
		case r.inGo != nil:
			stats.How = "Go function"
		case s.direct.At(i) != nil:
			stats.How = "direct"
		}
		if s.index != nil {
			stats.Found = s.index.Describe(i)
		}
		for _, c := range r.conditions {
			stats.Patterns = append(stats.Patterns, c.patterns()...)
		}
		out.Rules[i] = stats
	}
	return out
}

// patterns says how the patterns of the condition are matched.
func (c *condition) patterns() []PatternStats {
	_, node, _ := readCondition(c.text, c.env) // it has loaded before
	var out []PatternStats
	node.Walk(func(n *tree.Node) bool {
		if n.Op == tree.Matches {
			out = append(out, PatternStats{Pattern: n.Pattern.String(), How: n.Pattern.Plan.String()})
		}
		return true
	})
	return out
}
