package events_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
)

func decodeSurvey(payload string) (events.PostSurvey, error) {
	event, err := events.ChatPostSurveyEmailTranscript.Decode(events.Envelope{Payload: []byte(payload)})
	return event.Payload, err
}

func TestRank(t *testing.T) {
	for wire, want := range map[string]int{
		`1`: 1, `5`: 5, `3.0`: 3, `3e0`: 3, `0.3E1`: 3, `300e-2`: 3, `null`: 0, `0`: 0, `-0`: 0, `-1`: 0, `-7`: 0, `-1.0`: 0, `0e99999999999999`: 0,
	} {
		survey, err := decodeSurvey(`{"csatRank":` + wire + `}`)
		require.NoError(t, err, wire)
		if want == 0 {
			assert.Nil(t, survey.CSATRank, wire)
			continue
		}
		require.NotNil(t, survey.CSATRank, wire)
		assert.Equal(t, want, *survey.CSATRank, wire)
	}
	for wire, want := range map[string]string{
		`6`:                       "must be at most 5",
		`3.5`:                     "must be a whole number",
		`-0.5`:                    "must be a whole number",
		`"3"`:                     "must be a whole number, not text",
		`true`:                    "must be a whole number, not a boolean",
		`[3]`:                     "must be a whole number, not a list",
		`{}`:                      "must be a whole number, not an object",
		`1e400`:                   "is a number too large for this field",
		`1e-400`:                  "must be a whole number",
		`3e99999999999999999999`:  "is a number too large for this field",
		`3e-99999999999999999999`: "must be a whole number",
		`99999999999999999999`:    "is a number too large for this field",
	} {
		_, err := decodeSurvey(`{"csatRank":` + wire + `}`)
		assert.EqualError(t, err, "payload.csatRank: "+want, wire)
	}
}

func TestEveryWrongFieldIsListedInOrder(t *testing.T) {
	_, err := decodeSurvey(`{
		"questionWithAnswers": [{"question": 1}, {"question": "q", "answer": 4}, null, "x"],
		"skillName": [], "csatRank": 6, "agentName": {"a": 1, "a": 2}}`)
	assert.EqualError(t, err, `payload.questionWithAnswers[0].question: must be text, not a number
payload.questionWithAnswers[1].answer: must be text, not a number
payload.questionWithAnswers[2]: must not be null
payload.questionWithAnswers[3]: must be an object, not text
payload.skillName: must be text, not a list
payload.csatRank: must be at most 5
payload.agentName: must be text, not an object
payload.agentName: holds a key twice`)
	var decode *events.DecodeError
	require.ErrorAs(t, err, &decode)
	assert.Equal(t, events.Problem{Path: "payload.questionWithAnswers[0].question", Message: "must be text, not a number"}, decode.Problems[0])
}

func TestASurveyWithoutAnything(t *testing.T) {
	for _, wire := range []string{`{}`, `null`, `{"csatRank":null,"skillName":null,"agentName":null,"questionWithAnswers":null}`, `{"questionWithAnswers":[]}`} {
		survey, err := decodeSurvey(wire)
		require.NoError(t, err, wire)
		assert.Zero(t, survey, wire)
	}
	data, err := events.ChatPostSurveyEmailTranscript.EncodePayload(events.PostSurvey{})
	require.NoError(t, err)
	assert.JSONEq(t, `{"csatRank":null,"questionWithAnswers":[]}`, string(data))
}

func TestChoices(t *testing.T) {
	for answer, want := range map[string][]string{
		"":                     nil,
		" ; ;":                 nil,
		"Poor":                 {"Poor"},
		"Poor; Below Average;": {"Poor", "Below Average"},
	} {
		assert.Equal(t, want, slices.Collect(events.Answer{Answer: answer}.Choices()), answer)
	}
	for range (events.Answer{Answer: "a;b"}).Choices() {
		break
	}
}

func TestTranscriptEmails(t *testing.T) {
	kind := events.ChatPostSurveyEmailTranscript
	data, err := kind.EncodeResult(nil)
	require.NoError(t, err)
	assert.Equal(t, `[]`, string(data))

	mail := events.TranscriptEmail{TargetEmail: "leads@example.com", SenderName: "X", SenderEmail: "x@example.com", Subject: "low"}
	data, err = kind.EncodeResult([]events.TranscriptEmail{mail})
	require.NoError(t, err)
	again, err := kind.DecodeResult(data)
	require.NoError(t, err)
	assert.Equal(t, []events.TranscriptEmail{mail}, again)

	_, err = kind.EncodeResult([]events.TranscriptEmail{mail, {}})
	require.EqualError(t, err, "result[1].targetEmail: is missing")
	var encode *events.EncodeError
	require.ErrorAs(t, err, &encode)
	mail.Subject = "\xff"
	_, err = kind.EncodeResult([]events.TranscriptEmail{mail})
	assert.ErrorContains(t, err, "result[0].subject: ")
	_, err = kind.DecodeResult([]byte(`[{"targetEmail":1},{"targetEmail":null}]`))
	assert.EqualError(t, err, "result[0].targetEmail: must be text, not a number\nresult[1].targetEmail: is missing")
}

// A decoder that has met a faulty document reads the next one as if it were
// the first, and keeps nothing of it.
func TestDecodeAfterFaultyDocuments(t *testing.T) {
	t.Parallel()
	const good = `{"csatRank":2,"questionWithAnswers":[{"question":"q","answer":"a"}]}`
	want, err := decodeSurvey(good)
	require.NoError(t, err)
	for _, bad := range []string{`{"csatRank":"x","questionWithAnswers":[1]}`, `{"questionWithAnswers":[{"question":`, `{"csatRank":9}`, `{"csatRank":1,"csatRank":2}`} {
		_, err := decodeSurvey(bad)
		require.Error(t, err, bad)
		got, err := decodeSurvey(good)
		require.NoError(t, err, bad)
		assert.Equal(t, want, got, bad)
	}
}
