package transcript

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/rules"
)

// A RuleSet decides post-survey events: the rules of its files, file by file
// and in the order of each, and behind them the rules in Go.
//
// It never changes and may be used by any number of goroutines at once. Load,
// Parse and New make one; the zero value cannot be used.
type RuleSet struct {
	files []*rules.Set[Survey, []email]
	funcs *rules.Set[Survey, GoRule]

	domains []string
}

// A GoRule is a rule in Go: it returns the e-mails that follow from an event,
// or none. The event is the function's own but for what it points to, which it
// must not change. It may be called by several goroutines at once.
type GoRule func(context.Context, events.Event[events.PostSurvey]) ([]events.TranscriptEmail, error)

// An Option adds to a rule set. Nil adds nothing.
type Option func(*options)

type options struct {
	names     []string
	funcs     []GoRule
	domains   []string
	functions []rules.Function
}

// Func adds a rule in Go, behind the rules of all files and in the order of
// the options. Its name is unique in the set.
func Func(name string, rule GoRule) Option {
	return func(o *options) {
		o.names = append(o.names, name)
		o.funcs = append(o.funcs, rule)
	}
}

// RecipientDomains allows addresses in rule files to depend on the survey, as
// long as their domain is one of these, in any case of its letters.
// Subdomains are not included.
func RecipientDomains(domains ...string) Option {
	return func(o *options) { o.domains = append(o.domains, domains...) }
}

// Functions adds functions that conditions and texts may call. Those that take
// a *Survey as their first parameter see the survey.
func Functions(functions ...rules.Function) Option {
	return func(o *options) { o.functions = append(o.functions, functions...) }
}

// Load compiles the rule files that match the pattern, in the order of
// fs.Glob, and the rules in Go. Beside a rule file care.rules.yaml, its tests
// may stand in care_test.yaml or care.rules_test.yaml; a file named like that is
// never taken for a rule file. A pattern that matches nothing is an error, and
// so is a rule name that is used twice.
//
// The error joins those of all files: a *rules.LoadError for each whose rules
// are wrong.
func Load(fsys fs.FS, pattern string, opts ...Option) (*RuleSet, error) {
	names, err := fs.Glob(fsys, pattern)
	if err != nil {
		return nil, fmt.Errorf("rule files %s: %w", pattern, err)
	}
	names = slices.DeleteFunc(names, func(name string) bool {
		return strings.HasSuffix(strings.TrimSuffix(name, path.Ext(name)), "_test")
	})
	if len(names) == 0 {
		return nil, fmt.Errorf("rule files %s: no file matches", pattern)
	}
	var files []file
	var errs []error
	for _, name := range names {
		data, err := read(fsys, name)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		tests, err := testsBeside(fsys, name)
		errs = append(errs, err)
		files = append(files, file{name, data, tests})
	}
	set, err := build(files, opts)
	if err := errors.Join(append(errs, err)...); err != nil {
		return nil, err
	}
	return set, nil
}

// Parse compiles the rules of one file, whose name stands in errors only, and
// the rules in Go.
func Parse(name string, data []byte, opts ...Option) (*RuleSet, error) {
	return build([]file{{name: name, data: data}}, opts)
}

// New makes a set of rules in Go.
func New(opts ...Option) (*RuleSet, error) { return build(nil, opts) }

type file struct {
	name  string
	data  []byte
	tests []rules.TestFile
}

// testsBeside reads the test files beside a rule file.
func testsBeside(fsys fs.FS, name string) ([]rules.TestFile, error) {
	extension := path.Ext(name)
	stem := strings.TrimSuffix(name, extension)
	candidates := []string{stem + "_test" + extension}
	if short := strings.TrimSuffix(stem, ".rules"); short != stem {
		candidates = append(candidates, short+"_test"+extension)
	}
	var tests []rules.TestFile
	for _, candidate := range candidates {
		data, err := read(fsys, candidate)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		tests = append(tests, rules.TestFile{Name: candidate, Data: data})
	}
	return tests, nil
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

func build(files []file, opts []Option) (*RuleSet, error) {
	var o options
	for _, opt := range opts {
		if opt != nil {
			opt(&o)
		}
	}
	s := &RuleSet{domains: o.domains}
	cfg := rules.Config{
		Event:     events.ChatPostSurveyEmailTranscript.ID(),
		Functions: append(helpers(), o.functions...),
		Outcomes:  "emails",
		CheckText: s.checkText,
	}
	var errs []error
	for _, f := range files {
		set, err := rules.Parse[Survey, []email](cfg, f.name, f.data, f.tests...)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		s.files = append(s.files, set)
	}
	errs = append(errs, s.addFuncs(o), s.checkDomains(), s.checkNames(files))
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *RuleSet) addFuncs(o options) error {
	var list []rules.Rule[Survey, GoRule]
	for i, rule := range o.funcs {
		if rule == nil {
			return fmt.Errorf("rule %q: its Go function is nil", o.names[i])
		}
		list = append(list, rules.Rule[Survey, GoRule]{Name: o.names[i], When: rules.When[Survey]("true"), Then: rule})
	}
	set, err := rules.New(rules.Config{}, list...)
	s.funcs = set
	return err
}

func (s *RuleSet) checkDomains() error {
	var errs []error
	for _, domain := range s.domains {
		if err := checkAddress("recipient domain", "x@"+domain); err != nil {
			errs = append(errs, errors.New(oneLine(err)))
		}
	}
	return errors.Join(errs...)
}

// checkNames refuses a name that rules of two files, or a file and Go, share.
func (s *RuleSet) checkNames(files []file) error {
	if len(s.files) != len(files) || s.funcs == nil {
		return nil // what could not be compiled has no names
	}
	holder := map[string]string{}
	var errs []error
	take := func(in string, names iter.Seq[string]) {
		for name := range names {
			if first, taken := holder[name]; taken {
				errs = append(errs, fmt.Errorf("%s: rule %q: %s has a rule of the same name", in, name, first))
				continue
			}
			holder[name] = in
		}
	}
	for i, set := range s.files {
		take(files[i].name, set.Names())
	}
	take("transcript.Func", s.funcs.Names())
	return errors.Join(errs...)
}

// Names yields the names of the rules in the order in which they decide.
func (s *RuleSet) Names() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, set := range s.files {
			for name := range set.Names() {
				if !yield(name) {
					return
				}
			}
		}
		for name := range s.funcs.Names() {
			if !yield(name) {
				return
			}
		}
	}
}
