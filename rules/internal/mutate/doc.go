// Package mutate makes mutants of conditions and texts: each is the author's
// text with one small change, such as a person makes by mistake.
//
// [Condition] lists the changes of a condition and [Text] those of a text with
// ${…}. A change may come to nothing: whoever makes the mutant reads the changed
// text again, drops what does not compile, and with [Meaning] what says the same
// as the original or as another mutant.
package mutate
