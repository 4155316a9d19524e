package main

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/afterword-go/afterword/events"
)

func newEvents(c *cli) *cobra.Command {
	var sample bool
	verb := &cobra.Command{
		Use:   "events [ID] [--sample]",
		Short: "List the events of the platform, or tell all about one",
		Long: `Events lists the events that the platform raises. With the ID of one, it tells what
raises the event, how many functions may be connected to it, what it brings along and
what is made of the result. With --sample, it prints an envelope of the event as it
comes over the wire, and nothing else.

In JSON, the output is a list of {"id", "name", "description", "source", "limit",
"skills"}, or one of them with "payload", a list of {"name", "type", "optional",
"meaning", "example"}, and "result".`,
		Example: `  afterword events
  afterword events controllerbot_messaging_conversation_idle
  afterword events denver_post_survey_email_transcript --sample | afterword eval -e - examples/chatserver/rules`,
		Args: atMostOne("the ID of an event"),
	}
	verb.Flags().BoolVar(&sample, "sample", false, "print the event's sample envelope")
	out := addOutput(verb, asJSON)
	verb.RunE = func(_ *cobra.Command, args []string) error {
		switch {
		case len(args) == 0 && sample:
			return usagef("give the ID of an event whose sample to print")
		case len(args) == 0:
			return c.listEvents(out.form)
		}
		kind, err := kindOf(args[0])
		if err != nil {
			return err
		}
		if sample {
			c.printf("%s\n", bytes.TrimSpace(kind.Sample()))
			return nil
		}
		return c.tellEvent(out.form, kind)
	}
	return verb
}

// atMostOne wants no argument, or a single one.
func atMostOne(what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) > 1 {
			return usagef("give %s, not %d arguments", what, len(args))
		}
		return nil
	}
}

// kindOf is the platform's kind with this ID.
func kindOf(id string) (events.AnyKind, error) {
	kind, err := events.Platform().Lookup(id)
	if err != nil {
		return nil, &usageError{err}
	}
	return kind, nil
}

// An eventJSON is an event in JSON.
type eventJSON struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description"`
	Source      string `json:"source"`
	Limit       int    `json:"limit"`
	Skills      bool   `json:"skills"`
}

func eventOf(k events.AnyKind) eventJSON {
	return eventJSON{k.ID(), k.Name(), k.Description(), k.Source(), k.Limit(), k.Skills()}
}

// An eventDetails is an event in JSON, with all there is about it.
type eventDetails struct {
	eventJSON
	Payload []fieldJSON `json:"payload"`
	Result  string      `json:"result"`
}

func (c *cli) listEvents(form string) error {
	if form == asJSON {
		var all []eventJSON
		for kind := range events.Platform().All() {
			all = append(all, eventOf(kind))
		}
		return c.printJSON(all)
	}
	return c.printTable(func(row func(cells ...any)) {
		row("ID", "NAME", "LIMIT", "SKILLS", "SOURCE")
		for kind := range events.Platform().All() {
			row(kind.ID(), kind.Name(), kind.Limit(), yesNo(kind.Skills()), kind.Source())
		}
	})
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// tellEvent tells all about an event.
func (c *cli) tellEvent(form string, kind events.AnyKind) error {
	payload, err := payloadOf(kind)
	if err != nil {
		return err
	}
	result := results()[kind.ResultType()]
	if form == asJSON {
		return c.printJSON(eventDetails{eventOf(kind), payload, result})
	}
	c.printf("%s\n%s\n\n%s\n\n", kind.Name(), kind.ID(), kind.Description())
	c.printf("source:  %s\nlimit:   %s\nresult:  %s\n", kind.Source(), limitOf(kind), result)
	if len(payload) == 0 {
		c.printf("payload: an object of the bot's vendor, as it came\n")
		return nil
	}
	c.printf("payload:\n")
	return c.printTable(func(row func(cells ...any)) {
		for _, f := range payload {
			row("  "+f.Name, f.Type, f.Meaning)
		}
	})
}

// limitOf says how many functions an event may have.
func limitOf(kind events.AnyKind) string {
	limit := counted(kind.Limit(), "function")
	if kind.Skills() {
		limit += ", or more if each names skills of its own"
	}
	return limit
}

// results says of the types of results what they are.
func results() map[reflect.Type]string {
	return map[reflect.Type]string{
		reflect.TypeFor[[]events.TranscriptEmail](): "a list of e-mails to send, each with targetEmail, senderName, senderEmail and subject",
		reflect.TypeFor[events.Commands]():          "a list of commands: systemMessage, transfer or closeConversation, the first of each type counts",
		reflect.TypeFor[events.Reply]():             "a text or a number, shown to the agent who typed the command",
		reflect.TypeFor[events.Ignored]():           "none; whatever is returned is ignored",
		reflect.TypeFor[events.Object]():            "the payload, changed or not",
		reflect.TypeFor[events.BotResponse]():       "what the bot says: messages, and context with what it has found out",
	}
}

// printTable prints rows of aligned cells.
func (c *cli) printTable(rows func(row func(cells ...any))) error {
	table := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	rows(func(cells ...any) {
		fmt.Fprintf(table, strings.Repeat("%v\t", len(cells)-1)+"%v\n", cells...)
	})
	return table.Flush()
}
