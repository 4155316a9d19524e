package rules

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/afterword-go/afterword/rules/internal/check"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// A Function is a Go function that expressions may call.
type Function struct {
	name             string
	fn               any
	meaning, example string
}

// Func registers fn under a name. It must be pure: a rule reads its input and
// nothing else. One evaluation may call it several times with the same
// arguments, from as many goroutines as decide at the same time.
//
// Parameters and the result are booleans, whole numbers of type int or int64,
// float64, strings, time.Time, and slices of these. If the first parameter is
// a pointer to the input, expressions leave it out. A second result says
// either whether there is a result (bool; without one, the result is an absent
// value) or what went wrong (error; it becomes the rule's error).
//
// What does not fit is reported when a set is made.
func Func(name string, fn any) Function {
	return Function{name: name, fn: fn}
}

// Name is the name that expressions call the function by.
func (f Function) Name() string { return f.name }

// Doc is the function with what a [Reference] says of it: its meaning in a
// sentence, and a condition that calls it.
func (f Function) Doc(meaning, example string) Function {
	f.meaning, f.example = meaning, example
	return f
}

// resolve turns the function into what the checker and the evaluator need.
func (f Function) resolve(input reflect.Type) (*tree.Function, error) {
	v := reflect.ValueOf(f.fn)
	if v.Kind() != reflect.Func || v.IsNil() {
		return nil, errors.New("it is not a Go function")
	}
	t := v.Type()
	if t.IsVariadic() {
		return nil, errors.New("it must not be variadic")
	}
	out := &tree.Function{Name: f.name, Go: v}
	first := 0
	if t.NumIn() > 0 && t.In(0) == reflect.PointerTo(input) {
		out.TakesInput, first = true, 1
	}
	for i := first; i < t.NumIn(); i++ {
		param, ok := passed(t.In(i))
		if !ok {
			return nil, fmt.Errorf("expressions cannot pass a %s", t.In(i))
		}
		out.Params = append(out.Params, param)
	}
	return out, results(t, out)
}

func results(t reflect.Type, out *tree.Function) error {
	if t.NumOut() != 1 && t.NumOut() != 2 {
		return errors.New("it must have one result, or two")
	}
	result, ok := passed(t.Out(0))
	if !ok {
		return fmt.Errorf("expressions cannot use a %s", t.Out(0))
	}
	out.Result = result
	if t.NumOut() == 2 {
		out.MayBeAbsent = t.Out(1).Kind() == reflect.Bool
		out.MayFail = t.Out(1) == reflect.TypeFor[error]()
		if !out.MayBeAbsent && !out.MayFail {
			return errors.New("its second result must be a bool or an error")
		}
	}
	return nil
}

// passed is the type of values that go into or come out of a function.
func passed(t reflect.Type) (*tree.Type, bool) {
	out := tree.TypeOf(t)
	scalar := t
	if t.Kind() == reflect.Slice {
		scalar = t.Elem()
	}
	switch scalar.Kind() {
	case reflect.Bool, reflect.Int, reflect.Int64, reflect.Float64, reflect.String:
		return out, true
	}
	return out, scalar == reflect.TypeFor[time.Time]()
}

// functions resolves the registered functions; names that clash are refused.
func functions(list []Function, input *tree.Type, in reflect.Type) (map[string]*tree.Function, []error) {
	out := map[string]*tree.Function{}
	var errs []error
	for _, f := range list {
		resolved, err := f.resolve(in)
		if err == nil {
			err = nameFree(f.name, input, out)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("function %s: %w", f.name, err))
			continue
		}
		out[f.name] = resolved
	}
	return out, errs
}

func nameFree(name string, input *tree.Type, taken map[string]*tree.Function) error {
	_, field := input.Field(name)
	_, twice := taken[name]
	switch {
	case !check.Identifier(name):
		return errors.New("expressions cannot name it: use letters, digits and _, beginning with a letter, and no word of the language")
	case field:
		return errors.New("a field has the same name")
	case name == check.VarsName:
		return errors.New("the constants have the same name")
	case twice:
		return errors.New("it is registered twice")
	case slices.Contains(check.Builtins(), name):
		return errors.New("the rule language has the same name")
	}
	return nil
}
