package transcript

import (
	"context"
	"errors"
	"strings"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/rules/decisionlog"
)

// maxAbsent bounds the skipped rules of a record whose absent fields are
// named: it takes longer than deciding them.
const maxAbsent = 100

// Logging says how decisions are kept in a log. The zero value will do.
type Logging struct {
	// ID is what an event is known by; nil takes the first header X-Request-ID of
	// the event. Behind package gateway, whose request IDs are not in the event,
	// and wherever package faas runs the set, let it be
	//
	//	func(ctx context.Context, _ events.Event[events.PostSurvey]) string { return faas.RequestID(ctx) }
	ID func(context.Context, events.Event[events.PostSurvey]) string
	// Version is what people call the rules; if it is empty, that of the log.
	Version string
	// Only says which decisions are kept; nil keeps all. It is called by as many
	// goroutines as decide.
	Only func(context.Context, Observation) bool
}

// LogDecisions keeps a record of every decision of the set in a log, whose Mask
// is MaskEmail, as a rule. Options.Failed and Err of the log tell of records that
// could not be kept; decisions go on. Nil keeps nothing.
//
// Outcomes are the e-mails that Decide returned. If it returned an error beside
// them, the record says that the decision failed: whoever treats that as the
// failure of all, as package faas does, has sent none of them. Beyond
// the first 100 rules that were skipped, a record does not name absent fields.
// If the log keeps events, it keeps them as envelopes without headers, with the
// fields of the payload that package events knows.
func LogDecisions(log *decisionlog.Log[events.TranscriptEmail], how Logging) Option {
	if log == nil {
		return nil
	}
	id := how.ID
	if id == nil {
		id = requestID
	}
	return Observe(func(ctx context.Context, o Observation) {
		if how.Only != nil && !how.Only(ctx, o) {
			return
		}
		record := o.record(context.WithoutCancel(ctx))
		record.ID, record.Rules.Version = id(ctx, o.Event), how.Version
		if log.Payloads() {
			record.Event = recorded(o.Event)
		}
		_ = log.Add(ctx, record) // the log tells of it
	})
}

// requestID is the header X-Request-ID of an event.
func requestID(_ context.Context, event events.Event[events.PostSurvey]) string {
	for _, h := range event.Headers {
		if strings.EqualFold(h.Key, "X-Request-ID") {
			return h.Value
		}
	}
	return ""
}

// recorded is an event as it can be decided again. One that cannot be encoded
// is empty, which the log reports.
func recorded(event events.Event[events.PostSurvey]) []byte {
	payload, err := events.ChatPostSurveyEmailTranscript.EncodePayload(event.Payload)
	if err != nil {
		return []byte{}
	}
	text, err := events.Envelope{Timestamp: event.Timestamp, Payload: payload}.Encode()
	if err != nil {
		return []byte{}
	}
	return text
}

// record is what a log holds of the decision.
func (o Observation) record(ctx context.Context) decisionlog.Record[events.TranscriptEmail] {
	out := decisionlog.Record[events.TranscriptEmail]{
		Time: o.Start, Took: o.Took, Rules: decisionlog.Rules{Hash: o.Set.Hash()},
		Failed: o.Err != nil,
	}
	ended := false
	for i, audit := range o.Rules {
		info := o.Set.infos[i]
		switch audit.Outcome {
		case rules.Fired:
			if info.Mode == rules.Shadow {
				out.Shadow = append(out.Shadow, info.Name)
			} else {
				out.Fired = append(out.Fired, info.Name)
			}
		case rules.Skipped:
			skip := decisionlog.Skip{Rule: info.Name}
			if len(out.Skipped) < maxAbsent {
				skip.Absent = o.Absent(ctx, i)
			}
			out.Skipped = append(out.Skipped, skip)
		case rules.Failed:
			placed := errors.As(audit.Err, new(*rules.RuleError))
			if placed || !ended { // the end of the context is said once
				out.Errors = append(out.Errors, decisionlog.FailureOf(audit.Err, info.File != ""))
			}
			ended = ended || !placed
		}
	}
	for _, e := range o.Emails {
		out.Outcomes = append(out.Outcomes, decisionlog.Outcome[events.TranscriptEmail]{Rule: o.Set.infos[e.Rule].Name, Value: e.TranscriptEmail})
	}
	return out
}
