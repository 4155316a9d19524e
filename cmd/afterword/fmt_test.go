package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	untidy = "version:   1\nevent: denver_post_survey_email_transcript\nrules: []\n"
	tidy   = "version: 1\nevent: denver_post_survey_email_transcript\nrules: []\n"
)

func write(t *testing.T, name, text string, mode os.FileMode) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
	require.NoError(t, os.WriteFile(name, []byte(text), mode))
	require.NoError(t, os.Chmod(name, mode)) // whatever the umask is
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(data)
}

func TestFormatKeepsModesAndLinks(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	target, link := filepath.Join(folder, "target", "a.rules.yaml"), filepath.Join(folder, "links", "b.rules.yaml")
	write(t, target, untidy, 0o640)
	require.NoError(t, os.Mkdir(filepath.Dir(link), 0o755))
	require.NoError(t, os.Symlink(filepath.Join("..", "target", "a.rules.yaml"), link))

	got := runWith(t.Context(), nil, "fmt", link)
	assert.Equal(t, ran{exitGood, filepath.ToSlash(link) + "\n", ""}, got)
	assert.Equal(t, tidy, read(t, target))
	info, err := os.Lstat(target)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o640), info.Mode())
	info, err = os.Lstat(link)
	require.NoError(t, err)
	assert.NotZero(t, info.Mode()&os.ModeSymlink)
	for _, name := range []string{"target", "links"} {
		entries, err := os.ReadDir(filepath.Join(folder, name))
		require.NoError(t, err)
		assert.Len(t, entries, 1, "a file is left behind")
	}
}

func TestFormatLeavesTidyFilesAlone(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "a.rules.yaml")
	write(t, name, tidy, 0o644)
	old := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	require.NoError(t, os.Chtimes(name, old, old))
	assert.Equal(t, ran{}, runWith(t.Context(), nil, "fmt", name))
	info, err := os.Stat(name)
	require.NoError(t, err)
	assert.True(t, info.ModTime().Equal(old))
}

func TestReplaceRefuses(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	require.Error(t, replace(filepath.Join(folder, "nowhere"), nil, nil))
	require.Error(t, replace(folder, nil, nil))
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Empty(t, entries)
}

// A file that is edited while it is formatted keeps what was edited.
func TestReplaceLeavesWhatChangedMeanwhile(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "a.rules.yaml")
	write(t, name, untidy+"# new\n", 0o644)
	require.ErrorIs(t, replace(name, []byte(untidy), []byte(tidy)), errMeanwhile)
	assert.Equal(t, untidy+"# new\n", read(t, name))
	entries, err := os.ReadDir(filepath.Dir(name))
	require.NoError(t, err)
	assert.Len(t, entries, 1, "a file is left behind")
	require.NoError(t, replace(name, []byte(untidy+"# new\n"), []byte(tidy)))
	assert.Equal(t, tidy, read(t, name))
}

// A write that fails leaves the file as it was.
func TestFillTellsWhatFails(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "a")
	file, err := os.Create(name)
	require.NoError(t, err)
	require.NoError(t, file.Close())
	require.ErrorIs(t, fill(file, []byte("x"), 0o644), os.ErrClosed)
	assert.Empty(t, read(t, name))
}

func TestFormatOfAFileThatCannotBeRead(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	require.NoError(t, os.Symlink("nowhere", filepath.Join(folder, "a.rules.yaml")))
	write(t, filepath.Join(folder, "b.rules.yaml"), untidy, 0o644)
	got := runWith(t.Context(), nil, "fmt", folder)
	assert.Equal(t, exitTrouble, got.code)
	assert.Empty(t, got.out)
	assert.Equal(t, 1, strings.Count(got.errors, "\n"), got.errors)
	assert.Equal(t, untidy, read(t, filepath.Join(folder, "b.rules.yaml")))
	assert.Error(t, formatFile(folder).err)
	assert.Error(t, formatFile(filepath.Join(folder, "nowhere")).err)
}
