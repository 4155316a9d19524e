package function

import (
	"context"
	"time"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// What to change first.
const (
	closeAfter = 2 * time.Hour // of the customer's silence

	reminder = "Are you still there? Write to us, and we go on."
	farewell = "We have not heard from you, so we close this conversation. Write again whenever you like."
	apology  = "This takes us longer than we would like. You are not forgotten."
	queueing = "Many people write to us just now. Somebody will be with you as soon as possible."
)

// Functions are what this program serves.
func Functions() ([]faas.Function, error) {
	return []faas.Function{
		faas.On(events.MessagingConversationIdle, "my_function", wakeUp, faas.Description("Reminds those who are silent, and closes in the end.")),
	}, nil
}

// wakeUp reminds a customer who is silent, or closes the conversation; for the
// silence of agents it apologises.
func wakeUp(_ context.Context, event events.Event[events.Messaging]) (events.Commands, error) {
	switch event.Payload.General.CBotEventType {
	case events.ConsumerNonResponsive:
		if silence(event.Payload) >= closeAfter {
			return events.Commands{events.SystemMessage(farewell), events.CloseConversation()}, nil
		}
		return events.Commands{events.SystemMessage(reminder)}, nil
	case events.AgentNonResponsive:
		return events.Commands{events.SystemMessage(apology)}, nil
	case events.WaitingInQueue:
		return events.Commands{events.SystemMessage(queueing)}, nil
	}
	return nil, nil
}

// silence is how long the customer had written nothing when the event was
// raised. It is 0 where the payload does not say.
func silence(m events.Messaging) time.Duration {
	raised := m.General.ServerTimestamp
	if raised == nil || m.Idle == nil || m.Idle.LastConsumerMsgTs == nil {
		return 0
	}
	return time.UnixMilli(*raised).Sub(time.UnixMilli(*m.Idle.LastConsumerMsgTs))
}
