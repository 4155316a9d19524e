package function

import (
	"context"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// What to change first.
const (
	newcomers events.ID = "700300" // the skill for those who write for the first time

	welcome     = "Welcome! Tell us what it is about, and we find the right person for you."
	welcomeBack = "Good to hear from you again. What can we do for you?"
	nobodyHere  = "Thank you for writing. Nobody is here at this hour; we answer as soon as we are back."
)

// Functions are what this program serves.
func Functions() ([]faas.Function, error) {
	return []faas.Function{
		faas.On(events.MessagingNewConversation, "my_function", greet, faas.Description("Greets, and sends newcomers to a skill of their own.")),
	}, nil
}

// greet greets as it fits the hour and the customer, and sends newcomers to
// their skill, unless they are there already.
func greet(_ context.Context, event events.Event[events.Messaging]) (events.Commands, error) {
	m := event.Payload
	first := atFirstContact(m)
	text := welcomeBack
	switch {
	case m.General.InOffHours != nil && *m.General.InOffHours:
		text = nobodyHere
	case first:
		text = welcome
	}
	commands := events.Commands{events.SystemMessage(text)}
	if first && (m.Routing == nil || m.Routing.NewSkillID != newcomers) {
		commands = append(commands, events.Transfer(newcomers))
	}
	return commands, nil
}

// atFirstContact says whether the customer has never written before. Without
// the group "start", the event type tells.
func atFirstContact(m events.Messaging) bool {
	if m.Start != nil && m.Start.FirstConversation != nil {
		return *m.Start.FirstConversation
	}
	return m.General.CBotEventType == events.OpenedFirstTime || m.General.CBotEventType == events.OpenedFirstTimeOffHours
}
