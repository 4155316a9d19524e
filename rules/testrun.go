package rules

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/afterword-go/afterword/rules/internal/eval"
)

// A testRun finds out what a test's input leads to, and compares it with what
// is expected.
type testRun[In, Then any] struct {
	set    *Set[In, Then]
	ctx    context.Context
	tester Tester[In, Then]
	in     *In
	result TestResult

	verdicts  map[int]verdict // of the rules that fired or failed
	last      int             // the rule that ended the search; none is reached behind it
	outcomes  []any
	concerned map[int]bool // the rules that failures speak of
}

// A verdict is what became of a rule.
type verdict struct {
	outcome Outcome
	err     error
}

// decide decides all rules, those in shadow too: those that the set's index
// leaves out do not fire.
func (r *testRun[In, Then]) decide() {
	r.verdicts, r.last = map[int]verdict{}, len(r.set.rules)
	r.outcomes = []any{}
	r.concerned = map[int]bool{}
	f := r.set.frame(r.ctx, r.in)
	defer r.set.release(f)
	for i := range r.set.candidates(r.in) {
		rule := &r.set.rules[i]
		if err := r.ctx.Err(); err != nil {
			r.stop(i, err)
			return
		}
		if rule.Mode == Off {
			continue
		}
		outcome, err := r.decideOne(i, f)
		if outcome != NotFired {
			r.verdicts[i] = verdict{outcome, err}
		}
		if r.set.hit == First && outcome == Fired && rule.Mode == Enforce {
			r.last = i
			return
		}
	}
}

// stop fails the rules from i on: they could not be decided.
func (r *testRun[In, Then]) stop(i int, err error) {
	for ; i < len(r.set.rules); i++ {
		r.verdicts[i] = verdict{Failed, err}
	}
}

// verdict is what became of a rule. One that is skipped counts as not fired
// here: telling them apart takes an explanation.
func (r *testRun[In, Then]) verdict(i int) verdict {
	v, known := r.verdicts[i]
	switch {
	case known:
		return v
	case r.set.rules[i].Mode == Off:
		return verdict{outcome: SwitchedOff}
	case i > r.last:
		return verdict{outcome: NotReached}
	}
	return verdict{outcome: NotFired}
}

func (r *testRun[In, Then]) decideOne(number int, f *eval.Frame) (Outcome, error) {
	rule := &r.set.rules[number]
	fires, err := r.set.fires(r.ctx, f, r.in, number)
	if err == nil && fires {
		m := Match[In, Then]{rule: rule, in: r.in, ctx: r.ctx}
		err = m.use(r.take)
	}
	switch {
	case err != nil:
		return Failed, err
	case fires:
		return Fired, nil
	}
	return NotFired, nil
}

// trace explains what became of a rule.
func (r *testRun[In, Then]) trace(i int) RuleTrace {
	v := r.verdict(i)
	t := RuleTrace{RuleInfo: r.set.rules[i].info(), Outcome: v.outcome}
	if v.outcome != NotReached && v.outcome != SwitchedOff {
		r.set.explain(r.ctx, i, r.in, func(Match[In, Then]) error { return v.err }, &t, nil)
	}
	return t
}

// take collects the outcomes of a rule that fired.
func (r *testRun[In, Then]) take(m Match[In, Then]) error {
	outcomes, err := r.tester.Outcomes(r.ctx, m)
	if err == nil && m.rule.Mode == Enforce {
		r.outcomes = append(r.outcomes, outcomes...)
	}
	return err
}

// asJSON is a value as JSON decodes it.
func asJSON(v any) (any, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var plain any
	return plain, json.Unmarshal(text, &plain)
}

// judge compares what became of the rules with what the test expects.
func (r *testRun[In, Then]) judge() {
	test := r.result.Test
	if test.fired != nil {
		r.judgeFired(*test.fired)
	}
	for _, rule := range slices.Sorted(maps.Keys(test.skipped)) {
		r.judgeSkipped(rule, test.skipped[rule])
	}
	if test.outcomes != nil {
		r.judgeOutcomes(*test.outcomes)
	}
	r.judgeErrors(test.err)
	for _, i := range slices.Sorted(maps.Keys(r.concerned)) {
		if len(r.result.Rules) == maxReasons {
			r.result.more = len(r.concerned) - maxReasons
			break
		}
		r.result.Rules = append(r.result.Rules, r.trace(i))
	}
}

func (r *testRun[In, Then]) fail(format string, args ...any) {
	r.result.Failures = append(r.result.Failures, fmt.Sprintf(format, args...))
}

// find is the place of a rule in the set. It fails a test of another set.
func (r *testRun[In, Then]) find(rule string) (int, bool) {
	i, ok := r.set.find(rule)
	if !ok {
		r.fail("there is no rule %q: the test is not one of this set", rule)
	}
	return i, ok
}

