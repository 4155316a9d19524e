package rules

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/afterword-go/afterword/rules/internal/logic"
	"github.com/afterword-go/afterword/rules/internal/syntax"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// A Finding is something in a sound rule file that is probably not meant.
type Finding struct {
	// ID says what sort of finding it is. The language reference,
	// docs/rules.md, explains each under Lint.
	ID string
	// Hint says that it is for information only: it may well be meant.
	Hint         bool
	File         string // empty for rules made in Go
	Line, Column int    // from 1; 0 where there is no place to name
	Rule         string // empty if it is not about one rule
	// Message says in one line what is wrong and what to do. It quotes the
	// rules, never an input.
	Message string
}

// String is the finding in one line, its place first and its ID last.
func (f Finding) String() string {
	return place(f.File, f.Line, f.Column) + ruleName(f.Rule) + f.Message + " (" + f.ID + ")"
}

// The IDs of findings.
const (
	neverFires        = "never-fires"
	constantPart      = "constant-part"
	unreachable       = "unreachable"
	duplicateRule     = "duplicate-rule"
	unusedVar         = "unused-var"
	unusedFixture     = "unused-fixture"
	untestedRule      = "untested-rule"
	absentInText      = "absent-in-text"
	notInserted       = "not-inserted"
	unanchoredPattern = "unanchored-pattern"
	badIgnore         = "bad-ignore"
)

// lintIDs lists the IDs in the order of the language reference.
func lintIDs() []string {
	return []string{
		neverFires, constantPart, unreachable, duplicateRule, absentInText, notInserted, untestedRule,
		unusedVar, unusedFixture, unanchoredPattern, badIgnore,
	}
}

// Lint looks for what is probably not meant: conditions that can never hold,
// rules that others hide, texts that miss a field, and more. It runs the set's
// tests, to know which rules they reach. What it cannot be sure of, it does not
// report. The findings are in the order of the files.
//
// When the context ends, the result is what was found until then.
func (s *Set[In, Then]) Lint(ctx context.Context, tester Tester[In, Then]) []Finding {
	l := &linter{hit: s.hit, files: s.files, work: lintWork, usedVars: map[string]bool{}}
	outcomes := map[string][]int{}
	for i := range s.rules {
		if ctx.Err() != nil {
			return l.findings()
		}
		rule := &s.rules[i]
		r := l.scan(rule.info(), rule.inGo != nil, rule.conditions, rule.texts())
		l.rules = append(l.rules, r)
		l.plain(r, reflect.ValueOf(&rule.Then).Elem(), "")
		if then, err := json.Marshal(rule.Then); err == nil && !r.inGo {
			key := rule.Mode.String() + "\n" + string(then) + "\n" + r.key
			same := slices.IndexFunc(outcomes[key], func(j int) bool { return reflect.DeepEqual(s.rules[j].Then, rule.Then) })
			if same >= 0 {
				l.duplicate(r, l.rules[outcomes[key][same]])
			} else if len(outcomes[key]) < mostAlike {
				outcomes[key] = append(outcomes[key], i)
			}
		}
	}
	l.order(ctx)
	l.unused()
	if len(s.files) > 0 {
		l.untested(len(s.tests) > 0, func() Coverage { return s.Coverage(ctx, tester) })
	}
	return l.findings()
}

// mostAlike bounds the outcomes that are alike in JSON but not in Go.
const mostAlike = 8

// The bounds of a lint, in parts of conditions looked at: for all rules, for
// one rule, and for one question about it. Where one is met, nothing is
// reported.
const (
	lintWork     = 30_000_000
	ruleWork     = 300_000
	questionWork = 20_000
)

// A linter collects findings.
type linter struct {
	hit      Hit
	files    []lintFile
	rules    []*lintRule
	space    logic.Space
	work     int // left for all rules
	usedVars map[string]bool
	found    []found
}

// A found is a finding and the lines at which a comment may silence it, beside
// those of the rule that it is of.
type found struct {
	Finding
	of    string
	lines []int
	once  bool // the first of those that are left stands for all
}

// A lintRule is what a lint keeps of a rule.
type lintRule struct {
	RuleInfo
	inGo  bool           // its condition is a Go function
	key   string         // of its conditions
	holds *logic.Formula // its conditions are true; nil if they are too large
	fails bool           // its conditions may be an error
	ends  bool           // when it fires, its outcome is sound, as far as that is known
	never bool           // it never fires, or is the same as another one
	fires bool           // it always fires
}

// texts are the texts of the outcome in the order of their places.
func (r *compiled[In, Then]) texts() []*template {
	out := make([]*template, 0, len(r.templates))
	for _, t := range r.templates {
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b *template) int {
		line, column := a.at(0)
		otherLine, otherColumn := b.at(0)
		return cmp.Or(line-otherLine, column-otherColumn)
	})
	return out
}

// report adds a finding about a rule.
func (l *linter) report(r *lintRule, id string, line, column int, format string, args ...any) {
	l.found = append(l.found, found{Finding: Finding{
		ID: id, Hint: id == unanchoredPattern, File: r.File, Line: line, Column: column, Rule: r.Name,
		Message: inOneLine(fmt.Sprintf(format, args...)),
	}, of: r.Name})
}

// duplicate reports a rule that is the same as an earlier one.
func (l *linter) duplicate(r, first *lintRule) {
	if r.never {
		return
	}
	r.never = true
	l.report(r, duplicateRule, r.Line, r.Column, "the rule has the same condition and the same outcome as rule %q%s: remove one of the two", first.Name, inLine(first))
}

// inLine is where another rule of the file stands.
func inLine(r *lintRule) string {
	if r.Line == 0 {
		return ""
	}
	return fmt.Sprintf(" in line %d", r.Line)
}

// A lintCondition is a condition that is looked at.
type lintCondition struct {
	expr *syntax.Expr
	node *tree.Node
	open *tree.Node // with what only constants decide left open
	at   locator
}

// A ruleScan looks at one rule.
type ruleScan struct {
	*linter
	rule       *lintRule
	conditions []lintCondition
	budget     int // left for the rule
}

// scan looks at one rule by itself.
func (l *linter) scan(info RuleInfo, inGo bool, conditions []condition, texts []*template) *lintRule {
	s := ruleScan{linter: l, rule: &lintRule{RuleInfo: info, inGo: inGo}, budget: min(ruleWork, l.work)}
	before := s.budget
	for _, c := range conditions {
		expr, node, _ := readCondition(c.text, c.env) // it has loaded before
		s.useVars(expr)
		s.conditions = append(s.conditions, lintCondition{expr: expr, node: node, open: opened(expr, node), at: c.at})
		s.rule.fails = s.rule.fails || logic.MayFail(node)
	}
	s.rule.key = s.conditionKey()
	if !inGo {
		s.conditionParts()
	}
	s.texts(texts)
	s.patterns(conditions)
	l.work -= before - max(s.budget, 0)
	return s.rule
}

// conditionKey is the same for conditions that are alike but for the order of
// their parts.
func (s *ruleScan) conditionKey() string {
	var keys []string
	for _, c := range s.conditions {
		parts := []*tree.Node{c.node}
		if c.node.Op == tree.And {
			parts = logic.Chain(c.node)
		}
		for _, part := range parts {
			keys = append(keys, logic.Key(part))
		}
	}
	slices.Sort(keys)
	return strings.Join(slices.Compact(keys), "\n")
}
