package rules

import (
	"context"
	"errors"

	"github.com/afterword-go/afterword/rules/internal/eval"
)

// A Match is a rule that fired for an input. The zero value, which comes beside
// an error, is none: it has no name.
type Match[In, Then any] struct {
	rule *compiled[In, Then]
	in   *In
	ctx  context.Context // of the decision, which a match does not outlive
}

// Name is the rule's name.
func (m Match[In, Then]) Name() string {
	if m.rule == nil {
		return ""
	}
	return m.rule.Name
}

// Mode is Enforce, or Shadow for a match of a rule in shadow: only Audit and
// ExplainEach yield those, and what they ask for must not be done.
func (m Match[In, Then]) Mode() (mode Mode) {
	if m.rule != nil {
		mode = m.rule.Mode
	}
	return mode
}

// Then is the rule's outcome, shared by all matches: do not change what it
// points to.
func (m Match[In, Then]) Then() (then Then) {
	if m.rule != nil {
		then = m.rule.Then
	}
	return then
}

// Render is the text, which must be one of the outcome's, for the input that
// the rule fired for. What is inserted goes through Fold.
//
// An absent value without a default is an error, and so is a text that grows
// beyond 1 MiB: a *RuleError. When the context of the decision ends, its error
// comes as it is.
func (m Match[In, Then]) Render(text Text) (string, error) {
	return m.RenderWith(text, func(inserted string) (string, error) { return Fold(inserted), nil })
}

// RenderWith is Render with another way to treat what is inserted.
func (m Match[In, Then]) RenderWith(text Text, insert func(string) (string, error)) (string, error) {
	t, ok := m.rule.templates[text]
	if !ok {
		return "", m.ErrorAt(text, errForeignText)
	}
	if err := m.ctx.Err(); err != nil {
		return "", err
	}
	if literal, ok := t.literal(); ok {
		return literal, nil
	}
	f := m.rule.set.frame(m.ctx, m.in)
	defer m.rule.set.release(f)
	rendered, failure := t.render(f, insert)
	if failure != nil {
		return "", m.rule.ruleError(failure, t.at)
	}
	return rendered, nil
}

// ErrorAt is err as the rule's error, at the place of the text, which must be
// one of the outcome's.
func (m Match[In, Then]) ErrorAt(text Text, err error) *RuleError {
	line, column := m.rule.place()
	out := &RuleError{Rule: m.rule.Name, File: m.rule.file, Line: line, Column: column, Err: err}
	if t, ok := m.rule.templates[text]; ok {
		out.Line, out.Column = t.at(0)
	}
	return out
}

// Constant tells whether the text, which must be one of the outcome's, is the
// same for every input.
func (m Match[In, Then]) Constant(text Text) bool {
	t, ok := m.rule.templates[text]
	return ok && t.fixed
}

// use calls use for the match, and keeps its panic.
func (m Match[In, Then]) use(use func(Match[In, Then]) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = m.rule.ruleError(eval.Caught(p), nil)
		}
	}()
	if err = use(m); err == nil {
		return nil
	}
	if ended := m.ctx.Err(); ended != nil && errors.Is(err, ended) {
		return ended
	}
	if _, placed := errors.AsType[*RuleError](err); !placed {
		err = m.ErrorAt("", err)
	}
	return err
}
