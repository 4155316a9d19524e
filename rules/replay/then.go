package replay

import (
	"fmt"
	"slices"
	"strings"

	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/rules/decisionlog"
)

// A Then is what was decided for an event when it was recorded.
type Then[Out any] struct {
	Fired  []string // the names of the rules that fired, those in shadow left out
	Failed []string // of those that failed; it may have those in shadow
	Count  int      // how many outcomes there were
	// Outcomes are the outcomes as they were recorded, perhaps masked. They are
	// compared if there are Count of them.
	Outcomes []decisionlog.Outcome[Out]
}

// Differences says in what a decision of today is not that of then, one line for
// each difference; there is none if both are alike. Rules in shadow do not count,
// and nor do outcomes where a rule failed, then or today, or their order. Of are
// the rules that decided today.
//
// Differ says in what an outcome of today is not one that was recorded, as far as
// the recording tells; nothing, if it may be the same. Nil: outcomes are only
// counted.
func (t Then[Out]) Differences(of []rules.RuleInfo, today Decision[Out], differ func(then, now Out) []string) []string {
	var fired, failed []string
	failedThen := slices.Clone(t.Failed)
	for i, a := range today.Rules {
		switch {
		case of[i].Mode != rules.Enforce:
			failedThen = slices.DeleteFunc(failedThen, func(name string) bool { return name == of[i].Name })
		case a.Outcome == rules.Fired:
			fired = append(fired, of[i].Name)
		case a.Outcome == rules.Failed:
			failed = append(failed, of[i].Name)
		}
	}
	out := differences("fired", t.Fired, fired)
	out = append(out, differences("failed", failedThen, failed)...)
	switch {
	case len(out)+len(failed) > 0:
		return out
	case len(today.Outcomes) != t.Count:
		return []string{fmt.Sprintf("the same rules fired, but they led to %d then, and to %d now", t.Count, len(today.Outcomes))}
	case differ == nil || len(t.Outcomes) != t.Count:
		return nil
	}
	return t.outcomes(of, today.Outcomes, differ)
}

// differences are those between two lists of rules.
func differences(what string, then, now []string) []string {
	var out []string
	for _, name := range then {
		if !slices.Contains(now, name) {
			out = append(out, fmt.Sprintf("rule %s %s then, not now", name, what))
		}
	}
	for _, name := range now {
		if !slices.Contains(then, name) {
			out = append(out, fmt.Sprintf("rule %s %s now, not then", name, what))
		}
	}
	return out
}

// outcomes compares as many outcomes as there were then. Those that are alike make
// pairs first, then those of a rule, then whatever is left.
func (t Then[Out]) outcomes(of []rules.RuleInfo, now []Outcome[Out], differ func(then, now Out) []string) []string {
	left, then := slices.Clone(now), slices.Clone(t.Outcomes)
	pair := func(fits func(decisionlog.Outcome[Out], Outcome[Out]) bool, found func(decisionlog.Outcome[Out], Outcome[Out])) {
		then = slices.DeleteFunc(then, func(a decisionlog.Outcome[Out]) bool {
			i := slices.IndexFunc(left, func(b Outcome[Out]) bool { return fits(a, b) })
			if i >= 0 {
				found(a, left[i])
				left = slices.Delete(left, i, i+1)
			}
			return i >= 0
		})
	}
	ofRule := func(a decisionlog.Outcome[Out], b Outcome[Out]) bool { return a.Rule == of[b.Rule].Name }
	alike := func(a decisionlog.Outcome[Out], b Outcome[Out]) bool { return len(differ(a.Value, b.Value)) == 0 }
	none := func(decisionlog.Outcome[Out], Outcome[Out]) {}
	pair(func(a decisionlog.Outcome[Out], b Outcome[Out]) bool { return ofRule(a, b) && alike(a, b) }, none)
	pair(alike, none)
	var out []string
	note := func(a decisionlog.Outcome[Out], b Outcome[Out]) {
		out = append(out, fmt.Sprintf("rule %s: %s", of[b.Rule].Name, strings.Join(differ(a.Value, b.Value), ", ")))
	}
	pair(ofRule, note)
	pair(func(decisionlog.Outcome[Out], Outcome[Out]) bool { return true }, note)
	return out
}
