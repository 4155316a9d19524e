package main

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

const checkout = "../.."

// Whoever follows the README of a new folder word for word, succeeds; so do
// the tests in Go, with plain go test and what is downloaded.
func TestStarterReadme(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "Regeln für Köln")
	says(t, "init", "--checkout", checkout, dir)
	before := contents(t, dir)
	follow(t, dir, before["README.md"])
	assert.Equal(t, before, contents(t, dir), "the commands change nothing")
	for _, part := range []string{"check", "test --cover", "test --min 100", "eval", "explain", "lint", "fmt -d", "docs"} {
		assert.Contains(t, before["README.md"], "afterword "+part)
	}
	assert.Contains(t, before["README.md"], "\ngo test ./...\n")
	for name := range before {
		assert.Contains(t, before["README.md"]+"`README.md`", "`"+name+"`", "the README names each file")
	}
}

// contents are the files below a folder.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	require.NoError(t, fs.WalkDir(os.DirFS(dir), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, path))
		all[path] = string(data)
		return err
	}))
	return all
}

// The tests of a new folder do test: a rule that is changed fails them.
func TestStarterTestsFail(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	says(t, "init", "--checkout", checkout, dir)
	rules := filepath.Join(dir, "care.rules.yaml")
	data, err := os.ReadFile(rules)
	require.NoError(t, err)
	for before, after := range map[string]string{
		"csatRank <= 3": "csatRank < 3", "and ieq": "or ieq", "CustomerCare\"": "Sales\"", "(?i)refund": "refund", "|money back": "", "care-leads@": "leads@",
	} {
		require.Contains(t, string(data), before)
		require.NoError(t, os.WriteFile(rules, []byte(strings.ReplaceAll(string(data), before, after)), 0o600))
		assert.Equal(t, exitFindings, runWith(t.Context(), nil, "test", dir).code, before)
	}
}

// The go.mod of a new folder requires what the checkout requires, and uses it
// from wherever it lies.
func TestStarterModule(t *testing.T) {
	t.Parallel()
	root := filepath.Join(t.TempDir(), "mine \"ü\", it's")
	require.NoError(t, os.Mkdir(root, 0o700))
	for _, name := range []string{"go.mod", "go.sum"} {
		data, err := os.ReadFile(filepath.Join(checkout, name))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(root, name), data, 0o600))
	}
	dir := filepath.Join(t.TempDir(), "rules")
	says(t, "init", dir, "--checkout", root)
	made := contents(t, dir)
	assert.Equal(t, contents(t, root)["go.sum"], made["go.sum"])
	got, err := modfile.Parse("go.mod", []byte(made["go.mod"]), nil)
	require.NoError(t, err)
	of, err := modfile.Parse("go.mod", []byte(contents(t, root)["go.mod"]), nil)
	require.NoError(t, err)
	assert.Equal(t, "example.com/rules", got.Module.Mod.Path)
	assert.Equal(t, of.Go.Version, got.Go.Version)
	assert.Equal(t, goVersion, of.Go.Version)
	required := map[module.Version]bool{{Path: house, Version: "v0.0.0"}: false}
	for _, r := range of.Require {
		required[r.Mod] = true
	}
	for _, r := range got.Require {
		indirect, ok := required[r.Mod]
		assert.True(t, ok && indirect == r.Indirect, r.Mod)
		delete(required, r.Mod)
	}
	assert.Empty(t, required)
	require.Len(t, got.Replace, 1)
	assert.Equal(t, module.Version{Path: house}, got.Replace[0].Old)
	assert.Equal(t, module.Version{Path: root}, got.Replace[0].New)
	page := "```sh\ngo list -m -f '{{.Dir}}' " + house + "\n```\n```text\n" + root + "\n```\n"
	assert.Equal(t, page, follow(t, dir, page), "Go reads it like that")
}

