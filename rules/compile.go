package rules

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"sync"

	"github.com/afterword-go/afterword/rules/internal/check"
	"github.com/afterword-go/afterword/rules/internal/eval"
	"github.com/afterword-go/afterword/rules/internal/kleene"
	"github.com/afterword-go/afterword/rules/internal/syntax"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// A locator tells the place, line and column from 1, of a rune of a text.
type locator func(rune int) (line, column int)

// inText locates runes within the text itself, for rules made in Go.
func inText(text string) locator {
	return func(at int) (int, int) {
		line, column := 1, 1
		for _, r := range text {
			if at == 0 {
				break
			}
			at--
			column++
			if r == '\n' {
				line, column = line+1, 1
			}
		}
		return line, column
	}
}

// newEnv is what the expressions of a set may read and call.
func newEnv[In any](vars map[string]any, list []Function) (*check.Env, []error) {
	in := reflect.TypeFor[In]()
	if in.Kind() != reflect.Struct {
		return nil, []error{fmt.Errorf("the input of rules is a struct, not %s", in)}
	}
	env := &check.Env{Input: tree.TypeOf(in)}
	var errs []error
	env.Functions, errs = functions(list, env.Input, in)
	for _, f := range env.Functions {
		if ask, ok := f.Go.Interface().(func(*In, string) (string, bool)); ok {
			f.OfText = func(in any, text string) (string, bool) { return ask(in.(*In), text) }
		}
	}
	if _, clash := env.Input.Field(check.VarsName); clash {
		errs = append(errs, fmt.Errorf("the input has a field named %s, which is the name of the constants", check.VarsName))
	}
	if len(vars) > 0 {
		constants, problems := check.NewVar(vars)
		env.Vars = constants
		for _, p := range problems {
			errs = append(errs, fmt.Errorf("vars.%s: %s", strings.Join(p.Path, "."), p.Message))
		}
	}
	return env, errs
}

// A condition is one compiled expression. Its tree is not kept: a trace reads
// the text again.
type condition struct {
	text   string
	env    *check.Env
	placed locator // nil: in the text itself
	// holds is nil for a rule in direct form.
	holds eval.Bool
}

// at places a rune of the condition.
func (c *condition) at(rune int) (line, column int) {
	if c.placed != nil {
		return c.placed(rune)
	}
	return inText(c.text)(rune)
}

// compileCondition checks text and works absent fields in; problems come
// without file and rule.
func compileCondition(text string, env *check.Env, placed locator) (condition, *tree.Node, []Problem) {
	c := condition{text: text, env: env, placed: placed}
	_, node, problems := readCondition(text, env)
	if len(problems) > 0 {
		return condition{}, nil, located(problems, c.at)
	}
	rewritten, err := kleene.True(node)
	if err == nil && !kleene.Small(node) {
		// The opposite is needed to explain; it must fit as well.
		_, err = kleene.False(node)
	}
	if err != nil {
		return condition{}, nil, located([]syntax.Problem{{At: 0, Message: err.Error()}}, c.at)
	}
	return c, rewritten, nil
}

// program is the condition in the form that every condition has. Late keeps
// those that were not compiled before.
func (c *condition) program(late *sync.Map) eval.Bool {
	if c.holds != nil {
		return c.holds
	}
	if known, ok := late.Load(c.text); ok {
		return known.(eval.Bool)
	}
	_, node, _ := readCondition(c.text, c.env) // it has loaded before
	rewritten, err := kleene.True(node)
	if err != nil {
		panic(err)
	}
	holds := eval.Compile(rewritten)
	late.Store(c.text, holds)
	return holds
}

// readCondition parses and checks a condition.
func readCondition(text string, env *check.Env) (*syntax.Expr, *tree.Node, []syntax.Problem) {
	expr, problems := syntax.Parse(text)
	if len(problems) > 0 {
		return nil, nil, problems
	}
	node, problems := check.Condition(expr, env)
	return expr, node, problems
}

// inOneLine folds the line breaks that a message quotes, and cuts what is long.
func inOneLine(message string) string {
	const most = 500 // runes
	message = strings.Join(strings.FieldsFunc(message, func(r rune) bool { return r == '\n' || r == '\r' }), " ")
	runes := 0
	for i := range message {
		if runes++; runes > most {
			return message[:i] + "…"
		}
	}
	return message
}

func located(problems []syntax.Problem, at locator) []Problem {
	out := make([]Problem, len(problems))
	for i, p := range problems {
		line, column := at(p.At)
		out[i] = Problem{Line: line, Column: column, Message: inOneLine(p.Message)}
	}
	return out
}

// compiled is a rule that is ready to be decided. Outcomes lie apart from what
// else there is of rules: those of many are near enough to one another to stay
// at hand.
type compiled[In, Then any] struct {
	Then Then
	*details[In, Then]
}

// details are what a rule is beside its outcome.
type details[In, Then any] struct {
	Name, Description string
	Mode              Mode
	line, column      int32                                    // of the rule; 0 for rules made in Go
	inGo              func(context.Context, *In) (bool, error) // nil: the conditions decide
	set               *Set[In, Then]
	file              string
	conditions        []condition
	templates         map[Text]*template
	shadow            *shadowCounter // of a rule in shadow
}

// place is where the rule stands.
func (d *details[In, Then]) place() (line, column int) { return int(d.line), int(d.column) }

// apart is a copy that can be changed.
func (r compiled[In, Then]) apart() compiled[In, Then] {
	copied := *r.details
	r.details = &copied
	return r
}

// lower makes the rewritten conditions ready to be decided. If all of them have
// a direct form, it is that, and they are compiled when they are asked for.
func (r *compiled[In, Then]) lower(rewritten []*tree.Node) eval.Direct {
	if r.Mode == Enforce {
		if direct, ok := eval.DirectOf(rewritten...); ok {
			return direct
		}
	}
	for i, n := range rewritten {
		r.conditions[i].holds = eval.Compile(n)
	}
	return nil
}

// ruleError places a failure of the rule. The locator is nil where nothing but
// the rule is to blame.
func (r *compiled[In, Then]) ruleError(failure *eval.Failure, at locator) *RuleError {
	line, column := r.place()
	if at != nil {
		line, column = at(failure.At.From)
	}
	var err error = failure
	return &RuleError{
		Rule: r.Name, File: r.file, Line: line, Column: column, Err: err,
		crash: failure.Panic(),
	}
}
