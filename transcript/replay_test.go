package transcript_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/rules/replay"
	"github.com/afterword-go/afterword/transcript"
)

// replayedSet has two files and two rules in Go.
func replayedSet(t *testing.T) *transcript.RuleSet {
	t.Helper()
	both := ruleFile("collect",
		`low | csatRank <= 2 | targetEmail=leads@example.com | subject=low`,
		`low-again | csatRank == 1 and skillName == "Care" | targetEmail=leads@example.com | subject=low`,
		`named | agentName matches "^J" | subject=About ${agentName}`,
		`spoiled | agentName contains "x" | subject=For ${skillName}`,
		`folded | answer("Why?") == "No" and csatRank < 5 and csatRank > 1`,
	)
	both = strings.Replace(both, "- name: folded\n", "- name: folded\n    mode: shadow\n", 1)
	one := ruleFile("first", `worst | csatRank == 1`, `bad | csatRank <= 3`, `any | true`)
	set, err := transcript.ParseFiles([]transcript.File{{Name: "both.rules.yaml", Data: []byte(both)}, {Name: "one.rules.yaml", Data: []byte(one)}},
		transcript.Func("in-go", func(_ context.Context, e event) ([]events.TranscriptEmail, error) {
			switch {
			case e.Payload.AgentName == "":
				return nil, nil
			case strings.HasSuffix(e.Payload.AgentName, "xx"):
				return nil, errors.New("no such agent")
			}
			return []events.TranscriptEmail{{TargetEmail: "go@example.com", SenderName: "Go", SenderEmail: "no-reply@example.com", Subject: "Go"}}, nil
		}),
		transcript.Func("twice", func(_ context.Context, e event) ([]events.TranscriptEmail, error) {
			var out []events.TranscriptEmail
			for i := range len(e.Payload.Answers) * 5 {
				out = append(out, events.TranscriptEmail{TargetEmail: "go@example.com", SenderName: "Go", SenderEmail: "no-reply@example.com", Subject: fmt.Sprint(i / 2)})
			}
			return out, nil
		}))
	require.NoError(t, err)
	return set
}

func randomEvent(r *rand.Rand) event {
	var e event
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	if r.IntN(4) > 0 {
		e.Payload.CSATRank = rank(1 + r.IntN(5))
	}
	e.Payload.SkillName = pick("", "Care", "Billing")
	e.Payload.AgentName = pick("", "John", "Jane x", "Jane xx", "Bob")
	for range r.IntN(3) {
		e.Payload.Answers = append(e.Payload.Answers, events.Answer{Question: pick("Why?", "How?"), Answer: pick("No", "Yes", "")})
	}
	return e
}

// TestReplayedDecidesAsTheSet holds the decider to Decide and Explain.
func TestReplayedDecidesAsTheSet(t *testing.T) {
	t.Parallel()
	set, r := replayedSet(t), rand.New(rand.NewPCG(1, 2))
	replayed := set.Replayed()
	infos := replayed.Rules()
	assert.Equal(t, slices.Collect(set.Rules()), infos)
	decider, outcomes := replayed.Decider(), map[rules.Outcome]int{}
	for range 3000 {
		e := randomEvent(r)
		got := decider.Decide(t.Context(), &e)
		emails, err := set.Decide(t.Context(), e)
		explained := set.Explain(t.Context(), e)
		made := []events.TranscriptEmail{}
		for _, o := range got.Outcomes {
			made = append(made, o.Value)
			assert.Contains(t, explained.Rules[o.Rule].Emails, o.Value)
			for i := range o.Rule { // it counts for the first
				if explained.Rules[i].Mode == rules.Enforce {
					assert.NotContains(t, explained.Rules[i].Emails, o.Value)
				}
			}
		}
		assert.Equal(t, emails, made)
		require.Len(t, got.Rules, len(infos))
		var errs []error
		for i, told := range explained.Rules {
			outcomes[told.Outcome]++
			assert.Equal(t, told.Outcome, got.Rules[i].Outcome, told.Name)
			assert.Equal(t, fmt.Sprint(told.Err), fmt.Sprint(got.Rules[i].Err), told.Name)
			assert.Less(t, got.Rules[i].Short, max(1, len(replayed.Parts(i))), told.Name)
			if told.Mode == rules.Enforce {
				errs = append(errs, got.Rules[i].Err)
			}
		}
		assert.Equal(t, fmt.Sprint(err), fmt.Sprint(errors.Join(errs...)))
		if t.Failed() {
			t.Fatalf("%+v", e)
		}
	}
	for _, o := range []rules.Outcome{rules.Fired, rules.NotFired, rules.Skipped, rules.Failed, rules.NotReached} {
		assert.Greater(t, outcomes[o], 100, o)
	}
	for _, a := range decider.Decide(t.Context(), nil).Rules {
		assert.Equal(t, rules.Failed, a.Outcome)
	}
}

func TestPartsOfReplayedRules(t *testing.T) {
	t.Parallel()
	replayed := replayedSet(t).Replayed()
	var texts []string
	for i, info := range replayed.Rules() {
		for _, p := range replayed.Parts(i) {
			texts = append(texts, info.Name+": "+p.Text)
		}
	}
	assert.Equal(t, []string{
		"low: csatRank <= 2", "low-again: csatRank == 1", `low-again: skillName == "Care"`, `named: agentName matches "^J"`, `spoiled: agentName contains "x"`,
		`folded: answer("Why?") == "No"`, "folded: csatRank < 5", "folded: csatRank > 1", "worst: csatRank == 1", "bad: csatRank <= 3", "any: true",
	}, texts)
}

// TestReplayOfSurveys runs a replay from lines to domains.
func TestReplayOfSurveys(t *testing.T) {
	t.Parallel()
	set := replayedSet(t)
	lines := `{"csatRank": 1, "skillName": "Care"}
{"payload": {"csatRank": 2, "agentName": "Bob x"}}
{"csatRank": "secret"}
{"csatRank": 5}
`
	summary, err := replay.Run(t.Context(), strings.NewReader(lines), set.Replayed(), replay.Config[event, events.TranscriptEmail]{
		Reading:  replay.Reading[event]{Decode: transcript.DecodeEvent},
		Withhold: true,
	})
	require.NoError(t, err)
	assert.Equal(t, []any{3, 1, 1, 3}, []any{summary.Events, summary.Unreadable, summary.Failing, summary.Outcomes})
	assert.NotContains(t, summary.Lines[0].Message, "secret")
	assert.Equal(t, 3, summary.Lines[0].Line)
	assert.Equal(t, []replay.LineError{{Line: 2, Message: `both.rules.yaml:32:23: rule "spoiled": skillName is absent: give a default with ??`}}, summary.Rules[3].Errors)
}
