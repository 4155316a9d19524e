package check

import (
	"maps"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"

	"github.com/afterword-go/afterword/internal/nearest"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// VarsName is the name under which expressions reach the constants.
const VarsName = "vars"

// identifier is a field of the input.
func (c *checker) identifier(n *ast.IdentifierNode) *tree.Node {
	out := c.made(n, tree.GetField, nil)
	if n.Value == VarsName && c.env.Vars != nil {
		return c.bad(out, "vars is not a value: name one of its constants: %s", c.varNames(c.env.Vars, "vars."))
	}
	return c.field(out, c.env.Input, n.Value, "")
}

// field finishes out, which reads the field name of group.
func (c *checker) field(out *tree.Node, group *tree.Type, name, of string) *tree.Node {
	field, ok := group.Field(name)
	if !ok {
		return c.bad(out, "unknown %s %s%s", c.nameKind(of), name, c.suggest(name, group, of))
	}
	if field.Type.Kind == tree.Invalid {
		return c.bad(out, "%s cannot be read in a rule: its Go type is %s", name, field.Go)
	}
	out.Field, out.Type = field, field.Type
	return out
}

func (c *checker) nameKind(of string) string {
	if of == "" {
		return "name"
	}
	return "field"
}

// suggest says what an unknown name may have meant.
func (c *checker) suggest(name string, group *tree.Type, of string) string {
	candidates := group.Names()
	if of == "" {
		candidates = append(candidates, slices.Sorted(maps.Keys(c.env.Functions))...)
		candidates = append(candidates, "true", "false", "nil")
		if len(c.elems) > 0 {
			if elem := c.elems[len(c.elems)-1].Type; elem.Kind == tree.Group {
				if _, ok := elem.Field(name); ok {
					return " (did you mean ." + name + "?)"
				}
			}
		}
	}
	if near, ok := nearest.To(name, slices.Values(candidates)); ok {
		return " (did you mean " + near + "?)"
	}
	if len(group.Fields) == 0 {
		return ""
	}
	return "; there are " + strings.Join(group.Names(), ", ")
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
		return c.field(out, base.Type, property.Value, "group")
	case tree.List:
		return c.bad(out, "this is %s: to look at .%s of its elements, write any(…, .%s == …)", base.Type, property.Value, property.Value)
	}
	return c.bad(out, "%s has no fields", base.Type)
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
		near := ""
		if name, ok := nearest.To(path, c.varPaths(c.env.Vars, VarsName)); ok {
			near = " (did you mean " + name + "?)"
		}
		return c.bad(out, "unknown constant %s%s", path, near)
	}
	if v.Value == nil {
		return c.bad(out, "%s is a group: name one of its constants: %s", path, c.varNames(v, path+"."))
	}
	*out = tree.Node{Op: v.Value.Op, Type: v.Value.Type, Kids: v.Value.Kids, Value: v.Value.Value, Span: out.Span}
	return out
}

func (c *checker) varNames(v *Var, prefix string) string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(v.Group)) {
		names = append(names, prefix+name)
	}
	return strings.Join(names, ", ")
}

// varPaths yields the path of every constant.
func (c *checker) varPaths(v *Var, path string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for _, name := range slices.Sorted(maps.Keys(v.Group)) {
			member := v.Group[name]
			if !yield(path + "." + name) {
				return
			}
			if member != nil && member.Group != nil {
				for inner := range c.varPaths(member, path+"."+name) {
					if !yield(inner) {
						return
					}
				}
			}
		}
	}
}
