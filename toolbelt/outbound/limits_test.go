package outbound

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// inBubble runs a test in virtual time, against a server that is connected by
// pipes.
func inBubble(t *testing.T, config Config, handler http.HandlerFunc, test func(t *testing.T, client *http.Client)) {
	synctest.Test(t, func(t *testing.T) {
		config.Domains = []string{"api.example.com"}
		client, err := New(config)
		require.NoError(t, err)
		l := &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
		client.Transport.(*transport).base.DialContext = l.dial
		server := &http.Server{Handler: handler}
		served := make(chan error)
		go func() { served <- server.Serve(l) }()
		test(t, client)
		client.CloseIdleConnections()
		require.NoError(t, server.Close())
		require.ErrorIs(t, <-served, http.ErrServerClosed)
	})
}

type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *pipeListener) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case l.conns <- far:
		return near, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error   { l.once.Do(func() { close(l.closed) }); return nil }
func (l *pipeListener) Addr() net.Addr { return &net.TCPAddr{} }

const api = "http://api.example.com/"

func TestRate(t *testing.T) {
	t.Parallel()
	for configured, rate := range map[int]int{0: 20, 1: 1, 100: 100} {
		served := 0
		inBubble(t, Config{Rate: configured}, func(http.ResponseWriter, *http.Request) { served++ }, func(t *testing.T, client *http.Client) {
			get := func() error {
				resp, err := client.Get(api)
				if err != nil {
					return err
				}
				return drain(resp)
			}
			for range rate {
				require.NoError(t, get())
			}
			start := time.Now()
			err := get()
			require.ErrorIs(t, err, ErrTooManyRequests)
			require.Zero(t, time.Since(start), "it does not wait")
			time.Sleep(time.Second - 1)
			require.ErrorIs(t, get(), ErrTooManyRequests)
			_, err = client.Get("http://unlisted.example.com")
			require.ErrorIs(t, err, ErrNotListed)
			time.Sleep(time.Nanosecond)
			for range rate {
				require.NoError(t, get())
			}
			require.ErrorIs(t, get(), ErrTooManyRequests)
			require.Equal(t, 2*rate, served)
		})
	}
}

// The ring does what looking at all requests of the last second does.
func TestWindowAgainstReference(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		random := rand.New(rand.NewPCG(1, 2))
		w := newWindow(5)
		var sent []time.Time
		refused := 0
		for range 20_000 {
			time.Sleep(time.Duration(random.Int64N(int64(330 * time.Millisecond))))
			recent := 0
			for i := len(sent) - 1; i >= 0 && time.Since(sent[i]) < time.Second; i-- {
				recent++
			}
			require.Equal(t, recent < 5, w.take())
			if recent < 5 {
				sent = append(sent, time.Now())
			} else {
				refused++
			}
		}
		require.Greater(t, refused, 1000)
	})
}

func TestRateOfManyGoroutines(t *testing.T) {
	t.Parallel()
	var served, refused atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { served.Add(1) }))
	defer server.Close()
	s := newStage(t, Config{Domains: []string{"api.example.com"}})
	s.serve("api.example.com:80", server)
	start := time.Now()
	var wg sync.WaitGroup
	for range 60 {
		wg.Go(func() {
			if err := s.get(api); errors.Is(err, ErrTooManyRequests) {
				refused.Add(1)
			} else {
				assert.NoError(t, err)
			}
		})
	}
	wg.Wait()
	assert.EqualValues(t, 60, served.Load()+refused.Load())
	assert.LessOrEqual(t, served.Load(), 20*(1+int64(time.Since(start)/time.Second)))
	assert.GreaterOrEqual(t, served.Load(), int64(20))
}

func TestTimeout(t *testing.T) {
	t.Parallel()
	for configured, limit := range map[time.Duration]time.Duration{0: 10 * time.Second, time.Minute: time.Minute} {
		delay := func(w http.ResponseWriter, r *http.Request) {
			wait, _ := time.ParseDuration(r.URL.Query().Get("wait"))
			if r.URL.Path == "/slow" { // a byte a second
				for range int(wait / time.Second) {
					_, _ = w.Write([]byte("."))
					_ = http.NewResponseController(w).Flush()
					time.Sleep(time.Second)
				}
				return
			}
			time.Sleep(wait)
		}
		inBubble(t, Config{Timeout: configured}, delay, func(t *testing.T, client *http.Client) {
			for _, path := range []string{"", "slow"} {
				fetch := func(wait time.Duration) (time.Duration, error) {
					start := time.Now()
					resp, err := client.Get(api + path + "?wait=" + wait.String())
					if err == nil {
						err = drain(resp)
					}
					return time.Since(start), err
				}
				_, err := fetch(limit - time.Second)
				require.NoError(t, err, path)
				took, err := fetch(limit + time.Second)
				require.ErrorIs(t, err, context.DeadlineExceeded, path)
				require.Equal(t, limit, took)
				require.EqualError(t, Redact(err), "request: took too long")
				time.Sleep(2 * limit) // until the handler is done
			}
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, api, nil)
			require.NoError(t, err)
			_, err = client.Do(req)
			require.EqualError(t, Redact(err), "request: was cancelled")
		})
	}
}

