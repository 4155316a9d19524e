package function

import (
	"context"
	"strings"
	"unicode"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// What to change first. See answer too.
const (
	people = "700500" // the skill of those who take over
	pause  = 1.0      // whole seconds before the second of two messages; till then the bot seems to type
)

// Functions are what this program serves.
func Functions() ([]faas.Function, error) {
	return []faas.Function{
		faas.On(events.ThirdPartyBotsCustomIntegration, "my_function", answer, faas.Description("Is a bot that knows the opening hours.")),
	}, nil
}

// answer looks for the first word that it knows. What it does not know is for
// people. Without a message, as in the welcome event of a chat, it greets.
func answer(_ context.Context, event events.Event[events.BotRequest]) (events.BotResponse, error) {
	if strings.TrimSpace(event.Payload.Message) == "" {
		return say(nil, "Hello, I am a bot.", "I can tell the opening hours, or bring you to somebody. What do you want?"), nil
	}
	words := strings.FieldsFunc(strings.ToLower(event.Payload.Message), func(r rune) bool { return !unicode.IsLetter(r) })
	for _, word := range words {
		switch word {
		case "hello", "hi":
			return say(nil, "Hello! What can I do for you?"), nil
		case "hours", "open":
			return say(nil, "We are there from Monday to Friday, 9 to 17.", "Is there anything else?"), nil
		case "agent", "human", "person":
			return say(toPeople(), "I bring you to somebody."), nil
		case "bye":
			return say(&events.BotContext{Action: events.BotCloseConversation}, "Goodbye!"), nil
		}
	}
	return say(toPeople(), "I do not know that.", "I bring you to somebody who does."), nil
}

// say gives messages with pauses between, and what the bot wants beside them.
func say(wants *events.BotContext, texts ...string) events.BotResponse {
	response := events.BotResponse{Context: wants}
	for i, text := range texts {
		if i > 0 {
			response.Messages = append(response.Messages, events.BotMessage{Delay: new(pause)})
		}
		response.Messages = append(response.Messages, events.BotMessage{Text: text})
	}
	return response
}

// toPeople hands the conversation over.
func toPeople() *events.BotContext {
	return &events.BotContext{Action: events.BotTransfer, ActionParameters: &events.BotActionDetails{Skill: people}}
}
