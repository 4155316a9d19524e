// Package check turns expr's syntax tree into a typed tree: it resolves names,
// gives every part its type, and reports everything that is wrong at once.
package check

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"sync"

	"github.com/afterword-go/afterword/rules/internal/syntax"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// An Env is what expressions may read and call.
type Env struct {
	Input     *tree.Type // a group
	Vars      *Var       // a group; nil without constants
	Functions map[string]*tree.Function

	patterns sync.Map // of *tree.Pattern by text: each is compiled once
}

// pattern compiles a pattern, or finds it among those compiled before.
func (e *Env) pattern(text string) (*tree.Pattern, error) {
	if known, ok := e.patterns.Load(text); ok {
		return known.(*tree.Pattern), nil
	}
	compiled, err := syntax.Pattern(text)
	if err != nil {
		return nil, err
	}
	e.patterns.Store(text, compiled)
	return compiled, nil
}

// A Var is a constant: a value, or a group of constants.
type Var struct {
	Value *tree.Node
	Group map[string]*Var
	names []string // of the group, in order
}

// sorted has the names of a group in order.
func (v *Var) sorted() []string {
	if len(v.names) == len(v.Group) {
		return v.names
	}
	return slices.Sorted(maps.Keys(v.Group))
}

// A VarProblem is something wrong with the constant at Path below vars.
type VarProblem struct {
	Path    []string // names and, for elements of lists, indexes
	Message string
}

// NewVar makes a constant of a Go value: a scalar, a list of scalars of one
// kind, or a map of constants.
func NewVar(value any) (*Var, []VarProblem) {
	return newVar(nil, value)
}

func newVar(path []string, value any) (*Var, []VarProblem) {
	switch v := value.(type) {
	case map[string]any:
		return newGroup(path, v)
	case []any:
		return newList(path, v)
	}
	if n, ok := literal(value); ok {
		return &Var{Value: n}, nil
	}
	return nil, []VarProblem{{path, fmt.Sprintf("a constant is a text, a number, a boolean, a list or a group of these, not a Go %T", value)}}
}

func newGroup(path []string, group map[string]any) (*Var, []VarProblem) {
	out := &Var{Group: map[string]*Var{}, names: slices.Sorted(maps.Keys(group))}
	var problems []VarProblem
	for _, name := range out.names {
		at := append(slices.Clone(path), name)
		if !Identifier(name) {
			problems = append(problems, VarProblem{at, "an expression cannot name this constant: use letters, digits and _, beginning with a letter"})
		}
		member, wrong := newVar(at, group[name])
		problems = append(problems, wrong...)
		out.Group[name] = member
	}
	return out, problems
}

func newList(path []string, list []any) (*Var, []VarProblem) {
	out := &tree.Node{Op: tree.MakeList, Type: tree.ListOf(nil)}
	var problems []VarProblem
	for i, value := range list {
		at := append(slices.Clone(path), strconv.Itoa(i))
		n, ok := literal(value)
		switch {
		case !ok:
			problems = append(problems, VarProblem{at, "a list of constants holds texts, numbers or booleans"})
		case out.Type.Elem != nil && !comparable(out.Type.Elem, n.Type):
			problems = append(problems, VarProblem{at, fmt.Sprintf("%s in a list that begins with %s", n.Type, out.Type.Elem)})
		default:
			out.Kids = append(out.Kids, n)
			out.Type.Elem = out.Kids[0].Type
		}
	}
	if out.Type.Elem != nil {
		widen(out.Kids...)
		out.Type.Elem = out.Kids[0].Type
	}
	return &Var{Value: out}, problems
}

// Identifier tells whether an expression can use name as a name.
func Identifier(name string) bool {
	for i, r := range name {
		letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r == '_'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return name != "" && !slices.Contains(Reserved(), name)
}

// Reserved lists the words that expr's parser reads in its own way.
func Reserved() []string {
	return []string{
		"true", "false", "nil", "and", "or", "not", "in", "matches", "contains", "startsWith", "endsWith",
		"let", "if", "else", "find", "findIndex", "findLast", "findLastIndex", "groupBy", "sortBy", "reduce",
	}
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
