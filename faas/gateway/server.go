package gateway

import (
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
