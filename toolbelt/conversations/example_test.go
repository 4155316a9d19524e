package conversations_test

import (
	"context"
	"fmt"

	"github.com/afterword-go/afterword/toolbelt/conversations"
)

// A function looks into the conversation that has ended, and has the pictures
// in it removed.
func Example() {
	server := conversations.NewMemory(conversations.Conversation{ID: "26fe6d61", Messages: []conversations.Message{
		{ID: "1", By: "CONSUMER", Text: "I want a REFUND, or I call my lawyer."},
		{ID: "2", By: "ASSIGNED_AGENT", Text: "Could you send the receipt?"},
		{ID: "3", By: "CONSUMER", Files: []conversations.File{{ID: "receipt", Name: "receipt.jpg", Type: "image/jpeg"}}},
	}})
	scanner, err := conversations.NewScanner("refund", "lawyer")
	if err != nil {
		fmt.Println(err)
		return
	}

	ctx := context.Background()
	conversation, err := server.Conversation(ctx, "26fe6d61")
	if err != nil {
		fmt.Println(err)
		return
	}
	hits, err := scanner.Scan(conversation)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, hit := range hits {
		fmt.Println(hit.By, hit.Tag)
	}

	replaced, err := conversations.ReplaceFiles(ctx, server, conversation, nil, conversations.File{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("files replaced:", replaced)
	// Output:
	// CONSUMER keywordRef:refund
	// CONSUMER keywordRef:lawyer
	// files replaced: 1
}
