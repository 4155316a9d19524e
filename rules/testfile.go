package rules

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v4"

	"github.com/afterword-go/afterword/internal/nearest"
	"github.com/afterword-go/afterword/rules/internal/tree"
	"github.com/afterword-go/afterword/rules/internal/yamlfile"
)

// documentTest is the shape of a test; a case of it has the same but no cases.
type documentTest struct {
	Name   string     `json:"name"`
	Given  *yaml.Node `json:"given,omitempty"`
	Base   string     `json:"base,omitempty"`
	Set    *yaml.Node `json:"set,omitempty"`
	Unset  *yaml.Node `json:"unset,omitempty"`
	Expect *yaml.Node `json:"expect,omitempty"`
	Cases  *yaml.Node `json:"cases,omitempty"`
}

// documentBeside is the shape of a test file.
type documentBeside struct {
	Version  int        `json:"version"`
	Fixtures *yaml.Node `json:"fixtures,omitempty"`
	Tests    *yaml.Node `json:"tests"`
}

// loadBeside reads a test file.
func (l *loader[In, Then]) loadBeside(root *yaml.Node) {
	var doc documentBeside
	before := len(l.problems)
	l.decoder(false).Decode(root, "the file", reflect.ValueOf(&doc))
	if doc.Tests == nil && len(l.problems) == before {
		l.report(root, "the file lacks tests")
	}
	l.head(root, doc.Version, cmp.Or(l.cfg.Event, "any"))
	l.loadTests(doc.Fixtures, doc.Tests)
	l.remember(root)
}

// maxInputs bounds the memory of tests: the bytes of all their inputs.
const maxInputs = 64 << 20

// A tally counts what the tests read so far come to.
type tally struct {
	names map[string]bool
	bytes int // of their inputs, and of lists that paths made
}

// refuse reports what quotes the file: in one line, and not too long.
func (l *loader[In, Then]) refuse(n *yaml.Node, format string, args ...any) {
	l.report(n, "%s", inOneLine(fmt.Sprintf(format, args...)))
}

// full tells whether more problems would not be listed.
func (l *loader[In, Then]) full() bool { return len(l.problems) > maxProblems }

// decoder decodes nodes of the file that is open, and reports to it.
func (l *loader[In, Then]) decoder(nulls bool) *yamlfile.Decoder {
	return &yamlfile.Decoder{Nulls: nulls, Report: func(n *yaml.Node, message string) {
		l.report(n, "%s", strings.ReplaceAll(message, "the file.", ""))
	}}
}

// loadTests reads the fixtures and tests of the file that is open.
func (l *loader[In, Then]) loadTests(fixtures, tests *yaml.Node) {
	l.loadFixtures(fixtures)
	if tests == nil {
		return
	}
	if tests.Kind != yaml.SequenceNode {
		l.report(tests, "tests is a list: begin each test with a hyphen")
		return
	}
	all := &tally{names: map[string]bool{}}
	for _, known := range l.tests { // of another file
		all.bytes += len(known.input)
		all.names[known.Name] = true
	}
	for i, n := range tests.Content {
		if l.full() || all.bytes > maxInputs {
			return
		}
		l.test(n, fmt.Sprintf("tests[%d]", i), nil, all)
	}
}

// loadFixtures reads the inputs that tests may begin with.
func (l *loader[In, Then]) loadFixtures(n *yaml.Node) {
	if n == nil {
		return
	}
	if n.Kind != yaml.MappingNode {
		l.report(n, "fixtures is a group: a name and a payload each")
		return
	}
	before := l.bases // of another file
	l.bases = map[string]*given{}
	maps.Copy(l.bases, before)
	for i := 0; i+1 < len(n.Content); i += 2 {
		name := n.Content[i]
		if _, taken := before[name.Value]; taken {
			l.refuse(name, "another fixture has the same name: %s", name.Value)
		}
		l.bases[name.Value] = l.payload(n.Content[i+1])
	}
}

// payload is an input as a test gives it, complete or in part.
func (l *loader[In, Then]) payload(n *yaml.Node) *given {
	if n.Kind != yaml.MappingNode {
		l.report(n, "a payload is a group of fields")
		return &given{l.name, n, map[string]*given{}}
	}
	l.checkNames(n, l.env.Input)
	return placed(l.name, n, l.plain(n, "the payload"))
}

