package rules

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"

	"github.com/afterword-go/afterword/internal/fields"
	"github.com/afterword-go/afterword/internal/nearest"
	"github.com/afterword-go/afterword/rules/internal/check"
	"github.com/afterword-go/afterword/rules/internal/yamlfile"
)

// MaxFile bounds a rule file, in bytes.
const MaxFile = 16 << 20

// A TestFile holds tests for the rules of a file, beside it. It has the keys
// version, fixtures and tests.
type TestFile struct {
	Name string // stands in errors only
	Data []byte
}

// Parse compiles the rules of a file; the language reference, docs/rules.md,
// describes it. The name stands in errors only. The outcome of each rule is
// decoded into Then by the JSON names of its fields: every field that is
// neither a pointer nor tagged omitempty or omitzero must be there, and a
// single outcome will do for a slice of structs. Fields of the type Text may
// hold ${…}.
//
// The error is a *LoadError with everything that is wrong, tests included, each
// at its line and column. Config.Hit and Config.Vars must be zero: a file has
// its own.
func Parse[In, Then any](cfg Config, name string, data []byte, tests ...TestFile) (*Set[In, Then], error) {
	l := loader[In, Then]{}
	l.cfg, l.wrong = cfg, checkOf[In](cfg)
	l.builder.names = map[string]bool{}
	l.used = map[string]bool{}
	l.builder.constants.Allow(1)
	if cfg.Hit != Collect || cfg.Vars != nil {
		l.problems = append(l.problems, Problem{File: name, Message: "Config.Hit and Config.Vars are for rules made in Go: a file has its own"})
	}
	hit := Collect
	if root := l.open(name, data); root != nil {
		hit = l.load(root)
	}
	for i := range l.problems {
		l.nameRule(&l.problems[i])
	}
	for _, t := range tests {
		if root := l.open(t.Name, t.Data); root != nil && l.env != nil {
			l.loadBeside(root)
		}
	}
	set, err := l.set(hit)
	if err != nil {
		return nil, err
	}
	set.tests, set.files = l.tests, l.files
	set.markUsed(l.used)
	return set, nil
}

// open reads a file, whose problems are reported from now on.
func (l *loader[In, Then]) open(name string, data []byte) *yaml.Node {
	file, problems := yamlfile.Parse(data, MaxFile)
	l.name, l.file = name, file
	for _, p := range problems {
		l.problems = append(l.problems, Problem{File: name, Line: p.Line, Column: p.Column, Message: p.Message})
	}
	return file.Root()
}

// document is the shape of a rule file.
type document[Then any] struct {
	Version int                  `json:"version"`
	Event   string               `json:"event"`
	Hit     string               `json:"hit,omitempty"`
	Vars    map[string]any       `json:"vars,omitempty"`
	Rules   []documentRule[Then] `json:"rules"`

	Fixtures *yaml.Node `json:"fixtures,omitempty"`
	Tests    *yaml.Node `json:"tests,omitempty"`
}

type documentRule[Then any] struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	Mode        string `json:"mode,omitempty"`
	When        any    `json:"when"`
	Then        Then   `json:"then"`
}

// A loader builds a set from a file.
type loader[In, Then any] struct {
	builder[In, Then]
	name  string
	file  *yamlfile.File
	spans []ruleSpan

	bases map[string]*given // the fixtures
	used  map[string]bool   // those that a test begins with
	wrong payloadCheck      // nil: payloads are not checked
	told  map[wrongPlace]bool
	tests []Test
	files []lintFile
}

// A ruleSpan is where a rule begins, to name it in problems of its YAML.
type ruleSpan struct {
	yamlfile.Position
	name string
}

func (l *loader[In, Then]) report(n *yaml.Node, format string, args ...any) {
	if len(l.problems) > maxProblems {
		return // it would not be listed
	}
	at := l.file.At(n)
	l.problems = append(l.problems, Problem{File: l.name, Line: at.Line, Column: at.Column, Message: fmt.Sprintf(format, args...)})
}

