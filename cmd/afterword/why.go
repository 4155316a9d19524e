package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/transcript"
)

// explainText tells an explanation to a person.
func (c *cli) explainText(e transcript.Explanation, told []transcript.RuleTrace) {
	fired, shadow := 0, 0
	for _, t := range e.Rules {
		switch {
		case t.Outcome != rules.Fired:
		case t.Mode == rules.Shadow:
			shadow++
		default:
			fired++
		}
	}
	aside := ""
	if shadow > 0 {
		aside = fmt.Sprintf(", %d more in shadow", shadow)
	}
	follows := counted(len(e.Emails), "e-mail")
	if e.Err != nil {
		follows = c.paint(red, "nothing is sent, because a rule failed")
	}
	c.printf("%d of %s fired%s: %s\n", fired, counted(len(e.Rules), "rule"), aside, follows)
	for _, t := range told {
		c.explainRule(t)
	}
}

// evaluated tells whether a rule's condition was looked at.
func evaluated(t rules.RuleTrace) bool {
	return t.Outcome != rules.SwitchedOff && t.Outcome != rules.NotReached
}

func (c *cli) explainRule(t transcript.RuleTrace) {
	c.printf("\n%s: %s\n", t.Name, c.became(t.RuleTrace))
	at := strings.TrimSuffix(placeOf(t.File, t.Line, t.Column), ": ")
	c.printf("  %s%s\n", c.paint(faint, printable(at)), describe(t.Description))
	if evaluated(t.RuleTrace) {
		c.explainPart(t.Condition, wishTrue, "  ")
	}
	for _, e := range t.Emails {
		c.explainEmail(e, t.Mode)
	}
}

func describe(text string) string {
	if text == "" {
		return ""
	}
	return "  " + printable(inOneLine(text))
}

// became is what became of a rule, and how near it was to firing.
func (c *cli) became(t rules.RuleTrace) string {
	mode := ""
	if t.Mode == rules.Shadow {
		mode, t.Mode = "in shadow: ", rules.Enforce
	}
	var text string
	switch t.Outcome {
	case rules.Fired:
		text = c.paint(green, "fired")
	case rules.Failed:
		text = c.paint(red, printable(t.Reason()))
	case rules.Skipped:
		text = printable(t.Reason())
	default:
		text = t.Outcome.String()
	}
	if near := nearnessOf(t); near != nil {
		text += "; " + near.String()
	}
	return mode + text
}

// explainPart tells a part of a condition and, indented, its own parts or what
// it read.
func (c *cli) explainPart(p rules.Part, w wish, indent string) {
	text := printable(inOneLine(p.Text))
	if text == "" {
		text = "all of these"
	}
	c.printf("%s%s  %s\n", indent, c.paintTruth(p.Truth), text)
	if p.Err != nil {
		c.printf("%s  %s\n", indent, c.paint(red, printable(p.Err.Error())))
	}
	for _, r := range p.Reads {
		c.printf("%s  %s\n", indent, c.paint(faint, printable(readText(r, w.miss(p, r)))))
	}
	for _, side := range p.Parts {
		c.explainPart(side, w.of(p), indent+"  ")
	}
}

func (c *cli) paintTruth(t rules.Truth) string {
	switch t {
	case rules.True:
		return c.paint(green, t.String())
	case rules.False:
		return c.paint(red, t.String())
	}
	return t.String()
}

// readText is a value that was read, and how far it is from what is wanted.
func readText(r rules.Read, miss string) string {
	text := inOneLine(r.Text) + " is " + r.Value
	if r.Absent {
		text = inOneLine(r.Text) + " is absent"
	}
	if miss != "" {
		text += ", " + miss
	}
	return text
}

func (c *cli) explainEmail(e events.TranscriptEmail, mode rules.Mode) {
	kind := "e-mail"
	if mode == rules.Shadow {
		kind = "would be an e-mail"
	}
	c.printf("  %s to %s: %s\n", kind, e.TargetEmail, strconv.Quote(e.Subject))
	c.printf("    %s\n", c.paint(faint, fmt.Sprintf("from %s <%s>", printable(e.SenderName), e.SenderEmail)))
}

var lineBreak = regexp.MustCompile(`\s*\n\s*`)

// inOneLine folds the line breaks of a condition.
func inOneLine(text string) string { return lineBreak.ReplaceAllString(strings.TrimSpace(text), " ") }
