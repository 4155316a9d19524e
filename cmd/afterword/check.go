package main

import (
	"slices"

	"github.com/spf13/cobra"
)

func newCheck(c *cli) *cobra.Command {
	var l loading
	verb := &cobra.Command{
		Use:   "check FILE...",
		Short: "Report every problem of rule files",
		Long: `Check reads rule files and the files of tests beside them, and reports every
problem, each with its file, line and column. It does not run the tests.

` + filesHelp + `

In JSON, the output is {"files", "rules", "tests", "problems"}, and a problem is
{"file", "line", "column", "rule", "message"}; the numbers of rules and tests
are left out if there are problems.`,
		Example: `  afterword check examples/chatserver/rules
  afterword check -o sarif examples/chatserver/rules/transcripts.rules.yaml`,
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
		return c.sound(out.form, loaded)
	}
	return verb
}

// filesHelp says what a FILE is.
const filesHelp = `FILE is a file, a pattern such as 'rules/*.yaml', or a folder: it stands for all
files *.rules.yaml and *.rules.yml in it and below, without hidden ones. All files
are read as one set of rules, in which no two rules have the same name.`

// sound says what there is that is all right.
func (c *cli) sound(form string, l loaded) error {
	ruleCount, testCount := len(slices.Collect(l.set.Rules())), len(l.set.Tests())
	switch form {
	case asJSON:
		return c.printJSON(problemReport{len(l.files), &ruleCount, &testCount, []problemJSON{}})
	case asSARIF:
		return c.printSARIF(nil)
	}
	c.printf("%s: %s, %s and %s\n", c.paint(green, "sound"),
		counted(len(l.files), "file"), counted(ruleCount, "rule"), counted(testCount, "test"))
	return nil
}
