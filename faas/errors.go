package faas

import (
	"slices"
	"strings"

	"github.com/afterword-go/afterword/events"
)

// An Error says why an invocation failed. It quotes no payload, unless a
// function's own error does.
type Error struct {
	// Code tells what happened.
	Code Code
	// Event is the wire ID of the event.
	Event string
	// Function is the function that failed. It is empty if the fault was not
	// a function's: with CodeBadInput, CodeUnknownEvent, CodeNotImplemented,
	// and with CodeCanceled between two functions.
	Function string
	// Err is the cause: with CodeFailed the error that the function returned;
	// with CodeBadInput an *events.DecodeError, or events.ErrTooDeep; with
	// CodeBadResult an *events.EncodeError; with CodeUnknownEvent mostly an
	// *events.UnknownEventError; with CodeTimedOut context.DeadlineExceeded,
	// and with CodeCanceled the error of the caller's context, either together
	// with what the function returned. Nil with CodeCrashed.
	Err error

	crash *crash
}

// Error gives one line: the event, the function, the code and the cause. Of a
// panic it tells neither the value nor the stack: see Panic.
func (e *Error) Error() string {
	if unknown, ok := e.Err.(*events.UnknownEventError); ok && e.Code == CodeUnknownEvent {
		return unknown.Error() // has the event, not too long, and a suggestion
	}
	var parts []string
	if e.Event != "" {
		parts = append(parts, "event "+e.Event)
	}
	if e.Function != "" {
		parts = append(parts, "function "+e.Function)
	}
	parts = append(parts, e.Code.String())
	if e.crash != nil {
		parts = append(parts, e.crash.text())
	} else if e.Err != nil {
		parts = append(parts, textOf(e.Err))
	}
	return strings.Join(parts, ": ")
}

// Unwrap gives Err.
func (e *Error) Unwrap() error { return e.Err }

// Panic gives, with CodeCrashed, the value of the function's panic and the
// stack where it happened; the value is nil if the function ended its
// goroutine by runtime.Goexit. With other codes both are nil.
//
// The value may quote what the function worked on, so keep it out of logs that
// may not hold payloads. The stack has no texts: names of functions, places in
// files, and of arguments some words as hexadecimal numbers. The caller owns it.
// Of an error of any kind, errors.As finds the Error:
//
//	var failure *faas.Error
//	if errors.As(err, &failure) {
//		_, stack := failure.Panic()
//		log.Printf("%v\n%s", failure.Code, stack)
//	}
func (e *Error) Panic() (value any, stack []byte) {
	if e.crash == nil {
		return nil, nil
	}
	return e.crash.value, slices.Clone(e.crash.stack)
}

// textOf gives the text of an error as one line.
func textOf(err error) string {
	return strings.ReplaceAll(strings.TrimSpace(wordsOf(err)), "\n", "; ")
}

// maxWords bounds the text of an error, in bytes.
const maxWords = 64 << 10

// wordsOf gives the text of an error, which may be a function's or a builder's
// own: it may take a panic to make, and be of any length.
func wordsOf(err error) (text string) {
	defer func() {
		if recover() != nil {
			text = "(the error panics when asked for its text)"
		}
	}()
	text = err.Error()
	if len(text) > maxWords {
		text = text[:maxWords] + "…"
	}
	return strings.ToValidUTF8(text, "\ufffd") // stores keep it as text
}
