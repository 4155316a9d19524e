package main

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/transcript"
)

// A loading is how a verb loads rules.
type loading struct{ domains []string }

func (l *loading) addFlags(verb *cobra.Command) {
	verb.Args = someFiles
	verb.Flags().StringArrayVar(&l.domains, "recipient-domain", nil, "allow addresses that depend on the survey in this `domain` (repeatable)")
}

// someFiles wants at least one argument.
func someFiles(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usagef("give a rule file, a folder of rule files or a pattern")
	}
	return nil
}

// A loaded value is what became of rule files.
type loaded struct {
	files    []transcript.File
	set      *transcript.RuleSet // nil if there are problems
	problems []rules.Problem     // in the order of the files and of their text
}

// load reads and compiles what the arguments mean, as one set. The error is
// about arguments and about files that cannot be read, not about rules.
func (l *loading) load(ctx context.Context, args []string) (loaded, error) {
	option := transcript.RecipientDomains(l.domains...)
	if _, err := transcript.New(option); err != nil {
		return loaded{}, &usageError{err}
	}
	names, wrong := new(finder).find(ctx, args)
	files, err := transcript.ReadFiles(disk{}, names...)
	if err := errors.Join(wrong, err); err != nil {
		return loaded{}, err
	}
	set, err := transcript.ParseFiles(files, option)
	return loaded{files, set, inOrder(problemsOf(err), files)}, nil
}

// problemsOf lists the problems that an error joins.
func problemsOf(err error) []rules.Problem {
	var joined interface{ Unwrap() []error }
	var placed *rules.LoadError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &joined):
		var all []rules.Problem
		for _, one := range joined.Unwrap() {
			all = append(all, problemsOf(one)...)
		}
		return all
	case errors.As(err, &placed):
		return placed.Problems
	}
	return []rules.Problem{{Message: err.Error()}}
}

// inOrder sorts problems by their files, in the order in which these are
// loaded, and by their places.
func inOrder(problems []rules.Problem, files []transcript.File) []rules.Problem {
	rank := map[string]int{}
	for _, f := range files {
		rank[f.Name] = len(rank)
		for _, t := range f.Tests {
			rank[t.Name] = len(rank)
		}
	}
	slices.SortStableFunc(problems, func(a, b rules.Problem) int {
		if a.File != b.File {
			return rank[a.File] - rank[b.File]
		}
		return cmp.Or(a.Line-b.Line, a.Column-b.Column)
	})
	return problems
}

// A disk is the file system as the arguments of a command see it: absolute
// paths and .. are no different from others.
type disk struct{}

func (disk) Open(name string) (fs.File, error) { return os.Open(name) }

func (disk) Stat(name string) (fs.FileInfo, error) { return os.Stat(name) }

func (disk) ReadDir(name string) ([]fs.DirEntry, error) { return os.ReadDir(name) }
