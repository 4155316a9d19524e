package transcript_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/transcript"
)

// observable are files with rules that fire, are skipped, fail, are in shadow,
// and are not reached, and rules in Go.
func observable(t require.TestingT, opts ...transcript.Option) *transcript.RuleSet {
	files := []transcript.File{
		{Name: "a.rules.yaml", Data: []byte(ruleFile("collect",
			"low | csatRank <= 3 | subject=Rating of ${agentName ?? \"somebody\"}",
			"twin | csatRank <= 2 | targetEmail=low@example.com | subject=Rating of ${agentName ?? \"somebody\"}",
			"care | skillName == \"CustomerCare\" and agentName != \"Nobody\"",
			"zero | 10 / (csatRank - 2) > 0",
			"absent | csatRank == 1 | subject=For ${agentName}",
			"known | known(skillName)"))},
		{Name: "b.rules.yaml", Data: []byte(shadowed + ruleFile("first",
			"dear | csatRank == 1 | targetEmail=${agentName}",
			"first | csatRank <= 4", "second | csatRank <= 5")[len(firstHead):])},
	}
	opts = append(opts, transcript.RecipientDomains("example.com"),
		transcript.Functions(rules.Func("known", func(skill string) (bool, error) {
			return false, fmt.Errorf("skill %s is not known", skill)
		})),
		transcript.Func("go", func(_ context.Context, e event) ([]events.TranscriptEmail, error) {
			switch e.Payload.AgentName {
			case "":
				return nil, nil
			case "John Doe":
				return nil, fmt.Errorf("agent %s is not known", e.Payload.AgentName)
			}
			return []events.TranscriptEmail{{TargetEmail: "low@example.com", SenderName: "Go", SenderEmail: "no-reply@example.com", Subject: "Go"}}, nil
		}))
	set, err := transcript.ParseFiles(files, opts...)
	require.NoError(t, err)
	return set
}

const firstHead = "version: 1\nevent: denver_post_survey_email_transcript\nhit: first\nrules:\n"

const shadowed = firstHead + `  - name: trial
    mode: shadow
    when: csatRank <= 3
    then: {targetEmail: trial@example.com, senderName: Trial, senderEmail: no-reply@example.com, subject: Trial}
  - name: broken
    mode: shadow
    when: 10 / (csatRank - 2) > 100
    then: {targetEmail: trial@example.com, senderName: Trial, senderEmail: no-reply@example.com, subject: Trial}
  - name: gone
    mode: off
    when: csatRank <= 3
    then: {targetEmail: trial@example.com, senderName: Trial, senderEmail: no-reply@example.com, subject: Trial}
`

func randomSurvey(t *rapid.T) event {
	var e event
	if n := rapid.IntRange(0, 6).Draw(t, "rank"); n > 0 {
		e.Payload.CSATRank = &n
	}
	e.Payload.SkillName = rapid.SampledFrom([]string{"", "CustomerCare", "Sales"}).Draw(t, "skill")
	e.Payload.AgentName = rapid.SampledFrom([]string{"", "John Doe", "Jane", "jane@example.com"}).Draw(t, "agent")
	return e
}

