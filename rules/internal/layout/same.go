package layout

import (
	"slices"

	"go.yaml.in/yaml/v4"

	"github.com/afterword-go/afterword/rules/internal/yamlfile"
)

// Same tells whether a file says what the document said when it was read: the
// same values, whatever the order of keys, conditions of the same parts, and
// the same comments.
func (d *Document) Same(f *yamlfile.File) bool {
	if f.Root() == nil || !d.same(d.file.Root(), f.Root()) {
		return false
	}
	return slices.Equal(slices.Sorted(slices.Values(d.comments)), slices.Sorted(slices.Values(Read(f).comments)))
}

func (d *Document) same(a, b *yaml.Node) bool {
	if a.Kind != b.Kind || a.Tag != b.Tag || len(a.Content) != len(b.Content) {
		return false
	}
	switch a.Kind {
	case yaml.ScalarNode:
		return d.sameScalar(a, b)
	case yaml.SequenceNode:
		for i := range a.Content {
			if !d.same(a.Content[i], b.Content[i]) {
				return false
			}
		}
		return true
	}
	return d.sameKeys(a, b)
}

func (d *Document) sameKeys(a, b *yaml.Node) bool {
	type key struct{ tag, value string }
	of := func(n *yaml.Node) key {
		if n.Tag == "!!null" {
			return key{tag: n.Tag}
		}
		return key{n.Tag, n.Value}
	}
	values := make(map[key]*yaml.Node, len(b.Content)/2)
	for i := 0; i+1 < len(b.Content); i += 2 {
		values[of(b.Content[i])] = b.Content[i+1]
	}
	for i := 0; i+1 < len(a.Content); i += 2 {
		v := values[of(a.Content[i])]
		if v == nil || !d.same(a.Content[i+1], v) {
			return false
		}
	}
	return len(values) == len(a.Content)/2
}

func (d *Document) sameScalar(a, b *yaml.Node) bool {
	if a.Tag == "!!null" {
		return true // however it is written
	}
	if d.respaced[a] {
		return sameTokens(a.Value, b.Value)
	}
	return a.Value == b.Value
}
