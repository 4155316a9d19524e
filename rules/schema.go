package rules

import (
	"cmp"
	"fmt"
	"reflect"
	"strings"

	"github.com/afterword-go/afterword/internal/schema"
	"github.com/afterword-go/afterword/rules/internal/check"
)

// Schema is the JSON Schema (draft 2020-12) of the files that [Parse] reads as
// rules with the input In and the outcome Then, and of the files of tests
// beside them, for editors that complete and check YAML. It says what shape a
// file has; conditions and texts are texts to it, and what lies beyond shape
// (names that are used twice, names of rules that are not there) is left to
// Parse.
//
// Descriptions of fields come from their tag "doc", examples from the tag
// "example", the bounds of payloads in tests from the tags "validate" and
// "schema". Of cfg, Event and Outcomes count.
//
// The text is indented, always in the same order, and ends with a line break.
// The error tells why rules cannot read an In.
func Schema[In, Then any](cfg Config) ([]byte, error) {
	in := reflect.TypeFor[In]()
	if in.Kind() != reflect.Struct {
		return nil, fmt.Errorf("the input of rules is a struct, not %s", in)
	}
	f := fileSchema{cfg: cfg}
	for _, name := range []string{"constant", "rule", "outcome", "test", "case", "expect", "set", "unset"} {
		f.Define(name, &schema.Schema{}) // keeps the name
	}
	f.payload = f.Of(in, schema.Part)
	f.then = f.Of(reflect.TypeFor[Then](), schema.File)
	f.constants()
	f.rule()
	f.tests()
	return f.root().Text()
}

// A fileSchema makes the schema of rule files.
type fileSchema struct {
	schema.Builder
	cfg           Config
	payload, then *schema.Schema
}

// property is a property with a description.
func property(name, description string, s *schema.Schema) schema.Property {
	s.Description = description
	return schema.Property{Name: name, Schema: s}
}

func closed(properties ...schema.Property) *schema.Schema {
	return &schema.Schema{Type: schema.Types{schema.Object}, Properties: properties, Others: schema.Nothing()}
}

func text() *schema.Schema { return &schema.Schema{Type: schema.Types{schema.String}} }

func listOf(item *schema.Schema) *schema.Schema {
	return &schema.Schema{Type: schema.Types{schema.Array}, Items: item}
}

func reference(name string) *schema.Schema { return &schema.Schema{Ref: "#/$defs/" + name} }

// root is the schema of a file: of rules, or of tests alone.
func (f *fileSchema) root() *schema.Schema {
	event := &schema.Schema{Type: schema.Types{schema.String}, MinLength: schema.To(1)}
	if f.cfg.Event != "" {
		event = &schema.Schema{Const: f.cfg.Event}
	}
	rules := listOf(reference("rule"))
	rules.MinItems = schema.To(1)
	root := closed(
		property("version", "The version of the format: always 1.", &schema.Schema{Const: 1}),
		property("event", "The wire ID of the event that the rules are for.", event),
		property("hit", "Which of the rules that fire count.", &schema.Schema{
			Enum:             []any{Collect.String(), First.String()},
			EnumDescriptions: []string{"Every rule that fires counts.", "Only the first rule of the file that fires counts."},
			Default:          Collect.String(),
		}),
		property("vars", "Constants, which conditions and texts read as vars.name.", typed(reference("constant"), schema.Object)),
		property("rules", "The rules, in order.", rules),
		property("fixtures", "Payloads by name, for tests to begin with (base).", &schema.Schema{
			Type: schema.Types{schema.Object}, Others: f.given(),
		}),
		property("tests", "Tests of the rules: an input each, and what is to follow from it.", listOf(reference("test"))),
	)
	root.Draft = schema.Draft
	root.Title = strings.TrimSpace("Rules for " + cmp.Or(f.cfg.Event, "any event"))
	root.Description = "A file of rules, or a file of tests beside one, which has version, fixtures and tests only."
	root.Required = []string{"version"}
	// What has tests and nothing of a rule file is a file of tests.
	root.If = &schema.Schema{
		Required: []string{"tests"},
		Not:      &schema.Schema{AnyOf: []*schema.Schema{has("event"), has("hit"), has("vars"), has("rules")}},
	}
	root.Else = has("event", "rules")
	root.Defs = f.Defs()
	return root
}

func has(names ...string) *schema.Schema { return &schema.Schema{Required: names} }

// constants defines what stands under vars.
func (f *fileSchema) constants() {
	scalars := schema.Types{schema.String, schema.Number, schema.Boolean}
	var lists []*schema.Schema
	for _, scalar := range scalars {
		lists = append(lists, listOf(&schema.Schema{Type: schema.Types{scalar}}))
	}
	var reserved []any
	for _, word := range check.Reserved() {
		reserved = append(reserved, word)
	}
	group := &schema.Schema{
		Type:   schema.Types{schema.Object},
		Names:  &schema.Schema{Pattern: "^[A-Za-z_][A-Za-z0-9_]*$", Not: &schema.Schema{Enum: reserved}},
		Others: reference("constant"),
	}
	f.Define("constant", &schema.Schema{
		Description: "A constant: a text, a number, true or false, a list of one kind of these, or a group of constants.",
		AnyOf:       append([]*schema.Schema{{Type: scalars}, group}, lists...),
	})
}

// rule defines a rule.
func (f *fileSchema) rule() {
	name := text()
	name.Pattern, name.MaxLength = "^[A-Za-z0-9._-]+$", schema.To(100)
	name.PatternMessage = "a name is made of letters, digits, -, _ and ., at most 100 of them"
	condition := &schema.Schema{Type: schema.Types{schema.String, schema.Boolean}, MinLength: schema.To(1)}
	conditions := listOf(condition)
	conditions.MinItems = schema.To(1)
	for _, list := range append([]*schema.Schema{f.then}, f.then.AnyOf...) {
		if list.Items != nil {
			list.MinItems = schema.To(1)
		}
	}
	rule := closed(
		property("name", "The name of the rule: unique; letters, digits, -, _ and ., at most 100 of them.", name),
		property("description", "What the rule is there for, for people.", text()),
		property("mode", "Whether the rule counts.", &schema.Schema{
			Enum: []any{Enforce.String(), Shadow.String(), Off.String()},
			EnumDescriptions: []string{
				"The rule counts.",
				"The rule is evaluated, explained and counted, but nothing follows from it.",
				"The rule is checked when the file is loaded, and that is all.",
			},
			Default: Enforce.String(),
		}),
		property("when", "The condition, or a list of conditions that must all hold. The rule fires only when it is true: what reads an absent field is neither true nor false.",
			&schema.Schema{AnyOf: []*schema.Schema{condition, conditions}}),
		property("then", "What follows when the rule fires. In texts, ${…} inserts the value of an expression.", f.then),
	)
	rule.Required = []string{"name", "when", "then"}
	f.Define("rule", rule)
}

// typed narrows a schema to one type.
func typed(s *schema.Schema, name string) *schema.Schema {
	s.Type = schema.Types{name}
	return s
}
