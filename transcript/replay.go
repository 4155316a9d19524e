package transcript

import (
	"context"
	"slices"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/rules/replay"
)

// Replayed are the rules of the set for package replay: those of the files one
// after another, and behind them those in Go, in the order of Rules. A decider
// decides as Decide does; an e-mail that several rules lead to counts for the
// first. A rule in Go has fired if it returned an e-mail, and its one part is the
// function, which has no text: Parts has none.
//
// Decide returns e-mails beside an error, and whoever runs the rules sends none of
// them: Config.Withhold does the same to a replay.
func (s *RuleSet) Replayed() replay.Rules[events.Event[events.PostSurvey], events.TranscriptEmail] {
	out := &replayed{set: s, infos: slices.Collect(s.Rules())}
	out.numbers = make(map[string]int, len(out.infos))
	for i, info := range out.infos {
		out.numbers[info.Name] = i
	}
	return out
}

type replayed struct {
	set     *RuleSet
	infos   []rules.RuleInfo
	numbers map[string]int
}

func (r *replayed) Rules() []rules.RuleInfo { return r.infos }

func (r *replayed) Parts(rule int) []rules.PartInfo {
	for _, set := range r.set.files {
		if rule < set.Len() {
			return set.Parts(rule)
		}
		rule -= set.Len()
	}
	return nil // a rule in Go
}

func (r *replayed) Decider() replay.Decider[events.Event[events.PostSurvey], events.TranscriptEmail] {
	d := &decider{of: r, audits: make([]rules.RuleAudit, 0, len(r.infos)), funcs: r.set.funcs.Auditor(), led: make([]bool, len(r.infos))}
	for _, set := range r.set.files {
		d.files = append(d.files, set.Auditor())
	}
	return d
}

// A decider decides for one goroutine, and keeps its slices.
type decider struct {
	of     *replayed
	files  []*rules.Auditor[Survey, []email]
	funcs  *rules.Auditor[Survey, GoRule]
	audits []rules.RuleAudit
	made   []events.TranscriptEmail // by the last rule
	all    []emailOutcome
	led    []bool // by the number of a rule: it led to e-mails
	seen   map[events.TranscriptEmail]bool
}

type emailOutcome = replay.Outcome[events.TranscriptEmail]

func (d *decider) Decide(ctx context.Context, event *events.Event[events.PostSurvey]) replay.Decision[events.TranscriptEmail] {
	d.forget()
	var survey *Survey
	if event != nil {
		survey = surveyOf(*event)
	}
	for _, auditor := range d.files {
		d.audits = append(d.audits, auditor.Audit(ctx, survey, d.render)...)
	}
	fromFiles := len(d.audits)
	if d.of.set.funcs.Len() > 0 {
		d.audits = append(d.audits, d.funcs.Audit(ctx, survey, func(m rules.Match[Survey, GoRule]) error {
			made, err := call(ctx, m, survey)
			d.take(m.Name(), made)
			return err
		})...)
	}
	d.silent(fromFiles)
	return replay.Decision[events.TranscriptEmail]{Outcomes: d.distinct(), Rules: d.audits}
}

func (d *decider) forget() {
	clear(d.audits)
	clear(d.made)
	clear(d.all)
	clear(d.led)
	d.audits, d.made, d.all = d.audits[:0], d.made[:0], d.all[:0]
}

// render makes the e-mails of a rule that fired.
func (d *decider) render(m rules.Match[Survey, []email]) (err error) {
	d.made, err = d.of.set.add(d.made[:0], m)
	if err == nil {
		d.take(m.Name(), d.made)
	}
	return err
}

// take keeps the e-mails of a rule, unless it is in shadow.
func (d *decider) take(rule string, made []events.TranscriptEmail) {
	number := d.of.numbers[rule]
	d.led[number] = len(made) > 0
	if d.of.infos[number].Mode != rules.Enforce {
		return
	}
	for _, e := range made {
		d.all = append(d.all, emailOutcome{Rule: number, Value: e})
	}
}

// silent says of rules in Go that have returned no e-mail that they did not fire.
func (d *decider) silent(from int) {
	for i := from; i < len(d.audits); i++ {
		a := &d.audits[i]
		if a.Outcome == rules.Fired && !d.led[i] {
			a.Outcome = rules.NotFired
		}
	}
}

// distinct leaves the first of e-mails that are alike.
func (d *decider) distinct() []emailOutcome {
	kept := d.all[:0]
	if len(d.all) <= fewEmails {
		for _, o := range d.all {
			if !slices.ContainsFunc(kept, func(k emailOutcome) bool { return k.Value == o.Value }) {
				kept = append(kept, o)
			}
		}
		return kept
	}
	if d.seen == nil {
		d.seen = map[events.TranscriptEmail]bool{}
	}
	clear(d.seen)
	for _, o := range d.all {
		if !d.seen[o.Value] {
			d.seen[o.Value] = true
			kept = append(kept, o)
		}
	}
	return kept
}
