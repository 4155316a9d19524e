package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
)

func TestDecodeSurvey(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"csatRank": 3}`,
		`{"payload": {"csatRank": 3}}`,
		`{"payload": {"csatRank": 3}, "csatRank": 4}`,
		`{"p\u0061yload": {"csatRank": 3}}`,
		`{"csatRank": 3, "unknown": {"payload": {"csatRank": 1}}}`,
	} {
		event, err := decodeSurvey([]byte(text))
		require.NoError(t, err, text)
		require.NotNil(t, event.Payload.CSATRank, text)
		assert.Equal(t, 3, *event.Payload.CSATRank, text)
	}
	event, err := decodeSurvey([]byte(`{"timestamp": 1700000038000, "headers": {"a": "b"}, "payload": {}}`))
	require.NoError(t, err)
	assert.Equal(t, int64(1700000038000), event.Timestamp.UnixMilli())
	assert.Equal(t, []events.Header{{Key: "a", Value: "b"}}, event.Headers)
}

func TestDecodeSurveyRefuses(t *testing.T) {
	t.Parallel()
	missing := "payload: is missing"
	for text, want := range map[string]string{
		``:                               "is empty",
		`null`:                           "must be an object",
		`[]`:                             "must be an object, not a list",
		`"secret"`:                       "must be an object",
		`{"payload": null}`:              missing,
		`{"timestamp": 1}`:               missing,
		`{"headers": [], "csatRank": 3}`: missing,
		`{"payload": "secret"}`:          "payload: must be an object, not text",
		`{"csatRank": "secret"}`:         "payload.csatRank: must be",
		`{"csatRank": 3, "csatRank": 4}`: "holds a key twice",
		`{"csatRank": 3} {}`:             "must be followed by nothing",
		`{"a":` + strings.Repeat("[", 70) + strings.Repeat("]", 70) + `}`: "nested deeper than 64 levels",
		`{"a":"` + strings.Repeat("x", events.MaxSize) + `"}`:             "larger than 256 KiB",
	} {
		_, err := decodeSurvey([]byte(text))
		require.Error(t, err, "%.40s", text)
		assert.Contains(t, err.Error(), want, "%.40s", text)
		assert.NotContains(t, err.Error(), "secret")
	}
}

// Whatever the file holds: no panic, no value in an error, and an envelope
// around a payload says the same as the payload by itself.
func FuzzDecodeSurvey(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"csatRank": 3, "agentName": "A"}`, `{"payload": {"csatRank": 3}}`, `{"payload": null}`, `{"timestamp": "x"}`,
		`{"headers": [{"key": "a", "value": "b"}], "payload": {"questionWithAnswers": [{"question": "q", "answer": "a"}]}}`, `[`, `{"csatRank": 9}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		bare, err := decodeSurvey(data)
		if err != nil {
			assert.NotEmpty(t, err.Error())
			return
		}
		wrapped, err := decodeSurvey([]byte(`{"payload":` + string(data) + `}`))
		if err != nil || wrapped.Payload.CSATRank == nil { // data was an envelope, or at the bounds
			return
		}
		assert.Equal(t, bare.Payload, wrapped.Payload)
	})
}
