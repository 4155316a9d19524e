package gateway_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/faas/gateway"
	"github.com/afterword-go/afterword/faas/schedule"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	account = "12345678"
	base    = "/api/account/" + account
)

// Shorthands for the kinds that most tests use.
type (
	commandCall = events.Event[events.CommandCall]
	commandFunc = func(context.Context, commandCall) (events.Reply, error)
)

var command = events.ConversationalCommand

// echo says the arguments again.
func echo(ctx context.Context, c commandCall) (events.Reply, error) {
	faas.Log(ctx).LogAttrs(ctx, slog.LevelWarn, "echo; \"it\"", slog.Int("n", len(c.Payload.Arguments)))
	faas.Log(ctx).Info("plain")
	return events.TextReply(strings.Join(c.Payload.Arguments, " ")), nil
}

// built makes functions of source text: "say …" says it, "fail …" fails so,
// "wait" waits for the end of its context, and anything else is refused.
func built(_ string, source []byte) (commandFunc, error) {
	verb, text, _ := strings.Cut(string(source), " ")
	switch verb {
	case "say":
		return func(ctx context.Context, _ commandCall) (events.Reply, error) {
			faas.Log(ctx).Debug("about to say")
			return events.TextReply(text), nil
		}, nil
	case "wait":
		return waits(time.Hour), nil
	case "fail":
		return func(ctx context.Context, _ commandCall) (events.Reply, error) {
			faas.Log(ctx).Error("about to fail")
			return events.Reply{}, errors.New(text)
		}, nil
	}
	return nil, errors.New("1:1: unknown verb: say or fail\n2:1: and that is all")
}

// runtime has functions in Go, and takes those in text for commands.
func runtime(t testing.TB, functions ...faas.Function) *faas.Runtime {
	t.Helper()
	rt, err := faas.New(faas.Config{Functions: functions, Builders: []faas.Builder{faas.Build(command, built)}})
	require.NoError(t, err)
	return rt
}

// open makes a gateway where nobody has to prove anything.
func open(t testing.TB, functions ...faas.Function) *gateway.Handler {
	t.Helper()
	return handler(t, runtime(t, functions...), gateway.Config{NoAuth: true})
}

func handler(t testing.TB, rt *faas.Runtime, config gateway.Config) *gateway.Handler {
	t.Helper()
	config.Account = account
	if config.Schedules == nil {
		var err error
		config.Schedules, err = schedule.New(t.Context(), schedule.Config{Functions: rt})
		require.NoError(t, err)
	}
	h, err := gateway.New(rt, config)
	require.NoError(t, err)
	return h
}

// ask sends a request. Headers come in pairs; a body is JSON unless they say
// otherwise.
func ask(h http.Handler, method, target, body string, headers ...string) *httptest.ResponseRecorder {
	return askWith(context.Background(), h, method, target, strings.NewReader(body), headers...)
}

func askWith(ctx context.Context, h http.Handler, method, target string, body io.Reader, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(ctx, method, target, body)
	r.Host = "localhost:8080"
	if method != http.MethodGet {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

const envelope = `{"timestamp":1700000038000,"headers":[],"payload":{"conversationId":"c","arguments":["a","b"]}}`

// idOf is the ID of the function with a name.
func idOf(t testing.TB, rt *faas.Runtime, name string) string {
	t.Helper()
	records := rt.Functions(faas.Filter{Name: name})
	require.Len(t, records, 1)
	return records[0].ID
}

func newRequest(t testing.TB, method, target string) *http.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, nil)
	r.Host = "localhost:8080"
	return r
}

func serve(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}
