package function

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// Functions are what this program serves.
func Functions() ([]faas.Function, error) {
	return []faas.Function{
		faas.On(events.ThirdPartyBotsErrorHook, "my_function", note, faas.Description("Notes what went wrong with a bot.")),
	}, nil
}

// note logs the error, and which conversation it was in. The request that failed
// holds what the customer wrote, and stays out of the log.
func note(ctx context.Context, event events.Event[events.BotFailure]) (events.Ignored, error) {
	failure := event.Payload
	log := faas.Log(ctx).With("vendor", failure.Vendor, "conversation", conversation(failure))
	if failure.Error == nil {
		log.ErrorContext(ctx, "a bot has failed, and the event does not tell why")
		return events.Ignored{}, nil
	}
	log.ErrorContext(ctx, "a bot has failed", "error", failure.Error.Name, "id", failure.Error.ErrorID, "hint", hint(failure.Error.Name))
	return events.Ignored{}, nil
}

// conversation is the ID of the conversation, from requests that have one.
func conversation(failure events.BotFailure) string {
	var request struct {
		ConvID            string `json:"convId"`
		SessionAttributes struct {
			ConvID string `json:"convId"`
		} `json:"sessionAttributes"`
	}
	for _, data := range []json.RawMessage{failure.Function, failure.Lex} {
		if json.Unmarshal(data, &request) == nil {
			return request.ConvID + request.SessionAttributes.ConvID
		}
	}
	return ""
}

// hint says what to look at. What to change first: the errors of your vendor.
func hint(name string) string {
	switch {
	case strings.HasSuffix(name, ".invoke-lambda"):
		return "look at the logs of the function that is the bot"
	case strings.HasSuffix(name, ".missing-response-body"):
		return "the function that is the bot gave no result"
	case strings.HasSuffix(name, ".failed-hook"):
		return "look at the hooks before and after the bot"
	}
	return "see the documentation of the vendor"
}
