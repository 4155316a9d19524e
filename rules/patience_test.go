//go:build !race

package rules_test

// patience is how many times slower than otherwise a test may be.
const patience = 1
