package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Who follows the README's section for rule authors word for word, in a copy of
// the checkout, sees what it shows. With UPDATE_GOLDEN=1, this test writes into
// the README what the commands say.
func TestReadmeForRuleAuthors(t *testing.T) {
	t.Parallel()
	clone := t.TempDir()
	copyTree(t, clone, checkout)
	readme := filepath.Join(checkout, "README.md")
	data, err := os.ReadFile(readme)
	require.NoError(t, err)
	before, section, found := strings.Cut(string(data), "## For rule authors\n")
	require.True(t, found)
	section, behind, found := strings.Cut(section, "\n## ")
	require.True(t, found)

	bin := t.TempDir()
	told := follow(t, clone, section, "GOBIN="+bin, "PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
	assert.FileExists(t, filepath.Join(bin, "afterword"))
	if os.Getenv("UPDATE_GOLDEN") != "" {
		require.NoError(t, os.WriteFile(readme, []byte(before+"## For rule authors\n"+told+"\n## "+behind), 0o600))
		return
	}
	assert.Equal(t, section, told)
	for _, verb := range []string{"init", "check", "test --cover", "eval", "explain", "lint", "fmt"} {
		assert.Contains(t, section, "\nafterword "+verb+" ")
	}
}

// copyTree copies a folder without what is hidden in it.
func copyTree(t *testing.T, to, from string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := filepath.Join(to, strings.TrimPrefix(path, from))
		switch {
		case strings.HasPrefix(entry.Name(), ".") && path != from:
			if entry.IsDir() {
				return filepath.SkipDir
			}
			return nil
		case entry.IsDir():
			return os.MkdirAll(target, 0o700)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(target, data, 0o600)
	}))
}
