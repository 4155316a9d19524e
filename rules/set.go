package rules

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/afterword-go/afterword/rules/internal/eval"
	"github.com/afterword-go/afterword/rules/internal/index"
)

// A Set is a compiled, ordered list of rules. It never changes and may be used
// by any number of goroutines at once. New and Parse make one; the zero value
// cannot be used.
type Set[In, Then any] struct {
	hit    Hit
	rules  []compiled[In, Then]
	single eval.Direct  // of the only rule, if it has that form; else nil
	direct eval.Directs // of the rules that have that form
	index  *index.Index // nil: it is not worth its while
	byName []int32      // the rules in the order of their names
	tests  []Test
	files  []lintFile // what lint looks at beside the rules
	frames sync.Pool  // of *eval.Frame
	looks  sync.Pool  // of *index.Scratch
	late   sync.Map   // of eval.Bool by text: what else than direct forms was asked for
	audits auditPlans // ready once there is an Auditor
	hash   setHash    // worked out when it is asked for
	absent absences   // of the conditions that Absent was asked about
}

// New compiles rules made in Go, whose conditions may be expressions and Go
// functions side by side. The error is a *LoadError with everything that is
// wrong. Columns in it count within the expression or text.
//
// The rules are copied; what their outcomes point to is not, and must not
// change any more.
func New[In, Then any](cfg Config, list ...Rule[In, Then]) (*Set[In, Then], error) {
	env, errs := newEnv[In](cfg.Vars, cfg.Functions)
	b := builder[In, Then]{cfg: cfg, env: env, names: make(map[string]bool, len(list)), rules: make([]compiled[In, Then], 0, len(list))}
	b.constants.Allow(1)
	for _, err := range errs {
		b.problems = append(b.problems, Problem{Message: err.Error()})
	}
	if env == nil {
		return nil, loadError(b.problems)
	}
	for i, rule := range list {
		b.add(source[In, Then]{Rule: rule, number: i + 1, locate: inText})
	}
	return b.set(cfg.Hit)
}

// find is the number of the rule of a name.
func (s *Set[In, Then]) find(name string) (int, bool) {
	at, found := slices.BinarySearchFunc(s.byName, name, func(i int32, name string) int { return strings.Compare(s.rules[i].Name, name) })
	if !found {
		return 0, false
	}
	return int(s.byName[at]), true
}

// Len is the number of rules.
func (s *Set[In, Then]) Len() int { return len(s.rules) }

// Hit is the policy: which of the rules that fire count.
func (s *Set[In, Then]) Hit() Hit { return s.hit }

// A RuleInfo says what a rule is and where it stands.
type RuleInfo struct {
	Name         string
	Description  string
	File         string // empty for rules made in Go
	Line, Column int    // of the rule in the file, from 1; 0 for rules made in Go
	Mode         Mode
}

// Rules yields the rules in order.
func (s *Set[In, Then]) Rules() iter.Seq[RuleInfo] {
	return func(yield func(RuleInfo) bool) {
		for i := range s.rules {
			if !yield(s.rules[i].info()) {
				return
			}
		}
	}
}

func (r *compiled[In, Then]) info() RuleInfo {
	line, column := r.place()
	return RuleInfo{Name: r.Name, Description: r.Description, File: r.file, Line: line, Column: column, Mode: r.Mode}
}

// Matches yields the rules that fire for the input, in order, and a
// *RuleError for each that cannot be decided; it goes on behind either. Under
// the policy First it ends after the first rule that fires. The error of a
// context that ends is yielded as it is, and ends the walk.
func (s *Set[In, Then]) Matches(ctx context.Context, in *In) iter.Seq2[Match[In, Then], error] {
	return s.matches(ctx, in, s.hit)
}

// First is the first rule that fires, whatever the policy. The error joins
// those of the rules in front of it that could not be decided.
func (s *Set[In, Then]) First(ctx context.Context, in *In) (first Match[In, Then], found bool, err error) {
	var errs []error
	for m, err := range s.matches(ctx, in, Collect) {
		if err == nil {
			first, found = m, true
			break
		}
		errs = append(errs, err)
	}
	return first, found, errors.Join(errs...)
}

// Each calls use for the rules that fire, in order. Under the policy First, it
// ends after the first for which use returns no error. The errors of use,
// made into a *RuleError each where they are none, and those of rules that
// cannot be decided are joined.
func (s *Set[In, Then]) Each(ctx context.Context, in *In, use func(Match[In, Then]) error) error {
	var errs []error
	for m, err := range s.matches(ctx, in, Collect) {
		if err == nil {
			err = m.use(use)
		}
		if err != nil {
			errs = append(errs, err)
		}
		if err == nil && s.hit == First || err != nil && ctx.Err() != nil {
			break
		}
	}
	return errors.Join(errs...)
}
