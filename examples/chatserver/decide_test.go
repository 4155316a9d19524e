package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/transcript"
)

func survey(t *testing.T, text string) events.Event[events.PostSurvey] {
	t.Helper()
	event, err := readSurvey(strings.NewReader(text))
	require.NoError(t, err)
	return event
}

// deskWith is a desk with one rule in Go.
func deskWith(t *testing.T, rule transcript.GoRule) *desk {
	t.Helper()
	live, err := transcript.NewLive(func() (*transcript.RuleSet, error) { return transcript.New(transcript.Func("go", rule)) })
	require.NoError(t, err)
	d, err := newDesk(live)
	require.NoError(t, err)
	return d
}

func TestLegacyRulesRunOnlyWithoutAFunction(t *testing.T) {
	for _, c := range []struct {
		o    options
		runs int
		by   decider
	}{
		{options{legacy: true}, 1, byLegacy},
		{options{}, 0, byFunctions},
	} {
		d, err := connect(c.o)
		require.NoError(t, err)
		runs := 0
		legacy := d.legacy
		d.legacy = func(event events.Event[events.PostSurvey]) []events.TranscriptEmail {
			runs++
			return legacy(event)
		}
		made, err := d.decide(t.Context(), survey(t, documented(t)))
		require.NoError(t, err)
		assert.Equal(t, c.by, made.By)
		assert.Equal(t, c.runs, runs)
		assert.Equal(t, c.runs == 1, slices.ContainsFunc(made.Emails, func(e events.TranscriptEmail) bool {
			return e.TargetEmail == "supervisors@example.com"
		}))

		// Nor are they asked when nobody is to be told, or when a rule fails.
		_, err = d.decide(t.Context(), survey(t, `{"payload":{"csatRank":4}}`))
		require.NoError(t, err)
		_, err = d.decide(t.Context(), survey(t, hostile))
		assert.Equal(t, c.runs == 0, err != nil)
		assert.Equal(t, 3*c.runs, runs)
	}
}

func TestLegacyRules(t *testing.T) {
	for text, want := range map[string]int{
		`{"payload":{}}`:              0,
		`{"payload":{"csatRank":-1}}`: 0,
		`{"payload":{"csatRank":3}}`:  1,
		`{"payload":{"csatRank":4}}`:  0,
	} {
		assert.Len(t, legacyRules(survey(t, text)), want, text)
	}
}

func TestVIP(t *testing.T) {
	for text, want := range map[string]string{
		`{"headers":[{"key":"x-customer-tier","value":"Gold"}],"payload":{"csatRank":1}}`:   "A gold customer rated us 1 of 5",
		`{"headers":[{"key":"X-Customer-Tier","value":"gold"}],"payload":{"csatRank":4}}`:   "A gold customer rated us 4 of 5",
		`{"headers":[{"key":"X-Customer-Tier","value":"gold"}],"payload":{"csatRank":5}}`:   "",
		`{"headers":[{"key":"X-Customer-Tier","value":"gold"}],"payload":{}}`:               "",
		`{"headers":[{"key":"X-Customer-Tier","value":"silver"}],"payload":{"csatRank":1}}`: "",
		`{"payload":{"csatRank":1}}`: "",
	} {
		emails, err := vip(t.Context(), survey(t, text))
		require.NoError(t, err)
		if want == "" {
			assert.Empty(t, emails, text)
			continue
		}
		require.Len(t, emails, 1, text)
		assert.Equal(t, want, emails[0].Subject)
	}
}

// A rule in Go that panics, fails or ends too late spoils the decision, and its
// panic does not get into the error.
func TestFailuresOfGoRules(t *testing.T) {
	d := deskWith(t, func(_ context.Context, event events.Event[events.PostSurvey]) ([]events.TranscriptEmail, error) {
		panic(event.Payload.AgentName)
	})
	made, err := d.decide(t.Context(), survey(t, hostile))
	require.Error(t, err)
	assert.Empty(t, made.Emails)
	assert.NotContains(t, err.Error(), marker)

	down := errors.New("the directory is down")
	d = deskWith(t, func(context.Context, events.Event[events.PostSurvey]) ([]events.TranscriptEmail, error) {
		return nil, down
	})
	_, err = d.decide(t.Context(), survey(t, hostile))
	assert.ErrorIs(t, err, down)

	ctx, cancel := context.WithCancel(t.Context())
	d = deskWith(t, func(context.Context, events.Event[events.PostSurvey]) ([]events.TranscriptEmail, error) {
		cancel()
		return nil, ctx.Err()
	})
	_, err = d.decide(ctx, survey(t, hostile))
	var failure *faas.Error
	require.ErrorAs(t, err, &failure)
	assert.Equal(t, faas.CodeCanceled, failure.Code)
}

// Rules that take over while a survey is decided decide all of it: e-mails and
// reasons are of the same rules.
func TestDecisionAndReasonsAreOfTheSameRules(t *testing.T) {
	var live *transcript.Live
	var decided []string
	loads := 0
	load := func() (*transcript.RuleSet, error) {
		name := []string{"old", "new"}[loads]
		loads++
		return transcript.New(transcript.Func(name, func(context.Context, events.Event[events.PostSurvey]) ([]events.TranscriptEmail, error) {
			decided = append(decided, name)
			if name == "old" {
				return nil, live.Reload()
			}
			return []events.TranscriptEmail{{TargetEmail: "a@example.com", SenderName: "A", SenderEmail: "b@example.com", Subject: name}}, nil
		}))
	}
	live, err := transcript.NewLive(load)
	require.NoError(t, err)
	d, err := newDesk(live)
	require.NoError(t, err)
	made, err := d.decide(t.Context(), survey(t, documented(t)))
	require.NoError(t, err)
	assert.Empty(t, made.Emails)
	require.Len(t, made.Why, 1)
	assert.Equal(t, "old", made.Why[0].Name)

	made, err = d.decide(t.Context(), survey(t, documented(t)))
	require.NoError(t, err)
	require.Len(t, made.Emails, 1)
	assert.Equal(t, "new", made.Emails[0].Subject)
	require.Len(t, made.Why, 1)
	assert.Equal(t, "new", made.Why[0].Name)
	assert.Equal(t, []string{"old", "new"}, decided, "a rule in Go is called once for a survey")
}
