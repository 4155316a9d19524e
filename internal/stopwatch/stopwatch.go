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
	return took(time.Since(w.began), w.computed, computed())
}

// took is the shorter of two measurements, the second of which may be missing.
func took(passed, before, now time.Duration) time.Duration {
	if now == 0 {
		return passed
	}
	return min(passed, now-before)
}
