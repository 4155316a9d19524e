package rules

import (
	"context"
	"strconv"
	"strings"

	"github.com/afterword-go/afterword/rules/internal/logic"
)

// A Comparison tells how rules differ from what they were. It quotes the rules,
// and no input but those that it made up and those of the rules' own tests.
type Comparison struct {
	// Changes are in the order of the new rules. What is gone stands behind
	// what it stood behind.
	Changes []Change
	// Unknown are rules, as they are now, of which a part is written in Go, so
	// that nobody can tell whether it is as it was.
	Unknown []RuleInfo
}

// Same tells whether nothing differs.
func (c Comparison) Same() bool { return len(c.Changes) == 0 && len(c.Unknown) == 0 }

// A Change is one thing that differs.
type Change struct {
	Kind ChangeKind
	// Old and New are the rule before and after. Old is zero if the rule was
	// added, and New if it was removed. Of a hit policy, they hold the files
	// alone.
	Old, New RuleInfo
	// Field is the place in the outcome, such as subject or [1].targetEmail.
	// It is empty for the whole outcome, and for other kinds of changes.
	Field string
	// Before and After are what the rules said and say now: the name, the mode,
	// the condition, the text of an outcome, and so on. Before is empty if
	// there was nothing, and After if there is nothing any more. They are the
	// same if only the constants changed that they read.
	Before, After string
	// Constants are those that a condition read and still reads, and that have
	// other values than before, by their names. In the texts of outcomes, they
	// are put in.
	Constants []ConstantChange
	// Effect is what the change of a condition comes to; nil for other kinds.
	Effect *Effect
	// Example is an input for which the order or the hit policy of the rules
	// matters; of RuleMoved and HitChanged alone. Nil: none was found.
	Example *DecisionExample
}

// A ChangeKind says what changed.
type ChangeKind uint8

// The kinds of changes.
const (
	RuleAdded          ChangeKind = iota // the rule is new; After is its condition
	RuleRemoved                          // the rule is gone; Before was its condition
	RuleRenamed                          // condition and outcome are the same, the name is another
	RuleMoved                            // its place among the rules, from 1, where that matters
	FileChanged                          // it stands in another file
	ModeChanged                          // its mode
	DescriptionChanged                   // its description
	ConditionChanged                     // its condition; Effect says what that means
	OutcomeChanged                       // what follows from it, at Field
	HitChanged                           // the hit policy of the file
)

// String says in a few words what changed.
func (k ChangeKind) String() string {
	words := []string{
		"rule added", "rule removed", "rule renamed", "rule moved", "rule moved to another file",
		"mode changed", "description changed", "condition changed", "outcome changed", "hit policy changed",
	}
	if int(k) >= len(words) {
		return "ChangeKind(" + strconv.Itoa(int(k)) + ")"
	}
	return words[k]
}

// An Effect is what another condition means for the inputs that a rule fires
// for. It is about the rule alone: under the policy First, rules in front of it
// count as well.
type Effect struct {
	Meaning Meaning
	// Keeps says it is proved that the rule fires for all that it fired for,
	// and Within that it fired for all that it fires for.
	Keeps, Within bool
	// MayFail says that one of the conditions may end in an error, and that
	// what is proved leaves aside the inputs for which one does.
	MayFail bool
	// OnlyOld and OnlyNew are inputs, in JSON, for which the one condition
	// holds and the other does not, found out by trying. Nil: none was found.
	OnlyOld, OnlyNew []byte
	// OldFromTest says that OnlyOld is the input of one of the rules' tests,
	// and NewFromTest that OnlyNew is. The others are made up.
	OldFromTest, NewFromTest bool
	// OldFails says that the condition holds for OnlyOld, but that what followed
	// from the rule was an error, and NewFails the same of OnlyNew and what follows
	// now. Such inputs are shown where no others are found.
	OldFails, NewFails bool
	// Reason says in one line why the meaning is undetermined.
	Reason string
}

// A Meaning says how the inputs differ that a rule fires for.
type Meaning uint8

// What another condition means.
const (
	Undetermined   Meaning = iota // nobody knows for sure
	SameMeaning                   // proved: it fires for the same inputs
	FiresForMore                  // proved: it fires for all that it fired for, and for OnlyNew
	FiresForFewer                 // proved: it fires for nothing else, and not for OnlyOld
	FiresForOthers                // it fires for OnlyNew, and not for OnlyOld any more
)

// String says it in a few words.
func (m Meaning) String() string {
	words := []string{"undetermined", "means the same", "fires for more", "fires for fewer", "fires for others"}
	if int(m) >= len(words) {
		return "Meaning(" + strconv.Itoa(int(m)) + ")"
	}
	return words[m]
}

// Compare tells how new differs from old. Functions of the same name are taken
// to be the same ones. What the Decode of the tester takes for an input, it may
// be called with; an example that it refuses is left out.
//
// When the context ends, what is not proved until then is undetermined.
func Compare[In, Then any](ctx context.Context, old, new *Set[In, Then], tester Tester[In, Then]) Comparison {
	return CompareAll(ctx, []*Set[In, Then]{old}, []*Set[In, Then]{new}, tester)
}

