package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A newFile is a file to be made.
type newFile struct {
	name string
	data []byte
}

// makeFolder makes a folder with files, and the folders around it. If that
// fails, it removes what it has made.
func makeFolder(ctx context.Context, dir string, files []newFile) error {
	if err := mustBeEmpty(dir); err != nil {
		return err
	}
	var m maker
	m.folder(dir)
	for _, f := range files {
		m.file(ctx, filepath.Join(dir, f.name), f.data)
	}
	if m.err == nil {
		return nil
	}
	return errors.Join(m.err, m.undo())
}

// mustBeEmpty wants a folder that is empty or not there.
func mustBeEmpty(dir string) error {
	entries, err := os.ReadDir(dir)
	switch info, wrong := os.Stat(dir); {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case wrong == nil && !info.IsDir():
		return fmt.Errorf("%s: is a file: give a new or an empty folder", dir)
	case err != nil:
		return fmt.Errorf("%s: %w", dir, reason(err))
	case len(entries) > 0:
		return fmt.Errorf("%s: give a new or an empty folder; this one has %s", dir, someNames(entries))
	}
	return nil
}

// someNames lists what is in a folder, up to ten names.
func someNames(entries []os.DirEntry) string {
	var names []string
	for i, entry := range entries {
		if i == 10 {
			names = append(names, fmt.Sprintf("and %d more", len(entries)-i))
			break
		}
		names = append(names, entry.Name())
	}
	return strings.Join(names, ", ")
}

// A maker makes folders and files until something fails.
type maker struct {
	made []string // in this order
	err  error
}

// done keeps what was made, or why it was not.
func (m *maker) done(path string, err error) {
	if err != nil {
		m.err = fmt.Errorf("%s: %w", path, reason(err))
		return
	}
	m.made = append(m.made, path)
}

// folder makes a folder that is not there, and those around it.
func (m *maker) folder(dir string) {
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		return // what cannot be looked into fails with the first file
	}
	if around := filepath.Dir(dir); around != dir {
		m.folder(around)
	}
	if m.err == nil {
		m.done(dir, os.Mkdir(dir, 0o777))
	}
}

// file makes a file that is not there.
func (m *maker) file(ctx context.Context, path string, data []byte) {
	if m.err = cmp.Or(m.err, ctx.Err()); m.err != nil {
		return
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	m.done(path, err)
	if m.err != nil {
		return
	}
	_, err = file.Write(data)
	if err := errors.Join(err, file.Close()); err != nil {
		m.err = fmt.Errorf("%s: %w", path, err)
	}
}

// undo removes what was made.
func (m *maker) undo() error {
	var errs []error
	for _, path := range slices.Backward(m.made) {
		errs = append(errs, os.Remove(path))
	}
	return errors.Join(errs...)
}
