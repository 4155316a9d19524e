package workload

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
)

// MixedSet is n rules as contact centres have them: ranges, lists, patterns,
// alternatives, over events whose fields may be absent.
func MixedSet(n int) *Set {
	random := rand.New(rand.NewPCG(2, uint64(n)))
	s := &Set{Name: "mixed", Rules: make([]Rule, n), Events: make([]Event, Rotating), Absent: true}
	for i := range s.Rules {
		s.Rules[i] = mixedRule(random, i, n)
		s.Rules[i].Name = fmt.Sprintf("rule-%05d", i)
	}
	for i := range s.Events {
		s.Events[i] = mixedEvent(random, n)
	}
	return s
}

// firstNames and surnames make up the agents.
func firstNames() []string {
	return []string{"John", "Jane", "Ada", "Kim", "Søren", "Alice", "Bob", "Mia"}
}

func surnames() []string {
	return []string{"Doe", "Roe", "Smith", "Kowalski", "Jensen", "Nakamura", "Okafor", "Silva"}
}

// agent is one of 6,400.
func agent(i int) string {
	first, last := firstNames(), surnames()
	return fmt.Sprintf("%s %s %02d", first[i%8], last[i/8%8], i/64%100)
}

// mixedRule is one of five kinds of rules, in turn.
func mixedRule(random *rand.Rand, i, n int) Rule {
	limit, name, seconds := 1+random.IntN(4), skill(random.IntN(n)), 1+random.IntN(600)
	switch i % 5 {
	case 0: // a list
		skills := []string{name, skill(random.IntN(n)), skill(random.IntN(n))}
		return Rule{
			When: All{OneOf{SkillName, skills}, AtMost{CSATRank, limit}},
			Native: func(e *Event) bool {
				return slices.Contains(skills, e.SkillName) && e.CSATRank != nil && *e.CSATRank <= limit
			},
		}
	case 1: // a range
		high := seconds + 30
		return Rule{
			When: All{Between{Wait, seconds, high}, Is{SkillName, name}},
			Native: func(e *Event) bool {
				return e.Wait != nil && seconds <= *e.Wait && *e.Wait <= high && e.SkillName == name
			},
		}
	case 2: // a pattern
		c := Matches{AgentName, agent(random.IntN(6400))}
		lower, pattern := strings.ToLower(c.Literal), regexp.MustCompile(c.Pattern())
		if strings.Contains(c.Literal, "ø") {
			return Rule{When: c, Native: func(e *Event) bool { return pattern.MatchString(e.AgentName) }}
		}
		return Rule{When: c, Native: func(e *Event) bool { return ContainsFold(e.AgentName, lower, pattern) }}
	case 3: // alternatives
		agent := agent(random.IntN(6400))
		return Rule{
			When: Either{All{Is{SkillName, name}, AtMost{CSATRank, limit}}, Is{AgentName, agent}},
			Native: func(e *Event) bool {
				return e.SkillName == name && e.CSATRank != nil && *e.CSATRank <= limit || e.AgentName == agent
			},
		}
	default: // an alternative inside
		other := skill(random.IntN(n))
		return Rule{
			When: All{Either{Is{SkillName, name}, Is{SkillName, other}}, Between{Wait, 1, seconds}},
			Native: func(e *Event) bool {
				return (e.SkillName == name || e.SkillName == other) && e.Wait != nil && 1 <= *e.Wait && *e.Wait <= seconds
			},
		}
	}
}

// mixedEvent has each of its fields with a chance of nine in ten.
func mixedEvent(random *rand.Rand, n int) Event {
	var e Event
	there := func() bool { return random.IntN(10) > 0 }
	if there() {
		e.CSATRank = new(1 + random.IntN(5))
	}
	if there() {
		e.SkillName = skill(random.IntN(n))
	}
	if there() {
		e.AgentName = agent(random.IntN(6400))
	}
	if there() {
		e.Wait = new(1 + random.IntN(600))
	}
	return e
}
