package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/rules/diff"
)

// tellComparison says how rules differ.
func (c *cli) tellComparison(comparison rules.Comparison) {
	if comparison.Same() {
		c.printf("the rules are the same\n")
	}
	for _, change := range comparison.Changes {
		c.tellChange(change)
	}
	for _, r := range comparison.Unknown {
		c.printf("%s: it is written in Go, and may have changed\n", printable(r.Name))
	}
	if len(comparison.Changes) > 0 {
		c.printf("%s\n", counted(len(comparison.Changes), "change"))
	}
}

// placed is the rule that a change is about, where it stands now, or stood.
func placed(change rules.Change) rules.RuleInfo {
	if change.Kind == rules.RuleRemoved {
		return change.Old
	}
	return change.New
}

func (c *cli) tellChange(change rules.Change) {
	r := placed(change)
	c.printf("%s", c.paint(faint, printable(placeOf(r.File, r.Line, r.Column))))
	if r.Name != "" {
		c.printf("%s: ", printable(r.Name))
	}
	c.printf("%s", change.Kind)
	if change.Field != "" {
		c.printf(", %s", printable(change.Field))
	}
	if change.Effect != nil {
		c.printf(": %s", change.Effect.Meaning)
	}
	c.printf("\n")
	switch {
	case change.Before == change.After:
		c.printf("    %s\n", printable(change.After))
	default:
		c.tellSide(removed, red, change.Before)
		c.tellSide(added, green, change.After)
	}
	for _, constant := range change.Constants {
		c.tellSide(removed, red, constant.Name+" = "+constant.Before)
		c.tellSide(added, green, constant.Name+" = "+constant.After)
	}
	if change.Effect != nil {
		c.tellEffect(*change.Effect)
	}
	if e := change.Example; e != nil {
		c.printf("    %s: %s\n", printable(decidedOtherwise(*e)), eventText(e.Input))
	}
}

// decidedOtherwise says which rules fire for an example, and which did.
func decidedOtherwise(e rules.DecisionExample) string {
	list := func(fired, failed []string, nothing string) string {
		text := cmp.Or(strings.Join(fired, ", "), "no rule")
		if len(failed) > 0 {
			text += fmt.Sprintf(", but %s %s", strings.Join(failed, ", "), nothing)
		}
		return text
	}
	return fmt.Sprintf("fired before: %s; fires now: %s; for instance (%s)", list(e.Before, e.FailedBefore, "failed, and nothing was sent"),
		list(e.After, e.FailedAfter, "now fails, and nothing is sent"), originOf(e.FromTest))
}

func (c *cli) tellSide(mark byte, colour, text string) {
	if text != "" {
		c.printf("  %s\n", c.paint(colour, string(mark)+" "+printable(text)))
	}
}

func (c *cli) tellEffect(e rules.Effect) {
	if e.Reason != "" {
		c.printf("    %s\n", printable(e.Reason))
	}
	if e.MayFail {
		c.printf("    one of the two may fail, and what is proved leaves such surveys aside\n")
	}
	if e.OnlyOld != nil {
		c.printf("    %s, for instance (%s): %s\n", firesNoMore(e), originOf(e.OldFromTest), eventText(e.OnlyOld))
	}
	if e.OnlyNew != nil {
		c.printf("    %s, for instance (%s): %s\n", firesNow(e), originOf(e.NewFromTest), eventText(e.OnlyNew))
	}
}

// firesNoMore says what became of the rule for OnlyOld.
func firesNoMore(e rules.Effect) string {
	if e.OldFails {
		return "failed, and does not fire any more"
	}
	return "fires no more"
}

// firesNow says what becomes of the rule for OnlyNew.
func firesNow(e rules.Effect) string {
	if e.NewFails {
		return "did not fire, and fails now"
	}
	return "fires now"
}

// originOf says where an example is from.
func originOf(fromTest bool) string {
	if fromTest {
		return "from a test"
	}
	return "made up"
}

