package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/rules/diff"
	"github.com/afterword-go/afterword/transcript"
)

// asHTML is a form of output beside those that other verbs have.
const asHTML = "html"

// A ruleDiff is how old rules are compared with new ones.
type ruleDiff struct {
	loading
	events     string
	payloads   bool
	report     string
	maxAdded   count
	maxRemoved count
	maxChange  share
}

const diffHelp = `Diff compares old rules with new ones, rule by rule: what was added, removed, renamed
and moved, and what another condition means. "Means the same" is proved, and so is
"fires for more" and "fires for fewer"; the surveys shown for it are made up, or are
those of the rules' own tests. Where the order of rules or the hit policy is another
one, a survey that is decided otherwise is shown with the rules that fired and fire now,
and those that fail, where there is no other.

With --events, it decides recorded surveys with both, and says which e-mails are added,
removed and changed, by rule, by recipient and by domain, with the first lines for which
that is so. If a rule fails, nothing is sent for that survey. It quotes no survey unless
--show-payloads is given. An address that depends on the survey is told as *@ and its
domain.

The --max flags make it a gate: the exit code is 1 if more differs than they allow. The
share of --max-change is that of the e-mails that differ among all there are before or after.
With any of them, it is 1 as well if a rule fails for a survey for which it did not before.
It is 1 as well if a line could not be read, if no survey was decided, or if none has any
field of a survey: what else there is in a survey is passed over.

OLD and NEW are each a file, a pattern or a folder, as FILE of other verbs is. Rules are
found by their names. ` + recordedHelp + `

In JSON, the output is {"rules": {"changes", "unknown"}, "complete", "events",
"crossed"}. A change is {"kind", "rule", "file", "line", "column", "oldRule", "oldFile",
"oldLine", "oldColumn", "field", "before", "after", "constants": [{"name", "before",
"after"}], "effect": {"meaning", "keeps", "within", "mayFail", "onlyOld", "onlyNew",
"oldFromTest", "newFromTest", "oldFails", "newFails", "reason"}, "example": {"event",
"fromTest", "before", "after", "failedBefore", "failedAfter"}}; events, with --events
only, is {"decided", "unreadable", "unreadableLines", "noEvent", "empty", "firstEmpty",
"differing", "old": {"outcomes", "failed"}, "new", "added", "removed", "changed", "kept",
"handedOver", "reordered", "errorsGained", "errorsLost", "rules", "groups",
"examplesLeftOut"}; and a bound that is crossed is {"bound", "limit", "got", "message"}.`

func newDiff(c *cli) *cobra.Command {
	var d ruleDiff
	verb := &cobra.Command{
		Use:   "diff OLD NEW [--events EVENTS] [--max-added N] [--max-removed N] [--max-change P%]",
		Short: "Say what a change of rules means, and which e-mails it changes",
		Long:  diffHelp,
		Example: `  afterword diff examples/chatserver/rules examples/chatserver/rules
  echo '{"csatRank": 1}' | afterword diff --events - --max-added 0 examples/chatserver/rules examples/chatserver/rules`,
	}
	d.addFlags(verb)
	verb.Args = func(_ *cobra.Command, args []string) error {
		if len(args) != 2 {
			return usagef("give the old rules and the new ones: a file, folder or pattern each")
		}
		return nil
	}
	flags := verb.Flags()
	flags.StringVar(&d.events, "events", "", "decide the recorded surveys of this `FILE` with both; - is standard input")
	flags.BoolVar(&d.payloads, "show-payloads", false, "show the surveys of examples, and all addresses")
	flags.StringVar(&d.report, "report", "", "write a report in HTML to this `FILE` as well")
	flags.Var(&d.maxAdded, "max-added", "fail if more than `N` e-mails are added")
	flags.Var(&d.maxRemoved, "max-removed", "fail if more than `N` e-mails are removed")
	flags.Var(&d.maxChange, "max-change", "fail if more than `P%` of all e-mails differ")
	out := addOutput(verb, asJSON, asHTML)
	verb.RunE = func(verb *cobra.Command, args []string) error {
		for _, flag := range []string{"max-added", "max-removed", "max-change", "show-payloads"} {
			if flags.Changed(flag) && d.events == "" {
				return usagef("--%s is about recorded surveys: give them with --events", flag)
			}
		}
		return d.run(verb.Context(), c, out.form, args)
	}
	return verb
}

// partly is said of a diff that is about a part of the recording.
const partly = "the recording was not decided to its end"

// A count is the value of a flag: a number from 0, or none.
type count struct{ n *int }

func (v *count) String() string {
	if v.n == nil {
		return ""
	}
	return strconv.Itoa(*v.n)
}

func (v *count) Type() string { return "count" }

func (v *count) Set(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return errors.New("give a number from 0")
	}
	v.n = &n
	return nil
}

// A share is the value of a flag: a percentage, or none.
type share struct{ of *float64 }

func (v *share) String() string {
	if v.of == nil {
		return ""
	}
	return strconv.FormatFloat(*v.of*100, 'g', 12, 64) + "%"
}

func (v *share) Type() string { return "share" }

func (v *share) Set(text string) error {
	text, signed := strings.CutSuffix(text, "%")
	percent, err := strconv.ParseFloat(text, 64)
	if err != nil || !signed || math.IsNaN(percent) || percent < 0 || percent > 100 {
		return errors.New("give a percentage from 0% to 100%, with its sign")
	}
	of, err := strconv.ParseFloat(strconv.FormatFloat(percent, 'f', -1, 64)+"e-2", 64) // to divide by 100 makes noise
	v.of = &of
	return err
}

