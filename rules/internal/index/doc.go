// Package index finds the rules of a set that may fire for an input, so that
// the others need not be evaluated.
//
// A [Builder] looks at the rewritten condition of each rule for something that
// holds whenever the rule fires: a text that is one of some, or that holds one
// of some, whatever the case of its letters; a number or a time that lies in a
// span. By that the rule is looked up: texts in tables of hashes, numbers and
// times in buckets, parts of texts in tables of short windows. Of several such
// parts the one is taken that the fewest inputs meet; what many rules share is
// divided further by their other parts. A rule that has nothing of the kind is
// a candidate for every input.
//
// # What must not change
//
// A rule that is no candidate would not have fired, and would not have failed:
//
//   - A part that can fail (a division, a sum, a call) stands in the way of
//     everything behind it, in the order of evaluation. So does a loop, unless
//     it is over a list of the input and its condition cannot fail.
//   - The bounds of an evaluation count every 64 bytes of text, and every turn
//     of a loop. Beyond lengths of texts and lists that no rule can turn into a
//     failure, [Index.Find] declines, and all rules are to be evaluated.
//   - NaN is no number: the opposite of a comparison holds for it. Times that
//     nanoseconds cannot count are taken for one another.
//   - Hashes and windows may take one text for another, and letters are folded
//     more generously than any function of the language does. Both only add
//     candidates.
//
// # Cost
//
// A look at the index allocates nothing and, while candidates are few, does
// not depend on the number of rules. Memory is bounded by the size of the
// conditions: every text is stored as a hash.
package index
