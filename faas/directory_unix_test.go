//go:build linux || darwin

package faas_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/faas"
)

// lonely is the variable by which a test tells a process of itself that it has
// the process to itself, and that the folder is where it is.
const lonely = "AFTERWORD_TEST_LONELY"

// alone runs a test in a process of its own, in an empty folder; true is in
// there.
func alone(t *testing.T) bool {
	t.Helper()
	if os.Getenv(lonely) == t.Name() {
		return true
	}
	command := exec.Command(os.Args[0], "-test.v", "-test.run=^"+t.Name()+"$") //nolint:gosec // this test itself
	command.Dir, command.Env = t.TempDir(), append(os.Environ(), lonely+"="+t.Name())
	out, err := command.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), "--- PASS: "+t.Name())
	return false
}

// A file system that takes no more: records stay as they were, and the store
// goes on when there is room.
func TestDirectoryFullDisk(t *testing.T) {
	t.Parallel()
	if !alone(t) {
		return
	}
	d := openDirectory(t, "functions")
	r := faas.Record{ID: someID, Source: "short", Revision: 1}
	require.NoError(t, d.Save(t.Context(), r))

	var limit syscall.Rlimit
	require.NoError(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit))
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 4096, Max: limit.Max}))
	long := r
	long.Revision, long.Source = 2, strings.Repeat("secret", 10_000)
	err := d.Save(t.Context(), long)
	require.ErrorIs(t, err, syscall.EFBIG)
	assert.NotContains(t, err.Error(), "secret")
	assert.ErrorContains(t, err, filepath.Join("functions", ".record.tmp"))
	assert.Equal(t, []string{".lock", someID + ".json"}, names(t, "functions"))
	records, err := d.Load(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []faas.Record{r}, records)

	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit))
	require.NoError(t, d.Save(t.Context(), long))
}

// nobody makes the process one that permissions bind.
func nobody(t *testing.T) {
	t.Helper()
	if os.Getuid() != 0 {
		return
	}
	require.NoError(t, filepath.WalkDir(".", func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, 65534, 65534)
	}))
	require.NoError(t, syscall.Setgid(65534))
	require.NoError(t, syscall.Setuid(65534))
}

func TestDirectoryPermissions(t *testing.T) {
	t.Parallel()
	if !alone(t) {
		return
	}
	file := filepath.Join("functions", someID+".json")
	d, err := faas.OpenDirectory("functions")
	require.NoError(t, err)
	require.NoError(t, d.Save(t.Context(), faas.Record{ID: someID, Revision: 1}))
	require.NoError(t, d.Close())
	nobody(t)

	refused := func(doing string) {
		_, err := faas.OpenDirectory("functions")
		require.ErrorIs(t, err, os.ErrPermission, doing)
		assert.ErrorContains(t, err, doing)
	}
	require.NoError(t, os.Chmod(file, 0))
	refused(file)
	require.NoError(t, os.Chmod(file, 0o600))
	require.NoError(t, os.Chmod("functions", 0))
	refused("functions")
	require.NoError(t, os.Chmod("functions", 0o300))
	refused("functions: open the folder")
	require.NoError(t, os.Chmod("functions", 0o700))
	require.NoError(t, os.Remove(filepath.Join("functions", ".lock")))
	require.NoError(t, os.Chmod("functions", 0o500))
	refused(filepath.Join("functions", ".lock"))
	require.NoError(t, os.Chmod("functions", 0o700))

	d = openDirectory(t, "functions")
	require.NoError(t, os.Chmod("functions", 0o500))
	require.ErrorIs(t, d.Save(t.Context(), faas.Record{ID: someID, Revision: 2}), os.ErrPermission)
	require.ErrorIs(t, d.Save(t.Context(), faas.Record{ID: otherID, Revision: 1}), os.ErrPermission)
	require.ErrorIs(t, d.Delete(t.Context(), someID, 1), os.ErrPermission)
	require.NoError(t, os.Chmod("functions", 0o700))
	require.NoError(t, d.Save(t.Context(), faas.Record{ID: someID, Revision: 2}), "the failures have changed nothing")
	require.NoError(t, d.Delete(t.Context(), someID, 2))
	require.NoError(t, os.Chmod(".", 0o500))
	_, err = faas.OpenDirectory("others")
	require.ErrorIs(t, err, os.ErrPermission)
	assert.ErrorContains(t, err, "others: make the folder")
	require.NoError(t, os.Chmod(".", 0o700))
}

