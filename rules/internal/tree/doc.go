// Package tree is the one tree that a condition is from the checker to the
// evaluator: typed, and with every node at its place in the author's text.
//
// Package check makes it from expr's syntax tree, package kleene rewrites it
// from three truth values to two, package eval runs it.
package tree
