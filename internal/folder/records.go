package folder

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
)

// Records are records that are kept as files of a folder, each with an ID and a
// revision. OpenRecords makes them. They may be used by several goroutines at
// once.
//
// A record is the file <ID>.json, where the ID is a UUID in lower case. Files
// that are not named *.json are left alone.
type Records[T any] struct {
	folder *Folder
	form   Form[T]

	mu   sync.Mutex   // held by whoever changes the records
	held map[string]T // what the files have, by ID; nil: closed
}

// OpenRecords opens a folder, as Open does, and reads its records. The error
// tells every file that is named *.json and is not a readable record, and what to
// do; it quotes nothing of what the files hold. Nothing is left out in silence.
func OpenRecords[T any](path string, form Form[T]) (*Records[T], error) {
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	r := &Records[T]{folder: f, form: form, held: map[string]T{}}
	if err := r.read(); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return r, nil
}

// read reads all records, or tells all that cannot be read.
func (r *Records[T]) read() error {
	entries, err := r.folder.Entries()
	if err != nil {
		return err
	}
	var faults []error
	for _, entry := range entries {
		id, ok := strings.CutSuffix(entry.Name(), ".json")
		if !ok {
			continue
		}
		record, err := r.readOne(id, entry)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		r.held[id] = record
	}
	return errors.Join(faults...)
}

func (r *Records[T]) readOne(id string, entry fs.DirEntry) (record T, err error) {
	name := entry.Name()
	if !isID(id) || !entry.Type().IsRegular() {
		return record, r.folder.Fault(name, fmt.Errorf("is not a file of this folder's %ss: move it elsewhere", r.form.Noun))
	}
	data, err := r.folder.Read(name, maxFile)
	if err != nil {
		return record, err
	}
	return r.form.Decode(r.folder.file(name), id, data)
}

// Load gives all records. The error is that of the context, or os.ErrClosed.
func (r *Records[T]) Load(ctx context.Context) ([]T, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.held == nil {
		return nil, r.folder.closed()
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return r.form.clones(r.held), nil
}

// Save keeps a record, whose revision must be one more than that of the record
// that it replaces, 1 if it is new; otherwise the error is the form's conflict.
// Other errors are that of the context, which counts until the writing begins;
// os.ErrClosed; or they say that the ID is not a UUID in lower case, the record
// too large, not UTF-8 or could not be written.
func (r *Records[T]) Save(ctx context.Context, record T) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.changeable(ctx); err != nil {
		return err
	}
	id, revision := r.form.Key(record)
	if !isID(id) {
		return fmt.Errorf("%s: the ID %.60q is not a UUID in lower case", r.folder.Path(), id)
	}
	if revision != r.form.revision(r.held, id)+1 {
		return r.form.Conflict
	}
	name := id + ".json"
	data, err := r.form.Encode(record)
	if err != nil {
		return r.folder.Fault(name, err)
	}
	if err := r.folder.Write(name, data); err != nil {
		return err
	}
	r.held[id] = r.form.Clone(record)
	return nil
}

// Delete removes the record with this ID and revision; if there is another one,
// the error is the form's conflict. What is not there is no error. Other errors
// are as those of Save.
func (r *Records[T]) Delete(ctx context.Context, id string, revision int64) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.changeable(ctx); err != nil {
		return err
	}
	if _, ok := r.held[id]; !ok {
		return nil
	}
	if r.form.revision(r.held, id) != revision {
		return r.form.Conflict
	}
	if err := r.folder.Remove(id + ".json"); err != nil {
		return err
	}
	delete(r.held, id)
	return nil
}

// Close gives the folder up. Calls after it fail with os.ErrClosed, but for
// Close, which does nothing.
func (r *Records[T]) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.held = nil
	return r.folder.Close()
}

// changeable tells whether the records can be changed.
func (r *Records[T]) changeable(ctx context.Context) error {
	if err := r.folder.Ready(); err != nil {
		return err
	}
	return ctx.Err()
}
