package function

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
)

func TestGreet(t *testing.T) {
	toNewcomers := events.Transfer(newcomers)
	for _, test := range []struct {
		name    string
		payload events.Messaging
		want    events.Commands
	}{
		{
			"a newcomer",
			events.Messaging{Start: &events.ConversationStart{FirstConversation: new(true)}},
			events.Commands{events.SystemMessage(welcome), toNewcomers},
		},
		{
			"a newcomer in another skill",
			events.Messaging{Start: &events.ConversationStart{FirstConversation: new(true)}, Routing: &events.Routing{NewSkillID: "1"}},
			events.Commands{events.SystemMessage(welcome), toNewcomers},
		},
		{
			"a newcomer in the right skill",
			events.Messaging{Start: &events.ConversationStart{FirstConversation: new(true)}, Routing: &events.Routing{NewSkillID: newcomers}},
			events.Commands{events.SystemMessage(welcome)},
		},
		{
			"somebody known",
			events.Messaging{Start: &events.ConversationStart{FirstConversation: new(false)}, General: events.General{InOffHours: new(false)}},
			events.Commands{events.SystemMessage(welcomeBack)},
		},
		{
			"somebody known, whatever the event type says",
			events.Messaging{Start: &events.ConversationStart{FirstConversation: new(false)}, General: events.General{CBotEventType: events.OpenedFirstTime}},
			events.Commands{events.SystemMessage(welcomeBack)},
		},
		{
			"somebody known in off-hours",
			events.Messaging{General: events.General{InOffHours: new(true)}},
			events.Commands{events.SystemMessage(nobodyHere)},
		},
		{
			"the event type tells of a newcomer",
			events.Messaging{Start: &events.ConversationStart{}, General: events.General{CBotEventType: events.OpenedFirstTime}},
			events.Commands{events.SystemMessage(welcome), toNewcomers},
		},
		{
			"the event type tells of a newcomer in off-hours",
			events.Messaging{General: events.General{CBotEventType: events.OpenedFirstTimeOffHours, InOffHours: new(true)}},
			events.Commands{events.SystemMessage(nobodyHere), toNewcomers},
		},
		{"nothing tells", events.Messaging{}, events.Commands{events.SystemMessage(welcomeBack)}},
	} {
		t.Run(test.name, func(t *testing.T) {
			commands, err := greet(t.Context(), events.Event[events.Messaging]{Payload: test.payload})
			require.NoError(t, err)
			assert.Equal(t, test.want, commands)
		})
	}
}

func TestGreetTheSample(t *testing.T) {
	env, err := events.DecodeEnvelope(events.MessagingNewConversation.Sample())
	require.NoError(t, err)
	event, err := events.MessagingNewConversation.Decode(env)
	require.NoError(t, err)
	commands, err := greet(t.Context(), event)
	require.NoError(t, err)
	assert.Equal(t, events.Commands{events.SystemMessage(welcome), events.Transfer(newcomers)}, commands)
}
