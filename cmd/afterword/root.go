package main

import (
	"errors"
	"fmt"
	"iter"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/afterword-go/afterword/internal/nearest"
)

// newRoot is the command with all its verbs.
func newRoot(c *cli) *cobra.Command {
	root := &cobra.Command{
		Use:   "afterword",
		Short: "Rules that decide who gets the transcript of a chat",
		Long: `Afterword checks, tests, tries out, explains and formats the rule files that
decide who gets the transcript of a chat. It serves them as functions, and asks
for the functions that others serve.

Exit codes: 0 all is well · 1 something was found · 2 wrong usage, or something could not be read or written`,
		Version:            version(),
		SilenceErrors:      true,
		SilenceUsage:       true,
		DisableSuggestions: true,
	}
	root.SetIn(c.in)
	root.SetOut(c.out)
	root.SetErr(c.err)
	root.SetFlagErrorFunc(flagError)
	root.SetHelpCommand(newHelp(root))
	root.SetVersionTemplate("afterword {{.Version}}\n")
	root.AddCommand(
		newCheck(c),
		newTest(c),
		newEval(c),
		newExplain(c),
		newReplay(c),
		newDiff(c),
		newLint(c),
		newWitness(c),
		newFmt(c),
		newServe(c),
		newInvoke(c),
		newFn(c),
		newSecret(c),
		newInit(c),
		newNew(c),
		newEvents(c),
		newSchema(c),
		newDocs(c),
	)
	return root
}

// newHelp is the verb that helps with verbs. Cobra's own takes one that is
// unknown for the whole command.
func newHelp(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [VERB]",
		Short: "Say how a verb is used",
		RunE: func(_ *cobra.Command, args []string) error {
			verb, _, err := root.Find(args)
			if err != nil {
				return unknownVerb(root, args)
			}
			return verb.Help()
		},
	}
}

// version is the module's, as go install knows it.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// flagError says which flag was probably meant by one that is unknown.
func flagError(verb *cobra.Command, err error) error {
	var unknown interface{ GetSpecifiedName() string }
	if errors.As(err, &unknown) {
		if known, ok := nearest.To(unknown.GetSpecifiedName(), flagNames(verb)); ok {
			err = fmt.Errorf("%w (did you mean --%s?)", err, known)
		}
	}
	return &usageError{err}
}

func flagNames(verb *cobra.Command) iter.Seq[string] {
	return func(yield func(string) bool) {
		more := true
		verb.Flags().VisitAll(func(f *pflag.Flag) { more = more && yield(f.Name) })
	}
}

func verbNames(root *cobra.Command) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, verb := range root.Commands() {
			if !yield(verb.Name()) {
				return
			}
		}
	}
}

// unknownVerb says which verb was probably meant by one that is unknown.
func unknownVerb(root *cobra.Command, args []string) error {
	for _, name := range args {
		if strings.HasPrefix(name, "-") {
			continue
		}
		if known, ok := nearest.To(name, verbNames(root)); ok {
			return usagef("unknown verb %q (did you mean %s?)", name, known)
		}
		return usagef("unknown verb %q", name)
	}
	return usagef("no verb is given")
}
