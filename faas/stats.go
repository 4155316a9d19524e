package faas

import (
	"slices"
	"sync"
	"time"
)

// bucketWidth is the time over which runs are counted together.
const bucketWidth = 5 * time.Minute

// A Bucket counts the runs of a function that ended in a span of time.
type Bucket struct {
	Start time.Time `json:"start"`
	Tally
}

// A Tally counts runs by how they ended.
type Tally struct {
	Succeeded       int `json:"succeeded"`
	CodingFailure   int `json:"codingFailure"` // the function returned an error, crashed, gave a bad result or logged too much
	Timeout         int `json:"timeout"`
	PlatformFailure int `json:"platformFailure"` // anything else
}

// count counts a run.
func (t *Tally) count(failure *Error) {
	switch {
	case failure == nil:
		t.Succeeded++
	case failure.Code == CodeTimedOut:
		t.Timeout++
	case failure.Code.Status() == statusFailed:
		t.CodingFailure++
	default:
		t.PlatformFailure++
	}
}

func (t *Tally) add(other Tally) {
	t.Succeeded += other.Succeeded
	t.CodingFailure += other.CodingFailure
	t.Timeout += other.Timeout
	t.PlatformFailure += other.PlatformFailure
}

// statistics count the runs of one function for 30 days.
type statistics struct {
	mu      sync.Mutex
	buckets []Bucket // those with runs, the oldest first
}

func (s *statistics) count(failure *Error, at time.Time) {
	start := at.UTC().Truncate(bucketWidth)
	s.mu.Lock()
	defer s.mu.Unlock()
	last := len(s.buckets) - 1
	if last < 0 || s.buckets[last].Start.Before(start) {
		old := slices.IndexFunc(s.buckets, func(b Bucket) bool { return start.Sub(b.Start) < retention })
		if old < 0 {
			old = len(s.buckets)
		}
		s.buckets = append(slices.Delete(s.buckets, 0, old), Bucket{Start: start})
		last = len(s.buckets) - 1
	}
	s.buckets[last].count(failure)
}

// between sums up the runs from one time up to another, which is left out, in
// buckets of a width. Those without runs are left out, and those that are too
// old.
func (s *statistics) between(from, to, now time.Time, width time.Duration) []Bucket {
	width = max(width.Truncate(bucketWidth), bucketWidth)
	from = from.Truncate(bucketWidth)
	if oldest := now.Add(-retention); from.Before(oldest) {
		from = oldest
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Bucket
	for _, b := range s.buckets {
		if b.Start.Before(from) || !to.IsZero() && !b.Start.Before(to) {
			continue
		}
		start := b.Start.Truncate(width)
		if len(out) == 0 || !out[len(out)-1].Start.Equal(start) {
			out = append(out, Bucket{Start: start})
		}
		out[len(out)-1].add(b.Tally)
	}
	return out
}
