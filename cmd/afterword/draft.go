package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/transcript"
)

const draftHelp = `With --draft, it runs nothing and prints the tests that are missing instead: for each
part of a condition that --cover would show, a survey, and what follows from it as the
rules are. With --write, it puts them behind the tests in the file of tests beside the
rules, or into a new one. Look at each: it says what the rules do, not what they should.
In JSON, drafts are {"tests": [{"rule", "file", "name", "text"}], "left": [{"rule", "file",
"line", "column", "message", "impossible", "why"}]}.`

// A drafting is how tests are drafted.
type drafting struct{ on, write bool }

func (d *drafting) addFlags(verb *cobra.Command) {
	verb.Flags().BoolVar(&d.on, "draft", false, "print the tests that are missing")
	verb.Flags().BoolVar(&d.write, "write", false, "with --draft: put them into the files of tests beside the rules")
}

// check refuses flags that do not go together.
func (d *drafting) check(verb *cobra.Command, form string) error {
	if d.write && !d.on {
		return usagef("--write goes with --draft")
	}
	for _, name := range []string{"cover", "min", "run", "mutate", "min-score"} {
		if d.on && verb.Flags().Changed(name) {
			return usagef("--draft runs no tests: leave --%s out", name)
		}
	}
	if d.on && form == asJUnit {
		return usagef("--draft runs no tests: leave -o junit out")
	}
	return nil
}

// draft drafts tests, and prints or writes them.
func (t *testRun) draft(ctx context.Context, c *cli, form string, args []string) error {
	loaded, err := t.load(ctx, args)
	if err != nil {
		return err
	}
	if loaded.set == nil {
		return c.unsound(form, loaded)
	}
	draft := loaded.set.Draft(ctx)
	if err := ctx.Err(); err != nil {
		return err
	}
	besides := besidesOf(loaded.files, draft)
	if t.drafts.write {
		if err := t.writeDrafts(ctx, besides); err != nil {
			return err
		}
	}
	if form == asJSON {
		return c.printJSON(draftOf(draft))
	}
	c.tellDrafts(besides, draft, t.drafts.write)
	return nil
}

// A testsBeside is a file of tests and what is drafted for it.
type testsBeside struct {
	rules  transcript.File
	name   string
	before []byte // nil: there is none yet
	after  []byte
	drafts []string
}

func besidesOf(files []transcript.File, draft rules.Draft) []*testsBeside {
	var out []*testsBeside
	for _, f := range files {
		b := &testsBeside{rules: f, name: stem(f.Name) + "_test.yaml"}
		if last := len(f.Tests) - 1; last >= 0 {
			b.name, b.before = f.Tests[last].Name, f.Tests[last].Data
		}
		for _, test := range draft.Tests {
			if test.Rule.File == f.Name {
				b.drafts = append(b.drafts, test.Text)
			}
		}
		if len(b.drafts) > 0 {
			out = append(out, b)
		}
	}
	return out
}

