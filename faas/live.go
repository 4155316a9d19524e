package faas

import (
	"cmp"
	"context"
	"slices"
	"sync/atomic"
	"time"
)

// A live is a function in service. It never changes: one with other skills
// takes its place.
type live struct {
	Function
	id        string
	connected time.Time
	inGo      int // its place among the functions in Go, from 1; 0: it is built
	*pulse
	*trace
}

// A pulse tells how a deployment of a function does.
type pulse struct {
	abandoned atomic.Int64 // runs that nobody waits for any more
	retired   atomic.Bool  // it is out of service
}

// A trace is what the runs of a function leave behind.
type trace struct {
	running atomic.Int64 // invocations that wait for it, whatever version they run
	stats   statistics
	logs    journal
}

// keep takes what came of a run. Bad input is none: the function did not run.
func (t *trace) keep(failure *Error, entries []LogEntry) {
	if failure == nil || failure.Code != CodeBadInput {
		t.stats.count(failure, time.Now())
	}
	t.logs.add(entries)
}

// A table is all functions in service. It never changes.
type table struct {
	byEvent map[string][]*live // in the order of connection
	byID    map[string]*live
}

// newTable puts functions in their order: those in Go as the config lists them,
// the others by the time of their connection.
func newTable(all []*live) *table {
	slices.SortFunc(all, func(a, b *live) int {
		if a.inGo > 0 && b.inGo > 0 {
			return a.inGo - b.inGo
		}
		return cmp.Or(b.inGo-a.inGo, a.connected.Compare(b.connected), cmp.Compare(a.id, b.id))
	})
	t := &table{byEvent: map[string][]*live{}, byID: map[string]*live{}}
	for _, l := range all {
		if !l.noEvent {
			t.byEvent[l.Event()] = append(t.byEvent[l.Event()], l)
		}
		t.byID[l.id] = l
	}
	return t
}

// with is the table with a function put in, in the place of itself if it is
// there already.
func (t *table) with(l *live) *table { return newTable(append(t.without(l.id).list(), l)) }

// without is the table without a function.
func (t *table) without(id string) *table {
	return newTable(slices.DeleteFunc(t.list(), func(l *live) bool { return l.id == id }))
}

// next is the time at which one more function of an event is connected: now,
// and later than the others, whatever the clock says.
func (t *table) next(event string) time.Time {
	next := now()
	for _, l := range t.byEvent[event] {
		if !next.After(l.connected) {
			next = l.connected.Add(1)
		}
	}
	return next
}

func (t *table) list() []*live {
	all := make([]*live, 0, len(t.byID))
	for _, l := range t.byID {
		all = append(all, l)
	}
	return all
}

// abandon counts a run that goes on, or has ended after all. A function with
// too many of them is taken out of service.
func (l *live) abandon(rt *Runtime, n int64) {
	rt.abandoned.Add(n)
	if l.abandoned.Add(n) > int64(rt.maxAbandoned) {
		l.retired.Store(true)
	}
}

// runOnce runs a task of the function, and tells all who want to know.
func runOnce[T any](ctx context.Context, rt *Runtime, l *live, call Call, trial bool, do task[T]) (T, []LogEntry, *Error) {
	l.running.Add(1)
	defer l.running.Add(-1)
	start := time.Now()
	limit := rt.limit(l.Event())
	sheet := newSheet(l.id, call.RequestID, trial)
	inner, ended := observed(ctx, rt.observers, Run{
		Function: l.name, ID: l.id, Event: l.Event(), RequestID: call.RequestID, Start: start, Trial: trial,
	})
	inner = context.WithValue(inner, logKey, sheet)
	end := run(inner, limit, func(n int64) { l.abandon(rt, n) }, do)
	failure := end.failure(inner, limit) // an observer may have ended its context
	entries, over := sheet.close()
	if over && failure == nil {
		failure = &Error{Code: CodeLogLimit, Err: errLogLimit}
	}
	if failure != nil {
		failure.Event = l.Event()
		if failure.Code != CodeBadInput {
			failure.Function = l.name
		}
	}
	if !trial {
		l.keep(failure, entries)
	}
	ended(End{Duration: time.Since(start), Err: failure, Abandoned: end.abandoned})
	return end.value, entries, failure
}