// A change of which it is not known whether it lasts is the last one: here the
// folder cannot be opened to be synced.
func TestDirectoryStuck(t *testing.T) {
	t.Parallel()
	if !alone(t) {
		return
	}
	nobody(t)
	d, err := faas.OpenDirectory("functions")
	require.NoError(t, err)
	require.NoError(t, d.Save(t.Context(), faas.Record{ID: someID, Revision: 1}))
	require.NoError(t, os.Chmod("functions", 0o300))
	const unknown = "functions: it is not known whether the last change is on the disk; open the folder again"
	require.ErrorContains(t, d.Save(t.Context(), faas.Record{ID: someID, Revision: 2}), unknown)
	require.NoError(t, os.Chmod("functions", 0o700))
	require.ErrorContains(t, d.Save(t.Context(), faas.Record{ID: someID, Revision: 2}), unknown)
	require.ErrorContains(t, d.Save(t.Context(), faas.Record{ID: otherID, Revision: 1}), unknown)
	require.ErrorContains(t, d.Delete(t.Context(), someID, 1), unknown)
	assert.Equal(t, []string{".lock", someID + ".json"}, names(t, "functions"))
	require.NoError(t, d.Close())

	d = openDirectory(t, "functions")
	require.NoError(t, d.Save(t.Context(), faas.Record{ID: someID, Revision: 3}), "it was on the disk")
	require.NoError(t, os.Chmod("functions", 0o300))
	require.ErrorContains(t, d.Delete(t.Context(), someID, 3), unknown)
	require.ErrorContains(t, d.Delete(t.Context(), someID, 3), unknown)
	require.NoError(t, os.Chmod("functions", 0o700))
}

func TestDirectoryRemovedUnderWay(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "functions")
	d := openDirectory(t, folder)
	require.NoError(t, d.Save(t.Context(), faas.Record{ID: someID, Revision: 1}))
	require.NoError(t, os.RemoveAll(folder))
	require.NoError(t, os.Mkdir(folder, 0o700))
	err := d.Save(t.Context(), faas.Record{ID: someID, Revision: 2})
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, filepath.Join(folder, ".record.tmp"))
	assert.Empty(t, names(t, folder), "another folder of this name is another folder")
}

// What is in the way of a record is not replaced by it.
func TestDirectoryFileInTheWay(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	d := openDirectory(t, folder)
	inTheWay := filepath.Join(folder, someID+".json")
	require.NoError(t, os.Mkdir(inTheWay, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(inTheWay, "mine"), nil, 0o600))
	require.ErrorContains(t, d.Save(t.Context(), faas.Record{ID: someID, Revision: 1}), inTheWay)
	assert.Equal(t, []string{".lock", someID + ".json"}, names(t, folder))
	assert.Equal(t, []string{"mine"}, names(t, inTheWay))

	require.NoError(t, os.MkdirAll(filepath.Join(folder, ".record.tmp", "mine"), 0o700))
	require.ErrorContains(t, d.Save(t.Context(), faas.Record{ID: otherID, Revision: 1}), filepath.Join(folder, ".record.tmp"))
	assert.Equal(t, []string{"mine"}, names(t, filepath.Join(folder, ".record.tmp")))
}

