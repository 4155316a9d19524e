package faas_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/faas/faastest"
)

const (
	someID  = "5f0c2a9e-7a52-4e0e-8d11-0c8f1e1d2a3b"
	otherID = "6f0c2a9e-7a52-4e0e-8d11-0c8f1e1d2a3b"
)

func openDirectory(t testing.TB, path string) *faas.Directory {
	t.Helper()
	d, err := faas.OpenDirectory(path)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, d.Close()) })
	return d
}

// names lists a folder.
func names(t testing.TB, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	var all []string
	for _, entry := range entries {
		all = append(all, entry.Name())
	}
	return all
}

func TestDirectoryIsAStore(t *testing.T) {
	t.Parallel()
	faastest.TestStore(t, func(t *testing.T) faas.Store { return openDirectory(t, t.TempDir()) })
}

// TestDirectoryReopened has the whole suite look at a store that is opened
// again for each call.
func TestDirectoryReopened(t *testing.T) {
	t.Parallel()
	faastest.TestStore(t, func(t *testing.T) faas.Store { return &reopened{path: t.TempDir()} })
}

type reopened struct {
	mu   sync.Mutex
	path string
}

func (r *reopened) with(do func(*faas.Directory) error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	d, err := faas.OpenDirectory(r.path)
	if err != nil {
		return err
	}
	if err := do(d); err != nil {
		_ = d.Close()
		return err
	}
	return d.Close()
}

func (r *reopened) Load(ctx context.Context) (records []faas.Record, err error) {
	err = r.with(func(d *faas.Directory) error { records, err = d.Load(ctx); return err })
	return records, err
}

func (r *reopened) Save(ctx context.Context, record faas.Record) error {
	return r.with(func(d *faas.Directory) error { return d.Save(ctx, record) })
}

func (r *reopened) Delete(ctx context.Context, id string, revision int64) error {
	return r.with(func(d *faas.Directory) error { return d.Delete(ctx, id, revision) })
}

func TestDirectoryFiles(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "functions")
	d := openDirectory(t, folder)
	require.NoError(t, d.Save(t.Context(), faas.Record{ID: someID, Name: "care", State: faas.StateDraft, Version: 1, Revision: 1}))
	assert.Equal(t, []string{".lock", someID + ".json"}, names(t, folder))
	for path, want := range map[string]fs.FileMode{folder: 0o700 | fs.ModeDir, filepath.Join(folder, someID+".json"): 0o600} {
		info, err := os.Stat(path)
		require.NoError(t, err)
		assert.Equal(t, want, info.Mode(), path)
	}
	text, err := os.ReadFile(filepath.Join(folder, someID+".json"))
	require.NoError(t, err)
	assert.Equal(t, sound, string(text))

	require.NoError(t, d.Delete(t.Context(), someID, 1))
	assert.Equal(t, []string{".lock"}, names(t, folder))
}

// sound is the file of a function.
const sound = `{
  "format": 1,
  "function": {
    "id": "` + someID + `",
    "name": "care",
    "event": "",
    "inGo": false,
    "version": 1,
    "state": "Draft",
    "createdAt": "0001-01-01T00:00:00Z",
    "updatedAt": "0001-01-01T00:00:00Z",
    "revision": 1
  }
}
`

func TestDirectoryKeepsForeignFiles(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	foreign := []string{"README.md", "notes.json.bak", someID, someID + ".json.tmp", ".hidden", "x.tmp", "folder"}
	for _, name := range foreign {
		if name == "folder" {
			require.NoError(t, os.Mkdir(filepath.Join(folder, name), 0o700))
			continue
		}
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte("mine"), 0o600))
	}
	require.NoError(t, os.WriteFile(filepath.Join(folder, ".record.tmp"), []byte(sound[:40]), 0o600))
	d := openDirectory(t, folder)
	require.NoError(t, os.WriteFile(filepath.Join(folder, ".record.tmp"), bytes.Repeat([]byte("x"), 1000), 0o600))
	require.NoError(t, d.Save(t.Context(), faas.Record{ID: otherID, Revision: 1}))
	text, err := os.ReadFile(filepath.Join(folder, otherID+".json"))
	require.NoError(t, err)
	assert.NotContains(t, string(text), "x", "nothing of what was in the way")
	assert.ElementsMatch(t, append(foreign, ".lock", otherID+".json"), names(t, folder), "all but the leftover")
}

