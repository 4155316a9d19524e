package index

import (
	"slices"
	"strings"

	"github.com/afterword-go/afterword/rules/internal/eval"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// A field is a field of the input that conditions read: a text, a number, or a
// list of which the length is read. It may be a text of all elements of a list
// as well, of which the length is read.
type field struct {
	name    string // with the groups that it lies in
	text    func(eval.Pointer) (string, bool)
	number  func(eval.Pointer) (int64, bool)
	length  func(eval.Pointer) int
	list    bool
	bounded bool // beyond a length, all rules are candidates
}

// fields are the fields that conditions read, in the order in which they were
// met.
type fields struct {
	list []field
	top  map[*tree.Field]int // of the input itself
	deep map[string]int
}

// of is the place of the field that n reads. It is not ok for what cannot be
// read without an evaluation.
func (f *fields) of(n *tree.Node) (at int, ok bool) {
	if !isField(n) {
		return 0, false
	}
	if len(n.Kids) == 0 {
		if at, known := f.top[n.Field]; known {
			return at, at >= 0
		}
		if f.top == nil {
			f.top = map[*tree.Field]int{}
		}
		at = f.add(n, n.Field.Name)
		f.top[n.Field] = at
		return at, at >= 0
	}
	name := pathOf(n)
	at, known := f.deep[name]
	if !known {
		at = f.add(n, name)
		f.know(name, at)
	}
	return at, at >= 0
}

// ofElements is the place of a text that a loop over the list reads of each
// element.
func (f *fields) ofElements(list, text *tree.Node) (at int, ok bool) {
	name := pathOf(list) + "." + pathOf(text)
	at, known := f.deep[name]
	if !known {
		at = -1
		if length, ok := eval.ReadBytes(list, text); ok {
			at = len(f.list)
			f.list = append(f.list, field{name: name, length: length})
		}
		f.know(name, at)
	}
	return at, at >= 0
}

// know keeps the place of a field that is not of the input itself.
func (f *fields) know(name string, at int) {
	if f.deep == nil {
		f.deep = map[string]int{}
	}
	f.deep[name] = at
}

// add adds a field and returns its place, or less than 0.
func (f *fields) add(n *tree.Node, name string) int {
	added := field{name: name}
	ok := false
	switch n.Type.Kind {
	case tree.Text:
		added.text, ok = eval.ReadText(n)
	case tree.List:
		added.list = true
		added.length, ok = eval.ReadLength(n)
	default:
		added.number, ok = readNumber(n)
	}
	if !ok {
		return -1
	}
	f.list = append(f.list, added)
	return len(f.list) - 1
}

// pathOf is the name of a field with those of the groups around it, and # for an
// element. What a condition can read has neither a dot nor # in its name.
func pathOf(n *tree.Node) string {
	var names []string
	for {
		if n.Op == tree.Elem {
			slices.Reverse(names)
			return strings.Join(append([]string{"#"}, names...), ".")
		}
		names = append(names, n.Field.Name)
		if len(n.Kids) == 0 {
			slices.Reverse(names)
			return strings.Join(names, ".")
		}
		n = n.Kids[0]
	}
}

// isField tells of a field of the input, or of a group in it.
func isField(n *tree.Node) bool {
	for ; n.Op == tree.GetField && len(n.Kids) > 0; n = n.Kids[0] {
	}
	return n.Op == tree.GetField
}
