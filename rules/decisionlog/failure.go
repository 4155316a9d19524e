package decisionlog

import (
	"context"
	"errors"

	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/rules/internal/eval"
)

// FailureOf tells of an error of a decision, which must not be nil: of a
// *rules.RuleError, or of the context.
//
// What an error that Go code returned says may quote the event. It is left out,
// unless trusted says that what the program makes of outcomes quotes nothing.
// Of functions that conditions and texts call, it is always left out.
func FailureOf(err error, trusted bool) Failure {
	var out Failure
	var placed *rules.RuleError
	if errors.As(err, &placed) {
		out = Failure{Rule: placed.Rule, File: placed.File, Line: placed.Line, Column: placed.Column}
		err = placed.Err
	}
	out.Message = messageOf(err, trusted)
	return out
}

// MessageOf is the text of an error as FailureOf takes it, with its place and its
// rule first: that of err, but for what may quote the event.
func MessageOf(err error, trusted bool) string {
	message := FailureOf(err, trusted).Message
	var placed *rules.RuleError
	if !errors.As(err, &placed) {
		return message
	}
	return (&rules.RuleError{Rule: placed.Rule, File: placed.File, Line: placed.Line, Column: placed.Column, Err: errors.New(message)}).Error()
}

// withheld stands for a text that may quote the event.
const withheld = "its Go code failed; what it says may quote the event, and is left out"

func messageOf(err error, trusted bool) string {
	var failure *eval.Failure
	for _, ended := range []error{context.DeadlineExceeded, context.Canceled} {
		if errors.Is(err, ended) {
			return ended.Error()
		}
	}
	switch {
	case errors.As(err, &failure):
		return failure.Message // without what functions say
	case trusted:
		return err.Error()
	}
	return withheld
}
