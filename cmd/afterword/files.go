package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A finder finds the files that arguments mean.
type finder struct {
	tests bool // files of tests count as well, not only the rule files that they stand beside

	files []string
	seen  map[string]bool // by their absolute paths
	errs  []error

	misnamed []misnamed
}

// find lists the files that arguments mean, each once: in the order of the
// arguments, and sorted within a folder. The error joins all that is wrong
// with the arguments.
func (f *finder) find(ctx context.Context, args []string) ([]string, error) {
	f.seen = map[string]bool{}
	for _, arg := range args {
		f.argument(ctx, arg)
	}
	f.tellMisnamed()
	return f.files, errors.Join(append(f.errs, ctx.Err())...)
}

func (f *finder) fail(format string, args ...any) {
	f.errs = append(f.errs, fmt.Errorf(format, args...))
}

// argument takes one file, folder or pattern.
func (f *finder) argument(ctx context.Context, arg string) {
	info, err := os.Stat(arg)
	switch {
	case arg == "":
		f.fail("an empty text is no file")
	case arg == "-":
		f.fail("-: rules do not come from standard input here: give a file")
	case err == nil && info.IsDir():
		f.folder(ctx, arg)
	case err == nil:
		f.file(arg)
	case !errors.Is(err, fs.ErrNotExist):
		f.fail("%s: %w", arg, reason(err))
	case strings.ContainsAny(arg, "*?["):
		f.pattern(ctx, arg)
	default:
		f.fail("%s: there is no such file or folder", arg)
	}
}

// reason is an error of the file system without the path, which its teller
// puts in front.
func reason(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// pattern takes what a pattern matches that the shell left alone.
func (f *finder) pattern(ctx context.Context, pattern string) {
	if strings.Contains(pattern, "**") {
		f.fail("%s: ** is no pattern here: give the folder, which is read with all folders below", pattern)
		return
	}
	names, err := filepath.Glob(pattern)
	if err != nil {
		f.fail("%s: %w", pattern, err)
		return
	}
	names = slices.DeleteFunc(names, func(name string) bool { return hiddenFrom(pattern, name) })
	if len(names) == 0 {
		f.fail("%s: no file matches", pattern)
	}
	for _, name := range names {
		f.argument(ctx, name)
	}
}

// hiddenFrom tells whether a pattern matches a name only because * matches a
// dot in front, which it does not do in a shell.
func hiddenFrom(pattern, name string) bool {
	patterns := strings.Split(filepath.Clean(pattern), string(filepath.Separator))
	for i, part := range strings.Split(filepath.Clean(name), string(filepath.Separator)) {
		if strings.HasPrefix(part, ".") && i < len(patterns) && !strings.HasPrefix(patterns[i], ".") {
			return true
		}
	}
	return false
}

// folder takes the rule files in a folder and below, but no hidden ones.
func (f *finder) folder(ctx context.Context, root string) {
	found := false
	slashed := root + string(filepath.Separator) // a link to a folder is a folder, too
	err := filepath.WalkDir(slashed, func(path string, entry fs.DirEntry, err error) error {
		hidden := path != slashed && strings.HasPrefix(entry.Name(), ".")
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			f.fail("%s: %w", filepath.Clean(path), reason(err))
			found = true // nobody knows what is in it
		case hidden && entry.IsDir():
			return fs.SkipDir
		case !hidden && !entry.IsDir() && f.wants(path):
			found = true
			f.inFolder(path)
		case !hidden && !entry.IsDir():
			found = f.lookInto(path) || found
		}
		return nil
	})
	if err == nil && !found {
		f.fail("%s: there is no file *.rules.yaml or *.rules.yml in this folder or below", root)
	}
}

// wants tells whether a file in a folder is looked at because of its name.
func (f *finder) wants(path string) bool {
	return isRuleFile(path) || f.tests && holdsTests(path) && len(ruleFilesOf(path)) > 0
}

// inFolder takes a file in a folder, unless it is a link to another folder.
func (f *finder) inFolder(path string) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		f.fail("%s: %w", path, reason(err))
	case !info.IsDir():
		f.file(path)
	}
}

// file takes a file, unless it is taken already. One that holds tests stands
// for the rule file beside it.
func (f *finder) file(path string) {
	if holdsTests(path) && !f.tests {
		beside := ruleFilesOf(path)
		if len(beside) == 0 {
			f.fail("%s: there is no rule file beside these tests: %s.rules.yaml, say", path, filepath.Base(stem(path)))
			return
		}
		path = beside[0]
	}
	if key := identity(path); !f.seen[key] {
		f.seen[key] = true
		f.files = append(f.files, filepath.ToSlash(filepath.Clean(path)))
	}
}

// identity is the same for all the names of a file.
func identity(path string) string {
	if followed, err := filepath.EvalSymlinks(path); err == nil {
		path = followed
	}
	if absolute, err := filepath.Abs(path); err == nil {
		path = absolute
	}
	return path
}

// The ways a rule file may be called; those in folders are called by the
// first two.
var ruleFileEnds = []string{".rules.yaml", ".rules.yml", ".yaml", ".yml"}

func isRuleFile(path string) bool {
	return slices.ContainsFunc(ruleFileEnds[:2], func(end string) bool { return strings.HasSuffix(path, end) })
}

// holdsTests tells whether a file of this name holds tests.
func holdsTests(path string) bool {
	return strings.HasSuffix(path, "_test.yaml") || strings.HasSuffix(path, "_test.yml")
}

// stem is the path of a file of tests, without what its rule file does not
// share.
func stem(path string) string {
	path = strings.TrimSuffix(path, filepath.Ext(path))
	return strings.TrimSuffix(strings.TrimSuffix(path, "_test"), ".rules")
}

// ruleFilesOf lists the rule files that a file of tests stands beside.
func ruleFilesOf(tests string) []string {
	var out []string
	for _, end := range ruleFileEnds {
		if info, err := os.Stat(stem(tests) + end); err == nil && !info.IsDir() {
			out = append(out, stem(tests)+end)
		}
	}
	return out
}
