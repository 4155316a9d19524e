package folder_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/internal/folder"
)

func open(t *testing.T, path string) *folder.Folder {
	t.Helper()
	f, err := folder.Open(path)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, f.Close()) })
	return f
}

// listed are the names that a folder tells of.
func listed(t *testing.T, f *folder.Folder) []string {
	t.Helper()
	entries, err := f.Entries()
	require.NoError(t, err)
	names := []string{}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

func TestFolder(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "vault")
	f := open(t, path)
	assert.Equal(t, path, f.Path())
	assert.Empty(t, listed(t, f), "its own files are not told")
	_, err := f.Read("a", 10)
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.ErrorContains(t, err, filepath.Join(path, "a"))
	require.NoError(t, f.Remove("a"), "it is not there")

	for _, text := range []string{"one", "", "three"} {
		require.NoError(t, f.Write("a", []byte(text)))
		data, err := f.Read("a", int64(len(text)))
		require.NoError(t, err)
		assert.Equal(t, text, string(data))
	}
	require.NoError(t, f.Write("b.json", nil))
	assert.Equal(t, []string{"a", "b.json"}, listed(t, f))
	for path, want := range map[string]fs.FileMode{path: 0o700 | fs.ModeDir, filepath.Join(path, "a"): 0o600} {
		info, err := os.Stat(path)
		require.NoError(t, err)
		assert.Equal(t, want, info.Mode(), path)
	}
	require.NoError(t, f.Remove("a"))
	assert.Equal(t, []string{"b.json"}, listed(t, f))
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	f := open(t, t.TempDir())
	require.NoError(t, f.Write("secret", []byte("secret text")))
	_, err := f.Read("secret", 10)
	require.EqualError(t, err, filepath.Join(f.Path(), "secret")+": has more than 10 bytes: put back a copy of it, or move it elsewhere")
	require.NoError(t, os.Mkdir(filepath.Join(f.Path(), "folder"), 0o700))
	_, err = f.Read("folder", 10)
	require.EqualError(t, err, filepath.Join(f.Path(), "folder")+": is not a regular file: move it elsewhere")
}

func TestNames(t *testing.T) {
	t.Parallel()
	parent := t.TempDir()
	f := open(t, filepath.Join(parent, "in"))
	require.NoError(t, os.WriteFile(filepath.Join(parent, "out"), []byte("mine"), 0o600))
	for _, name := range []string{"", ".", "..", "../out", "a/b", "/a", "./a", "a/", ".lock", ".record.tmp"} {
		const refused = "cannot be the name of a file here"
		require.ErrorContains(t, f.Write(name, []byte("x")), refused, name)
		require.ErrorContains(t, f.Remove(name), refused, name)
		_, err := f.Read(name, 10)
		require.ErrorContains(t, err, refused, name)
	}
	require.NoError(t, f.Write(strings.Repeat("n", 255), nil))
	require.Error(t, f.Write(strings.Repeat("n", 256), nil))
	assert.Len(t, listed(t, f), 1)
}

func TestOnlyOnce(t *testing.T) {
	t.Parallel()
	f := open(t, t.TempDir())
	_, err := folder.Open(f.Path())
	require.EqualError(t, err, f.Path()+": is in use: end the process that has it open, or take another folder")
	require.NoError(t, f.Close())
	open(t, f.Path())
}

func TestLeftover(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(path, ".record.tmp"), []byte("half"), 0o600))
	open(t, path)
	assert.NoFileExists(t, filepath.Join(path, ".record.tmp"))
}

func TestClosed(t *testing.T) {
	t.Parallel()
	f := open(t, t.TempDir())
	require.NoError(t, f.Ready())
	require.NoError(t, f.Close())
	require.NoError(t, f.Close())
	_, listing := f.Entries()
	_, reading := f.Read("a", 1)
	for _, err := range []error{listing, reading, f.Write("a", nil), f.Remove("a"), f.Ready()} {
		require.ErrorIs(t, err, os.ErrClosed)
	}
	assert.EqualError(t, f.Fault("a", errors.New("is odd")), filepath.Join(f.Path(), "a")+": is odd")
}

func TestOpenFails(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for path, want := range map[string]string{file: "open the folder", filepath.Join(file, "x"): "make the folder", "": "make the folder"} {
		_, err := folder.Open(path)
		require.ErrorContains(t, err, path+": "+want)
	}
	path := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(path, ".record.tmp", "mine"), 0o700))
	_, err := folder.Open(path)
	require.ErrorContains(t, err, filepath.Join(path, ".record.tmp"))
}

// What is in the way of a file is not replaced by it.
func TestInTheWay(t *testing.T) {
	t.Parallel()
	f := open(t, t.TempDir())
	mine := filepath.Join(f.Path(), "a", "mine")
	require.NoError(t, os.MkdirAll(mine, 0o700))
	require.ErrorContains(t, f.Write("a", []byte("x")), filepath.Join(f.Path(), "a"))
	require.ErrorContains(t, f.Remove("a"), filepath.Join(f.Path(), "a"))
	assert.DirExists(t, mine)
	assert.NoFileExists(t, filepath.Join(f.Path(), ".record.tmp"))
	require.NoError(t, f.Ready(), "it is known that nothing has changed")

	require.NoError(t, os.MkdirAll(filepath.Join(f.Path(), ".record.tmp", "mine"), 0o700))
	require.ErrorContains(t, f.Write("b", []byte("x")), ".record.tmp")
	assert.Equal(t, []string{"a"}, listed(t, f))
}
