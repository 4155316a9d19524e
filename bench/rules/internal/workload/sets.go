package workload

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Reference is the rule that people write first, with an event that it fires
// for.
func Reference() *Set {
	care, john := regexp.MustCompile("(?i)CustomerCare"), regexp.MustCompile("(?i)John Doe")
	return &Set{
		Name: "reference rule",
		Rules: []Rule{{
			Name: "unhappy-care-customers",
			When: All{AtMost{CSATRank, 3}, Matches{SkillName, "CustomerCare"}, Matches{AgentName, "John Doe"}},
			Native: func(e *Event) bool {
				return e.CSATRank != nil && *e.CSATRank <= 3 && ContainsFold(e.SkillName, "customercare", care) && ContainsFold(e.AgentName, "john doe", john)
			},
		}},
		Events: matching(),
	}
}

// Equalities is the reference rule without patterns.
func Equalities() *Set {
	return &Set{
		Name: "equalities",
		Rules: []Rule{{
			Name: "unhappy-care-customers",
			When: All{AtMost{CSATRank, 3}, Is{SkillName, "CustomerCare"}, Is{AgentName, "John Doe"}},
			Native: func(e *Event) bool {
				return e.CSATRank != nil && *e.CSATRank <= 3 && e.SkillName == "CustomerCare" && e.AgentName == "John Doe"
			},
		}},
		Events: matching(),
	}
}

func matching() []Event {
	return []Event{{CSATRank: new(2), SkillName: "CustomerCare", AgentName: "John Doe", Wait: new(40)}}
}

// skill is the skill of a rule. All are of one length.
func skill(rule int) string { return fmt.Sprintf("Skill-%05d", rule) }

// EqualitySet is n rules csatRank <= K and skillName == "Skill-00123", each for
// a skill of its own.
func EqualitySet(n int) *Set {
	s := &Set{Name: "equality", Rules: make([]Rule, n), Events: events(n)}
	for i := range s.Rules {
		limit, skill := 1+i%5, skill(i)
		s.Rules[i] = Rule{
			Name:   fmt.Sprintf("rule-%05d", i),
			When:   All{AtMost{CSATRank, limit}, Is{SkillName, skill}},
			Native: func(e *Event) bool { return e.CSATRank != nil && *e.CSATRank <= limit && e.SkillName == skill },
		}
	}
	return s
}

// PatternSet is n rules skillName matches "(?i)Skill-00123".
func PatternSet(n int) *Set {
	s := &Set{Name: "pattern", Rules: make([]Rule, n), Events: events(n)}
	for i := range s.Rules {
		c := Matches{SkillName, skill(i)}
		lower, pattern := strings.ToLower(c.Literal), regexp.MustCompile(c.Pattern())
		s.Rules[i] = Rule{
			Name: fmt.Sprintf("rule-%05d", i), When: c,
			Native: func(e *Event) bool { return ContainsFold(e.SkillName, lower, pattern) },
		}
	}
	return s
}

// SumSet is n rules csatRank * F + len(skillName) > K. About one of a hundred
// fires for an event.
func SumSet(n int) *Set {
	s := &Set{Name: "sum", Rules: make([]Rule, n), Events: events(n)}
	for i := range s.Rules {
		factor := 1 + i%97
		limit := factor*5 + 10 // with rank 5, a skill of 11 characters is beyond it
		if i%20 != 0 {
			limit += 20
		}
		s.Rules[i] = Rule{
			Name: fmt.Sprintf("rule-%05d", i),
			When: SumOver{factor, limit},
			Native: func(e *Event) bool {
				return e.CSATRank != nil && e.SkillName != "" && *e.CSATRank*factor+utf8.RuneCountInString(e.SkillName) > limit
			},
		}
	}
	return s
}

// events are random events for n rules with skills. One of ten has a skill that
// no rule knows.
func events(n int) []Event {
	random := rand.New(rand.NewPCG(1, uint64(n)))
	out := make([]Event, Rotating)
	for i := range out {
		name := skill(random.IntN(n))
		if random.IntN(10) == 0 {
			name = "Other-00000"
		}
		out[i] = Event{CSATRank: new(1 + random.IntN(5)), SkillName: name, AgentName: "John Doe", Wait: new(1 + random.IntN(600))}
	}
	return out
}
