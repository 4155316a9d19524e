package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"time"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/faas/gateway"
)

// Events whose functions do not do well.
var (
	fails  = events.ConversationalCommand
	panics = events.MessagingConversationEnd
	waits  = events.MessagingConversationIdle
)

const (
	tenths      = 10
	waitingTime = 20 * time.Millisecond // of the function that waits
	keptAnswers = 256                   // so few are there long before the first tenth is over
)

// soak has a gateway under full load, and tells whether anything piles up.
func soak(out io.Writer, connections int, span time.Duration) (err error) {
	rt, err := faas.New(soaked())
	if err != nil {
		return err
	}
	handler, err := gateway.New(rt, gateway.Config{Account: account, NoAuth: true, Retries: gateway.Retries{Entries: keptAnswers}})
	if err != nil {
		return err
	}
	s, err := serve(handler)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	samples, err := sampled(out, s.address, connections, span/tenths, pause)
	if err != nil {
		return err
	}
	faults := judge(samples)
	if n := rt.Abandoned(); n > 0 {
		faults = append(faults, fmt.Errorf("%d functions still run though their invocations have returned", n))
	}
	return errors.Join(faults...)
}

// soaked is a runtime with functions that decide, fail, panic and wait. The
// places for invocations are enough, unless they are not given back.
func soaked() faas.Config {
	return faas.Config{
		Functions: []faas.Function{
			faas.On(survey, "care_transcripts", decide),
			faas.On(fails, "fails", func(ctx context.Context, _ events.Event[events.CommandCall]) (events.Reply, error) {
				faas.Log(ctx).Error("about to fail", "soak", true)
				return events.Reply{}, errors.New("as the soak wants it")
			}),
			faas.On(panics, "panics", func(context.Context, events.Event[events.Messaging]) (events.Commands, error) {
				panic("as the soak wants it")
			}),
			faas.On(waits, "waits", func(ctx context.Context, _ events.Event[events.Messaging]) (events.Commands, error) {
				<-ctx.Done()
				return events.Commands{}, ctx.Err()
			}),
		},
		Timeouts:    map[string]time.Duration{waits.ID(): waitingTime},
		Concurrency: 1000,
	}
}

// sampled has visitors go on for ten times a span, and takes a sample after
// each. It looks several times for a sample, with pauses.
func sampled(out io.Writer, address string, connections int, span, pause time.Duration) ([]sample, error) {
	visitors := make([]*visitor, connections)
	for i := range visitors {
		visitors[i] = newVisitor(address, i)
	}
	fmt.Fprintf(out, "%10s%14s%12s%14s\n", "load for", "requests", "heap", "goroutines")
	var samples []sample
	for i := range tenths {
		until := time.Now().Add(span)
		if _, err := everyone(connections, func(i int) ([]struct{}, error) { return nil, visitors[i].run(until) }); err != nil {
			return nil, err
		}
		s := quiet(pause)
		requests := 0
		for _, v := range visitors {
			requests += v.made
		}
		fmt.Fprintf(out, "%10v%14d%8d KiB%14d\n", time.Duration(i+1)*span, requests, s.heap>>10, s.goroutines)
		samples = append(samples, s)
	}
	return samples, nil
}

// A sample is what the process holds while nothing is asked of it.
type sample struct {
	heap       uint64 // bytes that are in use after a collection
	goroutines int
}

// How often and how far apart quiet looks: the server keeps a connection
// for half a second after a body that was too large, and pools are given up in
// steps.
const (
	looks = 4
	pause = 250 * time.Millisecond
)

// quiet takes the least of several samples in a row.
func quiet(pause time.Duration) sample {
	ticks := time.NewTicker(pause)
	defer ticks.Stop()
	var least sample
	for i := range looks {
		<-ticks.C
		runtime.GC()
		var memory runtime.MemStats
		runtime.ReadMemStats(&memory)
		s := sample{heap: memory.HeapAlloc, goroutines: runtime.NumGoroutine()}
		if i == 0 {
			least = s
		}
		least = sample{heap: min(least.heap, s.heap), goroutines: min(least.goroutines, s.goroutines)}
	}
	return least
}

// How far later samples may lie above the first one.
const (
	mostHeap       = 1.1 // times
	moreGoroutines = 5
)

// judge compares all samples with the first one, after a tenth of the time:
// by then all that is kept within bounds has reached them.
func judge(samples []sample) []error {
	if len(samples) < 2 {
		return []error{errors.New("too few samples to compare")}
	}
	first, worst := samples[0], samples[0]
	for _, s := range samples {
		worst = sample{heap: max(worst.heap, s.heap), goroutines: max(worst.goroutines, s.goroutines)}
	}
	var faults []error
	if float64(worst.heap) > mostHeap*float64(first.heap) {
		faults = append(faults, fmt.Errorf("the heap went from %d KiB after the first tenth to %d KiB, which is more than %v times that", first.heap>>10, worst.heap>>10, mostHeap))
	}
	if worst.goroutines > first.goroutines+moreGoroutines {
		faults = append(faults, fmt.Errorf("the goroutines went from %d after the first tenth to %d, which is more than %d more", first.goroutines, worst.goroutines, moreGoroutines))
	}
	return faults
}
