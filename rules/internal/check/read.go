package check

import (
	"iter"
	"maps"
	"slices"

	"github.com/expr-lang/expr/ast"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// VarsName is the name under which expressions reach the constants.
const VarsName = "vars"

// identifier is a field of the input. A name that is none may be a text, where
// one can stand.
func (c *checker) identifier(n *ast.IdentifierNode, in place) *tree.Node {
	out := c.made(n, tree.GetField, nil)
	if n.Value == VarsName && c.env.Vars != nil {
		return c.bad(out, "vars is not a value: name one of its constants: %s", c.varNames(c.env.Vars, "vars."))
	}
	if _, ok := c.env.Input.Field(n.Value); !ok {
		return c.bad(out, "%s", c.unknownName(n.Value, in))
	}
	return c.field(out, c.env.Input, n.Value)
}

// field finishes out, which reads the field name of group.
func (c *checker) field(out *tree.Node, group *tree.Type, name string) *tree.Node {
	field, ok := group.Field(name)
	if !ok {
		suggestion, _ := c.suggest(name, group.Names(), group)
		return c.bad(out, "unknown field %s%s", name, suggestion)
	}
	if field.Type.Kind == tree.Invalid {
		return c.bad(out, "%s cannot be read in a rule: its Go type is %s", name, field.Go)
	}
	out.Field, out.Type = field, field.Type
	return out
}

// suggestName says what an unknown name may have meant.
func (c *checker) suggestName(name string) (suggestion string, close bool) {
	if len(c.elems) > 0 {
		if elem := c.elems[len(c.elems)-1].Type; elem.Kind == tree.Group {
			if _, ok := elem.Field(name); ok {
				return " (did you mean ." + name + "?)", true
			}
		}
	}
	candidates := append(c.env.Input.Names(), slices.Sorted(maps.Keys(c.env.Functions))...)
	return c.suggest(name, append(candidates, "true", "false", "nil"), c.env.Input)
}

// suggest says what may have been meant by an unknown name of group: one of the
// candidates that is close, or else any of its fields.
func (c *checker) suggest(name string, candidates []string, group *tree.Type) (suggestion string, close bool) {
	if near, ok := near(name, slices.Values(candidates)); ok {
		return " (did you mean " + near + "?)", true
	}
	if len(group.Fields) == 0 {
		return "", false
	}
	return "; there are " + listed(group.Names()), false
}

// element is # or the start of .name, in a loop.
func (c *checker) element(n *ast.PointerNode) *tree.Node {
	out := c.made(n, tree.Elem, nil)
	if n.Name != "" {
		return c.bad(out, "#%s is not part of the rule language", n.Name)
	}
	if len(c.elems) == 0 {
		return c.bad(out, "# stands for the element of a list inside any, all and their like")
	}
	elem := c.elems[len(c.elems)-1]
	out.Type, out.Optional = elem.Type, elem.Optional
	return out
}

// member is a field of a group, or an element of a list.
func (c *checker) member(n *ast.MemberNode) *tree.Node {
	if v, path, ok := c.constantPath(n); ok {
		return c.varAt(n, v, path)
	}
	base := c.node(n.Node)
	property, named := n.Property.(*ast.StringNode)
	if !named || base.Type.Kind == tree.List && !c.dotted(n) {
		return c.index(n, base)
	}
	out := c.made(n, tree.GetField, nil, base)
	out.Span = c.expr.Span(n, base.Span, c.expr.Span(property))
	switch base.Type.Kind {
	case tree.Invalid:
		return spoil(out)
	case tree.Group:
		if !c.dotted(n) {
			return c.bad(out, "write .%s to read a field of a group", property.Value)
		}
		return c.field(out, base.Type, property.Value)
	case tree.List:
		if written := c.lengthOf(n, base.Type, property.Value); written != "" {
			return c.bad(out, "%s has no fields: write %s", base.Type, written)
		}
		return c.bad(out, "this is %s: to look at .%s of its elements, write any(…, .%s == …)", base.Type, property.Value, property.Value)
	}
	if written := c.instead(n.Node, property.Value, nil); written != "" {
		return c.bad(out, "%s has no fields: write %s", base.Type, written)
	}
	return c.bad(out, "%s has no fields", base.Type)
}

// lengthOf is what to write for list.length, unless it is a field of the
// elements.
func (c *checker) lengthOf(n *ast.MemberNode, list *tree.Type, name string) string {
	if list.Elem != nil && list.Elem.Kind == tree.Group {
		if _, ok := list.Elem.Field(name); ok {
			return ""
		}
	}
	return c.instead(n.Node, name, nil)
}

// dotted tells base.name from base["name"].
func (c *checker) dotted(n *ast.MemberNode) bool {
	at := n.Property.Location()
	return n.Location() == at
}

func (c *checker) index(n *ast.MemberNode, base *tree.Node) *tree.Node {
	i := c.node(n.Property)
	out := c.made(n, tree.Index, nil, base, i)
	switch {
	case base.Type.Kind == tree.Invalid:
		return spoil(out)
	case base.Type.Kind != tree.List:
		return c.bad(out, "%s has no elements", base.Type)
	case base.Type.Elem == nil:
		return c.bad(out, "an empty list has no elements")
	case !c.want(i, "the place in a list is a whole number", tree.Int):
		return spoil(out)
	}
	out.Type = base.Type.Elem
	return out
}

// constantPath follows vars.a.b down the constants.
func (c *checker) constantPath(n *ast.MemberNode) (*Var, string, bool) {
	property, named := n.Property.(*ast.StringNode)
	if !named || c.env.Vars == nil || !c.dotted(n) {
		return nil, "", false
	}
	var parent *Var
	path := VarsName
	switch base := n.Node.(type) {
	case *ast.IdentifierNode:
		if base.Value != VarsName {
			return nil, "", false
		}
		parent = c.env.Vars
	case *ast.MemberNode:
		var ok bool
		if parent, path, ok = c.constantPath(base); !ok {
			return nil, "", false
		}
	default:
		return nil, "", false
	}
	if parent == nil || parent.Group == nil {
		return parent, path + "." + property.Value, parent == nil
	}
	return parent.Group[property.Value], path + "." + property.Value, true
}

// varAt is the constant v that n names, with n's place in the text.
func (c *checker) varAt(n *ast.MemberNode, v *Var, path string) *tree.Node {
	out := &tree.Node{Span: c.spanOf(n)}
	if v == nil {
		meant := ""
		if name, ok := near(path, c.varPaths(c.env.Vars, VarsName)); ok {
			meant = " (did you mean " + name + "?)"
		}
		return c.bad(out, "unknown constant %s%s", path, meant)
	}
	if v.Value == nil {
		return c.bad(out, "%s is a group: name one of its constants: %s", path, c.varNames(v, path+"."))
	}
	*out = tree.Node{Op: v.Value.Op, Type: v.Value.Type, Kids: v.Value.Kids, Value: v.Value.Value, Span: out.Span}
	return out
}

func (c *checker) varNames(v *Var, prefix string) string {
	names := v.sorted()
	names = slices.Clone(names[:min(len(names), mostNames+1)])
	for i := range names {
		names[i] = prefix + names[i]
	}
	return listed(names)
}

// varPaths yields the path of every constant.
func (c *checker) varPaths(v *Var, path string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, name := range v.sorted() {
			if !yield(path + "." + name) {
				return
			}
			member := v.Group[name]
			if member == nil || member.Group == nil {
				continue
			}
			for inner := range c.varPaths(member, path+"."+name) {
				if !yield(inner) {
					return
				}
			}
		}
	}
}
