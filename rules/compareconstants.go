package rules

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/afterword-go/afterword/rules/internal/check"
	"github.com/afterword-go/afterword/rules/internal/syntax"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// A ConstantChange is another value of a constant of vars.
type ConstantChange struct {
	Name string // as conditions name it, such as vars.limits.low
	// Before and After are its value, as a rule would write it.
	Before, After string
}

// otherConstants are the constants that the conditions of both rules read and that
// have other values than before, by their names.
func otherConstants(old, new []condition) []ConstantChange {
	before, after := constantsOf(old), constantsOf(new)
	var out []ConstantChange
	for _, name := range slices.Sorted(maps.Keys(after)) {
		if was, both := before[name]; both && was != after[name] {
			out = append(out, ConstantChange{name, was, after[name]})
		}
	}
	return out
}

// constantsOf are the values of the constants that conditions read, by their names.
func constantsOf(list []condition) map[string]string {
	out := map[string]string{}
	for _, c := range list {
		if !readsVars([]condition{c}) {
			continue
		}
		read := linter{usedVars: map[string]bool{}}
		expr, _ := syntax.Parse(c.text) // it has loaded before
		read.useVars(expr)
		for path := range read.usedVars {
			if v := constantAt(c.env.Vars, path); v != nil && v.Value != nil {
				out[path] = writtenOf(v.Value)
			}
		}
	}
	return out
}

// constantAt follows a path that begins with vars; nil if there is nothing.
func constantAt(v *check.Var, path string) *check.Var {
	names := strings.Split(path, ".")
	for _, name := range names[1:] {
		if v == nil {
			return nil
		}
		v = v.Group[name]
	}
	return v
}

// writtenOf is a constant as a rule would write it.
func writtenOf(n *tree.Node) string {
	if n.Op == tree.MakeList {
		all := make([]string, len(n.Kids))
		for i, kid := range n.Kids {
			all[i] = writtenOf(kid)
		}
		return "[" + strings.Join(all, ", ") + "]"
	}
	switch v := n.Value.(type) {
	case string:
		return strconv.Quote(v)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case int64:
		return strconv.FormatInt(v, 10)
	case bool:
		return strconv.FormatBool(v)
	}
	return "" // constants have no other kinds
}
