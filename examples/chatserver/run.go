package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
)

// The exit codes.
const (
	exitOK     = 0
	exitFailed = 1 // something is wrong with the rules, the survey or the server
	exitUsage  = 2 // something is wrong with the arguments
)

// run is the program: it does what the arguments say, and gives the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	o, err := parseFlags(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		_, err = io.WriteString(stdout, usage)
	case err != nil:
		fmt.Fprintf(stderr, "chatserver: %v\n\n%s", err, usage)
		return exitUsage
	case o.listen != "":
		err = serve(ctx, o, stdout, stderr)
	case o.survey != "":
		err = decideOne(ctx, o, stdin, stdout)
	default:
		err = play(ctx, o, stdout)
	}
	if err != nil {
		for _, line := range problems(err) {
			fmt.Fprintln(stderr, line)
		}
		return exitFailed
	}
	return exitOK
}
