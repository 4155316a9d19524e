package yamlfile

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestComments wants the comments with a mark, and nothing that only looks like
// one.
func TestComments(t *testing.T) {
	t.Parallel()
	const file = `# mark at the top
# another one

a: 1 # mark  behind ä
#mark above
# b
b: "# mark in quotes" # other # mark is behind a comment
c: |
  # mark in a block
d: 'x # mark
  # mark over lines'
e: x#mark
f: ä # mark
# mark in the end`
	f, problems := Parse([]byte(file), 0)
	require.Empty(t, problems)
	assert.Equal(t, []Comment{
		{Position{1, 1}, "at the top", 3},
		{Position{4, 6}, "behind ä", 0},
		{Position{5, 1}, "above", 7},
		{Position{7, 31}, "is behind a comment", 0},
		{Position{13, 6}, "", 0},
		{Position{14, 1}, "in the end", 15},
	}, f.Comments("mark"))
	assert.Empty(t, f.Comments("nowhere"))
	assert.Empty(t, (&File{}).Comments("mark"))
}
