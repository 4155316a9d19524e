package diff

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"reflect"

	"github.com/afterword-go/afterword/internal/callback"
	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/rules/decisionlog"
	"github.com/afterword-go/afterword/rules/replay"
)

// Run decides events with old and with new rules, and tells what differs.
//
// The diff is about all lines, or with an error about those in front of it: the
// context's, that of the reader, or that of a function that panicked.
func Run[In, Out any](ctx context.Context, events io.Reader, old, new replay.Rules[In, Out], opts Options[In, Out]) (Diff, error) {
	if opts.Same == nil {
		opts.Same = func(a, b Out) bool { return reflect.DeepEqual(a, b) }
	}
	c := newComparison(old, new)
	t := newTotals(c.names, opts)
	worker := func() func(replay.Line[In]) verdict {
		w := &worker[In, Out]{
			ctx: ctx, comparison: c, opts: opts, old: old.Decider(), new: new.Decider(),
			matcher: matcher[Out]{same: opts.Same, oldRules: c.oldRules, newRules: c.newRules},
		}
		return w.decide
	}
	err := replay.Lines(ctx, events, opts.Reading, worker, func(number int, v verdict) error {
		if v.failed != nil {
			return v.failed
		}
		return t.take(number, v)
	})
	if failed := t.tell(); err == nil {
		err = failed
	}
	return t.diff(), err
}

// A comparison knows the rules of both sides by numbers of its own: those of a
// name have the same one.
type comparison struct {
	names              []string
	oldRules, newRules []int
	oldInfo, newInfo   []rules.RuleInfo
}

func newComparison[In, Out any](old, new replay.Rules[In, Out]) comparison {
	c := comparison{oldInfo: old.Rules(), newInfo: new.Rules()}
	numbers := map[string]int{}
	number := func(list []rules.RuleInfo) []int {
		out := make([]int, len(list))
		for i, r := range list {
			n, known := numbers[r.Name]
			if !known {
				n = len(c.names)
				numbers[r.Name] = n
				c.names = append(c.names, r.Name)
			}
			out[i] = n
		}
		return out
	}
	c.newRules = number(c.newInfo)
	c.oldRules = number(c.oldInfo)
	return c
}

// A verdict is what differs for one line.
type verdict struct {
	bad                string // why the line is no event
	noEvent            bool   // that is as it should be
	empty              bool   // the event has no field of one
	old, new           int    // outcomes
	oldFails, newFails bool
	kept, handedOver   int
	reordered          bool
	notes              []note // nil for most lines
	event              json.RawMessage
	failed             error // a function panicked, and ends the run
}

// A note is one thing that differs.
type note struct {
	Kind
	rule          int
	groups        []groupChange // by grouping
	before, after json.RawMessage
	err           string
}

// A groupChange is the group of an outcome before and after. Either is empty if
// there is none.
type groupChange struct{ before, after string }

// A worker decides lines. It is for one goroutine.
type worker[In, Out any] struct {
	comparison
	ctx      context.Context
	opts     Options[In, Out]
	old, new replay.Decider[In, Out]
	matcher  matcher[Out]
	guard    callback.Guard

	oldFailed, newFailed map[int]failure // by the number of the rule
}

// A failure is the error of a rule. What the program says of the outcomes of rules
// of files quotes nothing.
type failure struct {
	err      error
	fromFile bool
}

// decide decides a line with both sides, and names a function that panics.
func (w *worker[In, Out]) decide(line replay.Line[In]) (v verdict) {
	w.guard.Line = line.Number
	defer w.guard.End(&v.failed)
	v = w.compare(line)
	w.guard.Done()
	return v
}

