package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/transcript"
)

// A desk is where events are decided. It may be used by several goroutines at
// once.
type desk struct {
	events  *events.Registry
	runtime *faas.Runtime
	live    *transcript.Live // the rules behind the function; nil if none is connected
	legacy  func(events.Event[events.PostSurvey]) []events.TranscriptEmail
}

// A decider is who decided.
type decider string

const (
	byFunctions decider = "functions"
	byLegacy    decider = "legacy rules"
)

// A decision is what follows from a survey.
type decision struct {
	By     decider
	Emails []events.TranscriptEmail // never nil
	Why    []transcript.RuleTrace   // what became of each rule; legacy rules do not tell
}

// check says why an event cannot be decided here: nobody knows it, or nobody
// is there for it. Empty stands for the event of surveys.
func (d *desk) check(event string) error {
	survey := events.ChatPostSurveyEmailTranscript.ID()
	if event == "" || event == survey {
		return nil
	}
	if _, err := d.events.Lookup(event); err != nil {
		return err
	}
	return fmt.Errorf("event %s: no function is connected to it, and the legacy rules decide only %s", event, survey)
}

// decide decides a survey: by the functions that are connected to the event
// or, as long as there is none, by the legacy rules.
//
// A rule that fails spoils the decision: then there is nothing to send. The
// error has one line for each such rule, and the decision still tells why.
func (d *desk) decide(ctx context.Context, event events.Event[events.PostSurvey]) (decision, error) {
	kind := events.ChatPostSurveyEmailTranscript
	if !d.runtime.Implements(kind.ID()) {
		return decision{By: byLegacy, Emails: transcript.Join(d.legacy(event))}, nil
	}
	for {
		set := d.live.Set()
		results, err := faas.Invoke(ctx, d.runtime, kind, event)
		if d.live.Set() != set {
			continue // other rules have taken over: decide and explain by the same ones
		}
		var failure *faas.Error
		if errors.As(err, &failure) && failure.Code == faas.CodeFailed {
			err = failure.Err // one line for each rule; the runtime has them all in one
		} else if err != nil {
			return decision{}, err
		}
		return decision{By: byFunctions, Emails: emailsOf(results), Why: set.Explain(ctx, event).Rules}, err
	}
}

// emailsOf puts together what several functions decided about one survey.
func emailsOf(results []faas.Result[[]events.TranscriptEmail]) []events.TranscriptEmail {
	var lists [][]events.TranscriptEmail
	for _, result := range results {
		lists = append(lists, result.Value)
	}
	return transcript.Join(lists...)
}
