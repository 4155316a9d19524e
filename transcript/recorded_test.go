package transcript_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/rules/replay"
	"github.com/afterword-go/afterword/transcript"
)

func TestDecodeEvent(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"csatRank": 3}`,
		` {"csatRank": 3} `,
		`{"payload": {"csatRank": 3}}`,
		`{"payload": {"csatRank": 3}, "csatRank": 4}`,
		`{"p\u0061yload": {"csatRank": 3}}`,
		`{"csatRank": 3, "unknown": {"payload": {"csatRank": 1}}}`,
		`{"csatRank": 3, "skillName": "payload"}`,
	} {
		event, err := transcript.DecodeEvent([]byte(text))
		require.NoError(t, err, text)
		require.NotNil(t, event.Payload.CSATRank, text)
		assert.Equal(t, 3, *event.Payload.CSATRank, text)
	}
	event, err := transcript.DecodeEvent([]byte(`{"timestamp": 1700000038000, "headers": {"a": "b"}, "payload": {}}`))
	require.NoError(t, err)
	assert.Equal(t, int64(1700000038000), event.Timestamp.UnixMilli())
	assert.Equal(t, []events.Header{{Key: "a", Value: "b"}}, event.Headers)
}

func TestDecodeEventRefuses(t *testing.T) {
	t.Parallel()
	missing := "payload: is missing"
	for text, want := range map[string]string{
		``:                               "is empty",
		`null`:                           "must be an object",
		` null`:                          "must be an object",
		`[]`:                             "must be an object, not a list",
		`"secret"`:                       "must be an object",
		`{"payload": null}`:              missing,
		`{"p\u0061yload": null}`:         missing,
		`{"timestamp": 1}`:               missing,
		`{"headers": [], "csatRank": 3}`: missing,
		`{"payload": "secret"}`:          "payload: must be an object, not text",
		`{"csatRank": "secret"}`:         "payload.csatRank: must be",
		`{"csatRank": 3, "csatRank": 4}`: "holds a key twice",
		`{"csatRank": 3} {}`:             "must be followed by nothing",
		`{"a":` + strings.Repeat("[", 70) + strings.Repeat("]", 70) + `}`: "nested deeper than 64 levels",
		`{"a":"` + strings.Repeat("x", events.MaxSize) + `"}`:             "larger than 256 KiB",
	} {
		event, err := transcript.DecodeEvent([]byte(text))
		require.Error(t, err, "%.40s", text)
		assert.Nil(t, event)
		assert.Contains(t, err.Error(), want, "%.40s", text)
		assert.NotContains(t, err.Error(), "secret")
	}
}

// carefully is DecodeEvent by a full look at the keys.
func carefully(data []byte) (*events.Event[events.PostSurvey], error) {
	env, err := events.DecodeEnvelope(data)
	if err != nil {
		return nil, err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil || fields == nil {
		return nil, errors.New("must be an object, not null")
	}
	_, dated := fields["timestamp"]
	_, headed := fields["headers"]
	payload, wrapped := fields["payload"]
	switch {
	case wrapped && string(payload) != "null":
	case wrapped || dated || headed:
		return nil, errors.New(`payload: is missing; an envelope is {"timestamp":…,"headers":[…],"payload":{…}}, and a payload by itself has none of these keys`)
	default:
		env = events.Envelope{Payload: data}
	}
	event, err := events.ChatPostSurveyEmailTranscript.Decode(env)
	return &event, err
}

// Whatever a line holds: no panic, and the event and the error are those of a
// careful look.
func FuzzDecodeEvent(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{ }`, `{"csatRank": 3, "agentName": "A"}`, `{"payload": {"csatRank": 3}}`, `{"payload": null}`, `{"timestamp": "x"}`,
		`{"headers": [{"key": "a", "value": "b"}], "payload": {"questionWithAnswers": [{"question": "q", "answer": "a"}]}}`, `[`, `{"csatRank": 9}`,
		`{"Payload": {}}`, `{"p\u0061yload": {}}`, `{"payload": {}, "csatRank": 1}`, ` null`, `null `, `{"timestamp":0}`, `{"headers":null}`, `{"payload":[]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := transcript.DecodeEvent(data)
		want, wrong := carefully(data)
		if wrong != nil {
			require.Error(t, err)
			assert.Equal(t, wrong.Error(), err.Error())
			return
		}
		require.NoError(t, err)
		assert.Equal(t, want, got)
	})
}

type then = replay.Then[events.TranscriptEmail]

func TestDecodeRecorded(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`{"csatRank": 3}`, `{"payload": {"csatRank": 3}}`} {
		got, err := transcript.DecodeRecorded([]byte(text))
		require.NoError(t, err, text)
		assert.Equal(t, 3, *got.Event.Payload.CSATRank)
		assert.Nil(t, got.Then)
	}
	got, err := transcript.DecodeRecorded([]byte(`{"v":1,"time":"2026-01-31T18:00:00Z","rules":{},"fired":["a"],"shadow":["s"],"errors":[{"rule":"b","message":"m"}],"count":2,"tookNs":7,"event":{"payload":{"csatRank":3}}}`))
	require.NoError(t, err)
	assert.Equal(t, 3, *got.Event.Payload.CSATRank)
	assert.Equal(t, &then{Fired: []string{"a"}, Failed: []string{"b"}, Count: 2}, got.Then)
	for text, want := range map[string]string{
		`{"v":1,"fired":[],"count":0}`: "the record holds no event",
		`{"v":2,"event":{}}`:           "its form is not 1",
		`{"v":"secret"}`:               "it is not a record",
		`{"v":1}`:                      "is no record of a decision: fired is missing",
		`{"csatRank":3,"v":1}`:         "is no record of a decision: fired is missing",
		`{"csatRank":3,"v":"secret"}`:  "it is not a record",
		`{"fired":[],"tookNs":7}`:      "its form is not 1",
		`{"v":1,"v":1,"fired":[]}`:     "it is not a record",
		`{"fired":[],"v":`:             "ends too early",

		`{"v":1,"fired":[],"outcomes":[{"value":"secret"}]}`: "its field outcomes is not as a record has it",
		`{"v":1,"fired":[],"event":"secret"}`:                "must be an object, not text",
		`{"csatRank": "secret"}`:                             "payload.csatRank: must be",
	} {
		_, err := transcript.DecodeRecorded([]byte(text))
		require.ErrorContains(t, err, want)
		assert.NotContains(t, err.Error(), "secret")
	}
	_, err = transcript.DecodeRecorded([]byte(`{"v":1,"fired":[]}`))
	require.ErrorIs(t, err, replay.ErrNoEvent)
}

// TestEmptySurveys has lines that are read as surveys, and may be anything.
func TestEmptySurveys(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		`{}`:                     true,
		`{"foo":1}`:              true,
		`{"CSATRank":1}`:         true,
		`{"skillname":""}`:       true,
		`{"foo":{"csatRank":1}}`: true,
		`{"payload":{}}`:         true,
		`{"payload":{"foo":1}}`:  true,
		`{"timestamp":1,"headers":[],"payload":{"foo":1}}`:           true,
		`{"payload":{},"csatRank":1}`:                                true,
		`{"v":1,"fired":[],"count":0,"event":{"payload":{"foo":1}}}`: true,
		`{"v":1,"fired":[],"count":0,"event":{"foo":1}}`:             true,
		`{"csatRank":1}`:               false,
		`{"csatRank":null}`:            false,
		`{"csatRank":0,"foo":1}`:       false,
		`{"skillName":""}`:             false,
		`{"agentName":"A"}`:            false,
		`{"questionWithAnswers":[]}`:   false,
		`{"csat\u0052ank":-1}`:         false,
		`{"payload":{"agentName":""}}`: false,
		`{"v":1,"fired":[],"count":0,"event":{"payload":{"csatRank":null}}}`: false,
	} {
		got, err := transcript.DecodeRecorded([]byte(text))
		require.NoError(t, err, text)
		assert.Equal(t, want, got.Empty, text)
		assert.Equal(t, want, transcript.EmptySurvey(got), text)
	}
}

// TestRecordsInAnyOrder has records that another program has written anew.
func TestRecordsInAnyOrder(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"count":1,"event":{"payload":{"csatRank":3}},"fired":["a"],"rules":{},"time":"2026-01-31T18:00:00Z","tookNs":7,"v":1}`,
		`{ "v": 1, "fired": ["a"], "count": 1, "event": {"csatRank": 3}}`,
		` {"v":1,"fired":["a"],"count":1,"event":{"csatRank":3}} `,
		`{"fired":["a"],"\u0076" : 1,"count":1,"event":{"csatRank":3}}`,
	} {
		got, err := transcript.DecodeRecorded([]byte(text))
		require.NoError(t, err, text)
		assert.Equal(t, 3, *got.Event.Payload.CSATRank, text)
		assert.Equal(t, &then{Fired: []string{"a"}, Count: 1}, got.Then, text)
	}
	for _, text := range []string{ // surveys, whatever they quote
		`{"csatRank":3,"agentName":"v"}`,
		`{"csatRank":3,"unknown":{"v":1,"tookNs":2}}`,
		`{"payload":{"csatRank":3,"v":1},"headers":[{"key":"v","value":"tookNs"}]}`,
	} {
		got, err := transcript.DecodeRecorded([]byte(text))
		require.NoError(t, err, text)
		assert.Equal(t, 3, *got.Event.Payload.CSATRank, text)
		assert.Nil(t, got.Then, text)
	}
}

