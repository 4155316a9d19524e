package conversations_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/toolbelt/conversations"
)

// withFiles is a conversation with four files, one of them in two messages.
func withFiles() conversations.Conversation {
	picture := conversations.File{ID: "f1", Name: "passport.png", Type: "image/png", Data: []byte("picture")}
	return conversations.Conversation{ID: "c1", Messages: []conversations.Message{
		{ID: "m1", Text: "my passport", Files: []conversations.File{picture, {ID: "f2", Name: "notes.txt", Type: "text/plain", Data: []byte("notes")}}},
		{ID: "m2", Text: "no files"},
		{ID: "m3", Text: "again", Files: []conversations.File{picture, {ID: "f3", Type: "image/gif"}, {ID: "f4", Type: "image/gif"}}},
	}}
}

func isPicture(f conversations.File) bool { return strings.HasPrefix(f.Type, "image/") }

// now gives a conversation as the server has it.
func now(t *testing.T, server conversations.Server, id string) conversations.Conversation {
	t.Helper()
	c, err := server.Conversation(t.Context(), id)
	require.NoError(t, err)
	return c
}

func TestReplaceFiles(t *testing.T) {
	t.Parallel()
	server := conversations.NewMemory(withFiles())
	conversation := now(t, server, "c1")
	note := conversations.File{ID: "does not count", Name: "note.txt", Type: "text/plain", Data: []byte("gone")}

	want := withFiles()
	want.Messages[0].Files[0] = conversations.File{ID: "f1", Name: "note.txt", Type: "text/plain", Data: []byte("gone")}
	want.Messages[2].Files = []conversations.File{want.Messages[0].Files[0], want.Messages[0].Files[0], want.Messages[0].Files[0]}
	want.Messages[2].Files[1].ID, want.Messages[2].Files[2].ID = "f3", "f4"

	for range 2 { // the second time changes nothing
		replaced, err := conversations.ReplaceFiles(t.Context(), server, conversation, isPicture, note)
		require.NoError(t, err)
		assert.Equal(t, 3, replaced)
		assert.Equal(t, want, now(t, server, "c1"))
	}
	assert.Equal(t, withFiles(), conversation, "the caller's conversation")

	replaced, err := conversations.ReplaceFiles(t.Context(), server, now(t, server, "c1"), isPicture, note)
	require.NoError(t, err)
	assert.Zero(t, replaced, "there are no more pictures")
}

func TestReplaceFilesByRemoved(t *testing.T) {
	t.Parallel()
	server := conversations.NewMemory(withFiles())
	replaced, err := conversations.ReplaceFiles(t.Context(), server, withFiles(), nil, conversations.File{})
	require.NoError(t, err)
	assert.Equal(t, 4, replaced)
	for _, m := range now(t, server, "c1").Messages {
		for _, f := range m.Files {
			want := conversations.Removed()
			want.ID = f.ID
			assert.Equal(t, want, f)
		}
	}
	conversations.Removed().Data[0] = 'X'
	assert.Equal(t, "This file was removed.\n", string(conversations.Removed().Data))
}

// faulty is a server that refuses some files.
type faulty struct {
	*conversations.Memory
	refuse map[string]error
	called []string
	after  func()
}

func (s *faulty) ReplaceFile(ctx context.Context, conversation, file string, replacement conversations.File) error {
	s.called = append(s.called, file)
	if s.after != nil {
		defer s.after()
	}
	if err := s.refuse[file]; err != nil {
		return err
	}
	return s.Memory.ReplaceFile(ctx, conversation, file, replacement)
}

func TestReplaceFilesGoesOnAfterFailures(t *testing.T) {
	t.Parallel()
	busy := errors.New("storage is busy")
	server := &faulty{Memory: conversations.NewMemory(withFiles()), refuse: map[string]error{"f1": busy, "f3": conversations.ErrNoFile}}
	conversation := withFiles()
	conversation.Messages[1].Files = []conversations.File{{Name: "without an ID"}, {Name: "another"}}
	replaced, err := conversations.ReplaceFiles(t.Context(), server, conversation, nil, conversations.File{})
	assert.Equal(t, 2, replaced)
	assert.EqualError(t, err, `conversation "c1": message 2: file 1 has no ID; the server must give it one`+"\n"+
		`conversation "c1": message 2: file 2 has no ID; the server must give it one`+"\n"+
		`conversation "c1": file "f1": storage is busy`+"\n"+
		`conversation "c1": file "f3": no such file`)
	assert.ErrorIs(t, err, busy)
	assert.ErrorIs(t, err, conversations.ErrNoFile)
	assert.Equal(t, []string{"f1", "f2", "f3", "f4"}, server.called)

	server.refuse = nil
	replaced, err = conversations.ReplaceFiles(t.Context(), server, withFiles(), nil, conversations.File{})
	require.NoError(t, err)
	assert.Equal(t, 4, replaced)
}

func TestReplaceFilesEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	server := &faulty{Memory: conversations.NewMemory(withFiles())}
	server.after = func() {
		if len(server.called) == 2 {
			cancel()
		}
	}
	replaced, err := conversations.ReplaceFiles(ctx, server, withFiles(), nil, conversations.File{})
	assert.Equal(t, 2, replaced)
	assert.ErrorIs(t, err, context.Canceled)
	assert.EqualError(t, err, `conversation "c1": 2 files not tried: context canceled`)
	assert.Len(t, server.called, 2)

	server.called = nil
	replaced, err = conversations.ReplaceFiles(ctx, server, withFiles(), nil, conversations.File{})
	assert.Zero(t, replaced)
	assert.ErrorIs(t, err, context.Canceled)
	assert.Empty(t, server.called)
}

func TestReplaceFilesNeedsAServer(t *testing.T) {
	t.Parallel()
	_, err := conversations.ReplaceFiles(t.Context(), nil, withFiles(), nil, conversations.File{})
	assert.EqualError(t, err, "server: is nil; give the server that holds the conversation")
}

func TestMemoryShareNothing(t *testing.T) {
	t.Parallel()
	given := withFiles()
	server := conversations.NewMemory(given)
	given.Messages[0].Text, given.Messages[0].Files[0].Data[0] = "changed", 'X'
	got := now(t, server, "c1")
	assert.Equal(t, withFiles(), got)
	got.Messages[0].Text, got.Messages[0].Files[0].Data[0] = "changed", 'X'
	got.Messages[0].Files[1].Name = "changed"
	assert.Equal(t, withFiles(), now(t, server, "c1"))

	note := conversations.File{Data: []byte("gone")}
	require.NoError(t, server.ReplaceFile(t.Context(), "c1", "f2", note))
	note.Data[0] = 'X'
	assert.Equal(t, "gone", string(now(t, server, "c1").Messages[0].Files[1].Data))
}

func TestMemoryErrors(t *testing.T) {
	t.Parallel()
	var server conversations.Memory // the zero Memory is of use
	_, err := server.Conversation(t.Context(), "c1")
	assert.ErrorIs(t, err, conversations.ErrNoConversation)
	assert.EqualError(t, err, `conversation "c1": no such conversation`)
	assert.ErrorIs(t, server.ReplaceFile(t.Context(), "c1", "f1", conversations.File{}), conversations.ErrNoConversation)

	server.Put(withFiles())
	server.Put(conversations.Conversation{ID: "c2"})
	assert.Equal(t, withFiles(), now(t, &server, "c1"))
	err = server.ReplaceFile(t.Context(), "c1", "f5", conversations.File{})
	assert.ErrorIs(t, err, conversations.ErrNoFile)
	assert.EqualError(t, err, `file "f5": no such file`)
	server.Put(conversations.Conversation{ID: "c1"})
	assert.Empty(t, now(t, &server, "c1").Messages)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = server.Conversation(ctx, "c1")
	assert.ErrorIs(t, err, context.Canceled)
	assert.ErrorIs(t, server.ReplaceFile(ctx, "c1", "f1", conversations.File{}), context.Canceled)
}

func TestMemoryTogether(t *testing.T) {
	t.Parallel()
	server := conversations.NewMemory(withFiles())
	scanner, err := conversations.NewWordScanner("passport")
	require.NoError(t, err)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for j := range 50 {
				note := conversations.File{Name: fmt.Sprint(i, " ", j), Data: []byte("gone")}
				_, err := conversations.ReplaceFiles(t.Context(), server, withFiles(), nil, note)
				assert.NoError(t, err)
				server.Put(conversations.Conversation{ID: fmt.Sprint("other ", i)})
				c, err := server.Conversation(t.Context(), "c1")
				assert.NoError(t, err)
				hits, err := scanner.Scan(c)
				assert.NoError(t, err)
				assert.Len(t, hits, 1)
			}
		})
	}
	all.Wait()
}
