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
	var why explanation
	results, err := faas.Invoke(context.WithValue(ctx, explanationKey{}, &why), d.runtime, kind, event)
	var failure *faas.Error
	if errors.As(err, &failure) && failure.Code == faas.CodeFailed {
		err = failure.Err // one line for each rule; the runtime has them all in one
	} else if err != nil {
		return decision{}, err // the function may still be at work on why
	}
	return decision{By: byFunctions, Emails: emailsOf(results), Why: why.rules}, err
}

// An explanation is where the function leaves why it decided as it did. It
// comes with the context, since a function's result is e-mails alone.
type explanation struct{ rules []transcript.RuleTrace }

type explanationKey struct{}

// explaining makes a function that decides by live rules, and says why to who
// asks for it.
func explaining(live *transcript.Live) func(context.Context, events.Event[events.PostSurvey]) ([]events.TranscriptEmail, error) {
	return func(ctx context.Context, event events.Event[events.PostSurvey]) ([]events.TranscriptEmail, error) {
		explained := live.Explain(ctx, event)
		if why, ok := ctx.Value(explanationKey{}).(*explanation); ok {
			why.rules = explained.Rules
		}
		return explained.Emails, explained.Err
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
