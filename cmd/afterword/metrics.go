package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"

	"github.com/VictoriaMetrics/metrics"

	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/faas/gateway"
)

// meters count what is served. Their labels are names of functions, codes and
// patterns of paths: nothing that came with an event.
type meters struct {
	running atomic.Int64

	runs, abandonments, requests *family // counters
	inFlight, abandoned          *family // gauges
	durations                    *histogram
}

func newMeters() *meters {
	m := &meters{
		runs:         newFamily("afterword_runs_total", "counter", "Runs that have ended."),
		abandonments: newFamily("afterword_runs_abandoned_total", "counter", "Runs that went on when their time was over."),
		requests:     newFamily("afterword_http_requests_total", "counter", "Answers to requests."),
		inFlight:     newFamily("afterword_runs_in_flight", "gauge", "Runs that somebody waits for."),
		abandoned:    newFamily("afterword_runs_abandoned", "gauge", "Runs that go on though their time is over."),
		durations:    newHistogram("afterword_run_duration_seconds", "How long runs took."),
	}
	m.inFlight.gauge(func() float64 { return float64(m.running.Load()) })
	return m
}

// of measures a runtime as well.
func (m *meters) of(rt *faas.Runtime) {
	m.abandoned.gauge(func() float64 { return float64(rt.Abandoned()) })
}

// run counts a run, and returns what counts its end. Trials do not count.
func (m *meters) run(run faas.Run) func(faas.End) {
	if run.Trial {
		return nil
	}
	m.running.Add(1)
	return func(end faas.End) {
		m.running.Add(-1)
		outcome := "succeeded"
		if end.Err != nil {
			outcome = end.Err.Code.String()
		}
		m.runs.count("function", run.Function, "event", run.Event, "outcome", outcome)
		if end.Abandoned {
			m.abandonments.count("function", run.Function)
		}
		m.durations.add(run.Function, end.Duration)
	}
}

// answered counts an answer.
func (m *meters) answered(e gateway.Exchange) {
	m.requests.count("route", e.Route, "status", fmt.Sprint(e.Status))
}

// handler answers with all metrics, as Prometheus reads them.
func (m *meters) handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		var text bytes.Buffer
		m.runs.write(&text)
		m.durations.write(&text)
		m.inFlight.write(&text)
		m.abandoned.write(&text)
		m.abandonments.write(&text)
		m.requests.write(&text)
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		_, _ = w.Write(text.Bytes()) // who asked has gone, then
	})
}

// A family is the metrics of one name. It is a set by itself, for the library
// has a switch for types that counts for the whole process.
type family struct {
	name, kind, help string
	set              *metrics.Set
}

func newFamily(name, kind, help string) *family {
	return &family{name, kind, help, metrics.NewSet()}
}

func (f *family) count(labels ...string) {
	f.set.GetOrCreateCounter(f.name + labelled(labels...)).Inc()
}

func (f *family) gauge(value func() float64) { f.set.NewGauge(f.name, value) }

func (f *family) write(to io.Writer) {
	writeHead(to, f.name, f.kind, f.help)
	f.set.WritePrometheus(to)
}

// writeHead says what the samples that follow are.
func writeHead(to io.Writer, name, kind, help string) {
	fmt.Fprintf(to, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

// labelled is what stands behind a name.
func labelled(labels ...string) string {
	text := "{"
	for i := 0; i < len(labels); i += 2 {
		if i > 0 {
			text += ","
		}
		text += fmt.Sprintf("%s=%q", labels[i], labels[i+1])
	}
	return text + "}"
}
