package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"time"
)

// A histogram counts how long the runs of functions took, in buckets as
// Prometheus has them: a bucket holds all runs that took no longer than its
// bound.
type histogram struct {
	name, help string

	mu        sync.Mutex
	functions map[string]*durations
}

// bounds are those of the buckets, in seconds, from the least to the greatest.
var bounds = [...]float64{0.001, 0.005, 0.025, 0.1, 0.5, 1, 2.5, 5, 10, 30}

// durations are those of one function.
type durations struct {
	within [len(bounds)]uint64
	count  uint64
	sum    float64 // in seconds
}

func newHistogram(name, help string) *histogram {
	return &histogram{name: name, help: help, functions: map[string]*durations{}}
}

// add counts a run.
func (h *histogram) add(function string, took time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	d := h.functions[function]
	if d == nil {
		d = &durations{}
		h.functions[function] = d
	}
	for i, bound := range bounds {
		if took.Seconds() <= bound {
			d.within[i]++
		}
	}
	d.count++
	d.sum += took.Seconds()
}

// write writes the buckets of each function in the order of their bounds.
func (h *histogram) write(to io.Writer) {
	h.mu.Lock()
	defer h.mu.Unlock()
	writeHead(to, h.name, "histogram", h.help)
	for _, function := range slices.Sorted(maps.Keys(h.functions)) {
		d := h.functions[function]
		for i, bound := range bounds {
			fmt.Fprintf(to, "%s_bucket%s %d\n", h.name, labelled("function", function, "le", fmt.Sprint(bound)), d.within[i])
		}
		fmt.Fprintf(to, "%s_bucket%s %d\n", h.name, labelled("function", function, "le", "+Inf"), d.count)
		fmt.Fprintf(to, "%s_sum%s %v\n", h.name, labelled("function", function), d.sum)
		fmt.Fprintf(to, "%s_count%s %d\n", h.name, labelled("function", function), d.count)
	}
}
