package outbound

import (
	"sync"
	"time"
)

// A window knows when the last requests were sent, as many as fit a second. It
// lets through no more in any second, where a token bucket would let through
// nearly twice as many: a full bucket, and what flows in meanwhile.
type window struct {
	mu   sync.Mutex
	sent []time.Time // a ring
	next int         // the oldest
}

func newWindow(rate int) *window { return &window{sent: make([]time.Time, rate)} }

// take counts a request that is sent now, if it may be.
func (w *window) take() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	if now.Sub(w.sent[w.next]) < time.Second {
		return false
	}
	w.sent[w.next] = now
	w.next = (w.next + 1) % len(w.sent)
	return true
}