// A published version is required as it is.
func TestStarterOfPublishedVersion(t *testing.T) {
	t.Parallel()
	files, err := starterFiles("rules", "", "v1.2.3")
	require.NoError(t, err)
	made := map[string]string{}
	for _, f := range files {
		made[f.name] = string(f.data)
	}
	assert.NotContains(t, made, "go.sum")
	assert.Equal(t, "module example.com/rules\n\ngo "+goVersion+"\n\nrequire "+house+" v1.2.3\n", made["go.mod"])
	assert.Contains(t, made["README.md"], "\ngo mod tidy\ngo test ./...\n")

	files, err = starterFiles("rules", checkout, "v1.2.3") // who gives a checkout means it
	require.NoError(t, err)
	assert.Len(t, files, len(made)+1)
	for version, release := range map[string]bool{
		"v1.2.3": true, "v0.1.0": true, "(devel)": false, "": false, "v1.2": false, "v1.2.3-rc.1": false, "v1.2.3+dirty": false,
		"v0.0.0-20261121072213-9ffdbd9abcde": false, "1.2.3": false,
	} {
		assert.Equal(t, release, isRelease(version), version)
	}
}

func TestModulePath(t *testing.T) {
	t.Parallel()
	for dir, want := range map[string]string{
		"/a/rules-of-mine": "example.com/rules-of-mine", "/a/My Rules": "example.com/my-rules", "/a/v2.yaml": "example.com/v2.yaml",
		"/a/Regeln für Köln": "example.com/regeln-f-r-k-ln", "/a/规则": "example.com/rules", "/": "example.com/rules", "/a/..b..": "example.com/b",
		"/a/con": "example.com/rules", "/a/v1": "example.com/rules", "/a/a/../fmt": "example.com/fmt", "/a/_test": "example.com/test",
	} {
		assert.Equal(t, want, modulePath(filepath.Clean(dir)), dir)
	}
}

func TestFindCheckout(t *testing.T) {
	t.Parallel()
	likely, err := likelyCheckouts()
	require.NoError(t, err)
	root, _, err := findCheckout("", likely)
	require.NoError(t, err)
	want, err := filepath.Abs(checkout)
	require.NoError(t, err)
	assert.Equal(t, want, root)
	assert.Contains(t, likely, want, "the folders around the current one count")

	_, _, err = findCheckout("", []string{t.TempDir()})
	assert.EqualError(t, err, "found no checkout of github.com/afterword-go/afterword for go.mod: give its folder with --checkout")
	assert.ErrorAs(t, err, new(*usageError))
}

// What fails half way leaves nothing behind, but what was there before.
func TestHalfAFolder(t *testing.T) {
	t.Parallel()
	stopped, stop := context.WithCancel(t.Context())
	stop()
	parent := t.TempDir()
	for name, c := range map[string]struct {
		ctx   context.Context
		files []newFile
		err   string
	}{
		"no folder": {t.Context(), []newFile{{"a", nil}, {"b", nil}, {"none/c", nil}}, "no such file or directory"},
		"twice":     {t.Context(), []newFile{{"a", []byte("first")}, {"a", []byte("second")}}, "file exists"},
		"stopped":   {stopped, []newFile{{"a", nil}}, "context canceled"},
	} {
		err := makeFolder(c.ctx, filepath.Join(parent, "new", name), c.files)
		assert.ErrorContains(t, err, c.err, name)
		assert.Empty(t, contents(t, parent))
		entries, err := os.ReadDir(parent)
		require.NoError(t, err)
		assert.Empty(t, entries, name)

		empty := t.TempDir()
		assert.ErrorContains(t, makeFolder(c.ctx, empty, c.files), c.err, name)
		assert.DirExists(t, empty)
		assert.Empty(t, contents(t, empty))
	}
	assert.Equal(t, ran{exitTrouble, "", "afterword: interrupted\n"}, runWith(stopped, nil, "init", filepath.Join(parent, "new")))
	assert.NoDirExists(t, filepath.Join(parent, "new"))
}

// Without permission, nothing is made. Nobody forbids the superuser anything.
func TestFolderWithoutPermission(t *testing.T) {
	t.Parallel()
	parent := filepath.Join(t.TempDir(), "closed")
	require.NoError(t, os.Mkdir(parent, 0o500))
	err := makeFolder(t.Context(), filepath.Join(parent, "new", "rules"), []newFile{{"a", nil}})
	if os.Geteuid() == 0 {
		assert.NoError(t, err)
		return
	}
	assert.EqualError(t, err, filepath.Join(parent, "new")+": permission denied")
	assert.NoDirExists(t, filepath.Join(parent, "new"))
}
