// Package witness looks for an input for which conditions hold.
//
// [Solve] begins with the emptiest payload and mends it: it looks at a part
// that is not yet as it should be, works out from the part what the input would
// have to be (backwards through sums, lengths, patterns, lists and absence),
// tries such changes, and goes on with the one that leaves least to mend. What
// a registered function makes of the input nobody can work out; for those it
// tries what the condition itself names. Where no part leads on by itself, it
// gives one place after the other many values: all of a few, and texts of all
// sorts of a pattern or near to a text. What comes out is decoded and
// evaluated, so that it is never wrong, and then made as small as it can be.
//
// The work is bounded by steps, not by time, and chance has a fixed seed: the
// same question always has the same answer. That nothing is found proves
// nothing; package logic can, and [None] where there are few values.
package witness
