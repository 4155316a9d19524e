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
	text string    // what the part becomes
	// write writes text when it is asked for: a long list or pattern has as many
	// edits as it has parts, most of which nobody makes. Nil: there is text.
	write func() string
}

// Replaced is the edit that replaces a part by a text. Empty: it is dropped.
func Replaced(kind string, span tree.Span, by string) Edit {
	return Edit{Kind: kind, Span: span, text: by}
}

// New is what the part becomes. Empty: it is dropped.
func (e Edit) New() string {
	if e.write != nil {
		return e.write()
	}
	return e.text
}

// Apply is the text with the change made.
func (e Edit) Apply(text string) string {
	runes := []rune(text)
	return string(runes[:e.Span.From]) + e.New() + string(runes[e.Span.To:])
}

// Old is the part of the text that the change replaces.
func (e Edit) Old(text string) string { return string([]rune(text)[e.Span.From:e.Span.To]) }

// inOrder sorts edits by their places, and drops those that are there twice.
// Those that are yet to be written are told apart by who adds them.
func inOrder(edits []Edit) []Edit {
	slices.SortStableFunc(edits, func(a, b Edit) int { return cmp.Or(a.Span.From-b.Span.From, a.Span.To-b.Span.To) })
	type change struct {
		span tree.Span
		text string
	}
	seen := map[change]bool{}
	return slices.DeleteFunc(edits, func(e Edit) bool {
		if e.write != nil {
			return false
		}
		c := change{e.Span, e.text}
		twice := seen[c]
		seen[c] = true
		return twice
	})
}
