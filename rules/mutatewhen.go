package rules

import (
	"fmt"
	"slices"

	"github.com/afterword-go/afterword/rules/internal/eval"
	"github.com/afterword-go/afterword/rules/internal/kleene"
	"github.com/afterword-go/afterword/rules/internal/mutate"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// conditions makes the mutants of a rule's conditions. What does not compile, or
// plainly says the same as the original or another mutant, is none.
func (m *mutation[In, Then]) conditions(i int) (made []change[In, Then], left *NotMade) {
	rule := &m.set.rules[i]
	if rule.inGo != nil {
		return nil, &NotMade{Rule: rule.info(), Reason: "its condition is a Go function"}
	}
	asks := askedOf(rule.conditions)
	for at := range rule.conditions {
		edits := m.edits(i, at, asks[at].node)
		seen := map[string]bool{mutate.Meaning(asks[at].node): true}
		for n, edit := range edits {
			if m.ctx.Err() != nil {
				return made, left // what is made of it is not tried
			}
			if len(made) == m.options.Most {
				left = leftOut(left, rule.info(), len(edits)-n)
				break
			}
			if c, ok := m.condition(i, at, edit, asks, seen); ok {
				made = append(made, c)
			}
		}
	}
	return made, left
}

// edits are the changes of one condition of a rule.
func (m *mutation[In, Then]) edits(i, at int, node *tree.Node) []mutate.Edit {
	c := &m.set.rules[i].conditions[at]
	edits := mutate.Condition(c.text, node)
	if len(m.set.rules[i].conditions) > 1 {
		whole := tree.Span{From: 0, To: len([]rune(c.text))}
		edits = append(edits, mutate.Replaced(mutate.Part, whole, "true"))
	}
	return edits
}

// leftOut counts changes that were not made.
func leftOut(left *NotMade, rule RuleInfo, count int) *NotMade {
	if left == nil {
		left = &NotMade{Rule: rule}
	}
	left.Count += count
	left.Reason = fmt.Sprintf("up to %d changes are left out: there are more than mutants are made of one rule", left.Count)
	return left
}

// condition is the mutant that an edit makes of one condition of a rule.
func (m *mutation[In, Then]) condition(i, at int, edit mutate.Edit, asks []asked, seen map[string]bool) (change[In, Then], bool) {
	rule := m.set.rules[i].apart()
	c := rule.conditions[at]
	was := c.text
	c.text = edit.Apply(was)
	expr, node, problems := readCondition(c.text, c.env)
	if len(problems) > 0 {
		return change[In, Then]{}, false
	}
	meaning := mutate.Meaning(node)
	rewritten, err := kleene.True(node)
	if err != nil || seen[meaning] {
		return change[In, Then]{}, false
	}
	seen[meaning] = true
	c.holds = eval.Compile(rewritten)
	original := rule.conditions[at]
	c.placed = func(at int) (int, int) { return original.at(unedited(at, edit)) }
	rule.conditions = append([]condition(nil), rule.conditions...)
	rule.conditions[at] = c

	out := m.changed(i, edit.Kind, edit.Old(was), edit.New())
	out.rule, out.when = &rule, true
	out.condition, out.span = at, edit.Span
	out.asks = slices.Clone(asks)
	out.asks[at] = asked{&explainer{expr: expr, at: c.at, compiled: map[question]eval.Bool{}}, node}
	out.at(original.at, edit.Span.From, edit.Span.To)
	out.goals = func(h *hunt[In, Then]) []prospect[In] {
		changed := slices.Clone(h.nodes(i))
		changed[at] = node
		return h.conditionGoals(i, changed)
	}
	return out, true
}

// unedited is the rune of the original text for a rune of the changed one.
func unedited(at int, edit mutate.Edit) int {
	longer := len([]rune(edit.New())) - (edit.Span.To - edit.Span.From)
	switch {
	case at < edit.Span.From:
		return at
	case at-longer < edit.Span.To:
		return edit.Span.From
	}
	return at - longer
}