// writeDrafts writes all files of tests, once it is known that each can be.
func (t *testRun) writeDrafts(ctx context.Context, besides []*testsBeside) error {
	var errs []error
	for _, b := range besides {
		errs = append(errs, b.add(transcript.RecipientDomains(t.domains...)))
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	for _, b := range besides {
		if b.before == nil {
			var m maker
			if m.file(ctx, b.name, b.after); m.err != nil {
				return m.err
			}
			continue
		}
		if err := replace(b.name, b.before, b.after); err != nil {
			return fmt.Errorf("%s: %w", b.name, reason(err))
		}
	}
	return nil
}

// add finds the way to put the drafts behind what the file says, which stays
// byte for byte: one in which the file keeps its canonical form if it has it.
func (b *testsBeside) add(option transcript.Option) error {
	if b.before == nil {
		b.after = []byte("version: 1\n\ntests:\n" + strings.Join(b.drafts, "\n"))
		return nil
	}
	before, err := b.tests(b.before, option)
	if err != nil {
		return err
	}
	for _, indent := range []string{"  ", "", "    "} {
		for _, between := range []string{"\n", ""} {
			text := b.appended(indent, between)
			tests, err := b.tests(text, option)
			if err != nil || tests != before+len(b.drafts) {
				continue
			}
			formatted, err := rules.Format(b.name, text)
			canonical := err == nil && bytes.Equal(formatted, text)
			if canonical || b.after == nil {
				b.after = text
			}
			if canonical {
				return nil
			}
		}
	}
	if b.after == nil {
		return fmt.Errorf("%s: the drafts cannot stand at its end, since its tests do not: leave --write out and paste them", b.name)
	}
	return nil
}

// tests is how many tests the rules have with this file of tests.
func (b *testsBeside) tests(text []byte, option transcript.Option) (int, error) {
	file := b.rules
	file.Tests = append([]rules.TestFile(nil), file.Tests...)
	file.Tests[len(file.Tests)-1].Data = text
	set, err := transcript.ParseFiles([]transcript.File{file}, option)
	if err != nil {
		return 0, err
	}
	return len(set.Tests()), nil
}

// appended is the file with the drafts behind it.
func (b *testsBeside) appended(indent, between string) []byte {
	out := bytes.Clone(b.before)
	ending := "\n"
	if bytes.Contains(out, []byte("\r\n")) {
		ending = "\r\n"
	}
	if !bytes.HasSuffix(out, []byte("\n")) {
		out = append(out, ending...)
	}
	for _, draft := range b.drafts {
		text := between
		for line := range strings.Lines(draft) {
			text += indent + strings.TrimPrefix(line, "  ")
		}
		out = append(out, strings.ReplaceAll(text, "\n", ending)...)
	}
	return out
}

// tellDrafts prints what was drafted or written, and as comments what was not.
func (c *cli) tellDrafts(besides []*testsBeside, draft rules.Draft, written bool) {
	for i, b := range besides {
		if written {
			c.printf("%s: %s drafted\n", printable(b.name), counted(len(b.drafts), "test"))
			continue
		}
		if i > 0 {
			c.printf("\n")
		}
		c.printf("# %s\n%s", printable(b.name), strings.Join(b.drafts, "\n"))
	}
	if len(besides) == 0 {
		c.printf("nothing to draft\n")
	}
	for _, l := range draft.Left {
		c.printf("# no test: %srule %q: %s\n", printable(placeOf(l.Rule.File, l.Gap.Line, l.Gap.Column)), l.Rule.Name, printable(whyLeft(l)))
	}
}

func whyLeft(l rules.Left) string {
	if l.Impossible {
		return l.Gap.String() + " (no survey can do that)"
	}
	if l.Why != "" {
		return l.Gap.String() + " (" + l.Why + ")"
	}
	return l.Gap.String() + " (no survey was found that does)"
}

// What was drafted, in JSON.
type (
	draftJSON struct {
		Tests []draftedJSON `json:"tests"`
		Left  []leftJSON    `json:"left"`
	}
	draftedJSON struct {
		Rule string `json:"rule"`
		File string `json:"file"`
		Name string `json:"name"`
		Text string `json:"text"`
	}
	leftJSON struct {
		Rule       string `json:"rule"`
		File       string `json:"file"`
		Line       int    `json:"line"`
		Column     int    `json:"column"`
		Message    string `json:"message"`
		Impossible bool   `json:"impossible"`
		Why        string `json:"why"`
	}
)

func draftOf(d rules.Draft) draftJSON {
	out := draftJSON{Tests: []draftedJSON{}, Left: []leftJSON{}}
	for _, t := range d.Tests {
		out.Tests = append(out.Tests, draftedJSON{t.Rule.Name, t.Rule.File, t.Name, t.Text})
	}
	for _, l := range d.Left {
		out.Left = append(out.Left, leftJSON{l.Rule.Name, l.Rule.File, l.Gap.Line, l.Gap.Column, l.Gap.String(), l.Impossible, l.Why})
	}
	return out
}
