// Command ownevents shows how events of one's own join those of the platform.
//
// It defines two kinds, puts them into a registry beside the platform's
// fifteen, and decodes a sample of each. Rules about one of them, with their
// tests, are in returns.rules.yaml.
package main

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"os"

	"github.com/afterword-go/afterword/events"
)

var (
	//go:embed samples/step_up.json
	stepUpSample []byte
	//go:embed samples/return_requested.json
	returnSample []byte
)

// ConsumerStepUp is the platform's sixteenth event: a consumer authenticates
// in the middle of a conversation. Its wire ID is not public: put your
// account's in place of this one. Its payload is that of all messaging events.
var ConsumerStepUp = events.Define[events.Messaging, events.Commands](events.Spec{
	ID:          "example_messaging_consumer_step_up",
	Name:        "Messaging Consumer Step Up",
	Description: "The consumer has authenticated during the conversation.",
	Source:      "ControllerBot",
	Limit:       1,
	Skills:      true,
	Sample:      stepUpSample,
})

// Return is the payload of an event that has nothing to do with the platform.
type Return struct {
	OrderID  events.ID `json:"orderId" validate:"required" doc:"The number of the order."`
	Articles []Article `json:"articles" validate:"min=1,dive" doc:"What goes back."`
	Express  *bool     `json:"express" doc:"Whether the customer pays for the fast way; absent when not asked."` // a pointer: false is not absent
}

// An Article is one line of a return.
type Article struct {
	Name   string `json:"name" validate:"required" doc:"The name of the article."`
	Pieces int    `json:"pieces" validate:"min=1,max=100" doc:"How many pieces go back."`
}

// Label is what a function answers to a Return.
type Label struct {
	Carrier string `json:"carrier" validate:"required" doc:"Who carries the parcel."`
}

// ReturnRequested is raised by a shop.
var ReturnRequested = events.Define[Return, Label](events.Spec{
	ID:          "shop_return_requested",
	Name:        "Return Requested",
	Description: "A customer wants to send something back.",
	Source:      "Shop",
	Limit:       2,
	Sample:      returnSample,
})

func main() {
	if err := run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(out io.Writer) error {
	registry, err := events.Platform().With(ConsumerStepUp, ReturnRequested)
	if err != nil {
		return err
	}
	for kind := range registry.All() {
		if _, err := fmt.Fprintf(out, "%-45s %2d  %s\n", kind.ID(), kind.Limit(), kind.Name()); err != nil {
			return err
		}
	}
	stepUp, err := decodeSample(ConsumerStepUp)
	if err != nil {
		return err
	}
	parcel, err := decodeSample(ReturnRequested)
	if err != nil {
		return err
	}
	label, err := labelFor(parcel)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "\n%s in conversation %s\n%d articles of order %s go back: %s\n",
		stepUp.Payload.General.CBotEventType, stepUp.Payload.General.ConvID,
		len(parcel.Payload.Articles), parcel.Payload.OrderID, label)
	return err
}

// labelFor has the rules say who carries a parcel, and gives the answer as it
// goes out.
func labelFor(parcel events.Event[Return]) ([]byte, error) {
	set, err := loadReturns()
	if err != nil {
		return nil, err
	}
	label, err := decide(set)(context.Background(), parcel)
	if err != nil {
		return nil, err
	}
	return ReturnRequested.EncodeResult(label)
}

// decodeSample decodes a kind's own sample, as an event from outside would be.
func decodeSample[P, R any](kind *events.Kind[P, R]) (events.Event[P], error) {
	env, err := events.DecodeEnvelope(kind.Sample())
	if err != nil {
		return events.Event[P]{}, err
	}
	return kind.Decode(env)
}
