// Package folder keeps small files in a folder that one process uses at a time.
// Folder has files of any kind, Records one JSON file for each record, and
// Memory the same without files.
package folder

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
)

// A Folder holds files that are replaced as a whole. Open makes one; the zero
// Folder is of no use. It may be used by several goroutines at once.
//
// A change is on the disk when its call returns: the file is written beside the
// one that it replaces, synced, and renamed over it. If the process ends at any
// moment, each file is as it was before the change under way, or as it should be
// after it. That takes a local file system. If it does not become known whether
// a change is on the disk, the folder takes no more changes until it is opened
// again.
//
// Two files are the folder's own: .lock, which is there to be locked, and
// .record.tmp, which is a file while it is written.
//
// While a Folder is open nobody else may change the folder. Another Open is
// refused, here or in other processes; the lock ends with the process however it
// ends. There is no lock on Windows, Plan 9, Solaris, AIX and WebAssembly, and on
// Windows and Plan 9 no sync of the folder: there a power cut may undo a change.
type Folder struct {
	path string

	mu   sync.Mutex // held by whoever uses the folder
	root *os.Root   // nil: closed
	lock *os.File
	// stuck is why there are no more changes.
	stuck error
}

// The files of a folder that are its own.
const (
	lockName = ".lock"
	tempName = ".record.tmp"
)

// Open opens the folder at a path, which it makes with mode 0700 if it is
// missing; its parent must be there. It removes what a process that ended amid a
// change has left behind. Close the folder after use. The error begins with the
// path, and says so if another process uses the folder.
func Open(path string) (*Folder, error) {
	if err := makeFolder(path); err != nil {
		return nil, fmt.Errorf("%s: make the folder: %w", path, err)
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("%s: open the folder: %w", path, err)
	}
	f := &Folder{path: path, root: root}
	if err := f.occupy(); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// makeFolder makes a folder that stays, unless something is there already.
func makeFolder(path string) error {
	if err := os.Mkdir(path, 0o700); errors.Is(err, fs.ErrExist) {
		return nil
	} else if err != nil {
		return err
	}
	parent, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(syncFolder(parent), parent.Close())
}

// occupy takes the folder for this process.
func (f *Folder) occupy() error {
	lock, err := f.root.OpenFile(lockName, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return f.Fault(lockName, err)
	}
	f.lock = lock
	if taken, err := lockFile(lock); err != nil {
		return f.Fault(lockName, fmt.Errorf("lock the folder: %w", err))
	} else if taken {
		return fmt.Errorf("%s: is in use: end the process that has it open, or take another folder", f.path)
	}
	return f.remove(tempName)
}

// Path is the path that the folder was opened with.
func (f *Folder) Path() string { return f.path }

// Entries lists what is in the folder, by name, without the folder's own files.
// Not all of it need be files.
func (f *Folder) Entries() ([]fs.DirEntry, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.root == nil {
		return nil, f.closed()
	}
	entries, err := fs.ReadDir(f.root.FS(), ".")
	if err != nil {
		return nil, fmt.Errorf("%s: list the folder: %w", f.path, err)
	}
	return slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return e.Name() == lockName || e.Name() == tempName }), nil
}

// Read gives the bytes of a file, which has so many at most. The error wraps
// fs.ErrNotExist if there is no such file, and quotes nothing of one. Links, and
// what else is no regular file, are refused.
func (f *Folder) Read(name string, most int64) ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.root == nil {
		return nil, f.closed()
	}
	if err := f.own(name); err != nil {
		return nil, err
	}
	info, err := f.root.Lstat(name)
	if err != nil {
		return nil, f.Fault(name, err)
	}
	if !info.Mode().IsRegular() {
		return nil, f.Fault(name, errors.New("is not a regular file: move it elsewhere"))
	}
	file, err := f.root.Open(name)
	if err != nil {
		return nil, f.Fault(name, err)
	}
	data, err := io.ReadAll(io.LimitReader(file, most+1))
	if err = errors.Join(err, file.Close()); err != nil {
		return nil, f.Fault(name, err)
	}
	if int64(len(data)) > most {
		return nil, f.Fault(name, fmt.Errorf("has more than %d bytes: put back a copy of it, or move it elsewhere", most))
	}
	return data, nil
}

// Write makes a file with mode 0600, or replaces it. After an error the file is
// as it was, unless the error is one that Ready gives from then on.
func (f *Folder) Write(name string, data []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.ready(); err != nil {
		return err
	}
	if err := f.own(name); err != nil {
		return err
	}
	if err := f.prepare(data); err != nil {
		return errors.Join(err, f.remove(tempName))
	}
	if err := f.root.Rename(tempName, name); err != nil {
		return errors.Join(f.Fault(name, err), f.remove(tempName))
	}
	return f.settle()
}

// Remove removes a file, if there is one. Errors are as those of Write.
func (f *Folder) Remove(name string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.ready(); err != nil {
		return err
	}
	if err := f.own(name); err != nil {
		return err
	}
	if err := f.remove(name); err != nil {
		return err
	}
	return f.settle()
}

// Ready says why the folder takes no changes: it has been closed, with
// os.ErrClosed, or it is not known whether the last change is on the disk. Nil is
// that it takes them.
func (f *Folder) Ready() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.ready()
}

// Fault is an error of a file: it says where the file is.
func (f *Folder) Fault(name string, err error) error {
	return fmt.Errorf("%s: %w", f.file(name), err)
}

// file is where a file is.
func (f *Folder) file(name string) string { return filepath.Join(f.path, name) }

// Close gives the folder up. Calls after it fail with os.ErrClosed, but for
// Close, which does nothing, and Path and Fault.
func (f *Folder) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.root == nil {
		return nil
	}
	err := f.root.Close()
	if f.lock != nil {
		err = errors.Join(err, unlockFile(f.lock), f.lock.Close())
	}
	f.root, f.lock = nil, nil
	return err
}

func (f *Folder) ready() error {
	if f.root == nil {
		return f.closed()
	}
	return f.stuck
}

func (f *Folder) closed() error { return fmt.Errorf("%s: %w", f.path, os.ErrClosed) }

// own refuses names that are not of files in this folder for its users.
func (f *Folder) own(name string) error {
	if name == "" || name == "." || name == ".." || name != filepath.Base(name) || name == lockName || name == tempName {
		return fmt.Errorf("%s: %.60q cannot be the name of a file here", f.path, name)
	}
	return nil
}

// prepare writes a file that does not count yet.
func (f *Folder) prepare(data []byte) error {
	file, err := f.root.OpenFile(tempName, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return f.Fault(tempName, err)
	}
	_, err = file.Write(data)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return f.Fault(tempName, err)
	}
	return nil
}

// settle makes a change of the folder last.
func (f *Folder) settle() error {
	if err := syncFolder(f.root); err != nil {
		f.stuck = fmt.Errorf("%s: it is not known whether the last change is on the disk; open the folder again: %w", f.path, err)
	}
	return f.stuck
}

// remove removes a file, if there is one.
func (f *Folder) remove(name string) error {
	if err := f.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return f.Fault(name, err)
	}
	return nil
}
