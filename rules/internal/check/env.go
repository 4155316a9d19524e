// Package check turns expr's syntax tree into a typed tree: it resolves names,
// gives every part its type, and reports everything that is wrong at once.
package check

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// An Env is what expressions may read and call.
type Env struct {
	Input     *tree.Type // a group
	Vars      *Var       // a group; nil without constants
	Functions map[string]*tree.Function
}

// A Var is a constant: a value, or a group of constants.
type Var struct {
	Value *tree.Node
	Group map[string]*Var
}

// NewVar makes a constant of a Go value: a scalar, a list of scalars of one
// kind, or a map of constants. The path names it in errors.
func NewVar(path string, value any) (*Var, []error) {
	switch v := value.(type) {
	case map[string]any:
		return newGroup(path, v)
	case []any:
		return newList(path, v)
	}
	if n, ok := literal(value); ok {
		return &Var{Value: n}, nil
	}
	return nil, []error{fmt.Errorf("%s has the Go type %T: a constant is a text, a number, a boolean, a list or a group of these", path, value)}
}

func newGroup(path string, group map[string]any) (*Var, []error) {
	out := &Var{Group: map[string]*Var{}}
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(group)) {
		member, problems := NewVar(path+"."+name, group[name])
		errs = append(errs, problems...)
		out.Group[name] = member
	}
	return out, errs
}

func newList(path string, list []any) (*Var, []error) {
	out := &tree.Node{Op: tree.MakeList, Type: tree.ListOf(nil)}
	var errs []error
	for i, value := range list {
		n, ok := literal(value)
		if !ok {
			errs = append(errs, fmt.Errorf("%s[%d] is neither a text, a number nor a boolean", path, i))
			continue
		}
		if out.Type.Elem != nil && out.Type.Elem.Kind != n.Type.Kind {
			errs = append(errs, fmt.Errorf("%s[%d] is %s in a list of another kind", path, i, n.Type))
			continue
		}
		out.Type.Elem = n.Type
		out.Kids = append(out.Kids, n)
	}
	return &Var{Value: out}, errs
}

func literal(value any) (*tree.Node, bool) {
	v := reflect.ValueOf(value)
	switch {
	case !v.IsValid():
		return nil, false
	case v.Kind() == reflect.Bool:
		return constant(tree.Bool, v.Bool()), true
	case v.CanInt():
		return constant(tree.Int, v.Int()), true
	case v.CanFloat():
		return constant(tree.Float, v.Float()), true
	case v.Kind() == reflect.String:
		return constant(tree.Text, v.String()), true
	}
	return nil, false
}

func constant(kind tree.Kind, value any) *tree.Node {
	return &tree.Node{Op: tree.Const, Type: tree.Of(kind), Value: value}
}
