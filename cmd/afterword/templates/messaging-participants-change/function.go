package function

import (
	"context"
	"slices"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// What to change first: what customers read.
const (
	joined     = "Somebody from our team is with you now."
	handedOver = "A colleague takes over from here."
	oneLeft    = "One of us has left the conversation. Somebody is still here for you."
	allLeft    = "Nobody is with you at the moment. We look for somebody who can help."
)

// Functions are what this program serves.
func Functions() ([]faas.Function, error) {
	return []faas.Function{
		faas.On(events.MessagingParticipantChange, "my_function", announce, faas.Description("Tells the customer who joined and who left.")),
	}, nil
}

// announce compares who of the staff took part before with who does now. Where
// nobody joined or left, nothing is said: an agent may have changed roles.
func announce(_ context.Context, event events.Event[events.Messaging]) (events.Commands, error) {
	change := event.Payload.ParticipantChange
	if change == nil {
		return nil, nil
	}
	before, now := staff(change.OldParticipants), staff(change.NewParticipants)
	came, went := anyMissing(now, before), anyMissing(before, now)
	switch {
	case came && went:
		return events.Commands{events.SystemMessage(handedOver)}, nil
	case came:
		return events.Commands{events.SystemMessage(joined)}, nil
	case went && len(now) > 0:
		return events.Commands{events.SystemMessage(oneLeft)}, nil
	case went:
		return events.Commands{events.SystemMessage(allLeft)}, nil
	}
	return nil, nil
}

// staff lists the IDs of agents and their managers.
func staff(partners []events.MessagingPartner) (ids []string) {
	for _, p := range partners {
		switch p.Role {
		case "ASSIGNED_AGENT", "AGENT", "AGENT_MANAGER":
			ids = append(ids, p.ID)
		}
	}
	return ids
}

// anyMissing says whether any of these is not among the others.
func anyMissing(these, others []string) bool {
	return slices.ContainsFunc(these, func(id string) bool { return !slices.Contains(others, id) })
}
