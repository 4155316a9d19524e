package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/afterword-go/afterword/rules/diff"
)

// mostGroupsTold is how many recipients and domains are told as text; JSON has
// all that were kept.
const mostGroupsTold = 20

// tellEvents says what differs for recorded surveys.
func (c *cli) tellEvents(d diff.Diff, payloads bool) {
	c.printf("\n%s\n", summaryOf(d))
	for _, note := range notesOf(d) {
		c.printf("  %s\n", note)
	}
	if len(d.Rules) > 0 {
		c.printf("by rule\n")
	}
	for _, r := range d.Rules {
		c.printf("  %s  %s%s\n", c.tally(r.Tally), printable(r.Name), errorsOf(r))
		c.tellExamples(r.Examples, payloads)
	}
	for _, g := range d.Groups {
		c.tellGroups(g)
	}
	for _, bad := range d.UnreadableLines {
		c.printf("line %d: %s\n", bad.Line, printable(strings.ReplaceAll(bad.Message, "\n", "; ")))
	}
	if more := d.Unreadable - len(d.UnreadableLines); more > 0 {
		c.printf("and %s more\n", counted(more, "such line"))
	}
}

// summaryOf is what differs in one line.
func summaryOf(d diff.Diff) string {
	if d.Total() == 0 {
		return fmt.Sprintf("%s, %s: no e-mail differs", counted(d.Decided, "survey"), counted(d.Kept, "e-mail"))
	}
	return fmt.Sprintf("%s: %s added, %d removed, %d changed, %d as before (%s differ)",
		counted(d.Decided, "survey"), counted(d.Added, "e-mail"), d.Removed, d.Changed, d.Kept, percentOf(d.Share()))
}

// percentOf is a share in per cent, which is not 0 or 100 unless nothing or all is.
func percentOf(share float64) string {
	text := fmt.Sprintf("%.1f%%", share*100)
	switch {
	case text == "0.0%" && share > 0:
		return "less than 0.1%"
	case text == "100.0%" && share < 1:
		return "more than 99.9%"
	}
	return text
}

// notesOf is what else there is to say.
func notesOf(d diff.Diff) []string {
	var out []string
	note := func(n int, format string, args ...any) {
		if n > 0 {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	note(d.HandedOver, "%s as before, but of another rule", counted(d.HandedOver, "e-mail"))
	note(d.Reordered, "%s with e-mails in another order", counted(d.Reordered, "survey"))
	note(d.Old.Failed+d.New.Failed, "rules failed for %s before and for %d now, and nothing is sent then", counted(d.Old.Failed, "survey"), d.New.Failed)
	note(d.NoEvent, "%s without a survey", counted(d.NoEvent, "line"))
	note(d.Empty, "%s", emptyOf("survey", d.Empty, d.FirstEmpty))
	note(d.Unreadable, "%s could not be read", counted(d.Unreadable, "line"))
	if d.ExamplesLeftOut {
		out = append(out, "there is more to show than is kept: some examples are left out")
	}
	return out
}

// tally is what differs, in columns.
func (c *cli) tally(t diff.Tally) string {
	column := func(mark, colour string, n int) string {
		text := fmt.Sprintf("%7s", mark+strconv.Itoa(n))
		if n == 0 {
			return text
		}
		return c.paint(colour, text)
	}
	return column("+", green, t.Added) + column("-", red, t.Removed) + column("~", "", t.Changed)
}

// errorsOf says how often a rule fails that did not, and the other way around.
func errorsOf(r diff.RuleDiff) string {
	var out string
	if r.ErrorsGained > 0 {
		out += fmt.Sprintf(", fails for %d more", r.ErrorsGained)
	}
	if r.ErrorsLost > 0 {
		out += fmt.Sprintf(", fails no more for %d", r.ErrorsLost)
	}
	return out
}

// tellExamples tells the lines of each kind, or the examples in full.
func (c *cli) tellExamples(examples []diff.Example, payloads bool) {
	for _, kind := range []diff.Kind{diff.Added, diff.Removed, diff.Changed, diff.ErrorGained, diff.ErrorLost} {
		var lines []string
		failure := ""
		for _, e := range examples {
			if e.Kind != kind {
				continue
			}
			lines = append(lines, strconv.Itoa(e.Line))
			if failure == "" && e.Error != "" {
				failure = ": " + e.Error
			}
		}
		if len(lines) == 0 {
			continue
		}
		lines = slices.Compact(lines)
		c.printf("      %s in %s %s%s\n", kind, plural(len(lines), "line"), strings.Join(lines, ", "), printable(failure))
		for _, e := range examples {
			if payloads && e.Kind == kind {
				c.tellExample(e)
			}
		}
	}
}

func plural(n int, noun string) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}

// tellExample shows the survey and the e-mail.
func (c *cli) tellExample(e diff.Example) {
	c.printf("        line %d", e.Line)
	if e.Event == nil {
		c.printf(": it is too long to show\n")
		return
	}
	c.printf(": %s\n", plainJSON(e.Event))
	if e.Before != nil {
		c.printf("          %s\n", c.paint(red, "- "+plainJSON(e.Before)))
	}
	if e.After != nil {
		c.printf("          %s\n", c.paint(green, "+ "+plainJSON(e.After)))
	}
}

func (c *cli) tellGroups(g diff.Grouped) {
	if len(g.Groups) == 0 && g.Others == nil {
		return
	}
	c.printf("by %s\n", printable(g.Name))
	told := g.Groups[:min(len(g.Groups), mostGroupsTold)]
	for _, group := range told {
		c.printf("  %s  %s\n", c.tally(group.Tally), printable(group.Key))
	}
	if rest := othersOf(g, len(told)); rest != nil {
		c.printf("  %s  others\n", c.tally(*rest))
	}
}

// othersOf sums up the groups behind the first, and those that were not kept; nil
// if there are none.
func othersOf(g diff.Grouped, told int) *diff.Tally {
	if len(g.Groups) == told && g.Others == nil {
		return nil
	}
	var sum diff.Tally
	if g.Others != nil {
		sum = *g.Others
	}
	for _, group := range g.Groups[told:] {
		sum.Added += group.Added
		sum.Removed += group.Removed
		sum.Changed += group.Changed
	}
	return &sum
}
