package main

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/toolbelt/secrets"
)

// ioctl asks a terminal for something, or tells it.
func ioctl[T any](t *testing.T, f *os.File, request uintptr, value *T) {
	t.Helper()
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), request, uintptr(unsafe.Pointer(value)))
	require.Zero(t, errno)
}

// openTerminal gives the two ends of a terminal: that of the person, and that of
// the process.
func openTerminal(t *testing.T) (person, process *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { person.Close() })
	var unlocked, number int32
	ioctl(t, person, syscall.TIOCSPTLCK, &unlocked)
	ioctl(t, person, syscall.TIOCGPTN, &number)
	process, err = os.OpenFile("/dev/pts/"+strconv.Itoa(int(number)), os.O_RDWR|syscall.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { process.Close() })
	return person, process
}

// echoes tells whether a terminal shows what is typed.
func echoes(t *testing.T, terminal *os.File) bool {
	t.Helper()
	var state syscall.Termios
	ioctl(t, terminal, syscall.TCGETS, &state)
	return state.Lflag&syscall.ECHO != 0
}

// While it asks for a value, the terminal does not show what is typed; and it
// does again after that, also if a person interrupts it.
func TestSecretTyped(t *testing.T) {
	t.Parallel()
	command, err := exec.LookPath("afterword")
	require.NoError(t, err)
	for _, c := range []struct {
		name string
		act  func(person *os.File, process *os.Process) error
		code int
		want string // of the errors, behind the question
		kept int
	}{
		{"typed", func(person *os.File, _ *os.Process) error { _, err := person.WriteString("hunter2\n"); return err }, exitGood, "\n", 1},
		{"nothing", func(person *os.File, _ *os.Process) error { _, err := person.WriteString("\n"); return err }, exitTrouble, "\nafterword: standard input: is empty: give the value of the secret there\n", 0},
		{"interrupted", func(_ *os.File, process *os.Process) error { return process.Signal(os.Interrupt) }, exitTrouble, "afterword: interrupted\n", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			key, err := secrets.NewIdentity(filepath.Join(folder, "identity.txt"))
			require.NoError(t, err)
			person, process := openTerminal(t)
			require.True(t, echoes(t, process))

			run := exec.Command(command, "secret", "set", "smtp", "--data", "data", "--identity", "identity.txt")
			run.Dir, run.Stdin = folder, process
			errs, err := run.StderrPipe()
			require.NoError(t, err)
			require.NoError(t, run.Start())
			said := bufio.NewReader(errs)
			question, err := said.ReadString(':')
			require.NoError(t, err)
			assert.Equal(t, "value of smtp (not shown):", question)
			require.Eventually(t, func() bool { return !echoes(t, process) }, 10*time.Second, time.Millisecond)

			require.NoError(t, c.act(person, run.Process))
			rest, err := said.ReadString(0)
			require.Error(t, err, "it is all there is")
			assert.Equal(t, " "+c.want, rest)
			_ = run.Wait()
			assert.Equal(t, c.code, run.ProcessState.ExitCode())
			assert.True(t, echoes(t, process))

			v, err := secrets.Open(filepath.Join(folder, "data", "secrets"), key)
			require.NoError(t, err)
			defer v.Close()
			all, err := v.List()
			require.NoError(t, err)
			require.Len(t, all, c.kept)
			if c.kept > 0 {
				value, err := v.For("smtp").Read(t.Context(), "smtp")
				require.NoError(t, err)
				assert.Equal(t, "hunter2", value.Reveal())
			}
		})
	}
}
