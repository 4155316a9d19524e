// Command wrongtypes does not compile: each line that ends in "wrong" connects
// a function of the wrong types.
package main

import (
	"context"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

type call = events.Event[events.CommandCall]

func answer(context.Context, call) (events.Reply, error)   { return events.Reply{}, nil }
func number(context.Context, call) (int, error)            { return 0, nil }
func hasty(call) (events.Reply, error)                     { return events.Reply{}, nil }
func pointer(context.Context, *call) (events.Reply, error) { return events.Reply{}, nil }
func silent(context.Context, call) (reply events.Reply)    { return reply }

func main() {
	faas.On(events.ConversationalCommand, "f", answer)
	faas.On(events.ChatPostSurveyEmailTranscript, "f", answer) // wrong
	faas.On(events.ConversationalCommand, "f", number)         // wrong
	faas.On(events.ConversationalCommand, "f", hasty)          // wrong
	faas.On(events.ConversationalCommand, "f", pointer)        // wrong
	faas.On(events.ConversationalCommand, "f", silent)         // wrong
	_, _ = faas.Invoke(context.Background(), nil, events.ConversationalCommand, call{})
	_, _ = faas.Invoke(context.Background(), nil, events.ChatPostSurveyEmailTranscript, call{})       // wrong
	_, _ = faas.Invoke(context.Background(), nil, events.ConversationalCommand, events.CommandCall{}) // wrong
}