// TestRecordsThatWereCutShort have nothing to compare with.
func TestRecordsThatWereCutShort(t *testing.T) {
	t.Parallel()
	got, err := transcript.DecodeRecorded([]byte(`{"v":1,"fired":["a"],"errors":[{"rule":"b","message":"m"},{"message":"context canceled"}],"count":0,"event":{"csatRank":3}}`))
	require.NoError(t, err)
	assert.Equal(t, 3, *got.Event.Payload.CSATRank)
	assert.Nil(t, got.Then)
}

// TestReplayOfALog decides records again.
func TestReplayOfALog(t *testing.T) {
	t.Parallel()
	log := `{"v":1,"fired":["low","worst"],"count":2,"event":{"payload":{"csatRank":1}}}
{"v":1,"fired":["worst"],"count":1,"event":{"payload":{"csatRank":1}}}
{"v":1,"fired":["worst"],"count":1}
{"csatRank":1}
`
	summary, err := replay.Run(t.Context(), strings.NewReader(log), replayedSet(t).ReplayedRecords(), replay.Config[transcript.Recorded, events.TranscriptEmail]{
		Reading: replay.Reading[transcript.Recorded]{Decode: transcript.DecodeRecorded},
		Then:    func(r *transcript.Recorded) *then { return r.Then },
	})
	require.NoError(t, err)
	assert.Equal(t, []int{3, 0, 1, 1, 1}, []int{summary.Events, summary.Unreadable, summary.NoEvent, summary.Alike, summary.Differing})
	assert.Equal(t, []replay.LineError{{Line: 2, Message: "rule low fired now, not then"}}, summary.Differences)
}

