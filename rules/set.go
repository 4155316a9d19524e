package rules

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/afterword-go/afterword/rules/internal/check"
	"github.com/afterword-go/afterword/rules/internal/eval"
	"github.com/afterword-go/afterword/rules/internal/index"
	"github.com/afterword-go/afterword/rules/internal/tree"
	"github.com/afterword-go/afterword/rules/internal/yamlfile"
)

// A Set is a compiled, ordered list of rules. It never changes and may be used
// by any number of goroutines at once. New and Parse make one; the zero value
// cannot be used.
type Set[In, Then any] struct {
	hit    Hit
	rules  []compiled[In, Then]
	direct eval.Directs // of the rules that have that form
	index  *index.Index // nil: it is not worth its while
	byName []int32      // the rules in the order of their names
	tests  []Test
	files  []lintFile // what lint looks at beside the rules
	frames sync.Pool  // of *eval.Frame
	looks  sync.Pool  // of *index.Scratch
	late   sync.Map   // of eval.Bool by text: what else than direct forms was asked for
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

// A builder compiles rules one after the other and collects what is wrong.
type builder[In, Then any] struct {
	cfg   Config
	env   *check.Env
	names map[string]bool
	rules []compiled[In, Then]
	room  []condition // for rules to come
	size  int         // nodes of all rewritten conditions

	constants eval.Frame // works out the constants in all texts
	direct    eval.Directs
	index     index.Builder
	problems  []Problem
}

// maxParts bounds the memory of a set: the nodes of all its conditions and
// texts, when absent fields are worked in.
const maxParts = 5_000_000

// A source is a rule to be compiled, with the way from its texts to places.
type source[In, Then any] struct {
	Rule[In, Then]
	number       int // from 1, for rules without a good name
	file         string
	line, column int
	when         []locator // of Rule.When.texts; nil: in the texts themselves
	locate       func(text string) locator
	texts        []placedText       // of Rule.Then; nil: found by reflection
	namedAt      *yamlfile.Position // of the name, in a file
	nameless     bool               // the name is missing, and that is reported
}

func (b *builder[In, Then]) add(src source[In, Then]) {
	if len(b.problems) > maxProblems {
		b.names[src.Name] = true
		return // what is wrong with this one would not be listed
	}
	rule := compiled[In, Then]{Rule: src.Rule, file: src.file, line: src.line, column: src.column}
	wrong := b.checkName(&src)
	switch {
	case src.Mode > Off:
		wrong = append(wrong, Problem{Line: src.line, Column: src.column, Message: "its mode is none of Enforce, Shadow and Off"})
	case src.Mode == Shadow:
		rule.shadow = &shadowCounter{}
	}
	if src.When.holds == nil && len(src.When.texts) == 0 && src.when == nil {
		wrong = append(wrong, Problem{Line: src.line, Column: src.column, Message: "there is no condition: write when: true for a rule that always fires"})
	}
	if src.When.holds != nil && src.Mode != Off {
		b.index.Always(len(b.rules), "its condition is a Go function")
	}
	direct, wrongConditions := b.addConditions(&rule, &src)
	wrong = append(wrong, wrongConditions...)
	wrong = append(wrong, b.addTexts(&rule, &src)...)
	for _, p := range wrong {
		p.File = src.file
		if p.Rule == "" {
			p.Rule = src.Name
		}
		b.problems = append(b.problems, p)
	}
	b.rules = append(b.rules, rule)
	b.direct.Append(direct)
}

// addConditions compiles the conditions of the rule. Direct is nil if they have
// no direct form.
func (b *builder[In, Then]) addConditions(rule *compiled[In, Then], src *source[In, Then]) (direct eval.Direct, wrong []Problem) {
	var rewritten []*tree.Node
	for i, text := range src.When.texts {
		if b.size > maxParts {
			break // reported
		}
		var placed locator
		if src.when != nil {
			placed = src.when[i]
		}
		c, n, problems := compileCondition(text, b.env, placed)
		if wrong = append(wrong, problems...); n == nil {
			continue
		}
		wrong = append(wrong, b.grow(n.Size(), c.at)...)
		if rule.conditions == nil {
			rule.conditions = b.take(len(src.When.texts))
		}
		rule.conditions, rewritten = append(rule.conditions, c), append(rewritten, n)
	}
	if len(wrong) == 0 && len(rewritten) > 0 {
		direct = rule.lower(rewritten)
		if src.Mode != Off {
			b.index.Add(len(b.rules), rewritten)
		}
	}
	return direct, wrong
}

// take is room for the conditions of a rule. Rules share it, since most have one
// condition and there are many.
func (b *builder[In, Then]) take(n int) []condition {
	const most = 256
	if len(b.room) < n {
		b.room = make([]condition, max(n, min(len(b.rules), most)))
	}
	out := b.room[:0:n]
	b.room = b.room[n:]
	return out
}

// grow accounts for the nodes of a condition or text.
func (b *builder[In, Then]) grow(size int, at locator) []Problem {
	before := b.size
	if b.size += size; b.size <= maxParts || before > maxParts {
		return nil
	}
	line, column := at(0)
	return []Problem{{Line: line, Column: column, Message: fmt.Sprintf("all rules together have more than %d parts: spread them over several sets", maxParts)}}
}

// addTexts compiles the texts of the rule's outcome.
func (b *builder[In, Then]) addTexts(rule *compiled[In, Then], src *source[In, Then]) []Problem {
	texts := src.texts
	if texts == nil {
		texts = textsOf(reflect.ValueOf(&rule.Then).Elem(), "")
	}
	var wrong []Problem
	for _, placed := range texts {
		if b.size > maxParts {
			break // reported
		}
		at := placed.at
		if at == nil {
			at = src.locate(string(placed.text))
		}
		t, problems := compileText(placed.text, b.env, at, &b.constants)
		if len(problems) > 0 {
			wrong = append(wrong, problems...)
			continue
		}
		wrong = append(wrong, b.grow(t.size, at)...)
		info := TextInfo{Rule: rule.Name, Field: placed.field}
		info.Value, info.Constant = t.constant()
		t.fixed = info.Constant
		if rule.templates == nil {
			rule.templates = map[Text]*template{}
		}
		if _, twice := rule.templates[placed.text]; !twice { // errors name the first place
			rule.templates[placed.text] = t
		}
		if b.cfg.CheckText == nil {
			continue
		}
		if err := b.cfg.CheckText(info); err != nil {
			line, column := at(0)
			wrong = append(wrong, Problem{Line: line, Column: column, Message: err.Error()})
		}
	}
	return wrong
}

func (b *builder[In, Then]) checkName(src *source[In, Then]) []Problem {
	line, column := src.line, src.column
	if src.namedAt != nil {
		line, column = src.namedAt.Line, src.namedAt.Column
	}
	bad := func(format string, args ...any) []Problem {
		return []Problem{{Line: line, Column: column, Message: fmt.Sprintf(format, args...)}}
	}
	name := src.Name
	switch {
	case src.nameless:
		return nil
	case name == "":
		return bad("rule %d has no name", src.number)
	case utf8.RuneCountInString(name) > 100 || !nameLike(name):
		return bad("a name is made of letters, digits, -, _ and ., at most 100 of them")
	case b.names[name]:
		return bad("another rule has the same name")
	}
	b.names[name] = true
	return nil
}

func nameLike(name string) bool {
	for _, r := range name {
		plain := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
		if !plain && r != '-' && r != '_' && r != '.' {
			return false
		}
	}
	return true
}

func (b *builder[In, Then]) set(hit Hit) (*Set[In, Then], error) {
	if err := loadError(b.problems); err != nil {
		return nil, err
	}
	if cap(b.rules) > len(b.rules) {
		b.rules = slices.Clone(b.rules)
	}
	s := &Set[In, Then]{hit: hit, rules: b.rules, direct: b.direct, byName: make([]int32, len(b.rules))}
	s.direct.Clip()
	for i := range s.rules {
		s.rules[i].set = s
		s.byName[i] = int32(i)
	}
	slices.SortFunc(s.byName, func(a, b int32) int { return strings.Compare(s.rules[a].Name, s.rules[b].Name) })
	s.index = b.index.Build()
	s.frames.New = func() any { return new(eval.Frame) }
	s.looks.New = func() any { return new(index.Scratch) }
	return s, nil
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
	return RuleInfo{Name: r.Name, Description: r.Description, File: r.file, Line: r.line, Column: r.column, Mode: r.Mode}
}

// A Match is a rule that fired for an input.
type Match[In, Then any] struct {
	// Name is the rule's name.
	Name string
	// Then is the rule's outcome, shared by all matches: do not change it.
	Then Then

	ctx  context.Context // of the decision, which a match does not outlive
	in   *In
	rule *compiled[In, Then]
}

// Render is the text, which must be one of the outcome's, for the input that
// the rule fired for. What is inserted goes through Fold.
//
// An absent value without a default is an error, and so is a text that grows
// beyond 1 MiB: a *RuleError. When the context of the decision ends, its error
// comes as it is.
func (m Match[In, Then]) Render(text Text) (string, error) {
	return m.RenderWith(text, func(inserted string) (string, error) { return Fold(inserted), nil })
}

// RenderWith is Render with another way to treat what is inserted.
func (m Match[In, Then]) RenderWith(text Text, insert func(string) (string, error)) (string, error) {
	t, ok := m.rule.templates[text]
	if !ok {
		return "", m.ErrorAt(text, errForeignText)
	}
	if err := m.ctx.Err(); err != nil {
		return "", err
	}
	f := m.rule.set.frame(m.ctx, m.in)
	defer m.rule.set.release(f)
	rendered, failure := t.render(f, insert)
	if failure != nil {
		return "", m.rule.ruleError(failure, t.at)
	}
	return rendered, nil
}

// ErrorAt is err as the rule's error, at the place of the text, which must be
// one of the outcome's.
func (m Match[In, Then]) ErrorAt(text Text, err error) *RuleError {
	out := &RuleError{Rule: m.Name, File: m.rule.file, Line: m.rule.line, Column: m.rule.column, Err: err}
	if t, ok := m.rule.templates[text]; ok {
		out.Line, out.Column = t.at(0)
	}
	return out
}

// Constant tells whether the text, which must be one of the outcome's, is the
// same for every input.
func (m Match[In, Then]) Constant(text Text) bool {
	t, ok := m.rule.templates[text]
	return ok && t.fixed
}

// Matches yields the rules that fire for the input, in order, and a
// *RuleError for each that cannot be decided; it goes on behind either. Under
// the policy First it ends after the first rule that fires. The error of a
// context that ends is yielded as it is, and ends the walk.
func (s *Set[In, Then]) Matches(ctx context.Context, in *In) iter.Seq2[Match[In, Then], error] {
	return func(yield func(Match[In, Then], error) bool) { s.walk(ctx, in, s.hit, yield) }
}

// First is the first rule that fires, whatever the policy. The error joins
// those of the rules in front of it that could not be decided.
func (s *Set[In, Then]) First(ctx context.Context, in *In) (first Match[In, Then], found bool, err error) {
	var errs []error
	s.walk(ctx, in, Collect, func(m Match[In, Then], err error) bool {
		if err != nil {
			errs = append(errs, err)
			return true
		}
		first, found = m, true
		return false
	})
	return first, found, errors.Join(errs...)
}

// Each calls use for the rules that fire, in order. Under the policy First, it
// ends after the first for which use returns no error. The errors of use,
// made into a *RuleError each where they are none, and those of rules that
// cannot be decided are joined.
func (s *Set[In, Then]) Each(ctx context.Context, in *In, use func(Match[In, Then]) error) error {
	var errs []error
	s.walk(ctx, in, Collect, func(m Match[In, Then], err error) bool {
		if err == nil {
			err = m.use(use)
		}
		if err != nil {
			errs = append(errs, err)
			return ctx.Err() == nil
		}
		return s.hit == Collect
	})
	return errors.Join(errs...)
}

// use calls use for the match, and keeps its panic.
func (m Match[In, Then]) use(use func(Match[In, Then]) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = m.rule.ruleError(eval.Caught(p), nil)
		}
	}()
	err = use(m)
	if ended := m.ctx.Err(); err != nil && ended != nil && errors.Is(err, ended) {
		return ended
	}
	var placed *RuleError
	if err != nil && !errors.As(err, &placed) {
		err = m.ErrorAt("", err)
	}
	return err
}

