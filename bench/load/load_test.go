package main

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/faas/gateway"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// soakedFor has visitors visit a gateway.
func soakedFor(t *testing.T, out io.Writer, span time.Duration) ([]sample, error) {
	t.Helper()
	rt, err := faas.New(soaked())
	require.NoError(t, err)
	h, err := gateway.New(rt, gateway.Config{Account: account, NoAuth: true})
	require.NoError(t, err)
	s, err := serve(h)
	require.NoError(t, err)
	defer func() { assert.NoError(t, s.close()) }()
	return sampled(out, s.address, 2, span, time.Millisecond)
}

// Each kind of visit ends as it should, and notices an answer to another one.
func TestVisits(t *testing.T) {
	t.Parallel()
	rt, err := faas.New(soaked())
	require.NoError(t, err)
	h, err := gateway.New(rt, gateway.Config{Account: account, NoAuth: true})
	require.NoError(t, err)
	teapot := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	for _, wrong := range []bool{false, true} {
		handler := http.Handler(h)
		if wrong {
			handler = teapot
		}
		s, err := serve(handler)
		require.NoError(t, err)
		for i, kind := range visits() {
			v := newVisitor(s.address, i)
			err := kind.do(v)
			if wrong && !strings.Contains(kind.name, "cancel") && !strings.Contains(kind.name, "breaks") {
				assert.ErrorContains(t, err, "status 418", kind.name)
			} else {
				assert.NoError(t, err, kind.name)
			}
			assert.NoError(t, v.disconnect(), kind.name)
		}
		assert.NoError(t, s.close())
	}
}

// All contestants give the answer that is asked for: measure checks it.
func TestCompete(t *testing.T) {
	t.Parallel()
	all := contestants()
	measured, err := compete(all, 2, 2, 200*time.Millisecond)
	require.NoError(t, err)
	require.Len(t, measured, len(all))
	for i, c := range all {
		require.Len(t, measured[i], 2, c.name)
		for _, f := range measured[i] {
			assert.Positive(t, f.rate, c.name)
			assert.Positive(t, f.p50, c.name)
			assert.LessOrEqual(t, f.p99, f.p99_9, c.name)
		}
	}
}

func TestMeasureNoticesAnotherAnswer(t *testing.T) {
	t.Parallel()
	_, err := measure(contestant{handler: func() (http.Handler, error) {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "[]") }), nil
	}}, 1, time.Millisecond)
	assert.ErrorContains(t, err, "not the answer to the survey: status 200, 2 bytes")
}

func TestCommandLine(t *testing.T) {
	t.Parallel()
	short := []string{"-rounds", "1", "-time", "20ms", "-connections", "1"}
	for _, c := range []struct {
		args   []string
		code   int
		stderr string
	}{
		{short, good, ""},
		{append(short, "-min-ratio", "0.01"), good, ""},
		{append(short, "-min-ratio", "1000"), failed, "of the bare throughput is less than 1000.000"},
		{[]string{"-h"}, good, "min-ratio"},
		{[]string{"-rounds", "0"}, misused, "must be more than zero"},
		{[]string{"-connections", "1001"}, misused, "at most 1000"},
		{[]string{"-time", "0s"}, misused, "must be more than zero"},
		{[]string{"-soak", "-1s"}, misused, "must not be negative"},
		{[]string{"-min-ratio", "NaN"}, misused, "must not be negative"},
		{[]string{"-fast"}, misused, "not defined"},
		{[]string{"now"}, misused, "takes flags alone"},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			assert.Equal(t, c.code, run(c.args, &stdout, &stderr), stderr.String())
			assert.Contains(t, stderr.String(), c.stderr)
			if c.code == good && c.stderr == "" {
				assert.Empty(t, stderr.String())
				assert.Contains(t, stdout.String(), "gateway, rule set")
				assert.Contains(t, stdout.String(), "of the bare throughput (goal: 0.70)")
			}
		})
	}
}
