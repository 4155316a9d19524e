package transcript

import (
	"context"
	"errors"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/rules"
)

// Decide returns the e-mails that follow from the event, in the order of the
// rules; e-mails alike in all four fields are sent once. The list is never nil.
//
// Rules that fail do not keep the others from deciding: the error joins a
// *rules.RuleError for each of them. Whoever treats an error as a failure of
// the whole decision, as the runtime in package faas does, sends nothing.
func (s *RuleSet) Decide(ctx context.Context, event events.Event[events.PostSurvey]) ([]events.TranscriptEmail, error) {
	if len(s.observers) > 0 {
		return s.decideObserved(ctx, event)
	}
	lent := s.surveys.lend(event)
	defer s.surveys.takeBack(lent)
	survey := &lent.Survey
	all := []events.TranscriptEmail{}
	var errs []error
	for _, set := range s.files {
		if err := set.Each(ctx, survey, func(m rules.Match[Survey, []email]) (err error) {
			all, err = s.add(all, m)
			return err
		}); err != nil {
			errs = append(errs, err)
		}
	}
	if s.funcs.Len() > 0 {
		if err := s.funcs.Each(ctx, survey, func(m rules.Match[Survey, GoRule]) error {
			emails, err := call(ctx, m, survey)
			all = append(all, emails...)
			return err
		}); err != nil {
			errs = append(errs, err)
		}
	}
	return distinct(all), errors.Join(errs...)
}

// An Explanation tells what was decided, and why. It quotes the survey: it is
// for the caller alone, not for logs.
type Explanation struct {
	// Emails are what Decide returns.
	Emails []events.TranscriptEmail
	// Rules tell what became of each rule, in order.
	Rules []RuleTrace
	// Err is the error that Decide returns.
	Err error
}

// A RuleTrace explains one rule. A rule in Go has fired if it returned an
// e-mail.
type RuleTrace struct {
	rules.RuleTrace
	// Emails are what follows from the rule; what would follow, from a rule in
	// shadow.
	Emails []events.TranscriptEmail
}

// Explain decides as Decide does and explains the decision. It calls the rules
// in Go as Decide does, and costs much more than Decide: every condition is
// read and evaluated part by part.
func (s *RuleSet) Explain(ctx context.Context, event events.Event[events.PostSurvey]) Explanation {
	survey := surveyOf(event)
	made := map[string][]events.TranscriptEmail{}
	var out Explanation
	add := func(trace rules.Trace) {
		for _, t := range trace.Rules {
			out.Rules = append(out.Rules, RuleTrace{RuleTrace: t, Emails: made[t.Name]})
		}
	}
	for _, set := range s.files {
		add(set.ExplainEach(ctx, survey, func(m rules.Match[Survey, []email]) (err error) {
			made[m.Name()], err = s.render(m)
			return err
		}))
	}
	fromFiles := len(out.Rules)
	add(s.funcs.ExplainEach(ctx, survey, func(m rules.Match[Survey, GoRule]) (err error) {
		made[m.Name()], err = call(ctx, m, survey)
		return err
	}))
	for i := fromFiles; i < len(out.Rules); i++ {
		t := &out.Rules[i]
		t.Condition = rules.Part{Truth: rules.True} // that of a Go function has no parts
		if t.Outcome == rules.Fired && len(t.Emails) == 0 {
			t.Outcome, t.Condition.Truth = rules.NotFired, rules.False
		}
	}
	out.conclude()
	return out
}

// conclude puts together what the rules decided.
func (e *Explanation) conclude() {
	var lists [][]events.TranscriptEmail
	var errs []error
	for _, t := range e.Rules {
		if t.Mode == rules.Enforce {
			lists = append(lists, t.Emails)
			errs = append(errs, t.Err)
		}
	}
	e.Emails, e.Err = Join(lists...), errors.Join(errs...)
}
