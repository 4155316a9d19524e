package function

import (
	"context"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// Functions are what this program serves.
func Functions() ([]faas.Function, error) {
	return []faas.Function{
		faas.On(events.MessagingConversationEnd, "my_function", takeLeave, faas.Description("Takes leave at the end of a conversation.")),
	}, nil
}

// takeLeave says something that fits who has ended the conversation. Without a
// command, nothing is said.
func takeLeave(_ context.Context, event events.Event[events.Messaging]) (events.Commands, error) {
	end := event.Payload.End
	if end == nil {
		return nil, nil
	}
	switch end.CloseReason {
	case "AGENT":
		return events.Commands{events.SystemMessage("We hope that we could help. Write again whenever you like.")}, nil
	case "SYSTEM":
		return events.Commands{events.SystemMessage("We have not heard from you for a while, so we close this conversation. Write again whenever you like.")}, nil
	}
	return nil, nil
}
