package main

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A served gateway is a process of this command.
type served struct {
	*exec.Cmd
	url    string
	lines  []string // all that it said at the start
	errors *strings.Builder
}

// start starts the verb, and waits until it listens. The test ends it.
func start(t *testing.T, dir string, args ...string) *served {
	t.Helper()
	command, err := exec.LookPath("afterword")
	require.NoError(t, err)
	return launch(t, dir, exec.Command(command, append([]string{"serve"}, args...)...))
}

func launch(t *testing.T, dir string, run *exec.Cmd) *served {
	t.Helper()
	s := &served{Cmd: run, errors: &strings.Builder{}}
	s.Dir, s.Env, s.Stderr = dir, append(os.Environ(), "GORACE="+noSleep), s.errors
	out, err := s.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, s.Start())
	t.Cleanup(func() {
		if s.ProcessState == nil {
			_ = s.Process.Kill()
			_ = s.Wait()
		}
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		s.lines = append(s.lines, lines.Text())
		if strings.Contains(lines.Text(), "/invoke") {
			break
		}
	}
	if len(s.lines) == 0 {
		_ = s.Wait()
		require.FailNow(t, "it does not serve", "%s", s.errors)
	}
	_, s.url, _ = strings.Cut(s.lines[0], " at ")
	return s
}

// end ends the process with a signal, and gives its exit code.
func (s *served) end(t *testing.T, signal os.Signal) int {
	t.Helper()
	require.NoError(t, s.Process.Signal(signal))
	_ = s.Wait()
	return s.ProcessState.ExitCode()
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	res, err := http.Get(url)
	require.NoError(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.StatusCode, string(body)
}

// Every example of the help serves, and what it prints works in a shell.
func TestServeAsShown(t *testing.T) {
	t.Parallel()
	shell, err := exec.LookPath("sh")
	require.NoError(t, err)
	for line := range strings.Lines(newServe(&cli{}).Example) {
		s := launch(t, checkout, exec.Command(shell, "-c", "exec "+strings.TrimSpace(line)))
		assert.Equal(t, "function transcripts of denver_post_survey_email_transcript: productive", s.lines[1])
		code, body := get(t, s.url+"/readyz")
		assert.Equal(t, http.StatusOK, code)
		assert.JSONEq(t, `{"status":"ok"}`, body)
		assert.Equal(t, exitGood, s.end(t, syscall.SIGTERM))
		assert.NotContains(t, s.errors.String(), "Jane Roe")
	}
}
