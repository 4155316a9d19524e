//go:build !unix

package measure

import "time"

var began = time.Now()

// processorTime is the time by the clock, where no other can be had.
func processorTime() time.Duration { return time.Since(began) }
