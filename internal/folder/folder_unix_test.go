//go:build linux || darwin

package folder_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestReadFollowsNothing(t *testing.T) {
	t.Parallel()
	outside := filepath.Join(t.TempDir(), "outside")
	require.NoError(t, os.WriteFile(outside, []byte("secret"), 0o600))
	f := open(t, t.TempDir())
	require.NoError(t, f.Write("inside", []byte("mine")))
	for name, make := range map[string]func(string) error{
		"out":  func(path string) error { return os.Symlink(outside, path) },
		"in":   func(path string) error { return os.Symlink("inside", path) },
		"pipe": func(path string) error { return syscall.Mkfifo(path, 0o600) },
	} {
		path := filepath.Join(f.Path(), name)
		require.NoError(t, make(path))
		_, err := f.Read(name, 100)
		require.EqualError(t, err, path+": is not a regular file: move it elsewhere")
	}
	require.NoError(t, f.Write("out", []byte("new")))
	text, err := os.ReadFile(outside)
	require.NoError(t, err)
	assert.Equal(t, "secret", string(text), "the link is replaced, and not what it leads to")
	data, err := f.Read("out", 3)
	require.NoError(t, err)
	assert.Equal(t, "new", string(data))
}
