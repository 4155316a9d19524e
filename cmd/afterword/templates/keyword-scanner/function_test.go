package function

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/toolbelt/conversations"
)

func TestScan(t *testing.T) {
	scanner, err := conversations.NewWordScanner("refund", "lawyer")
	require.NoError(t, err)
	says := func(by string, texts ...string) (all []conversations.Message) {
		for _, text := range texts {
			all = append(all, conversations.Message{By: by, Text: text})
		}
		return all
	}
	server := conversations.NewMemory(
		conversations.Conversation{ID: "angry", Messages: says(customer, "A REFUND, a refund!", "My lawyer wants a refund.", "bye")},
		conversations.Conversation{ID: "content", Messages: says(customer, "You have refunded me, thanks.")},
		conversations.Conversation{ID: "agent", Messages: says("ASSIGNED_AGENT", "Would you like a refund?")},
		conversations.Conversation{ID: "silent"},
	)
	rt, err := faas.New(faas.Config{Functions: []faas.Function{faas.On(events.MessagingConversationEnd, "scan", newScan(server, scanner))}})
	require.NoError(t, err)

	for _, test := range []struct{ name, conversation, logs string }{
		{"keywords", "angry", `{"messages": {"keywordRef:refund": 2, "keywordRef:lawyer": 1}}`},
		{"a part of a word", "content", ""},
		{"the agent's words", "agent", ""},
		{"no messages", "silent", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			env := events.Envelope{Payload: []byte(`{"general": {"convId": "` + test.conversation + `"}}`)}
			trial, err := rt.Try(t.Context(), rt.Functions(faas.Filter{})[0].ID, env)
			require.NoError(t, err)
			require.Nil(t, trial.Err)
			if test.logs == "" {
				assert.JSONEq(t, `[]`, string(trial.Result))
				assert.Empty(t, trial.Logs)
				return
			}
			assert.Contains(t, string(trial.Result), promise)
			require.Len(t, trial.Logs, 1)
			assert.JSONEq(t, test.logs, string(trial.Logs[0].Extras))
		})
	}

	_, err = newScan(server, scanner)(t.Context(), events.Event[events.Messaging]{Payload: events.Messaging{General: events.General{ConvID: "none"}}})
	assert.ErrorIs(t, err, conversations.ErrNoConversation)
}

// What the program serves finds the conversation of the sample event.
func TestScanTheSample(t *testing.T) {
	all, err := Functions()
	require.NoError(t, err)
	rt, err := faas.New(faas.Config{Functions: all})
	require.NoError(t, err)
	sample, err := events.DecodeEnvelope(events.MessagingConversationEnd.Sample())
	require.NoError(t, err)
	results, err := rt.Invoke(t.Context(), events.MessagingConversationEnd.ID(), sample)
	require.NoError(t, err)
	require.Len(t, results, 1)
	assert.Contains(t, string(results[0].Value), promise)
}