// CompareAll is Compare for rules in several sets, which decide one after the
// other, such as those of several files. Rules are found by their names, which
// are unique in all sets of a side. A set is taken to be the same file as the one that
// shares the most rules with it.
func CompareAll[In, Then any](ctx context.Context, old, new []*Set[In, Then], tester Tester[In, Then]) Comparison {
	c := &comparer[In, Then]{ctx: ctx, tester: tester, work: compareWork, steps: examplesSteps, pairs: allComparedPairs, decisions: decisionSum}
	c.old, c.new = entries(old), entries(new)
	c.pair(old, new)
	return c.compare(old, new)
}

// The bounds of a comparison, in parts of conditions looked at: for all rules,
// and for one question. Where one is met, the answer is that nothing is known.
const (
	compareWork     = 30_000_000
	compareQuestion = 100_000
)

// A comparer compares the rules of two sides.
type comparer[In, Then any] struct {
	ctx      context.Context
	tester   Tester[In, Then]
	old, new []*compared[In, Then]
	files    []int // by the number of a new set: that of its old one, or -1
	space    logic.Space
	work     int // left
	steps    int // left for examples
	// What is left for examples of decisions, and new names by old ones.
	pairs     int
	decisions int
	renamed   map[string]string
	out       Comparison
}

// A compared is a rule of one of the sides.
type compared[In, Then any] struct {
	*compiled[In, Then]
	number int                 // in its set
	in     int                 // the number of its set
	place  int                 // among all rules of its side, from 1
	mate   *compared[In, Then] // the same rule on the other side
	read   *comparedCondition  // once it is asked for
	moved  bool
}

func entries[In, Then any](sets []*Set[In, Then]) []*compared[In, Then] {
	var all []*compared[In, Then]
	for in, set := range sets {
		for i := range set.rules {
			all = append(all, &compared[In, Then]{compiled: &set.rules[i], number: i, in: in, place: len(all) + 1})
		}
	}
	return all
}

// compare goes through the new rules, and through those that are gone where
// they stood.
func (c *comparer[In, Then]) compare(old, new []*Set[In, Then]) Comparison {
	c.findMoved()
	c.renamed = map[string]string{}
	for _, r := range c.old {
		if r.mate != nil {
			c.renamed[r.Name] = r.mate.Name
		}
	}
	gone := map[*compared[In, Then]][]*compared[In, Then]{} // by the rule that they stood behind
	var last *compared[In, Then]
	for _, r := range c.old {
		if r.mate != nil {
			last = r.mate
		} else {
			gone[last] = append(gone[last], r)
		}
	}
	c.removed(gone[nil])
	at := 0
	for in, set := range new {
		if from := c.files[in]; from >= 0 {
			c.hit(old[from], set)
		}
		for range set.rules {
			r := c.new[at]
			if r.mate == nil {
				c.change(Change{Kind: RuleAdded, New: r.info(), After: r.condition()})
			} else {
				c.both(r.mate, r)
			}
			c.removed(gone[r])
			at++
		}
	}
	return c.out
}

func (c *comparer[In, Then]) change(change Change) { c.out.Changes = append(c.out.Changes, change) }

func (c *comparer[In, Then]) removed(gone []*compared[In, Then]) {
	for _, r := range gone {
		c.change(Change{Kind: RuleRemoved, Old: r.info(), Before: r.condition()})
	}
}

// hit compares the policy of a set with what it was.
func (c *comparer[In, Then]) hit(old, new *Set[In, Then]) {
	if old.hit == new.hit {
		return
	}
	c.change(Change{
		Kind: HitChanged, Before: old.hit.String(), After: new.hit.String(),
		Old: RuleInfo{File: old.file()}, New: RuleInfo{File: new.file()},
		Example: c.hitExample(old, new),
	})
}

// file is the file that the rules are from; empty for rules made in Go.
func (s *Set[In, Then]) file() string {
	if len(s.rules) == 0 {
		return ""
	}
	return s.rules[0].file
}

// both compares a rule with what it was.
func (c *comparer[In, Then]) both(old, new *compared[In, Then]) {
	change := func(kind ChangeKind, before, after string) {
		c.change(Change{Kind: kind, Old: old.info(), New: new.info(), Before: before, After: after})
	}
	if old.Name != new.Name {
		change(RuleRenamed, old.Name, new.Name)
	}
	switch {
	case c.files[new.in] != old.in:
		change(FileChanged, old.file, new.file)
	case new.moved:
		c.change(Change{
			Kind: RuleMoved, Old: old.info(), New: new.info(), Before: strconv.Itoa(old.place), After: strconv.Itoa(new.place),
			Example: c.movedExample(new),
		})
	}
	if old.Mode != new.Mode {
		change(ModeChanged, old.Mode.String(), new.Mode.String())
	}
	if old.Description != new.Description {
		change(DescriptionChanged, old.Description, new.Description)
	}
	known := c.conditions(old, new)
	if !c.outcomes(old, new) || !known {
		c.out.Unknown = append(c.out.Unknown, new.info())
	}
}

// condition is the condition in one line, as the rule writes it.
func (r *compared[In, Then]) condition() string {
	if r.inGo != nil {
		return "a Go function"
	}
	texts := make([]string, len(r.conditions))
	for i, c := range r.conditions {
		lines := strings.Split(strings.TrimSpace(c.text), "\n")
		for j := range lines {
			lines[j] = strings.TrimSpace(lines[j])
		}
		if texts[i] = strings.Join(lines, " "); len(r.conditions) > 1 {
			texts[i] = "(" + texts[i] + ")"
		}
	}
	return strings.Join(texts, " and ")
}
