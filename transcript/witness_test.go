package transcript_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/transcript"
)

// TestWitnessesOfShippedRules wants a survey that fires each of the rules of the
// module, one that misses by each of their parts, and those that skip it.
func TestWitnessesOfShippedRules(t *testing.T) {
	t.Parallel()
	for pattern, skipped := range map[string]int{
		"../examples/chatserver/rules/*.rules.yaml": 1,
		"../examples/embedded/*.rules.yaml":         1,
		"../cmd/afterword/starter/*.rules.yaml":     1,
		"../cmd/afterword/templates/*/*.rules.yaml": 1,
	} {
		names, err := filepath.Glob(pattern)
		require.NoError(t, err)
		require.NotEmpty(t, names, pattern)
		for _, name := range names {
			data, err := os.ReadFile(name)
			require.NoError(t, err)
			set, err := transcript.Parse(name, data)
			require.NoError(t, err)
			skips := 0
			for _, w := range set.Witnesses(t.Context()) {
				assert.Equal(t, rules.CanFire, w.Proof, "%s %s: %s", name, w.Name, w.Reason)
				assert.False(t, w.Fails, w.Name)
				assert.Equal(t, rules.Fired, became(t, set, w.Name, w.Fires), w.Name)
				assert.NotEmpty(t, w.Misses, w.Name)
				for _, m := range w.Misses {
					assert.Contains(t, []rules.Outcome{rules.NotFired, rules.Skipped}, became(t, set, w.Name, m.Payload), w.Name)
				}
				for _, s := range w.Skips {
					assert.Equal(t, rules.Skipped, became(t, set, w.Name, s.Payload), w.Name)
				}
				skips += len(w.Skips)
				assert.Equal(t, len(w.Skips) == 0, w.NoSkips != "", w.Name)
				assert.NotContains(t, w.NoSkips, "none was found", w.Name)
			}
			assert.GreaterOrEqual(t, skips, skipped, name)
		}
	}
}

// became is what becomes of a rule for a payload as tests give it.
func became(t *testing.T, set *transcript.RuleSet, rule string, payload []byte) rules.Outcome {
	t.Helper()
	in := map[string]json.RawMessage{}
	require.NoError(t, json.Unmarshal(payload, &in))
	require.NotContains(t, in, "timestamp")
	event, err := events.ChatPostSurveyEmailTranscript.Decode(events.Envelope{Payload: payload})
	require.NoError(t, err)
	for _, r := range set.Explain(t.Context(), event).Rules {
		if r.Name == rule {
			return r.Outcome
		}
	}
	require.Fail(t, "no rule", rule)
	return rules.Failed
}

const witnessed = `version: 1
event: denver_post_survey_email_transcript
rules:
  - name: unhappy
    when: csatRank <= 2 and answer("Solved?") == "No" and timestamp >= date("2026-01-31")
    then: {targetEmail: a@example.com, senderName: A, senderEmail: b@example.com, subject: "${agentName}"}
  - name: never
    when: csatRank > 5
    then: {targetEmail: a@example.com, senderName: A, senderEmail: b@example.com, subject: a}
`

func TestWitness(t *testing.T) {
	t.Parallel()
	none := func(context.Context, events.Event[events.PostSurvey]) ([]events.TranscriptEmail, error) {
		return nil, nil
	}
	set, err := transcript.Parse("a.rules.yaml", []byte(witnessed), transcript.Func("coded", none))
	require.NoError(t, err)
	w, ok := set.Witness(t.Context(), "unhappy")
	require.True(t, ok)
	const fires = `{"csatRank":1,"agentName":"a","questionWithAnswers":[{"question":"Solved?","answer":"No"}],"timestamp":"2026-01-31T00:00:00Z"}`
	assert.Equal(t, fires, string(w.Fires))
	require.Len(t, w.Misses, 3)
	assert.Equal(t, `{"csatRank":3,`+fires[len(`{"csatRank":1,`):], string(w.Misses[0].Payload))
	assert.Equal(t, rules.PartInfo{Text: `answer("Solved?") == "No"`, Line: 5, Column: 29}, w.Misses[1].Part)
	require.Len(t, w.Skips, 3)
	assert.Equal(t, []string{"timestamp"}, w.Skips[2].Absent)

	all := set.Witnesses(t.Context())
	require.Len(t, all, 3)
	assert.Equal(t, w, all[0])
	assert.Equal(t, rules.CannotFire, all[1].Proof)
	assert.Equal(t, "csatRank > 5 can never be true (csatRank is 1 to 5)", all[1].Reason)
	assert.Equal(t, rules.NotDetermined, all[2].Proof)
	coded, ok := set.Witness(t.Context(), "coded")
	require.True(t, ok)
	assert.Equal(t, all[2], coded)
	_, ok = set.Witness(t.Context(), "none")
	assert.False(t, ok)
}
