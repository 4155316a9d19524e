package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A piece is a part of a page of Markdown: a block of commands, the block of
// what they print, or what is around them.
type piece struct{ kind, text string }

const (
	commands = "sh"
	printed  = "text"
)

// piecesOf takes a page apart. Blocks lose their indentation.
func piecesOf(page string) []piece {
	all := []piece{{}}
	add := func(line string) { all[len(all)-1].text += line }
	indent := ""
	for line := range strings.Lines(page) {
		inside := all[len(all)-1].kind != ""
		switch fence, bare := strings.CutPrefix(strings.TrimLeft(line, " "), "```"); {
		case inside && bare:
			all = append(all, piece{"", line})
		case inside:
			add(strings.TrimPrefix(line, indent))
		case bare && (fence == commands+"\n" || fence == printed+"\n"):
			add(line)
			indent, _, _ = strings.Cut(line, "`")
			all = append(all, piece{strings.TrimSpace(fence), ""})
		default:
			add(line)
		}
	}
	return all
}

func TestPiecesOf(t *testing.T) {
	t.Parallel()
	page := "a\n```sh\nb\n c\n```\n\n```text\nd\n```\n- e\n\n  ```sh\n  f\n    g\n  ```\n```go\nh\n```\n"
	assert.Equal(t, []piece{
		{"", "a\n```sh\n"},
		{commands, "b\n c\n"},
		{"", "```\n\n```text\n"},
		{printed, "d\n"},
		{"", "```\n- e\n\n  ```sh\n"},
		{commands, "f\n  g\n"},
		{"", "  ```\n```go\nh\n```\n"},
	}, piecesOf(page))
}

// follow runs the commands of a page in a folder, and returns the page with
// what they print. They all succeed; but if what they print is shown, the last
// in a block may have findings.
func follow(t *testing.T, dir, page string, env ...string) string {
	t.Helper()
	shell, err := exec.LookPath("sh")
	require.NoError(t, err)
	pieces := piecesOf(page)
	for i, p := range pieces {
		if p.kind != commands {
			continue
		}
		run := exec.CommandContext(t.Context(), shell, "-c", p.text)
		run.Dir = dir
		// Of Go, nothing is there but what it has downloaded.
		run.Env = append(os.Environ(), append([]string{"GOFLAGS=", "GOWORK=off", "GOPROXY=off"}, env...)...)
		out, err := run.CombinedOutput()
		shown := i+2 < len(pieces) && pieces[i+2].kind == printed
		if !shown || run.ProcessState.ExitCode() != exitFindings {
			require.NoError(t, err, "%s%s", p.text, out)
		}
		if shown {
			pieces[i+2].text = string(out)
		}
	}
	var told strings.Builder
	for _, p := range pieces {
		told.WriteString(p.text)
	}
	return told.String()
}
