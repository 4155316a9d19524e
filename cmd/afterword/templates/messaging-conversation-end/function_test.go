package function

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
)

func TestTakeLeave(t *testing.T) {
	for _, test := range []struct {
		name string
		end  *events.ConversationEnd
		says string // empty: nothing
	}{
		{"the agent has ended it", &events.ConversationEnd{CloseReason: "AGENT"}, "help"},
		{"it has ended by itself", &events.ConversationEnd{CloseReason: "SYSTEM"}, "a while"},
		{"the customer has ended it", &events.ConversationEnd{CloseReason: "CONSUMER"}, ""},
		{"nobody says who", nil, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			commands, err := takeLeave(t.Context(), events.Event[events.Messaging]{Payload: events.Messaging{End: test.end}})
			require.NoError(t, err)
			if test.says == "" {
				assert.Empty(t, commands)
				return
			}
			require.Len(t, commands, 1)
			assert.Equal(t, events.CommandSystemMessage, commands[0].Type)
			assert.Contains(t, commands[0].Text, test.says)
		})
	}
}
