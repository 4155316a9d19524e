package main

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
)

const deployHelp = `Rules that the gateway refuses are reported, each problem with its line and column,
as check does it; then the version in service goes on, and the exit code is 1.

In JSON, the output is the function, as that of show.`

func newFnDeploy(c *cli, r *remote) *cobra.Command {
	var source fnSource
	verb := &cobra.Command{
		Use:   "deploy NAME [-f FILE]",
		Short: "Put a function into service",
		Long: `Deploy builds the source of a function and puts it into service, in the place of the
version before it. With -f, the rule file becomes the function's source first; if
that is in service already, nothing is done.

` + deployHelp,
		Example: `  afterword fn deploy transcripts
  afterword fn deploy transcripts -f examples/chatserver/rules/transcripts.rules.yaml`,
		Args: oneFunction,
	}
	source.addFlags(verb)
	out := addOutput(verb, asJSON)
	verb.RunE = func(verb *cobra.Command, args []string) error {
		code, err := "", error(nil)
		if source.name != "" {
			if code, err = source.read(verb.Context(), c); err != nil {
				return err
			}
		}
		return r.on(verb.Context(), args[0], func(ctx context.Context, gate *client, f fnRecord) error {
			done := "updated"
			if source.name != "" {
				if done, err = gate.update(ctx, f.UUID, fnBody{Manifest: &fnCode{code}}); err != nil {
					return err
				}
			}
			if done == "unchanged" && f.State == stateProductive {
				return c.changed(ctx, out.form, gate, f.UUID, done)
			}
			return c.deploy(ctx, out.form, gate, f, source.shown(), nil)
		})
	}
	return verb
}

// deploy puts a function into service, as it is or as a deployment had it. What
// is wrong with its source is told as being in a file.
func (c *cli) deploy(ctx context.Context, form string, gate *client, f fnRecord, file string, back *fnDeployment) error {
	var err error
	if back == nil {
		_, err = gate.send(ctx, ask{method: http.MethodPost, path: []string{"deployments", f.UUID}})
	} else {
		err = gate.change(ctx, http.MethodPost, []string{"deployments", f.UUID, "rollback"}, rollbackTo{back.ID}, &struct{}{})
	}
	var no *refusal
	if errors.As(err, &no) && no.code == codeValidation {
		return c.undeployable(ctx, form, gate, f, file, err)
	}
	if err != nil {
		return err
	}
	return c.changed(ctx, form, gate, f.UUID, "deployed")
}

type rollbackTo struct {
	Deployment string `json:"deployment"`
}

// undeployable tells the problems that kept a function from being deployed. If
// the gateway does not say, the refusal has to do.
func (c *cli) undeployable(ctx context.Context, form string, gate *client, f fnRecord, file string, refused error) error {
	now, err := gate.show(ctx, f.UUID)
	if err != nil || now.Problem == "" {
		return refused
	}
	if form == asJSON {
		return found(c.printJSON(now))
	}
	lines := strings.Split(strings.TrimSpace(now.Problem), "\n")
	for _, line := range lines {
		c.printf("%s\n", printable(inFile(file, line)))
	}
	c.printf("%s: %s is not deployed\n", c.paint(red, counted(len(lines), "problem")), printable(f.Name))
	return &findingsError{}
}

// builtPlace is where a builder says that something is: in a file with a name
// of its own.
var builtPlace = regexp.MustCompile(`^[^\s:]+:(\d+:\d+: )`)

// inFile is a problem with the name of the file that was sent.
func inFile(file, line string) string {
	if file == "" {
		return line
	}
	place := builtPlace.FindStringSubmatch(line)
	if place == nil {
		return line
	}
	return file + ":" + place[1] + line[len(place[0]):]
}

func newFnUndeploy(c *cli, r *remote) *cobra.Command {
	verb := &cobra.Command{
		Use:   "undeploy NAME",
		Short: "Take a function out of service",
		Long: `Undeploy takes a function out of service. Invocations that have begun go on with
it. It can be deployed again.

In JSON, the output is the function, as that of show.`,
		Example: `  afterword fn undeploy transcripts`,
		Args:    oneFunction,
	}
	out := addOutput(verb, asJSON)
	verb.RunE = func(verb *cobra.Command, args []string) error {
		return r.on(verb.Context(), args[0], func(ctx context.Context, gate *client, f fnRecord) error {
			if _, err := gate.send(ctx, ask{method: http.MethodDelete, path: []string{"deployments", f.UUID}}); err != nil {
				return err
			}
			return c.changed(ctx, out.form, gate, f.UUID, "undeployed")
		})
	}
	return verb
}

func newFnRollback(c *cli, r *remote) *cobra.Command {
	verb := &cobra.Command{
		Use:   "rollback NAME [DEPLOYMENT]",
		Short: "Deploy a function as it was",
		Long: `Rollback puts into service again what a deployment had there; its source becomes
that of the function. Show lists the deployments that there are: the last five.
Without one, it is the one before that in service, or the last one if none is; so
a second rollback takes back the first.

` + deployHelp,
		Example: `  afterword fn rollback transcripts`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 1 || len(args) > 2 || args[0] == "" {
				return usagef("give the name or the UUID of a function, and the ID of a deployment if you like")
			}
			return nil
		},
	}
	out := addOutput(verb, asJSON)
	verb.RunE = func(verb *cobra.Command, args []string) error {
		return r.on(verb.Context(), args[0], func(ctx context.Context, gate *client, f fnRecord) error {
			if len(args) == 2 {
				return c.deploy(ctx, out.form, gate, f, "", &fnDeployment{ID: args[1]})
			}
			back, err := gate.before(ctx, f)
			if err != nil {
				return err
			}
			return c.deploy(ctx, out.form, gate, f, "", back)
		})
	}
	return verb
}

// before is the deployment to go back to.
func (c *client) before(ctx context.Context, f fnRecord) (*fnDeployment, error) {
	all, err := c.deployments(ctx, f.UUID)
	if err != nil {
		return nil, err
	}
	if len(all) > 0 && all[0].serves() {
		all = all[1:]
	}
	if len(all) == 0 {
		return nil, &findingsError{errors.New("function " + f.Name + ": there is no deployment to go back to")}
	}
	return &all[0], nil
}