func (w *worker[In, Out]) compare(line replay.Line[In]) verdict {
	if line.Err != nil {
		return verdict{bad: line.Err.Error(), noEvent: errors.Is(line.Err, replay.ErrNoEvent)}
	}
	w.guard.Calls("Decide")
	before, after := w.old.Decide(w.ctx, line.Event), w.new.Decide(w.ctx, line.Event)
	w.oldFailed = failures(w.oldFailed, before.Rules, w.oldInfo, w.oldRules)
	w.newFailed = failures(w.newFailed, after.Rules, w.newInfo, w.newRules)
	if w.opts.Withhold && len(w.oldFailed) > 0 {
		before.Outcomes = nil
	}
	if w.opts.Withhold && len(w.newFailed) > 0 {
		after.Outcomes = nil
	}
	w.guard.Calls("Same")
	p := w.matcher.match(before.Outcomes, after.Outcomes)
	v := verdict{
		old: len(before.Outcomes), new: len(after.Outcomes), oldFails: len(w.oldFailed) > 0, newFails: len(w.newFailed) > 0,
		kept: p.kept, handedOver: p.handedOver, reordered: p.reordered,
	}
	if w.opts.Empty != nil {
		w.guard.Calls("Empty")
		v.empty = w.opts.Empty(line.Event)
	}
	for _, d := range p.differing {
		v.notes = append(v.notes, w.note(d, before.Outcomes, after.Outcomes))
	}
	if len(w.oldFailed)+len(w.newFailed) > 0 {
		v.notes = w.errors(v.notes)
	}
	if w.opts.Values && len(v.notes) > 0 && len(line.Text) <= mostValue {
		v.event = bytes.Clone(line.Text)
	}
	return v
}

// failures are those of the rules that count. It takes the room of another map.
func failures(room map[int]failure, audits []rules.RuleAudit, infos []rules.RuleInfo, numbers []int) map[int]failure {
	clear(room)
	for i := range audits {
		if audits[i].Outcome == rules.Failed && infos[i].Mode == rules.Enforce {
			if room == nil {
				room = map[int]failure{}
			}
			room[numbers[i]] = failure{audits[i].Err, infos[i].File != ""}
		}
	}
	return room
}

// errors notes the rules that fail on one side alone, in their order.
func (w *worker[In, Out]) errors(notes []note) []note {
	for n := range w.names {
		before, failed := w.oldFailed[n]
		after, fails := w.newFailed[n]
		switch {
		case failed == fails:
		case fails:
			notes = append(notes, note{Kind: ErrorGained, rule: n, err: w.text(after)})
		default:
			notes = append(notes, note{Kind: ErrorLost, rule: n, err: w.text(before)})
		}
	}
	return notes
}

// text is what is told of a failure.
func (w *worker[In, Out]) text(f failure) string {
	switch {
	case f.err == nil:
		return "the rule failed"
	case w.opts.Values:
		return f.err.Error()
	}
	return decisionlog.MessageOf(f.err, f.fromFile)
}

// note tells what differs.
func (w *worker[In, Out]) note(d difference, old, new []replay.Outcome[Out]) note {
	n := note{Kind: d.kind(), rule: d.rule, groups: make([]groupChange, len(w.opts.Groupings))}
	for i, grouping := range w.opts.Groupings {
		w.guard.Calls("grouping " + grouping.Name)
		if d.old >= 0 {
			n.groups[i].before = grouping.Of(old[d.old].Value)
		}
		if d.new >= 0 {
			n.groups[i].after = grouping.Of(new[d.new].Value)
		}
	}
	w.guard.Calls("MarshalJSON")
	if w.opts.Values && d.old >= 0 {
		n.before = shown(old[d.old].Value)
	}
	if w.opts.Values && d.new >= 0 {
		n.after = shown(new[d.new].Value)
	}
	return n
}

// shown is a value in JSON, nil if it is too long or has no such form.
func shown(v any) json.RawMessage {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // people read it
	err := encoder.Encode(v)
	out := bytes.TrimSuffix(text.Bytes(), []byte("\n"))
	if err != nil || len(out) > mostValue {
		return nil
	}
	return out
}
