package main

import (
	"context"
	"net/http"

	"github.com/spf13/cobra"
)

func newInvoke(c *cli) *cobra.Command {
	r := newRemote()
	var in fnInput
	var implemented bool
	verb := &cobra.Command{
		Use:   "invoke EVENT -e EVENT.json",
		Short: "Run the functions of an event on a gateway",
		Long: `Invoke raises an event on a gateway, such as one that afterword serve runs, and
prints what the functions of the event gave: a list of {"uuid", "timestamp",
"result"}. EVENT is its ID; afterword events lists them. If a function fails, its
error is on standard error, and the exit code is 1.

With --implemented, nothing runs: it says whether there is a function for the event
at all, and the exit code is 1 if there is none.

` + fnInputHelp + `

` + remoteHelp,
		Example: `  afterword invoke denver_post_survey_email_transcript -e examples/chatserver/surveys/01-documented.json
  afterword invoke denver_post_survey_email_transcript --implemented`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 || args[0] == "" {
				return usagef("give the ID of an event")
			}
			return nil
		},
	}
	in.addFlags(verb)
	r.addFlags(verb.Flags())
	verb.Flags().BoolVar(&implemented, "implemented", false, "ask only whether there is a function for the event")
	verb.RunE = func(verb *cobra.Command, args []string) error {
		if implemented {
			return r.use(verb.Context(), func(ctx context.Context, gate *client) error {
				return c.sayImplemented(ctx, gate, args[0], in)
			})
		}
		body, err := in.read(verb.Context(), c)
		if err != nil {
			return err
		}
		return r.use(verb.Context(), func(ctx context.Context, gate *client) error {
			return c.invoke(ctx, gate, ask{path: []string{"events", args[0], "invoke"}, query: in.query(), body: body})
		})
	}
	return verb
}

// invoke prints what an invocation gave.
func (c *cli) invoke(ctx context.Context, gate *client, a ask) error {
	a.method = http.MethodPost
	result, err := gate.persist(ctx, a)
	if err != nil {
		return err
	}
	return c.printResult(gate, result)
}

// sayImplemented says whether there is a function for an event.
func (c *cli) sayImplemented(ctx context.Context, gate *client, event string, in fnInput) error {
	var answer struct {
		Implemented bool `json:"implemented"`
	}
	a := ask{method: http.MethodGet, path: []string{"events", event, "isImplemented"}, query: in.query()}
	if err := gate.fetch(ctx, a, &answer); err != nil {
		return err
	}
	if !answer.Implemented {
		c.printf("%s\n", c.paint(red, "not implemented"))
		return &findingsError{}
	}
	c.printf("%s\n", c.paint(green, "implemented"))
	return nil
}