// The result of diff in JSON.
type (
	diffJSON struct {
		Rules    comparisonJSON `json:"rules"`
		Complete bool           `json:"complete"`
		Events   *diff.Diff     `json:"events,omitempty"`
		Crossed  []crossingJSON `json:"crossed"`
	}
	comparisonJSON struct {
		Changes []changeJSON `json:"changes"`
		Unknown []string     `json:"unknown"`
	}
	changeJSON struct {
		Kind      string         `json:"kind"`
		Rule      string         `json:"rule,omitempty"`
		File      string         `json:"file,omitempty"`
		Line      int            `json:"line,omitempty"`
		Column    int            `json:"column,omitempty"`
		OldRule   string         `json:"oldRule,omitempty"`
		OldFile   string         `json:"oldFile,omitempty"`
		OldLine   int            `json:"oldLine,omitempty"`
		OldColumn int            `json:"oldColumn,omitempty"`
		Field     string         `json:"field,omitempty"`
		Before    string         `json:"before,omitempty"`
		After     string         `json:"after,omitempty"`
		Constants []constantJSON `json:"constants,omitempty"`
		Effect    *effectJSON    `json:"effect,omitempty"`
		Example   *exampleJSON   `json:"example,omitempty"`
	}
	exampleJSON struct {
		Event    json.RawMessage `json:"event"`
		FromTest bool            `json:"fromTest,omitempty"`
		Before   []string        `json:"before"`
		After    []string        `json:"after"`
		// The rules that failed, and that fail now.
		FailedBefore []string `json:"failedBefore,omitempty"`
		FailedAfter  []string `json:"failedAfter,omitempty"`
	}
	constantJSON struct {
		Name   string `json:"name"`
		Before string `json:"before"`
		After  string `json:"after"`
	}
	effectJSON struct {
		Meaning     string          `json:"meaning"`
		Keeps       bool            `json:"keeps"`
		Within      bool            `json:"within"`
		MayFail     bool            `json:"mayFail"`
		OnlyOld     json.RawMessage `json:"onlyOld,omitempty"`
		OnlyNew     json.RawMessage `json:"onlyNew,omitempty"`
		OldFromTest bool            `json:"oldFromTest,omitempty"`
		NewFromTest bool            `json:"newFromTest,omitempty"`
		OldFails    bool            `json:"oldFails,omitempty"`
		NewFails    bool            `json:"newFails,omitempty"`
		Reason      string          `json:"reason,omitempty"`
	}
	crossingJSON struct {
		Bound   string  `json:"bound"`
		Limit   float64 `json:"limit"`
		Got     float64 `json:"got"`
		Message string  `json:"message"`
	}
)

func diffResultOf(result diffResult) diffJSON {
	out := diffJSON{
		Rules:    comparisonJSON{Changes: []changeJSON{}, Unknown: []string{}},
		Complete: !result.partial,
		Events:   result.events,
		Crossed:  []crossingJSON{},
	}
	for _, change := range result.comparison.Changes {
		out.Rules.Changes = append(out.Rules.Changes, changeOf(change))
	}
	for _, r := range result.comparison.Unknown {
		out.Rules.Unknown = append(out.Rules.Unknown, r.Name)
	}
	for _, crossing := range result.crossed {
		out.Crossed = append(out.Crossed, crossingJSON{string(crossing.Bound), crossing.Limit, crossing.Got, crossing.Of("e-mail")})
	}
	return out
}

func changeOf(change rules.Change) changeJSON {
	out := changeJSON{
		Kind: change.Kind.String(), Field: change.Field, Before: change.Before, After: change.After,
		Rule: change.New.Name, File: change.New.File, Line: change.New.Line, Column: change.New.Column,
		OldRule: change.Old.Name, OldFile: change.Old.File, OldLine: change.Old.Line, OldColumn: change.Old.Column,
	}
	if e := change.Example; e != nil {
		out.Example = &exampleJSON{
			eventOrNone(e.Input), e.FromTest, append([]string{}, e.Before...), append([]string{}, e.After...),
			e.FailedBefore, e.FailedAfter,
		}
	}
	for _, constant := range change.Constants {
		out.Constants = append(out.Constants, constantJSON(constant))
	}
	if e := change.Effect; e != nil {
		out.Effect = &effectJSON{
			Meaning: e.Meaning.String(), Keeps: e.Keeps, Within: e.Within, MayFail: e.MayFail, Reason: e.Reason,
			OldFromTest: e.OldFromTest, NewFromTest: e.NewFromTest, OldFails: e.OldFails, NewFails: e.NewFails,
		}
		if e.OnlyOld != nil {
			out.Effect.OnlyOld = eventOrNone(e.OnlyOld)
		}
		if e.OnlyNew != nil {
			out.Effect.OnlyNew = eventOrNone(e.OnlyNew)
		}
	}
	return out
}