// plain is a node as JSON would decode it.
func (l *loader[In, Then]) plain(n *yaml.Node, what string) any {
	var v any
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return nil
	}
	l.decoder(true).Decode(n, what, reflect.ValueOf(&v))
	return v
}

// checkNames reports fields that the input does not have: a payload may grow,
// but a test that misspells a field tests nothing.
func (l *loader[In, Then]) checkNames(n *yaml.Node, t *tree.Type) {
	switch {
	case t.Kind == tree.Group && n.Kind == yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i]
			switch key.Tag {
			case "!!null", "!!int", "!!float", "!!bool", "!!merge":
				continue // reported as what they are
			}
			field, ok := t.Field(key.Value)
			if !ok {
				l.refuse(key, "unknown field %s%s", key.Value, meant(key.Value, t.Names()))
				continue
			}
			l.checkNames(n.Content[i+1], field.Type)
		}
	case t.Kind == tree.List && t.Elem != nil && n.Kind == yaml.SequenceNode:
		for _, item := range n.Content {
			l.checkNames(item, t.Elem)
		}
	}
}

// meant says which of the names an unknown one may have meant.
func meant(name string, names []string) string {
	if near, ok := nearest.To(name, slices.Values(names)); ok {
		return " (did you mean " + near + "?)"
	}
	if len(names) == 0 || len(names) > maxNames {
		return ""
	}
	return "; there are " + strings.Join(names, ", ")
}

// maxNames bounds the names that a problem lists.
const maxNames = 40

// test reads a test, which is a case of outer unless that is nil, and keeps
// what there is to run.
func (l *loader[In, Then]) test(n *yaml.Node, what string, outer *Test, all *tally) {
	before := len(l.problems)
	var doc documentTest
	l.decoder(false).Decode(n, what, reflect.ValueOf(&doc))
	if n.Kind != yaml.MappingNode {
		return
	}
	l.used[doc.Base] = true
	at := l.file.At(n)
	var test Test
	if outer != nil {
		test = *outer
	}
	test.File, test.Line, test.Column = l.name, at.Line, at.Column
	l.nameTest(n, &doc, &test, all)
	test.unsound = test.unsound || len(l.problems) > before
	l.testInput(n, &doc, &test, all)
	before = len(l.problems)
	l.expect(doc.Expect, &test)
	test.unsound = test.unsound || len(l.problems) > before
	switch {
	case doc.Cases == nil:
		l.keep(n, test, all)
	case outer != nil:
		l.report(doc.Cases, "a case has no cases of its own")
	case doc.Cases.Kind != yaml.SequenceNode || len(doc.Cases.Content) == 0:
		l.report(doc.Cases, "cases is a list of at least one")
	default:
		for i, n := range doc.Cases.Content {
			if l.full() || all.bytes > maxInputs {
				return
			}
			l.test(n, fmt.Sprintf("%s.cases[%d]", what, i), &test, all)
		}
	}
}

// nameTest gives a test its name, or a case: test still has that of its test.
func (l *loader[In, Then]) nameTest(n *yaml.Node, doc *documentTest, test *Test, all *tally) {
	at := member(n, "name")
	if strings.TrimSpace(doc.Name) == "" {
		if at != nil && at.Tag == "!!str" {
			l.report(at, "a test needs a name")
		}
		return
	}
	if test.Name != "" {
		test.Name += "/"
	}
	test.Name += doc.Name
	if all.names[test.Name] {
		l.refuse(at, "another test has the same name: %s", test.Name)
	}
	all.names[test.Name] = true
}

// keep keeps a test to run, with its input written down.
func (l *loader[In, Then]) keep(n *yaml.Node, test Test, all *tally) {
	if test.outcomes == nil && test.fired == nil && len(test.skipped) == 0 && test.err == nil && !test.unsound {
		l.report(n, "the test expects nothing: say under expect what is to follow (%s)", strings.Join(l.expectations(), ", "))
	}
	input, err := json.Marshal(test.payload.plain())
	if err != nil {
		l.refuse(n, "the payload has no JSON form: %s", err)
	}
	l.checkPayload(test.payload, input)
	test.input, test.payload = input, nil
	l.tests = append(l.tests, test)
	before := all.bytes
	if all.bytes += len(input); all.bytes > maxInputs && before <= maxInputs {
		l.report(n, "the inputs of all tests together have more than %d MiB: make them smaller", maxInputs>>20)
	}
}

