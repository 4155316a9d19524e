package schedule

import (
	"context"
	"errors"

	"github.com/afterword-go/afterword/internal/folder"
)

// A Store keeps the schedules of a scheduler, which is the only one that uses
// it. It may be used by several goroutines at once.
type Store interface {
	// Load gives all schedules, in any order.
	Load(ctx context.Context) ([]Schedule, error)
	// Save keeps a schedule, whole or not at all: whoever loads it later gets
	// either what was there before or this. Its Saved is one more than that of
	// the schedule that it replaces, 1 if it is new; otherwise the error is
	// ErrConflict.
	Save(ctx context.Context, schedule Schedule) error
	// Delete removes the schedule with this ID which was saved so often; if
	// there is another one, the error is ErrConflict. What is not there is no
	// error.
	Delete(ctx context.Context, id string, saved int64) error
}

// ErrConflict says that somebody else has changed a schedule meanwhile.
var ErrConflict = errors.New("the schedule has been changed meanwhile: look at it again")

// NewMemory makes a store that keeps schedules as long as the process runs.
func NewMemory() Store { return folder.NewMemory(form()) }
