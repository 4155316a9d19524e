package main

import "github.com/afterword-go/afterword/rules"

// How tests went, in JSON.
type (
	testsJSON struct {
		Passed   int           `json:"passed"`
		Failed   int           `json:"failed"`
		Tests    []testJSON    `json:"tests"`
		Coverage *coverageJSON `json:"coverage,omitempty"`
		Mutation *mutationJSON `json:"mutation,omitempty"`
	}
	testJSON struct {
		Name     string   `json:"name"`
		File     string   `json:"file"`
		Line     int      `json:"line"`
		Column   int      `json:"column"`
		Passed   bool     `json:"passed"`
		Failures []string `json:"failures,omitempty"`
		Why      []string `json:"why,omitempty"` // what became of the rules that the failures speak of
	}
	coverageJSON struct {
		Percent int                `json:"percent"`
		Rules   []ruleCoverageJSON `json:"rules"`
	}
	ruleCoverageJSON struct {
		Name     string    `json:"name"`
		File     string    `json:"file"`
		Line     int       `json:"line"`
		Column   int       `json:"column"`
		Mode     string    `json:"mode"`
		Percent  int       `json:"percent"`
		Goals    int       `json:"goals"`
		Reached  int       `json:"reached"`
		Fired    int       `json:"fired"`
		NotFired int       `json:"notFired"`
		Skipped  int       `json:"skipped"`
		Failed   int       `json:"failed"`
		Gaps     []gapJSON `json:"gaps"`
	}
	gapJSON struct {
		Line      int    `json:"line"`
		Column    int    `json:"column"`
		EndLine   int    `json:"endLine"`
		EndColumn int    `json:"endColumn"`
		Text      string `json:"text"`
		Truth     string `json:"truth"`
		Message   string `json:"message"`
	}
)

func testsOf(r testReport) testsJSON {
	out := testsJSON{Passed: len(r.results) - r.failed, Failed: r.failed, Tests: []testJSON{}, Mutation: mutationOf(r.mutation)}
	for _, result := range r.results {
		test := testJSON{
			Name: result.Name, File: result.File, Line: result.Line, Column: result.Column,
			Passed: result.Passed(), Failures: result.Failures,
		}
		for _, t := range result.Rules {
			test.Why = append(test.Why, t.Name+": "+t.Reason())
		}
		out.Tests = append(out.Tests, test)
	}
	if r.coverage != nil {
		out.Coverage = &coverageJSON{r.coverage.Percent(), []ruleCoverageJSON{}}
		for _, rule := range r.coverage.Rules {
			out.Coverage.Rules = append(out.Coverage.Rules, ruleCoverageOf(rule))
		}
	}
	return out
}

func ruleCoverageOf(r rules.RuleCoverage) ruleCoverageJSON {
	out := ruleCoverageJSON{
		Name: r.Name, File: r.File, Line: r.Line, Column: r.Column, Mode: r.Mode.String(),
		Percent: r.Percent(), Goals: r.Goals, Reached: r.Reached,
		Fired: r.Fired, NotFired: r.NotFired, Skipped: r.Skipped, Failed: r.Failed,
		Gaps: []gapJSON{},
	}
	for _, gap := range r.Gaps {
		out.Gaps = append(out.Gaps, gapJSON{
			gap.Line, gap.Column, gap.EndLine, gap.EndColumn,
			gap.Text, gap.Truth.String(), gap.String(),
		})
	}
	return out
}
