package function

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
)

func TestReply(t *testing.T) {
	help, badAmount := events.TextReply(usage), events.TextReply("The amount is a number above zero, such as 19.90. "+usage)
	for _, test := range []struct {
		name      string
		arguments []string
		want      events.Reply
	}{
		{"a small refund", []string{"refund", "50"}, events.TextReply("50.00: go ahead.")},
		{"a refund", []string{"Refund", "50.01"}, events.TextReply("50.01: ask your team lead.")},
		{"a large refund", []string{"refund", "500"}, events.TextReply("500.00: ask your team lead.")},
		{"a very large refund", []string{"refund", "500.01"}, events.TextReply("500.01: ask the manager.")},
		{"tax", []string{"tax", "119"}, events.NumberReply(19)},
		{"tax to the cent", []string{"tax", "10"}, events.NumberReply(1.6)},
		{"nothing", nil, help},
		{"no amount", []string{"tax"}, help},
		{"too much", []string{"tax", "1", "2"}, help},
		{"something else", []string{"cancel", "1"}, help},
		{"no number", []string{"tax", "ten"}, badAmount},
		{"zero", []string{"tax", "0"}, badAmount},
		{"less", []string{"refund", "-1"}, badAmount},
		{"infinity", []string{"tax", "Inf"}, badAmount},
		{"not a number", []string{"refund", "NaN"}, badAmount},
		{"too large a number", []string{"tax", "1e999"}, badAmount},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := reply(t.Context(), events.Event[events.CommandCall]{Payload: events.CommandCall{Arguments: test.arguments}})
			require.NoError(t, err)
			assert.Equal(t, test.want.String(), got.String())
			assert.Equal(t, test.want.IsNumber(), got.IsNumber())
			_, err = events.ConversationalCommand.EncodeResult(got)
			require.NoError(t, err)
		})
	}
}

func TestReplyToTheSample(t *testing.T) {
	env, err := events.DecodeEnvelope(events.ConversationalCommand.Sample())
	require.NoError(t, err)
	event, err := events.ConversationalCommand.Decode(env)
	require.NoError(t, err)
	got, err := reply(t.Context(), event)
	require.NoError(t, err)
	assert.Equal(t, "42.00: go ahead.", got.String())
}
