package rules

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

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
	l.decoder(false).Decode(root, "the file", reflect.ValueOf(&doc))
	l.head(root, doc.Version, l.cfg.Event)
	l.loadTests(doc.Fixtures, doc.Tests)
}

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
	for i, n := range tests.Content {
		for _, test := range l.test(n, fmt.Sprintf("tests[%d]", i), Test{}) {
			if slices.ContainsFunc(l.tests, func(known Test) bool { return known.Name == test.Name }) {
				l.report(n, "another test has the same name: %s", test.Name)
			}
			l.tests = append(l.tests, test)
		}
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
	if l.bases == nil {
		l.bases = map[string]any{}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name := n.Content[i]
		if _, taken := l.bases[name.Value]; taken {
			l.report(name, "another fixture has the same name: %s", name.Value)
		}
		l.bases[name.Value] = l.payload(n.Content[i+1])
	}
}

// payload is an input as a test gives it, complete or in part.
func (l *loader[In, Then]) payload(n *yaml.Node) any {
	if n.Kind != yaml.MappingNode {
		l.report(n, "a payload is a group of fields")
		return map[string]any{}
	}
	l.checkNames(n, l.env.Input)
	return l.plain(n, "the payload")
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
			field, ok := t.Field(key.Value)
			if !ok {
				l.report(key, "unknown field %s%s", key.Value, meant(key.Value, t.Names()))
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
	if len(names) == 0 {
		return ""
	}
	return "; there are " + strings.Join(names, ", ")
}

// test reads a test, which is a case of outer if that has a name, and returns
// what there is to run.
func (l *loader[In, Then]) test(n *yaml.Node, what string, outer Test) []Test {
	var doc documentTest
	l.decoder(false).Decode(n, what, reflect.ValueOf(&doc))
	at := l.file.At(n)
	test := outer
	test.Name, test.File, test.Line, test.Column = doc.Name, l.name, at.Line, at.Column
	if outer.Name != "" {
		test.Name = outer.Name + "/" + doc.Name
	}
	test.payload = l.testInput(n, &doc, outer)
	l.expect(doc.Expect, &test)
	if doc.Cases == nil {
		if test.outcomes == nil && test.fired == nil && test.skipped == nil && test.err == nil {
			l.report(n, "the test expects nothing: say under expect what is to follow (%s)", strings.Join(l.expectations(), ", "))
		}
		return []Test{l.finish(test)}
	}
	if outer.Name != "" {
		l.report(doc.Cases, "a case has no cases of its own")
		return nil
	}
	if doc.Cases.Kind != yaml.SequenceNode || len(doc.Cases.Content) == 0 {
		l.report(doc.Cases, "cases is a list of at least one")
		return nil
	}
	var out []Test
	for i, n := range doc.Cases.Content {
		out = append(out, l.test(n, fmt.Sprintf("%s.cases[%d]", what, i), test)...)
	}
	return out
}

// finish writes the input down.
func (l *loader[In, Then]) finish(test Test) Test {
	input, err := json.Marshal(test.payload)
	if err != nil { // a number that JSON does not have
		l.problems = append(l.problems, Problem{Line: test.Line, Column: test.Column, Message: "the payload has no JSON form: " + err.Error()})
	}
	test.input, test.payload = input, nil
	return test
}

// testInput is the payload that a test or case begins with, changed as it says.
func (l *loader[In, Then]) testInput(n *yaml.Node, doc *documentTest, outer Test) any {
	payload := outer.payload
	switch {
	case doc.Given != nil && doc.Base != "":
		l.report(n, "a test has given or base, not both")
	case doc.Given != nil:
		payload = l.payload(doc.Given)
	case doc.Base != "":
		base, ok := l.bases[doc.Base]
		if !ok {
			l.report(member(n, "base"), "unknown fixture %s%s", doc.Base, meant(doc.Base, slices.Sorted(maps.Keys(l.bases))))
		}
		payload = base
	case payload == nil:
		l.report(n, "the test has no input: write given, or base with the name of a fixture")
	}
	payload = copied(payload)
	if payload == nil {
		payload = map[string]any{}
	}
	payload = l.changed(payload, doc.Set)
	return l.cut(payload, doc.Unset)
}

// copied is a copy of plain values.
func copied(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, member := range v {
			out[key] = copied(member)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = copied(item)
		}
		return out
	}
	return v
}

// changed sets values at paths.
func (l *loader[In, Then]) changed(payload any, set *yaml.Node) any {
	if set == nil {
		return payload
	}
	if set.Kind != yaml.MappingNode {
		l.report(set, "set is a group: a path and a value each")
		return payload
	}
	for i := 0; i+1 < len(set.Content); i += 2 {
		path, node := set.Content[i], set.Content[i+1]
		steps, t := l.steps(path)
		if steps == nil {
			continue
		}
		l.checkNames(node, t)
		payload = put(payload, steps, l.plain(node, path.Value))
	}
	return payload
}

