package function

import (
	"context"
	"encoding/json"
	"regexp"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// What to change first: a number as long as those of cards, and what the bot
// gets in its place.
var longNumber = regexp.MustCompile(`\b\d(?:[ -]?\d){12,18}\b`)

const masked = "[number]"

// Functions are what this program serves.
func Functions() ([]faas.Function, error) {
	return []faas.Function{
		faas.On(events.ThirdPartyBotsPreHook, "my_function", protect, faas.Description("Keeps long numbers, such as those of cards, from bots.")),
	}, nil
}

// protect masks long numbers in what the customer wrote. Each vendor has that at
// a place of its own; whatever else is in the request stays as it is.
func protect(_ context.Context, event events.Event[events.Object]) (events.Object, error) {
	request := event.Payload
	for _, place := range [][]string{
		{"message"},                    // of a function, and of Watson
		{"message", "text"},            // of the second Watson
		{"text"},                       // of Microsoft
		{"inputText"},                  // of Lex
		{"queryInput", "text", "text"}, // of Dialogflow
	} {
		if err := maskAt(request, place); err != nil {
			return nil, err
		}
	}
	return request, nil
}

// maskAt masks the text at a place, if there is one.
func maskAt(object events.Object, place []string) error {
	name, rest := place[0], place[1:]
	var changed any
	if len(rest) > 0 {
		var inner events.Object
		if json.Unmarshal(object[name], &inner) != nil {
			return nil // nothing, or no object
		}
		if err := maskAt(inner, rest); err != nil {
			return err
		}
		changed = inner
	} else {
		var text *string
		if json.Unmarshal(object[name], &text) != nil || text == nil {
			return nil // nothing, or no text
		}
		changed = longNumber.ReplaceAllLiteralString(*text, masked)
	}
	encoded, err := json.Marshal(changed)
	object[name] = encoded
	return err
}
