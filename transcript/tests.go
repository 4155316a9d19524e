package transcript

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/rules"
)

// Tests lists the tests of the set's files, file by file.
func (s *RuleSet) Tests() []rules.Test {
	var all []rules.Test
	for _, set := range s.files {
		all = append(all, set.Tests()...)
	}
	return all
}

// RunTests runs tests of the set, all of them if none are given, several at a
// time. The results come in the order of Tests. A test sees the rules of its
// own file, and none in Go.
func (s *RuleSet) RunTests(ctx context.Context, tests ...rules.Test) []rules.TestResult {
	tester := s.tester(tests)
	var results []rules.TestResult
	for _, set := range s.files {
		results = append(results, set.RunTests(ctx, tester)...)
	}
	return results
}

// Coverage tells what tests of the set, all of them if none are given, reach
// of the rules of its files.
func (s *RuleSet) Coverage(ctx context.Context, tests ...rules.Test) rules.Coverage {
	tester := s.tester(tests)
	var all rules.Coverage
	for _, set := range s.files {
		all.Rules = append(all.Rules, set.Coverage(ctx, tester).Rules...)
	}
	return all
}

// tester runs these tests, or all if there are none. It reads inputs as
// surveys, and takes e-mails for outcomes.
func (s *RuleSet) tester(tests []rules.Test) rules.Tester[Survey, []email] {
	out := rules.Tester[Survey, []email]{
		Decode:  decodeSurvey,
		Outcome: func(_ context.Context, m rules.Match[Survey, []email]) (any, error) { return s.render(m) },
	}
	if len(tests) == 0 {
		return out
	}
	type key struct{ file, name string }
	wanted := map[key]bool{}
	for _, test := range tests {
		wanted[key{test.File, test.Name}] = true
	}
	out.Only = func(test rules.Test) bool { return wanted[key{test.File, test.Name}] }
	return out
}

// decodeSurvey reads the payload of a test as a survey.
func decodeSurvey(payload []byte) (*Survey, error) {
	survey, problems := readSurvey(payload)
	var errs []error
	for _, p := range problems {
		errs = append(errs, errors.New(strings.TrimPrefix(p.Path+": "+p.Message, ": ")))
	}
	return survey, errors.Join(errs...)
}

// checkSurvey says what is wrong with the payload of a test.
func checkSurvey(payload []byte) []rules.PayloadProblem {
	_, problems := readSurvey(payload)
	return problems
}

// readSurvey reads a payload as it would come in, and beside its fields the
// event's timestamp: a text such as 2026-01-31T18:00:00Z, or milliseconds. There
// is no survey if anything is wrong.
func readSurvey(payload []byte) (*Survey, []rules.PayloadProblem) {
	fields := map[string]json.RawMessage{}
	if json.Unmarshal(payload, &fields) != nil {
		return nil, []rules.PayloadProblem{{Message: "must be a group of fields"}}
	}
	var problems []rules.PayloadProblem
	at, err := timestamp(fields["timestamp"])
	if err != nil {
		problems = append(problems, rules.PayloadProblem{Path: "timestamp", Message: err.Error()})
	}
	delete(fields, "timestamp")
	rest, err := json.Marshal(fields)
	if err != nil {
		return nil, append(problems, rules.PayloadProblem{Message: "must be JSON"})
	}
	event, err := events.ChatPostSurveyEmailTranscript.Decode(events.Envelope{Timestamp: at, Payload: rest})
	var wrong *events.DecodeError
	switch {
	case errors.As(err, &wrong):
		for _, p := range wrong.Problems {
			problems = append(problems, rules.PayloadProblem{Path: inPayload(p.Path), Message: p.Message})
		}
	case err != nil:
		problems = append(problems, rules.PayloadProblem{Message: err.Error()})
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return surveyOf(event), nil
}

// inPayload is a path without the payload that it begins with.
func inPayload(path string) string {
	return strings.TrimPrefix(strings.TrimPrefix(path, "payload"), ".")
}

func timestamp(text json.RawMessage) (time.Time, error) {
	var ms int64
	var at time.Time
	switch {
	case len(text) == 0 || string(text) == "null":
		return at, nil
	case json.Unmarshal(text, &ms) == nil:
		at = time.UnixMilli(ms)
	case json.Unmarshal(text, &at) != nil:
		return at, errors.New("write 2026-01-31T18:00:00Z, or milliseconds since 1970")
	}
	if at.UnixMilli() < 0 || at.Nanosecond()%int(time.Millisecond) != 0 {
		return at, errors.New("events come with whole milliseconds since 1970: write 2026-01-31T18:00:00Z, or 2026-01-31T18:00:00.123Z")
	}
	return at.UTC(), nil
}

// Test runs all tests of the set. The error is a *TestError with those that
// fail.
func (s *RuleSet) Test(ctx context.Context) error {
	var failed TestError
	for _, r := range s.RunTests(ctx) {
		if !r.Passed() {
			failed.Failed = append(failed.Failed, r)
		}
	}
	if len(failed.Failed) == 0 {
		return nil
	}
	return &failed
}

// A TestError says that rules fail their own tests.
type TestError struct {
	Failed []rules.TestResult
}

// Error names the tests that failed, one line each, without their inputs.
func (e *TestError) Error() string {
	text := ""
	for i, r := range e.Failed {
		if i > 0 {
			text += "\n"
		}
		text += fmt.Sprintf("%s:%d:%d: test %q failed", r.File, r.Line, r.Column, r.Name)
	}
	return text
}
