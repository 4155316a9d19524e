package conversations

import (
	"bytes"
	"context"
	"fmt"
	"sync"
)

// A Memory is a Server that holds conversations in memory. The zero Memory
// holds none. It may be used by several goroutines at once, and must not be
// copied.
type Memory struct {
	mu   sync.Mutex
	held map[string]Conversation // by ID; their own copies
}

var _ Server = (*Memory)(nil)

// NewMemory makes a server of conversations, which it copies. Of several with
// one ID the last counts.
func NewMemory(conversations ...Conversation) *Memory {
	m := new(Memory)
	for _, c := range conversations {
		m.Put(c)
	}
	return m
}

// Put adds a copy of a conversation, or replaces the one that has its ID.
func (m *Memory) Put(c Conversation) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.held == nil {
		m.held = map[string]Conversation{}
	}
	m.held[c.ID] = c.clone()
}

// Conversation gives a copy of a conversation, with the Data of its files. The
// error is that of the context, or ErrNoConversation.
func (m *Memory) Conversation(ctx context.Context, id string) (Conversation, error) {
	if err := ctx.Err(); err != nil {
		return Conversation{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	c, ok := m.held[id]
	if !ok {
		return Conversation{}, fmt.Errorf("conversation %.80q: %w", id, ErrNoConversation)
	}
	return c.clone(), nil
}

// ReplaceFile replaces a file, in all messages that have it. The error is that
// of the context, ErrNoConversation or ErrNoFile.
func (m *Memory) ReplaceFile(ctx context.Context, conversation, file string, replacement File) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	c, ok := m.held[conversation]
	if !ok {
		return fmt.Errorf("conversation %.80q: %w", conversation, ErrNoConversation)
	}
	found := false
	for _, message := range c.Messages {
		for i, f := range message.Files {
			if f.ID == file {
				found = true
				message.Files[i] = File{ID: file, Name: replacement.Name, Type: replacement.Type, Data: bytes.Clone(replacement.Data)}
			}
		}
	}
	if !found {
		return fmt.Errorf("file %.80q: %w", file, ErrNoFile)
	}
	return nil
}
