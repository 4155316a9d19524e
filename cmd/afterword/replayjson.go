package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/rules/replay"
	"github.com/afterword-go/afterword/transcript"
)

// A replay in JSON.
type (
	replayJSON struct {
		Complete   bool               `json:"complete"`
		Events     int                `json:"events"`
		Unreadable firstJSON          `json:"unreadable"`
		NoEvent    int                `json:"noEvent"`
		Empty      int                `json:"empty"`
		FirstEmpty int                `json:"firstEmpty"`
		Failing    int                `json:"failing"`
		Emails     int                `json:"emails"`
		Domains    []domainJSON       `json:"domains"`
		Alike      int                `json:"alike"`
		Differing  firstJSON          `json:"differing"`
		Rules      []replayedRuleJSON `json:"rules"`
	}
	firstJSON struct {
		Count int             `json:"count"`
		First []lineErrorJSON `json:"first"`
	}
	lineErrorJSON struct {
		Line    int    `json:"line"`
		Message string `json:"message"`
	}
	domainJSON struct {
		Domain string `json:"domain"`
		Emails int    `json:"emails"`
	}
	replayedRuleJSON struct {
		Name        string             `json:"name"`
		Description string             `json:"description,omitempty"`
		File        string             `json:"file"`
		Line        int                `json:"line"`
		Column      int                `json:"column"`
		Mode        string             `json:"mode"`
		Fired       int                `json:"fired"`
		NotFired    int                `json:"notFired"`
		Skipped     int                `json:"skipped"`
		Failed      int                `json:"failed"`
		NotReached  int                `json:"notReached"`
		Emails      int                `json:"emails"`
		Domains     []domainJSON       `json:"domains"`
		Parts       []replayedPartJSON `json:"parts"`
		Errors      []lineErrorJSON    `json:"errors"`
	}
	replayedPartJSON struct {
		Text   string `json:"text"`
		Line   int    `json:"line"`
		Column int    `json:"column"`
		Missed int    `json:"missed"`
	}
)

func replayOf(s *replay.Summary, complete bool) replayJSON {
	out := replayJSON{
		Complete: complete, Events: s.Events, Unreadable: firstJSON{s.Unreadable, lineErrorsOf(s.Lines)}, NoEvent: s.NoEvent,
		Empty: s.Empty, FirstEmpty: s.FirstEmpty, Failing: s.Failing, Emails: s.Outcomes, Domains: domainsOf(s.Groups),
		Alike: s.Alike, Differing: firstJSON{s.Differing, lineErrorsOf(s.Differences)}, Rules: []replayedRuleJSON{},
	}
	for _, r := range s.Rules {
		rule := replayedRuleJSON{
			Name: r.Name, Description: r.Description, File: r.File, Line: r.Line, Column: r.Column, Mode: r.Mode.String(),
			Fired: r.Fired, NotFired: r.NotFired, Skipped: r.Skipped, Failed: r.Failed, NotReached: r.NotReached,
			Emails: r.Outcomes, Domains: domainsOf(r.Groups), Parts: []replayedPartJSON{}, Errors: lineErrorsOf(r.Errors),
		}
		for _, p := range r.Parts {
			rule.Parts = append(rule.Parts, replayedPartJSON{p.Text, p.Line, p.Column, p.Missed})
		}
		out.Rules = append(out.Rules, rule)
	}
	return out
}

func lineErrorsOf(list []replay.LineError) []lineErrorJSON {
	out := []lineErrorJSON{}
	for _, e := range list {
		out = append(out, lineErrorJSON(e))
	}
	return out
}

// otherDomains stands for the domains that are too many to be named.
const otherDomains = "(others)"

// domainsOf are the domains that e-mails go to, those with most first.
func domainsOf(g replay.Groups) []domainJSON {
	out := []domainJSON{}
	for _, name := range slices.Sorted(maps.Keys(g.Counts)) {
		out = append(out, domainJSON{name, g.Counts[name]})
	}
	slices.SortStableFunc(out, func(a, b domainJSON) int { return cmp.Compare(b.Emails, a.Emails) })
	if g.Others > 0 {
		out = append(out, domainJSON{otherDomains, g.Others})
	}
	return out
}

// A decision in a line of JSON.
type (
	decisionJSON struct {
		Line    int                `json:"line"`
		Fired   []string           `json:"fired"`
		Shadow  []string           `json:"shadow,omitempty"`
		Skipped []string           `json:"skipped,omitempty"`
		Errors  []ruleErrorJSON    `json:"errors,omitempty"`
		Emails  []decidedEmailJSON `json:"emails"`
		// Otherwise is what was decided otherwise then.
		Otherwise []string `json:"otherwise,omitempty"`
	}
	ruleErrorJSON struct {
		Rule    string `json:"rule"`
		Message string `json:"message"`
	}
	decidedEmailJSON struct {
		Rule string `json:"rule"`
		events.TranscriptEmail
	}
	unreadableJSON struct {
		Line  int    `json:"line"`
		Error string `json:"error"`
	}
)

// replayLines appends a line of JSON for each event.
func replayLines(infos []rules.RuleInfo) func([]byte, replay.Line[transcript.Recorded], replay.Decision[events.TranscriptEmail]) []byte {
	return func(dst []byte, line replay.Line[transcript.Recorded], decision replay.Decision[events.TranscriptEmail]) []byte {
		if line.Err != nil {
			return appendJSON(dst, unreadableJSON{line.Number, line.Err.Error()})
		}
		out := decisionOf(line.Number, infos, decision)
		if then := line.Event.Then; then != nil {
			out.Otherwise = then.Differences(infos, decision, transcript.EmailDifferences)
		}
		return appendJSON(dst, out)
	}
}

func decisionOf(number int, infos []rules.RuleInfo, decision replay.Decision[events.TranscriptEmail]) decisionJSON {
	out := decisionJSON{Line: number, Fired: []string{}, Emails: []decidedEmailJSON{}}
	for i, a := range decision.Rules {
		name := infos[i].Name
		switch {
		case a.Outcome == rules.Fired && infos[i].Mode == rules.Shadow:
			out.Shadow = append(out.Shadow, name)
		case a.Outcome == rules.Fired:
			out.Fired = append(out.Fired, name)
		case a.Outcome == rules.Skipped:
			out.Skipped = append(out.Skipped, name)
		case a.Outcome == rules.Failed:
			out.Errors = append(out.Errors, ruleErrorJSON{name, a.Err.Error()})
		}
	}
	for _, o := range decision.Outcomes {
		out.Emails = append(out.Emails, decidedEmailJSON{infos[o.Rule].Name, o.Value})
	}
	return out
}

// appendJSON appends a value as a line of JSON, which a terminal may show.
func appendJSON(dst []byte, v any) []byte {
	var text bytes.Buffer
	out := json.NewEncoder(&text)
	out.SetEscapeHTML(false)
	if err := out.Encode(v); err != nil { // these values all have a form
		panic(err)
	}
	return append(dst, plainJSON(text.Bytes())...)
}