// A diffResult is what differs.
type diffResult struct {
	args       []string
	comparison rules.Comparison
	events     *diff.Diff // nil if there are no recorded surveys
	crossed    []diff.Crossing
	payloads   bool
	partial    bool // the recording was not decided to its end
}

func (d *ruleDiff) run(ctx context.Context, c *cli, form string, args []string) error {
	old, new, err := d.loadBoth(ctx, args)
	if err != nil {
		return err
	}
	if old.set == nil || new.set == nil {
		both := loaded{
			files:    slices.Concat(old.files, new.files),
			problems: slices.Concat(old.problems, new.problems),
		}
		if form == asHTML { // what they quote is no part of a page
			return onlyErrors(both)
		}
		return c.unsound(form, both)
	}
	if err := d.spare(old, new); err != nil {
		return err
	}
	result := diffResult{args: args, comparison: new.set.Compare(ctx, old.set), payloads: d.payloads}
	stopped := d.decide(ctx, c, form, old.set, new.set, &result)
	if result.events == nil && stopped != nil {
		return stopped
	}
	result.partial = stopped != nil
	if err := errors.Join(c.tellDiff(form, result), d.write(result), stopped); err != nil {
		return err
	}
	return result.verdict()
}

// verdict is the error that ends the verb: surveys that were not decided prove
// nothing.
func (r diffResult) verdict() error {
	switch {
	case r.events != nil && r.events.Unreadable > 0:
		return &findingsError{fmt.Errorf("%s could not be read", counted(r.events.Unreadable, "line"))}
	case r.events != nil && r.events.Decided == 0:
		return &findingsError{errors.New(nothingDecided(r.events.NoEvent))}
	case r.events != nil && r.events.Empty == r.events.Decided:
		return &findingsError{errors.New("nothing is proved: no line has any field of a survey, such as csatRank")}
	case len(r.crossed) > 0:
		return &findingsError{}
	}
	return nil
}

// spare refuses a report in the place of what the verb reads.
func (d *ruleDiff) spare(sides ...loaded) error {
	report, err := os.Stat(d.report)
	if err != nil {
		return nil // there is nothing to be lost
	}
	names := []string{d.events}
	for _, side := range sides {
		for _, f := range side.files {
			names = append(names, f.Name)
			for _, tests := range f.Tests {
				names = append(names, tests.Name)
			}
		}
	}
	for _, name := range names {
		if info, err := os.Stat(name); err == nil && os.SameFile(info, report) {
			return usagef("--report %s would replace a file that is read: give another one", d.report)
		}
	}
	return nil
}

// loadBoth loads the rules of both sides. The error is about both.
func (d *ruleDiff) loadBoth(ctx context.Context, args []string) (old, new loaded, err error) {
	old, wrong := d.load(ctx, args[:1])
	if isUsage(wrong) {
		return old, new, wrong
	}
	new, err = d.load(ctx, args[1:])
	return old, new, errors.Join(wrong, err)
}

// decide decides the recorded surveys, if there are any. With an error, the
// result is of those in front of it.
func (d *ruleDiff) decide(ctx context.Context, c *cli, form string, old, new *transcript.RuleSet, result *diffResult) (err error) {
	if d.events == "" {
		return nil
	}
	recorded, err := openRecording(ctx, d.events, c.in)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, recorded.Close()) }()
	opts := transcript.DiffOptions{Payloads: d.payloads}
	if bar := c.progressFor(form, recorded); bar != nil {
		opts.Progress = bar.show
		defer bar.end()
	}
	found, err := new.Diff(ctx, old, recorded, opts)
	result.events = &found
	var crossed *diff.GateError
	noErrors := 0
	gate := diff.Gate{MaxAdded: d.maxAdded.n, MaxRemoved: d.maxRemoved.n, MaxChange: d.maxChange.of}
	if gate != (diff.Gate{}) {
		gate.MaxErrorsGained = &noErrors
	}
	if errors.As(gate.Check(found), &crossed) {
		result.crossed = crossed.Crossings
	}
	if err != nil {
		return fmt.Errorf("%s: %w", recorded.shown(), err)
	}
	return nil
}

// write writes the report, if it is asked for.
func (d *ruleDiff) write(result diffResult) error {
	if d.report == "" {
		return nil
	}
	page, err := diffPage(result)
	if err != nil {
		return err
	}
	if err := writeReport(d.report, page, d.payloads); err != nil {
		return fmt.Errorf("%s: %w", d.report, reason(err))
	}
	return nil
}

// writeReport writes a page. One with surveys and addresses is for its owner
// only, even if others might read the file that was there before.
func writeReport(name string, page []byte, private bool) (err error) {
	mode := os.FileMode(0o644)
	if private {
		mode = 0o600
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if private {
		if err := restrict(f, mode); err != nil {
			return err
		}
	}
	_, err = f.Write(page)
	return err
}

// restrict gives a file a mode. What is no file, such as a pipe or a terminal,
// keeps its own.
func restrict(f *os.File, mode os.FileMode) error {
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return err
	}
	return f.Chmod(mode)
}

// tellDiff tells what differs.
func (c *cli) tellDiff(form string, result diffResult) error {
	switch form {
	case asJSON:
		return c.printJSON(diffResultOf(result))
	case asHTML:
		page, err := diffPage(result)
		c.printf("%s", page)
		return err
	}
	c.tellComparison(result.comparison)
	if result.events != nil {
		c.tellEvents(*result.events, result.payloads)
		if result.partial {
			c.printf("%s: %s\n", c.paint(red, "incomplete"), partly)
		}
	}
	for _, crossing := range result.crossed {
		c.printf("%s: %s\n", c.paint(red, "too much"), crossing.Of("e-mail"))
	}
	return nil
}

func isUsage(err error) bool {
	var usage *usageError
	return errors.As(err, &usage)
}
