package rules

import (
	"sync"
	"sync/atomic"

	"github.com/afterword-go/afterword/rules/internal/eval"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// auditPlans are what the auditors of a set ask, ready once one is needed.
type auditPlans struct {
	once  sync.Once
	plans []auditPlan
}

func (p *auditPlans) prepare(rules int, plan func(i int) auditPlan) {
	p.once.Do(func() {
		p.plans = make([]auditPlan, rules)
		inParallel(rules, func(i int) { p.plans[i] = plan(i) })
	})
}

// An auditPlan is what there is to ask of a rule that does not fire. It is
// empty for a condition in Go.
type auditPlan struct {
	// opposite is the direct form of "one of the conditions is surely false";
	// nil: there is none, and they are asked one by one.
	opposite   eval.Direct
	conditions []auditCondition
	parts      []audited
}

// An auditCondition is one of the conditions of a rule.
type auditCondition struct{ isTrue, isFalse audited }

// An audited value is a rewrite of a condition, or of one of its parts.
type audited struct {
	condition *condition
	part      int // -1: the whole condition
	rewrite   rewrite
	direct    eval.Direct // nil: it has none, and the program is compiled at once

	program atomic.Pointer[eval.Bool]
}

// partsOf are the parts of a condition that must all hold.
func partsOf(n *tree.Node) []*tree.Node {
	if n.Op == tree.And {
		return sides(n)
	}
	return []*tree.Node{n}
}

// partsIn is how many parts the conditions have in all.
func partsIn(nodes []*tree.Node) int {
	parts := 0
	for _, n := range nodes {
		parts += len(partsOf(n))
	}
	return parts
}

func planAudit(conditions []condition) auditPlan {
	if len(conditions) == 0 {
		return auditPlan{}
	}
	nodes := make([]*tree.Node, len(conditions))
	for i, c := range conditions {
		_, nodes[i], _ = readCondition(c.text, c.env) // it has loaded before
	}
	p := auditPlan{conditions: make([]auditCondition, len(nodes)), parts: make([]audited, partsIn(nodes))}
	var opposite *tree.Node
	at := 0
	for i, n := range nodes {
		c := &conditions[i]
		made := p.conditions[i].isFalse.plan(c, -1, isFalse, n)
		if len(nodes) > 1 {
			p.conditions[i].isTrue.plan(c, -1, isTrue, n)
		}
		if opposite == nil {
			opposite = made
		} else {
			opposite = &tree.Node{Op: tree.Or, Type: tree.Of(tree.Bool), Kids: []*tree.Node{opposite, made}}
		}
		for k, part := range partsOf(n) {
			if len(p.parts) > 1 { // one part alone is what the rule is
				p.parts[at].plan(c, k, isTrue, part)
			}
			at++
		}
	}
	p.opposite, _ = eval.DirectOf(opposite) // nil without one
	return p
}

// plan makes the value ready to be asked, and returns the rewrite of n.
func (a *audited) plan(c *condition, part int, r rewrite, n *tree.Node) *tree.Node {
	a.condition, a.part, a.rewrite = c, part, r
	rewritten := rewriteLoaded(r, n)
	var ok bool
	if a.direct, ok = eval.DirectOf(rewritten); !ok {
		run := eval.Compile(rewritten)
		a.program.Store(&run)
	}
	return rewritten
}

// rewriteLoaded rewrites n, of a condition that has loaded: it fits.
func rewriteLoaded(r rewrite, n *tree.Node) *tree.Node {
	rewritten, err := r.of(n)
	if err != nil {
		panic(err)
	}
	return rewritten
}

// run is the value in the form that every one has. It is compiled when it is
// asked for.
func (a *audited) run() eval.Bool {
	if known := a.program.Load(); known != nil {
		return *known
	}
	_, n, _ := readCondition(a.condition.text, a.condition.env) // it has loaded before
	if a.part >= 0 {
		n = partsOf(n)[a.part]
	}
	made := eval.Compile(rewriteLoaded(a.rewrite, n))
	a.program.Store(&made)
	return made
}

// An auditWork is the look at one rule that did not fire.
type auditWork struct {
	in    eval.Pointer
	frame *eval.Frame
	busy  bool // a program has run
}

// holds asks a value. What goes wrong is an error, as it is for an explanation.
func (w *auditWork) holds(a *audited) (bool, error) {
	if a.direct != nil {
		if verdict := a.direct.Holds(w.in); verdict != eval.Unsure {
			return verdict == eval.Holds, nil
		}
	}
	if !w.busy {
		w.busy = true
		w.frame.Allow(explainBudget)
	}
	holds, failure := a.run().Continue(w.frame)
	if failure != nil {
		return false, failure
	}
	return holds, nil
}

// isFalse tells whether the conditions are false, and not only unknown. One
// that cannot be decided is unknown, as it is in an explanation.
func (p *auditPlan) isFalse(w *auditWork) bool {
	if p.opposite != nil {
		if verdict := p.opposite.Holds(w.in); verdict != eval.Unsure {
			return verdict == eval.Holds
		}
	}
	for i := range p.conditions {
		c := &p.conditions[i]
		if len(p.conditions) > 1 {
			if yes, err := w.holds(&c.isTrue); yes || err != nil {
				continue
			}
		}
		if no, err := w.holds(&c.isFalse); no && err == nil {
			return true
		}
	}
	return len(p.conditions) == 0
}

// short is the number of the one part that is not true, or -1.
func (p *auditPlan) short(w *auditWork) int {
	if len(p.parts) == 1 {
		return 0
	}
	short := -1
	for i := range p.parts {
		if yes, err := w.holds(&p.parts[i]); yes && err == nil {
			continue
		}
		if short >= 0 {
			return -1
		}
		short = i
	}
	return short
}