func messageOf(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// TestObservedDecisionsAreTheSame decides random surveys with and without an
// observer, and explains them.
func TestObservedDecisionsAreTheSame(t *testing.T) {
	t.Parallel()
	plain := observable(t)
	var o transcript.Observation
	observed := observable(t, transcript.Observe(func(_ context.Context, seen transcript.Observation) {
		o = seen
		o.Rules = append([]rules.RuleAudit(nil), seen.Rules...)
	}), transcript.Observe(nil))
	outcomes := map[rules.Outcome]bool{}
	rapid.Check(t, func(t *rapid.T) {
		e := randomSurvey(t)
		want, wantErr := plain.Decide(context.Background(), e)
		got, err := observed.Decide(context.Background(), e)
		require.Equal(t, want, got)
		require.Equal(t, messageOf(wantErr), messageOf(err))
		require.Equal(t, err, o.Err)
		require.Equal(t, e, o.Event)
		require.Same(t, observed, o.Set)
		why := plain.Explain(context.Background(), e)
		require.Len(t, o.Rules, len(why.Rules))
		first := map[events.TranscriptEmail]int{}
		for i, r := range why.Rules {
			require.Equal(t, r.Outcome, o.Rules[i].Outcome, r.Name)
			require.Equal(t, messageOf(r.Err), messageOf(o.Rules[i].Err), r.Name)
			require.ElementsMatch(t, r.Absent, o.Absent(context.Background(), i), r.Name)
			outcomes[r.Outcome] = true
			for _, e := range r.Emails {
				if _, known := first[e]; !known && r.Mode == rules.Enforce {
					first[e] = i
				}
			}
		}
		require.Len(t, o.Emails, len(want))
		for i, e := range o.Emails {
			require.Equal(t, transcript.ObservedEmail{Rule: first[want[i]], TranscriptEmail: want[i]}, e)
		}
	})
	assert.Len(t, outcomes, 6, "all outcomes occur")
}

func TestObserversKeepTheirHandsOffTheDecision(t *testing.T) {
	t.Parallel()
	spoil := transcript.Observe(func(_ context.Context, o transcript.Observation) {
		assert.Equal(t, "low@example.com", o.Emails[0].TargetEmail)
		for i := range o.Emails {
			o.Emails[i].TargetEmail = "***"
		}
	})
	set := parse(t, ruleFile("collect", "low | csatRank <= 3"), spoil, spoil)
	emails, err := set.Decide(t.Context(), documented())
	require.NoError(t, err)
	require.Len(t, emails, 1)
	assert.Equal(t, "low@example.com", emails[0].TargetEmail)
}

func TestNothingElseIsObserved(t *testing.T) {
	t.Parallel()
	set := parse(t, ruleFile("collect", "low | csatRank <= 3")+"tests: [{name: t, given: {csatRank: 1}, expect: {fired: [low]}}]\n",
		transcript.Observe(func(context.Context, transcript.Observation) { t.Error("observed") }))
	set.Explain(t.Context(), documented())
	assert.NoError(t, set.Test(t.Context()))
}

func TestObservedTimes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		set, err := transcript.New(transcript.Func("slow", func(context.Context, event) ([]events.TranscriptEmail, error) {
			time.Sleep(time.Second)
			return nil, nil
		}), transcript.Observe(func(_ context.Context, o transcript.Observation) {
			assert.Equal(t, start, o.Start)
			assert.Equal(t, time.Second, o.Took)
			time.Sleep(time.Minute)
		}))
		require.NoError(t, err)
		_, err = set.Decide(t.Context(), documented())
		require.NoError(t, err)
		assert.Equal(t, time.Second+time.Minute, time.Since(start), "Decide returns when the observer has")
	})
}

// TestObservedEndOfTheContext ends the context before and amid a decision.
func TestObservedEndOfTheContext(t *testing.T) {
	t.Parallel()
	for _, amid := range []bool{false, true} {
		ctx, cancel := context.WithCancel(t.Context())
		end := transcript.Func("end", func(context.Context, event) ([]events.TranscriptEmail, error) {
			cancel()
			return nil, nil
		})
		if !amid {
			cancel()
		}
		file := ruleFile("collect", "low | csatRank <= 3", "high | csatRank > 3")
		seen := false
		set := parse(t, file, end, transcript.Func("then", nothing), transcript.Observe(func(_ context.Context, o transcript.Observation) {
			seen = true
			assert.ErrorIs(t, o.Err, context.Canceled)
			assert.Equal(t, rules.Failed, o.Rules[3].Outcome)
		}))
		_, err := set.Decide(ctx, documented())
		assert.True(t, seen)
		if !amid {
			_, want := parse(t, file, end).Decide(ctx, documented())
			assert.EqualError(t, err, want.Error(), "once for the file, once for the rules in Go")
		}
		assert.ErrorIs(t, err, context.Canceled)
		cancel()
	}
}

func TestManyAreObserved(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	counts := map[string]int{}
	set := observable(t, transcript.Observe(func(_ context.Context, o transcript.Observation) {
		mu.Lock()
		defer mu.Unlock()
		counts[o.Event.Payload.AgentName]++
		assert.Len(t, o.Rules, 13)
	}))
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			e := documented()
			e.Payload.AgentName = fmt.Sprint(i)
			for range 20 {
				emails, err := set.Decide(t.Context(), e)
				var placed *rules.RuleError
				assert.True(t, errors.As(err, &placed))
				if assert.NotEmpty(t, emails) {
					assert.Equal(t, "Rating of "+e.Payload.AgentName, emails[0].Subject)
				}
			}
		})
	}
	all.Wait()
	assert.Len(t, counts, 8)
	for _, n := range counts {
		assert.Equal(t, 20, n)
	}
}
