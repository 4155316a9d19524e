package gateway

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"
)

// The limits of the server that Handler.Server makes.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 20 * time.Second // of a request with its body
	writeMargin       = 10 * time.Second // for writing an answer, beyond the time of its making
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 32 << 10
)

// Server makes a server of the handler, with limits on the time and the size
// of what clients send: without those, a few slow clients hold up all. The
// caller sets its Addr, and shuts it down: Drain first, then http.Server's
// Shutdown.
func (h *Handler) Server() *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      readTimeout + h.timeout + writeMargin,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
	}
}

// Serve answers requests at a listener until the context ends. Then it closes
// the listener and waits for the requests that run, at most as long as an
// invocation may last. The error is nil if all were answered. If the listener
// fails, Serve ends in the same way, and the error is the listener's.
//
// It is for programs that have nothing more to say about their server. One that
// sits behind a balancer calls Drain some time before the context ends.
func (h *Handler) Serve(ctx context.Context, listener net.Listener) error {
	server := h.Server()
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	var failure error
	select {
	case failure = <-ended:
	case <-ctx.Done():
	}
	h.Drain()
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), h.timeout)
	defer cancel()
	err := errors.Join(server.Shutdown(last), server.Close())
	if failure == nil {
		failure = <-ended
	}
	if !errors.Is(failure, http.ErrServerClosed) {
		err = errors.Join(err, failure)
	}
	return err
}
