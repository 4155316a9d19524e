package main

import (
	"github.com/spf13/cobra"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/transcript"
)

func newSchema(c *cli) *cobra.Command {
	return &cobra.Command{
		Use:   "schema [EVENT]",
		Short: "Print the JSON Schema of rule files, or of an event's payload",
		Long: `Schema prints the JSON Schema (draft 2020-12) of rule files and of the files of tests
beside them, for editors that complete and check YAML; with the ID of an event, that of
the event's payload. It prints nothing else.`,
		Example: `  afterword schema
  afterword schema controllerbot_messaging_conversation_idle`,
		Args: atMostOne("the ID of an event"),
		RunE: func(_ *cobra.Command, args []string) error {
			text, err := schemaOf(args)
			if err != nil {
				return err
			}
			c.printf("%s", text)
			return nil
		},
	}
}

// schemaOf is the schema of the payload of the event that an argument names,
// or that of rule files.
func schemaOf(args []string) ([]byte, error) {
	if len(args) == 0 {
		return transcript.Schema()
	}
	kind, err := kindOf(args[0])
	if err != nil {
		return nil, err
	}
	return events.Schema(kind)
}
