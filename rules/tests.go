package rules

import (
	"context"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/afterword-go/afterword/internal/fields"
)

// A Test is a test of a rule file, or one case of it: an input, and what is
// expected to follow from it.
type Test struct {
	Name         string // of a case: the test's name, a slash, the case's name
	File         string
	Line, Column int // from 1

	payload  *given // while it is put together
	input    []byte // JSON
	outcomes *[]any // as JSON decodes them; nil: not expected
	fired    *[]string
	skipped  map[string][]string
	err      *string
	unsound  bool // something is wrong with it, and that is reported
}

// A Tester says how the tests of a set meet its types. The zero value reads
// inputs and compares outcomes as encoding/json would. Its functions are called
// by several goroutines at once.
type Tester[In, Then any] struct {
	// Decode makes an input of the JSON that a test gives.
	Decode func(payload []byte) (*In, error)
	// Outcome is what a rule that fired comes to: a value that has a JSON form,
	// or a list of them that is taken apart; nil is nothing. An error is the
	// rule's error.
	Outcome func(context.Context, Match[In, Then]) (any, error)
	// Only says which tests of a set are run. Nil: all.
	Only func(Test) bool
}

// A TestResult tells how a test went.
type TestResult struct {
	Test
	// Failures are what was expected and is not so, each in a few lines. A test
	// without any has passed. They quote the test's input.
	Failures []string
	// Rules explain the rules that the failures speak of, the first 20 of them.
	Rules []RuleTrace

	more int // rules that the failures speak of
}

// Passed tells whether everything expected was so.
func (r TestResult) Passed() bool { return len(r.Failures) == 0 }

// Tests lists the tests of the set's file in order, every case by itself.
func (s *Set[In, Then]) Tests() []Test { return slices.Clone(s.tests) }

// RunTests runs the set's tests, several at a time. The results come in the
// order of the tests.
func (s *Set[In, Then]) RunTests(ctx context.Context, tester Tester[In, Then]) []TestResult {
	tests := tester.chosen(s.tests)
	results := make([]TestResult, len(tests))
	inParallel(len(tests), func(i int) { results[i] = s.RunTest(ctx, tests[i], tester) })
	return results
}

// inParallel does n pieces of work, as many at a time as there are processors.
func inParallel(n int, work func(i int)) {
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				work(i)
			}
		})
	}
	all.Wait()
}

// RunTest runs one of the set's tests. A test that the context cuts short has
// failed.
func (s *Set[In, Then]) RunTest(ctx context.Context, test Test, tester Tester[In, Then]) TestResult {
	run := testRun[In, Then]{set: s, ctx: ctx, tester: tester, result: TestResult{Test: test}}
	var err error
	if run.in, err = tester.input(test); err != nil {
		run.fail("%s", err)
		return run.result
	}
	run.decide()
	if err := ctx.Err(); err != nil {
		run.fail("the test was cut short: %s", err)
		return run.result
	}
	run.judge()
	return run.result
}

// chosen are the tests that are run.
func (t Tester[In, Then]) chosen(tests []Test) []Test {
	if t.Only == nil {
		return tests
	}
	return slices.DeleteFunc(slices.Clone(tests), func(test Test) bool { return !t.Only(test) })
}

// input is what the test's rules read.
func (t Tester[In, Then]) input(test Test) (*In, error) {
	in, err := t.decode(test.input)
	switch {
	case err != nil:
		return nil, fmt.Errorf("the input cannot be read: %w", err)
	case in == nil:
		return nil, errors.New("the input cannot be read: Decode returned none")
	}
	return in, nil
}

// decode is Decode, or encoding/json.
func (t Tester[In, Then]) decode(payload []byte) (*In, error) {
	if t.Decode != nil {
		return t.Decode(payload)
	}
	in := new(In)
	return in, json.Unmarshal(payload, in)
}

// outcome is Outcome, or the rule's outcome with its texts rendered.
func (t Tester[In, Then]) outcome(ctx context.Context, m Match[In, Then]) (any, error) {
	if t.Outcome != nil {
		return t.Outcome(ctx, m)
	}
	return rendered(reflect.ValueOf(m.Then()), m.Render)
}

// rendered is an outcome as JSON would show it, with its texts rendered.
func rendered(v reflect.Value, render func(Text) (string, error)) (any, error) {
	if !v.IsValid() {
		return nil, nil
	}
	if v.Type() == reflect.TypeFor[Text]() {
		return render(Text(v.String()))
	}
	if writesItself(v.Type()) {
		return v.Interface(), nil
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil, nil
		}
		return rendered(v.Elem(), render)
	case reflect.Slice, reflect.Array:
		out := make([]any, v.Len())
		for i := range out {
			item, err := rendered(v.Index(i), render)
			if err != nil {
				return nil, err
			}
			out[i] = item
		}
		return out, nil
	case reflect.Map:
		out := map[string]any{}
		for _, key := range v.MapKeys() {
			item, err := rendered(v.MapIndex(key), render)
			if err != nil {
				return nil, err
			}
			out[key.String()] = item
		}
		return out, nil
	case reflect.Struct:
		return renderedStruct(v, render)
	}
	return v.Interface(), nil
}

func renderedStruct(v reflect.Value, render func(Text) (string, error)) (any, error) {
	out := map[string]any{}
	for _, f := range fields.Of(v.Type()) {
		inner, err := v.FieldByIndexErr(f.Index)
		if err != nil || omitted(inner, f.Omit) {
			continue
		}
		item, err := rendered(inner, render)
		if err != nil {
			return nil, err
		}
		out[f.Name] = item
	}
	return out, nil
}

// writesItself tells whether values of the type have a JSON form of their own.
func writesItself(t reflect.Type) bool {
	return t.Implements(reflect.TypeFor[json.Marshaler]()) || t.Implements(reflect.TypeFor[encoding.TextMarshaler]())
}

// omitted tells whether JSON leaves a field with this value out.
func omitted(v reflect.Value, omit string) bool {
	switch {
	case omit == "":
		return false
	case omit == "omitzero":
		return v.IsZero()
	}
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	case reflect.Struct, reflect.Array:
		return false
	}
	return v.IsZero()
}

// maxReasons bounds the rules that a result explains.
const maxReasons = 20

// String is the result in lines for a person: a failed test's place, what was
// expected and is not so, and why the rules concerned did what they did. It
// quotes the test's input.
func (r TestResult) String() string {
	if r.Passed() {
		return "ok " + r.Name
	}
	var out strings.Builder
	fmt.Fprintf(&out, "%stest %q failed", place(r.File, r.Line, r.Column), r.Name)
	for _, failure := range r.Failures {
		out.WriteString("\n  " + strings.ReplaceAll(failure, "\n", "\n    "))
	}
	for _, t := range r.Rules {
		fmt.Fprintf(&out, "\n  %s: %s", t.Name, t.Reason())
	}
	if r.more > 0 {
		fmt.Fprintf(&out, "\n  and %d more rules", r.more)
	}
	return out.String()
}
