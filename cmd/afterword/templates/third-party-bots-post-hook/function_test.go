package function

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
)

func TestDoubt(t *testing.T) {
	for _, test := range []struct {
		name, payload string
		want          string // empty: the payload
	}{
		{
			"not sure", `{"messages": ["42?"], "context": {"confidenceScore": 0.49, "intentName": "answer", "big": 12345678901234567890}, "new": [1.50]}`,
			`{"messages": ["` + handOver + `"], "context": {"confidenceScore": 0.49, "intentName": "answer", "big": 12345678901234567890,
				"action": "TRANSFER", "actionParameters": {"skill": "700500"}}, "new": [1.50]}`,
		},
		{
			"not sure, and nothing said", `{"context": {"confidenceScore": 0}}`,
			`{"messages": ["` + handOver + `"], "context": {"confidenceScore": 0, "action": "TRANSFER", "actionParameters": {"skill": "700500"}}}`,
		},
		{"sure enough", `{"messages": ["42."], "context": {"confidenceScore": 0.5}}`, ""},
		{"not sure, with an action", `{"messages": ["Bye?"], "context": {"confidenceScore": 0, "action": "CLOSE_CONVERSATION"}}`, ""},
		{"no score", `{"messages": ["42."], "context": {"intentName": "answer"}}`, ""},
		{"a score of null", `{"context": {"confidenceScore": null}}`, ""},
		{"a score that is no number", `{"context": {"confidenceScore": "low"}}`, ""},
		{"no context", `{"messages": ["42."]}`, ""},
		{"a context of null", `{"messages": ["42."], "context": null}`, ""},
		{"of another form", `{"context": "4", "queryResult": {"fulfillmentText": "42."}}`, ""},
		{"nothing", `{}`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			event, err := events.ThirdPartyBotsPostHook.Decode(events.Envelope{Payload: []byte(test.payload)})
			require.NoError(t, err)
			answer, err := doubt(t.Context(), event)
			require.NoError(t, err)
			got, err := events.ThirdPartyBotsPostHook.EncodeResult(answer)
			require.NoError(t, err)
			if test.want == "" {
				test.want = test.payload
			}
			assert.JSONEq(t, test.want, string(got))
			if test.name == "not sure" {
				assert.Contains(t, string(got), "12345678901234567890", "every digit is kept")
			}
		})
	}
}

func TestDoubtTheSample(t *testing.T) {
	env, err := events.DecodeEnvelope(events.ThirdPartyBotsPostHook.Sample())
	require.NoError(t, err)
	event, err := events.ThirdPartyBotsPostHook.Decode(env)
	require.NoError(t, err)
	answer, err := doubt(t.Context(), event)
	require.NoError(t, err)
	assert.JSONEq(t, `["hi there"]`, string(answer["messages"]))
	assert.JSONEq(t, `{}`, string(answer["context"]))
}