// load compiles what the file holds and returns its policy.
func (l *loader[In, Then]) load(root *yaml.Node) Hit {
	var doc document[Then]
	l.decoder(false).Decode(root, "the file", reflect.ValueOf(&doc))
	l.head(root, doc.Version, doc.Event)
	l.setUp(root, doc.Vars)
	hit := l.hitOf(root, doc.Hit)

	list := member(root, "rules")
	if list != nil && list.Kind == yaml.MappingNode {
		l.report(list, "rules is a list: begin each rule with a hyphen")
	}
	if list == nil || list.Kind != yaml.SequenceNode {
		return hit
	}
	if len(list.Content) == 0 {
		l.report(list, "rules is empty: a file holds at least one rule")
	}
	if l.env == nil {
		return hit
	}
	for i, node := range list.Content {
		if node.Kind != yaml.MappingNode || i >= len(doc.Rules) {
			l.spans = append(l.spans, ruleSpan{Position: l.file.At(node)})
			continue
		}
		l.spans = append(l.spans, ruleSpan{l.file.At(node), doc.Rules[i].Name})
		l.rule(node, i+1, doc.Rules[i])
	}
	if end := after(root, "rules"); end != nil {
		l.spans = append(l.spans, ruleSpan{Position: l.file.At(end)})
	}
	l.loadTests(doc.Fixtures, doc.Tests)
	l.remember(root)
	return hit
}

// head checks what a file says of itself.
func (l *loader[In, Then]) head(root *yaml.Node, version int, event string) {
	if n := member(root, "version"); n != nil && n.Tag == "!!int" && version != 1 {
		l.report(n, "version is always 1")
	}
	if n := member(root, "event"); n != nil && n.Tag == "!!str" && event == "" {
		l.report(n, "event is empty: name the event that the rules are for")
	}
	if n := member(root, "event"); n != nil && event != l.cfg.Event && l.cfg.Event != "" && event != "" {
		near := ""
		if _, close := nearest.To(event, slices.Values([]string{l.cfg.Event})); close {
			near = fmt.Sprintf(" (did you mean %s?)", l.cfg.Event)
		}
		l.report(n, "these rules are for the event %s, but only rules for %s are taken here%s", strconv.Quote(event), l.cfg.Event, near)
	}
}

func (l *loader[In, Then]) hitOf(root *yaml.Node, hit string) Hit {
	n := member(root, "hit")
	if n == nil || hit == Collect.String() {
		return Collect
	}
	if hit != First.String() && n.Tag == "!!str" {
		l.report(n, "hit is collect (every rule that fires) or first (the first one only)")
	}
	return First
}

// setUp makes the environment of the expressions.
func (l *loader[In, Then]) setUp(root *yaml.Node, vars map[string]any) {
	env, errs := newEnv[In](nil, l.cfg.Functions)
	for _, err := range errs {
		l.problems = append(l.problems, Problem{File: l.name, Message: err.Error()})
	}
	l.env = env
	if env == nil || vars == nil {
		return
	}
	constants, problems := check.NewVar(withoutNil(vars))
	for _, p := range problems[:min(len(problems), maxProblems+1)] {
		l.report(descend(member(root, "vars"), p.Path), "vars.%s: %s", strings.Join(p.Path, "."), p.Message)
	}
	env.Vars = constants
}

// withoutNil leaves out what could not be decoded, which was reported.
func withoutNil(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			if v[name] = withoutNil(member); v[name] == nil {
				delete(v, name)
			}
		}
	case []any:
		for i := range v {
			v[i] = withoutNil(v[i])
		}
		return slices.DeleteFunc(v, func(item any) bool { return item == nil })
	}
	return v
}

// rule compiles one rule.
func (l *loader[In, Then]) rule(node *yaml.Node, number int, doc documentRule[Then]) {
	at := l.file.At(node)
	src := source[In, Then]{
		Rule:   Rule[In, Then]{Name: doc.Name, Description: doc.Description, Then: doc.Then},
		number: number, file: l.name, line: at.Line, column: at.Column,
		when: []locator{}, texts: []placedText{}, locate: inText,
	}
	if n := member(node, "name"); n != nil && n.Tag == "!!str" {
		place := l.file.At(n)
		src.namedAt = &place
	} else {
		src.nameless = true // reported already
	}
	src.Mode = l.modeOf(node, doc.Mode)
	for _, n := range l.conditions(member(node, "when")) {
		l.uncommented(n)
		src.When.texts = append(src.When.texts, n.Value)
		src.when = append(src.when, l.locator(n))
	}
	then := member(node, "then")
	if then != nil && len(then.Content) == 0 && then.Kind == yaml.SequenceNode {
		l.report(then, "then is empty: say what follows")
	}
	src.texts = l.texts(reflect.ValueOf(&src.Then).Elem(), then, "")
	l.add(src)
}

