package replay

import (
	"fmt"
	"slices"

	"github.com/afterword-go/afterword/rules"
)

// A Then is what was decided for an event when it was recorded.
type Then struct {
	Fired    []string // the names of the rules that fired, those in shadow left out
	Failed   []string // of those that failed; it may have those in shadow
	Outcomes int      // how many there were
}

// Differences says in what a decision of today is not that of then, one line for
// each difference; there is none if both are alike. Rules in shadow do not count,
// and nor do outcomes where a rule failed, then or today. Of are the rules that
// decided today.
func (t Then) Differences(of []rules.RuleInfo, outcomes int, today []rules.RuleAudit) []string {
	var fired, failed []string
	failedThen := slices.Clone(t.Failed)
	for i, a := range today {
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
	if len(out)+len(failed) == 0 && outcomes != t.Outcomes {
		out = append(out, fmt.Sprintf("the same rules fired, but they led to %d then, and to %d now", t.Outcomes, outcomes))
	}
	return out
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
