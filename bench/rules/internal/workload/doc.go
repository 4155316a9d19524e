// Package workload holds what the engines are compared with: events, rules in
// a form that belongs to no engine, and sets of them that grow to any number.
//
// Each rule comes twice: as a condition, which every engine writes down in its
// own language, and as the Go function that one would write by hand.
package workload
