//go:build !race

package schedule

// racing says that the race detector slows the tests down.
const racing = false
