//go:build !windows

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Who follows the README's section on changing a rule word for word, in a copy
// of the checkout, sees what it shows. With UPDATE_GOLDEN=1, this test writes
// into the README what the commands say.
func TestReadmeForChanges(t *testing.T) {
	t.Parallel()
	const heading = "## Change a rule with confidence\n"
	readme := filepath.Join(checkout, "README.md")
	data, err := os.ReadFile(readme)
	require.NoError(t, err)
	before, section, found := strings.Cut(string(data), heading)
	require.True(t, found)
	section, behind, found := strings.Cut(section, "\n## ")
	require.True(t, found)

	told := newWalk(t).blocks(section)
	if os.Getenv("UPDATE_GOLDEN") != "" {
		require.NoError(t, os.WriteFile(readme, []byte(before+heading+told+"\n## "+behind), 0o600))
		return
	}
	assert.Equal(t, section, told)
	for _, verb := range []string{"test --draft", "test --mutate", "replay", "diff"} {
		assert.Contains(t, section, "\nafterword "+verb+" ")
	}
}
