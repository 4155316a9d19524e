package workload

import (
	"regexp"
	"slices"
	"unicode/utf8"
)

// A Condition is what a rule asks of an event. What reads an absent field does
// not hold. Nothing negates, so that this is all there is to say about absence.
type Condition interface {
	// Holds decides slowly and plainly: the engines are held against it.
	Holds(e *Event) bool
}

type (
	// All holds if each of its parts does.
	All []Condition
	// Either holds if one of its parts does.
	Either []Condition
	// AtMost is field <= limit.
	AtMost struct {
		Field Number
		Limit int
	}
	// Between is field >= low and field <= high; low is more than 0.
	Between struct {
		Field     Number
		Low, High int
	}
	// Is is field == "value"; the value is not empty.
	Is struct {
		Field Text
		Value string
	}
	// OneOf is field in ["a", "b"]; no value is empty.
	OneOf struct {
		Field  Text
		Values []string
	}
	// Matches is field matches "(?i)literal"; the literal has no characters that
	// mean something in patterns.
	Matches struct {
		Field   Text
		Literal string
	}
	// SumOver is csatRank * factor + len(skillName) > limit: nothing that an
	// index could be made of.
	SumOver struct{ Factor, Limit int }
)

// Pattern is the pattern that the field must match.
func (c Matches) Pattern() string { return "(?i)" + c.Literal }

// Holds implements Condition.
func (c All) Holds(e *Event) bool {
	return !slices.ContainsFunc(c, func(part Condition) bool { return !part.Holds(e) })
}

// Holds implements Condition.
func (c Either) Holds(e *Event) bool {
	return slices.ContainsFunc(c, func(part Condition) bool { return part.Holds(e) })
}

// Holds implements Condition.
func (c AtMost) Holds(e *Event) bool {
	n, ok := c.Field.of(e)
	return ok && n <= c.Limit
}

// Holds implements Condition.
func (c Between) Holds(e *Event) bool {
	n, ok := c.Field.of(e)
	return ok && c.Low <= n && n <= c.High
}

// Holds implements Condition.
func (c Is) Holds(e *Event) bool {
	s, ok := c.Field.of(e)
	return ok && s == c.Value
}

// Holds implements Condition.
func (c OneOf) Holds(e *Event) bool {
	s, ok := c.Field.of(e)
	return ok && slices.Contains(c.Values, s)
}

// Holds implements Condition.
func (c Matches) Holds(e *Event) bool {
	s, ok := c.Field.of(e)
	return ok && regexp.MustCompile(c.Pattern()).MatchString(s)
}

// Holds implements Condition.
func (c SumOver) Holds(e *Event) bool {
	rank, hasRank := CSATRank.of(e)
	skill, hasSkill := SkillName.of(e)
	return hasRank && hasSkill && rank*c.Factor+utf8.RuneCountInString(skill) > c.Limit
}
