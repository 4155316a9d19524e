package function

import (
	"context"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/toolbelt/conversations"
)

// What to change first, with the keywords.
const (
	promise  = "Thank you. A colleague will read this conversation, and get in touch with you."
	customer = "CONSUMER" // what the chat server calls those who write to you
)

// Functions are what this program serves.
func Functions() ([]faas.Function, error) {
	scanner, err := conversations.NewWordScanner("refund", "lawyer", "cancel my contract")
	if err != nil {
		return nil, err
	}
	// Put your chat server in the place of this one, which has a single
	// conversation: that of the sample event.
	server := conversations.NewMemory(conversations.Conversation{ID: "5b0c1d1e-7a60-4a0e-9f53-0d6f2f6a1c11", Messages: []conversations.Message{
		{ID: "1", By: customer, Text: "I want a refund."},
		{ID: "2", By: "ASSIGNED_AGENT", Text: "A refund takes a week."},
	}})
	return []faas.Function{
		faas.On(events.MessagingConversationEnd, "my_function", newScan(server, scanner), faas.Description("Looks for keywords in conversations that have ended.")),
	}, nil
}

// newScan makes the function. It logs in how many messages of the customer there
// is which keyword. If there is one, the customer gets a promise.
func newScan(server conversations.Server, scanner *conversations.Scanner) func(context.Context, events.Event[events.Messaging]) (events.Commands, error) {
	return func(ctx context.Context, event events.Event[events.Messaging]) (events.Commands, error) {
		conversation, err := server.Conversation(ctx, event.Payload.General.ConvID)
		if err != nil {
			return nil, err
		}
		hits, err := scanner.Scan(conversation)
		if err != nil {
			return nil, err
		}
		messages := map[string]int{} // by tag: the rest of a hit quotes what people said, which is not for logs
		for _, hit := range hits {
			if hit.By == customer {
				messages[hit.Tag]++
			}
		}
		if len(messages) == 0 {
			return nil, nil
		}
		faas.Log(ctx).InfoContext(ctx, "keywords were found", "messages", messages)
		return events.Commands{events.SystemMessage(promise)}, nil
	}
}
