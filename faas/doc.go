// Package faas runs functions on events: Go functions of several teams, and
// functions made of text, held to the limits of the functions platform and kept
// from harming each other or the program around them.
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
// NoEvent makes a function that no event raises. It has a payload and a result
// of its own types, and is run by its ID, or at times by package schedule.
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
// # The life of a function
//
// A Builder makes functions of source text: of rules, say. With one for its
// event, a function can be created, tried, deployed, edited, rolled back, taken
// out of service and deleted while the runtime runs:
//
//	draft, err := rt.Create(faas.As(ctx, "ann"), faas.Draft{Name: "refund", Event: event, Source: source})
//	record, err := rt.Deploy(ctx, draft.ID)
//
// Another source counts when it is deployed; till then, and if that fails, the
// version in service goes on. Names, descriptions and skills count at once. An
// invocation sees the functions of one instant, in the order of connection:
// those in Go come first, as the config lists them.
//
// A Store keeps the records. Nothing counts that it has not kept, and a runtime
// on the same store serves the same functions. One that can no longer be built
// is StateDeployError, and all others serve. A store serves one runtime at a
// time. Functions in Go can be taken out of service too, and stay so.
//
// # Logs, numbers and observers
//
// Log gives a function its logger. The last entries are at Runtime.Logs, how
// often it succeeded and failed is at Runtime.Stats; both are in memory and
// gone with the process. Observers are told of every run.
//
// # Time
//
// Each function has 30 seconds, or what Config.Timeout and Config.Timeouts say;
// then its context ends, and so it does when the caller's context ends. What the
// function gives after that is late, and the invocation has failed. Go cannot
// stop a function that ignores its context. After another tenth of a second it
// is abandoned: the invocation returns, and the function's goroutine goes on,
// counted by Runtime.Abandoned until it ends by itself. It is the only goroutine
// that nobody waits for. A function that leaves more than Config.MaxAbandoned
// behind is out of service until it is deployed again.
//
// Builders are held to the same limit.
//
// # Bounds
//
// Config.Concurrency and Config.Queue bound the invocations at a time; an
// invocation within a function is one more. A run logs at most 10 entries with
// 6,000 characters, a source has at most 100,000. How many functions there are
// is for those to bound who let others create them.
//
// # Failures
//
// All errors of invocations and of managing functions are an *Error, whose Code
// tells what happened. A panic, also panic(nil), and runtime.Goexit are errors
// like any other, of a function and of a builder; the panic's value may quote
// payloads, so that Error.Panic has it, with the stack, and the text of the error
// does not. Neither is told anywhere by itself: an Observer sees the End.Err of
// every run, and errors.As finds the Error in what an invocation returns. An
// error that a function returns keeps its text: let it not quote payloads
// either.
//
// Some failures no library can catch, for Go ends the process: a panic in a
// goroutine that a function started, concurrent use of one map, a stack or
// heap without end, os.Exit. And a loop without end takes a processor for good.
// Functions and builders are compiled in and trusted that far. Observers and
// stores are trusted in all: they run on the caller's goroutine, as long as they
// take.
//
// # Concurrency
//
// A Runtime may be used by several goroutines at once; so must be the
// functions, which run once per invocation and are not held apart. Changes of
// functions wait for each other and for the store; invocations wait for
// neither.
//
// # Testing
//
// Time limits follow the clock of package testing/synctest. A function is an
// ordinary Go function, and best tested without a runtime.
package faas
