package transcript_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/rules/decisionlog"
	"github.com/afterword-go/afterword/transcript"
)

type (
	logOptions = decisionlog.Options[events.TranscriptEmail]
	logRecord  = decisionlog.Record[events.TranscriptEmail]
)

func newLog(t require.TestingT, o logOptions) *decisionlog.Log[events.TranscriptEmail] {
	if o.Mask == nil {
		o.Mask = transcript.MaskEmail
	}
	log, err := decisionlog.New(o)
	require.NoError(t, err)
	return log
}

func readLog(t require.TestingT, file *bytes.Buffer) []logRecord {
	var all []logRecord
	for record, err := range decisionlog.Read[events.TranscriptEmail](file) {
		require.NoError(t, err)
		all = append(all, record)
	}
	return all
}

func TestLogDecisions(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var file bytes.Buffer
		log := newLog(t, logOptions{Writer: &file, Version: "v7"})
		set := observable(t, transcript.LogDecisions(log, transcript.Logging{}), transcript.LogDecisions(nil, transcript.Logging{}))
		e := documented()
		e.Headers = []events.Header{{Key: "x-request-id", Value: "r-1"}, {Key: "X-Request-ID", Value: "r-2"}}
		e.Payload.CSATRank = rank(2)
		emails, err := set.Decide(t.Context(), e)
		require.Error(t, err)
		require.Len(t, emails, 3)
		assert.Equal(t, "Rating of John Doe", emails[0].Subject, "the decision's own")
		_, err = set.Decide(t.Context(), event{})
		require.NoError(t, err)

		text := file.String()
		for _, secret := range []string{"John Doe", "CustomerCare is not", "low@", "care@", "no-reply", "Rating"} {
			assert.NotContains(t, text, secret)
		}
		masked := func(rule string) decisionlog.Outcome[events.TranscriptEmail] {
			return decisionlog.Outcome[events.TranscriptEmail]{Rule: rule, Value: events.TranscriptEmail{
				TargetEmail: rule[:1] + "***@example.com", SenderName: "***", SenderEmail: "n***@example.com", Subject: "***",
			}}
		}
		of := decisionlog.Rules{Hash: set.Hash(), Version: "v7"}
		assert.Equal(t, []logRecord{
			{
				V: 1, Time: time.Now().UTC(), ID: "r-1", Rules: of,
				Fired: []string{"low", "twin", "care", "first"}, Shadow: []string{"trial"},
				Errors: []decisionlog.Failure{
					{Rule: "zero", File: "a.rules.yaml", Line: 27, Column: 12, Message: "divides by zero"},
					{Rule: "known", File: "a.rules.yaml", Line: 41, Column: 12, Message: "the function known failed"},
					{Rule: "broken", File: "b.rules.yaml", Line: 11, Column: 11, Message: "divides by zero"},
					{Rule: "go", Message: "its Go code failed; what it says may quote the event, and is left out"},
				},
				Failed: true, Count: 3, Outcomes: []decisionlog.Outcome[events.TranscriptEmail]{masked("low"), masked("care"), masked("first")},
			},
			{
				V: 1, Time: time.Now().UTC(), Rules: of, Fired: []string{},
				Skipped: []decisionlog.Skip{
					{Rule: "low", Absent: []string{"csatRank"}},
					{Rule: "twin", Absent: []string{"csatRank"}},
					{Rule: "care", Absent: []string{"skillName", "agentName"}},
					{Rule: "zero", Absent: []string{"csatRank"}},
					{Rule: "absent", Absent: []string{"csatRank"}},
					{Rule: "known", Absent: []string{"skillName"}},
					{Rule: "trial", Absent: []string{"csatRank"}},
					{Rule: "broken", Absent: []string{"csatRank"}},
					{Rule: "dear", Absent: []string{"csatRank"}},
					{Rule: "first", Absent: []string{"csatRank"}},
					{Rule: "second", Absent: []string{"csatRank"}},
				},
			},
		}, readLog(t, &file))
		assert.NoError(t, log.Err())
	})
}