func TestDirectorySymlinks(t *testing.T) {
	t.Parallel()
	const foreign = ": is not a file of this folder's functions: move it elsewhere"
	outside := filepath.Join(t.TempDir(), someID+".json")
	require.NoError(t, os.WriteFile(outside, []byte(sound), 0o600))
	for name, make := range map[string]func(file string) error{
		"link":        func(file string) error { return os.Symlink(outside, file) },
		"broken link": func(file string) error { return os.Symlink("nowhere", file) },
		"folder":      func(file string) error { return os.Mkdir(file, 0o700) },
		"pipe":        func(file string) error { return syscall.Mkfifo(file, 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), someID+".json")
			require.NoError(t, make(file))
			_, err := faas.OpenDirectory(filepath.Dir(file))
			require.EqualError(t, err, file+foreign)
		})
	}
	t.Run("to the folder", func(t *testing.T) {
		t.Parallel()
		folder, link := t.TempDir(), filepath.Join(t.TempDir(), "link")
		require.NoError(t, os.Symlink(folder, link))
		d := openDirectory(t, link)
		require.NoError(t, d.Save(t.Context(), faas.Record{ID: someID, Revision: 1}))
		assert.Contains(t, names(t, folder), someID+".json")
		_, err := faas.OpenDirectory(folder)
		require.ErrorContains(t, err, folder+": is in use", "by the other name")
	})
	t.Run("to nowhere", func(t *testing.T) {
		t.Parallel()
		link := filepath.Join(t.TempDir(), "link")
		require.NoError(t, os.Symlink("nowhere", link))
		_, err := faas.OpenDirectory(link)
		require.ErrorContains(t, err, link+": open the folder")
	})
	t.Run("leftover", func(t *testing.T) {
		t.Parallel()
		folder := t.TempDir()
		require.NoError(t, os.Symlink(outside, filepath.Join(folder, ".record.tmp")))
		d := openDirectory(t, folder)
		require.NoError(t, os.Symlink(outside, filepath.Join(folder, ".record.tmp")))
		require.Error(t, d.Save(t.Context(), faas.Record{ID: otherID, Revision: 1}))
		text, err := os.ReadFile(outside)
		require.NoError(t, err)
		assert.Equal(t, sound, string(text), "nothing outside is written")
	})
	t.Run("lock", func(t *testing.T) {
		t.Parallel()
		folder := t.TempDir()
		require.NoError(t, os.Symlink(outside, filepath.Join(folder, ".lock")))
		_, err := faas.OpenDirectory(folder)
		require.ErrorContains(t, err, filepath.Join(folder, ".lock"))
	})
}

// TestDirectoryLock has another process take the folder, and kills it.
func TestDirectoryLock(t *testing.T) {
	t.Parallel()
	if os.Getenv(lonely) == t.Name() {
		openDirectory(t, ".")
		fmt.Println("opened")
		_, err := bufio.NewReader(os.Stdin).ReadByte() // until it is killed
		require.NoError(t, err)
	}
	folder := t.TempDir()
	command := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$") //nolint:gosec // this test itself
	command.Dir, command.Env = folder, append(os.Environ(), lonely+"="+t.Name())
	_, err := command.StdinPipe()
	require.NoError(t, err)
	out, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "opened\n", line)

	leftover := filepath.Join(folder, ".record.tmp")
	require.NoError(t, os.WriteFile(leftover, nil, 0o600))
	_, err = faas.OpenDirectory(folder)
	require.EqualError(t, err, folder+": is in use: end the process that has it open, or take another folder")
	assert.FileExists(t, leftover, "what others write is not a leftover")

	require.NoError(t, command.Process.Kill())
	require.Error(t, command.Wait())
	openDirectory(t, folder)
	_, err = faas.OpenDirectory(folder)
	require.ErrorContains(t, err, "is in use", "by this process")
}

// A process that is being started has the files of this one open for a moment:
// that does not keep a closed folder locked.
func TestDirectoryClosedWhileProcessesStart(t *testing.T) {
	t.Parallel()
	const processes = 200
	folder, started := t.TempDir(), make(chan error, processes)
	go func() {
		defer close(started)
		for range processes {
			started <- exec.Command("true").Run()
		}
	}()
	for going := true; going; {
		d, err := faas.OpenDirectory(folder)
		require.NoError(t, err)
		require.NoError(t, d.Close())
		select {
		case err, going = <-started:
			require.NoError(t, err)
		default:
		}
	}
}
