// Package diff tells what other rules would have decided about recorded events:
// which outcomes are added, removed and changed, by rule and by whatever else
// matters, and for which events.
//
// # Usage
//
// [Run] reads events, one JSON value a line, decides each with the old rules and
// with the new ones, and compares what follows. A [Gate] says how much may
// differ, and is what keeps a change of rules from shipping:
//
//	d, err := diff.Run(ctx, file, replay.Of(old, tester), replay.Of(new, tester), diff.Options[Ticket, any]{})
//	…
//	err = diff.Gate{MaxRemoved: new(0)}.Check(d)
//
// What rules mean, without any events, is what [rules.Compare] compares.
//
// # What counts as the same
//
// Outcomes are compared event by event. One that follows before and after is
// kept, whatever rule it follows from. Of those that are left, one of the old and
// one of the new that follow from a rule of the same name are a change; any other
// is removed, or added. Rules in shadow count for nothing.
//
// # Limits
//
// Memory is bounded, however many events there are: a diff keeps as many groups
// and examples as its [Options] say, and tells if it has left out any. Examples
// are line numbers, and hold values of events only if they are asked for. The
// keys of groups are the caller's.
//
// # Concurrency
//
// Run works on several lines at a time, and all its goroutines have ended when it
// returns. The same events and rules make the same diff, whatever the number of
// processors. A Diff is a plain value with a JSON form.
//
// # Errors
//
// A line that is no event is counted and listed, and never ends a run. A rule
// that fails is counted as an error gained or lost. An event without any field of
// one is decided, and counted: a diff about such events alone proves nothing. When the context ends,
// the reader fails, or a function of Options panics, the diff is about the lines in
// front of that, and comes with the error. That of a function names it and the line,
// and quotes nothing.
//
// # Testing
//
// Rules of a test may be any that implement [replay.Rules].
package diff
