package transcript

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/afterword-go/afterword/rules"
)

// Load compiles the rule files that match the pattern, in the order of
// fs.Glob, and the rules in Go. The tests of care.rules.yaml may stand beside
// it, in care_test.yaml or care.rules_test.yaml; a file named like that is never
// taken for a rule file, and one in the same folder that belongs to no rule
// file is an error. So is a pattern that matches nothing.
//
// The error is as that of ParseFiles.
func Load(fsys fs.FS, pattern string, opts ...Option) (*RuleSet, error) {
	names, err := fs.Glob(fsys, pattern)
	if err != nil {
		return nil, fmt.Errorf("rule files %s: %w", pattern, err)
	}
	names = slices.DeleteFunc(names, holdsTests)
	if len(names) == 0 {
		return nil, fmt.Errorf("rule files %s: no file matches", pattern)
	}
	files, err := ReadFiles(fsys, names...)
	set, wrong := build(files, opts)
	if err := errors.Join(err, wrong); err != nil {
		return nil, err
	}
	return set, nil
}

// ReadFiles reads rule files and the files of tests beside them, as Load does.
// The error joins those of all files; the files that could be read come with
// it.
func ReadFiles(fsys fs.FS, names ...string) ([]File, error) {
	var files []File
	var errs []error
	folders := map[string]*folder{}
	for _, name := range names {
		data, err := read(fsys, name)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		at := path.Dir(name)
		if folders[at] == nil {
			folders[at], err = listFolder(fsys, at)
			errs = append(errs, append(folders[at].strays(), err)...)
		}
		tests, err := folders[at].testsOf(fsys, name)
		errs = append(errs, err)
		files = append(files, File{name, data, tests})
	}
	return files, errors.Join(errs...)
}

// A folder holds rule files and files of tests.
type folder struct {
	rules map[string]bool     // the names of YAML files that hold no tests
	tests map[string][]string // files of tests by what their rule file is called, without extensions
}

// holdsTests tells whether a file of this name holds tests.
func holdsTests(name string) bool {
	return strings.HasSuffix(strings.TrimSuffix(name, path.Ext(name)), "_test")
}

// stem is the name of a rule file, or of one of tests, without what comes
// behind it.
func stem(name string) string {
	name = strings.TrimSuffix(name, path.Ext(name))
	return strings.TrimSuffix(strings.TrimSuffix(name, "_test"), ".rules")
}

// listFolder finds the YAML files of a folder.
func listFolder(fsys fs.FS, name string) (*folder, error) {
	out := &folder{rules: map[string]bool{}, tests: map[string][]string{}}
	entries, err := fs.ReadDir(fsys, name)
	for _, entry := range entries {
		file := path.Join(name, entry.Name())
		switch {
		case path.Ext(file) != ".yaml" && path.Ext(file) != ".yml":
		case holdsTests(file):
			out.tests[stem(file)] = append(out.tests[stem(file)], file)
		default:
			out.rules[stem(file)] = true
		}
	}
	return out, err
}

// strays reports files of tests that no rule file claims.
func (f *folder) strays() []error {
	var errs []error
	for of, files := range f.tests {
		for _, name := range files {
			if !f.rules[of] {
				errs = append(errs, fmt.Errorf("%s: there is no rule file for these tests: %s.rules.yaml, say", name, of))
			}
		}
	}
	slices.SortFunc(errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errs
}

// testsOf reads the test files of a rule file.
func (f *folder) testsOf(fsys fs.FS, name string) ([]rules.TestFile, error) {
	var tests []rules.TestFile
	var errs []error
	for _, file := range slices.Sorted(slices.Values(f.tests[stem(name)])) {
		data, err := read(fsys, file)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		tests = append(tests, rules.TestFile{Name: file, Data: data})
	}
	return tests, errors.Join(errs...)
}

// read reads a file up to a byte beyond what a rule file may hold.
func read(fsys fs.FS, name string) (data []byte, err error) {
	info, err := fs.Stat(fsys, name) // opening a pipe would wait for its writer
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: not a file of rules: %s", name, info.Mode().Type())
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return io.ReadAll(io.LimitReader(f, rules.MaxFile+1))
}
