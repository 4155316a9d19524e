package kleene_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules/internal/kleene"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// The largest conditions that Small lets pass are far from the bound.
func TestSmall(t *testing.T) {
	text, boolean := tree.Of(tree.Text), tree.Of(tree.Bool)
	optional := &tree.Field{Name: "a", Optional: true}
	read := func(depth int) *tree.Node {
		n := &tree.Node{Op: tree.GetField, Type: text, Field: optional}
		for range depth {
			n = &tree.Node{Op: tree.GetField, Type: text, Field: optional, Kids: []*tree.Node{n}}
		}
		return n
	}
	node := func(op tree.Op, kids ...*tree.Node) *tree.Node { return &tree.Node{Op: op, Type: boolean, Kids: kids} }
	wide := node(tree.Eq, read(0), read(0))
	for range 24 {
		wide = node(tree.And, wide, node(tree.Eq, read(0), read(0)))
	}
	for name, n := range map[string]*tree.Node{"deep": node(tree.Eq, read(48), read(48)), "wide": wide, "single": node(tree.IsAbsent, read(97))} {
		assert.True(t, kleene.Small(n), name)
		for _, rewrite := range []func(*tree.Node) (*tree.Node, error){kleene.True, kleene.False} {
			out, err := rewrite(n)
			require.NoError(t, err, name)
			assert.Less(t, out.Size(), kleene.MaxNodes/3, name)
		}
	}
	for name, n := range map[string]*tree.Node{
		"too deep":              node(tree.IsAbsent, read(100)),
		"equality of booleans":  node(tree.Eq, wide.Kids[1], wide.Kids[1]),
		"absence of a boolean":  node(tree.IsAbsent, wide.Kids[1]),
		"choice":                node(tree.Eq, &tree.Node{Op: tree.Choice, Type: text}, read(0)),
		"loop":                  node(tree.Any, read(0), wide.Kids[1]),
		"too wide":              node(tree.And, wide, wide),
		"something made of one": node(tree.Eq, &tree.Node{Op: tree.ToText, Type: text, Kids: []*tree.Node{wide.Kids[1]}}, read(0)),
	} {
		assert.False(t, kleene.Small(n), name)
	}
}
