package main

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/internal/nearest"
	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/transcript"
)

func newExplain(c *cli) *cobra.Command {
	var l loading
	var g given
	var name string
	var plan bool
	verb := &cobra.Command{
		Use:   "explain {-e EVENT.json | --plan} [--rule NAME] FILE...",
		Short: "Say why rules fire for a survey, and why not",
		Long: `Explain decides a survey as a server would, and says for each rule what became of
it: each part of its condition with its truth and with what it read, how near it
was to firing, and the e-mails that follow. Rules that fired come first. It quotes
the survey. If a rule fails, nothing is sent, and the exit code is 1.

With --plan, it takes no survey, and says how each rule runs: whether it is decided
by comparisons that cost what Go by hand does (direct) or as a program; how it is found
among the rules of its file; and how its patterns are matched.

` + eventHelp + `

` + filesHelp + `

In JSON, the output is {"emails", "error", "rules"}. A rule is {"name", "description",
"file", "line", "column", "mode", "outcome", "absent", "near": {"hold", "of"},
"condition", "emails", "error"}; a condition is {"text", "line", "column", "truth",
"error", "reads": [{"text", "value", "absent", "miss"}], "parts"}, and its parts are
like it. With --plan, it is a list of {"name", "runs", "found", "patterns": [{"pattern",
"runs"}]}.`,
		Example: `  afterword explain -e examples/chatserver/surveys/01-documented.json examples/chatserver/rules
  afterword explain -e examples/chatserver/surveys/02-content.json --rule worst-rating examples/chatserver/rules
  afterword explain --plan examples/chatserver/rules`,
	}
	l.addFlags(verb)
	g.addFlags(verb)
	verb.Flags().StringVar(&name, "rule", "", "explain the rule with this `name` only")
	verb.Flags().BoolVar(&plan, "plan", false, "say how the rules run, whatever the survey")
	out := addOutput(verb, asJSON)
	verb.RunE = func(verb *cobra.Command, args []string) error {
		if plan && g.name != "" {
			return usagef("give a survey with -e, or --plan, not both")
		}
		if plan {
			return c.plan(verb.Context(), out.form, &l, args, name)
		}
		event, loaded, err := loadFor(verb.Context(), c, &l, &g, args)
		if err != nil {
			return err
		}
		if loaded.set == nil {
			return onlyErrors(loaded)
		}
		if err := knownRule(loaded.set, name); err != nil {
			return err
		}
		explanation := loaded.set.Explain(verb.Context(), event)
		return c.explain(out.form, explanation, inTelling(explanation.Rules, name))
	}
	return verb
}

// knownRule wants a rule of the set; an empty name is none.
func knownRule(set *transcript.RuleSet, name string) error {
	var names []string
	for r := range set.Rules() {
		names = append(names, r.Name)
	}
	if name == "" || slices.Contains(names, name) {
		return nil
	}
	if known, ok := nearest.To(name, slices.Values(names)); ok {
		return usagef("there is no rule %q (did you mean %s?)", name, known)
	}
	return usagef("there is no rule %q", name)
}

// inTelling are the rules to be told, those that fired first; all of them for
// an empty name.
func inTelling(all []transcript.RuleTrace, name string) []transcript.RuleTrace {
	var fired, others []transcript.RuleTrace
	for _, t := range all {
		switch {
		case name != "" && t.Name != name:
		case t.Outcome == rules.Fired:
			fired = append(fired, t)
		default:
			others = append(others, t)
		}
	}
	return append(fired, others...)
}

// explain tells an explanation.
func (c *cli) explain(form string, e transcript.Explanation, told []transcript.RuleTrace) error {
	if e.Err != nil {
		e.Emails = nil // nothing is sent
	}
	if form == asJSON {
		if err := c.printJSON(explanationOf(e, told)); err != nil {
			return err
		}
	} else {
		c.explainText(e, told)
	}
	if e.Err != nil {
		return &findingsError{}
	}
	return nil
}

// The explanation in JSON.
type (
	explanationJSON struct {
		Emails []events.TranscriptEmail `json:"emails"`
		Error  string                   `json:"error,omitempty"`
		Rules  []ruleJSON               `json:"rules"`
	}
	ruleJSON struct {
		Name        string                   `json:"name"`
		Description string                   `json:"description,omitempty"`
		File        string                   `json:"file"`
		Line        int                      `json:"line"`
		Column      int                      `json:"column"`
		Mode        string                   `json:"mode"`
		Outcome     string                   `json:"outcome"`
		Absent      []string                 `json:"absent,omitempty"`
		Near        *nearness                `json:"near,omitempty"`
		Condition   *partJSON                `json:"condition,omitempty"`
		Emails      []events.TranscriptEmail `json:"emails"`
		Error       string                   `json:"error,omitempty"`
	}
	partJSON struct {
		Text   string     `json:"text,omitempty"`
		Line   int        `json:"line"`
		Column int        `json:"column"`
		Truth  string     `json:"truth"`
		Error  string     `json:"error,omitempty"`
		Reads  []readJSON `json:"reads,omitempty"`
		Parts  []partJSON `json:"parts,omitempty"`
	}
	readJSON struct {
		Text   string `json:"text"`
		Value  string `json:"value,omitempty"`
		Absent bool   `json:"absent,omitempty"`
		Miss   string `json:"miss,omitempty"`
	}
)

func explanationOf(e transcript.Explanation, told []transcript.RuleTrace) explanationJSON {
	out := explanationJSON{Emails: notNil(e.Emails), Error: textOf(e.Err), Rules: []ruleJSON{}}
	for _, t := range told {
		r := ruleJSON{
			Name: t.Name, Description: t.Description, File: t.File, Line: t.Line, Column: t.Column,
			Mode: t.Mode.String(), Outcome: t.Outcome.String(), Absent: t.Absent,
			Near: nearnessOf(t.RuleTrace), Emails: notNil(t.Emails), Error: textOf(t.Err),
		}
		if evaluated(t.RuleTrace) {
			condition := partOf(t.Condition, wishTrue)
			r.Condition = &condition
		}
		out.Rules = append(out.Rules, r)
	}
	return out
}

func notNil(emails []events.TranscriptEmail) []events.TranscriptEmail {
	return append([]events.TranscriptEmail{}, emails...)
}

func textOf(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// partOf is a part of a condition.
func partOf(p rules.Part, w wish) partJSON {
	out := partJSON{Text: p.Text, Line: p.Line, Column: p.Column, Truth: p.Truth.String(), Error: textOf(p.Err)}
	for _, r := range p.Reads {
		out.Reads = append(out.Reads, readJSON{r.Text, r.Value, r.Absent, w.miss(p, r)})
	}
	for _, side := range p.Parts {
		out.Parts = append(out.Parts, partOf(side, w.of(p)))
	}
	return out
}
