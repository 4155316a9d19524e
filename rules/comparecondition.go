package rules

import (
	"slices"
	"strings"
	"unicode"

	"github.com/afterword-go/afterword/rules/internal/kleene"
	"github.com/afterword-go/afterword/rules/internal/logic"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// A comparedCondition is what is known of the conditions of a rule.
type comparedCondition struct {
	nodes []*tree.Node
	key   string         // the same for conditions that are alike but for the order of their parts
	order []string       // the keys of the conditions as they stand
	fails bool           // it may be an error
	holds *logic.Formula // nil if it is too large, or has not been asked for
	asked bool
}

// reading reads the conditions of a rule, once.
func (c *comparer[In, Then]) reading(r *compared[In, Then]) *comparedCondition {
	if r.read != nil {
		return r.read
	}
	r.read = &comparedCondition{}
	var parts []string
	for _, one := range r.conditions {
		_, node, _ := readCondition(one.text, one.env) // it has loaded before
		r.read.nodes = append(r.read.nodes, node)
		r.read.order = append(r.read.order, logic.Key(node))
		r.read.fails = r.read.fails || logic.MayFail(node)
		chain := []*tree.Node{node}
		if node.Op == tree.And {
			chain = logic.Chain(node)
		}
		for _, part := range chain {
			parts = append(parts, logic.Key(part))
		}
	}
	slices.Sort(parts)
	r.read.key = strings.Join(slices.Compact(parts), "\n")
	return r.read
}

// formula is what the conditions of a rule say.
func (c *comparer[In, Then]) formula(r *compared[In, Then]) (*logic.Formula, bool) {
	read := c.reading(r)
	if !read.asked {
		read.asked = true
		read.holds = c.formulaOf(read.nodes)
	}
	return read.holds, read.holds != nil
}

// formulaOf is nil if there is too much to read.
func (c *comparer[In, Then]) formulaOf(nodes []*tree.Node) *logic.Formula {
	var all []*logic.Formula
	for _, n := range nodes {
		rewritten, err := kleene.True(n)
		if err != nil {
			return nil
		}
		if c.work -= n.Size() + 2*rewritten.Size(); c.work <= 0 {
			return nil
		}
		all = append(all, c.space.Formula(rewritten))
	}
	return logic.And(all...)
}

// impossible tells whether f is surely false.
func (c *comparer[In, Then]) impossible(f *logic.Formula) bool {
	if c.work <= 0 || c.ctx.Err() != nil {
		return false
	}
	left := compareQuestion
	surely := logic.Impossible(f, &left)
	c.work -= compareQuestion - max(left, 0)
	return surely
}

// conditions compares the conditions of a rule. The result is false if nobody
// can.
func (c *comparer[In, Then]) conditions(old, new *compared[In, Then]) bool {
	if old.compiled == new.compiled {
		return true
	}
	change := Change{Kind: ConditionChanged, Old: old.info(), New: new.info(), Before: old.condition(), After: new.condition()}
	switch inGo := old.inGo != nil; {
	case inGo != (new.inGo != nil):
		change.Effect = &Effect{Reason: "nobody knows what a Go function does"}
	case inGo:
		return false
	case c.asWritten(old, new):
		return true
	default:
		change.Effect, change.Constants = c.effect(old, new), otherConstants(old.conditions, new.conditions)
	}
	c.change(change)
	return true
}

// asWritten tells whether conditions are the same but for white space.
func (c *comparer[In, Then]) asWritten(old, new *compared[In, Then]) bool {
	same := func(a, b condition) bool { return a.text == b.text }
	if slices.EqualFunc(old.conditions, new.conditions, same) && !readsVars(old.conditions) && !readsVars(new.conditions) {
		return true
	}
	same = func(a, b condition) bool { return packed(a.text) == packed(b.text) }
	return slices.EqualFunc(old.conditions, new.conditions, same) && slices.Equal(c.reading(old).order, c.reading(new).order)
}

// readsVars tells whether conditions may read constants of vars.
func readsVars(list []condition) bool {
	return slices.ContainsFunc(list, func(c condition) bool { return c.env.Vars != nil && strings.Contains(c.text, "vars") })
}

// packed is a text without white space.
func packed(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
}

// effect finds out what another condition means.
func (c *comparer[In, Then]) effect(old, new *compared[In, Then]) *Effect {
	before, after := c.reading(old), c.reading(new)
	e := &Effect{MayFail: before.fails || after.fails}
	if before.key == after.key {
		e.Keeps, e.Within = true, true
	} else if was, ok := c.formula(old); ok {
		if is, ok := c.formula(new); ok {
			e.Keeps = c.impossible(logic.And(was, logic.Not(is)))
			e.Within = c.impossible(logic.And(is, logic.Not(was)))
		}
	}
	if !e.Keeps {
		var found effectExample
		found, e.Keeps = c.example(old, new)
		e.OnlyOld, e.OldFromTest, e.OldFails = found.input, found.fromTest, found.fails
	}
	if !e.Within {
		var found effectExample
		found, e.Within = c.example(new, old)
		e.OnlyNew, e.NewFromTest, e.NewFails = found.input, found.fromTest, found.fails
	}
	e.conclude(c.ctx.Err())
	return e
}

// conclude puts together what was proved and what was found.
func (e *Effect) conclude(ended error) {
	switch {
	case e.Keeps && e.Within:
		e.Meaning = SameMeaning
	case e.OnlyOld != nil && e.OnlyNew != nil:
		e.Meaning = FiresForOthers
	case e.Keeps && e.OnlyNew != nil:
		e.Meaning = FiresForMore
	case e.Within && e.OnlyOld != nil:
		e.Meaning = FiresForFewer
	case ended != nil:
		e.Reason = "the comparison was cut short: " + ended.Error()
	case e.Keeps:
		e.Reason = "it still fires for all that it fired for, but whether for more was not found out"
	case e.Within:
		e.Reason = "it fires for nothing that it did not fire for, but whether still for all was not found out"
	case e.OnlyNew != nil:
		e.Reason = "it fires for more, but whether still for all that it fired for was not found out"
	case e.OnlyOld != nil:
		e.Reason = "it does not fire for all that it fired for, but whether for anything else was not found out"
	default:
		e.Reason = "no input was found for which the two differ, and none was ruled out"
	}
}

// tries tells whether the one rule fires for an input and the other does not.
func (c *comparer[In, Then]) tries(payload []byte, fires, not *compared[In, Then]) bool {
	in, err := c.tester.decode(payload)
	if err != nil || in == nil {
		return false
	}
	first, err := c.fires(fires, in)
	if err != nil || !first {
		return false
	}
	second, err := c.fires(not, in)
	return err == nil && !second
}

func (c *comparer[In, Then]) fires(r *compared[In, Then], in *In) (bool, error) {
	f := r.set.frame(c.ctx, in)
	defer r.set.release(f)
	return r.set.fires(c.ctx, f, in, r.number)
}
