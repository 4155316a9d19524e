package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/afterword-go/afterword/rules/internal/kleene"
	"github.com/afterword-go/afterword/rules/internal/logic"
	"github.com/afterword-go/afterword/rules/internal/witness"
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

// The bounds of the searches for tests, in parts of conditions looked at: for
// the set, and for one rule of it. Each rule has its own share of the set's, so
// that it does not matter in which order they are looked into. A search that
// finds nothing counts in full, and one that does as a small part of that.
const (
	mutateSteps     = 400_000_000
	mutateRuleSteps = 40_000_000
	foundShare      = 20
)

// cutShort says why nothing is known.
const cutShort = "the search was cut short"

// A sighted input is what a search for a prospect came to.
type sighted struct {
	found []byte
	none  bool // there surely is none
	cut   bool // the bound was met
}

// A drafted test tells a mutant that survived from the original.
type drafted[In any] struct {
	*sample[In]
	text string
}

// goal is that a rule fires, or does not.
func (m *mutation[In, Then]) goal(i int, fires bool) goal {
	return goal{conditions: m.set.rules[i].conditions, fires: fires}
}

func (m *mutation[In, Then]) inGo(i int) bool { return m.set.rules[i].inGo != nil }

// conditionGoals are inputs for which a rule fires with its own conditions alone,
// or with the changed ones alone.
func (m *mutation[In, Then]) conditionGoals(i int, changed []condition) []prospect[In] {
	return []prospect[In]{
		m.reached(i, prospect[In]{goals: []goal{m.goal(i, true), {conditions: changed}}}),
		m.reached(i, prospect[In]{goals: []goal{m.goal(i, false), {conditions: changed, fires: true}}}),
	}
}

// firing are inputs for which a rule fires.
func (m *mutation[In, Then]) firing(i int) []prospect[In] {
	return []prospect[In]{m.reached(i, prospect[In]{key: "fires", goals: []goal{m.goal(i, true)}, vague: m.inGo(i)})}
}

// filled are inputs for which a rule fires, and those for which all that a text
// of it inserts has a value that shows.
func (m *mutation[In, Then]) filled(i int, text Text) []prospect[In] {
	out := m.firing(i)
	shows := goal{fires: true}
	for _, part := range m.set.rules[i].templates[text].parts {
		if part.text == "" || part.fixed {
			continue
		}
		asked := condition{text: "string(" + part.text + ") != \"\"", env: part.env}
		if _, _, problems := readCondition(asked.text, asked.env); len(problems) == 0 {
			shows.conditions = append(shows.conditions, asked)
		}
	}
	if len(shows.conditions) == 0 {
		return out
	}
	return append(out, m.reached(i, prospect[In]{key: "shows " + string(text), goals: []goal{m.goal(i, true), shows}, vague: m.inGo(i)}))
}

// both are inputs for which two rules fire.
func (m *mutation[In, Then]) both(i, j int) []prospect[In] {
	return []prospect[In]{m.reached(i, prospect[In]{goals: []goal{m.goal(i, true), m.goal(j, true)}, vague: m.inGo(i) || m.inGo(j)})}
}

// mostInFront bounds the rules in front of one that are kept from firing.
const mostInFront = 20

// reached keeps the rules in front of one from ending the search. Those whose
// outcome is always sound do end it if they fire.
func (m *mutation[In, Then]) reached(i int, p prospect[In]) prospect[In] {
	for n := max(i-mostInFront, 0); n < i && m.set.hit == First; n++ {
		rule := &m.set.rules[n]
		switch {
		case rule.Mode != Enforce || m.inGo(n):
		case m.alwaysSound(rule):
			p.goals = append(p.goals, m.goal(n, false))
		default:
			p.extra = append(p.extra, m.goal(n, false))
		}
	}
	return p
}

// alwaysSound tells of a rule whose texts are the same for every input, and
// whose condition cannot fail.
func (m *mutation[In, Then]) alwaysSound(rule *compiled[In, Then]) bool {
	for _, t := range rule.templates {
		if !t.fixed {
			return false
		}
	}
	return !mayFail([]goal{{conditions: rule.conditions}})
}

// A hunt looks for tests for the mutants of one rule that survive.
type hunt[In, Then any] struct {
	*lab[In, Then]
	tests []drafted[In]
	seen  map[string]sighted
	steps int // left
}

// survivor finds a test for a mutant that all tests pass with, or that there is
// none. Those that were found before may do.
func (h *hunt[In, Then]) survivor(c *change[In, Then]) {
	for _, d := range h.tests {
		if !h.passes(c, d.sample) {
			c.Test = d.text
			return
		}
	}
	const same = "no input tells it from the original"
	prospects := c.goals()
	if h.hopeless(prospects) {
		c.Fate, c.Why = Equivalent, same
		return
	}
	if h.options.NoTests {
		c.Why = "no test was looked for"
		return
	}
	none, cut := true, false
	for _, p := range prospects {
		found, s := h.follow(c, p)
		if found {
			return
		}
		none, cut = none && s.none, cut || s.cut
	}
	switch {
	case none:
		c.Fate, c.Why = Equivalent, same
	case cut:
		c.Why = cutShort
	default:
		c.Why = "no input was found that tells it from the original"
	}
}