// expectations lists what a test may expect.
func (l *loader[In, Then]) expectations() []string {
	return []string{l.outcomesKey(), "fired", "skipped", "error"}
}

func (l *loader[In, Then]) outcomesKey() string {
	if l.cfg.Outcomes != "" {
		return l.cfg.Outcomes
	}
	return "outcomes"
}

// expect reads what a test expects. A case keeps what it does not say anew.
func (l *loader[In, Then]) expect(n *yaml.Node, test *Test) {
	if n == nil {
		return
	}
	if n.Kind != yaml.MappingNode {
		l.report(n, "expect is a group of %s", strings.Join(l.expectations(), ", "))
		return
	}
	decoder := l.decoder(false)
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if seen[key.Value] || key.Kind != yaml.ScalarNode {
			continue // reported
		}
		seen[key.Value] = true
		switch key.Value {
		case "fired":
			fired := []string{}
			decoder.Decode(value, "fired", reflect.ValueOf(&fired))
			l.ruleNames(value.Content, fired)
			test.fired = &fired
		case "skipped":
			test.skipped = map[string][]string{}
			decoder.Decode(value, "skipped", reflect.ValueOf(&test.skipped))
			l.skippedNames(value)
		case "error":
			var text string
			decoder.Decode(value, "error", reflect.ValueOf(&text))
			if text == "" && value.Tag == "!!str" {
				l.report(value, "error is empty, and so would be in any error: write a part of the error's text")
			}
			test.err = &text
		case l.outcomesKey():
			l.expectOutcomes(value, test)
		default:
			l.refuse(key, "unknown key %s in expect%s", key.Value, meant(key.Value, l.expectations()))
		}
	}
}

func (l *loader[In, Then]) expectOutcomes(n *yaml.Node, test *Test) {
	var list []any
	switch plain := l.plain(n, l.outcomesKey()); n.Kind {
	case yaml.SequenceNode:
		list, _ = plain.([]any)
	case yaml.MappingNode:
		list = []any{plain}
	default:
		l.report(n, "%s is a list; [] for none", l.outcomesKey())
		return
	}
	plain, err := asJSON(list)
	if err != nil {
		l.refuse(n, "%s has no JSON form: %s", l.outcomesKey(), err)
		return
	}
	outcomes, _ := plain.([]any)
	test.outcomes = &outcomes
}

// ruleNames reports names that no rule of the file has.
func (l *loader[In, Then]) ruleNames(nodes []*yaml.Node, names []string) {
	for i, name := range names {
		if !l.names[name] && name != "" && i < len(nodes) && !l.full() {
			l.refuse(nodes[i], "there is no rule %q%s", name, meant(name, l.ruleList()))
		}
	}
}

// skippedNames reports rules that the file does not have, and fields that the
// input does not.
func (l *loader[In, Then]) skippedNames(n *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		return // reported
	}
	for i := 0; i+1 < len(n.Content) && !l.full(); i += 2 {
		rule, names := n.Content[i], n.Content[i+1]
		l.ruleNames(n.Content[i:i+1], []string{rule.Value})
		for _, name := range names.Content {
			if names.Kind == yaml.SequenceNode && name.Tag == "!!str" && plainPath(name.Value) && !l.full() {
				l.steps(name)
			}
		}
	}
}

// plainPath tells of the name of a field, perhaps in a list: what is absent may
// also be the value of a function or an operator, whose text is its name.
func plainPath(name string) bool {
	inBrackets := false
	for _, r := range name {
		switch {
		case r == '[' || r == ']':
			inBrackets = r == '['
		case inBrackets && (r < '0' || '9' < r):
			return false // a place that the input chooses
		case r != '_' && r != '.' && !unicode.IsLetter(r) && !unicode.IsDigit(r):
			return false
		}
	}
	return true
}

func (l *loader[In, Then]) ruleList() []string {
	var names []string
	listed := map[string]bool{}
	for _, r := range l.rules {
		if r.Name != "" && !listed[r.Name] {
			listed[r.Name] = true
			names = append(names, r.Name)
		}
	}
	return names
}
