package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"time"
)

// unreadFor is how long a write may take when the context has ended.
const unreadFor = 500 * time.Millisecond

var errUnread = errors.New("interrupted while nobody reads it")

// An endingWriter gives up a write that blocks when the context has ended: what
// reads the output may never do so. That write goes on without it until the
// process ends. It is for one goroutine at a time.
type endingWriter struct {
	ctx    context.Context
	to     io.Writer
	unread bool
}

func (w *endingWriter) Write(p []byte) (int, error) {
	if w.unread {
		return 0, errUnread
	}
	type written struct {
		n   int
		err error
	}
	done := make(chan written, 1)
	own := bytes.Clone(p) // the caller's may change when this returns
	go func() {
		n, err := w.to.Write(own)
		done <- written{n, err}
	}()
	select {
	case d := <-done:
		return d.n, d.err
	case <-w.ctx.Done():
	}
	select {
	case d := <-done:
		return d.n, d.err
	case <-time.After(unreadFor):
		w.unread = true
		return 0, errUnread
	}
}
