package yamlfile

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/internal/stopwatch"
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

// TestManyComments wants the time for many comments, among many texts with a #
// and one below the other, to grow no faster than they do. It runs alone: what
// other tests compute would count.
func TestManyComments(t *testing.T) {
	const many = 15_000
	text := strings.Repeat("# mark a\n", many) + strings.Repeat("# mark b\n- \"c # mark d\"\n", many)
	f, problems := Parse([]byte(text), 0)
	require.Empty(t, problems)
	watch := stopwatch.Start()
	all := f.Comments("mark")
	assert.Less(t, watch.Took(), 3*time.Second)
	require.Len(t, all, 2*many)
	assert.Equal(t, Comment{Position{1, 1}, "a", many + 2}, all[0])
	assert.Equal(t, Comment{Position{3*many - 1, 1}, "b", 3 * many}, all[2*many-1])
}
