package transcript

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/rules/replay"
)

// An Observation is a decision, as an observer is told of it. Its slices are
// good until the observer returns; the e-mails are the observer's own.
type Observation struct {
	// Set is the rule set that decided.
	Set *RuleSet
	// Event is what it decided about.
	Event events.Event[events.PostSurvey]
	// Emails are what Decide returns, each with the number of the rule that it
	// follows from.
	Emails []ObservedEmail
	// Rules tell what became of each rule, in the order of RuleSet.Rules.
	Rules []rules.RuleAudit
	// Err is the error that Decide returns.
	Err error
	// Start is when the decision began.
	Start time.Time
	// Took is how long it took.
	Took time.Duration
}

// An ObservedEmail is an e-mail with the number of the first rule that it
// follows from, in the order of RuleSet.Rules.
type ObservedEmail struct {
	Rule int
	events.TranscriptEmail
}

// An Observer is told of every decision, behind it: Decide returns when the
// observer has. It is called by as many goroutines as decide, with the context
// of the decision, which may have ended. It must not panic.
type Observer func(ctx context.Context, o Observation)

// Observe tells an observer of what Decide decides; of several, each. Explain
// and tests are not observed. It makes a decision some times slower, since it
// takes what became of every rule; nothing is decided twice. It asks the context
// more often than Decide does without observers: where that ends amid a decision,
// fewer rules may have been decided.
func Observe(observer Observer) Option {
	return func(o *options) {
		if observer != nil {
			o.observers = append(o.observers, observer)
		}
	}
}

// prepare makes the set ready to be observed.
func (s *RuleSet) prepare(observers []Observer) {
	if len(observers) == 0 {
		return
	}
	replayed := s.Replayed()
	s.observers, s.infos = observers, replayed.Rules()
	s.deciders.New = func() any { return replayed.Decider() }
}

// decideObserved is Decide, with observers.
func (s *RuleSet) decideObserved(ctx context.Context, event events.Event[events.PostSurvey]) ([]events.TranscriptEmail, error) {
	decider := s.deciders.Get().(replay.Decider[events.Event[events.PostSurvey], events.TranscriptEmail])
	defer s.deciders.Put(decider)
	o := Observation{Set: s, Event: event, Start: time.Now()}
	decision := decider.Decide(ctx, &event)
	emails := make([]events.TranscriptEmail, len(decision.Outcomes))
	for i, made := range decision.Outcomes {
		emails[i] = made.Value
		o.Emails = append(o.Emails, ObservedEmail{made.Rule, made.Value})
	}
	o.Rules, o.Err = decision.Rules, s.errorOf(decision.Rules)
	o.Took = time.Since(o.Start)
	for _, observer := range s.observers {
		own := o
		own.Emails = slices.Clone(o.Emails)
		observer(ctx, own)
	}
	return emails, o.Err
}

// errorOf joins what went wrong with rules that count. The end of the context
// is said once for each file.
func (s *RuleSet) errorOf(audits []rules.RuleAudit) error {
	var errs []error
	ended := "?" // the file of the last rule that did not come to its turn
	for i, audit := range audits {
		var placed *rules.RuleError
		switch info := s.infos[i]; {
		case audit.Err == nil:
		case !errors.As(audit.Err, &placed):
			if info.File != ended {
				errs = append(errs, audit.Err)
			}
			ended = info.File
		case info.Mode == rules.Enforce:
			errs = append(errs, audit.Err)
		}
	}
	return errors.Join(errs...)
}

// Absent names the absent fields that kept a rule from being decided, by its
// number in the order of RuleSet.Rules, with their full paths and without any
// value. Of a rule that was not skipped, and of one in Go, there are none. It
// reads the rule's condition again, and takes longer than the decision.
func (o Observation) Absent(ctx context.Context, rule int) []string {
	if o.Rules[rule].Outcome != rules.Skipped {
		return nil
	}
	survey := surveyOf(o.Event)
	for _, set := range o.Set.files {
		if rule < set.Len() {
			return set.Absent(ctx, survey, rule)
		}
		rule -= set.Len()
	}
	return nil
}
