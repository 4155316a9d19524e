package transcript

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/rules"
)

// An email is an e-mail as a rule file writes it.
type email struct {
	TargetEmail rules.Text `json:"targetEmail" doc:"Who gets the transcript: one bare address." example:"care-leads@example.com"`
	SenderName  rules.Text `json:"senderName" doc:"The name that the e-mail comes from." example:"Example Contact Centre"`
	SenderEmail rules.Text `json:"senderEmail" doc:"The bare address that the e-mail comes from." example:"no-reply@example.com"`
	Subject     rules.Text `json:"subject" doc:"The subject, in one line." example:"Rating ${csatRank} for ${agentName ?? 'an agent'}"`
}

// checkText looks at a text of an e-mail when it is loaded: what is the same
// for every survey is checked in full.
func (s *RuleSet) checkText(info rules.TextInfo) error {
	address := info.Field == fieldTargetEmail || info.Field == fieldSenderEmail
	switch {
	case !info.Constant && address && len(s.domains) == 0:
		return fmt.Errorf("%s depends on the survey, so a customer could choose it: write a constant, or have the program that loads the rules allow domains for it", info.Field)
	case !info.Constant:
		return nil
	}
	return flat(s.check(info.Field, info.Value, true))
}

// flat puts an error into one line.
func flat(err error) error {
	if err == nil {
		return nil
	}
	return errors.New(oneLine(err))
}

func oneLine(err error) string {
	return strings.ReplaceAll(err.Error(), "\n", "; ")
}

// render makes the e-mails of a rule that fired. One that is no good spoils
// them all.
func (s *RuleSet) render(m rules.Match[Survey, []email]) ([]events.TranscriptEmail, error) {
	emails, err := s.add([]events.TranscriptEmail{}, m)
	if err != nil {
		return nil, err
	}
	return emails, nil
}

// add puts the e-mails of a rule that fired behind others: all or, with an
// error, none.
func (s *RuleSet) add(others []events.TranscriptEmail, m rules.Match[Survey, []email]) ([]events.TranscriptEmail, error) {
	out := slices.Grow(others, len(m.Then()))
	for _, e := range m.Then() {
		made, err := s.renderOne(m, e)
		if err != nil {
			return others, err
		}
		out = append(out, made)
	}
	return out, nil
}

func (s *RuleSet) renderOne(m rules.Match[Survey, []email], e email) (events.TranscriptEmail, error) {
	var out events.TranscriptEmail
	for _, field := range []struct {
		name string
		text rules.Text
		into *string
	}{
		{fieldTargetEmail, e.TargetEmail, &out.TargetEmail},
		{fieldSenderName, e.SenderName, &out.SenderName},
		{fieldSenderEmail, e.SenderEmail, &out.SenderEmail},
		{fieldSubject, e.Subject, &out.Subject},
	} {
		text, err := m.RenderWith(field.text, func(inserted string) (string, error) {
			text, err := insertText(field.name, inserted)
			return text, flat(err)
		})
		if err != nil {
			return out, err
		}
		// An address that never changes was checked when the rules were loaded.
		// It has no white space that was folded since, so it is still the same.
		address := field.name == fieldTargetEmail || field.name == fieldSenderEmail
		if address && m.Constant(field.text) {
			*field.into = text
			continue
		}
		if err := flat(s.check(field.name, text, false)); err != nil {
			return out, m.ErrorAt(field.text, err)
		}
		*field.into = text
	}
	return out, nil
}

// check looks at a field before it leaves. An address that depends on the
// survey must be in one of the allowed domains.
func (s *RuleSet) check(field, text string, constant bool) error {
	switch field {
	case fieldSenderName:
		return checkSenderName(text)
	case fieldSubject:
		return checkSubject(text)
	}
	if err := checkAddress(field, text); err != nil || constant || allowedDomain(text, s.domains) {
		return err
	}
	return problem(field, "depends on the survey, and its domain is not one of those that are allowed for it")
}

// call runs a rule in Go and checks what it returns.
func call(ctx context.Context, m rules.Match[Survey, GoRule], survey *Survey) ([]events.TranscriptEmail, error) {
	emails, err := m.Then()(ctx, survey.event())
	if err != nil {
		return nil, err
	}
	for i, e := range emails {
		if err := flat(checkEmail(e)); err != nil {
			return nil, fmt.Errorf("e-mail %d: %w", i+1, err)
		}
	}
	return emails, nil
}