// TestReplayOfALogComparesEmails decides records of a masked log again, with rules
// that write to somebody else.
func TestReplayOfALogComparesEmails(t *testing.T) {
	t.Parallel()
	line := func(outcomes string) string {
		return `{"v":1,"fired":["low"],"count":2,"outcomes":[` + outcomes + `],"event":{"csatRank":1}}` + "\n"
	}
	outcome := func(target, sender, subject string) string {
		return fmt.Sprintf(`{"rule":"low","value":{"targetEmail":%q,"senderName":"***","senderEmail":%q,"subject":%q}}`, target, sender, subject)
	}
	set := parse(t, `version: 1
event: denver_post_survey_email_transcript
rules:
  - name: low
    when: csatRank <= 2
    then:
      - {targetEmail: lead@example.com, senderName: A, senderEmail: no-reply@example.com, subject: Low}
      - {targetEmail: boss@example.com, senderName: A, senderEmail: no-reply@example.com, subject: Low}
`)
	summary, err := replay.Run(t.Context(), strings.NewReader(
		line(outcome("l***@example.com", "n***@example.com", "***")+","+outcome("b***@example.com", "n***@example.com", "***"))+
			line(outcome("b***@example.com", "n***@example.com", "***")+","+outcome("l***@example.com", "n***@example.com", "***"))+
			line(outcome("l***@example.com", "n***@example.com", "***")+","+outcome("c***@example.com", "n***@example.com", "***"))+
			line(outcome("l***@example.com", "x***@example.com", "Other")+","+outcome("boss@example.com", "no-reply@example.com", "Low"))+
			line("")), set.ReplayedRecords(), replay.Config[transcript.Recorded, events.TranscriptEmail]{
		Reading: replay.Reading[transcript.Recorded]{Decode: transcript.DecodeRecorded},
		Then:    func(r *transcript.Recorded) *then { return r.Then },
		Differ:  transcript.EmailDifferences,
	})
	require.NoError(t, err)
	assert.Equal(t, []int{3, 2}, []int{summary.Alike, summary.Differing}, "%+v", summary)
	assert.Equal(t, []replay.LineError{
		{Line: 3, Message: "rule low: targetEmail was c***@example.com then, and is b***@example.com now"},
		{Line: 4, Message: "rule low: senderEmail was x***@example.com then, and is n***@example.com now, subject is another one"},
	}, summary.Differences)
}

func TestEmailDifferences(t *testing.T) {
	t.Parallel()
	now := events.TranscriptEmail{TargetEmail: "jane@example.com", SenderName: "Care", SenderEmail: "no-reply@example.com", Subject: "Low"}
	for _, c := range []struct {
		then func(e *events.TranscriptEmail)
		want []string
	}{
		{func(*events.TranscriptEmail) {}, nil},
		{func(e *events.TranscriptEmail) { *e = transcript.MaskEmail(*e) }, nil},
		{func(e *events.TranscriptEmail) { e.TargetEmail, e.Subject = "john@example.com", "High" }, []string{"targetEmail is another one", "subject is another one"}},
		{func(e *events.TranscriptEmail) { e.TargetEmail = "***@example.com" }, []string{"targetEmail was ***@example.com then, and is j***@example.com now"}},
		{func(e *events.TranscriptEmail) { e.TargetEmail = "bo***@example.com" }, []string{"targetEmail was *** then, and is j***@example.com now"}},
		{func(e *events.TranscriptEmail) { e.SenderEmail = "boss@example.net" }, []string{"senderEmail was b***@example.net then, and is n***@example.com now"}},
		{func(e *events.TranscriptEmail) { e.SenderEmail, e.SenderName = "", "" }, []string{"senderName is another one", "senderEmail is another one"}},
	} {
		was := now
		c.then(&was)
		assert.Equal(t, c.want, transcript.EmailDifferences(was, now), was)
	}
}
