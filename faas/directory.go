package faas

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// A Directory is a store that keeps records as files of one folder.
// OpenDirectory makes one; the zero Directory is of no use. It may be used by
// several goroutines at once.
//
// A record is the file <ID>.json with mode 0600, where the ID is a UUID in lower
// case:
//
//	{
//	  "format": 1,
//	  "function": { the fields of Record }
//	}
//
// The format is 1; another number will tell of another form. A file may have
// no fields but these, no field twice, and no more than 16 MiB. Files that are not
// named *.json are left alone, but for two: .lock, which is there to be locked,
// and .record.tmp, which is a record while it is written.
//
// A change is on the disk when its call returns: it is written beside the record,
// synced, and renamed over it. If the process ends at any moment, each record
// is as it was before the change under way, or as it should be after it. That
// takes a local file system. If it does not become known whether a change is on
// the disk, the directory takes no more changes until it is opened again.
//
// While a Directory is open nobody else may change the folder. Another
// OpenDirectory is refused, here or in other processes; the lock ends with
// the process however it ends. There is no lock on Windows, Plan 9, Solaris,
// AIX and WebAssembly, and on Windows and Plan 9 no sync of the folder: there
// a power cut may undo a change. Keep to one process yourself there.
type Directory struct {
	path string

	mu   sync.Mutex // held by whoever changes the folder
	root *os.Root
	lock *os.File
	held map[string]Record // what the files have, by ID
	// stuck is why there are no more changes.
	stuck error
}

// The files of a directory that are no records.
const (
	lockName = ".lock"
	tempName = ".record.tmp"
)

var _ Store = (*Directory)(nil)

// OpenDirectory opens the folder at a path, which it makes with mode 0700 if
// it is missing; its parent must be there. It removes what a process that
// ended amid a change has left behind. Close the directory after use.
//
// The error says that another process uses the folder, or tells every file
// that is named *.json and is not a readable record, and what to do; it quotes
// nothing of what the files hold. Nothing is left out in silence.
func OpenDirectory(path string) (*Directory, error) {
	if err := makeFolder(path); err != nil {
		return nil, fmt.Errorf("%s: make the folder: %w", path, err)
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("%s: open the folder: %w", path, err)
	}
	d := &Directory{path: path, root: root, held: map[string]Record{}}
	if err := d.occupy(); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
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

// occupy takes the folder for this directory, and reads what it holds.
func (d *Directory) occupy() error {
	lock, err := d.root.OpenFile(lockName, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return d.fault(lockName, err)
	}
	d.lock = lock
	if taken, err := lockFile(lock); err != nil {
		return d.fault(lockName, fmt.Errorf("lock the folder: %w", err))
	} else if taken {
		return fmt.Errorf("%s: is in use: end the process that has it open, or take another folder", d.path)
	}
	if err := d.remove(tempName); err != nil {
		return err
	}
	return d.read()
}

// read reads all records, or tells all that cannot be read.
func (d *Directory) read() error {
	entries, err := fs.ReadDir(d.root.FS(), ".")
	if err != nil {
		return fmt.Errorf("%s: list the folder: %w", d.path, err)
	}
	var faults []error
	for _, entry := range entries {
		id, ok := strings.CutSuffix(entry.Name(), ".json")
		if !ok {
			continue
		}
		r, err := d.readRecord(id, entry)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		d.held[id] = r
	}
	return errors.Join(faults...)
}

func (d *Directory) readRecord(id string, entry fs.DirEntry) (Record, error) {
	name := entry.Name()
	if !isID(id) || !entry.Type().IsRegular() {
		return Record{}, d.fault(name, errors.New("is not a file of this folder's functions: move it elsewhere"))
	}
	f, err := d.root.Open(name)
	if err != nil {
		return Record{}, d.fault(name, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return Record{}, d.fault(name, err)
	}
	return decodeRecord(filepath.Join(d.path, name), id, data)
}

// Load gives all records. The error is that of the context, or os.ErrClosed.
func (d *Directory) Load(ctx context.Context) ([]Record, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.ready(ctx); err != nil {
		return nil, err
	}
	records := slices.Collect(maps.Values(d.held))
	for i, r := range records {
		records[i] = r.clone()
	}
	return records, nil
}

// Save keeps a record, as Store says. The error is ErrConflict; that of the
// context, which counts until the writing begins; os.ErrClosed; or it says
// that the ID is not a UUID in lower case, the record too large, not UTF-8 or
// could not be written.
func (d *Directory) Save(ctx context.Context, record Record) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.changeable(ctx); err != nil {
		return err
	}
	if !isID(record.ID) {
		return fmt.Errorf("%s: the ID %.60q is not a UUID in lower case", d.path, record.ID)
	}
	if record.Revision != d.held[record.ID].Revision+1 {
		return ErrConflict
	}
	name := record.ID + ".json"
	data, err := encodeRecord(record)
	if err != nil {
		return d.fault(name, err)
	}
	if err := d.write(data); err != nil {
		return errors.Join(err, d.remove(tempName))
	}
	if err := d.root.Rename(tempName, name); err != nil {
		return errors.Join(d.fault(name, err), d.remove(tempName))
	}
	if err := d.settle(); err != nil {
		return err
	}
	d.held[record.ID] = record.clone()
	return nil
}

// Delete removes a record, as Store says. The errors are as those of Save.
func (d *Directory) Delete(ctx context.Context, id string, revision int64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.changeable(ctx); err != nil {
		return err
	}
	held, ok := d.held[id]
	if !ok {
		return nil
	}
	if held.Revision != revision {
		return ErrConflict
	}
	if err := d.remove(id + ".json"); err != nil {
		return err
	}
	if err := d.settle(); err != nil {
		return err
	}
	delete(d.held, id)
	return nil
}

// Close gives the folder up. Calls after it fail with os.ErrClosed, but for
// Close, which does nothing.
func (d *Directory) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.root == nil {
		return nil
	}
	err := d.root.Close()
	if d.lock != nil {
		err = errors.Join(err, unlockFile(d.lock), d.lock.Close())
	}
	d.root, d.lock, d.held = nil, nil, nil
	return err
}

// ready tells whether the directory can be asked.
func (d *Directory) ready(ctx context.Context) error {
	if d.root == nil {
		return fmt.Errorf("%s: %w", d.path, os.ErrClosed)
	}
	return ctx.Err()
}

// changeable tells whether the directory can be changed.
func (d *Directory) changeable(ctx context.Context) error {
	if err := d.ready(ctx); err != nil {
		return err
	}
	return d.stuck
}

// write writes a record that does not count yet.
func (d *Directory) write(data []byte) error {
	f, err := d.root.OpenFile(tempName, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return d.fault(tempName, err)
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return d.fault(tempName, err)
	}
	return nil
}

// settle makes a change of the folder last.
func (d *Directory) settle() error {
	if err := syncFolder(d.root); err != nil {
		d.stuck = fmt.Errorf("%s: it is not known whether the last change is on the disk; open the folder again: %w", d.path, err)
	}
	return d.stuck
}

// remove removes a file, if there is one.
func (d *Directory) remove(name string) error {
	if err := d.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return d.fault(name, err)
	}
	return nil
}

// fault is an error of a file.
func (d *Directory) fault(name string, err error) error {
	return fmt.Errorf("%s: %w", filepath.Join(d.path, name), err)
}