// cut removes the values at paths.
func (l *loader[In, Then]) cut(payload any, unset *yaml.Node) any {
	if unset == nil {
		return payload
	}
	if unset.Kind != yaml.SequenceNode {
		l.report(unset, "unset is a list of paths")
		return payload
	}
	for _, path := range unset.Content {
		if steps, _ := l.steps(path); steps != nil {
			payload = put(payload, steps, absent{})
		}
	}
	return payload
}

// absent removes what it is put in place of.
type absent struct{}

// steps takes a path such as questionWithAnswers[0].answer apart, and finds
// the type of what it leads to.
func (l *loader[In, Then]) steps(path *yaml.Node) ([]any, *tree.Type) {
	var steps []any
	t := l.env.Input
	for part := range strings.SplitSeq(path.Value, ".") {
		name, indexes, _ := strings.Cut(part, "[")
		if t.Kind != tree.Group {
			l.report(path, "%s has no fields", t)
			return nil, nil
		}
		field, ok := t.Field(name)
		if !ok {
			l.report(path, "unknown field %s%s", name, meant(name, t.Names()))
			return nil, nil
		}
		steps, t = append(steps, name), field.Type
		if indexes == "" {
			continue
		}
		for index := range strings.SplitSeq(indexes, "[") {
			i, err := strconv.Atoi(strings.TrimSuffix(index, "]"))
			if err != nil || !strings.HasSuffix(index, "]") || i < 0 || i > maxIndex || t.Kind != tree.List {
				l.report(path, "%s is not a path such as questions[0].answer", path.Value)
				return nil, nil
			}
			steps, t = append(steps, i), t.Elem
		}
	}
	return steps, t
}

// maxIndex bounds the lists that paths make.
const maxIndex = 10_000

// put is v with a value at the end of steps; groups and lists on the way are
// made where there are none.
func put(v any, steps []any, value any) any {
	if len(steps) == 0 {
		return value
	}
	_, remove := value.(absent)
	switch step := steps[0].(type) {
	case string:
		group, ok := v.(map[string]any)
		if !ok {
			if remove {
				return v
			}
			group = map[string]any{}
		}
		if remove && len(steps) == 1 {
			delete(group, step)
			return group
		}
		if _, there := group[step]; there || !remove {
			group[step] = put(group[step], steps[1:], value)
		}
		return group
	case int:
		list, _ := v.([]any)
		if remove && step >= len(list) {
			return v
		}
		if remove && len(steps) == 1 {
			return slices.Delete(list, step, step+1)
		}
		for len(list) <= step {
			list = append(list, nil)
		}
		list[step] = put(list[step], steps[1:], value)
		return list
	}
	return v
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
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch key.Value {
		case "fired":
			fired := []string{}
			decoder.Decode(value, "fired", reflect.ValueOf(&fired))
			l.ruleNames(value.Content, fired)
			test.fired = &fired
		case "skipped":
			test.skipped = map[string][]string{}
			decoder.Decode(value, "skipped", reflect.ValueOf(&test.skipped))
			for j := 0; value.Kind == yaml.MappingNode && j+1 < len(value.Content); j += 2 {
				l.ruleNames(value.Content[j:j+1], []string{value.Content[j].Value})
			}
		case "error":
			var text string
			decoder.Decode(value, "error", reflect.ValueOf(&text))
			test.err = &text
		case l.outcomesKey():
			l.expectOutcomes(value, test)
		default:
			l.report(key, "unknown key %s in expect%s", key.Value, meant(key.Value, l.expectations()))
		}
	}
}

func (l *loader[In, Then]) expectOutcomes(n *yaml.Node, test *Test) {
	list, ok := l.plain(n, l.outcomesKey()).([]any)
	if n.Kind == yaml.MappingNode {
		list, ok = []any{l.plain(n, l.outcomesKey())}, true
	}
	if !ok {
		l.report(n, "%s is a list; [] for none", l.outcomesKey())
		return
	}
	plain, err := asJSON(list)
	if err != nil {
		l.report(n, "%s has no JSON form: %s", l.outcomesKey(), err)
		return
	}
	outcomes, _ := plain.([]any)
	test.outcomes = &outcomes
}

// ruleNames reports names that no rule of the file has.
func (l *loader[In, Then]) ruleNames(nodes []*yaml.Node, names []string) {
	for i, name := range names {
		if !l.names[name] && name != "" && i < len(nodes) {
			l.report(nodes[i], "there is no rule %q%s", name, meant(name, l.ruleList()))
		}
	}
}

func (l *loader[In, Then]) ruleList() []string {
	var names []string
	for _, r := range l.rules {
		if r.Name != "" {
			names = append(names, r.Name)
		}
	}
	return names
}