// follow looks for an input as a prospect has it, and makes a test of it.
func (h *hunt[In, Then]) follow(c *change[In, Then], p prospect[In]) (tested bool, s sighted) {
	if p.vague || !h.readable(p.goals) {
		return false, sighted{}
	}
	if len(p.extra) > 0 {
		s = h.seek(p, append(p.goals[:len(p.goals):len(p.goals)], p.extra...), " reached")
		if h.draft(c, s.found) {
			return true, s
		}
	}
	cut := s.cut
	s = h.seek(p, p.goals, "")
	s.cut = s.cut || cut
	return h.draft(c, s.found), s
}

// seek looks for an input, once for prospects that are alike.
func (h *hunt[In, Then]) seek(p prospect[In], goals []goal, key string) sighted {
	key = p.key + key
	if known, ok := h.seen[key]; ok && p.key != "" {
		return known
	}
	out := h.search(goals)
	h.seen[key] = out
	return out
}

// search looks for an input within what is left of the bound.
func (h *hunt[In, Then]) search(goals []goal) sighted {
	s, ok := newSought[In](goals)
	if !ok {
		return sighted{}
	}
	if s.steps = min(witness.Steps, h.steps); s.steps <= 0 {
		return sighted{cut: true}
	}
	found, none := s.seek(h.ctx, h.tester.decode)
	switch {
	case found != nil:
		h.steps -= 1 + s.steps/foundShare
	case !none:
		h.steps -= s.steps
	}
	return sighted{found, none && !mayFail(goals), found == nil && !none && s.steps < witness.Steps}
}

// readable tells of goals that have conditions to look into.
func (m *mutation[In, Then]) readable(goals []goal) bool {
	return len(goals) > 0 && !slices.ContainsFunc(goals, func(g goal) bool { return len(g.conditions) == 0 })
}

// proofSteps bounds the search for an input, for one prospect.
const proofSteps = 2000

// hopeless tells whether surely no input looks like any of the prospects.
func (m *mutation[In, Then]) hopeless(prospects []prospect[In]) bool {
	for _, p := range prospects {
		if p.vague || !m.readable(p.goals) || !impossible(p.goals) {
			return false
		}
	}
	return true
}

// impossible tells whether surely no input meets all goals.
func impossible(goals []goal) bool {
	if mayFail(goals) {
		return false
	}
	var space logic.Space
	var all []*logic.Formula
	for _, g := range goals {
		var parts []*logic.Formula
		for _, c := range g.conditions {
			_, node, _ := readCondition(c.text, c.env) // it has loaded before
			rewritten, err := kleene.True(node)
			if err != nil {
				return false
			}
			parts = append(parts, space.Formula(rewritten))
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

// mayFail tells of goals whose conditions may be neither true nor false.
func mayFail(goals []goal) bool {
	return slices.ContainsFunc(goals, func(g goal) bool {
		return slices.ContainsFunc(g.conditions, func(c condition) bool {
			_, node, _ := readCondition(c.text, c.env)
			return logic.MayFail(node)
		})
	})
}

// draft makes a test of an input: one that passes, and fails with the change.
func (h *hunt[In, Then]) draft(c *change[In, Then], payload []byte) bool {
	if payload == nil {
		return false
	}
	all, err := h.set.whatFollows(h.ctx, h.tester, payload)
	if err != nil {
		return false
	}
	all.name = h.testName(c)
	fired, outcomes := all, all
	fired.outcomes, outcomes.fired = nil, nil
	for _, d := range []testDraft{fired, outcomes} {
		text, test, err := h.set.verified(h.ctx, h.tester, d)
		if err != nil {
			continue
		}
		if s := h.sample(test); s != nil && !h.passes(c, s) {
			h.tests, c.Test = append(h.tests, drafted[In]{s, text}), text
			return true
		}
	}
	return false
}

// testName is a name that no other test has.
func (h *hunt[In, Then]) testName(c *change[In, Then]) string {
	name := fmt.Sprintf("%s, not %s", shortened(c.Original), shortened(c.Mutated))
	if c.Mutated == "" {
		name = "not without " + shortened(c.Original)
	}
	if c.Rule.Name != "" {
		name = c.Rule.Name + " (" + name + ")"
	}
	taken := func(name string) bool {
		return h.names[name] || slices.ContainsFunc(h.tests, func(d drafted[In]) bool { return d.test.Name == name })
	}
	free := name
	for n := 2; taken(free); n++ {
		free = fmt.Sprintf("%s, %d", name, n)
	}
	return free
}

// shortened is a part of a condition in a name.
func shortened(text string) string {
	const most = 40 // runes
	runes := []rune(strings.TrimSpace(inOneLine(text)))
	if len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return string(runes)
}
