package replay

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/rules/decisionlog"
)

// A Config says how events are decided again, and what is told of them. The zero
// value reads events as encoding/json does, and tells no more than the summary.
type Config[In, Out any] struct {
	Reading[In]
	// Group is the group in which an outcome is counted, such as the domain of an
	// address. It is called by several goroutines at once. Nil: there are none.
	Group func(Out) string
	// Append appends what is to be written of a line to dst. It is called by
	// several goroutines at once, for lines that are no events as well, and keeps
	// nothing that it is given. What it appends is written to Output, in the order
	// of the lines.
	Append func(dst []byte, line Line[In], decision Decision[Out]) []byte
	Output io.Writer
	// Then is what was decided for an event when it was recorded, which is compared
	// with what is decided now. It is called by several goroutines at once. Nil, and
	// a result of nil: that is not known.
	Then func(*In) *Then[Out]
	// Differ says in what an outcome of now is not one that was recorded, which may
	// have been masked: one short text for each difference, for people to read.
	// Nothing, if it may be the same. The summary tells these texts. It is called by
	// several goroutines at once. Nil: outcomes are only counted.
	Differ func(then, now Out) []string
	// Withhold drops the outcomes of an event for which a rule fails, those in
	// shadow not counted: whoever runs the rules sends nothing then.
	Withhold bool
	// KeepErrors is how many lines that are no events are kept with their errors,
	// how many differences, and how many errors of each rule. 0 is 10.
	KeepErrors int
	// Progress is told now and then, by the goroutine that has called Run, how many
	// lines there have been that are not blank. Nil: nobody is told.
	Progress func(lines int)
}

const defaultKeepErrors = 10

// Run decides the events of lines (NDJSON), several at a time, and tells what came
// of them. Lines that are no events are counted, and do not stop it.
//
// The summary is never nil: with an error, it tells of the lines in front. Where
// Output fails, they may be written in part. The errors are those of Lines, and of
// Output.
func Run[In, Out any](ctx context.Context, r io.Reader, of Rules[In, Out], cfg Config[In, Out]) (*Summary, error) {
	if cfg.KeepErrors <= 0 {
		cfg.KeepErrors = defaultKeepErrors
	}
	total := newSummary(of)
	blank, infos := total.empty(), of.Rules()
	spare := make(chan *tally, 2*cfg.workers())
	worker := func() func([]Line[In], func() bool) *tally {
		w := &counter[In, Out]{ctx: ctx, cfg: &cfg, rules: infos, decider: of.Decider()}
		return func(lines []Line[In], ended func() bool) *tally {
			select {
			case w.tally = <-spare:
			default:
				w.tally = &tally{Summary: blank.empty()}
			}
			w.count(lines, ended)
			return w.tally
		}
	}
	err := batches(ctx, r, cfg.Reading, worker, func(t *tally) error {
		if cfg.Output != nil && len(t.written) > 0 {
			if _, err := cfg.Output.Write(t.written); err != nil {
				return err
			}
		}
		total.take(t.Summary, cfg.KeepErrors)
		if cfg.Progress != nil {
			cfg.Progress(total.Events + total.Unreadable + total.NoEvent)
		}
		t.written = t.written[:0]
		spare <- t
		return nil
	})
	return total, err
}

// A tally is what came of a batch.
type tally struct {
	*Summary
	written []byte
}

// A counter decides and counts the events of one batch after the other.
type counter[In, Out any] struct {
	ctx     context.Context
	cfg     *Config[In, Out]
	rules   []rules.RuleInfo
	decider Decider[In, Out]
	tally   *tally
}

func (c *counter[In, Out]) count(lines []Line[In], ended func() bool) {
	for i := range lines {
		if ended() {
			return
		}
		line := &lines[i]
		c.cfg.read(line)
		var decision Decision[Out]
		if line.Err == nil {
			decision = c.decider.Decide(c.ctx, line.Event)
		}
		if ended() { // it may have been cut short
			return
		}
		if line.Err != nil {
			c.unreadable(line)
		} else {
			c.decided(line, &decision)
		}
		if c.cfg.Append != nil {
			c.tally.written = c.cfg.Append(c.tally.written, *line, decision)
		}
		line.Event = nil
	}
}

func (c *counter[In, Out]) unreadable(line *Line[In]) {
	t := c.tally
	if errors.Is(line.Err, ErrNoEvent) {
		t.NoEvent++
		return
	}
	t.Unreadable++
	if len(t.Lines) < c.cfg.KeepErrors {
		t.Lines = append(t.Lines, LineError{line.Number, line.Err.Error()})
	}
}

// decided counts what became of the rules, and what follows.
func (c *counter[In, Out]) decided(line *Line[In], decision *Decision[Out]) {
	t := c.tally
	t.Events++
	if c.cfg.Empty != nil && c.cfg.Empty(line.Event) {
		if t.Empty++; t.Empty == 1 {
			t.FirstEmpty = line.Number
		}
	}
	failing := false
	for i := range decision.Rules {
		failed := t.Rules[i].audited(&decision.Rules[i], line.Number, c.cfg.KeepErrors)
		failing = failing || failed && t.Rules[i].Mode == rules.Enforce
	}
	if c.cfg.Then != nil {
		c.compare(line, decision)
	}
	if failing {
		t.Failing++
		if c.cfg.Withhold {
			decision.Outcomes = nil
		}
	}
	c.follows(decision.Outcomes)
}

// compare compares what is decided with what was.
func (c *counter[In, Out]) compare(line *Line[In], decision *Decision[Out]) {
	then := c.cfg.Then(line.Event)
	if then == nil {
		return
	}
	t := c.tally
	found := then.Differences(c.rules, *decision, c.cfg.Differ)
	if len(found) == 0 {
		t.Alike++
		return
	}
	t.Differing++
	if len(t.Differences) < c.cfg.KeepErrors {
		t.Differences = append(t.Differences, LineError{line.Number, strings.Join(found, "; ")})
	}
}

// follows counts outcomes.
func (c *counter[In, Out]) follows(outcomes []Outcome[Out]) {
	t := c.tally
	for _, outcome := range outcomes {
		r := &t.Rules[outcome.Rule]
		t.Outcomes++
		r.Outcomes++
		if c.cfg.Group != nil {
			group := c.cfg.Group(outcome.Value)
			t.Groups.note(group)
			r.Groups.note(group)
		}
	}
}

// audited counts what became of the rule, and tells whether it failed.
func (r *RuleSummary) audited(a *rules.RuleAudit, number, keep int) bool {
	switch a.Outcome {
	case rules.NotFired:
		r.NotFired++
	case rules.Fired:
		r.Fired++
	case rules.Skipped:
		r.Skipped++
	case rules.NotReached:
		r.NotReached++
	case rules.Failed:
		r.Failed++
		if len(r.Errors) < keep {
			r.Errors = append(r.Errors, LineError{number, decisionlog.MessageOf(a.Err, r.File != "")})
		}
	}
	if a.Short >= 0 {
		r.Parts[a.Short].Missed++
	}
	return a.Outcome == rules.Failed
}
