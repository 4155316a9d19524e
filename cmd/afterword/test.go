package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/transcript"
)

// A testRun is how the tests of rule files are run.
type testRun struct {
	loading
	run   string
	cover bool
	min   percentage

	mutates  bool
	minScore percentage

	drafts drafting
}

func newTest(c *cli) *cobra.Command {
	var t testRun
	verb := &cobra.Command{
		Use:   "test FILE... [--cover] [--min N] [--run RE] [--mutate] [--min-score N] | --draft [--write]",
		Short: "Run the tests of rule files",
		Long: `Test runs the tests in rule files and in the files of tests beside them
(care_test.yaml or care.rules_test.yaml beside care.rules.yaml). It fails if a test
fails, or if there is none to run. What it says of a test that fails quotes the
test's survey.

With --cover, it says which parts of each condition are true, false and unknown in
some test, and shows those that are not.

` + mutateHelp + `

` + draftHelp + `

` + filesHelp + `

In JSON, the output is {"passed", "failed", "tests", "coverage", "mutation"}. A test is {"name",
"file", "line", "column", "passed", "failures", "why"}; coverage, with --cover only, is
{"percent", "rules"}, a rule in it {"name", "file", "line", "column", "mode", "percent",
"goals", "reached", "fired", "notFired", "skipped", "failed", "gaps"}, and a gap
{"line", "column", "endLine", "endColumn", "text", "truth", "message"}. Mutation, with
--mutate only, is {"score", "killed", "survived", "equivalent", "kinds": [{"kind",
"killed", "survived", "equivalent"}], "mutants", "notMade": [{"rule", "file", "count",
"reason"}]} and "untried" if it was interrupted, and a mutant {"rule", "file", "line", "column", "endLine", "endColumn",
"kind", "original", "mutated", "fate", "killedBy", "test", "why"}.`,
		Example: `  afterword test examples/chatserver/rules
  afterword test --cover --run 'no rank' examples/chatserver/rules
  afterword test --min 40 -o junit examples/chatserver/rules
  afterword test --min-score 90 examples/chatserver/rules
  afterword test --draft examples/chatserver/rules`,
	}
	t.addFlags(verb)
	verb.Flags().BoolVar(&t.cover, "cover", false, "say what the tests reach of each rule")
	verb.Flags().Var(&t.min, "min", "fail if the tests reach less than `N` per cent; implies --cover")
	verb.Flags().StringVar(&t.run, "run", "", "run the tests whose names match the regular expression `RE` only")
	verb.Flags().BoolVar(&t.mutates, "mutate", false, "change the rules, and say which changes no test notices")
	verb.Flags().Var(&t.minScore, "min-score", "fail if the tests notice less than `N` per cent of the changes; implies --mutate")
	t.drafts.addFlags(verb)
	out := addOutput(verb, asJSON, asJUnit)
	verb.RunE = func(verb *cobra.Command, args []string) error {
		if err := t.drafts.check(verb, out.form); err != nil {
			return err
		}
		if t.drafts.on {
			return t.draft(verb.Context(), c, out.form, args)
		}
		t.cover = t.cover || verb.Flags().Changed("min")
		t.mutates = t.mutates || verb.Flags().Changed("min-score")
		return t.test(verb.Context(), c, out.form, args)
	}
	return verb
}

// A percentage is the value of a flag.
type percentage int

func (p *percentage) String() string { return strconv.Itoa(int(*p)) }

func (p *percentage) Type() string { return "percentage" }

func (p *percentage) Set(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > 100 {
		return errors.New("give a percentage from 0 to 100")
	}
	*p = percentage(n)
	return nil
}

// test runs the tests and tells how they went.
func (t *testRun) test(ctx context.Context, c *cli, form string, args []string) error {
	wanted, err := regexp.Compile(t.run)
	if err != nil {
		return usagef("--run: %w", err)
	}
	loaded, err := t.load(ctx, args)
	if err != nil {
		return err
	}
	if loaded.set == nil {
		return c.unsound(form, loaded)
	}
	report := t.results(ctx, loaded, wanted)
	stopped := t.mutate(ctx, loaded, &report)
	if stopped != nil && report.mutation == nil {
		return stopped
	}
	if err := c.tellTests(form, report); err != nil {
		return err
	}
	if stopped != nil {
		c.lasting = true // it is told here
		return stopped
	}
	return t.verdict(report)
}

