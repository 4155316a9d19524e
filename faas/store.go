package faas

import (
	"context"
	"errors"
	"fmt"
	"sync"
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
func NewMemory() Store { return &memory{records: map[string]Record{}} }

type memory struct {
	mu      sync.Mutex
	records map[string]Record
}

func (m *memory) Load(context.Context) ([]Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	records := make([]Record, 0, len(m.records))
	for _, r := range m.records {
		records = append(records, r.clone())
	}
	return records, nil
}

func (m *memory) Save(_ context.Context, record Record) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if record.Revision != m.records[record.ID].Revision+1 {
		return ErrConflict
	}
	m.records[record.ID] = record.clone()
	return nil
}

func (m *memory) Delete(_ context.Context, id string, revision int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if held, ok := m.records[id]; ok && held.Revision != revision {
		return ErrConflict
	}
	delete(m.records, id)
	return nil
}

// storeError says which part of a store's work failed.
func storeError(doing string, err error) error {
	if err == nil || errors.Is(err, ErrConflict) {
		return err
	}
	return fmt.Errorf("%s: %w", doing, err)
}
