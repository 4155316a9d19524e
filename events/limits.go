package events

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// MaxSkills is how many skills one function may name (platform documentation,
// first generation).
const MaxSkills = 50

// A Holder is one place that is held: a function connected to an event.
type Holder struct {
	Function string
	// Skills are the skills that the function is for. None is all of them.
	Skills []string
}

// A LimitError says why a function may not join an event.
type LimitError struct {
	Event   string   // the wire ID
	Limit   int      // the event's limit
	Holders []Holder // who holds the places now
	Reason  string   // the limit or the rule broken; several are joined by "; "
}

// Error names the event, the reason and, within it, who holds the places.
func (e *LimitError) Error() string { return "event " + e.Event + " " + e.Reason }

// CheckLimit decides whether candidate may join the holders on kind.
//
// A holder with the candidate's own name is the candidate's earlier self and
// does not count. As long as no function names a skill, the limit counts
// functions. On a kind that supports skills there may be more, if each names
// its skills: the limit then counts per skill, and as no skill may be named
// by two functions, every skill has at most one. A function without skills
// excludes all functions with skills, and they exclude it. A function names
// at most MaxSkills skills, each once. (Platform documentation; the count per
// skill is read from its examples.)
//
// The error is a *LimitError with every reason at once.
func CheckLimit(kind AnyKind, holders []Holder, candidate Holder) error {
	others := slices.DeleteFunc(slices.Clone(holders), func(h Holder) bool { return h.Function == candidate.Function })
	reasons := skillFaults(kind, candidate)
	switch {
	case len(candidate.Skills) > 0 && kind.Skills():
		reasons = append(reasons, overlaps(others, candidate)...)
	default:
		reasons = append(reasons, crowd(kind, others)...)
	}
	if len(reasons) == 0 {
		return nil
	}
	for i := range others {
		others[i].Skills = slices.Clone(others[i].Skills)
	}
	return &LimitError{Event: kind.ID(), Limit: kind.Limit(), Holders: others, Reason: strings.Join(reasons, "; ")}
}

// skillFaults lists what is wrong with the candidate's skills by themselves.
func skillFaults(kind AnyKind, candidate Holder) (reasons []string) {
	skills := candidate.Skills
	if len(skills) == 0 {
		return nil
	}
	if !kind.Skills() {
		return []string{"does not support skills: let " + candidate.Function + " name none"}
	}
	if len(skills) > MaxSkills {
		reasons = append(reasons, fmt.Sprintf("takes at most %d skills per function: %s names %d", MaxSkills, candidate.Function, len(skills)))
	}
	for i, skill := range skills {
		if skill == "" {
			reasons = append(reasons, "takes no empty skill: "+candidate.Function+" names one")
		} else if first := slices.Index(skills, skill); first < i && !slices.Contains(skills[first+1:i], skill) {
			reasons = append(reasons, "takes each skill once: "+candidate.Function+" names "+strconv.Quote(skill)+" twice")
		}
	}
	return reasons
}

// overlaps lists who stands in the way of a candidate that names skills.
func overlaps(others []Holder, candidate Holder) (reasons []string) {
	for _, h := range others {
		if len(h.Skills) == 0 {
			reasons = append(reasons, "is held for all skills by "+h.Function+": let it name its skills first")
		}
		for _, skill := range h.Skills {
			if slices.Contains(candidate.Skills, skill) {
				reasons = append(reasons, "has skill "+strconv.Quote(skill)+" held by "+h.Function+": name it in one function only")
			}
		}
	}
	return reasons
}

// crowd lists who stands in the way of a candidate that names no skills.
func crowd(kind AnyKind, others []Holder) (reasons []string) {
	var names, skilled []string
	for _, h := range others {
		names = append(names, h.Function)
		if len(h.Skills) > 0 {
			skilled = append(skilled, h.Function)
		}
	}
	switch {
	case len(skilled) > 0:
		reasons = append(reasons, "is held for single skills by "+strings.Join(skilled, ", ")+": name the skills of this function too")
	case len(names) >= kind.Limit():
		reasons = append(reasons, fmt.Sprintf("holds %d of %d functions: %s", len(names), kind.Limit(), strings.Join(names, ", ")))
	}
	return reasons
}
