package function

import (
	"context"
	"fmt"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// What to change first.
const (
	urgentSkill events.ID = "700400" // who answers what is urgent

	soon   = "We have marked this as urgent, and answer as soon as we can."
	within = "We have marked this as urgent, and answer within %d min."
)

// Functions are what this program serves.
func Functions() ([]faas.Function, error) {
	return []faas.Function{
		faas.On(events.MessagingTTR, "my_function", hurry, faas.Description("Sends what has become urgent to a skill of its own.")),
	}, nil
}

// hurry acts when a conversation becomes urgent, and not when it was urgent
// already or is so no longer.
func hurry(_ context.Context, event events.Event[events.Messaging]) (events.Commands, error) {
	ttr, routing := event.Payload.TTR, event.Payload.Routing
	if ttr == nil || !urgent(ttr.NewTTR) || urgent(ttr.OldTTR) {
		return nil, nil
	}
	commands := events.Commands{events.SystemMessage(promise(*ttr.NewTTR))}
	if routing == nil || routing.NewSkillID != urgentSkill {
		commands = append(commands, events.Transfer(urgentSkill))
	}
	return commands, nil
}

func urgent(ttr *events.TTR) bool {
	return ttr != nil && ttr.TTRType == "URGENT"
}

// promise says by when there will be an answer, in minutes rounded up.
func promise(ttr events.TTR) string {
	if ttr.Value == nil || *ttr.Value <= 0 {
		return soon
	}
	return fmt.Sprintf(within, (*ttr.Value-1)/60+1)
}
