package function

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// What to change first.
const (
	sureEnough = 0.5      // the least score of an answer that customers get
	people     = "700500" // the skill of those who take over
	handOver   = "I am not sure about that. Let me bring in somebody who is."
)

// Functions are what this program serves.
func Functions() ([]faas.Function, error) {
	return []faas.Function{
		faas.On(events.ThirdPartyBotsPostHook, "my_function", doubt, faas.Description("Hands over to people when a bot is not sure.")),
	}, nil
}

// doubt puts a transfer in the place of an answer that the bot is not sure of.
// An answer without a score, or with an action of its own, stays as it is, and
// so does whatever else is in it.
func doubt(_ context.Context, event events.Event[events.Object]) (events.Object, error) {
	answer := event.Payload
	var wants events.Object
	if json.Unmarshal(answer["context"], &wants) != nil || wants["action"] != nil {
		return answer, nil
	}
	var score *float64
	if json.Unmarshal(wants["confidenceScore"], &score) != nil || score == nil || *score >= sureEnough {
		return answer, nil
	}
	return answer, errors.Join(
		set(wants, "action", events.BotTransfer),
		set(wants, "actionParameters", events.BotActionDetails{Skill: people}),
		set(answer, "messages", []string{handOver}),
		set(answer, "context", wants), // with what was set above
	)
}

// set makes a value a member of an object.
func set(object events.Object, name string, value any) error {
	encoded, err := json.Marshal(value)
	object[name] = encoded
	return err
}