// muchWork is the work of a rule, in steps, after which the context is asked.
const muchWork = 10_000

// walk decides the rules in order, until yield wants no more, or under the
// policy First one has fired.
func (s *Set[In, Then]) walk(ctx context.Context, in *In, hit Hit, yield func(Match[In, Then], error) bool) {
	switch {
	case in == nil:
		noMatch(yield, errNoInput)
	case len(s.rules) == 1 && s.walkOnly(ctx, in, 0, yield):
	case s.index == nil || !s.walkFound(ctx, in, hit, yield):
		s.walkAll(ctx, in, hit, yield)
	}
}

// walkAll looks at every rule.
func (s *Set[In, Then]) walkAll(ctx context.Context, in *In, hit Hit, yield func(Match[In, Then], error) bool) {
	var f *eval.Frame // taken when a rule needs it
	at, busy := eval.PointerTo(in), true
	for i := 0; i < len(s.rules); i++ {
		if i%64 == 0 || busy {
			if err := ctx.Err(); err != nil {
				noMatch(yield, err)
				break
			}
		}
		from, fires := i, eval.Unsure
		i, fires = s.direct.Next(at, i, min(i|63, len(s.rules)-1))
		if fires == eval.Fails {
			busy = false
			continue
		}
		r := &s.rules[i]
		busy = busy && i == from && fires == eval.Unsure
		if fires == eval.Unsure && r.Mode != Off {
			if f == nil {
				f = s.frame(ctx, in)
			}
			var err error
			fires, err = r.decide(ctx, f, in)
			busy = f.Spent() > muchWork
			if err != nil && ctx.Err() != nil {
				noMatch(yield, ctx.Err())
				break
			}
			if err != nil && !noMatch(yield, err) {
				break
			}
		}
		if fires == eval.Holds && (!yield(Match[In, Then]{Name: r.Name, Then: r.Then, ctx: ctx, in: in, rule: r}, nil) || hit == First) {
			break
		}
	}
	if f != nil {
		s.release(f)
	}
}

