package function

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// What to change first.
const (
	alone   = 50.0  // what an agent may refund alone
	most    = 500.0 // what a team lead may; beyond it is the manager's
	taxRate = 0.19

	usage = "Type /my_function refund [amount] or /my_function tax [amount]."
)

// Functions are what this program serves. Agents type the function's name, and
// see its description beside it.
func Functions() ([]faas.Function, error) {
	return []faas.Function{
		faas.On(events.ConversationalCommand, "my_function", reply, faas.Description("refund [amount]: who may allow it. tax [amount]: the tax in it.")),
	}, nil
}

// reply answers the agent. A mistake in typing is answered too: an error would
// count as a failure of the function.
func reply(_ context.Context, event events.Event[events.CommandCall]) (events.Reply, error) {
	if len(event.Payload.Arguments) != 2 {
		return events.TextReply(usage), nil
	}
	amount, err := strconv.ParseFloat(event.Payload.Arguments[1], 64)
	if err != nil || math.IsInf(amount, 0) || !(amount > 0) { // nor NaN
		return events.TextReply("The amount is a number above zero, such as 19.90. " + usage), nil
	}
	switch strings.ToLower(event.Payload.Arguments[0]) {
	case "refund":
		return events.TextReply(fmt.Sprintf("%.2f: %s.", amount, allowedBy(amount))), nil
	case "tax": // within the amount, to the cent
		return events.NumberReply(math.Round(amount*taxRate/(1+taxRate)*100) / 100), nil
	}
	return events.TextReply(usage), nil
}

// allowedBy says who may allow to refund an amount.
func allowedBy(amount float64) string {
	switch {
	case amount <= alone:
		return "go ahead"
	case amount <= most:
		return "ask your team lead"
	}
	return "ask the manager"
}
