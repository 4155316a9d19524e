package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/rules/replay"
)

// tellReplay tells what came of recorded events.
func (c *cli) tellReplay(form string, s *replay.Summary, complete bool) error {
	if form == asJSON {
		return c.printJSON(replayOf(s, complete))
	}
	c.tellReplayed(s)
	for _, table := range []func(*replay.Summary) error{c.tableOfRules, c.tableOfDomains, c.tableOfMisses} {
		if err := table(s); err != nil {
			return err
		}
	}
	c.tellNeverFired(s)
	c.tellLineErrors("lines that could not be read", s.Unreadable, s.Lines)
	for _, r := range s.Rules {
		c.tellLineErrors("events for which "+r.Name+" failed", r.Failed, r.Errors)
	}
	c.tellLineErrors("events that are not decided as they were", s.Differing, s.Differences)
	return nil
}

// tellReplayed says in one line what there was.
func (c *cli) tellReplayed(s *replay.Summary) {
	parts := []string{counted(s.Events, "event"), counted(s.Outcomes, "e-mail")}
	if trouble := troubleOf(s); len(trouble) > 0 {
		parts = append(parts, c.paint(red, strings.Join(trouble, ", ")))
	}
	if s.NoEvent > 0 {
		parts = append(parts, counted(s.NoEvent, "record")+" without an event cannot be decided again")
	}
	if s.Empty > 0 {
		parts = append(parts, c.paint(red, emptyOf("event", s.Empty, s.FirstEmpty)))
	}
	if s.Alike+s.Differing > 0 {
		parts = append(parts, counted(s.Alike, "event")+" decided as then, as far as the log tells")
		parts = append(parts, counted(s.Differing, "event")+" otherwise")
	}
	c.printf("%s\n", strings.Join(parts, ", "))
}

// emptyOf says how many surveys have none of the fields of one, and where the
// first of them is.
func emptyOf(noun string, n, first int) string {
	return fmt.Sprintf("%s without any field of a survey (the first is line %d)", counted(n, noun), first)
}

func (c *cli) tableOfRules(s *replay.Summary) error {
	if len(s.Rules) == 0 {
		return nil
	}
	c.printf("\n")
	return c.printTable(func(row func(cells ...any)) {
		row("RULE", "MODE", "FIRED", "NOT FIRED", "SKIPPED", "FAILED", "NOT REACHED", "E-MAILS")
		for _, r := range s.Rules {
			row(r.Name, r.Mode, r.Fired, r.NotFired, r.Skipped, r.Failed, r.NotReached, r.Outcomes)
		}
	})
}

// tableOfDomains counts e-mails by rule and domain.
func (c *cli) tableOfDomains(s *replay.Summary) error {
	if s.Outcomes == 0 {
		return nil
	}
	c.printf("\n")
	return c.printTable(func(row func(cells ...any)) {
		row("RECIPIENT", "RULE", "E-MAILS")
		for _, d := range domainsOf(s.Groups) {
			row(printable(d.Domain), "(all)", d.Emails)
			for _, r := range s.Rules {
				if n := emailsTo(r, d.Domain); n > 0 {
					row(printable(d.Domain), r.Name, n)
				}
			}
		}
	})
}

func emailsTo(r replay.RuleSummary, domain string) int {
	if domain == otherDomains {
		return r.Groups.Others
	}
	return r.Groups.Counts[domain]
}

// mostMisses is how many near misses are told in text.
const mostMisses = 20

// tableOfMisses tells which parts alone kept rules from firing, those that did so
// most often first.
func (c *cli) tableOfMisses(s *replay.Summary) error {
	type miss struct {
		rule *replay.RuleSummary
		part replay.PartSummary
	}
	var all []miss
	for i := range s.Rules {
		r := &s.Rules[i]
		for _, p := range r.Parts {
			if p.Missed > 0 && len(r.Parts) > 1 { // one part alone is the whole rule
				all = append(all, miss{r, p})
			}
		}
	}
	if len(all) == 0 {
		return nil
	}
	slices.SortStableFunc(all, func(a, b miss) int { return cmp.Compare(b.part.Missed, a.part.Missed) })
	c.printf("\n")
	err := c.printTable(func(row func(cells ...any)) {
		row("RULE", "ONE PART SHORT", "AT", "PART")
		for _, m := range all[:min(len(all), mostMisses)] {
			at := strings.TrimSuffix(placeOf(m.rule.File, m.part.Line, m.part.Column), ": ")
			row(m.rule.Name, m.part.Missed, printable(at), shortened(m.part.Text))
		}
	})
	if more := len(all) - mostMisses; more > 0 {
		c.printf("and %s more: see them with -o json\n", counted(more, "part"))
	}
	return err
}

// shortened is a part of a condition in one line.
func shortened(text string) string {
	const most = 80
	text = printable(strings.Join(strings.Fields(text), " "))
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

func (c *cli) tellNeverFired(s *replay.Summary) {
	var names []string
	for _, r := range s.Rules {
		if r.Fired == 0 && r.Mode != rules.Off {
			names = append(names, r.Name)
		}
	}
	if len(names) > 0 {
		c.printf("\nnever fired: %s\n", strings.Join(names, ", "))
	}
}

// tellLineErrors tells the first of so many errors of lines.
func (c *cli) tellLineErrors(what string, count int, first []replay.LineError) {
	if count == 0 {
		return
	}
	c.printf("\n%s:\n", what)
	for _, e := range first {
		c.printf("  line %d: %s\n", e.Line, printable(strings.ReplaceAll(e.Message, "\n", "; ")))
	}
	if more := count - len(first); more > 0 {
		c.printf("  and %d more\n", more)
	}
}
