// Package faas runs functions on events: Go functions of several teams, held
// to the limits of the functions platform and kept from harming each other or
// the program around them.
//
// # Usage
//
// On connects a Go function to an event. The event's kind fixes the types, so
// a function with the wrong ones does not compile:
//
//	rt, err := faas.New(faas.Config{
//		Functions: []faas.Function{
//			faas.On(events.ChatPostSurveyEmailTranscript, "care_transcripts", care),
//			faas.On(events.MessagingTTR, "urgent", urgent, faas.Skills("563267")),
//		},
//		Plugins: []faas.Plugin{sales.Plugin{}},
//	})
//
// New finds every fault at once: names, unknown events, limits, skills.
//
// A chat server asks first, and keeps its own rules for events that nobody has
// connected a function to:
//
//	if !rt.Implements(events.ChatPostSurveyEmailTranscript.ID()) { … }
//
// With the payload at hand, it calls the functions without any JSON and gets
// one typed result per function:
//
//	results, err := faas.Invoke(ctx, rt, events.ChatPostSurveyEmailTranscript, event)
//
// A server that has an envelope gets JSON for JSON from Runtime.Invoke. That
// half of a Runtime, without Go types, is the interface Invoker.
//
// # Invocations
//
// An invocation runs the functions of its event one after the other, in the
// order of connection. Functions that name skills take part if the call is for
// one of them. The first failure ends the invocation: functions before it have
// run, those after it do not, and the caller gets the error alone. (The
// platform does the same.)
//
// Every function gets a payload of its own, and may change it.
//
// # Time
//
// Each function has 30 seconds, or Config.Timeout; then its context ends, and
// so it does when the caller's context ends. What the function gives after that
// is late, and the invocation has failed. Go cannot stop a function that
// ignores its context. After another tenth of a second it is abandoned: the
// invocation returns, and the function's goroutine goes on, counted by
// Runtime.Abandoned until it ends by itself. It is the only goroutine that
// nobody waits for.
//
// # Failures
//
// All errors of invocations are an *Error, whose Code tells what happened. A
// panic, also panic(nil), and runtime.Goexit are errors like any other; the
// panic's value may quote payloads, so that Error.Panic has it and the text of
// the error does not. An error that a function returns keeps its text: let it
// not quote payloads either.
//
// Some failures no library can catch, for Go ends the process: a panic in a
// goroutine that a function started, concurrent use of one map, a stack or
// heap without end, os.Exit. Functions are compiled in and trusted that far.
//
// # Concurrency
//
// A Runtime may be used by several goroutines at once; so must be the
// functions, which run once per invocation and are not held apart. Nothing
// here logs.
//
// # Testing
//
// Time limits follow the clock of package testing/synctest. A function is an
// ordinary Go function, and best tested without a runtime.
package faas
