package faas

import (
	"bytes"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// The bounds of what a runtime keeps of the logs of one function (platform
// documentation: exports of 500 lines, kept for 30 days).
const (
	maxJournal = 500
	retention  = 30 * 24 * time.Hour
)

// A journal keeps the last entries of the logs of one function.
type journal struct {
	mu      sync.Mutex
	entries []LogEntry // the oldest first
}

func (j *journal) add(entries []LogEntry) {
	if len(entries) == 0 {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.entries = append(j.entries, entries...)
	if extra := len(j.entries) - maxJournal; extra > 0 {
		j.entries = slices.Delete(j.entries, 0, extra)
	}
}

// A LogFilter chooses log entries. The zero LogFilter chooses all.
type LogFilter struct {
	From, To  time.Time // To itself is left out; zero: no bound
	Level     slog.Level
	RequestID string // empty: any
	// AnyLevel takes all levels, and not only Level and those above it.
	AnyLevel bool
}

func (f LogFilter) matches(e LogEntry) bool {
	return (f.From.IsZero() || !e.Time.Before(f.From)) && (f.To.IsZero() || e.Time.Before(f.To)) &&
		(f.AnyLevel || e.Level >= f.Level) && (f.RequestID == "" || f.RequestID == e.RequestID)
}

func (j *journal) list(f LogFilter, now time.Time) []LogEntry {
	j.mu.Lock()
	defer j.mu.Unlock()
	var out []LogEntry
	for _, e := range j.entries {
		if f.matches(e) && now.Sub(e.Time) < retention {
			e.Extras = bytes.Clone(e.Extras) // the caller's own
			out = append(out, e)
		}
	}
	return out
}
