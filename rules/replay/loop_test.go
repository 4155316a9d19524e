package replay_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/rules/decisionlog"
	"github.com/afterword-go/afterword/rules/replay"
)

// looped is the summary of a plain loop over the lines, by ExplainEach: what Run is
// held to.
func looped(t *testing.T, set *rules.Set[form, []answer], lines []string, keep int) *replay.Summary {
	t.Helper()
	out := &replay.Summary{}
	for info := range set.Rules() {
		r := replay.RuleSummary{RuleInfo: info}
		for _, p := range set.Parts(len(out.Rules)) {
			r.Parts = append(r.Parts, replay.PartSummary{PartInfo: p})
		}
		out.Rules = append(out.Rules, r)
	}
	for i, line := range lines {
		if line == "" {
			continue
		}
		in, err := decodeForm([]byte(line))
		if err != nil {
			out.Unreadable++
			note(&out.Lines, keep, i+1, err.Error())
			continue
		}
		out.Events++
		loopedEvent(t, set, in, i+1, keep, out)
	}
	return out
}

// loopedEvent counts what comes of an event.
func loopedEvent(t *testing.T, set *rules.Set[form, []answer], in *form, line, keep int, out *replay.Summary) {
	t.Helper()
	made := map[string][]string{}
	trace := set.ExplainEach(t.Context(), in, func(m rules.Match[form, []answer]) (err error) {
		made[m.Name()], err = rendered(m)
		return err
	})
	failing := false
	for k, told := range trace.Rules {
		r := &out.Rules[k]
		*map[rules.Outcome]*int{
			rules.Fired: &r.Fired, rules.NotFired: &r.NotFired, rules.Skipped: &r.Skipped, rules.Failed: &r.Failed,
			rules.NotReached: &r.NotReached, rules.SwitchedOff: new(int),
		}[told.Outcome]++
		if told.Err != nil {
			note(&r.Errors, keep, line, decisionlog.MessageOf(told.Err, false))
			failing = failing || told.Mode == rules.Enforce
		}
		if told.Mode == rules.Enforce {
			for _, text := range made[told.Name] {
				_, name, _ := strings.Cut(text, "@")
				out.Outcomes++
				r.Outcomes++
				group(&out.Groups, name)
				group(&r.Groups, name)
			}
		}
		short(told, r)
	}
	if failing {
		out.Failing++
	}
}

// rendered are the texts of a rule, none if one fails.
func rendered(m rules.Match[form, []answer]) ([]string, error) {
	var all []string
	for _, a := range m.Then() {
		text, err := m.Render(a.To)
		if err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	return all, nil
}

func note(into *[]replay.LineError, keep, line int, message string) {
	if len(*into) < keep {
		*into = append(*into, replay.LineError{Line: line, Message: message})
	}
}

func group(g *replay.Groups, name string) {
	if g.Counts == nil {
		g.Counts = map[string]int{}
	}
	g.Counts[name]++
}

// short counts the only part that is not true.
func short(told rules.RuleTrace, r *replay.RuleSummary) {
	if told.Outcome != rules.NotFired && told.Outcome != rules.Skipped || len(r.Parts) == 0 {
		return
	}
	var untrue []int
	truth := map[string]rules.Truth{told.Condition.Text: told.Condition.Truth}
	for _, p := range told.Condition.Parts {
		truth[p.Text] = p.Truth
	}
	for i, p := range r.Parts {
		if truth[p.Text] != rules.True {
			untrue = append(untrue, i)
		}
	}
	if len(untrue) == 1 {
		r.Parts[untrue[0]].Missed++
	}
}

// writtenLines are the lines that appendLine makes, in a plain loop.
func writtenLines(t *testing.T, set *rules.Set[form, []answer], lines []string) string {
	t.Helper()
	var out strings.Builder
	decider := replay.Of(set, rules.Tester[form, []answer]{}).Decider()
	for i, line := range lines {
		if line == "" {
			continue
		}
		in, err := decodeForm([]byte(line))
		if err != nil {
			fmt.Fprintf(&out, "%d is no form [] []\n", i+1)
			continue
		}
		out.Write(appendLine(nil, replay.Line[form]{Number: i + 1, Event: in}, decider.Decide(t.Context(), in)))
	}
	return out.String()
}
