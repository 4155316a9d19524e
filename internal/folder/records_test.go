package folder_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/internal/folder"
)

const (
	someID  = "5f0c2a9e-7a52-4e0e-8d11-0c8f1e1d2a3b"
	otherID = "6f0c2a9e-7a52-4e0e-8d11-0c8f1e1d2a3b"
)

// A note is a record to test with.
type note struct {
	ID       string   `json:"id"`
	Lines    []string `json:"lines"`
	Revision int64    `json:"revision"`
}

type noteFile struct {
	Format int  `json:"format"`
	Note   note `json:"note"`
}

var errStale = errors.New("stale")

func notes() folder.Form[note] {
	return folder.Form[note]{
		Noun: "note",
		Wrap: func(n note) any { return noteFile{folder.Format, n} },
		Unwrap: func(data []byte, opts ...jsonv2.Options) (note, error) {
			var file noteFile
			err := jsonv2.Unmarshal(data, &file, opts...)
			return file.Note, err
		},
		Key:      func(n note) (string, int64) { return n.ID, n.Revision },
		Clone:    func(n note) note { n.Lines = append([]string(nil), n.Lines...); return n },
		Conflict: errStale,
	}
}

func openNotes(t *testing.T, path string) *folder.Records[note] {
	t.Helper()
	r, err := folder.OpenRecords(path, notes())
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, r.Close()) })
	return r
}

func TestRecords(t *testing.T) {
	t.Parallel()
	ctx, path := t.Context(), t.TempDir()
	r := openNotes(t, path)
	n := note{ID: someID, Lines: []string{"one"}, Revision: 1}
	require.NoError(t, r.Save(ctx, n))
	n.Lines[0] = "scribble"
	for range 2 {
		all, err := r.Load(ctx)
		require.NoError(t, err)
		assert.Equal(t, []note{{ID: someID, Lines: []string{"one"}, Revision: 1}}, all)
		all[0].Lines[0] = "scribble"
	}
	text, err := os.ReadFile(filepath.Join(path, someID+".json"))
	require.NoError(t, err)
	assert.JSONEq(t, `{"format": 1, "note": {"id": "`+someID+`", "lines": ["one"], "revision": 1}}`, string(text))
	assert.True(t, strings.HasSuffix(string(text), "}\n"))
	assert.True(t, json.Valid(text))

	require.ErrorIs(t, r.Save(ctx, n), errStale)
	require.ErrorIs(t, r.Delete(ctx, someID, 2), errStale)
	require.NoError(t, r.Delete(ctx, otherID, 2), "it is not there")
	require.ErrorContains(t, r.Save(ctx, note{ID: "../x", Revision: 1}), "is not a UUID in lower case")
	require.ErrorContains(t, r.Save(ctx, note{ID: otherID, Lines: []string{"\xff"}, Revision: 1}), "cannot be written as JSON")
	err = r.Save(ctx, note{ID: otherID, Lines: []string{strings.Repeat("x", 16<<20)}, Revision: 1})
	require.ErrorContains(t, err, "keep the note to 16777216")
	canceled, cancel := context.WithCancel(ctx)
	cancel()
	_, err = r.Load(canceled)
	for _, err := range []error{err, r.Save(canceled, n), r.Delete(canceled, someID, 1)} {
		require.ErrorIs(t, err, context.Canceled)
	}
	n.Revision = 2
	require.NoError(t, r.Save(ctx, n))
	require.NoError(t, r.Delete(ctx, someID, 2))
	assert.NoFileExists(t, filepath.Join(path, someID+".json"))

	require.NoError(t, r.Close())
	_, err = r.Load(ctx)
	for _, err := range []error{err, r.Save(ctx, n), r.Delete(ctx, someID, 2)} {
		require.ErrorIs(t, err, os.ErrClosed)
	}
}

// All files are told that cannot be read, by what records are called.
func TestRecordsFaults(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	for name, text := range map[string]string{
		"README.md": "", "a.json": "{}", someID + ".json": `{"format": 1, "note": {"id": 1}}`,
		otherID + ".json": `{"format": 1, "note": {"id": "` + someID + `", "revision": 1}}`,
		strings.Replace(someID, "5", "4", 1) + ".json": `{"format": 2}`,
		strings.Replace(someID, "5", "3", 1) + ".json": `{"format": 1, "note": {"id": "` + strings.Replace(someID, "5", "3", 1) + `"}}`,
		strings.Replace(someID, "5", "2", 1) + ".json": strings.Repeat(" ", 16<<20+1),
		strings.Replace(someID, "5", "1", 1) + ".json": "x",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(path, name), []byte(text), 0o600))
	}
	_, err := folder.OpenRecords(path, notes())
	require.Error(t, err)
	const copied = ": put back a copy of it, or move it elsewhere"
	lines := strings.Split(strings.ReplaceAll(err.Error(), path+string(filepath.Separator), ""), "\n")
	assert.Equal(t, []string{
		strings.Replace(someID, "5", "1", 1) + ".json:1:1: is not JSON" + copied,
		strings.Replace(someID, "5", "2", 1) + ".json: has more than 16777216 bytes" + copied,
		strings.Replace(someID, "5", "3", 1) + ".json: has no revision from 1 on" + copied,
		strings.Replace(someID, "5", "4", 1) + ".json: has format 2, and this version reads 1: open it with the version that wrote it",
		someID + ".json:1:30: is not a note, or one of a later version" + copied,
		otherID + ".json: holds another note than its name says: give it back its name",
		"a.json: is not a file of this folder's notes: move it elsewhere",
	}, lines)
	open(t, path) // it has been given up
}