// walkFound looks at those rules alone that the index finds, which comes to the
// same. It does nothing if the index has no answer.
func (s *Set[In, Then]) walkFound(ctx context.Context, in *In, hit Hit, yield func(Match[In, Then], error) bool) bool {
	at := eval.PointerTo(in)
	if only := s.index.Only(at); only != index.Ask && s.walkOnly(ctx, in, only, yield) {
		return true
	}
	found := s.looks.Get().(*index.Scratch)
	if !s.index.Find(at, found) {
		s.giveBack(found)
		return false
	}
	var f *eval.Frame // taken when a rule needs it
	for n, busy := 0, true; ; n++ {
		i, ok := found.Next()
		if n%64 == 0 || busy {
			if err := ctx.Err(); err != nil {
				noMatch(yield, err)
				break
			}
		}
		if !ok {
			break
		}
		r := &s.rules[i]
		busy = false
		name := r.Name // to have it in time
		fires := s.direct.Decide(at, i)
		if fires == eval.Unsure {
			if f == nil {
				f = s.frame(ctx, in)
			}
			var err error
			fires, err = r.decide(ctx, f, in)
			busy = f.Spent() > muchWork
			if err != nil && ctx.Err() != nil {
				noMatch(yield, ctx.Err())
				break
			}
			if err != nil && !noMatch(yield, err) {
				break
			}
		}
		if fires == eval.Holds && (!yield(Match[In, Then]{Name: name, Then: r.Then, ctx: ctx, in: in, rule: r}, nil) || hit == First) {
			break
		}
	}
	if f != nil {
		s.release(f)
	}
	s.giveBack(found)
	return true
}

