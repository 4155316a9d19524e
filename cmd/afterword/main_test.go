package main

import (
	"bytes"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"afterword": main})
}

// noSleep is for GORACE: the race detector keeps each process alive for a
// second, and there are hundreds.
const noSleep = "atexit_sleep_ms=0"

// TestScripts drives the command as a shell does. With UPDATE_GOLDEN=1 it
// writes what the command says into the scripts.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("UPDATE_GOLDEN") != "",
		Setup: func(env *testscript.Env) error {
			env.Setenv("GORACE", noSleep)
			return os.CopyFS(env.WorkDir+"/chatserver", os.DirFS("../../examples/chatserver"))
		},
	})
}

// Every example of the help works as it stands, from the root of a checkout.
func TestExamples(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	require.NoError(t, os.CopyFS(root+"/examples", os.DirFS("../../examples")))
	shell, err := exec.LookPath("sh")
	require.NoError(t, err)
	lines := 0
	for _, verb := range everyVerb(newRoot(&cli{})) {
		if verb.Name() == "serve" {
			continue // it does not end: TestServeAsShown has its examples
		}
		gate := openGate(t)
		for line := range strings.Lines(verb.Example) {
			lines++
			run := exec.Command(shell, "-c", line)
			run.Dir, run.Env = root, append(os.Environ(), "GORACE="+noSleep, "AFTERWORD_SERVER="+gate.URL)
			out, err := run.CombinedOutput()
			assert.NoError(t, err, "%s%s", line, out)
		}
	}
	assert.Positive(t, lines)
}

// Every verb says what it is for, and gives an example.
func TestHelp(t *testing.T) {
	t.Parallel()
	for _, verb := range everyVerb(newRoot(&cli{})) {
		if verb.Name() == "help" || verb.Name() == "completion" {
			continue
		}
		assert.NotEmpty(t, verb.Short, verb.Name())
		assert.NotEmpty(t, verb.Long, verb.Name())
		assert.NotEmpty(t, verb.Example, verb.Name())
		assert.NotNil(t, verb.RunE, verb.Name())
	}
}

// An interrupt ends the wait for standard input.
func TestSignal(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Log("a process cannot be interrupted by another there")
		return
	}
	command, err := exec.LookPath("afterword")
	require.NoError(t, err)
	run := exec.Command(command, "eval", "-e", "-", exampleRules)
	var errs bytes.Buffer
	run.Stderr = &errs
	stdin, err := run.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, run.Start())
	_, err = stdin.Write(bytes.Repeat([]byte(" "), events.MaxSize/2)) // more than a pipe holds: it is reading
	require.NoError(t, err)
	require.NoError(t, run.Process.Signal(os.Interrupt))
	require.Error(t, run.Wait())
	assert.Equal(t, exitTrouble, run.ProcessState.ExitCode())
	assert.Equal(t, "afterword: interrupted\n", errs.String())
}
