package gateway_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/faas/faastest"
)

// A client is an invoker that asks a gateway, as a client of the first
// generation does.
type client struct {
	url  string
	http *http.Client
}

// A client of the gateway cannot be told from the runtime behind it.
func TestClientIsAnInvoker(t *testing.T) {
	t.Parallel()
	faastest.TestInvoker(t, func(t *testing.T, functions ...faas.Function) faas.Invoker {
		server := httptest.NewServer(open(t, functions...))
		t.Cleanup(server.Close)
		return client{server.URL + base, server.Client()}
	})
}

func (c client) Implements(event string, opts ...faas.CallOption) bool {
	var body struct{ Implemented bool }
	path := "/events/" + url.PathEscape(event) + "/isImplemented" + options(faas.NewCall(opts...))
	return c.send(context.Background(), http.MethodGet, path, "", nil, &body) == nil && body.Implemented
}

func (c client) Invoke(ctx context.Context, event string, env events.Envelope, opts ...faas.CallOption) ([]faas.Result[json.RawMessage], error) {
	data, err := env.Encode()
	if err != nil {
		return nil, &faas.Error{Code: faas.CodeBadInput, Err: err}
	}
	var body []struct {
		UUID      string
		Timestamp time.Time
		Result    json.RawMessage
	}
	call := faas.NewCall(opts...)
	if err := c.send(ctx, http.MethodPost, "/events/"+url.PathEscape(event)+"/invoke"+options(call), call.RequestID, data, &body); err != nil {
		return nil, err
	}
	var known []struct{ UUID, Name string }
	if err := c.send(ctx, http.MethodGet, "/lambdas/"+options(faas.Call{}), "", nil, &known); err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, k := range known {
		names[k.UUID] = k.Name
	}
	results := make([]faas.Result[json.RawMessage], len(body))
	for i, r := range body {
		results[i] = faas.Result[json.RawMessage]{Function: names[r.UUID], ID: r.UUID, Timestamp: r.Timestamp.UTC(), Value: r.Result}
	}
	return results, nil
}

func options(call faas.Call) string {
	return "?" + url.Values{"v": {"1"}, "skillId": {call.Skill}, "externalSystem": {"test"}}.Encode()
}

// send sends a request, and reads the answer into what a pointer points to.
func (c client) send(ctx context.Context, method, path, id string, body []byte, into any) error {
	req, err := http.NewRequestWithContext(ctx, method, c.url+path, bytes.NewReader(body))
	if err != nil {
		return &faas.Error{Err: err}
	}
	req.Header.Set("Content-Type", "application/json")
	if id != "" {
		req.Header.Set("X-Request-ID", id)
	}
	resp, err := c.http.Do(req)
	if ctx.Err() != nil {
		return &faas.Error{Code: faas.CodeCanceled, Err: ctx.Err()}
	}
	if err != nil {
		return &faas.Error{Err: err}
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return &faas.Error{Err: err}
	}
	if resp.StatusCode != http.StatusOK {
		return wireError(resp.StatusCode, data)
	}
	if err := json.Unmarshal(data, into); err != nil {
		return &faas.Error{Err: err}
	}
	return nil
}

// wireError makes an error of what the wire tells of it.
func wireError(status int, data []byte) error {
	var body struct{ ErrorCode, ErrorMsg string }
	if err := json.Unmarshal(data, &body); err != nil {
		return &faas.Error{Err: err}
	}
	for _, code := range []faas.Code{
		faas.CodeBadInput, faas.CodeNotImplemented, faas.CodeFailed, faas.CodeCrashed, faas.CodeTimedOut, faas.CodeCanceled,
	} {
		if code.V1() == body.ErrorCode && code.Status() == status {
			return &faas.Error{Code: code, Err: errors.New(body.ErrorMsg)}
		}
	}
	return &faas.Error{Err: fmt.Errorf("status %d, %s", status, body.ErrorCode)}
}

// The server that a handler makes serves, and bounds what clients may do.
func TestServer(t *testing.T) {
	t.Parallel()
	server := open(t, faas.On(command, "echo", echo)).Server()
	require.NotNil(t, server.Handler)
	for _, limit := range []time.Duration{server.ReadHeaderTimeout, server.ReadTimeout, server.WriteTimeout, server.IdleTimeout} {
		require.Positive(t, limit)
	}
	require.Greater(t, server.WriteTimeout, server.ReadTimeout+35*time.Second)
	require.Equal(t, 32<<10, server.MaxHeaderBytes)

	running := httptest.NewUnstartedServer(nil)
	running.Config = server
	running.Start()
	defer running.Close()
	results, err := client{running.URL + base, running.Client()}.Invoke(t.Context(), command.ID(), events.Envelope{Payload: []byte(`{"arguments":["a"]}`)})
	require.NoError(t, err)
	require.Len(t, results, 1)
	require.JSONEq(t, `"a"`, string(results[0].Value))
}
