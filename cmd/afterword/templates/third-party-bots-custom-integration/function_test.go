package function

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
)

func TestAnswer(t *testing.T) {
	for _, test := range []struct {
		name, message, want string
	}{
		{"a greeting", "Hi!", `{"messages": ["Hello! What can I do for you?"]}`},
		{"a question", "When are you open?", `{"messages": ["We are there from Monday to Friday, 9 to 17.", {"delay": 1}, "Is there anything else?"]}`},
		{"the first word counts", "hours, agent", `{"messages": ["We are there from Monday to Friday, 9 to 17.", {"delay": 1}, "Is there anything else?"]}`},
		{"for people", "a HUMAN please", `{"messages": ["I bring you to somebody."], "context": {"action": "TRANSFER", "actionParameters": {"skill": "700500"}}}`},
		{"a farewell", "ok,bye", `{"messages": ["Goodbye!"], "context": {"action": "CLOSE_CONVERSATION"}}`},
		{"within another word", "an opening", `{"messages": ["I do not know that.", {"delay": 1}, "I bring you to somebody who does."], "context": {"action": "TRANSFER", "actionParameters": {"skill": "700500"}}}`},
		{"no word at all", "42", `{"messages": ["I do not know that.", {"delay": 1}, "I bring you to somebody who does."], "context": {"action": "TRANSFER", "actionParameters": {"skill": "700500"}}}`},
		{"nothing", "", `{"messages": ["Hello, I am a bot.", {"delay": 1}, "I can tell the opening hours, or bring you to somebody. What do you want?"]}`},
		{"nothing but blanks", " \n", `{"messages": ["Hello, I am a bot.", {"delay": 1}, "I can tell the opening hours, or bring you to somebody. What do you want?"]}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			response, err := answer(t.Context(), events.Event[events.BotRequest]{Payload: events.BotRequest{Message: test.message}})
			require.NoError(t, err)
			got, err := events.ThirdPartyBotsCustomIntegration.EncodeResult(response)
			require.NoError(t, err)
			assert.JSONEq(t, test.want, string(got))
		})
	}
}

func TestAnswerTheSample(t *testing.T) {
	env, err := events.DecodeEnvelope(events.ThirdPartyBotsCustomIntegration.Sample())
	require.NoError(t, err)
	event, err := events.ThirdPartyBotsCustomIntegration.Decode(env)
	require.NoError(t, err)
	response, err := answer(t.Context(), event)
	require.NoError(t, err)
	assert.Equal(t, events.BotResponse{Messages: []events.BotMessage{{Text: "Hello! What can I do for you?"}}}, response)
}
