package events_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
)

func TestHooksKeepWhatTheyDoNotKnow(t *testing.T) {
	kind := events.ThirdPartyBotsPreHook
	const wire = `{"a":null,"b":[1.0,{"c":"\u0041"}],"message":"hi"}`
	event, err := kind.Decode(events.Envelope{Payload: []byte(" { \"message\": \"hi\", \"a\" : null, \"b\": [1.0, {\"c\":\"\\u0041\"}]}")})
	require.NoError(t, err)
	data, err := kind.EncodeResult(event.Payload)
	require.NoError(t, err)
	assert.Equal(t, wire, string(data))

	event.Payload["message"] = json.RawMessage(`"hello"`)
	data, err = kind.EncodeResult(event.Payload)
	require.NoError(t, err)
	assert.Contains(t, string(data), `"message":"hello"`)

	event.Payload["secret"] = json.RawMessage(`{"secret"`)
	_, err = kind.EncodeResult(event.Payload)
	require.Error(t, err)
	assert.NotContains(t, err.Error(), "secret")
	event.Payload["secret"] = json.RawMessage(`{"secret":1,"secret":2}`)
	_, err = kind.EncodeResult(event.Payload)
	assert.EqualError(t, err, "result: holds a key twice")

	_, err = kind.DecodeResult([]byte(`[1]`))
	assert.EqualError(t, err, "result: must be an object, not a list")
	empty, err := kind.DecodeResult([]byte(`{}`))
	require.NoError(t, err)
	assert.Nil(t, empty)
	data, err = kind.EncodeResult(nil)
	require.NoError(t, err)
	assert.Equal(t, `{}`, string(data))
}

func TestBotRequest(t *testing.T) {
	decode := func(wire string) (events.BotRequest, error) {
		event, err := events.ThirdPartyBotsCustomIntegration.Decode(events.Envelope{Payload: []byte(wire)})
		return event.Payload, err
	}
	for _, wire := range []string{`{"context":{"lpEvent":{"a": 1}}}`, `{"context":{"event":{"a":1}}}`, `{"context":{"event":{"a":1},"lpEvent":{"a":1}}}`} {
		request, err := decode(wire)
		require.NoError(t, err, wire)
		assert.Equal(t, `{"a":1}`, string(request.Context.LPEvent), wire)
	}
	_, err := decode(`{"context":{"event":1,"lpEvent":2}}`)
	assert.ErrorContains(t, err, "payload.context.lpEvent: differs from payload.context.event")
}

func TestBotResponse(t *testing.T) {
	kind := events.ThirdPartyBotsCustomIntegration
	delay, typing := 2.5, false
	response := events.BotResponse{
		Messages: []events.BotMessage{
			{Text: "hi"},
			{StructuredContent: json.RawMessage(`{"type":"text"}`), Metadata: json.RawMessage(`[{}]`), EncodedMetadata: "e30="},
			{Delay: &delay, Typing: &typing},
			{},
		},
		Context: &events.BotContext{
			Action:           events.BotChangeTTR,
			ActionParameters: &events.BotActionDetails{TTRType: "URGENT", Value: "60"},
			IntentID:         "i",
		},
	}
	data, err := kind.EncodeResult(response)
	require.NoError(t, err)
	assert.JSONEq(t, `{"messages":["hi",{"structuredContent":{"type":"text"},"metadata":[{}],"encodedMetadata":"e30="},{"delay":2.5,"typing":false},""],
		"context":{"action":"CHANGE_TTR","actionParameters":{"ttrType":"URGENT","value":"60"},"intenId":"i"}}`, string(data))
	again, err := kind.DecodeResult(data)
	require.NoError(t, err)
	assert.Equal(t, response, again)

	_, err = kind.DecodeResult([]byte(`{"messages":[1,{"delay":"x"},{"delay":1e999}],"context":{"action":"SHOUT","actionParameters":{"ttrType":"NOW"}}}`))
	assert.EqualError(t, err, `result.messages[0]: must be text or an object, not a number
result.messages[1].delay: must be a number, not text
result.messages[2].delay: is a number too large for this field
result.context.action: must be one of: CHANGE_TTR TRANSFER CLOSE_CONVERSATION
result.context.actionParameters.ttrType: must be one of: URGENT NORMAL PRIORITIZED CUSTOM`)
	_, err = kind.EncodeResult(events.BotResponse{Messages: []events.BotMessage{{}, {Text: "secret", Delay: &delay}}})
	require.ErrorContains(t, err, "result.messages[1]: cannot be written as JSON")
	assert.NotContains(t, err.Error(), "secret")
}

func TestBotFailureKeepsTheRequest(t *testing.T) {
	event, err := events.ThirdPartyBotsErrorHook.Decode(events.Envelope{Payload: []byte(`{"error":{"errorId":"e"},"vendor":"lex","lexQuery":{"inputText": "x"}}`)})
	require.NoError(t, err)
	assert.Equal(t, `{"inputText":"x"}`, string(event.Payload.Lex))
	assert.Equal(t, "e", event.Payload.Error.ErrorID)
}
