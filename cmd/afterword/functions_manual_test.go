//go:build !windows

package main

import (
	"bufio"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Whoever follows docs/functions.md word for word, in a copy of the checkout,
// sees what it shows. What goes on in a terminal of its own ends with its
// chapter. With UPDATE_GOLDEN=1, this test writes into the page what the
// commands say.
func TestFunctionsManual(t *testing.T) {
	t.Parallel()
	page := filepath.Join(checkout, "docs", "functions.md")
	data, err := os.ReadFile(page)
	require.NoError(t, err)
	w := newWalk(t)
	told := w.follow(string(data))
	if os.Getenv("UPDATE_GOLDEN") != "" {
		require.NoError(t, os.WriteFile(page, []byte(told), 0o600))
		return
	}
	assert.Equal(t, string(data), told)
}

// A walk follows a page with chapters.
type walk struct {
	*testing.T
	dir    string // where the reader is
	env    []string
	server string // the address that the page means by 127.0.0.1:8080
	other  *exec.Cmd
}

func newWalk(t *testing.T) *walk {
	t.Helper()
	clone, bin := t.TempDir(), t.TempDir()
	copyTree(t, clone, checkout)
	build := exec.Command("go", "build", "-o", bin, "./cmd/afterword")
	build.Dir = clone
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s", out)
	w := &walk{T: t, dir: clone, server: freeAddress(t)}
	w.env = append(os.Environ(), "GOFLAGS=", "GOWORK=off", "GOPROXY=off", "AFTERWORD_SERVER=http://"+w.server,
		"PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
	t.Cleanup(w.interrupt)
	return w
}

// freeAddress is one that nobody listens at.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	return listener.Addr().String()
}

// follow follows the page, and gives it with what the commands print.
func (w *walk) follow(page string) string {
	chapters := strings.SplitAfter(page, "\n## ")
	var told strings.Builder
	for _, chapter := range chapters {
		begin := w.dir
		for i, part := range strings.SplitAfter(chapter, "\n```bash\n") {
			if i > 0 {
				command, rest, _ := strings.Cut(part, "\n```\n")
				w.inOtherTerminal(command)
				told.WriteString(command + "\n```\n")
				part = rest
			}
			told.WriteString(w.blocks(part))
		}
		w.interrupt()
		assert.Equal(w, begin, w.dir, "a chapter ends where it begins")
	}
	return told.String()
}

// blocks runs the commands of a part of a page, and stays where they lead to.
func (w *walk) blocks(page string) string {
	pieces := piecesOf(page)
	where := filepath.Join(w.TempDir(), "where")
	for i, p := range pieces {
		if p.kind != commands {
			continue
		}
		run := exec.Command("sh", "-c", p.text+"code=$?; pwd >'"+where+"'; exit $code")
		run.Dir, run.Env = w.dir, w.env
		out, err := run.CombinedOutput()
		shown := i+2 < len(pieces) && pieces[i+2].kind == printed
		if !shown || run.ProcessState.ExitCode() != exitFindings {
			require.NoError(w, err, "%s%s", p.text, out)
		}
		if shown {
			pieces[i+2].text = string(out)
		}
		dir, err := os.ReadFile(where)
		require.NoError(w, err)
		w.dir = strings.TrimSpace(string(dir))
	}
	var told strings.Builder
	for _, p := range pieces {
		told.WriteString(p.text)
	}
	return told.String()
}

// inOtherTerminal starts what serves, and waits until it does.
func (w *walk) inOtherTerminal(command string) {
	w.interrupt()
	flag := " --listen "
	if strings.Contains(command, "go run") {
		flag = " -listen "
	}
	w.other = exec.Command("sh", "-c", strings.TrimSpace(command)+flag+w.server)
	w.other.Dir, w.other.Env = w.dir, w.env
	w.other.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // as a terminal has it
	w.other.Stderr = w.Output()
	out, err := w.other.StdoutPipe()
	require.NoError(w, err)
	require.NoError(w, w.other.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(w, err)
	require.Contains(w, line, "serving account local at http://"+w.server)
}

// interrupt ends what serves, as Ctrl-C does.
func (w *walk) interrupt() {
	if w.other == nil {
		return
	}
	assert.NoError(w, syscall.Kill(-w.other.Process.Pid, syscall.SIGINT))
	_ = w.other.Wait() // go run fails when it is interrupted
	w.other = nil
}
