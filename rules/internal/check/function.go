package check

import (
	"fmt"
	"slices"

	"github.com/expr-lang/expr/ast"

	"github.com/afterword-go/afterword/rules/internal/syntax"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// loopOf is the operation of a function with a condition or value for each
// element.
func loopOf(name string) (tree.Op, bool) {
	switch name {
	case "any":
		return tree.Any, true
	case "all":
		return tree.All, true
	case "none":
		return tree.None, true
	case "one":
		return tree.One, true
	case "filter":
		return tree.Filter, true
	case "map":
		return tree.Map, true
	case "count":
		return tree.Count, true
	case "sum":
		return tree.Sum, true
	}
	return tree.Bad, false
}

// Builtins lists the functions of the language, in the order of the language
// reference.
func Builtins() []string {
	return []string{
		"any", "all", "none", "one", "filter", "map", "count", "sum", "len",
		"lower", "upper", "trim", "int", "float", "string", "join", "date",
	}
}

// call is a call of a function of the language or a registered one.
func (c *checker) call(n ast.Node, name string, args []ast.Node) *tree.Node {
	if f, ok := c.env.Functions[name]; ok {
		return c.registered(n, f, args)
	}
	if op, ok := loopOf(name); ok {
		return c.loop(n, op, name, args)
	}
	if slices.Contains(Builtins(), name) {
		return c.builtin(n, name, args)
	}
	out := c.refused(n, c.unknownFunction(name))
	for _, arg := range args {
		if _, predicate := arg.(*ast.PredicateNode); !predicate {
			c.node(arg)
		}
	}
	return out
}

// arguments reports a wrong number of arguments.
func (c *checker) arguments(out *tree.Node, name string, got, least, most int) bool {
	if least <= got && got <= most {
		return true
	}
	want := fmt.Sprintf("%d arguments", most)
	switch {
	case least != most:
		want = fmt.Sprintf("%d or %d arguments", least, most)
	case most == 1:
		want = "1 argument"
	}
	c.report(out, "%s takes %s, not %d", name, want, got)
	return false
}

// loop is any(list, condition) and its like.
func (c *checker) loop(n ast.Node, op tree.Op, name string, args []ast.Node) *tree.Node {
	least := 2
	if op == tree.Sum {
		least = 1
	}
	if out := (&tree.Node{Span: c.spanOf(n)}); !c.arguments(out, name, len(args), least, 2) {
		return spoil(out)
	}
	list := c.node(args[0])
	if !c.want(list, name+" looks at a list", tree.List) {
		return spoil(c.made(n, op, nil, list))
	}
	if list.Type.Elem == nil {
		return c.bad(c.made(n, op, nil, list), "an empty list has no elements")
	}
	elem := &tree.Node{Op: tree.Elem, Type: list.Type.Elem, Optional: list.Type.ElemOptional, Span: list.Span}
	each := elem
	if len(args) == 2 {
		predicate, ok := args[1].(*ast.PredicateNode)
		if !ok {
			return c.refused(n, name+" needs something that looks at an element")
		}
		c.elems = append(c.elems, elem)
		each = c.node(predicate.Node)
		c.elems = c.elems[:len(c.elems)-1]
	}
	return c.looped(c.made(n, op, nil, list, each), name)
}

// looped gives a loop its type.
func (c *checker) looped(out *tree.Node, name string) *tree.Node {
	list, each := out.Kids[0], out.Kids[1]
	ok := false
	switch out.Op {
	case tree.Map:
		ok = c.want(each, "map makes texts, numbers, booleans or times", tree.Text, tree.Int, tree.Float, tree.Bool, tree.Time)
		out.Type = tree.ListOf(each.Type)
	case tree.Sum:
		ok = c.want(each, "sum adds numbers", tree.Int, tree.Float)
		out.Type = each.Type
	default:
		ok = c.want(each, name+" needs a condition", tree.Bool)
		out.Type = tree.Of(tree.Bool)
	}
	switch out.Op {
	case tree.Filter:
		out.Type = list.Type
	case tree.Count:
		out.Type = tree.Of(tree.Int)
	}
	if !ok {
		return spoil(out)
	}
	return out
}

// builtin is a function of the language that looks at no elements.
func (c *checker) builtin(n ast.Node, name string, args []ast.Node) *tree.Node {
	kids := make([]*tree.Node, len(args))
	for i, arg := range args {
		kids[i] = c.node(arg)
	}
	out := c.made(n, tree.Bad, nil, kids...)
	count := 1
	if name == "join" {
		count = 2
	}
	if !c.arguments(out, name, len(args), count, count) {
		return spoil(out)
	}
	scalars := []tree.Kind{tree.Text, tree.Int, tree.Float, tree.Bool, tree.Time}
	text := tree.Of(tree.Text)
	switch name {
	case "len":
		return c.typed(out, tree.Len, tree.Of(tree.Int), "len counts a list or a text", tree.List, tree.Text)
	case "lower":
		return c.typed(out, tree.Lower, text, "lower needs a text", tree.Text)
	case "upper":
		return c.typed(out, tree.Upper, text, "upper needs a text", tree.Text)
	case "trim":
		return c.typed(out, tree.Trim, text, "trim needs a text", tree.Text)
	case "int":
		return c.typed(out, tree.ToInt, tree.Of(tree.Int), "int needs a text or a number", tree.Text, tree.Int, tree.Float)
	case "float":
		return c.typed(out, tree.ToFloat, tree.Of(tree.Float), "float needs a text or a number", tree.Text, tree.Int, tree.Float)
	case "string":
		return c.typed(out, tree.ToText, text, "string needs a number, a boolean, a text or a time", scalars...)
	case "join":
		return c.join(out)
	}
	return c.date(out)
}

func (c *checker) typed(out *tree.Node, op tree.Op, t *tree.Type, what string, kinds ...tree.Kind) *tree.Node {
	if !c.want(out.Kids[0], what, kinds...) {
		return spoil(out)
	}
	out.Op, out.Type = op, t
	return out
}

func (c *checker) join(out *tree.Node) *tree.Node {
	list, separator := out.Kids[0], out.Kids[1]
	ok := c.want(separator, "the separator of join is a text", tree.Text)
	if !c.want(list, "join needs a list of texts", tree.List) || !ok {
		return spoil(out)
	}
	if list.Type.Elem != nil && list.Type.Elem.Kind != tree.Text {
		return c.bad(list, "join needs a list of texts, not %s", list.Type)
	}
	out.Op, out.Type = tree.Join, tree.Of(tree.Text)
	return out
}

// date is folded: its text is a constant.
func (c *checker) date(out *tree.Node) *tree.Node {
	text := out.Kids[0]
	if !c.want(text, "date needs a text", tree.Text) {
		return spoil(out)
	}
	written, ok := text.Value.(string)
	if text.Op != tree.Const || !ok {
		return c.bad(text, "the text of date is a constant: write it in quotes or put it into vars")
	}
	if t, ok := parseDate(written); ok {
		return &tree.Node{Op: tree.Const, Type: tree.Of(tree.Time), Value: t, Span: out.Span}
	}
	return c.bad(text, `this is not a date: write "2026-01-31" or "2026-01-31T18:00:00Z"`)
}

// registered is a call of a Go function.
func (c *checker) registered(n ast.Node, f *tree.Function, args []ast.Node) *tree.Node {
	kids := make([]*tree.Node, 0, len(args))
	for i, arg := range args {
		kids = append(kids, c.wanting(arg, place{text: i < len(f.Params) && f.Params[i].Kind == tree.Text}))
	}
	out := c.made(n, tree.Call, f.Result, kids...)
	out.Func = f
	if at, piped := c.expr.Pipe(n); piped && len(args) != len(f.Params) && kids[0].Type.Kind == tree.Bool {
		out.Span.From = at
		return c.bad(out, syntax.PipeHint)
	}
	if !c.arguments(out, f.Name, len(args), len(f.Params), len(f.Params)) {
		return spoil(out)
	}
	ok := true
	for i, param := range f.Params {
		if param.Kind == tree.Float && out.Kids[i].Type.Kind == tree.Int {
			out.Kids[i] = widened(out.Kids[i])
		}
		what := fmt.Sprintf("argument %d of %s is %s", i+1, f.Name, param)
		if !c.want(out.Kids[i], what, param.Kind) {
			ok = false
			continue
		}
		if param.Kind == tree.List && out.Kids[i].Type.Elem != nil && out.Kids[i].Type.Elem.Kind != param.Elem.Kind {
			c.report(out.Kids[i], "%s, not %s", what, out.Kids[i].Type)
			ok = false
		}
	}
	if !ok {
		return spoil(out)
	}
	return out
}
