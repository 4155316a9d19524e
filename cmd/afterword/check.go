package main

import "github.com/spf13/cobra"

func newCheck(c *cli) *cobra.Command {
	return &cobra.Command{
		Use:   "check FILE...",
		Short: "Report every problem of rule files",
		RunE:  func(verb *cobra.Command, args []string) error { return usagef("not built yet") },
	}
}
