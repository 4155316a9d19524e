package transcript

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"strings"
	"sync"

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
	surveys surveys
	hash    setHash // worked out when it is asked for

	observers []Observer
	infos     []rules.RuleInfo // in the order of Rules; nil without observers
	deciders  sync.Pool        // what decides for observers
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
	observers []Observer
}

func optionsOf(opts []Option) options {
	var o options
	for _, opt := range opts {
		if opt != nil {
			opt(&o)
		}
	}
	return o
}

// config is what the rules of every file share.
func (o options) config() rules.Config {
	return rules.Config{
		Event:     events.ChatPostSurveyEmailTranscript.ID(),
		Functions: append(helpers(), o.functions...),
		Outcomes:  "emails",
	}
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
// long as their domain is one of these, in any case of its letters. Each is a
// full domain such as example.com, else there is no rule set. Subdomains are not
// included.
func RecipientDomains(domains ...string) Option {
	return func(o *options) { o.domains = append(o.domains, domains...) }
}

// Functions adds functions that conditions and texts may call. Those that take
// a *Survey as their first parameter see the survey.
func Functions(functions ...rules.Function) Option {
	return func(o *options) { o.functions = append(o.functions, functions...) }
}

// A File is a rule file as text.
type File struct {
	Name  string // stands in errors only
	Data  []byte
	Tests []rules.TestFile // the files of tests beside it
}

// Parse compiles the rules of one file, whose name stands in errors only, and
// the rules in Go.
func Parse(name string, data []byte, opts ...Option) (*RuleSet, error) {
	return ParseFiles([]File{{Name: name, Data: data}}, opts...)
}

// ParseFiles compiles the rules of files, several at a time, and the rules in
// Go. A rule name that is used twice is an error.
//
// The error joins those of all files: a *rules.LoadError for each whose rules
// are wrong.
func ParseFiles(files []File, opts ...Option) (*RuleSet, error) { return build(files, opts) }

// New makes a set of rules in Go.
func New(opts ...Option) (*RuleSet, error) { return build(nil, opts) }

func build(files []File, opts []Option) (*RuleSet, error) {
	o := optionsOf(opts)
	s := &RuleSet{domains: o.domains}
	s.surveys.own = len(o.functions) > 0
	cfg := o.config()
	cfg.CheckText, cfg.CheckPayload = s.checkText, checkSurvey
	errs := s.compile(cfg, files)
	errs = append(errs, s.addFuncs(o), s.checkDomains(), s.checkNames())
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	s.prepare(o.observers)
	return s, nil
}

// compile compiles the files, as many at a time as there are processors.
func (s *RuleSet) compile(cfg rules.Config, files []File) []error {
	sets := make([]*rules.Set[Survey, []email], len(files))
	errs := make([]error, len(files))
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	var all sync.WaitGroup
	for i, f := range files {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			sets[i], errs[i] = rules.Parse[Survey, []email](cfg, f.Name, f.Data, f.Tests...)
		})
	}
	all.Wait()
	s.files = slices.DeleteFunc(sets, func(set *rules.Set[Survey, []email]) bool { return set == nil })
	return errs
}

func (s *RuleSet) addFuncs(o options) error {
	var list []rules.Rule[Survey, GoRule]
	var faults []error
	for i, rule := range o.funcs {
		if rule == nil {
			faults = append(faults, fmt.Errorf("rule %d in Go, %.100q: its Go function is nil", i+1, o.names[i]))
		}
		list = append(list, rules.Rule[Survey, GoRule]{Name: o.names[i], When: rules.When[Survey]("true"), Then: rule})
	}
	set, err := rules.New(rules.Config{}, list...)
	s.funcs = set
	return errors.Join(append(faults, err)...)
}

func (s *RuleSet) checkDomains() error {
	var faults []error
	for i, domain := range s.domains {
		if fault := domainFault(domain); fault != "" {
			faults = append(faults, fmt.Errorf("recipient domain %d, %.100q: %s", i+1, domain, fault))
		}
	}
	return errors.Join(faults...)
}

// domainFault says why no address can lie in a domain: nothing if one can.
func domainFault(domain string) string {
	switch {
	case checkAddress("", "x@"+domain) == nil:
		return ""
	case domain == "":
		return "is empty; give a domain such as example.com"
	case strings.Contains(domain, "@"):
		return "has an @ sign; give the domain alone, such as example.com"
	case strings.Contains(domain, "*"):
		return "has a *; give each domain in full, such as example.com, and each subdomain"
	}
	return "is not a full domain of ASCII letters, digits, hyphens and single dots; give one such as example.com"
}

// checkNames refuses a name that rules of two files, or a file and Go, share.
func (s *RuleSet) checkNames() error {
	holder := map[string]string{}
	var problems []rules.Problem
	for _, set := range s.files {
		for r := range set.Rules() {
			first, taken := holder[r.Name]
			if !taken {
				holder[r.Name] = r.File
				continue
			}
			problems = append(problems, rules.Problem{
				File: r.File, Line: r.Line, Column: r.Column, Rule: r.Name,
				Message: first + " has a rule of the same name",
			})
		}
	}
	if s.funcs != nil {
		for r := range s.funcs.Rules() {
			if first, taken := holder[r.Name]; taken {
				problems = append(problems, rules.Problem{Rule: r.Name, Message: "it is written in Go, but " + first + " has a rule of the same name"})
			}
		}
	}
	if len(problems) == 0 {
		return nil
	}
	return &rules.LoadError{Problems: problems}
}

// Rules yields the rules in the order in which they decide.
func (s *RuleSet) Rules() iter.Seq[rules.RuleInfo] {
	return func(yield func(rules.RuleInfo) bool) {
		for _, set := range s.files {
			for r := range set.Rules() {
				if !yield(r) {
					return
				}
			}
		}
		for r := range s.funcs.Rules() {
			if !yield(r) {
				return
			}
		}
	}
}

// Stats says how the rules run, in the order in which they decide. Each file is
// a set of its own, with an index of its own. It reads the conditions again, so
// it takes about as long as loading them.
func (s *RuleSet) Stats() []rules.RuleStats {
	var all []rules.RuleStats
	for _, set := range s.files {
		all = append(all, set.Stats().Rules...)
	}
	return append(all, s.funcs.Stats().Rules...)
}
