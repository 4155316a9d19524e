// Package transcript decides which e-mails follow from a post-survey event of
// a chat: who gets the transcript.
//
// # Usage
//
// Rules come from files, in the language that docs/rules.md describes, and
// from Go:
//
//	set, err := transcript.Load(os.DirFS("rules"), "*.rules.yaml", transcript.Func("vip", vip))
//	emails, err := set.Decide(ctx, event)
//
// The e-mails are checked; the caller sends them. A Live holds a set that can
// be replaced while the program runs.
//
// # Safety
//
// A target or sender address is a bare address. No field holds control
// characters, line breaks, or anything else that would end its header and
// begin another. What a survey says is folded to one line before it is put
// into a subject. An address that depends on the survey is refused when the
// rules are loaded, unless RecipientDomains says which domains it may lie in: a
// customer must not choose who reads a conversation.
//
// A rule whose e-mail is no good has failed, and gives no e-mail at all.
//
// # Errors and privacy
//
// Errors name rules, files and fields, and hold nothing that a survey says. An
// Explanation does quote the survey: it is for the caller alone.
//
// # Decision log
//
// LogDecisions keeps what a set decides, with addresses masked, in a log of
// package decisionlog; Observe tells a program's own observer. A set without
// either pays nothing for it. RuleSet.Hash names the rules in both.
//
// # Testing and proof
//
// RuleSet.RunTests runs the tests of rule files; package transcripttest makes them
// tests of a Go package. Witness, Mutate, Draft and Compare are those of package
// rules, for surveys. RuleSet.Diff compares what recorded surveys lead to, and
// RuleSet.Replayed brings them to package replay.
//
// # Limits
//
// Those of package rules hold for the rules, and those of package events for the
// survey. How many e-mails follow from one survey is bounded by the rules alone.
//
// # Concurrency
//
// A RuleSet never changes and a Live is made to be shared: both may be used by
// any number of goroutines at once.
package transcript
