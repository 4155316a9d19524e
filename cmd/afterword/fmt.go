package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"github.com/spf13/cobra"

	"github.com/afterword-go/afterword/rules"
)

func newFmt(c *cli) *cobra.Command {
	var diff bool
	verb := &cobra.Command{
		Use:   "fmt FILE... [-d]",
		Short: "Bring rule files into their canonical form",
		Long: `Fmt rewrites rule files, and files of tests, in their canonical form, which
docs/rules.md describes, and prints the names of those that it changed. What they
say does not change, and no comment is lost.

FILE is a file, a pattern such as 'rules/*.yaml', or a folder: it stands for all
files *.rules.yaml and *.rules.yml in it and below and for the files of tests beside
them, without hidden ones. A FILE of - alone formats standard input to standard
output.`,
		Example: `  afterword fmt examples/chatserver/rules
  afterword fmt - < examples/chatserver/rules/transcripts.rules.yaml`,
		Args: someFiles,
	}
	verb.Flags().BoolVarP(&diff, "diff", "d", false, "print what would change, change nothing, and fail if there is something")
	verb.RunE = func(verb *cobra.Command, args []string) error {
		if slices.Equal(args, []string{"-"}) {
			return c.formatStandard(verb.Context(), diff)
		}
		return c.formatFiles(verb.Context(), args, diff)
	}
	return verb
}

// A formatted value is a file before and after, or why it has no after.
type formatted struct {
	name          string
	before, after []byte
	unsound       error // what is wrong with its text
	err           error // why it could not be read
}

func format(name string, before []byte) formatted {
	after, err := rules.Format(name, before)
	return formatted{name: name, before: before, after: after, unsound: err}
}

func (f formatted) changed() bool { return f.unsound == nil && !bytes.Equal(f.before, f.after) }

func (c *cli) formatStandard(ctx context.Context, diff bool) error {
	data, err := readStandard(ctx, c.in, rules.MaxFile)
	if err != nil {
		return fmt.Errorf("standard input: %w", err)
	}
	f := format("standard input", data)
	switch {
	case f.unsound != nil:
		return &findingsError{f.unsound}
	case !diff:
		c.printf("%s", f.after)
	case f.changed():
		c.printDiff(f)
		return &findingsError{}
	}
	return nil
}

func (c *cli) formatFiles(ctx context.Context, args []string, diff bool) error {
	names, wrong := (&finder{tests: true}).find(ctx, args)
	files := make([]formatted, len(names))
	errs := []error{wrong}
	inParallel(len(names), func(i int) { files[i] = formatFile(names[i]) })
	for _, f := range files {
		errs = append(errs, f.err)
	}
	if err := errors.Join(errs...); err != nil {
		return err // and nothing is changed
	}
	return c.putFiles(ctx, files, diff)
}

// putFiles writes the files that change, or prints how they would.
func (c *cli) putFiles(ctx context.Context, files []formatted, diff bool) error {
	var unsound []error
	changed := false
	for _, f := range files {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case f.unsound != nil:
			unsound = append(unsound, f.unsound)
		case !f.changed():
		case diff:
			changed = true
			c.printDiff(f)
		default:
			if err := replace(f.name, f.before, f.after); err != nil {
				return fmt.Errorf("%s: %w", f.name, reason(err))
			}
			c.printf("%s\n", printable(f.name))
		}
	}
	if changed || len(unsound) > 0 {
		return &findingsError{errors.Join(unsound...)}
	}
	return nil
}

// inParallel works for 0 to n-1, as many at a time as there are processors.
func inParallel(n int, work func(i int)) {
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	var all sync.WaitGroup
	for i := range n {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			work(i)
		})
	}
	all.Wait()
}

func formatFile(name string) formatted {
	data, err := readFile(name)
	if err != nil {
		return formatted{err: fmt.Errorf("%s: %w", name, reason(err))}
	}
	return format(name, data)
}

func readFile(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	data, err := readBounded(file, rules.MaxFile)
	return data, errors.Join(err, file.Close())
}

// errMeanwhile says why a file is not replaced.
var errMeanwhile = errors.New("somebody else has changed the file: it stays as it is; try again")

// replace puts a text in the place of a file's, whole or not at all. The file
// keeps its mode; a link stays a link. A file that may not be written is not
// replaced either, nor is one that holds something else by now.
func replace(name string, before, after []byte) (err error) {
	name, err = filepath.EvalSymlinks(name)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	beside, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	if err := fill(beside, after, info.Mode()); err != nil {
		return errors.Join(err, os.Remove(beside.Name()))
	}
	if now, err := readFile(name); err != nil || !bytes.Equal(now, before) {
		return errors.Join(cmp.Or(err, errMeanwhile), os.Remove(beside.Name()))
	}
	if err := os.Rename(beside.Name(), name); err != nil {
		return errors.Join(err, os.Remove(beside.Name()))
	}
	return nil
}

// fill writes a file that is new, and closes it.
func fill(file *os.File, data []byte, mode os.FileMode) error {
	_, err := file.Write(data)
	return errors.Join(err, file.Chmod(mode.Perm()), file.Sync(), file.Close())
}
