//go:build unix

package measure

import (
	"syscall"
	"time"
)

// processorTime is the time that processors gave to this process so far.
func processorTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err) // the arguments are constant, and good ones
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
