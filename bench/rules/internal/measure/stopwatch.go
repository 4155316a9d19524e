package measure

import "time"

// A Stopwatch tells how long work takes, by the clock and by the time that
// processors gave to this process, its collector included. Where the machine
// does something else besides, the first grows, and the second hardly does.
type Stopwatch struct {
	wall       time.Time
	processors time.Duration
}

// Start starts.
func Start() Stopwatch { return Stopwatch{time.Now(), processorTime()} }

// Wall is the time since the start.
func (s Stopwatch) Wall() time.Duration { return time.Since(s.wall) }

// Processors is the time of processors since the start.
func (s Stopwatch) Processors() time.Duration { return processorTime() - s.processors }

// Undisturbed is about how long the work would take by the clock if the machine
// did nothing else. A collector that runs beside the work does not count, but
// on a busy machine.
func (s Stopwatch) Undisturbed() time.Duration { return min(s.Wall(), s.Processors()) }
