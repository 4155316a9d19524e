package afterword_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(text)
}

// What the README shows is what the examples hold and what the code says.
func TestReadmeShowsWhatIsThere(t *testing.T) {
	t.Parallel()
	readme := read(t, "README.md")
	assert.Contains(t, readme, "```yaml\n"+read(t, "examples/embedded/care.rules.yaml")+"```\n")

	example := read(t, "examples/embedded/example_test.go")
	_, body, _ := strings.Cut(example, "func Example() {\n")
	body, output, found := strings.Cut(body, "\t// Output: ")
	require.True(t, found)
	assert.Contains(t, readme, "```go\n"+strings.ReplaceAll(strings.TrimPrefix(body, "\t"), "\n\t", "\n")+"```")
	assert.Contains(t, readme, "This prints `"+strings.TrimSuffix(output, "\n}\n")+"`")
}
