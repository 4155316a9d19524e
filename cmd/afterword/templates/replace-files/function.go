package function

import (
	"context"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/toolbelt/conversations"
)

// Functions are what this program serves.
func Functions() ([]faas.Function, error) {
	// Put your chat server in the place of this one, which has a single
	// conversation: that of the sample event.
	server := conversations.NewMemory(conversations.Conversation{ID: "5b0c1d1e-7a60-4a0e-9f53-0d6f2f6a1c11", Messages: []conversations.Message{
		{ID: "1", Text: "This is the receipt.", Files: []conversations.File{{ID: "receipt", Name: "receipt.jpg", Type: "image/jpeg"}}},
		{ID: "2", Files: []conversations.File{{ID: "contract", Name: "contract.pdf", Type: "application/pdf"}}},
	}})
	// What to change first: which files go, and what is in their place.
	replace := newReplace(server, nil, conversations.Removed())
	return []faas.Function{
		faas.On(events.MessagingConversationEnd, "my_function", replace, faas.Description("Replaces the files of conversations that have ended.")),
	}, nil
}

// newReplace makes the function. It replaces the files of a conversation that
// should gives true for, or all if should is nil. If it fails for some of them,
// the others are replaced nonetheless; to call it again does no harm.
func newReplace(server conversations.Server, should func(conversations.File) bool, replacement conversations.File) func(context.Context, events.Event[events.Messaging]) (events.Commands, error) {
	return func(ctx context.Context, event events.Event[events.Messaging]) (events.Commands, error) {
		conversation, err := server.Conversation(ctx, event.Payload.General.ConvID)
		if err != nil {
			return nil, err
		}
		replaced, err := conversations.ReplaceFiles(ctx, server, conversation, should, replacement)
		faas.Log(ctx).InfoContext(ctx, "files were replaced", "files", replaced)
		return nil, err
	}
}
