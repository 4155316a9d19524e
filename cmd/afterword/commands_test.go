package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A shown value is a block of commands in a page, and what the page says they
// print; nothing if there is no such block behind it.
type shown struct{ commands, output string }

// commandsOf finds the blocks of commands in a page of Markdown.
func commandsOf(page string) []shown {
	var all []shown
	lines := strings.SplitAfter(page, "\n")
	for i := 0; i < len(lines); i++ {
		fence := strings.TrimLeft(lines[i], " ")
		indent := lines[i][:len(lines[i])-len(fence)]
		if fence != "```sh\n" && fence != "```text\n" {
			continue
		}
		var block strings.Builder
		for i++; strings.TrimLeft(lines[i], " ") != "```\n"; i++ {
			block.WriteString(strings.TrimPrefix(lines[i], indent))
		}
		if fence == "```sh\n" {
			all = append(all, shown{commands: block.String()})
		} else {
			all[len(all)-1].output = block.String()
		}
	}
	return all
}

func TestCommandsOf(t *testing.T) {
	t.Parallel()
	page := "a\n```sh\nb\n c\n```\n\n```text\nd\n```\n- e\n\n  ```sh\n  f\n    g\n  ```\n```go\nh\n```\n"
	assert.Equal(t, []shown{{"b\n c\n", "d\n"}, {"f\n  g\n", ""}}, commandsOf(page))
}

// follow runs commands as a page shows them, in a folder. What fails without a
// word has failed: only findings may be shown.
func follow(t *testing.T, dir string, s shown, env ...string) string {
	t.Helper()
	shell, err := exec.LookPath("sh")
	require.NoError(t, err)
	command := exec.CommandContext(t.Context(), shell, "-c", s.commands)
	command.Dir = dir
	// As on a machine of which nothing is known, but for what Go has downloaded.
	command.Env = append(os.Environ(), append([]string{"GOFLAGS=", "GOWORK=off", "GOPROXY=off"}, env...)...)
	out, err := command.CombinedOutput()
	if command.ProcessState.ExitCode() != exitFindings || s.output == "" {
		require.NoError(t, err, "%s%s", s.commands, out)
	}
	return string(out)
}
