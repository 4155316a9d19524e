package events_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
)

func TestReplies(t *testing.T) {
	kind := events.ConversationalCommand
	for wire, want := range map[string]events.Reply{
		`"done \"now\""`: events.TextReply(`done "now"`),
		`"caf\u00e9"`:    events.TextReply("café"),
		`42`:             events.NumberReply(42),
		`2.5`:            events.NumberReply(2.5),
		`null`:           {},
	} {
		got, err := kind.DecodeResult([]byte(wire))
		require.NoError(t, err, wire)
		assert.Equal(t, want, got, wire)
		data, err := kind.EncodeResult(got)
		require.NoError(t, err)
		assert.JSONEq(t, wire, string(data))
	}
	assert.Equal(t, `café`, events.TextReply("café").String())
	assert.Equal(t, `42`, events.NumberReply(42).String())
	assert.True(t, events.NumberReply(42).IsNumber())
	assert.False(t, events.TextReply("42").IsNumber())
	assert.True(t, events.Reply{}.IsZero())
	assert.Empty(t, events.Reply{}.String())

	for _, bad := range []events.Reply{events.NumberReply(math.NaN()), events.NumberReply(math.Inf(-1)), events.TextReply("\xff")} {
		_, err := kind.EncodeResult(bad)
		assert.ErrorContains(t, err, "result: cannot be written as JSON")
		assert.NotEmpty(t, bad.String())
	}
	for wire, got := range map[string]string{`true`: "a boolean", `[]`: "a list", `{}`: "an object"} {
		_, err := kind.DecodeResult([]byte(wire))
		assert.EqualError(t, err, "result: must be text or a number, not "+got)
	}
	var id events.ID
	require.NoError(t, json.Unmarshal([]byte(`null`), &id))
	var reply events.Reply
	require.NoError(t, json.Unmarshal([]byte(`null`), &reply))
	assert.True(t, reply.IsZero())
	assert.Error(t, id.UnmarshalJSON([]byte(`"`)))
	assert.Error(t, reply.UnmarshalJSON([]byte(`"`)))
}

func TestIgnoredResults(t *testing.T) {
	kind := events.MessagingSurveyEnded
	for _, wire := range []string{`"ok"`, `null`, `{"a":[1]}`, `3`} {
		_, err := kind.DecodeResult([]byte(wire))
		assert.NoError(t, err, wire)
	}
	data, err := kind.EncodeResult(events.Ignored{})
	require.NoError(t, err)
	assert.Equal(t, `"ok"`, string(data))
}

func TestCommandArguments(t *testing.T) {
	kind := events.ConversationalCommand
	event, err := kind.Decode(events.Envelope{Payload: []byte(`{"conversationId":"4711","arguments":["echo","this"]}`)})
	require.NoError(t, err)
	assert.Equal(t, events.CommandCall{ConversationID: "4711", Arguments: []string{"echo", "this"}}, event.Payload)
	_, err = kind.Decode(events.Envelope{Payload: []byte(`{"arguments":[1,null,"x",{}]}`)})
	assert.EqualError(t, err, "payload.arguments[0]: must be text, not a number\npayload.arguments[1]: must not be null\npayload.arguments[3]: must be text, not an object")
}
