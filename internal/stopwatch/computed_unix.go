//go:build unix

package stopwatch

import (
	"syscall"
	"time"
)

// computed is how long the process has computed, and zero if the system does not
// tell.
func computed() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
