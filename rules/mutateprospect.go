package rules

import (
	"slices"

	"github.com/afterword-go/afterword/rules/internal/kleene"
	"github.com/afterword-go/afterword/rules/internal/logic"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// A prospect is what an input may look like that tells a mutant apart. If no
// input looks like any of a mutant's prospects, it is equivalent, unless one of
// them is vague: there are inputs that it does not describe.
type prospect[In any] struct {
	goals []goal
	extra []goal // that make it likelier that the rule is reached
	vague bool
	key   string // is the same for prospects that are alike, of one rule; empty: none is
}

// tiers are the goals of a prospect, the likeliest to lead to a test first.
func (p prospect[In]) tiers() [][]goal {
	if len(p.extra) == 0 {
		return [][]goal{p.goals}
	}
	return [][]goal{slices.Concat(p.goals, p.extra), p.goals}
}

// goal is that a rule fires, or does not.
func (l *lab[In, Then]) goal(i int, fires bool) goal {
	return goal{nodes: l.nodes(i), fires: fires}
}

func (m *mutation[In, Then]) inGo(i int) bool { return m.set.rules[i].inGo != nil }

// conditionGoals are inputs for which a rule fires with its own conditions alone,
// or with the changed ones alone.
func (h *hunt[In, Then]) conditionGoals(i int, changed []*tree.Node) []prospect[In] {
	own := h.nodes(i)
	return []prospect[In]{
		h.reached(i, prospect[In]{goals: []goal{{nodes: own, fires: true}, {nodes: changed}}}),
		h.reached(i, prospect[In]{goals: []goal{{nodes: own}, {nodes: changed, fires: true}}}),
	}
}

// firing are inputs for which a rule fires.
func (h *hunt[In, Then]) firing(i int) []prospect[In] {
	return []prospect[In]{h.reached(i, prospect[In]{key: "fires", goals: []goal{h.goal(i, true)}, vague: h.inGo(i)})}
}

// filled are inputs for which a rule fires, and those for which all that a text
// of it inserts has a value that shows.
func (h *hunt[In, Then]) filled(i int, text Text) []prospect[In] {
	out := h.firing(i)
	shows := goal{fires: true}
	for _, part := range h.set.rules[i].templates[text].parts {
		if part.text == "" || part.fixed {
			continue
		}
		if _, node, problems := readCondition("string("+part.text+") != \"\"", part.env); len(problems) == 0 {
			shows.nodes = append(shows.nodes, node)
		}
	}
	if len(shows.nodes) == 0 {
		return out
	}
	return append(out, h.reached(i, prospect[In]{key: "shows " + string(text), goals: []goal{h.goal(i, true), shows}, vague: h.inGo(i)}))
}

// both are inputs for which two rules fire.
func (h *hunt[In, Then]) both(i, j int) []prospect[In] {
	return []prospect[In]{h.reached(i, prospect[In]{goals: []goal{h.goal(i, true), h.goal(j, true)}, vague: h.inGo(i) || h.inGo(j)})}
}

// mostInFront bounds the rules in front of one that are kept from firing.
const mostInFront = 20

// reached keeps the rules in front of one from ending the search. Those whose
// outcome is always sound do end it if they fire.
func (h *hunt[In, Then]) reached(i int, p prospect[In]) prospect[In] {
	for n := max(i-mostInFront, 0); n < i && h.set.hit == First; n++ {
		switch {
		case h.set.rules[n].Mode != Enforce || h.inGo(n):
		case h.alwaysSound(n):
			p.goals = append(p.goals, h.goal(n, false))
		default:
			p.extra = append(p.extra, h.goal(n, false))
		}
	}
	return p
}

// alwaysSound tells of a rule whose texts are the same for every input, and
// whose condition cannot fail.
func (l *lab[In, Then]) alwaysSound(i int) bool {
	for _, t := range l.set.rules[i].templates {
		if !t.fixed {
			return false
		}
	}
	return !mayFail([]goal{l.goal(i, true)})
}

// readable tells of goals that have conditions to look into.
func readable(goals []goal) bool {
	return len(goals) > 0 && !slices.ContainsFunc(goals, func(g goal) bool { return len(g.nodes) == 0 })
}

// proofSteps bounds the proof that there is no input, for one prospect.
const proofSteps = 2000

// A prover keeps what it has made of conditions.
type prover struct {
	space logic.Space
	known map[*tree.Node]*logic.Formula // nil: too large
}

// impossible tells whether surely no input meets all goals.
func (p *prover) impossible(goals []goal) bool {
	if mayFail(goals) {
		return false
	}
	var all []*logic.Formula
	for _, g := range goals {
		var parts []*logic.Formula
		for _, n := range g.nodes {
			part := p.formula(n)
			if part == nil {
				return false
			}
			parts = append(parts, part)
		}
		f := logic.And(parts...)
		if !g.fires {
			f = logic.Not(f)
		}
		all = append(all, f)
	}
	budget := proofSteps
	return logic.Impossible(logic.And(all...), &budget)
}

// formula says when a condition is true.
func (p *prover) formula(n *tree.Node) *logic.Formula {
	if known, ok := p.known[n]; ok {
		return known
	}
	if p.known == nil {
		p.known = map[*tree.Node]*logic.Formula{}
	}
	p.known[n] = nil
	if rewritten, err := kleene.True(n); err == nil {
		p.known[n] = p.space.Formula(rewritten)
	}
	return p.known[n]
}

// mayFail tells of goals whose conditions may be neither true nor false.
func mayFail(goals []goal) bool {
	return slices.ContainsFunc(goals, func(g goal) bool { return slices.ContainsFunc(g.nodes, logic.MayFail) })
}
