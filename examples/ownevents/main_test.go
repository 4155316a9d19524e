package main

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
)

func TestRun(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(&out))
	assert.Contains(t, out.String(), "\nexample_messaging_consumer_step_up             1  Messaging Consumer Step Up\n")
	assert.Contains(t, out.String(), "\nshop_return_requested                          2  Return Requested\n")
	assert.Contains(t, out.String(), `
CONSUMER_STEP_UP in conversation 5b0c1d1e-7a60-4a0e-9f53-0d6f2f6a1c11
2 articles of order 20000000000000000001 go back: {"carrier":"post"}
`)
}

func TestAFaultyReturnIsExplained(t *testing.T) {
	_, err := ReturnRequested.Decode(events.Envelope{Payload: []byte(`{"articles":[{"pieces":0},{"name":"lamp","pieces":"two"}],"express":1}`)})
	assert.EqualError(t, err, `payload.orderId: is missing
payload.articles[0].name: is missing
payload.articles[0].pieces: must be at least 1
payload.articles[1].pieces: must be a whole number, not text
payload.express: must be a boolean, not a number`)
}

func TestSchemasOfOwnEvents(t *testing.T) {
	for _, kind := range []events.AnyKind{ConsumerStepUp, ReturnRequested} {
		text, err := events.Schema(kind)
		require.NoError(t, err)
		var schema jsonschema.Schema
		require.NoError(t, json.Unmarshal(text, &schema))
		resolved, err := schema.Resolve(nil)
		require.NoError(t, err)
		env, err := events.DecodeEnvelope(kind.Sample())
		require.NoError(t, err)
		for payload, sound := range map[string]bool{
			string(env.Payload): true,
			`{"orderId": "1", "articles": [{"name": "lamp", "pieces": 0}]}`: kind != ReturnRequested,
			`{"articles": [{"name": "lamp", "pieces": 1}]}`:                 kind != ReturnRequested,
			`{"general": {"sessionId": true}}`:                              false,
		} {
			var v any
			require.NoError(t, json.Unmarshal([]byte(payload), &v))
			assert.Equal(t, sound, resolved.Validate(v) == nil, "%s: %s", kind.ID(), payload)
			_, err := kind.DecodeAny(events.Envelope{Payload: []byte(payload)})
			assert.Equal(t, sound, err == nil, "%s: %s", kind.ID(), payload)
		}
	}
}

func TestStepUpHoldsOnePlacePerSkill(t *testing.T) {
	held := []events.Holder{{Function: "greet", Skills: []string{"7"}}}
	assert.NoError(t, events.CheckLimit(ConsumerStepUp, held, events.Holder{Function: "verify", Skills: []string{"8"}}))
	assert.Error(t, events.CheckLimit(ConsumerStepUp, held, events.Holder{Function: "verify", Skills: []string{"7"}}))
}
