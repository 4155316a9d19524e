// Package rules is a typed rules engine: an ordered list of rules, each a
// condition on an input and an outcome, compiled once and shared by any number
// of goroutines. It is generic over both and knows nothing of events.
//
// # Usage
//
// Rules come from Go, with expressions and Go functions side by side,
//
//	set, err := rules.New(rules.Config{},
//		rules.Rule[Order, rules.Text]{Name: "large", When: rules.When[Order]("total > 1000"), Then: "call ${customer}"},
//		rules.Rule[Order, rules.Text]{Name: "odd", When: rules.WhenFunc(odd), Then: "look at it"},
//	)
//	for match, err := range set.Matches(ctx, &order) {
//		note, err := match.Render(match.Then())
//		…
//	}
//
// or from a file, which [Parse] reads: docs/rules.md is its reference. Names in
// expressions are the JSON names of the input's fields. Values of the type
// [Text] in an outcome may hold ${…}; [Match.Render] renders them. In other
// strings ${…} stays as it is, and [Set.Lint] reports it.
//
// # Absent fields
//
// A field is optional if it is a pointer, or if its JSON tag says omitempty or
// omitzero; then its zero value is absent. What reads an absent field is
// neither true nor false but unknown, and a rule fires only when its condition
// is true. [Set.Explain] tells which rules were skipped for which fields.
//
// # Limits
//
// Rule text may come from anybody: its size, nesting, patterns, work and the
// text it makes are bounded, and every bound is an error that names the rule
// and the place. The numbers are in docs/rules.md. Functions written in Go are
// trusted to end; their panics are errors of the rule.
//
// # Concurrency
//
// A [Set] never changes and may be used by any number of goroutines at once. An
// [Auditor] is for one at a time.
//
// # Errors and privacy
//
// What is wrong with rules is a [LoadError] with all of it. What goes wrong in
// a decision is a [RuleError] for each rule concerned; it holds no value of the
// input. A [Trace] does quote the input, and so does a [TestResult]: they are
// for the caller alone. What [Set.Witness], [Set.Mutate], [Set.Draft] and [Compare]
// give as examples holds what rules, tests and fixtures say.
//
// # Testing
//
// A rule file holds its own tests ([Set.Tests]); package rulestest makes them
// tests of a Go package. [Set.Coverage] tells what they do not reach, [Set.Mutate]
// which mistakes they would not notice, and [Set.Draft] writes those that are
// missing.
//
// # Proof
//
// [Set.Lint] finds what is probably not meant. [Set.Witness] finds inputs for which
// a rule fires, just misses and is skipped. [Compare] tells what changed between
// two sets. An [Auditor] tells fast what became of every rule; packages replay,
// diff and decisionlog are built on it. [Set.Stats] says how each rule runs, and
// [Set.Hash] names the rules that decided.
package rules
