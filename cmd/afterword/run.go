package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// The exit codes.
const (
	exitGood     = 0
	exitFindings = 1
	exitTrouble  = 2
)

// A cli is what the verbs share: where they read and write.
type cli struct {
	in     io.Reader
	out    *bufio.Writer // run flushes it, and tells what could not be written
	err    io.Writer
	colour bool // for out

	terminal bool // out is one

	lasting bool // the verb goes on until it is interrupted: that is no trouble
}

// run is the whole program; it returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	c := &cli{in: stdin, out: bufio.NewWriter(stdout), err: stderr, colour: colourful(stdout), terminal: isTerminal(stdout)}
	root := newRoot(c)
	root.SetArgs(args)
	verb, err := root.ExecuteContextC(ctx)
	if err != nil && verb == root && !errors.As(err, new(*usageError)) {
		err = unknownVerb(root, args)
	}
	if ctx.Err() != nil && !c.lasting {
		err = errors.New("interrupted")
	}
	if failed := c.out.Flush(); failed != nil {
		err = fmt.Errorf("write the output: %w", failed)
	}
	return c.conclude(verb, err)
}

// conclude tells an error, and returns the exit code for it.
func (c *cli) conclude(verb *cobra.Command, err error) int {
	var findings *findingsError
	var usage *usageError
	switch {
	case err == nil:
		return exitGood
	case errors.As(err, &findings):
		c.tell(findings.err, "")
		return exitFindings
	case errors.As(err, &usage):
		c.tell(err, "afterword: ")
		fmt.Fprintf(c.err, "run %s --help\n", verb.CommandPath())
	default:
		c.tell(err, "afterword: ")
	}
	return exitTrouble
}

// tell tells an error on standard error, each of its lines by itself.
func (c *cli) tell(err error, prefix string) {
	if err == nil {
		return
	}
	for line := range strings.SplitSeq(err.Error(), "\n") {
		fmt.Fprintf(c.err, "%s%s\n", prefix, printable(line))
	}
}

// A findingsError ends a verb that has done its work and found something. What
// it found is printed already, but for err, if there is one.
type findingsError struct{ err error }

func (e *findingsError) Error() string { return "there are findings" }

func (e *findingsError) Unwrap() error { return e.err }

// A usageError says that the arguments are wrong.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }

func (e *usageError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error {
	return &usageError{fmt.Errorf(format, args...)}
}
