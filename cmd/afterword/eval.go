package main

import (
	"github.com/spf13/cobra"

	"github.com/afterword-go/afterword/events"
)

func newEval(c *cli) *cobra.Command {
	var l loading
	var g given
	verb := &cobra.Command{
		Use:   "eval -e EVENT.json FILE...",
		Short: "Print the e-mails that follow from a survey, as JSON",
		Long: `Eval decides a survey as a server would, and prints the list of e-mails as JSON
and nothing else: [] if nobody is to be told. If a rule fails, nothing is sent:
then there is no list, the errors are on standard error, and the exit code is 1.

` + eventHelp + `

` + filesHelp,
		Example: `  afterword eval -e examples/chatserver/surveys/01-documented.json examples/chatserver/rules
  echo '{"csatRank": 1}' | afterword eval -e - examples/chatserver/rules`,
	}
	l.addFlags(verb)
	g.addFlags(verb)
	verb.RunE = func(verb *cobra.Command, args []string) error {
		event, loaded, err := loadFor(verb.Context(), c, &l, &g, args)
		if err != nil {
			return err
		}
		if loaded.set == nil {
			return onlyErrors(loaded)
		}
		emails, err := loaded.set.Decide(verb.Context(), event)
		if err != nil {
			return &findingsError{err}
		}
		list, err := events.ChatPostSurveyEmailTranscript.EncodeResult(emails)
		if err != nil {
			return err
		}
		c.printf("%s\n", list)
		return nil
	}
	return verb
}