func TestDirectoryFaults(t *testing.T) {
	t.Parallel()
	file := someID + ".json"
	const copied = ": put back a copy of it, or move it elsewhere"
	for name, c := range map[string]struct {
		file, text string
		want       string
	}{
		"empty":           {file, "", file + ":1:1: is not JSON" + copied},
		"cut":             {file, sound[:60], file + ":4:28: is not JSON" + copied},
		"not JSON":        {file, "{\n  secret\n}", file + ":2:3: is not JSON" + copied},
		"more":            {file, sound + "{}", file + ":15:1: is not JSON" + copied},
		"twice":           {file, strings.Replace(sound, `"event"`, `"name"`, 1), file + ":6:5: is not JSON" + copied},
		"not UTF-8":       {file, strings.Replace(sound, "care", "secret\xff", 1), file + ":5:20: is not JSON" + copied},
		"zeros":           {file, strings.Repeat("\x00", 500), file + ":1:1: is not JSON" + copied},
		"other type":      {file, strings.Replace(sound, `"care"`, `["secret"]`, 1), file + ":5:13: is not a function, or one of a later version" + copied},
		"other time":      {file, strings.Replace(sound, `"0001-`, `"secret`, 1), file + ":10:18: is not a function, or one of a later version" + copied},
		"unknown field":   {file, strings.Replace(sound, `"event"`, `"secret"`, 1), file + ":6:5: is not a function, or one of a later version" + copied},
		"other case":      {file, strings.Replace(sound, `"event"`, `"Event"`, 1), file + ":6:5: is not a function, or one of a later version" + copied},
		"list":            {file, "[]", file + ":1:1: is not a function, or one of a later version" + copied},
		"null":            {file, "null", file + ": has format 0, and this version reads 1: open it with the version that wrote it"},
		"later":           {file, `{"format": 2, "secret": {}}`, file + ": has format 2, and this version reads 1: open it with the version that wrote it"},
		"no function":     {file, `{"format": 1}`, file + ": holds another function than its name says: give it back its name"},
		"other function":  {otherID + ".json", sound, otherID + ".json: holds another function than its name says: give it back its name"},
		"no revision":     {file, strings.Replace(sound, `"revision": 1`, `"revision": -1`, 1), file + ": has no revision from 1 on" + copied},
		"too large":       {file, sound + strings.Repeat(" ", 16<<20-len(sound)+1), file + ": has more than 16777216 bytes" + copied},
		"foreign":         {"package.json", "{}", "package.json: is not a file of this folder's functions: move it elsewhere"},
		"no name":         {".json", sound, ".json: is not a file of this folder's functions: move it elsewhere"},
		"upper case":      {strings.ToUpper(someID) + ".json", sound, strings.ToUpper(someID) + ".json: is not a file of this folder's functions: move it elsewhere"},
		"other UUID form": {"{" + someID + "}.json", sound, "{" + someID + "}.json: is not a file of this folder's functions: move it elsewhere"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			require.NoError(t, os.WriteFile(filepath.Join(folder, c.file), []byte(c.text), 0o600))
			_, err := faas.OpenDirectory(folder)
			require.EqualError(t, err, filepath.Join(folder, c.want))

			require.NoError(t, os.Remove(filepath.Join(folder, c.file)))
			openDirectory(t, folder) // nothing is left of the first try
		})
	}
}

func TestDirectoryLargestFile(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, someID+".json"), []byte(sound+strings.Repeat(" ", 16<<20-len(sound))), 0o600))
	openDirectory(t, folder)
}

func TestDirectoryTellsAllFaults(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for name, text := range map[string]string{"a.json": "", someID + ".json": sound, otherID + ".json": sound} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
	}
	_, err := faas.OpenDirectory(folder)
	require.Error(t, err)
	lines := strings.Split(err.Error(), "\n")
	require.Len(t, lines, 2)
	assert.Contains(t, lines[0], otherID)
	assert.Contains(t, lines[1], "a.json")
	assert.Len(t, names(t, folder), 4, "nothing is removed")
}

func TestDirectoryRefusesRecords(t *testing.T) {
	t.Parallel()
	parent := t.TempDir()
	folder := filepath.Join(parent, "functions")
	d := openDirectory(t, folder)
	for _, id := range []string{"", ".", "..", "care", "../" + someID, "/" + someID, someID + "/x", someID + "\x00", strings.ToUpper(someID), "urn:uuid:" + someID, strings.ReplaceAll(someID, "-", "")} {
		require.EqualError(t, d.Save(t.Context(), faas.Record{ID: id, Revision: 1}), fmt.Sprintf("%s: the ID %.60q is not a UUID in lower case", folder, id))
		require.NoError(t, d.Delete(t.Context(), id, 1), "it is not there")
	}
	file := filepath.Join(folder, someID+".json")
	for _, text := range []string{"secret\xff", "\xc3"} {
		err := d.Save(t.Context(), faas.Record{ID: someID, Source: text, Revision: 1})
		require.EqualError(t, err, file+": cannot be written as JSON: keep to texts in UTF-8 and to years of four digits")
	}
	err := d.Save(t.Context(), faas.Record{ID: someID, Source: strings.Repeat("x", 16<<20), Revision: 1})
	require.ErrorContains(t, err, file+": would have 16777")
	require.ErrorContains(t, err, " bytes; keep the function to 16777216")
	assert.Equal(t, []string{"functions"}, names(t, parent))
	assert.Equal(t, []string{".lock"}, names(t, folder))
}

