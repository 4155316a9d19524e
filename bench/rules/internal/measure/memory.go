package measure

import (
	"runtime"
	"runtime/metrics"
	"time"
)

// Cost is what it takes to make something.
type Cost struct {
	Time time.Duration
	// Bytes are on the heap behind it, after a collection.
	Bytes int64
}

// Making measures make, and keeps what it made until the memory is counted.
// What make needs for its work must not be kept elsewhere, or it does not
// count.
func Making(make func() (kept any, took time.Duration, err error)) (Cost, error) {
	before := heap()
	made, took, err := make()
	if err != nil {
		return Cost{}, err
	}
	after := heap()
	runtime.KeepAlive(made)
	return Cost{Time: took, Bytes: after - before}, nil
}

// heap is what is on the heap after a collection; the second one frees what
// the first one has only taken out of pools.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// Allocations are how many allocations, and how many bytes, a contestant makes
// to do its work once. Nothing else may run.
func Allocations(c Contestant) (number, bytes float64) {
	const count = 1000
	keep(c.Run(count))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	keep(c.Run(count))
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs-before.Mallocs) / count, float64(after.TotalAlloc-before.TotalAlloc) / count
}

// allocatedBytes are all that were ever allocated.
func allocatedBytes() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
