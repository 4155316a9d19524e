package main

import "github.com/afterword-go/afterword/rules"

// How mutants went, in JSON.
type (
	mutationJSON struct {
		Score      int           `json:"score"`
		Killed     int           `json:"killed"`
		Survived   int           `json:"survived"`
		Equivalent int           `json:"equivalent"`
		Untried    int           `json:"untried,omitempty"`
		Kinds      []*kindCount  `json:"kinds"`
		Mutants    []mutantJSON  `json:"mutants"`
		NotMade    []notMadeJSON `json:"notMade"`
	}
	mutantJSON struct {
		Rule      string `json:"rule,omitempty"`
		File      string `json:"file"`
		Line      int    `json:"line,omitempty"`
		Column    int    `json:"column,omitempty"`
		EndLine   int    `json:"endLine,omitempty"`
		EndColumn int    `json:"endColumn,omitempty"`
		Kind      string `json:"kind"`
		Original  string `json:"original"`
		Mutated   string `json:"mutated"`
		Fate      string `json:"fate"`
		KilledBy  string `json:"killedBy,omitempty"`
		Test      string `json:"test,omitempty"`
		Why       string `json:"why,omitempty"`
	}
	notMadeJSON struct {
		Rule   string `json:"rule"`
		File   string `json:"file"`
		Count  int    `json:"count"`
		Reason string `json:"reason"`
	}
)

func mutationOf(m *rules.Mutation) *mutationJSON {
	if m == nil {
		return nil
	}
	out := &mutationJSON{Score: m.Score(), Untried: m.Untried, Kinds: kindsOf(m.Mutants), Mutants: []mutantJSON{}, NotMade: []notMadeJSON{}}
	for _, kind := range out.Kinds {
		out.Killed, out.Survived, out.Equivalent = out.Killed+kind.Killed, out.Survived+kind.Survived, out.Equivalent+kind.Equivalent
	}
	for _, mutant := range m.Mutants {
		out.Mutants = append(out.Mutants, mutantJSON{
			Rule: mutant.Rule.Name, File: mutant.Rule.File,
			Line: mutant.Line, Column: mutant.Column, EndLine: mutant.EndLine, EndColumn: mutant.EndColumn,
			Kind: mutant.Kind, Original: mutant.Original, Mutated: mutant.Mutated,
			Fate: mutant.Fate.String(), KilledBy: mutant.KilledBy, Test: mutant.Test, Why: mutant.Why,
		})
	}
	for _, left := range m.NotMade {
		out.NotMade = append(out.NotMade, notMadeJSON{left.Rule.Name, left.Rule.File, left.Count, left.Reason})
	}
	return out
}
