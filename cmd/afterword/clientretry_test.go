package main

import (
	"context"
	"io"
	"log"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

// A flaky server answers with one status after the other, the last again and
// again; 0 breaks the connection.
type flaky struct {
	statuses []int
	after    string // the header Retry-After

	mu    sync.Mutex
	asked []string // the IDs and the bodies
}

func (f *flaky) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	f.mu.Lock()
	status := f.statuses[min(len(f.asked), len(f.statuses)-1)]
	f.asked = append(f.asked, r.Header.Get("X-Request-ID")+" "+string(body))
	f.mu.Unlock()
	if status == 0 {
		panic(http.ErrAbortHandler)
	}
	if f.after != "" {
		w.Header().Set("Retry-After", f.after)
	}
	w.WriteHeader(status)
	if status != 200 {
		_, _ = io.WriteString(w, `{"code":"c","message":"m"}`)
		return
	}
	_, _ = io.WriteString(w, "1")
}

// seen is what it was asked so far.
func (f *flaky) seen() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.asked)
}

func TestRepeatedInvocations(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	usual := []time.Duration{350 * ms, 700 * ms, 1050 * ms}
	for name, c := range map[string]struct {
		statuses []int
		after    string
		pauses   []time.Duration
		err      string
	}{
		"good at once":        {[]int{200}, "", nil, ""},
		"too many":            {[]int{429, 200}, "", usual[:1], ""},
		"it asks for a while": {[]int{429, 200}, "1", []time.Duration{time.Second}, ""},
		"it asks for long":    {[]int{503, 200}, "3600", []time.Duration{5 * time.Second}, ""},
		"it asks for longer":  {[]int{503, 200}, "18446744075", usual[:1], ""},
		"it asks for less":    {[]int{503, 200}, "-1", usual[:1], ""},
		"it asks for a date":  {[]int{503, 200}, "Fri, 31 Dec 1999 23:59:59 GMT", usual[:1], ""},
		"connection":          {[]int{0, 0, 200}, "", usual[:2], ""},
		"all of them":         {[]int{502, 503, 504, 200}, "", usual, ""},
		"never":               {[]int{503}, "", usual, "m (c, status 503)"},
		"no connection":       {[]int{0}, "", usual, "cannot reach"},
		"bad input":           {[]int{400}, "", nil, "m (c, status 400)"},
		"who are you":         {[]int{401}, "", nil, "m (c, status 401)"},
		"in time":             {[]int{408}, "", nil, "m (c, status 408)"},
		"failure":             {[]int{500}, "", nil, "m (c, status 500)"},
		"failed function":     {[]int{901}, "", nil, "m (c, status 901)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := &flaky{statuses: c.statuses, after: c.after}
			g := foul(t, server.ServeHTTP)
			var pauses []time.Duration
			asking := &client{server: g.URL, account: "a", http: newHTTPClient(), pause: func(_ context.Context, long time.Duration) error {
				pauses = append(pauses, long)
				return nil
			}}
			data, err := asking.persist(t.Context(), ask{method: http.MethodPost, path: []string{"x"}, body: []byte("{}")})
			assert.Equal(t, c.pauses, pauses)
			asked := server.seen()
			require.Len(t, asked, len(pauses)+1)
			for _, one := range asked {
				assert.Equal(t, asked[0], one, "each with the same ID and body")
			}
			id, body, _ := strings.Cut(asked[0], " ")
			assert.GreaterOrEqual(t, len(id), 20)
			assert.Equal(t, "{}", body)
			if c.err != "" {
				require.ErrorContains(t, err, c.err)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, "1", string(data))
		})
	}
}

func TestIDsDiffer(t *testing.T) {
	t.Parallel()
	server := &flaky{statuses: []int{200}}
	asking := &client{server: foul(t, server.ServeHTTP).URL, account: "a", http: newHTTPClient()}
	for range 2 {
		_, err := asking.persist(t.Context(), ask{method: http.MethodPost})
		require.NoError(t, err)
	}
	asked := server.seen()
	require.Len(t, asked, 2)
	assert.NotEqual(t, asked[0], asked[1])
}

// Who gives up while waiting for another attempt gets the last error.
func TestGivingUp(t *testing.T) {
	t.Parallel()
	server := &flaky{statuses: []int{503}}
	asking := &client{server: foul(t, server.ServeHTTP).URL, account: "a", http: newHTTPClient(), pause: func(context.Context, time.Duration) error {
		return context.Canceled
	}}
	_, err := asking.persist(t.Context(), ask{method: http.MethodPost})
	require.EqualError(t, err, "m (c, status 503)")
	assert.Len(t, server.seen(), 1)
}

// What is no gateway does not become one.
func TestOthersAreNotAskedAgain(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]int{404: 1, 200: 1, 302: 1, 502: maxAttempts} {
		times := 0
		g := foul(t, func(w http.ResponseWriter, r *http.Request) {
			times++
			answers(status, "<html>")(w, r)
		})
		asking := &client{server: g.URL, account: "a", http: newHTTPClient(), pause: func(context.Context, time.Duration) error { return nil }}
		data, err := asking.persist(t.Context(), ask{method: http.MethodPost})
		if err == nil {
			err = (&cli{}).printResult(asking, data)
		}
		require.ErrorContains(t, err, "not that of a gateway")
		assert.Equal(t, want, times, status)
	}
}

// Only invocations are repeated: a change might happen twice.
func TestChangesAreNotRepeated(t *testing.T) {
	t.Parallel()
	server := &flaky{statuses: []int{503}}
	got := foul(t, server.ServeHTTP).ask(t, "fn", "create", "f", "-e", "e", "-f", exampleSurvey)
	assert.Equal(t, ran{exitFindings, "", "m (c, status 503)\n"}, got)
	assert.Len(t, server.seen(), 1)
}

func TestSleep(t *testing.T) {
	t.Parallel()
	require.NoError(t, sleep(t.Context(), 1))
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, sleep(gone, time.Hour), context.Canceled)
}
