package engines

import (
	"fmt"
	"regexp"

	"github.com/afterword-go/afterword/bench/rules/internal/workload"
)

// Closures is what one writes by hand for rules that are known at run time
// only: a Go closure for each, called one after the other.
func Closures() Engine {
	return Engine{Name: "Go, loop of closures", Load: func(s *workload.Set) (Loaded, error) {
		list := make([]func(*workload.Event) bool, len(s.Rules))
		for i, r := range s.Rules {
			list[i] = r.Native
		}
		return loadedFunc(func(events []workload.Event) (Run, error) {
			mask := len(events) - 1
			return func(from, count int) (sum uint64) {
				for i := from; i < from+count; i++ {
					e := &events[i&mask]
					for rule, holds := range list {
						if holds(e) {
							sum += workload.Mark(rule)
						}
					}
				}
				return sum
			}, nil
		}), nil
	}}
}

// Map is what one writes by hand for rules of the shape csatRank <= K and
// skillName == "…": a map from the skill to its rules.
func Map() Engine {
	type entry struct{ limit, rule int }
	return Engine{Name: "Go, native map", Load: func(s *workload.Set) (Loaded, error) {
		bySkill := make(map[string][]entry, len(s.Rules))
		for i, r := range s.Rules {
			limit, skill, ok := equality(r.When)
			if !ok {
				return nil, fmt.Errorf("rule %s is not of the shape that a map can decide", r.Name)
			}
			bySkill[skill] = append(bySkill[skill], entry{limit, i})
		}
		return loadedFunc(func(events []workload.Event) (Run, error) {
			mask := len(events) - 1
			return func(from, count int) (sum uint64) {
				for i := from; i < from+count; i++ {
					e := &events[i&mask]
					for _, it := range bySkill[e.SkillName] {
						if e.CSATRank != nil && *e.CSATRank <= it.limit {
							sum += workload.Mark(it.rule)
						}
					}
				}
				return sum
			}, nil
		}), nil
	}}
}

// equality takes a condition of the shape that Map decides apart.
func equality(c workload.Condition) (limit int, skill string, ok bool) {
	all, isAll := c.(workload.All)
	if !isAll || len(all) != 2 {
		return 0, "", false
	}
	most, first := all[0].(workload.AtMost)
	is, second := all[1].(workload.Is)
	return most.Limit, is.Value, first && second && most.Field == workload.CSATRank && is.Field == workload.SkillName
}

// one makes an engine of a function written by hand for a set of one rule. It
// is called as functions are: none is inlined.
func one(name string, holds func(*workload.Event) bool) Engine {
	return Engine{Name: name, Load: func(s *workload.Set) (Loaded, error) {
		if len(s.Rules) != 1 {
			return nil, fmt.Errorf("%s: made for one rule, not for %d", name, len(s.Rules))
		}
		return loadedFunc(func(events []workload.Event) (Run, error) {
			mask := len(events) - 1
			return func(from, count int) (sum uint64) {
				for i := from; i < from+count; i++ {
					if holds(&events[i&mask]) {
						sum += workload.Mark(0)
					}
				}
				return sum
			}, nil
		}), nil
	}}
}

// ReferenceByHand are the ways to write the reference rule in Go: the search of
// workload.ContainsFold with literals and with constants that are known at run
// time only, and patterns.
func ReferenceByHand() []Engine {
	care, john := regexp.MustCompile("(?i)CustomerCare"), regexp.MustCompile("(?i)John Doe")
	most, skill, agent := 3, "customercare", "john doe"
	return []Engine{
		one("Go, fold search, literals", func(e *workload.Event) bool {
			return e.CSATRank != nil && *e.CSATRank <= 3 && workload.ContainsFold(e.SkillName, "customercare", care) && workload.ContainsFold(e.AgentName, "john doe", john)
		}),
		one("Go, fold search, run-time constants", runTimeReference(&most, &skill, &agent)),
		one("Go, regexp", func(e *workload.Event) bool {
			return e.CSATRank != nil && *e.CSATRank <= 3 && care.MatchString(e.SkillName) && john.MatchString(e.AgentName)
		}),
	}
}

// runTimeReference reads its constants from variables: the compiler cannot
// know them.
func runTimeReference(most *int, skill, agent *string) func(*workload.Event) bool {
	inSkill, inAgent := regexp.MustCompile("(?i)"+*skill), regexp.MustCompile("(?i)"+*agent)
	return func(e *workload.Event) bool {
		return e.CSATRank != nil && *e.CSATRank <= *most && workload.ContainsFold(e.SkillName, *skill, inSkill) && workload.ContainsFold(e.AgentName, *agent, inAgent)
	}
}

// EqualitiesByHand are the ways to write the rule of workload.Equalities in Go.
func EqualitiesByHand() []Engine {
	most, skill, agent := 3, "CustomerCare", "John Doe"
	return []Engine{
		one("Go, literals", func(e *workload.Event) bool {
			return e.CSATRank != nil && *e.CSATRank <= 3 && e.SkillName == "CustomerCare" && e.AgentName == "John Doe"
		}),
		one("Go, run-time constants", runTimeEqualities(&most, &skill, &agent)),
	}
}

func runTimeEqualities(most *int, skill, agent *string) func(*workload.Event) bool {
	return func(e *workload.Event) bool {
		return e.CSATRank != nil && *e.CSATRank <= *most && e.SkillName == *skill && e.AgentName == *agent
	}
}