func (l *loader[In, Then]) modeOf(node *yaml.Node, text string) Mode {
	mode, ok := parseMode(text)
	if !ok {
		l.report(member(node, "mode"), "mode is enforce (the rule counts), shadow (it is traced and counted, nothing follows) or off")
	}
	return mode
}

// conditions are the scalars of when: one, or a list.
func (l *loader[In, Then]) conditions(n *yaml.Node) []*yaml.Node {
	switch {
	case n == nil:
		return nil
	case n.Kind == yaml.ScalarNode && n.Tag != "!!null":
		return []*yaml.Node{n}
	case n.Kind == yaml.SequenceNode && len(n.Content) == 0:
		l.report(n, "when is empty: write true for a rule that always fires")
	case n.Kind == yaml.SequenceNode:
		return l.listed(n)
	case n.Kind == yaml.MappingNode:
		l.report(n, "when is a condition or a list of conditions, not a group of keys: put it into quotes if it holds a colon")
	}
	return nil
}

func (l *loader[In, Then]) listed(n *yaml.Node) []*yaml.Node {
	var out []*yaml.Node
	for _, item := range n.Content {
		if item.Kind == yaml.ScalarNode {
			out = append(out, item)
			continue
		}
		l.report(item, "when is a list of conditions: put this one into quotes if it holds a colon, a bracket or a brace")
	}
	return out
}

// uncommented reports a comment behind a condition or text without quotes: its
// author may have meant it as a part of the text.
func (l *loader[In, Then]) uncommented(n *yaml.Node) {
	if at, ok := l.file.Comment(n); ok {
		l.problems = append(l.problems, Problem{
			File: l.name, Line: at.Line, Column: at.Column,
			Message: "everything behind # is a comment to YAML: put the whole text in quotes, or the comment on a line of its own",
		})
	}
}

// locator places runes of a scalar in the file, which it reads again when it
// is first asked.
func (l *loader[In, Then]) locator(n *yaml.Node) locator {
	file := l.file
	runes := sync.OnceValue(func() []yamlfile.Position { return file.Runes(n) })
	return func(at int) (int, int) {
		places := runes()
		p := places[min(max(at, 0), len(places)-1)]
		return p.Line, p.Column
	}
}

// texts finds the texts in the outcome that was decoded from n.
func (l *loader[In, Then]) texts(v reflect.Value, n *yaml.Node, field string) []placedText {
	if n == nil {
		return nil
	}
	if v.Type() == reflect.TypeFor[Text]() {
		l.uncommented(n)
		return []placedText{{text: Text(v.String()), field: field, at: l.locator(n)}}
	}
	var out []placedText
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			return l.texts(v.Elem(), n, field)
		}
	case reflect.Slice, reflect.Array:
		if n.Kind == yaml.MappingNode && v.Len() == 1 {
			return l.texts(v.Index(0), n, field)
		}
		for i := range min(v.Len(), len(n.Content)) {
			out = append(out, l.texts(v.Index(i), n.Content[i], field)...)
		}
	case reflect.Map:
		for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
			key := reflect.ValueOf(n.Content[i].Value).Convert(v.Type().Key())
			if inner := v.MapIndex(key); inner.IsValid() {
				out = append(out, l.texts(inner, n.Content[i+1], n.Content[i].Value)...)
			}
		}
	case reflect.Struct:
		for _, f := range fields.Of(v.Type()) {
			if inner, err := v.FieldByIndexErr(f.Index); err == nil {
				out = append(out, l.texts(inner, member(n, f.Name), f.Name)...)
			}
		}
	}
	return out
}

// nameRule names the rule that a problem lies in, if it does not say.
func (l *loader[In, Then]) nameRule(p *Problem) {
	if p.Rule != "" || p.Line == 0 {
		return
	}
	at := yamlfile.Position{Line: p.Line, Column: p.Column}
	for _, span := range l.spans {
		if span.Compare(at) > 0 {
			return
		}
		p.Rule = span.name
		if p.Column < span.Column { // outside the list of rules
			p.Rule = ""
		}
	}
}

// member is the value of a key, nil without it.
func member(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// after is the key behind another one, nil at the end.
func after(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+3 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+2]
		}
	}
	return nil
}

// descend follows names and indexes down a node, as far as they lead.
func descend(n *yaml.Node, path []string) *yaml.Node {
	for _, name := range path {
		next := member(n, name)
		if i, err := strconv.Atoi(name); err == nil && n.Kind == yaml.SequenceNode && i < len(n.Content) {
			next = n.Content[i]
		}
		if next == nil {
			break
		}
		n = next
	}
	return n
}
