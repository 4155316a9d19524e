package function

import (
	"context"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// What to change first: the account's skills. See team too.
const (
	sales   events.ID = "700100"
	billing events.ID = "700200"
)

// Functions are what this program serves.
func Functions() ([]faas.Function, error) {
	return []faas.Function{
		faas.On(events.MessagingConversationRouting, "my_function", sayWhere, faas.Description("Tells the customer where the conversation goes.")),
	}, nil
}

// sayWhere names the team that a conversation goes to, and the one it comes
// from, if customers know them.
func sayWhere(_ context.Context, event events.Event[events.Messaging]) (events.Commands, error) {
	routing := event.Payload.Routing
	if routing == nil || routing.NewSkillID == "" || routing.NewSkillID == routing.OldSkillID {
		return nil, nil
	}
	to, known := team(routing.NewSkillID)
	if !known {
		to = "a colleague"
	}
	text := "We connect you with " + to + "."
	if from, known := team(routing.OldSkillID); known {
		text += " You need not say again what you have told " + from + "."
	}
	return events.Commands{events.SystemMessage(text)}, nil
}

// team is what customers call the people of a skill.
func team(skill events.ID) (name string, known bool) {
	switch skill {
	case sales:
		return "our sales team", true
	case billing:
		return "our billing team", true
	}
	return "", false
}
