// Package stopwatch measures what work costs, for tests that bound it. A busy
// machine makes work take longer, but the process computes no longer for it.
package stopwatch

import "time"

// A Watch is a measurement that has begun. Start makes one.
type Watch struct {
	began    time.Time
	computed time.Duration
}

// Start begins to measure.
func Start() Watch { return Watch{time.Now(), computed()} }

// Took is how long it took since Start, or how long the process has computed
// since then, on all processors together, if that is less and the system tells.
func (w Watch) Took() time.Duration {
	took := time.Since(w.began)
	if now := computed(); now > 0 {
		took = min(took, now-w.computed)
	}
	return took
}
