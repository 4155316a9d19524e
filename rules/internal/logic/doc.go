// Package logic finds out what can be true of conditions, whatever the input.
//
// A [Space] turns rewritten trees (two truth values, see package kleene) into
// formulas: and, or, and literals, each of which says of one read of the
// input which values it may have. [Space.Cubes] then looks for the ways to make
// a formula true: for each, what every read may be.
//
// The formulas say less than the conditions: a part that cannot be understood
// is a read of its own that may be true or false, known by its text. So a
// formula that cannot be true is a condition that cannot be true, and never
// the other way around. Work is bounded; where a bound is met, the answer is
// that nothing is known.
//
// What can go wrong at run time is left out: a condition that fails is not
// true. Who wants to say that a condition is always true has to ask
// [MayFail] as well.
package logic