func TestEndlessEmptyGzipEndsInTime(t *testing.T) {
	t.Parallel()
	var empty bytes.Buffer
	require.NoError(t, gzip.NewWriter(&empty).Close())
	endless := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		for r.Context().Err() == nil {
			_, _ = w.Write(empty.Bytes())
			time.Sleep(time.Millisecond)
		}
	}
	inBubble(t, Config{}, endless, func(t *testing.T, client *http.Client) {
		resp, err := client.Get(api)
		require.NoError(t, err)
		assert.ErrorIs(t, drain(resp), context.DeadlineExceeded)
		time.Sleep(time.Minute)
	})
}

func TestMaxResponse(t *testing.T) {
	t.Parallel()
	const limit = 1000
	packed := func(n int) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = z.Write(make([]byte, n))
		_ = z.Close()
		return b.Bytes()
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.URL.Query().Get("n"))
		switch r.URL.Path {
		case "/known":
			w.Header().Set("Content-Length", strconv.Itoa(n))
			_, _ = w.Write(make([]byte, n))
		case "/unknown":
			for range n {
				_, _ = w.Write([]byte("x"))
			}
			_ = http.NewResponseController(w).Flush()
		case "/gzip":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(packed(n))
		case "/endless":
			for r.Context().Err() == nil {
				_, _ = w.Write(make([]byte, 1<<10))
			}
		}
	}))
	defer server.Close()
	client, err := New(Config{AllowLoopback: true, MaxResponse: limit, Rate: MaxRate})
	require.NoError(t, err)
	defer client.CloseIdleConnections()
	read := func(path string, n int) ([]byte, error) {
		resp, err := client.Get(server.URL + path + "?n=" + strconv.Itoa(n))
		require.NoError(t, err)
		_, writable := resp.Body.(io.Writer)
		assert.False(t, writable)
		body, err := io.ReadAll(resp.Body)
		assert.NoError(t, resp.Body.Close())
		return body, err
	}
	for _, path := range []string{"/known", "/unknown", "/gzip"} {
		for _, n := range []int{0, 1, limit - 1, limit} {
			body, err := read(path, n)
			assert.NoError(t, err, path)
			assert.Len(t, body, n, path)
		}
		for _, n := range []int{limit + 1, 50 * limit} {
			body, err := read(path, n)
			assert.ErrorIs(t, err, ErrTooLarge, path)
			assert.Len(t, body, limit, path)
		}
	}
	require.Less(t, len(packed(50*limit)), limit, "the last one was small on its way")
	_, err = read("/endless", 0)
	assert.ErrorIs(t, err, ErrTooLarge)
	assert.EqualError(t, Redact(err), "body: is too large")
	assert.EqualError(t, err, "body of the response: too large: it may have 1000 bytes")
	resp, err := client.Head(server.URL + "/known?n=" + strconv.Itoa(5*limit))
	require.NoError(t, err)
	assert.NoError(t, drain(resp))
}

func TestDefaultBodies(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.URL.Query().Get("n"))
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = w.Write(make([]byte, n))
	}))
	defer server.Close()
	client, err := New(Config{AllowLoopback: true})
	require.NoError(t, err)
	defer client.CloseIdleConnections()
	for n, want := range map[int]error{10 << 20: nil, 10<<20 + 1: ErrTooLarge} {
		resp, err := client.Get(server.URL + "?n=" + strconv.Itoa(n))
		require.NoError(t, err)
		assert.ErrorIs(t, drain(resp), want)
		resp, err = client.Post(server.URL, "text/plain", bytes.NewReader(make([]byte, n)))
		require.ErrorIs(t, err, want)
		if err == nil {
			assert.NoError(t, drain(resp))
		}
	}
}

