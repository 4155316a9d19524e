package rules

import (
	"context"
	"errors"
	"slices"
	"strings"
)

// An Outcome is what became of a rule.
type Outcome uint8

// The outcomes.
const (
	NotFired    Outcome = iota // its condition is false
	Fired                      // its condition is true
	Skipped                    // its condition is unknown: it reads an absent field
	Failed                     // its condition or its outcome is an error
	NotReached                 // an earlier rule ended the search
	SwitchedOff                // its mode is off
)

// String is the outcome in words.
func (o Outcome) String() string {
	switch o {
	case Fired:
		return "fired"
	case Skipped:
		return "skipped"
	case Failed:
		return "failed"
	case NotReached:
		return "not reached"
	case SwitchedOff:
		return "off"
	}
	return "not fired"
}

// A Truth is a truth value of the rule language.
type Truth uint8

// The truth values.
const (
	Unknown Truth = iota
	False
	True
)

// String is the truth value in words.
func (t Truth) String() string {
	switch t {
	case False:
		return "false"
	case True:
		return "true"
	}
	return "unknown"
}

// A Trace explains a decision. It quotes the input: it is for the caller
// alone, not for logs.
type Trace struct {
	Rules []RuleTrace
}

// A RuleTrace explains what became of one rule.
type RuleTrace struct {
	RuleInfo
	// Outcome is what became of the rule. What a rule in shadow has come to is
	// what it would have come to.
	Outcome Outcome
	// Absent names the absent fields that the unknown parts of the condition
	// read, with their full paths, in the order of the text.
	Absent []string
	// Condition is the condition and its parts. A condition in Go has no text
	// and no parts.
	Condition Part
	// Err is why the rule failed.
	Err error
	// Detail is what a panic said, with its stack.
	Detail string
}

// A Part is a part of a condition: the whole, one side of an and or an or, or
// a comparison.
type Part struct {
	Text         string
	Line, Column int // of its first character, from 1
	Truth        Truth
	// Err is what kept the part from being decided by itself. It need not have
	// kept the rule.
	Err error
	// Reads are the values that a part without parts reads.
	Reads []Read
	Parts []Part

	whole bool // no part alone makes this one what it is
}

// A Read is a value that a condition reads.
type Read struct {
	Text   string // as the author wrote it
	Value  string // texts in quotes, lists and groups as JSON, long ones cut short
	Absent bool
}

// Explain decides as Matches does, and tells for every rule what became of it
// and why, of rules in shadow as well.
func (s *Set[In, Then]) Explain(ctx context.Context, in *In) Trace {
	return s.ExplainEach(ctx, in, func(Match[In, Then]) error { return nil })
}

// ExplainEach explains what Each does with use: a rule that fires and whose
// use is an error has failed. Use is called for rules in shadow as well.
func (s *Set[In, Then]) ExplainEach(ctx context.Context, in *In, use func(Match[In, Then]) error) Trace {
	trace, shown := Trace{Rules: make([]RuleTrace, len(s.rules))}, gallery{}
	s.reach(ctx, func(i int, stopped Outcome, err error) Outcome {
		t := &trace.Rules[i]
		t.RuleInfo = s.rules[i].info()
		switch {
		case in == nil:
			t.failed(errNoInput)
		case err != nil:
			t.failed(err)
		case stopped != NotFired:
			t.Outcome = stopped
		default:
			s.explain(ctx, i, in, use, t, shown)
		}
		return t.Outcome
	})
	return trace
}

// reach calls visit for every rule in order. Stopped tells of a rule that is
// not to be decided, since it is off or an earlier one has ended the search,
// and err that the context has ended. What visit returns is what became of the
// rule.
func (s *Set[In, Then]) reach(ctx context.Context, visit func(i int, stopped Outcome, err error) Outcome) {
	ended := false
	for i := range s.rules {
		stopped := NotFired
		switch {
		case s.rules[i].Mode == Off:
			stopped = SwitchedOff
		case ended:
			stopped = NotReached
		}
		outcome := visit(i, stopped, ctx.Err())
		ended = ended || s.hit == First && outcome == Fired && s.rules[i].Mode == Enforce
	}
}

