package replay

import (
	"context"
	"errors"
	"strings"

	"github.com/afterword-go/afterword/internal/callback"
	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/rules/decisionlog"
)

// A counter decides and counts the events of one batch after the other.
type counter[In, Out any] struct {
	ctx     context.Context
	cfg     *Config[In, Out]
	rules   []rules.RuleInfo
	decider Decider[In, Out]
	tally   *tally
	guard   callback.Guard
	groups  []string // room for those of a line
}

// A finding is what is to be counted of a line.
type finding[Out any] struct {
	decision    Decision[Out]
	empty       bool     // the event has no field of one
	failing     bool     // a rule that counts failed
	compared    bool     // it is known what was decided then
	differences []string // from then
	groups      []string // of the outcomes; nil without Config.Group
	written     []byte
}

// count decides lines and counts what came of them. It calls all functions of a
// line before it counts anything of it: one that panics leaves no half of a line.
func (c *counter[In, Out]) count(lines []Line[In], ended func() bool) {
	defer c.guard.End(&c.tally.failed)
	for i := range lines {
		if ended() {
			break
		}
		line := &lines[i]
		c.guard.Line = line.Number
		f := c.find(line)
		c.guard.Done()
		if ended() { // it may have been cut short
			break
		}
		c.tally.written = f.written
		if line.Err != nil {
			c.unreadable(line)
		} else {
			c.decided(line, &f)
		}
		line.Event = nil
	}
}

// find decides a line, and asks what is to be counted of it.
func (c *counter[In, Out]) find(line *Line[In]) finding[Out] {
	var f finding[Out]
	c.cfg.read(line, &c.guard)
	if line.Err == nil {
		c.guard.Calls("Decide")
		f.decision = c.decider.Decide(c.ctx, line.Event)
		c.ask(line, &f)
	}
	f.written = c.tally.written
	if c.cfg.Append != nil {
		c.guard.Calls("Append")
		f.written = c.cfg.Append(f.written, *line, f.decision)
	}
	return f
}

// ask asks the functions of the configuration about an event.
func (c *counter[In, Out]) ask(line *Line[In], f *finding[Out]) {
	if c.cfg.Empty != nil {
		c.guard.Calls("Empty")
		f.empty = c.cfg.Empty(line.Event)
	}
	if c.cfg.Then != nil {
		c.guard.Calls("Then")
		if then := c.cfg.Then(line.Event); then != nil {
			c.guard.Calls("Differ")
			f.compared, f.differences = true, then.Differences(c.rules, f.decision, c.cfg.Differ)
		}
	}
	for i := range f.decision.Rules {
		f.failing = f.failing || f.decision.Rules[i].Outcome == rules.Failed && c.rules[i].Mode == rules.Enforce
	}
	if f.failing && c.cfg.Withhold {
		f.decision.Outcomes = nil
	}
	if c.cfg.Group != nil {
		c.guard.Calls("Group")
		c.groups = c.groups[:0]
		for _, outcome := range f.decision.Outcomes {
			c.groups = append(c.groups, c.cfg.Group(outcome.Value))
		}
		f.groups = c.groups
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
func (c *counter[In, Out]) decided(line *Line[In], f *finding[Out]) {
	t := c.tally
	t.Events++
	if f.empty {
		if t.Empty++; t.Empty == 1 {
			t.FirstEmpty = line.Number
		}
	}
	for i := range f.decision.Rules {
		t.Rules[i].audited(&f.decision.Rules[i], line.Number, c.cfg.KeepErrors)
	}
	if f.failing {
		t.Failing++
	}
	if f.compared {
		c.compared(line.Number, f.differences)
	}
	for i, outcome := range f.decision.Outcomes {
		r := &t.Rules[outcome.Rule]
		t.Outcomes++
		r.Outcomes++
		if f.groups != nil {
			t.Groups.note(f.groups[i])
			r.Groups.note(f.groups[i])
		}
	}
}

// compared counts what is otherwise than it was.
func (c *counter[In, Out]) compared(number int, differences []string) {
	t := c.tally
	if len(differences) == 0 {
		t.Alike++
		return
	}
	t.Differing++
	if len(t.Differences) < c.cfg.KeepErrors {
		t.Differences = append(t.Differences, LineError{number, strings.Join(differences, "; ")})
	}
}

// audited counts what became of the rule.
func (r *RuleSummary) audited(a *rules.RuleAudit, number, keep int) {
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
}