// TestFailuresOfFileRulesSayWhatIsWrong is about texts that hold no value.
func TestFailuresOfFileRulesSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	set := parse(t, ruleFile("collect", "dear | csatRank <= 3 | targetEmail=${agentName}", "from | csatRank <= 3 | senderName=${agentName}"),
		transcript.RecipientDomains("example.com"), transcript.LogDecisions(newLog(t, logOptions{Writer: &file}), transcript.Logging{}))
	e := documented()
	e.Payload.AgentName = "jane.roe@example.org"
	_, err := set.Decide(t.Context(), e)
	require.Error(t, err)
	e.Payload.AgentName = "Jane\nRoe"
	_, err = set.Decide(t.Context(), e)
	require.Error(t, err)
	text := file.String()
	assert.NotContains(t, text, "jane")
	assert.NotContains(t, text, "Jane")
	var messages []string
	for _, r := range readLog(t, &file) {
		for _, f := range r.Errors {
			messages = append(messages, f.Rule+": "+f.Message)
		}
	}
	assert.Equal(t, []string{
		"dear: targetEmail: depends on the survey, and its domain is not one of those that are allowed for it",
		"from: senderName: holds one of <>\"\\@ or what looks like it, which can end or fake an address; remove it",
		"dear: a value cannot be inserted", "from: a value cannot be inserted",
	}, messages)
}

// TestFailuresOfShadowsAreNoneOfTheDecision tells e-mails that were answered from
// those that were not.
func TestFailuresOfShadowsAreNoneOfTheDecision(t *testing.T) {
	t.Parallel()
	for mode, want := range map[string]bool{"shadow": false, "enforce": true} {
		var file bytes.Buffer
		rules := strings.Replace(ruleFile("collect", "low | csatRank <= 3", "zero | 1 / (csatRank - csatRank) > 0"), "name: zero", "name: zero\n    mode: "+mode, 1)
		set := parse(t, rules, transcript.LogDecisions(newLog(t, logOptions{Writer: &file}), transcript.Logging{}))
		emails, err := set.Decide(t.Context(), documented())
		assert.Equal(t, want, err != nil)
		assert.Len(t, emails, 1)
		got := readLog(t, &file)
		assert.Len(t, got[0].Errors, 1)
		assert.Len(t, got[0].Outcomes, 1)
		assert.Equal(t, want, got[0].Failed)
	}
}

func TestLogNamesItsEvents(t *testing.T) {
	t.Parallel()
	type key struct{}
	var file bytes.Buffer
	log := newLog(t, logOptions{Writer: &file})
	set := parse(t, ruleFile("collect", "low | csatRank <= 3"), transcript.LogDecisions(log, transcript.Logging{
		ID: func(ctx context.Context, e event) string {
			id, _ := ctx.Value(key{}).(string)
			return id + e.Payload.SkillName
		},
		Version: "care",
		Only:    func(_ context.Context, o transcript.Observation) bool { return len(o.Emails) > 0 },
	}))
	_, err := set.Decide(t.Context(), event{})
	require.NoError(t, err)
	_, err = set.Decide(context.WithValue(t.Context(), key{}, "r-"), documented())
	require.NoError(t, err)
	got := readLog(t, &file)
	require.Len(t, got, 1, "the first led to no e-mail")
	assert.Equal(t, "r-CustomerCare", got[0].ID)
	assert.Equal(t, "care", got[0].Rules.Version)
}

// TestLogOfALiveSet tells which rules decided.
func TestLogOfALiveSet(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	log := newLog(t, logOptions{Writer: &file})
	text := ruleFile("collect", "low | csatRank <= 3")
	live, err := transcript.NewLive(func() (*transcript.RuleSet, error) {
		return transcript.Parse("a.rules.yaml", []byte(text), transcript.LogDecisions(log, transcript.Logging{}))
	})
	require.NoError(t, err)
	want := []string{live.Set().Hash()}
	_, err = live.Decide(t.Context(), documented())
	require.NoError(t, err)
	text = ruleFile("collect", "low | csatRank <= 4")
	require.NoError(t, live.Reload())
	want = append(want, live.Set().Hash())
	_, err = live.Decide(t.Context(), documented())
	require.NoError(t, err)
	require.NotEqual(t, want[0], want[1])
	var got []string
	for _, r := range readLog(t, &file) {
		got = append(got, r.Rules.Hash)
	}
	assert.Equal(t, want, got)
}

