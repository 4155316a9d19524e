package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/transcript"
)

func newDocs(c *cli) *cobra.Command {
	verb := &cobra.Command{
		Use:   "docs [EVENT]",
		Short: "Say what rules can read and call",
		Long: `Docs prints a reference of what rules for an event can read and call, as Markdown.
Without the ID of an event, that is denver_post_survey_email_transcript; its rules have
functions of their own beside those of the language. The language itself is described
in docs/rules.md.

In JSON, the output is {"fields", "functions"}; a field is {"name", "type", "optional",
"meaning", "example"}, a function {"name", "signature", "meaning", "example",
"optional", "language"}.`,
		Example: `  afterword docs
  afterword docs controllerbot_messaging_conversation_idle`,
		Args: atMostOne("the ID of an event"),
	}
	out := addOutput(verb, asJSON)
	verb.RunE = func(_ *cobra.Command, args []string) error {
		kind, err := kindAmong(args)
		if err != nil {
			return err
		}
		if isOpen(kind) {
			return usagef("event %s: rules cannot read its payload, which is an object of the bot's vendor", kind.ID())
		}
		reference, err := referenceOf(kind)
		if err != nil {
			return err
		}
		if out.form == asJSON {
			return c.printJSON(referenceJSONOf(reference))
		}
		c.tellReference(kind, reference)
		return nil
	}
	return verb
}

// kindAmong is the kind that an argument names, or that of rule files.
func kindAmong(args []string) (events.AnyKind, error) {
	if len(args) == 0 {
		return events.ChatPostSurveyEmailTranscript, nil
	}
	return kindOf(args[0])
}

// referenceOf is what rules for an event can read and call, with examples from
// its sample.
func referenceOf(kind events.AnyKind) (rules.Reference, error) {
	if isRuleFiles(kind) {
		return transcript.Reference()
	}
	reference, err := rules.ReferenceOf(kind.PayloadType(), rules.Config{})
	if err != nil {
		return reference, err
	}
	envelope, err := events.DecodeEnvelope(kind.Sample())
	if err != nil {
		return reference, err
	}
	return reference.Sampled(envelope.Payload)
}

// isRuleFiles tells whether rule files are for this kind.
func isRuleFiles(kind events.AnyKind) bool {
	return kind.ID() == events.ChatPostSurveyEmailTranscript.ID()
}

// The reference in JSON.
type (
	referenceJSON struct {
		Fields    []fieldJSON    `json:"fields"`
		Functions []functionJSON `json:"functions"`
	}
	fieldJSON struct {
		Name     string `json:"name"`
		Type     string `json:"type"`
		Optional bool   `json:"optional"`
		Meaning  string `json:"meaning,omitempty"`
		Example  string `json:"example,omitempty"`
	}
	functionJSON struct {
		Name      string `json:"name"`
		Signature string `json:"signature"`
		Meaning   string `json:"meaning,omitempty"`
		Example   string `json:"example,omitempty"`
		Optional  bool   `json:"optional"`
		Language  bool   `json:"language"`
	}
)

func referenceJSONOf(r rules.Reference) referenceJSON {
	out := referenceJSON{[]fieldJSON{}, []functionJSON{}}
	for _, f := range r.Fields {
		out.Fields = append(out.Fields, fieldOf(f))
	}
	for _, f := range r.Functions {
		out.Functions = append(out.Functions, functionJSON(f))
	}
	return out
}

func fieldOf(f rules.FieldInfo) fieldJSON {
	return fieldJSON{f.Name, f.Type, f.Optional, f.Meaning, f.Example}
}

// tellReference prints a reference as Markdown. An event's own functions come
// before those of the language.
func (c *cli) tellReference(kind events.AnyKind, r rules.Reference) {
	c.printf("# %s\n\nWhat rules for `%s` can read and call.\n\n## Fields\n\n", kind.Name(), kind.ID())
	for _, f := range r.Fields {
		c.printf("- `%s`: %s%s\n", f.Name, f.Type, said(f.Optional, f.Meaning, f.Example))
	}
	c.printf("\n## Functions\n\n")
	for _, language := range []bool{false, true} {
		for _, f := range r.Functions {
			if f.Language == language {
				c.printf("- `%s`%s\n", f.Signature, said(f.Optional, f.Meaning, f.Example))
			}
		}
	}
}

// said is what a reference says of a field or function behind its name.
func said(optional bool, meaning, example string) string {
	text := ""
	if optional {
		text = ", may be absent"
	}
	text += "."
	if meaning != "" {
		text += " " + meaning
	}
	if example != "" {
		text += fmt.Sprintf(" Example: `%s`", example)
	}
	return text
}
