package folder

import (
	"context"
	"sync"
)

// A Memory holds records as long as the process runs, by the rules of Records.
// NewMemory makes one. It may be used by several goroutines at once.
type Memory[T any] struct {
	form Form[T]

	mu   sync.Mutex
	held map[string]T // by ID
}

// NewMemory makes an empty memory.
func NewMemory[T any](form Form[T]) *Memory[T] { return &Memory[T]{form: form, held: map[string]T{}} }

// Load gives all records. There is no error.
func (m *Memory[T]) Load(context.Context) ([]T, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.form.clones(m.held), nil
}

// Save keeps a record, whose revision must be one more than that of the record
// that it replaces, 1 if it is new; otherwise the error is the form's conflict.
func (m *Memory[T]) Save(_ context.Context, record T) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	id, revision := m.form.Key(record)
	if revision != m.form.revision(m.held, id)+1 {
		return m.form.Conflict
	}
	m.held[id] = m.form.Clone(record)
	return nil
}

// Delete removes the record with this ID and revision. If there is another one,
// the error is the form's conflict; if there is none, nil.
func (m *Memory[T]) Delete(_ context.Context, id string, revision int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.held[id]; ok && m.form.revision(m.held, id) != revision {
		return m.form.Conflict
	}
	delete(m.held, id)
	return nil
}
