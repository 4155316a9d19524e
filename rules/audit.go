package rules

import (
	"context"

	"github.com/afterword-go/afterword/rules/internal/eval"
	"github.com/afterword-go/afterword/rules/internal/index"
)

// An Auditor decides as its set does, and tells what became of every rule, as
// Explain does, at a small part of the cost: it quotes nothing. It is for one
// goroutine at a time; Set.Auditor makes one.
type Auditor[In, Then any] struct {
	set   *Set[In, Then]
	plans []auditPlan
	look  index.Scratch
	frame eval.Frame
	out   []RuleAudit

	busy bool // the last rule may have taken its time
}

// A RuleAudit is what became of a rule. What a rule in shadow has come to is
// what it would have come to.
type RuleAudit struct {
	Outcome Outcome
	// Err is why the rule failed.
	Err error
	// Short is, of a rule that did not fire or was skipped, the number of the one
	// of its Parts that alone is not true: the rule is one part short of firing.
	// Otherwise it is -1.
	Short int
}

// A PartInfo is one of the parts that must all hold for a rule to fire: those
// that and joins at the top of its conditions.
type PartInfo struct {
	Text         string
	Line, Column int // of its first character, from 1
}

// Parts lists the parts of a rule, by its number in the order of Rules. A rule
// whose condition is a Go function has none.
func (s *Set[In, Then]) Parts(rule int) []PartInfo {
	var out []PartInfo
	for _, c := range s.rules[rule].conditions {
		expr, node, _ := readCondition(c.text, c.env) // it has loaded before
		for _, part := range partsOf(node) {
			p := PartInfo{Text: expr.Text(part.Span)}
			p.Line, p.Column = c.at(part.Span.From)
			out = append(out, p)
		}
	}
	return out
}

// Auditor makes an auditor of the set. The first one takes about as long to
// make as the set took; all of them share what it prepares.
func (s *Set[In, Then]) Auditor() *Auditor[In, Then] {
	s.audits.prepare(len(s.rules), func(i int) auditPlan { return planAudit(s.rules[i].conditions) })
	return &Auditor[In, Then]{set: s, plans: s.audits.plans, out: make([]RuleAudit, len(s.rules))}
}

// Audit decides as Each does, counts what rules in shadow would have done, and
// tells what became of every rule, in the order of Rules. A rule that fires and
// whose use is an error has failed. Use is called for rules in shadow as well:
// Match.Mode tells which they are. The list is good until the next call.
func (a *Auditor[In, Then]) Audit(ctx context.Context, in *In, use func(Match[In, Then]) error) []RuleAudit {
	if in == nil {
		return a.fail(0, errNoInput)
	}
	a.frame.Reset(ctx, in)
	defer a.frame.Clear()
	defer a.look.Clear()
	s := a.set
	found := s.index != nil && s.index.Find(eval.PointerTo(in), &a.look)
	candidate := a.candidate(found)
	a.busy = true
	for i := range s.rules {
		if i%64 == 0 || a.busy {
			if err := ctx.Err(); err != nil {
				return a.fail(i, err)
			}
		}
		r := &s.rules[i]
		mayFire := !found || candidate == i
		if mayFire {
			candidate = a.candidate(found)
		}
		if r.Mode == Off {
			a.out[i] = RuleAudit{Outcome: SwitchedOff, Short: -1}
			continue
		}
		a.busy = false
		a.out[i] = a.decide(ctx, i, in, mayFire, use)
		if s.hit == First && a.out[i].Outcome == Fired && r.Mode == Enforce {
			return a.stop(ctx, i+1)
		}
	}
	return a.out
}

// candidate is the next of the rules that may fire or fail, if the index has
// found them, and behind the last one -1.
func (a *Auditor[In, Then]) candidate(found bool) int {
	if found {
		if i, ok := a.look.Next(); ok {
			return i
		}
	}
	return -1
}

// fail says of all rules from one on that they could not be decided.
func (a *Auditor[In, Then]) fail(from int, err error) []RuleAudit {
	for i := from; i < len(a.out); i++ {
		a.out[i] = RuleAudit{Outcome: Failed, Err: err, Short: -1}
	}
	return a.out
}

// stop says of all rules from one on that they are not reached.
func (a *Auditor[In, Then]) stop(ctx context.Context, from int) []RuleAudit {
	if err := ctx.Err(); err != nil {
		return a.fail(from, err)
	}
	for i := from; i < len(a.out); i++ {
		a.out[i] = RuleAudit{Outcome: NotReached, Short: -1}
		if a.set.rules[i].Mode == Off {
			a.out[i].Outcome = SwitchedOff
		}
	}
	return a.out
}

// decide tells what becomes of one rule.
func (a *Auditor[In, Then]) decide(ctx context.Context, i int, in *In, mayFire bool, use func(Match[In, Then]) error) RuleAudit {
	r := &a.set.rules[i]
	fires := false
	var err error
	if mayFire {
		fires, err = a.fires(ctx, i, in)
	}
	if r.Mode == Shadow {
		r.shadow.count(fires, err)
	}
	if err == nil && fires {
		a.busy = true
		err = Match[In, Then]{rule: r, in: in, ctx: ctx}.use(use)
	}
	switch {
	case err != nil:
		return RuleAudit{Outcome: Failed, Err: err, Short: -1}
	case fires:
		return RuleAudit{Outcome: Fired, Short: -1}
	}
	return a.miss(i, eval.PointerTo(in))
}

func (a *Auditor[In, Then]) fires(ctx context.Context, i int, in *In) (bool, error) {
	if verdict := a.set.direct.Decide(eval.PointerTo(in), i); verdict != eval.Unsure {
		return verdict == eval.Holds, nil
	}
	a.busy = true
	return a.set.rules[i].holds(ctx, &a.frame, in)
}

// miss tells what became of a rule that does not fire.
func (a *Auditor[In, Then]) miss(i int, in eval.Pointer) RuleAudit {
	p := &a.plans[i]
	w := auditWork{frame: &a.frame, in: in}
	out := RuleAudit{Outcome: Skipped, Short: p.short(&w)}
	if p.isFalse(&w) {
		out.Outcome = NotFired
	}
	a.busy = a.busy || w.busy
	return out
}
