package index

import (
	"slices"
	"strings"

	"github.com/afterword-go/afterword/rules/internal/eval"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// A field is a field of the input that conditions read, text or number.
type field struct {
	name    string // with the groups that it lies in
	text    func(eval.Pointer) (string, bool)
	number  func(eval.Pointer) (int64, bool)
	bounded bool // of texts: beyond a length, all rules are candidates
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
	if at, known := f.deep[name]; known {
		return at, at >= 0
	}
	if f.deep == nil {
		f.deep = map[string]int{}
	}
	at = f.add(n, name)
	f.deep[name] = at
	return at, at >= 0
}

// add adds a field and returns its place, or less than 0.
func (f *fields) add(n *tree.Node, name string) int {
	added := field{name: name}
	ok := false
	if n.Type.Kind == tree.Text {
		added.text, ok = eval.ReadText(n)
	} else {
		added.number, ok = readNumber(n)
	}
	if !ok {
		return -1
	}
	f.list = append(f.list, added)
	return len(f.list) - 1
}

// pathOf is the name of a field with those of the groups around it. What a
// condition can read has no dot in its name.
func pathOf(n *tree.Node) string {
	var names []string
	for {
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