// A testReport is how tests went.
type testReport struct {
	files    []transcript.File
	results  []rules.TestResult
	failed   int
	coverage *rules.Coverage // nil if it is not asked for
	mutation *rules.Mutation // as well, or if tests fail
	minScore int
}

func (t *testRun) results(ctx context.Context, l loaded, wanted *regexp.Regexp) testReport {
	report := testReport{files: l.files, minScore: int(t.minScore)}
	var tests []rules.Test
	for _, test := range l.set.Tests() {
		if wanted.MatchString(test.Name) {
			tests = append(tests, test)
		}
	}
	if len(tests) == 0 { // the set would run all
		return report
	}
	report.results = l.set.RunTests(ctx, tests...)
	for _, r := range report.results {
		if !r.Passed() {
			report.failed++
		}
	}
	if t.cover {
		coverage := l.set.Coverage(ctx, tests...)
		report.coverage = &coverage
	}
	return report
}

// verdict is the error that ends the verb, if there is one.
func (t *testRun) verdict(r testReport) error {
	switch {
	case len(r.results) == 0 && t.run != "":
		return &findingsError{fmt.Errorf("no test ran: there is none whose name matches --run %q", t.run)}
	case len(r.results) == 0:
		return &findingsError{errors.New("no test ran: these files hold none")}
	case r.coverage != nil && r.coverage.Percent() < int(t.min):
		return &findingsError{fmt.Errorf("the tests reach %d%% of the rules, less than the %d%% of --min", r.coverage.Percent(), t.min)}
	case r.failed > 0 && t.mutates:
		return &findingsError{errors.New("no rule was changed: mend the tests that fail first")}
	case r.failed > 0:
		return &findingsError{}
	case r.mutation != nil && r.mutation.Score() < r.minScore:
		return &findingsError{errors.New(tooLow(r.mutation.Score(), r.minScore))}
	}
	return nil
}

func (c *cli) tellTests(form string, r testReport) error {
	switch form {
	case asJSON:
		return c.printJSON(testsOf(r))
	case asJUnit:
		suites := testSuites(r.results)
		if r.mutation != nil {
			mutationSuites(&suites, *r.mutation, r.minScore)
		}
		return c.printJUnit(suites)
	}
	for _, result := range r.results {
		if !result.Passed() {
			c.printf("%s\n", printableLines(result.String()))
		}
	}
	c.tellFiles(r.results)
	if r.coverage != nil {
		c.tellCoverage(*r.coverage, r.files)
	}
	if r.mutation != nil {
		c.tellMutation(*r.mutation, r.files)
	}
	return nil
}

// tellFiles says of each file how its tests went.
func (c *cli) tellFiles(results []rules.TestResult) {
	for i := 0; i < len(results); {
		file, all, failed := results[i].File, 0, 0
		for ; i < len(results) && results[i].File == file; i++ {
			all++
			if !results[i].Passed() {
				failed++
			}
		}
		if failed > 0 {
			c.printf("%s  %s: %d of %s failed\n", c.paint(red, "FAIL"), printable(file), failed, counted(all, "test"))
		} else {
			c.printf("%s  %s: %s\n", c.paint(green, "ok  "), printable(file), counted(all, "test"))
		}
	}
}

// testSuites are the results of tests, a suite for each file.
func testSuites(results []rules.TestResult) junitSuites {
	var out junitSuites
	for _, r := range results {
		one := junitCase{Name: r.Name, File: r.File, Line: r.Line}
		if !r.Passed() {
			message, _, _ := strings.Cut(r.Failures[0], "\n")
			one.Failure = &junitText{message, r.String()}
		}
		out.add(one)
	}
	return out
}
