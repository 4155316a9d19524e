package main

import (
	"context"
	_ "embed"
	"errors"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/rules"
)

//go:embed returns.rules.yaml
var returnsFile []byte

// A Carriage is what follows from a rule about returns: a Label whose text may
// hold ${…}.
type Carriage struct {
	Carrier rules.Text `json:"carrier" doc:"Who carries the parcel."`
}

// A ReturnRules is a set of rules about returns.
type ReturnRules = rules.Set[Return, Carriage]

// returnsConfig is what rules about returns share.
func returnsConfig() rules.Config { return rules.Config{Event: ReturnRequested.ID()} }

func loadReturns() (*ReturnRules, error) {
	return rules.Parse[Return, Carriage](returnsConfig(), "returns.rules.yaml", returnsFile)
}

// returnsTester reads the inputs of tests as the events would come in.
func returnsTester() rules.Tester[Return, Carriage] {
	return rules.Tester[Return, Carriage]{Decode: func(payload []byte) (*Return, error) {
		event, err := ReturnRequested.Decode(events.Envelope{Payload: payload})
		return &event.Payload, err
	}}
}

// decide makes a function of the rules: it fits as one into package faas.
func decide(set *ReturnRules) func(context.Context, events.Event[Return]) (Label, error) {
	return func(ctx context.Context, event events.Event[Return]) (Label, error) {
		match, found, err := set.First(ctx, &event.Payload)
		if err != nil {
			return Label{}, err
		}
		if !found {
			return Label{}, errors.New("no rule says who carries the parcel")
		}
		carrier, err := match.Render(match.Then().Carrier)
		return Label{Carrier: carrier}, err
	}
}
