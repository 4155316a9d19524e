package conversations

import (
	"context"
	"errors"
	"fmt"
)

// Removed is the file that ReplaceFiles puts in the place of others unless told
// another: a text that says so. Each call gives a new one.
func Removed() File {
	return File{Name: "removed.txt", Type: "text/plain; charset=utf-8", Data: []byte("This file was removed.\n")}
}

// ReplaceFiles replaces the files of a conversation that should gives true for,
// or all if should is nil. The files come in the order of messages, each one
// once, also if several messages have it. The zero replacement means that of
// Removed. The conversation that the caller holds stays as it is.
//
// A file that cannot be replaced does not keep others from it. The error names
// all that were not replaced, one a line, by their IDs, and wraps what the
// server says. If the context ends, the rest is left, and the error wraps that
// of the context and tells how many files were not tried.
//
// replaced counts those that the server has replaced. Repeated, ReplaceFiles
// replaces the same files by the same once more, which changes nothing.
func ReplaceFiles(ctx context.Context, server Server, conversation Conversation, should func(File) bool, replacement File) (replaced int, err error) {
	if server == nil {
		return 0, errors.New("server: is nil; give the server that holds the conversation")
	}
	if replacement.Name == "" && replacement.Type == "" && replacement.Data == nil {
		replacement = Removed()
	}
	files, problems := filesOf(conversation, should)
	for i, id := range files {
		if err := ctx.Err(); err != nil {
			problems = append(problems, fmt.Errorf("conversation %.80q: %d files not tried: %w", conversation.ID, len(files)-i, err))
			break
		}
		if err := server.ReplaceFile(ctx, conversation.ID, id, replacement); err != nil {
			problems = append(problems, fmt.Errorf("conversation %.80q: file %.80q: %w", conversation.ID, id, err))
			continue
		}
		replaced++
	}
	return replaced, errors.Join(problems...)
}

// filesOf gives the IDs of files to replace, each once, and the problems of those
// that have none.
func filesOf(c Conversation, should func(File) bool) (ids []string, problems []error) {
	seen := map[string]bool{}
	for i, m := range c.Messages {
		for j, f := range m.Files {
			if seen[f.ID] || should != nil && !should(f) {
				continue
			}
			if f.ID == "" {
				problems = append(problems, fmt.Errorf("conversation %.80q: message %d: file %d has no ID; the server must give it one", c.ID, i+1, j+1))
				continue
			}
			seen[f.ID] = true
			ids = append(ids, f.ID)
		}
	}
	return ids, problems
}
