package mutate

import (
	"cmp"
	"slices"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// The kinds of changes in a text.
const (
	Boundary = "boundary" // where a comparison begins to hold
	Operator = "operator" // what is asked
	Constant = "constant" // a text, number, boolean or time, or an item of a list
	Part     = "part"     // one side of and, or, ?? or a choice is dropped
	Negation = "negation" // a part is turned around
	Pattern  = "pattern"  // of matches
	Range    = "range"    // the ends of a range
	Text     = "text"     // of an outcome
)

// An Edit is one change of a text: the runes of the span are replaced.
type Edit struct {
	Kind string
	Span tree.Span // never empty
	New  string    // empty: the part is dropped
}

// Apply is the text with the change made.
func (e Edit) Apply(text string) string {
	runes := []rune(text)
	return string(runes[:e.Span.From]) + e.New + string(runes[e.Span.To:])
}

// Old is the part of the text that the change replaces.
func (e Edit) Old(text string) string { return string([]rune(text)[e.Span.From:e.Span.To]) }

// inOrder sorts edits by their places, and drops those that are there twice.
func inOrder(edits []Edit) []Edit {
	slices.SortStableFunc(edits, func(a, b Edit) int { return cmp.Or(a.Span.From-b.Span.From, a.Span.To-b.Span.To) })
	type change struct {
		span tree.Span
		text string
	}
	seen := map[change]bool{}
	return slices.DeleteFunc(edits, func(e Edit) bool {
		c := change{e.Span, e.New}
		twice := seen[c]
		seen[c] = true
		return twice
	})
}