func (t *RuleTrace) failed(err error) {
	t.Outcome, t.Err, t.Absent = Failed, err, nil
	var placed *RuleError
	if errors.As(err, &placed) && placed.crash != nil {
		t.Detail = placed.crash.Said + "\n" + string(placed.crash.Stack)
	}
}

// explain tells what became of one rule.
func (s *Set[In, Then]) explain(ctx context.Context, number int, in *In, use func(Match[In, Then]) error, t *RuleTrace, shown gallery) {
	r := &s.rules[number]
	f := s.frame(ctx, in)
	defer s.release(f)
	fires, err := s.fires(ctx, f, in, number)
	if r.inGo != nil {
		t.Condition = Part{Truth: truth(fires, !fires && err == nil)}
	} else {
		t.Condition, t.Absent = explainAll(r.conditions, f, shown)
	}
	if err == nil && fires {
		err = Match[In, Then]{rule: r, in: in, ctx: ctx}.use(use)
	}
	switch {
	case err != nil:
		t.failed(err)
	case fires:
		t.Outcome = Fired
	case t.Condition.Truth == Unknown:
		t.Outcome = Skipped
	}
}

func truth(isTrue, isFalse bool) Truth {
	switch {
	case isTrue:
		return True
	case isFalse:
		return False
	}
	return Unknown
}

// Reason says in one line what became of the rule and why: which parts of the
// condition decided that it did not fire, which absent fields kept it from
// being decided, or what went wrong. It quotes the input.
func (t RuleTrace) Reason() string {
	if t.Mode == Shadow {
		t.Mode = Enforce
		return "in shadow: " + t.Reason()
	}
	switch t.Outcome {
	case Failed:
		return "failed: " + t.Err.Error()
	case Skipped:
		if len(t.Absent) == 0 {
			return "skipped: what is absent could not be worked out"
		}
		return "skipped: " + strings.Join(t.Absent, ", ") + isAre(len(t.Absent)) + " absent"
	case NotFired:
		var parts []string
		for _, p := range t.Condition.decisive(nil) {
			parts = append(parts, p.String())
		}
		if len(parts) == 0 {
			return "not fired"
		}
		return "not fired: " + strings.Join(parts, "; ")
	}
	return t.Outcome.String()
}

// decisive appends the smallest parts that made p what it is: those with p's
// truth, or p with all that it reads where none alone decided.
func (p Part) decisive(out []Part) []Part {
	if len(p.Parts) == 0 {
		if p.Text != "" {
			out = append(out, p)
		}
		return out
	}
	same := slices.DeleteFunc(slices.Clone(p.Parts), func(side Part) bool { return side.Truth != p.Truth })
	if len(same) == 0 || p.whole {
		return append(out, Part{Text: p.Text, Truth: p.Truth, Reads: p.allReads(nil)})
	}
	for _, side := range same {
		out = side.decisive(out)
	}
	return out
}

func (p Part) allReads(out []Read) []Read {
	for _, r := range p.Reads {
		if !slices.ContainsFunc(out, func(known Read) bool { return known.Text == r.Text }) {
			out = append(out, r)
		}
	}
	for _, side := range p.Parts {
		out = side.allReads(out)
	}
	return out
}

// String is the part in one line: its text, its truth, and what it read. It
// quotes the input.
func (p Part) String() string {
	out := p.Text + " is " + p.Truth.String()
	var reads []string
	for _, r := range p.Reads {
		if r.Absent {
			reads = append(reads, r.Text+" is absent")
		} else {
			reads = append(reads, r.Text+" = "+r.Value)
		}
	}
	if len(reads) == 0 {
		return out
	}
	return out + " (" + strings.Join(reads, ", ") + ")"
}
