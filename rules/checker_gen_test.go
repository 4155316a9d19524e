package rules_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"

	"github.com/afterword-go/afterword/rules"
)

func functions() []rules.Function {
	return []rules.Function{
		rules.Func("answer", answer), rules.Func("answers", answers), rules.Func("points", points),
		rules.Func("half", half), rules.Func("ieq", ieq), rules.Func("alike", alike),
	}
}

// compile makes a set with one rule for each text, named by its place.
func compile(texts ...string) (*rules.Set[In, string], error) {
	list := make([]rules.Rule[In, string], 0, len(texts))
	for i, text := range texts {
		list = append(list, rules.Rule[In, string]{Name: strconv.Itoa(i), When: rules.When[In](text), Then: "done"})
	}
	return rules.New(rules.Config{Vars: vars(), Functions: functions()}, list...)
}

// accepted compiles the texts that are not refused, and says what is wrong
// with the others.
func accepted(texts []string) (kept []string, set *rules.Set[In, string], refused []string) {
	set, err := compile(texts...)
	if err == nil {
		return texts, set, nil
	}
	var wrong *rules.LoadError
	if !errors.As(err, &wrong) {
		return nil, nil, []string{err.Error()}
	}
	out := map[int]bool{}
	for _, p := range wrong.Problems {
		at, err := strconv.Atoi(p.Rule)
		if err != nil {
			return nil, nil, []string{p.String()}
		}
		if !out[at] {
			refused = append(refused, texts[at]+"\n\t"+p.String())
		}
		out[at] = true
	}
	for i, text := range texts {
		if !out[i] {
			kept = append(kept, text)
		}
	}
	set, err = compile(kept...)
	if err != nil {
		return nil, nil, append(refused, err.Error())
	}
	return kept, set, refused
}

// A decision is what the library says about one rule, in both its ways.
type decision struct {
	fired bool
	err   error
	trace rules.RuleTrace
}

func decide(set *rules.Set[In, string], in *In) ([]decision, error) {
	trace := set.Explain(context.Background(), in)
	decisions := make([]decision, set.Len())
	for i := range decisions {
		decisions[i].trace = trace.Rules[i]
	}
	last := -1
	for match, err := range set.Matches(context.Background(), in) {
		name := match.Name()
		var failure *rules.RuleError
		if errors.As(err, &failure) {
			name = failure.Rule
		}
		at, convErr := strconv.Atoi(name)
		if convErr != nil {
			return nil, fmt.Errorf("no rule of that name: %q (%w)", name, err)
		}
		if at <= last {
			return nil, fmt.Errorf("rule %d came after rule %d", at, last)
		}
		last = at
		decisions[at].fired, decisions[at].err = err == nil, err
	}
	return decisions, nil
}

func newReference(payload map[string]any, eager bool) *reference {
	return &reference{fields: payload, vars: referenceVars(), calls: referenceCalls(), eager: eager}
}

// An allowance is what the document allows a condition to be: one outcome, or
// several where an error stands beside something unknown.
type allowance struct{ lazy, eager outcome }

func allowed(n ast.Node, payload map[string]any) allowance {
	return allowance{newReference(payload, false).eval(n), newReference(payload, true).eval(n)}
}

func (a allowance) open() bool { return a.lazy.state != a.eager.state }

func (a allowance) permits(got string) bool {
	return got == a.lazy.String() || a.open() && (got == a.eager.String() || got == "unknown")
}

func (a allowance) String() string {
	if a.open() {
		return a.lazy.String() + ", unknown or an error"
	}
	return a.lazy.String()
}

// disagreement is empty if the library and the reference agree.
func disagreement(n ast.Node, payload map[string]any, d decision) string {
	want, got := allowed(n, payload), result(d.trace.Outcome)
	switch {
	case !want.permits(got):
		return fmt.Sprintf("Explain: %s, want %s", d.trace.Outcome, want)
	case d.fired != (got == "true"):
		return fmt.Sprintf("Matches fired: %v, but Explain: %s", d.fired, d.trace.Outcome)
	case (d.err != nil) != (got == "error"):
		return fmt.Sprintf("Matches failed: %v, but Explain: %s", d.err, d.trace.Outcome)
	case (d.trace.Err != nil) != (got == "error"):
		return fmt.Sprintf("Explain: %s with the error %v", d.trace.Outcome, d.trace.Err)
	case got != "error" && d.trace.Condition.Truth.String() != got:
		return fmt.Sprintf("the whole condition is %s, but Explain: %s", d.trace.Condition.Truth, d.trace.Outcome)
	case got == "unknown" && len(d.trace.Absent) == 0:
		return "skipped, but nothing is absent"
	}
	if wrong := absentDisagreement(payload, d.trace.Absent); wrong != "" {
		return wrong
	}
	return partDisagreement(payload, d.trace.Condition)
}

