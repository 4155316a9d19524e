// Package replay decides recorded events again, to see what rules would have done.
//
// # Usage
//
// Events come as NDJSON, one JSON value a line. [Of] makes [Rules] of a set, and
// [Run] decides all lines with them:
//
//	summary, err := replay.Run(ctx, file, replay.Of(set, rules.Tester[Order, Then]{}), replay.Config[Order, any]{})
//
// The [Summary] counts, for each rule, how often it fired, did not, was skipped
// for an absent field and failed, what followed from it, and its near misses: how
// often one part of its condition alone kept it from firing. Config.Append writes
// something of each line.
//
// [Lines] is the reading alone, for who has other work to do with events.
//
// # Limits
//
// Memory does not grow with the number of lines. A line has up to 10 MiB, unless
// a [Reading] says otherwise; a longer one is an error of that line. A summary
// names up to [MaxGroups] groups, for all outcomes and for each rule, and keeps
// the first few errors. Lines are worked on in batches of up to 256, and a batch
// has all groups of its outcomes until they are summed up.
//
// # Concurrency
//
// Lines are worked on by as many goroutines as there are processors, and told in
// their order. All of them have ended when Run and Lines return. A reader that
// blocks keeps them: give one that ends with the context.
//
// # Errors
//
// A line that is no event is counted and told with its number, and so is a rule
// that fails: neither stops a replay. A reader that fails, output that cannot be
// written and a context that ends do, and the summary tells what was done so far.
// So does a function of Config that panics, or ends its goroutine: the error names it
// and the line, in front of which everything is counted, and quotes nothing. Where
// Decode panics, that is an error of its line.
// The errors of a summary hold no values of events, if those of Decode hold none:
// what Go functions say is left out, and [LineError] says what is not.
//
// # Testing
//
// Events for a test are a strings.Reader.
package replay