// walkOnly looks at one rule, or at none if it is less than 0. It does nothing
// if the rule has no direct form that is sure.
func (s *Set[In, Then]) walkOnly(ctx context.Context, in *In, only int, yield func(Match[In, Then], error) bool) bool {
	if err := ctx.Err(); err != nil {
		noMatch(yield, err)
		return true
	}
	if only < 0 {
		return true
	}
	r := &s.rules[only]
	name := r.Name // to have it in time
	fires := s.direct.Decide(eval.PointerTo(in), only)
	if fires == eval.Holds {
		yield(Match[In, Then]{Name: name, Then: r.Then, ctx: ctx, in: in, rule: r}, nil)
	}
	return fires != eval.Unsure
}

// noMatch yields an error. It keeps the room for an empty match out of walk.
//
//go:noinline
func noMatch[In, Then any](yield func(Match[In, Then], error) bool, err error) bool {
	return yield(Match[In, Then]{}, err)
}

// decide decides a rule of whose direct form nothing came. One that does not count never fires and never fails.
func (r *compiled[In, Then]) decide(ctx context.Context, f *eval.Frame, in *In) (eval.Verdict, error) {
	fires, err := r.holds(ctx, f, in)
	switch {
	case r.Mode == Shadow:
		r.shadow.count(fires, err)
		return eval.Fails, nil
	case fires:
		return eval.Holds, nil
	}
	return eval.Fails, err
}

