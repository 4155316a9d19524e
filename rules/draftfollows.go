package rules

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
)

// whatFollows is a test without a name of what follows from a payload as the
// rules are: the rules that fire, the outcomes, an error, and of the rules asked
// about, those that are skipped.
func (s *Set[In, Then]) whatFollows(ctx context.Context, tester Tester[In, Then], payload []byte, asked ...int) (testDraft, error) {
	d := testDraft{payload: payload, fired: []string{}, outcomes: []json.RawMessage{}, key: s.outcomesKey()}
	run := testRun[In, Then]{set: s, ctx: ctx, tester: tester}
	var err error
	if run.in, err = tester.input(Test{input: payload}); err != nil {
		return testDraft{}, err
	}
	run.decide()
	if err := ctx.Err(); err != nil {
		return testDraft{}, err
	}
	for _, i := range slices.Sorted(maps.Keys(run.verdicts)) {
		rule := &s.rules[i]
		switch v := run.verdicts[i]; {
		case v.outcome == Fired:
			d.fired = append(d.fired, rule.Name)
			if rule.Mode != Enforce {
				continue
			}
			m := Match[In, Then]{rule: rule, in: run.in, ctx: ctx}
			if err := m.use(func(m Match[In, Then]) error { return d.add(tester.outcome(ctx, m)) }); err != nil {
				return testDraft{}, err
			}
		case v.outcome == Failed && rule.Mode == Enforce && d.err == "":
			d.err = errorPart(v.err)
		}
	}
	for _, i := range asked {
		if t := run.trace(i); t.Outcome == Skipped {
			d.skipped = append(d.skipped, skipDraft{s.rules[i].Name, t.Absent})
		}
	}
	return d, nil
}

// add adds the outcome of a rule, or a list of them, in the order in which its
// fields are written.
func (d *testDraft) add(outcome any, err error) error {
	if err != nil {
		return err
	}
	text, err := json.Marshal(outcome)
	if err != nil {
		return err
	}
	var list []json.RawMessage
	switch {
	case bytes.Equal(text, []byte("null")):
	case text[0] == '[':
		err = json.Unmarshal(text, &list)
		d.outcomes = append(d.outcomes, list...)
	default:
		d.outcomes = append(d.outcomes, text)
	}
	return err
}

// errorPart is what a test can expect of an error's text: without a place,
// which changes with the file, and in one line.
func errorPart(err error) string {
	var placed *RuleError
	if errors.As(err, &placed) && placed.Err != nil {
		err = placed.Err
	}
	text, _, _ := bytes.Cut([]byte(err.Error()), []byte("\n"))
	return string(text)
}

// outcomesKey is the key under which tests of the set expect outcomes.
func (s *Set[In, Then]) outcomesKey() string {
	if len(s.files) == 0 {
		return ""
	}
	return s.files[0].outcomes
}

// readTest reads the text of a test, as if it stood in a file of tests beside
// the rules. It may name the rules that are given. The error says what a file
// would be refused for.
func (s *Set[In, Then]) readTest(text string, names ...string) (Test, error) {
	l := loader[In, Then]{}
	l.cfg.Outcomes = s.outcomesKey()
	l.names, l.used = map[string]bool{}, map[string]bool{}
	l.env = s.env()
	for _, name := range names { // all of them would be many for each draft
		_, l.names[name] = s.find(name)
	}
	if root := l.open("the draft", []byte("version: 1\ntests:\n"+text)); root != nil {
		l.loadBeside(root)
	}
	if err := loadError(l.problems); err != nil {
		return Test{}, err
	}
	if len(l.tests) != 1 {
		return Test{}, errors.New("the draft is not one test")
	}
	return l.tests[0], nil
}

// verified is a draft as text, and as the test that a file makes of it, which
// passes.
func (s *Set[In, Then]) verified(ctx context.Context, tester Tester[In, Then], d testDraft) (string, Test, error) {
	text, err := testText(d)
	if err != nil {
		return "", Test{}, err
	}
	names := slices.Clone(d.fired)
	for _, skip := range d.skipped {
		names = append(names, skip.rule)
	}
	test, err := s.readTest(text, names...)
	if err != nil {
		return "", Test{}, err
	}
	if result := s.RunTest(ctx, test, tester); !result.Passed() {
		return "", Test{}, errors.New(result.String())
	}
	return text, test, nil
}