// The largest record that is saved is one that can be read.
func TestDirectoryLargestRecord(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	d, err := faas.OpenDirectory(folder)
	require.NoError(t, err)
	r := faas.Record{ID: someID, Source: "x", Revision: 1}
	require.NoError(t, d.Save(t.Context(), r))
	info, err := os.Stat(filepath.Join(folder, someID+".json"))
	require.NoError(t, err)
	r.Revision, r.Source = 2, strings.Repeat("x", 16<<20-int(info.Size())+1)
	require.NoError(t, d.Save(t.Context(), r))
	r.Revision, r.Source = 3, r.Source+"x"
	require.ErrorContains(t, d.Save(t.Context(), r), "would have 16777217 bytes")
	require.NoError(t, d.Close())
	records, err := openDirectory(t, folder).Load(t.Context())
	require.NoError(t, err)
	require.Len(t, records, 1)
	assert.Equal(t, int64(2), records[0].Revision)
}

func TestDirectoryHeedsContexts(t *testing.T) {
	t.Parallel()
	d := openDirectory(t, t.TempDir())
	require.NoError(t, d.Save(t.Context(), faas.Record{ID: someID, Revision: 1}))
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := d.Load(canceled)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, d.Save(canceled, faas.Record{ID: someID, Revision: 2}), context.Canceled)
	require.ErrorIs(t, d.Delete(canceled, someID, 1), context.Canceled)
	require.NoError(t, d.Delete(t.Context(), someID, 1), "it is there as it was")
}

func TestDirectoryClosed(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	d := openDirectory(t, folder)
	require.NoError(t, d.Close())
	require.NoError(t, d.Close())
	_, err := d.Load(t.Context())
	require.ErrorIs(t, err, os.ErrClosed)
	require.ErrorIs(t, d.Save(t.Context(), faas.Record{ID: someID, Revision: 1}), os.ErrClosed)
	require.ErrorIs(t, d.Delete(t.Context(), someID, 1), os.ErrClosed)
	openDirectory(t, folder)
}

func TestDirectoryPaths(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for path, want := range map[string]string{
		file:                              "open the folder",
		filepath.Join(file, "x"):          "make the folder",
		filepath.Join(folder, "no", "no"): "make the folder",
		"":                                "make the folder",
	} {
		_, err := faas.OpenDirectory(path)
		require.ErrorContains(t, err, path+": "+want)
	}
	assert.Equal(t, []string{"file"}, names(t, folder))
}

// What a store would not keep as it is does not get as far.
func TestTextsThatAreNotUTF8(t *testing.T) {
	t.Parallel()
	d := openDirectory(t, t.TempDir())
	rt, err := faas.New(faas.Config{Store: d, Builders: []faas.Builder{faas.Build(chat, func(string, []byte) (func(context.Context, survey) (emails, error), error) {
		return nil, errors.New("broken \xff")
	})}})
	require.NoError(t, err)
	ctx := faas.As(t.Context(), "ada\xff")
	for _, draft := range []faas.Draft{{Description: "\xff"}, {Source: "\xff"}, {Description: "\xc3", Source: "\xa9"}} {
		draft.Name, draft.Event = "care", chat.ID()
		_, err = rt.Create(ctx, draft)
		require.ErrorContains(t, err, "the description, the source and the skills must be UTF-8")
		assert.Equal(t, faas.CodeInvalid, failed(t, err).Code)
	}
	r, err := rt.Create(ctx, faas.Draft{Name: "care", Event: chat.ID()})
	require.NoError(t, err)
	assert.Equal(t, "ada\ufffd", r.CreatedBy)
	r, err = rt.Deploy(ctx, r.ID)
	assert.Equal(t, faas.CodeBuildFailed, failed(t, err).Code)
	assert.Equal(t, faas.StateBuildError, r.State)
	assert.Equal(t, "broken \ufffd", r.Problem)
}

// A runtime says what its store could not do.
func TestDirectoryUnderARuntime(t *testing.T) {
	t.Parallel()
	d := openDirectory(t, t.TempDir())
	rt, err := faas.New(faas.Config{Store: d, Builders: []faas.Builder{faas.Build(chat, mailer)}})
	require.NoError(t, err)
	require.NoError(t, d.Close())
	_, err = rt.Create(t.Context(), faas.Draft{Name: "care", Event: chat.ID()})
	failure := failed(t, err)
	assert.Equal(t, faas.CodeStore, failure.Code)
	require.ErrorIs(t, err, os.ErrClosed)
	assert.Empty(t, rt.Functions(faas.Filter{}))
}