func TestLogWhenTheContextHasEnded(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	set := observable(t, transcript.LogDecisions(newLog(t, logOptions{Writer: &file}), transcript.Logging{}))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := set.Decide(ctx, documented())
	require.ErrorIs(t, err, context.Canceled)
	got := readLog(t, &file)[0]
	assert.Equal(t, []decisionlog.Failure{{Message: "context canceled"}}, got.Errors, "said once")
	assert.Empty(t, got.Fired)
}

func TestLogBoundsAbsentFields(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	var lines []string
	for i := range 102 {
		lines = append(lines, fmt.Sprintf("r%d | csatRank <= 3", i))
	}
	set := parse(t, ruleFile("collect", lines...), transcript.LogDecisions(newLog(t, logOptions{Writer: &file}), transcript.Logging{}))
	_, err := set.Decide(t.Context(), event{})
	require.NoError(t, err)
	skipped := readLog(t, &file)[0].Skipped
	require.Len(t, skipped, 102)
	assert.NotEmpty(t, skipped[99].Absent)
	assert.Empty(t, skipped[100].Absent)
}

// TestLogWithPayloadsDecidesAlike decides the events of a log again.
func TestLogWithPayloadsDecidesAlike(t *testing.T) {
	t.Parallel()
	var file, again bytes.Buffer
	set := observable(t, transcript.LogDecisions(newLog(t, logOptions{Writer: &file, Payloads: true}), transcript.Logging{}))
	same := observable(t, transcript.LogDecisions(newLog(t, logOptions{Writer: &again, Payloads: true}), transcript.Logging{}))
	rapid.Check(t, func(t *rapid.T) {
		file.Reset()
		again.Reset()
		for range rapid.IntRange(1, 3).Draw(t, "events") {
			e := randomSurvey(t)
			if e.Payload.CSATRank != nil {
				e.Payload.CSATRank = rank(min(*e.Payload.CSATRank, 5)) // others do not come in
			}
			e.Timestamp = time.UnixMilli(rapid.Int64Range(1, 1<<40).Draw(t, "time")).UTC()
			e.Headers = []events.Header{{Key: "Authorization", Value: "Bearer secret"}}
			_, _ = set.Decide(context.Background(), e) // errors are in the log
		}
		require.NotContains(t, file.String(), "secret")
		logged := readLog(t, &file)
		for _, r := range logged {
			env, err := events.DecodeEnvelope(r.Event)
			require.NoError(t, err)
			e, err := events.ChatPostSurveyEmailTranscript.Decode(env)
			require.NoError(t, err)
			_, _ = same.Decide(context.Background(), e)
		}
		decided := readLog(t, &again)
		require.Len(t, decided, len(logged))
		for i := range logged {
			logged[i].Time, logged[i].Took = decided[i].Time, decided[i].Took
		}
		require.Equal(t, logged, decided)
	})
}

// TestLogOfWhatCannotBeEncoded reports the event, and keeps the rest.
func TestLogOfWhatCannotBeEncoded(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*event){
		"payload":   func(e *event) { e.Payload.CSATRank = rank(-1) },
		"timestamp": func(e *event) { e.Timestamp = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var file bytes.Buffer
			log := newLog(t, logOptions{Writer: &file, Payloads: true})
			set := parse(t, ruleFile("collect", "low | skillName == \"CustomerCare\""), transcript.LogDecisions(log, transcript.Logging{}))
			e := documented()
			spoil(&e)
			_, err := set.Decide(t.Context(), e)
			require.NoError(t, err)
			assert.ErrorContains(t, log.Err(), "the event has no JSON form, and is left out")
			assert.Nil(t, readLog(t, &file)[0].Event)
		})
	}
}
