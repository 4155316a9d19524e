package replay

import (
	"context"

	"github.com/afterword-go/afterword/rules"
)

// Rules are rules as replay decides with them, whatever their types. Of makes
// them of a set; they may be used by any number of goroutines at once.
type Rules[In, Out any] interface {
	// Rules lists the rules in the order in which they decide.
	Rules() []rules.RuleInfo
	// Parts lists the parts of a rule that must all hold for it to fire, by its
	// number in that order.
	Parts(rule int) []rules.PartInfo
	// Decider makes what one goroutine decides with.
	Decider() Decider[In, Out]
}

// A Decider decides one event after the other, for one goroutine.
type Decider[In, Out any] interface {
	// Decide decides. What it returns is good until the next call.
	Decide(ctx context.Context, in *In) Decision[Out]
}

// A Decision is what was decided for one event.
type Decision[Out any] struct {
	// Outcomes are what follows from the whole set, in order.
	Outcomes []Outcome[Out]
	// Rules tell what became of each rule, in the order of Rules.Rules.
	Rules []rules.RuleAudit
}

// An Outcome is one of those that follow from an event, with the number of its
// rule.
type Outcome[Out any] struct {
	Rule  int
	Value Out
}

// Of are the rules of a set. Outcomes are what the tester makes of a rule that
// fired, as JSON decodes it; rules in shadow have none. The tester decodes
// nothing here: a Reading does.
func Of[In, Then any](set *rules.Set[In, Then], tester rules.Tester[In, Then]) Rules[In, any] {
	out := &ofSet[In, Then]{set: set, tester: tester, numbers: make(map[string]int, set.Len())}
	for r := range set.Rules() {
		out.numbers[r.Name] = len(out.rules)
		out.rules = append(out.rules, r)
	}
	return out
}

type ofSet[In, Then any] struct {
	set     *rules.Set[In, Then]
	tester  rules.Tester[In, Then]
	rules   []rules.RuleInfo
	numbers map[string]int
}

func (s *ofSet[In, Then]) Rules() []rules.RuleInfo { return s.rules }

func (s *ofSet[In, Then]) Parts(rule int) []rules.PartInfo { return s.set.Parts(rule) }

func (s *ofSet[In, Then]) Decider() Decider[In, any] {
	return &setDecider[In, Then]{of: s, auditor: s.set.Auditor()}
}

type setDecider[In, Then any] struct {
	of       *ofSet[In, Then]
	auditor  *rules.Auditor[In, Then]
	outcomes []Outcome[any]
}

func (d *setDecider[In, Then]) Decide(ctx context.Context, in *In) Decision[any] {
	clear(d.outcomes)
	d.outcomes = d.outcomes[:0]
	audits := d.auditor.Audit(ctx, in, func(m rules.Match[In, Then]) error {
		made, err := d.of.tester.Outcomes(ctx, m)
		number := d.of.numbers[m.Name()]
		if err == nil && d.of.rules[number].Mode == rules.Enforce {
			for _, value := range made {
				d.outcomes = append(d.outcomes, Outcome[any]{number, value})
			}
		}
		return err
	})
	return Decision[any]{Outcomes: d.outcomes, Rules: audits}
}