func result(o rules.Outcome) string {
	switch o {
	case rules.Fired:
		return "true"
	case rules.NotFired:
		return "false"
	case rules.Skipped:
		return "unknown"
	case rules.Failed:
		return "error"
	}
	return "not reached"
}

func truth(p rules.Part) string {
	switch {
	case p.Err != nil:
		return "error"
	case p.Truth == rules.True:
		return "true"
	case p.Truth == rules.False:
		return "false"
	}
	return "unknown"
}

// absentDisagreement looks at names that make sense outside loops.
func absentDisagreement(payload map[string]any, names []string) string {
	for _, name := range names {
		n, err := parse(name)
		if err != nil {
			continue
		}
		if want := allowed(n, payload); want.lazy.state == known && !want.open() {
			return fmt.Sprintf("%s is named as absent and is not", name)
		}
	}
	return ""
}

// partDisagreement looks at the parts that make sense outside loops.
func partDisagreement(payload map[string]any, p rules.Part) string {
	n, err := parse(p.Text)
	if err != nil {
		if strings.Contains(p.Text, "#") || strings.Contains(p.Text, ".") {
			return ""
		}
		return fmt.Sprintf("the part %q is no expression: %v", p.Text, err)
	}
	if want, got := allowed(n, payload), truth(p); !want.permits(got) {
		return fmt.Sprintf("the part %s is %s, want %s", p.Text, got, want)
	}
	for _, inner := range p.Parts {
		if wrong := partDisagreement(payload, inner); wrong != "" {
			return wrong
		}
	}
	return ""
}

// shrink looks for a smaller condition and payload that still disagree.
func shrink(text string, payload map[string]any, p payloads) (string, map[string]any) {
	for smaller := true; smaller; {
		smaller = false
		for _, shorter := range simpler(text) {
			if len(shorter) < len(text) && disagrees(shorter, payload, p) != "" {
				text, smaller = shorter, true
				break
			}
		}
	}
	for _, f := range inShape.fields {
		less := maps.Clone(payload)
		delete(less, f.name)
		if f.optional && f.embedded == "" && disagrees(text, less, p) != "" {
			payload = less
		}
	}
	return text, payload
}

func disagrees(text string, payload map[string]any, p payloads) string {
	n, err := parse(text)
	if err != nil {
		return ""
	}
	set, err := compile(text)
	if err != nil {
		return ""
	}
	in, err := p.input(payload)
	if err != nil {
		return ""
	}
	decisions, err := decide(set, in)
	if err != nil {
		return err.Error()
	}
	return disagreement(n, payload, decisions[0])
}

// simpler lists the parts of a condition, and the condition with one part
// replaced by a part of that.
func simpler(text string) []string {
	root, err := parse(text)
	if err != nil {
		return nil
	}
	var found []string
	var walk func(slot *ast.Node)
	walk = func(slot *ast.Node) {
		found = append(found, (*slot).String())
		whole := *slot
		for _, inner := range slots(whole) {
			*slot = *inner
			found = append(found, root.String())
			*slot = whole
			walk(inner)
		}
	}
	walk(&root)
	slices.SortFunc(found, func(a, b string) int { return len(a) - len(b) })
	return slices.Compact(found)
}

// slots lists where a node keeps the nodes under it.
func slots(n ast.Node) []*ast.Node {
	var found []*ast.Node
	many := func(nodes []ast.Node) {
		for i := range nodes {
			found = append(found, &nodes[i])
		}
	}
	switch n := n.(type) {
	case *ast.UnaryNode:
		return []*ast.Node{&n.Node}
	case *ast.BinaryNode:
		return []*ast.Node{&n.Left, &n.Right}
	case *ast.ConditionalNode:
		return []*ast.Node{&n.Cond, &n.Exp1, &n.Exp2}
	case *ast.MemberNode:
		return []*ast.Node{&n.Node, &n.Property}
	case *ast.PredicateNode:
		return []*ast.Node{&n.Node}
	case *ast.ArrayNode:
		many(n.Nodes)
	case *ast.BuiltinNode:
		many(n.Arguments)
	case *ast.CallNode:
		many(n.Arguments)
	}
	return found
}
