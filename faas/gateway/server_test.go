package gateway_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/faas/gateway"
)

// serving serves a function that says when it runs and ends when it is let go.
func serving(t *testing.T) (url string, running <-chan struct{}, release chan<- struct{}, stop func() error) {
	t.Helper()
	begun, hold := make(chan struct{}), make(chan struct{})
	rt, err := faas.New(faas.Config{Functions: []faas.Function{
		faas.NoEvent("wait", func(context.Context, events.Event[struct{}]) (string, error) {
			close(begun)
			<-hold
			return "done", nil
		}),
	}})
	require.NoError(t, err)
	handler, err := gateway.New(rt, gateway.Config{Account: "local", NoAuth: true})
	require.NoError(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- handler.Serve(ctx, listener) }()
	url = "http://" + listener.Addr().String() + "/api/account/local/lambdas/" + rt.Functions(faas.Filter{})[0].ID + "/invoke"
	return url, begun, hold, func() error { cancel(); return <-ended }
}

func TestServeWaitsForWhatRuns(t *testing.T) {
	t.Parallel()
	url, running, release, stop := serving(t)
	answered := make(chan string, 1)
	go func() {
		resp, err := http.Post(url, "application/json", strings.NewReader(`{"payload": {}}`))
		if err != nil {
			answered <- err.Error()
			return
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		answered <- string(body)
	}()
	<-running
	ended := make(chan error, 1)
	go func() { ended <- stop() }()
	assert.Eventually(t, func() bool { // no more connections
		conn, err := net.Dial("tcp", strings.TrimPrefix(strings.SplitN(url, "/api", 2)[0], "http://"))
		if err == nil {
			assert.NoError(t, conn.Close())
		}
		return err != nil
	}, 10*time.Second, time.Millisecond)
	select {
	case err := <-ended:
		t.Fatalf("ended while a request ran: %v", err)
	default:
	}
	close(release)
	assert.Equal(t, `"done"`, <-answered)
	require.NoError(t, <-ended)
}

func TestServeTellsWhenItCannot(t *testing.T) {
	t.Parallel()
	rt, err := faas.New(faas.Config{})
	require.NoError(t, err)
	handler, err := gateway.New(rt, gateway.Config{Account: "local", NoAuth: true})
	require.NoError(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	assert.ErrorContains(t, handler.Serve(t.Context(), listener), "use of closed network connection")
}

// A client that is connected is not served any more once Serve has returned.
func TestServeLeavesNothing(t *testing.T) {
	t.Parallel()
	rt, err := faas.New(faas.Config{})
	require.NoError(t, err)
	handler, err := gateway.New(rt, gateway.Config{Account: "local", NoAuth: true})
	require.NoError(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ended := make(chan error, 1)
	go func() { ended <- handler.Serve(t.Context(), listener) }()
	client, err := net.Dial("tcp", listener.Addr().String())
	require.NoError(t, err)
	defer client.Close()
	const request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
	_, err = io.WriteString(client, request)
	require.NoError(t, err)
	_, err = client.Read(make([]byte, 4096))
	require.NoError(t, err)

	require.NoError(t, listener.Close())
	require.ErrorContains(t, <-ended, "use of closed network connection")
	require.NoError(t, client.SetDeadline(time.Now().Add(10*time.Second)))
	_, _ = io.WriteString(client, request) // the other end may be gone already
	answer, err := io.ReadAll(client)
	assert.NotErrorIs(t, err, os.ErrDeadlineExceeded, "it is still connected")
	assert.Empty(t, answer)
}

// A stuckListener has one client that never says anything more.
type stuckListener struct {
	net.Listener
	conn chan net.Conn
	done chan struct{}
}

func (l *stuckListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conn:
		return conn, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *stuckListener) Close() error { close(l.done); return nil }

func (l *stuckListener) Addr() net.Addr { return &net.TCPAddr{} }

func TestServeDoesNotWaitForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hold := make(chan struct{})
		rt, err := faas.New(faas.Config{Functions: []faas.Function{
			faas.NoEvent("wait", func(context.Context, events.Event[struct{}]) (string, error) { <-hold; return "", nil }),
		}, Timeout: time.Hour})
		require.NoError(t, err)
		handler, err := gateway.New(rt, gateway.Config{Account: "local", NoAuth: true, Timeout: time.Hour})
		require.NoError(t, err)
		server, client := net.Pipe()
		listener := &stuckListener{conn: make(chan net.Conn, 1), done: make(chan struct{})}
		listener.conn <- server
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		start := time.Now()
		go func() { ended <- handler.Serve(ctx, listener) }()
		go func() {
			_, _ = io.WriteString(client, "POST /api/account/local/lambdas/"+rt.Functions(faas.Filter{})[0].ID+
				"/invoke HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n{\"payload\":{}}")
		}()
		synctest.Wait()
		cancel()
		err = <-ended
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, time.Hour, time.Since(start))
		close(hold)
		require.NoError(t, client.Close())
		synctest.Wait()
	})
}
