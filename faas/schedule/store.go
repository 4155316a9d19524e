package schedule

import (
	"context"
	"errors"
	"sync"
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
func NewMemory() Store { return &memory{schedules: map[string]Schedule{}} }

type memory struct {
	mu        sync.Mutex
	schedules map[string]Schedule
}

func (m *memory) Load(context.Context) ([]Schedule, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	schedules := make([]Schedule, 0, len(m.schedules))
	for _, r := range m.schedules {
		schedules = append(schedules, r.clone())
	}
	return schedules, nil
}

func (m *memory) Save(_ context.Context, r Schedule) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r.Saved != m.schedules[r.ID].Saved+1 {
		return ErrConflict
	}
	m.schedules[r.ID] = r.clone()
	return nil
}

func (m *memory) Delete(_ context.Context, id string, saved int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if held, ok := m.schedules[id]; ok && held.Saved != saved {
		return ErrConflict
	}
	delete(m.schedules, id)
	return nil
}
