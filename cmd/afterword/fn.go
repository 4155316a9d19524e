package main

import (
	"github.com/spf13/cobra"
)

func newFn(c *cli) *cobra.Command {
	r := newRemote()
	verb := &cobra.Command{
		Use:   "fn VERB",
		Short: "Manage the functions of a gateway",
		Long: `Fn lists, creates, deploys, tries and watches the functions of a gateway, such as
one that afterword serve runs. A function is named by its name or its UUID.

` + remoteHelp + `

Exit codes: 0 all is well · 1 the gateway refuses, or the function fails · 2 wrong usage, or no gateway answers`,
		Example: `  afterword fn list
  afterword fn logs --help`,
		RunE: func(verb *cobra.Command, args []string) error {
			if len(args) == 0 {
				return verb.Help()
			}
			return unknownVerb(verb, args)
		},
	}
	r.addFlags(verb.PersistentFlags())
	verb.AddCommand(
		newFnList(c, r),
		newFnShow(c, r),
		newFnCreate(c, r),
		newFnUpdate(c, r),
		newFnDelete(c, r),
		newFnDeploy(c, r),
		newFnUndeploy(c, r),
		newFnRollback(c, r),
		newFnInvoke(c, r),
		newFnSchedule(c, r),
		newFnLogs(c, r),
		newFnStats(c, r),
	)
	return verb
}

// oneFunction wants the name of a function, and nothing else.
func oneFunction(_ *cobra.Command, args []string) error {
	if len(args) != 1 || args[0] == "" {
		return usagef("give the name or the UUID of a function")
	}
	return nil
}