// fires decides the rule.
func (r *compiled[In, Then]) fires(ctx context.Context, f *eval.Frame, in *In) (bool, error) {
	f.Allow(1)
	number, _ := r.set.find(r.Name)
	if verdict := r.set.direct.Decide(eval.PointerTo(in), number); verdict != eval.Unsure {
		return verdict == eval.Holds, nil
	}
	return r.holds(ctx, f, in)
}

// holds decides the rule by its function or program.
func (r *compiled[In, Then]) holds(ctx context.Context, f *eval.Frame, in *In) (bool, error) {
	if r.When.holds != nil {
		return r.holdsInGo(ctx, in)
	}
	f.Allow(1) // for the whole rule
	for i := range r.conditions {
		c := &r.conditions[i]
		holds, failure := c.program(&r.set.late).Continue(f)
		if failure != nil {
			return false, r.ruleError(failure, c.at)
		}
		if !holds {
			return false, nil
		}
	}
	return true, nil
}

func (r *compiled[In, Then]) holdsInGo(ctx context.Context, in *In) (holds bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			holds, err = false, r.ruleError(eval.Caught(p), nil)
		}
	}()
	holds, err = r.When.holds(ctx, in)
	if err != nil {
		return false, r.ruleError(&eval.Failure{Message: "its Go function failed", Err: err}, nil)
	}
	return holds, nil
}

// frame takes a frame out of the pool.
func (s *Set[In, Then]) frame(ctx context.Context, in *In) *eval.Frame {
	f := s.frames.Get().(*eval.Frame)
	f.Reset(ctx, in)
	return f
}

// giveBack puts back what a look at the index has worked with.
func (s *Set[In, Then]) giveBack(found *index.Scratch) {
	found.Clear()
	s.looks.Put(found)
}

func (s *Set[In, Then]) release(f *eval.Frame) {
	f.Clear()
	s.frames.Put(f)
}
