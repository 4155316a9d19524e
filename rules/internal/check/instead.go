package check

import (
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// comparison says how to make a condition of a value, or nothing.
func (c *checker) comparison(n *tree.Node) string {
	if n.Op != tree.GetField && n.Op != tree.Index && n.Op != tree.Call {
		return ""
	}
	text := c.shortOf(n.Span)
	switch n.Type.Kind {
	case tree.Int, tree.Float:
		return ": write a comparison, such as " + text + " <= 3"
	case tree.Text:
		return ": write a comparison, such as " + text + ` == "…"`
	case tree.Time:
		return ": write a comparison, such as " + text + ` > date("2026-01-31")`
	case tree.List:
		if field, ok := textField(n.Type); ok {
			return ": ask about its elements, as in any(" + text + ", ." + field + ` == "…")`
		}
		if n.Type.Elem != nil && n.Type.Elem.Kind == tree.Text {
			return `: ask about its elements, as in "…" in ` + text
		}
		return ": ask about its elements, or how many there are: len(" + text + ") > 0"
	}
	return ""
}

// textField is a text in the elements of a list of groups. Of several it is the
// last: what is asked stands in front of the answer.
func textField(list *tree.Type) (name string, ok bool) {
	if list.Kind != tree.List || list.Elem == nil || list.Elem.Kind != tree.Group {
		return "", false
	}
	for _, f := range list.Elem.Fields {
		if f.Type.Kind == tree.Text {
			name, ok = f.Name, true
		}
	}
	return name, ok
}
