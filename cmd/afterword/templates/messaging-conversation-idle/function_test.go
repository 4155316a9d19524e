package function

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
)

func TestWakeUp(t *testing.T) {
	const raised = int64(1_700_000_000_000)
	last := raised - closeAfter.Milliseconds()
	remind := events.Commands{events.SystemMessage(reminder)}
	leave := events.Commands{events.SystemMessage(farewell), events.CloseConversation()}

	for _, test := range []struct {
		name   string
		what   events.CBotEventType
		raised *int64
		idle   *events.ConversationIdle
		want   events.Commands
	}{
		{"the customer, long enough", events.ConsumerNonResponsive, new(raised), &events.ConversationIdle{LastConsumerMsgTs: new(last)}, leave},
		{"the customer, not yet long enough", events.ConsumerNonResponsive, new(raised), &events.ConversationIdle{LastConsumerMsgTs: new(last + 1)}, remind},
		{"the customer, who never wrote", events.ConsumerNonResponsive, new(raised), &events.ConversationIdle{}, remind},
		{"the customer, without the group", events.ConsumerNonResponsive, new(raised), nil, remind},
		{"the customer, without a time", events.ConsumerNonResponsive, nil, &events.ConversationIdle{LastConsumerMsgTs: new(last)}, remind},
		{"the agent", events.AgentNonResponsive, new(raised), &events.ConversationIdle{LastConsumerMsgTs: new(last)}, events.Commands{events.SystemMessage(apology)}},
		{"the queue", events.WaitingInQueue, nil, nil, events.Commands{events.SystemMessage(queueing)}},
		{"something else", events.Opened, nil, nil, nil},
		{"nobody says what", "", nil, nil, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			payload := events.Messaging{General: events.General{CBotEventType: test.what, ServerTimestamp: test.raised}, Idle: test.idle}
			commands, err := wakeUp(t.Context(), events.Event[events.Messaging]{Payload: payload})
			require.NoError(t, err)
			assert.Equal(t, test.want, commands)
		})
	}
}

func TestWakeUpWithTheSample(t *testing.T) {
	env, err := events.DecodeEnvelope(events.MessagingConversationIdle.Sample())
	require.NoError(t, err)
	event, err := events.MessagingConversationIdle.Decode(env)
	require.NoError(t, err)
	commands, err := wakeUp(t.Context(), event)
	require.NoError(t, err)
	assert.Equal(t, events.Commands{events.SystemMessage(apology)}, commands)
}