func TestMaxRequest(t *testing.T) {
	t.Parallel()
	const limit = 1000
	var longest atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, _ := io.Copy(io.Discard, r.Body)
		longest.Store(max(longest.Load(), n))
		if r.URL.Path == "/again" {
			http.Redirect(w, r, "/", http.StatusTemporaryRedirect)
		}
	}))
	defer server.Close()
	client, err := New(Config{AllowLoopback: true, MaxRequest: limit, Rate: MaxRate})
	require.NoError(t, err)
	defer client.CloseIdleConnections()
	post := func(path string, n int, known, again bool) error {
		text := strings.Repeat("x", n)
		req, err := http.NewRequest(http.MethodPost, server.URL+path, strings.NewReader(text))
		require.NoError(t, err)
		if !known {
			req.ContentLength = -1
			req.Body = io.NopCloser(strings.NewReader(text))
		}
		if !again {
			req.GetBody = nil
		}
		resp, err := client.Do(req)
		if err != nil {
			return err
		}
		return drain(resp)
	}
	for _, path := range []string{"/", "/again"} {
		for _, known := range []bool{true, false} {
			for _, n := range []int{0, 1, limit} {
				assert.NoError(t, post(path, n, known, true), n)
			}
			for _, n := range []int{limit + 1, 100 * limit} {
				err := post(path, n, known, true)
				assert.ErrorIs(t, err, ErrTooLarge)
				var refused *RefusedError
				assert.Equal(t, known, errors.As(err, &refused), "if it is known, nothing is sent")
			}
		}
	}
	assert.ErrorIs(t, post("/", limit+1, false, false), ErrTooLarge)
	assert.EqualValues(t, limit, longest.Load())

	// The length that a request claims is not exceeded either.
	req, err := http.NewRequest(http.MethodPost, server.URL, io.NopCloser(strings.NewReader(strings.Repeat("x", 5*limit))))
	require.NoError(t, err)
	req.ContentLength = 10
	_, err = client.Do(req)
	assert.Error(t, err)
	assert.EqualValues(t, limit, longest.Load())
}

func TestBoundedAgain(t *testing.T) {
	t.Parallel()
	own := &transport{maxRequest: 3}
	for text, want := range map[string]error{"": nil, "abc": nil, "abcd": ErrTooLarge} {
		req, err := http.NewRequest(http.MethodPost, api, strings.NewReader(text))
		require.NoError(t, err)
		body, err := own.boundedAgain(req)()
		require.NoError(t, err)
		_, err = io.ReadAll(body)
		assert.ErrorIs(t, err, want)
	}
	broken := errors.New("broken")
	req := &http.Request{GetBody: func() (io.ReadCloser, error) { return nil, broken }}
	_, err := own.boundedAgain(req)()
	assert.ErrorIs(t, err, broken)
}

func TestBoundedBody(t *testing.T) {
	t.Parallel()
	beyond := errors.New("beyond")
	readers := map[string]func(io.Reader) io.Reader{
		"whole": func(r io.Reader) io.Reader { return r }, "bytes": iotest.OneByteReader, "halves": iotest.HalfReader, "end with data": iotest.DataErrReader,
	}
	for name, reader := range readers {
		for size := range 20 {
			for limit := range 20 {
				body := &boundedBody{ReadCloser: io.NopCloser(reader(strings.NewReader(strings.Repeat("x", size)))), left: int64(limit), beyond: beyond}
				_, err := body.Read(nil)
				require.NoError(t, err)
				data, err := io.ReadAll(body)
				require.Len(t, data, min(size, limit), name)
				if size > limit {
					require.ErrorIs(t, err, beyond)
				} else {
					require.NoError(t, err)
				}
				n, again := body.Read(make([]byte, 1))
				require.Zero(t, n)
				require.Equal(t, body.err, again)
			}
		}
	}
	body := &boundedBody{ReadCloser: io.NopCloser(strings.NewReader("xyz")), left: math.MaxInt64, beyond: beyond}
	data, err := io.ReadAll(body)
	require.NoError(t, err)
	require.Len(t, data, 3)
}

func TestMaxHeader(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.URL.Query().Get("n"))
		w.Header().Set("X-Long", strings.Repeat("x", n))
	}))
	defer server.Close()
	client, err := New(Config{AllowLoopback: true})
	require.NoError(t, err)
	defer client.CloseIdleConnections()
	resp, err := client.Get(server.URL + "?n=" + strconv.Itoa(maxHeader-1000))
	require.NoError(t, err)
	require.NoError(t, drain(resp))
	_, err = client.Get(server.URL + "?n=" + strconv.Itoa(maxHeader))
	require.Error(t, err)
	assert.EqualError(t, Redact(err), "request: failed")
}
