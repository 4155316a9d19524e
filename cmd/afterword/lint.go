package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/afterword-go/afterword/rules"
)

func newLint(c *cli) *cobra.Command {
	var l loading
	verb := &cobra.Command{
		Use:   "lint FILE...",
		Short: "Report what is probably not meant in sound rule files",
		Long: `Lint reports what is probably not meant in rule files that are otherwise sound,
such as a condition that is never true. Findings marked as hints may well be meant:
they do not make it fail. docs/rules.md explains each sort of finding.

` + filesHelp + `

In JSON, the output is {"files", "findings"}, and a finding is {"id", "hint", "file",
"line", "column", "rule", "message"}.`,
		Example: `  afterword lint examples/chatserver/rules
  afterword lint -o json examples/chatserver/rules`,
	}
	l.addFlags(verb)
	out := addOutput(verb, asJSON, asSARIF)
	verb.RunE = func(verb *cobra.Command, args []string) error {
		loaded, err := l.load(verb.Context(), args)
		if err != nil {
			return err
		}
		if loaded.set == nil {
			return c.unsound(out.form, loaded)
		}
		return c.lint(out.form, len(loaded.files), loaded.set.Lint(verb.Context()))
	}
	return verb
}

// lint tells findings; any but hints end the verb with an error.
func (c *cli) lint(form string, files int, findings []rules.Finding) error {
	hints := 0
	for _, f := range findings {
		if f.Hint {
			hints++
		}
	}
	if err := c.tellFindings(form, files, findings, hints); err != nil {
		return err
	}
	if hints < len(findings) {
		return &findingsError{}
	}
	return nil
}

// The findings in JSON.
type (
	lintJSON struct {
		Files    int           `json:"files"`
		Findings []findingJSON `json:"findings"`
	}
	findingJSON struct {
		ID      string `json:"id"`
		Hint    bool   `json:"hint"`
		File    string `json:"file,omitempty"`
		Line    int    `json:"line,omitempty"`
		Column  int    `json:"column,omitempty"`
		Rule    string `json:"rule,omitempty"`
		Message string `json:"message"`
	}
)

func (c *cli) tellFindings(form string, files int, findings []rules.Finding, hints int) error {
	switch form {
	case asJSON:
		out := lintJSON{files, []findingJSON{}}
		for _, f := range findings {
			out.Findings = append(out.Findings, findingJSON(f))
		}
		return c.printJSON(out)
	case asSARIF:
		return c.printSARIF(findingResults(findings))
	}
	for _, f := range findings {
		at := placeOf(f.File, f.Line, f.Column)
		mark := ""
		if f.Hint {
			mark = "hint: "
		}
		c.printf("%s%s%s\n", c.paint(faint, printable(at)), mark, printable(strings.TrimPrefix(f.String(), at)))
	}
	colour, tally := green, counted(len(findings)-hints, "finding")
	if hints < len(findings) {
		colour = red
	}
	if hints > 0 {
		tally += " and " + counted(hints, "hint")
	}
	c.printf("%s in %s\n", c.paint(colour, tally), counted(files, "file"))
	return nil
}

func findingResults(findings []rules.Finding) []result {
	var out []result
	for _, f := range findings {
		level := levelWarning
		if f.Hint {
			level = levelNote
		}
		message := rules.Problem{Rule: f.Rule, Message: f.Message}.String()
		out = append(out, result{f.ID, level, message, f.File, f.Line, f.Column})
	}
	return out
}
