package layout

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules/internal/yamlfile"
)

func parsed(t *testing.T, data string) *yamlfile.File {
	t.Helper()
	f, problems := yamlfile.Parse([]byte(data), 0)
	require.Empty(t, problems)
	return f
}

// TestSame wants every change of what a file says to be noticed.
func TestSame(t *testing.T) {
	const file = "# a\nwhen: x  && !y # b\nlist: [1, two, ~]\ntext: x  && !y\n"
	for changed, want := range map[string]bool{
		file:                      true,
		"when: not y\nlist: []\n": false,
		"# a\ntext: x  && !y # b\nlist: [1, two, null]\nwhen: 'x and not y'\n":     true,
		"# a\nwhen: x or not y # b\nlist: [1, two, ~]\ntext: x  && !y\n":           false,
		"# a\nwhen: x and not z # b\nlist: [1, two, ~]\ntext: x  && !y\n":          false,
		"# a\nwhen: x and not y # b\nlist: [1, two, ~]\ntext: x and not y\n":       false,
		"# a\nwhen: x and not y\nlist: [1, two, ~]\ntext: x  && !y\n":              false,
		"# a\n# b\nwhen: x and not y # b\nlist: [1, two, ~]\ntext: x  && !y\n":     false,
		"# a\nwhen: x and not y # c\nlist: [1, two, ~]\ntext: x  && !y\n":          false,
		"# a\nwhen: x and not y # b\nlist: [two, 1, ~]\ntext: x  && !y\n":          false,
		"# a\nwhen: x and not y # b\nlist: [1, two]\ntext: x  && !y\n":             false,
		"# a\nwhen: x and not y # b\nlist: ['1', two, ~]\ntext: x  && !y\n":        false,
		"# a\nwhen: x and not y # b\nlist: [1, two, '']\ntext: x  && !y\n":         false,
		"# a\nwhen: x and not y # b\nlist: [1, two, ~]\ntexts: x  && !y\n":         false,
		"# a\nwhen: x and not y # b\nlist: {1: two}\ntext: x  && !y\n":             false,
		"# a\nwhen: x and not y # b\nlist: [1, two, ~]\ntext: x  && !y\nmore: 1\n": false,
		"# a\nwhen: true # b\nlist: [1, two, ~]\ntext: x  && !y\n":                 false,
		"# a\n- 1 # b\n": false,
	} {
		d := Read(parsed(t, file))
		d.Respace(d.Root.Member("when"))
		assert.Equal(t, want, d.Same(parsed(t, changed)), changed)
	}
	assert.False(t, Read(parsed(t, file)).Same(&yamlfile.File{}))
}

// TestOrder wants keys that are not named to stay where they are.
func TestOrder(t *testing.T) {
	d := Read(parsed(t, "x: 1\nb: 2\ny: 3\na: 4\nb.c: 5\n"))
	d.Root.Order("a", "b", "c")
	assert.Equal(t, "x: 1\na: 4\ny: 3\nb: 2\nb.c: 5\n", string(d.Print()))
	d = Read(parsed(t, "- b\n- a\n"))
	d.Root.Order("a", "b")
	assert.Equal(t, "- b\n- a\n", string(d.Print()))
}

// TestSourceMissing wants a file that could not be read to have no places.
func TestSourceMissing(t *testing.T) {
	f := &yamlfile.File{}
	assert.Nil(t, f.Data())
	_, ok := f.Offset(yamlfile.Position{Line: 1, Column: 1})
	assert.False(t, ok)
}
