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
)

// A testRun collects what a test's input leads to and compares it with what
// is expected.
type testRun[In, Then any] struct {
	set      *Set[In, Then]
	result   *TestResult
	outcomes []any
}

// take collects the outcome of a rule that fired.
func (r *testRun[In, Then]) take(ctx context.Context, m Match[In, Then], tester Tester[In, Then]) error {
	outcome, err := tester.outcome(ctx, m)
	if err != nil {
		return err
	}
	plain, err := asJSON(outcome)
	if err != nil {
		return err
	}
	if m.rule.Mode != Enforce {
		return nil
	}
	switch plain := plain.(type) {
	case nil:
	case []any:
		r.outcomes = append(r.outcomes, plain...)
	default:
		r.outcomes = append(r.outcomes, plain)
	}
	return nil
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
func (r *testRun[In, Then]) judge(trace Trace) {
	test := r.result.Test
	concerned := map[string]bool{}
	if test.fired != nil {
		r.judgeFired(trace, *test.fired, concerned)
	}
	for _, rule := range slices.Sorted(maps.Keys(test.skipped)) {
		r.judgeSkipped(trace, rule, test.skipped[rule], concerned)
	}
	if test.outcomes != nil {
		r.judgeOutcomes(trace, *test.outcomes, concerned)
	}
	r.judgeErrors(trace, test.err, concerned)
	for _, t := range trace.Rules {
		if concerned[t.Name] {
			r.result.Rules = append(r.result.Rules, t)
		}
	}
}

func (r *testRun[In, Then]) fail(format string, args ...any) {
	r.result.Failures = append(r.result.Failures, fmt.Sprintf(format, args...))
}

// foreign fails a test of another set.
func (r *testRun[In, Then]) foreign(rule string) {
	r.fail("there is no rule %q: the test is not one of this set", rule)
}

// judgeFired compares the rules that fired, those in shadow included.
func (r *testRun[In, Then]) judgeFired(trace Trace, want []string, concerned map[string]bool) {
	for _, name := range want {
		if !slices.ContainsFunc(trace.Rules, func(t RuleTrace) bool { return t.Name == name }) {
			r.foreign(name)
		}
	}
	for _, t := range trace.Rules {
		expected := slices.Contains(want, t.Name)
		switch {
		case expected && t.Outcome != Fired:
			r.fail("rule %q should fire, but: %s", t.Name, t.Reason())
		case !expected && t.Outcome == Fired:
			r.fail("rule %q should not fire, but it has fired", t.Name)
		default:
			continue
		}
		concerned[t.Name] = true
	}
}

func (r *testRun[In, Then]) judgeSkipped(trace Trace, rule string, want []string, concerned map[string]bool) {
	i := slices.IndexFunc(trace.Rules, func(t RuleTrace) bool { return t.Name == rule })
	if i < 0 {
		r.foreign(rule)
		return
	}
	t := trace.Rules[i]
	switch {
	case t.Outcome != Skipped:
		r.fail("rule %q should be skipped, but: %s", rule, t.Reason())
	case !slices.Equal(slices.Sorted(slices.Values(t.Absent)), slices.Sorted(slices.Values(want))):
		r.fail("rule %q should be skipped for %s, but it is skipped for %s", rule, named(want), named(t.Absent))
	default:
		return
	}
	concerned[rule] = true
}

// named lists fields.
func named(fields []string) string {
	if len(fields) == 0 {
		return "no field"
	}
	return strings.Join(fields, ", ")
}

// judgeOutcomes compares outcomes, all fields and in order.
func (r *testRun[In, Then]) judgeOutcomes(trace Trace, want []any, concerned map[string]bool) {
	if slices.EqualFunc(want, r.outcomes, func(a, b any) bool { return reflect.DeepEqual(a, b) }) {
		return
	}
	r.fail("what follows is not what is expected (- expected, + got):\n%s", strings.Join(difference(lines(want), lines(r.outcomes)), "\n"))
	missing := len(r.outcomes) < len(want) // any rule may have been meant to fire
	for _, t := range trace.Rules {
		if t.Mode == Enforce && (t.Outcome == Fired || missing) {
			concerned[t.Name] = true
		}
	}
}

// judgeErrors wants the error that is expected, or none.
func (r *testRun[In, Then]) judgeErrors(trace Trace, want *string, concerned map[string]bool) {
	var errs []error
	var failed []string
	for _, t := range trace.Rules {
		if t.Outcome == Failed && t.Mode == Enforce {
			errs = append(errs, t.Err)
			failed = append(failed, t.Name)
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
	for _, name := range failed {
		concerned[name] = true
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
