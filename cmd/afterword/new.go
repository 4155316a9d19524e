package main

import (
	"errors"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/afterword-go/afterword/cmd/afterword/templates"
	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/internal/nearest"
)

func newNew(c *cli) *cobra.Command {
	var n newFunction
	var list bool
	verb := &cobra.Command{
		Use:   "new NAME [--template T] [--event E] | --list",
		Short: "Begin a function, with its test and all that it needs to be served",
		Long: `New makes a folder with a function in Go to begin with: a program that serves it, its
test, an envelope to try it with, a README.md that tells what to do next, and rules with
their tests if the event has them. It prints the names of the files. The folder must be
new or empty, and is called as the function: NAME is 1 to 50 letters, digits and
underscores, with the folders around it in front.

The function is made from a template: the given one, or the one that comes first for the
given event, or else the smallest there is. --list lists the templates; in JSON, as
{"name", "event", "shows", "default"}.

With --package, the folder is a package of the Go module around it. Otherwise it is a
module of its own, which uses a checkout of Afterword unless this command is a published
version: the checkout that the command was built from, or the one around the current
folder.`,
		Example: `  afterword new --list
  afterword new care_transcripts --event denver_post_survey_email_transcript
  afterword new functions/ask_crm --template salesforce`,
		Args: atMostOne("the name of the function"),
	}
	flags := verb.Flags()
	flags.StringVar(&n.template, "template", "", "the `template` to make it from")
	flags.StringVar(&n.event, "event", "", "the ID of the `event` that raises it")
	flags.StringVar(&n.checkout, "checkout", "", "the `folder` with the checkout of Afterword that go.mod is to use")
	flags.BoolVar(&n.inModule, "package", false, "make a package of the module around it, without a go.mod")
	flags.BoolVar(&list, "list", false, "list the templates")
	out := addOutput(verb, asJSON)
	verb.RunE = func(verb *cobra.Command, args []string) error {
		switch {
		case list && len(args) > 0:
			return usagef("give a name, or --list")
		case list && (n.template != "" || n.checkout != "" || n.inModule):
			return usagef("only --event and -o go with --list")
		case list:
			return c.listTemplates(out.form, n.event)
		case len(args) == 0 || args[0] == "":
			return usagef("give the name of the function, or --list")
		case out.form == asJSON:
			return usagef("-o json goes with --list")
		}
		files, err := n.files(args[0])
		if err != nil {
			return err
		}
		if err := makeFolder(verb.Context(), args[0], files); err != nil {
			return err
		}
		c.tellMade(args[0], files)
		return nil
	}
	return verb
}

// tellMade prints the names of the files that a folder was made with.
func (c *cli) tellMade(dir string, files []newFile) {
	for _, f := range files {
		c.printf("%s\n", printable(filepath.ToSlash(filepath.Join(dir, f.name))))
	}
}

// listTemplates lists the templates, or those of an event.
func (c *cli) listTemplates(form, event string) error {
	if event != "" {
		if err := isEvent(event); err != nil {
			return err
		}
	}
	all := slices.DeleteFunc(templates.All(), func(t templates.Template) bool { return event != "" && t.Event != event })
	if form == asJSON {
		return c.printJSON(all)
	}
	return c.printTable(func(row func(cells ...any)) {
		row("TEMPLATE", "EVENT", "SHOWS")
		for _, t := range all {
			row(t.Name, orDash(t.Event), t.Shows)
		}
	})
}

// A newFunction says what function to make.
type newFunction struct {
	template, event, checkout string
	inModule                  bool
}

var functionNamed = regexp.MustCompile(`^[A-Za-z0-9_]{1,50}$`)

// files are those of a folder with the function, sorted by name.
func (n newFunction) files(dir string) ([]newFile, error) {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	name := filepath.Base(absolute)
	if !functionNamed.MatchString(name) {
		return nil, usagef("%s: the name of a function must be 1 to 50 letters, digits and underscores", name)
	}
	if err := n.foldersOfGo(dir, name); err != nil {
		return nil, err
	}
	if n.inModule && n.checkout != "" {
		return nil, usagef("--checkout is for go.mod, which --package does not make")
	}
	template, err := n.choose()
	if err != nil {
		return nil, err
	}
	files, err := n.module(absolute)
	if err != nil {
		return nil, err
	}
	own, err := template.Files(name)
	for _, f := range own {
		files = append(files, newFile{f.Name, f.Data})
	}
	slices.SortFunc(files, func(a, b newFile) int { return strings.Compare(a.name, b.name) })
	return files, err
}

// foldersOfGo refuses names of folders that Go does not take for ours.
func (n newFunction) foldersOfGo(dir, name string) error {
	switch {
	case name == "vendor":
		return usagef("%s: Go keeps copies of modules in folders of this name, and would build nothing around it: take another name", dir)
	case n.inModule && (name == "testdata" || strings.HasPrefix(name, "_")):
		return usagef("%s: Go passes over folders of this name, and over those that begin with _: take another name", dir)
	}
	return nil
}

// module are the files that make the folder a Go module.
func (n newFunction) module(dir string) ([]newFile, error) {
	if n.inModule {
		return nil, nil
	}
	return moduleFiles(dir, n.checkout, version())
}

// isEvent refuses what is no event, and says what to give instead.
func isEvent(id string) error {
	_, err := kindOf(id)
	var unknown *events.UnknownEventError
	if !errors.As(err, &unknown) || unknown.Suggestion != "" {
		return err
	}
	if slices.ContainsFunc(templates.All(), func(t templates.Template) bool { return t.Name == id }) {
		return usagef("%w, but a template: give it with --template", err)
	}
	return usagef("%w: see afterword new --list", err)
}

// smallest is the template that is taken when none is asked for.
const smallest = "greeting"

// choose finds the template that is meant.
func (n newFunction) choose() (templates.Template, error) {
	if n.event != "" {
		if err := isEvent(n.event); err != nil {
			return templates.Template{}, err
		}
	}
	name := n.template
	if name == "" && n.event == "" {
		name = smallest
	}
	var names []string
	for _, t := range templates.All() {
		names = append(names, t.Name)
		if t.Name != name && (name != "" || t.Event != n.event) {
			continue
		}
		if n.event != "" && t.Event != n.event {
			return t, usagef("template %s is not for event %s: see afterword new --list --event %s", t.Name, n.event, n.event)
		}
		return t, nil
	}
	hint := "see afterword new --list"
	if near, ok := nearest.To(name, slices.Values(names)); ok {
		hint = "did you mean " + near + "?"
	}
	return templates.Template{}, usagef("there is no template %q: %s", name, hint)
}