// judgeFired compares the rules that fired, those in shadow included.
func (r *testRun[In, Then]) judgeFired(want []string) {
	expected := map[int]bool{}
	for _, name := range want {
		if i, ok := r.find(name); ok {
			expected[i] = true
		}
	}
	told := maps.Clone(expected)
	for i := range r.verdicts {
		told[i] = true
	}
	for _, i := range slices.Sorted(maps.Keys(told)) {
		v, name := r.verdict(i), r.set.rules[i].Name
		switch {
		case expected[i] && v.outcome != Fired:
			r.fail("rule %q should fire, but: %s", name, r.trace(i).Reason())
		case !expected[i] && v.outcome == Fired:
			r.fail("rule %q should not fire, but it has fired", name)
		default:
			continue
		}
		r.concerned[i] = true
	}
}

func (r *testRun[In, Then]) judgeSkipped(rule string, want []string) {
	i, ok := r.find(rule)
	if !ok {
		return
	}
	t := r.trace(i)
	switch {
	case t.Outcome != Skipped:
		r.fail("rule %q should be skipped, but: %s", rule, t.Reason())
	case !slices.Equal(slices.Sorted(slices.Values(t.Absent)), slices.Sorted(slices.Values(want))):
		r.fail("rule %q should be skipped for %s, but it is skipped for %s", rule, named(want), named(t.Absent))
	default:
		return
	}
	r.concerned[i] = true
}

// named lists fields.
func named(fields []string) string {
	if len(fields) == 0 {
		return "no field"
	}
	return strings.Join(fields, ", ")
}

// judgeOutcomes compares outcomes, all fields and in order.
func (r *testRun[In, Then]) judgeOutcomes(want []any) {
	if slices.EqualFunc(want, r.outcomes, func(a, b any) bool { return reflect.DeepEqual(a, b) }) {
		return
	}
	r.fail("what follows is not what is expected (- expected, + got):\n%s", strings.Join(difference(lines(want), lines(r.outcomes)), "\n"))
	missing := len(r.outcomes) < len(want) // any rule may have been meant to fire
	for i := range r.set.rules {
		if r.set.rules[i].Mode == Enforce && (missing || r.verdict(i).outcome == Fired) {
			r.concerned[i] = true
		}
	}
}

// judgeErrors wants the error that is expected, or none.
func (r *testRun[In, Then]) judgeErrors(want *string) {
	var errs []error
	var failed []int
	for _, i := range slices.Sorted(maps.Keys(r.verdicts)) {
		if v := r.verdicts[i]; v.outcome == Failed && r.set.rules[i].Mode == Enforce {
			errs = append(errs, v.err)
			failed = append(failed, i)
		}
	}
	err := errors.Join(errs...)
	switch {
	case want == nil && err == nil:
		return
	case want == nil:
		r.fail("an error that is not expected: %s", err)
	case err == nil:
		r.fail("there should be an error with %q, but there is none", *want)
	case !strings.Contains(err.Error(), *want):
		r.fail("there should be an error with %q, but it is: %s", *want, err)
	default:
		return
	}
	for _, i := range failed {
		r.concerned[i] = true
	}
}

// lines writes a list of outcomes, a field a line.
func lines(list []any) []string {
	var out []string
	for _, item := range list {
		group, ok := item.(map[string]any)
		if !ok || len(group) == 0 {
			out = append(out, "- "+oneLine(item))
			continue
		}
		mark := "- "
		for _, key := range slices.Sorted(maps.Keys(group)) {
			out = append(out, mark+key+": "+oneLine(group[key]))
			mark = "  "
		}
	}
	return out
}

func oneLine(v any) string {
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false) // people read it
	if err := encoder.Encode(v); err != nil {
		return err.Error()
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// maxDiff bounds the lines that difference aligns: its work is their product.
const maxDiff = 1000

// difference lists the lines of both sides, aligned on those they share.
func difference(want, got []string) []string {
	if len(want) > maxDiff || len(got) > maxDiff {
		return []string{fmt.Sprintf("- %d lines", len(want)), fmt.Sprintf("+ %d lines", len(got))}
	}
	// common[i][j] is how many lines want[i:] and got[j:] share in order.
	common := make([][]int, len(want)+1)
	for i := range common {
		common[i] = make([]int, len(got)+1)
	}
	for i := len(want) - 1; i >= 0; i-- {
		for j := len(got) - 1; j >= 0; j-- {
			if want[i] == got[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var out []string
	i, j := 0, 0
	for i < len(want) || j < len(got) {
		switch {
		case i < len(want) && j < len(got) && want[i] == got[j]:
			out = append(out, "  "+want[i])
			i, j = i+1, j+1
		case j == len(got) || i < len(want) && common[i+1][j] >= common[i][j+1]:
			out = append(out, "- "+want[i])
			i++
		default:
			out = append(out, "+ "+got[j])
			j++
		}
	}
	return out
}
