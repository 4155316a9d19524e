package faas

import (
	"context"
	"errors"
	"fmt"

	"github.com/afterword-go/afterword/internal/folder"
)

// A Store keeps the records of a runtime's functions. It may be used by
// several goroutines at once.
type Store interface {
	// Load gives all records, in any order.
	Load(ctx context.Context) ([]Record, error)
	// Save keeps a record, whole or not at all: whoever loads it later gets
	// either what was there before or this. Its Revision is one more than that
	// of the record that it replaces, 1 if it is new; otherwise the error is
	// ErrConflict.
	Save(ctx context.Context, record Record) error
	// Delete removes the record with this ID and revision; if there is another
	// one, the error is ErrConflict. What is not there is no error.
	Delete(ctx context.Context, id string, revision int64) error
}

// ErrConflict says that somebody else has changed a record meanwhile.
var ErrConflict = errors.New("the function has been changed meanwhile: look at it again")

// NewMemory makes a store that keeps records as long as the process runs.
func NewMemory() Store { return folder.NewMemory(recordForm()) }

// storeError says which part of a store's work failed.
func storeError(doing string, err error) error {
	if err == nil || errors.Is(err, ErrConflict) {
		return err
	}
	return fmt.Errorf("%s: %w", doing, err)
}
