package main

import (
	"context"
	"errors"
	"net/http"

	"github.com/spf13/cobra"
)

// A fnBody is what is sent to create or to change a function. Nil leaves things
// as they are.
type fnBody struct {
	Name        *string   `json:"name,omitempty"`
	Description *string   `json:"description,omitempty"`
	EventID     *string   `json:"eventId,omitempty"`
	Skills      *[]string `json:"skills,omitempty"`
	Manifest    *fnCode   `json:"manifest,omitempty"`
}

type fnCode struct {
	Code string `json:"code"`
}

func newFnCreate(c *cli, r *remote) *cobra.Command {
	var event, description string
	var skills []string
	var source fnSource
	verb := &cobra.Command{
		Use:   "create NAME -e EVENT -f FILE",
		Short: "Create a function",
		Long: `Create makes a function of a rule file. It is a draft until it is deployed: only
then the gateway looks at the rules. The name has 1 to 50 letters, digits and
underscores, and is unique. The event of a function never changes.

In JSON, the output is the function, as that of show.`,
		Example: `  afterword fn create surveys -e denver_post_survey_email_transcript -f examples/chatserver/rules/transcripts.rules.yaml`,
		Args:    oneFunction,
	}
	source.addFlags(verb)
	verb.Flags().StringVarP(&event, "event", "e", "", "the `ID` of the event; afterword events lists them")
	verb.Flags().StringVar(&description, "description", "", "what the function is for, in at most 200 characters")
	verb.Flags().StringArrayVar(&skills, "skill", nil, "the function is for this `skill` alone (repeatable)")
	out := addOutput(verb, asJSON)
	verb.RunE = func(verb *cobra.Command, args []string) error {
		if event == "" || source.name == "" {
			return usagef("give the event and the rule file: -e EVENT -f FILE")
		}
		code, err := source.read(verb.Context(), c)
		if err != nil {
			return err
		}
		body := fnBody{Name: &args[0], Description: &description, EventID: &event, Skills: &skills, Manifest: &fnCode{code}}
		return r.use(verb.Context(), func(ctx context.Context, gate *client) error {
			var made fnRecord
			if err := gate.change(ctx, http.MethodPost, []string{"functions"}, body, &made); err != nil {
				return err
			}
			return c.changed(ctx, out.form, gate, made.UUID, "created")
		})
	}
	return verb
}

// change sends a body, and reads the answer.
func (c *client) change(ctx context.Context, method string, path []string, body, into any) error {
	data, err := encoded(body)
	if err != nil {
		return err
	}
	return c.fetch(ctx, ask{method: method, path: path, body: data}, into)
}

// changed says what a function is, now that something was done to it.
func (c *cli) changed(ctx context.Context, form string, gate *client, id, done string) error {
	f, err := gate.show(ctx, id)
	if err != nil {
		return err
	}
	if form == asJSON {
		return c.printJSON(f)
	}
	c.printf("%s: %s, version %d, %s\n", c.paint(green, done), printable(f.Name), f.version(), printable(f.State))
	return nil
}

func (f fnRecord) version() int {
	if f.Manifest == nil {
		return 0
	}
	return f.Manifest.Version
}

func newFnUpdate(c *cli, r *remote) *cobra.Command {
	var e fnEdit
	verb := &cobra.Command{
		Use:   "update NAME [-f FILE]",
		Short: "Change a function",
		Long: `Update changes what its flags say, and leaves the rest as it is. Another source
counts once it is deployed: till then, the version in service goes on. All else
counts at once. It is no failure if there is nothing to change.

In JSON, the output is the function, as that of show.`,
		Example: `  afterword fn update transcripts --description "Who reads badly rated chats"
  afterword fn update transcripts -f examples/chatserver/rules/transcripts.rules.yaml --all-skills`,
		Args: oneFunction,
	}
	e.addFlags(verb)
	out := addOutput(verb, asJSON)
	verb.RunE = func(verb *cobra.Command, args []string) error {
		body, err := e.body(verb, c)
		if err != nil {
			return err
		}
		return r.on(verb.Context(), args[0], func(ctx context.Context, gate *client, f fnRecord) error {
			done, err := gate.update(ctx, f.UUID, body)
			if err != nil {
				return err
			}
			return c.changed(ctx, out.form, gate, f.UUID, done)
		})
	}
	return verb
}

// A fnEdit is what the flags of update say.
type fnEdit struct {
	source            fnSource
	name, description string
	skills            []string
	all               bool // skills
}

func (e *fnEdit) addFlags(verb *cobra.Command) {
	e.source.addFlags(verb)
	verb.Flags().StringVar(&e.name, "rename", "", "call the function by this `name`")
	verb.Flags().StringVar(&e.description, "description", "", "what the function is for, in at most 200 characters")
	verb.Flags().StringArrayVar(&e.skills, "skill", nil, "the function is for this `skill` alone (repeatable)")
	verb.Flags().BoolVar(&e.all, "all-skills", false, "the function is for all skills")
}

// body is what to send: only what was given.
func (e *fnEdit) body(verb *cobra.Command, c *cli) (fnBody, error) {
	var body fnBody
	given := verb.Flags().Changed
	if given("rename") {
		body.Name = &e.name
	}
	if given("description") {
		body.Description = &e.description
	}
	if given("skill") || e.all {
		skills := append([]string{}, e.skills...) // none is a list as well
		body.Skills = &skills
	}
	if e.source.name != "" {
		code, err := e.source.read(verb.Context(), c)
		if err != nil {
			return body, err
		}
		body.Manifest = &fnCode{code}
	}
	switch {
	case given("skill") && e.all:
		return body, usagef("give --skill or --all-skills, not both")
	case body == fnBody{}:
		return body, usagef("give what to change: -f, --rename, --description, --skill or --all-skills")
	}
	return body, nil
}

// update changes a function, and says whether there was something to change.
func (c *client) update(ctx context.Context, id string, body fnBody) (done string, err error) {
	err = c.change(ctx, http.MethodPut, []string{"functions", id}, body, &fnRecord{})
	var no *refusal
	if errors.As(err, &no) && no.code == codeUnchanged {
		return "unchanged", nil
	}
	return "updated", err
}

func newFnDelete(c *cli, r *remote) *cobra.Command {
	return &cobra.Command{
		Use:   "delete NAME",
		Short: "Delete a function that is not deployed",
		Long: `Delete removes a function with its logs, its numbers and its deployments, for good.
One that is in service must be undeployed first.`,
		Example: `  afterword fn delete draft`,
		Args:    oneFunction,
		RunE: func(verb *cobra.Command, args []string) error {
			return r.on(verb.Context(), args[0], func(ctx context.Context, gate *client, f fnRecord) error {
				if _, err := gate.send(ctx, ask{method: http.MethodDelete, path: []string{"functions", f.UUID}}); err != nil {
					return err
				}
				c.printf("%s: %s\n", c.paint(green, "deleted"), printable(f.Name))
				return nil
			})
		},
	}
}
