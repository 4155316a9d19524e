package main

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/faas/gateway"
)

// meters count what is served. Their labels are names of functions, codes and
// patterns of paths: nothing that came with an event.
type meters struct {
	set     *metrics.Set
	running atomic.Int64
}

func newMeters() *meters {
	m := &meters{set: metrics.NewSet()}
	m.set.NewGauge("afterword_runs_in_flight", func() float64 { return float64(m.running.Load()) })
	return m
}

// of measures a runtime as well.
func (m *meters) of(rt *faas.Runtime) {
	m.set.NewGauge("afterword_runs_abandoned", func() float64 { return float64(rt.Abandoned()) })
}

// bounds are those of the histogram of durations, in seconds.
var bounds = [...]float64{0.001, 0.005, 0.025, 0.1, 0.5, 1, 2.5, 5, 10, 30}

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
		m.count("afterword_runs_total", "function", run.Function, "event", run.Event, "outcome", outcome)
		if end.Abandoned {
			m.count("afterword_runs_abandoned_total", "function", run.Function)
		}
		m.lasted(run.Function, end.Duration)
	}
}

// lasted counts how long a run took, in buckets as Prometheus has them.
func (m *meters) lasted(function string, took time.Duration) {
	const name = "afterword_run_duration_seconds"
	for _, bound := range bounds {
		bucket := m.set.GetOrCreateCounter(labelled(name+"_bucket", "function", function, "le", fmt.Sprint(bound)))
		if took.Seconds() <= bound {
			bucket.Inc()
		}
	}
	m.count(name+"_bucket", "function", function, "le", "+Inf")
	m.count(name+"_count", "function", function)
	m.set.GetOrCreateFloatCounter(labelled(name+"_sum", "function", function)).Add(took.Seconds())
}

// answered counts an answer.
func (m *meters) answered(e gateway.Exchange) {
	m.count("afterword_http_requests_total", "route", e.Route, "status", fmt.Sprint(e.Status))
}

func (m *meters) count(name string, labels ...string) {
	m.set.GetOrCreateCounter(labelled(name, labels...)).Inc()
}

// labelled is a name with its labels.
func labelled(name string, labels ...string) string {
	text := name + "{"
	for i := 0; i < len(labels); i += 2 {
		if i > 0 {
			text += ","
		}
		text += fmt.Sprintf("%s=%q", labels[i], labels[i+1])
	}
	return text + "}"
}

// handler answers with all metrics.
func (m *meters) handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		m.set.WritePrometheus(w)
	})
}
