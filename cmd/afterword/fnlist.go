package main

import (
	"cmp"
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

func newFnList(c *cli, r *remote) *cobra.Command {
	var event string
	var states []string
	verb := &cobra.Command{
		Use:   "list",
		Short: "List the functions",
		Long: `List lists the functions, those that were created first in front. Version and
deployed are those of the deployment in service.

The states are Draft, Productive, Modified, Marked Undeployed, Build Error and
Deploy Error.

In JSON, the output is a list of functions in the words of the platform: {"uuid",
"name", "description", "eventId", "skills", "state", "lastDeployment", …}.`,
		Example: `  afterword fn list
  afterword fn list --event denver_post_survey_email_transcript --state Productive -o json`,
		Args: noArguments,
	}
	verb.Flags().StringVar(&event, "event", "", "only functions of the event with this `ID`")
	verb.Flags().StringArrayVar(&states, "state", nil, "only functions in this `state` (repeatable)")
	out := addOutput(verb, asJSON)
	verb.RunE = func(verb *cobra.Command, _ []string) error {
		query := url.Values{"state": states}
		if event != "" {
			query.Set("eventId", event)
		}
		return r.use(verb.Context(), func(ctx context.Context, gate *client) error {
			all, err := gate.functions(ctx, query)
			if err != nil {
				return err
			}
			return c.listFunctions(out.form, all)
		})
	}
	return verb
}

// noArguments wants flags alone.
func noArguments(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("this verb takes no arguments, only flags")
	}
	return nil
}

func (c *cli) listFunctions(form string, all []fnRecord) error {
	if form == asJSON {
		return c.printJSON(append([]fnRecord{}, all...))
	}
	return c.printTable(func(row func(cells ...any)) {
		row("NAME", "EVENT", "STATE", "VERSION", "DEPLOYED")
		for _, f := range all {
			version, at := "-", "-"
			if f.Last.serves() {
				version, at = strconv.Itoa(f.Last.Version), second(f.Last.DeployedAt)
			}
			row(printable(f.Name), orDash(printable(f.EventID)), printable(f.State), version, at)
		}
	})
}

// second is a time of the gateway without fractions, or what it says instead.
func second(text string) string {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return cmp.Or(printable(text), "-")
	}
	return t.UTC().Format(time.RFC3339)
}

func newFnShow(c *cli, r *remote) *cobra.Command {
	var source bool
	verb := &cobra.Command{
		Use:   "show NAME",
		Short: "Tell all about a function",
		Long: `Show tells all about a function, with the deployments that one can go back to, and
what kept it from being deployed. With --source, it prints the function's source
and nothing else; on a terminal, with what would move its cursor as escapes.

In JSON, the output is as that of list, with "manifest", "deployments" and "problem".`,
		Example: `  afterword fn show transcripts
  afterword fn show transcripts --source | afterword fmt -`,
		Args: oneFunction,
	}
	verb.Flags().BoolVar(&source, "source", false, "print the function's source")
	out := addOutput(verb, asJSON)
	verb.RunE = func(verb *cobra.Command, args []string) error {
		return r.on(verb.Context(), args[0], func(ctx context.Context, gate *client, f fnRecord) error {
			f, err := gate.show(ctx, f.UUID)
			if err != nil {
				return err
			}
			return c.showFunction(out.form, f, source)
		})
	}
	return verb
}

func (c *cli) showFunction(form string, f fnRecord, source bool) error {
	switch {
	case source && f.Manifest != nil && c.terminal:
		c.printf("%s", printableLines(f.Manifest.Code))
		return nil
	case source && f.Manifest != nil:
		c.printf("%s", f.Manifest.Code)
		return nil
	case form == asJSON:
		return c.printJSON(f)
	}
	err := c.printTable(func(row func(cells ...any)) {
		field := func(name, value string) {
			if value != "" {
				row(name+":", printable(value))
			}
		}
		field("name", f.Name)
		field("uuid", f.UUID)
		field("event", f.EventID)
		field("skills", strings.Join(f.Skills, ", "))
		field("description", f.Description)
		field("state", f.State)
		if f.Manifest != nil {
			field("version", strconv.Itoa(f.Manifest.Version))
		}
		field("created", by(f.CreatedAt, f.CreatedBy))
		field("updated", by(f.UpdatedAt, f.UpdatedBy))
	})
	if err != nil {
		return err
	}
	if f.Problem != "" {
		c.printf("problem:\n%s\n", printableLines(f.Problem))
	}
	return c.listDeployments(f.Deployments)
}

// by is when something was done, and by whom.
func by(at, who string) string {
	if who == "" {
		return second(at)
	}
	return second(at) + " by " + who
}

func (c *cli) listDeployments(all []fnDeployment) error {
	if len(all) == 0 {
		return nil
	}
	c.printf("\n")
	return c.printTable(func(row func(cells ...any)) {
		row("DEPLOYMENT", "VERSION", "DEPLOYED", "UNDEPLOYED")
		for _, d := range all {
			row(printable(d.ID), d.Version, by(d.DeployedAt, printable(d.CreatedBy)), second(d.UndeployedAt))
		}
	})
}
