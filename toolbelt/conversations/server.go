package conversations

import (
	"context"
	"errors"
)

// A Server is the part of a chat server that functions may use.
//
// Implementers keep to this: several functions call at once. A call returns
// soon after its context has ended, with an error that wraps the context's.
// Errors do not quote messages or files, and are of one line. Whether a function
// may see a conversation is for the server to decide.
type Server interface {
	// Conversation gives a conversation as it is now. The caller owns it: it
	// may change it, and shares nothing with the server or other callers. The
	// error wraps ErrNoConversation if there is none with this ID.
	Conversation(ctx context.Context, id string) (Conversation, error)

	// ReplaceFile puts a file in the place of one that the conversation holds,
	// for all who can see it; the old one is gone. The file keeps its ID and
	// its messages, and the ID of the replacement does not count. To replace a
	// file by what it is already is no error. The server does not keep the
	// replacement's Data, nor change it.
	//
	// The error wraps ErrNoConversation or ErrNoFile if there is none with
	// this ID; with any error the caller may try again.
	ReplaceFile(ctx context.Context, conversation, file string, replacement File) error
}

var (
	// ErrNoConversation says that the server has no conversation with this
	// ID.
	ErrNoConversation = errors.New("no such conversation")
	// ErrNoFile says that the conversation has no file with this ID.
	ErrNoFile = errors.New("no such file")
)
