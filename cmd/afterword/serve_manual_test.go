//go:build !windows

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The manual is right: its configuration is read, with all keys that there are,
// and its lines work one after the other.
func TestServeManual(t *testing.T) {
	t.Parallel()
	manual, err := os.ReadFile(filepath.Join(checkout, "docs", "serve.md"))
	require.NoError(t, err)
	block := func(kind string) string {
		var all string
		for _, part := range strings.Split(string(manual), "\n```"+kind+"\n")[1:] {
			text, _, _ := strings.Cut(part, "\n```")
			all += text + "\n"
		}
		return all
	}
	dir := t.TempDir()
	writeFiles(t, dir, map[string]string{
		"serve.yaml": block("yaml"), "keys.json": `{"keys": [{"kty": "oct", "k": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE"}]}`,
		"sign.secret": strings.Repeat("s", 32), "chat.secret": strings.Repeat("c", 16), "build.secret": strings.Repeat("b", 16),
	})
	var set settings
	require.NoError(t, set.read(filepath.Join(dir, "serve.yaml")))
	assert.Equal(t, guest{"chat", filepath.Join(dir, "chat.secret")}, set.guest)
	for i, field := 0, reflect.ValueOf(set); i < field.NumField(); i++ {
		name := field.Type().Field(i).Name
		assert.Equal(t, name == "noAuth", field.Field(i).IsZero(), "%s: only a flag says this", name)
	}

	shell, err := exec.LookPath("sh")
	require.NoError(t, err)
	if _, err := exec.LookPath("curl"); err != nil {
		return
	}
	s := startServing(t, checkout, "--no-auth", "examples/chatserver/rules")
	follow := exec.Command(shell, "-ec", strings.ReplaceAll(block("sh"), "http://127.0.0.1:8080", s.url))
	out, err := follow.CombinedOutput()
	require.NoError(t, err, "%s", out)
	for _, want := range []string{`{"implemented":true}`, "care-leads@example.com", `"name":"transcripts"`, `[{"targetEmail":"sales@example.com"`} {
		assert.Contains(t, string(out), want)
	}
	assert.NotContains(t, string(out), `"code":"com.`)
	assert.NotContains(t, s.good(t, "GET", ofAccount+"/functions", ""), "sales")
}
