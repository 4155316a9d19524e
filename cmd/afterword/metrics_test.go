package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/faas/gateway"
)

// scraped is what a monitoring reads.
func (m *meters) scraped() string {
	answer := httptest.NewRecorder()
	m.handler().ServeHTTP(answer, httptest.NewRequest("GET", "/metrics", nil))
	return answer.Body.String()
}

// All that is told is told as Prometheus reads it: what a family is before its
// samples, no family twice, and the buckets of a histogram from the least bound
// to the greatest, each with all runs that lasted no longer.
func TestMetricsAsPrometheusReadsThem(t *testing.T) {
	t.Parallel()
	rt, err := faas.New(faas.Config{})
	require.NoError(t, err)
	m := newMeters()
	m.of(rt)
	for _, took := range []time.Duration{0, 25 * time.Millisecond, 26 * time.Millisecond, time.Second, time.Minute} {
		m.run(faas.Run{Function: "f", Event: "e"})(faas.End{Duration: took})
	}
	m.run(faas.Run{Function: "a"})(faas.End{Duration: 30 * time.Second, Err: &faas.Error{Code: faas.CodeTimedOut}, Abandoned: true})
	m.answered(gateway.Exchange{Route: "/healthz", Status: 200})
	want, err := os.ReadFile("testdata/metrics.txt")
	require.NoError(t, err)
	assert.Equal(t, string(want), m.scraped())
}

func TestRunsAreCounted(t *testing.T) {
	t.Parallel()
	m := newMeters()
	assert.Nil(t, m.run(faas.Run{Function: "tried", Trial: true}), "trials do not count")
	first, second := m.run(faas.Run{Function: "f", Event: "e"}), m.run(faas.Run{Function: "f", Event: "e"})
	assert.Contains(t, m.scraped(), "afterword_runs_in_flight 2\n")
	first(faas.End{Err: &faas.Error{Code: faas.CodeTimedOut}, Abandoned: true})
	assert.Contains(t, m.scraped(), "afterword_runs_in_flight 1\n")
	second(faas.End{Err: &faas.Error{}})
	text := m.scraped()
	assert.Contains(t, text, "afterword_runs_in_flight 0\n")
	assert.Contains(t, text, `afterword_runs_total{function="f",event="e",outcome="timed out"} 1`+"\n")
	assert.Contains(t, text, `afterword_runs_total{function="f",event="e",outcome="failure"} 1`+"\n")
	assert.Contains(t, text, `afterword_runs_abandoned_total{function="f"} 1`+"\n")
	assert.NotContains(t, text, "tried")
}

// stubborn is a function that ends when it is released, whatever its context
// says.
func stubborn(begun chan<- struct{}, released <-chan struct{}) faas.Function {
	return faas.On(onSurvey, "stubborn", func(context.Context, survey) ([]events.TranscriptEmail, error) {
		begun <- struct{}{}
		<-released
		return nil, nil
	})
}

// Invocations beyond the bound wait, and those beyond the queue are turned away.
func TestServeBoundsInvocations(t *testing.T) {
	t.Parallel()
	begun, released := make(chan struct{}, 2), make(chan struct{})
	h := host(t, settings{concurrency: 1, queue: 1, grace: time.Minute}, stubborn(begun, released))
	answers := make(chan int, 3)
	ask := func() {
		status, _ := h.call(t, "POST", surveyURL, janeRoe)
		answers <- status
	}
	go ask()
	<-begun
	assert.Contains(t, h.good(t, "GET", "/metrics", ""), "afterword_runs_in_flight 1\n")
	const more = 10
	for range more {
		go ask()
	}
	for range more - 1 {
		assert.Equal(t, http.StatusTooManyRequests, <-answers)
	}
	close(released)
	assert.Equal(t, http.StatusOK, <-answers)
	assert.Equal(t, http.StatusOK, <-answers)
	h.stop()
	require.NoError(t, <-h.gone)
}

// The time of an invocation as a whole is bounded as well.
func TestServeBoundsInvocationsAsAWhole(t *testing.T) {
	t.Parallel()
	h := host(t, settings{invocation: time.Millisecond, grace: time.Minute}, faas.On(onSurvey, "slow", func(ctx context.Context, _ survey) ([]events.TranscriptEmail, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}))
	status, _ := h.call(t, "POST", surveyURL, janeRoe)
	assert.Equal(t, http.StatusRequestTimeout, status)
	h.stop()
	require.NoError(t, <-h.gone)
}

// Metrics tell of functions that go on after their time, and such functions are
// out of service in the end.
func TestServeBoundsTime(t *testing.T) {
	t.Parallel()
	begun, released := make(chan struct{}, 2), make(chan struct{})
	h := host(t, settings{timeouts: map[string]time.Duration{surveyID: time.Millisecond}, abandoned: 1, grace: time.Minute}, stubborn(begun, released))
	for n, want := range []string{"901 com.customer.faas.function.execution-exceeded", "901 com.customer.faas.function.execution-exceeded", "404 com.liveperson.faas.function.not-found"} {
		status, body := h.call(t, "POST", surveyURL, janeRoe)
		code, name, _ := strings.Cut(want, " ")
		assert.Equal(t, code, strconv.Itoa(status), n)
		assert.Contains(t, body, name, n)
	}
	text := h.good(t, "GET", "/metrics", "")
	assert.Contains(t, text, "afterword_runs_abandoned 2\n")
	assert.Contains(t, text, `afterword_runs_abandoned_total{function="stubborn"} 2`+"\n")
	close(released)
	require.Eventually(t, func() bool {
		return strings.Contains(h.good(t, "GET", "/metrics", ""), "afterword_runs_abandoned 0\n")
	}, 10*time.Second, time.Millisecond)
	h.stop()
	require.NoError(t, <-h.gone)
}

// The gateway answers all that is not the metrics, and counts it: paths that are
// not clean as well.
func TestServeAnswersEveryPathItself(t *testing.T) {
	t.Parallel()
	h := host(t, settings{grace: time.Minute})
	for _, path := range []string{"/x/../metrics", "/metrics/", "/metrics//", "/./healthz"} {
		req, err := http.NewRequestWithContext(t.Context(), "GET", h.url, nil)
		require.NoError(t, err)
		req.URL.Opaque = path
		res, err := http.DefaultTransport.RoundTrip(req)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		assert.Equal(t, 404, res.StatusCode, path)
		assert.NotEmpty(t, res.Header.Get("X-Request-Id"), path)
	}
	status, _ := h.call(t, "POST", "/metrics", "")
	assert.Equal(t, 404, status)
	assert.Contains(t, h.good(t, "GET", "/metrics", ""), `afterword_http_requests_total{route="",status="404"} 5`)
	h.stop()
	require.NoError(t, <-h.gone)
}
