package function

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
)

// protected runs the function on a payload as it comes over the wire, and gives
// the result as it goes back.
func protected(t *testing.T, env events.Envelope) string {
	t.Helper()
	event, err := events.ThirdPartyBotsPreHook.Decode(env)
	require.NoError(t, err)
	request, err := protect(t.Context(), event)
	require.NoError(t, err)
	encoded, err := events.ThirdPartyBotsPreHook.EncodeResult(request)
	require.NoError(t, err)
	return string(encoded)
}

func TestProtect(t *testing.T) {
	for _, test := range []struct{ name, payload, want string }{
		{
			"a function", `{"convId": "c", "message": "my card is 4111 1111-11111111, ok?", "context": {"lpSdes": {"big": 12345678901234567890}}, "new": [null, 1.50]}`,
			`{"convId": "c", "message": "my card is [number], ok?", "context": {"lpSdes": {"big": 12345678901234567890}}, "new": [null, 1.50]}`,
		},
		{"two numbers", `{"message": "4111111111111111 or 5500-0000-0000-0004"}`, `{"message": "[number] or [number]"}`},
		{"Watson's second", `{"message": {"text": "4111111111111111", "options": {"debug": true}}}`, `{"message": {"text": "[number]", "options": {"debug": true}}}`},
		{"Microsoft", `{"text": "4111111111111111", "channelData": {"context": {}}}`, `{"text": "[number]", "channelData": {"context": {}}}`},
		{"Lex", `{"inputText": "4111111111111111", "userId": "4111111111111111"}`, `{"inputText": "[number]", "userId": "4111111111111111"}`},
		{
			"Dialogflow", `{"session": "s", "queryInput": {"text": {"text": "4111111111111111", "languageCode": "en"}}}`,
			`{"session": "s", "queryInput": {"text": {"text": "[number]", "languageCode": "en"}}}`,
		},
		{"Dialogflow with an event", `{"queryInput": {"event": {"name": "WELCOME"}}}`, `{"queryInput": {"event": {"name": "WELCOME"}}}`},
		{"13 digits", `{"text": "1234567890123"}`, `{"text": "[number]"}`},
		{"12 digits", `{"text": "123456789012"}`, `{"text": "123456789012"}`},
		{"19 digits", `{"text": "1234567890123456789"}`, `{"text": "[number]"}`},
		{"20 digits", `{"text": "12345678901234567890"}`, `{"text": "12345678901234567890"}`},
		{"no text", `{"message": null, "text": 4111111111111111, "queryInput": null, "inputText": ["4111111111111111"]}`, `{"message": null, "text": 4111111111111111, "queryInput": null, "inputText": ["4111111111111111"]}`},
		{"no places", `{"something": "4111111111111111"}`, `{"something": "4111111111111111"}`},
		{"nothing", `{}`, `{}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := protected(t, events.Envelope{Payload: []byte(test.payload)})
			assert.JSONEq(t, test.want, got)
			if test.name == "a function" {
				assert.Contains(t, got, "12345678901234567890", "every digit is kept")
			}
		})
	}
}

func TestProtectTheSample(t *testing.T) {
	sample, err := events.DecodeEnvelope(events.ThirdPartyBotsPreHook.Sample())
	require.NoError(t, err)
	assert.JSONEq(t, string(sample.Payload), protected(t, sample))
}
