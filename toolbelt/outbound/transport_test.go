package outbound

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestZeroConfigAllowsNothing(t *testing.T) {
	t.Parallel()
	bell, port := newDoorbell(t)
	s := newStage(t, Config{})
	s.lookup = always("93.184.216.34")
	for _, raw := range []string{"http://api.example.com/", "https://example.org", fmt.Sprintf("http://127.0.0.1:%d", port)} {
		assert.ErrorIs(t, s.get(raw), ErrNotListed)
	}
	assert.Empty(t, s.connections())
	assert.Zero(t, bell.rung.Load())
}

func TestReasons(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{Domains: []string{"api.example.com", "*.example.org"}, MaxRequest: 4})
	s.lookup = always("10.0.0.1")
	get := func(scheme, host string) *http.Request {
		return &http.Request{Method: http.MethodGet, URL: &url.URL{Scheme: scheme, Host: host}, Header: http.Header{}}
	}
	with := func(change func(*http.Request)) *http.Request {
		req := get("https", "api.example.com")
		change(req)
		return req
	}
	for name, c := range map[string]struct {
		req    *http.Request
		reason error
		host   string
	}{
		"unlisted":      {get("http", "www.Example.com"), ErrNotListed, "www.example.com"},
		"no name":       {get("http", "a_b"), ErrNotListed, ""},
		"address":       {get("http", "10.0.0.1"), ErrNotListed, ""},
		"IPv6 address":  {get("http", "[2606:4700::1111]:80"), ErrNotListed, ""},
		"leads inside":  {get("http", "API.example.com."), ErrAddress, "api.example.com"},
		"port":          {get("http", "a.example.org:22"), ErrPort, "a.example.org"},
		"no port":       {get("http", "a.example.org:x"), ErrPort, ""},
		"scheme":        {get("ftp", "a.example.org"), ErrScheme, ""},
		"upper scheme":  {get("HTTP", "a.example.org"), ErrScheme, ""},
		"other host":    {with(func(r *http.Request) { r.Host = "b.example.org" }), ErrMisdirected, "api.example.com"},
		"inner host":    {with(func(r *http.Request) { r.Host = "127.0.0.1" }), ErrMisdirected, "api.example.com"},
		"odd host":      {with(func(r *http.Request) { r.Host = "api.example.com\r\nX: y" }), ErrMisdirected, "api.example.com"},
		"other port":    {with(func(r *http.Request) { r.Host = "api.example.com:80" }), ErrMisdirected, "api.example.com"},
		"opaque":        {with(func(r *http.Request) { r.URL.Opaque = "//127.0.0.1/x" }), ErrMisdirected, "api.example.com"},
		"connect":       {with(func(r *http.Request) { r.Method = "CONNECT" }), ErrMisdirected, "api.example.com"},
		"connect small": {with(func(r *http.Request) { r.Method = "connect" }), ErrMisdirected, "api.example.com"},
		"own host":      {with(func(r *http.Request) { r.Host = "Api.Example.com.:443" }), ErrAddress, "api.example.com"},
		"too large":     {with(func(r *http.Request) { r.ContentLength = 5 }), ErrTooLarge, "api.example.com"},
	} {
		t.Run(name, func(t *testing.T) {
			body := &closeCounter{Reader: strings.NewReader("12345")}
			c.req.Body = body
			_, err := s.client.Do(c.req)
			require.ErrorIs(t, err, c.reason)
			var refused *RefusedError
			require.ErrorAs(t, err, &refused)
			assert.Equal(t, c.host, refused.Host)
			assert.NotContains(t, refused.Error(), "example")
			assert.Positive(t, body.closed.Load(), "the body is closed")
		})
	}
	// What only a RoundTripper can be given.
	_, err := s.client.Transport.RoundTrip(&http.Request{})
	assert.ErrorIs(t, err, ErrScheme)
	loop := get("https", "api.example.com")
	loop.Response = &http.Response{Request: loop}
	_, err = s.client.Transport.RoundTrip(loop)
	assert.ErrorIs(t, err, ErrRedirects)
	loop = get("http", "api.example.com")
	loop.Response = &http.Response{Request: &http.Request{}}
	_, err = s.client.Transport.RoundTrip(loop)
	assert.ErrorIs(t, err, ErrAddress)
	assert.Empty(t, s.connections())
}

type closeCounter struct {
	io.Reader
	closed atomic.Int64
}

func (c *closeCounter) Close() error { c.closed.Add(1); return nil }

// chain redirects /n to /n-1 on the next host, down to /0.
func chain(hosts ...string) *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.URL.Path[1:])
		if n > 0 {
			http.Redirect(w, r, fmt.Sprintf("http://%s/%d", hosts[n%len(hosts)], n-1), http.StatusTemporaryRedirect)
		}
	}))
}

func TestRedirectsAreBounded(t *testing.T) {
	t.Parallel()
	server := chain("api.example.com", "a.example.org")
	defer server.Close()
	for configured, most := range map[int]int{0: 5, 1: 1, 12: 12, -1: 0} {
		s := newStage(t, Config{Domains: []string{"api.example.com", "a.example.org"}, MaxRedirects: configured, Rate: MaxRate})
		s.serve("api.example.com:80", server)
		s.serve("a.example.org:80", server)
		assert.NoError(t, s.get(fmt.Sprintf("http://api.example.com/%d", most)))
		assert.ErrorIs(t, s.get(fmt.Sprintf("http://api.example.com/%d", most+1)), ErrRedirects)
		// Whatever the caller thinks of redirects.
		s.client.CheckRedirect = nil
		assert.Error(t, s.get(fmt.Sprintf("http://api.example.com/%d", most+1)))
	}
}

func TestRedirectsCount(t *testing.T) {
	t.Parallel()
	server := chain("api.example.com")
	defer server.Close()
	s := newStage(t, Config{Domains: []string{"api.example.com"}, Rate: 3})
	s.serve("api.example.com:80", server)
	assert.ErrorIs(t, s.get("http://api.example.com/3"), ErrTooManyRequests)
}

func TestEveryHopMustBeListed(t *testing.T) {
	t.Parallel()
	server := chain("api.example.com", "other.example.net")
	defer server.Close()
	s := newStage(t, Config{Domains: []string{"api.example.com"}})
	s.serve("api.example.com:80", server)
	s.serve("other.example.net:80", server)
	err := s.get("http://api.example.com/1")
	var refused *RefusedError
	require.ErrorAs(t, err, &refused)
	assert.ErrorIs(t, err, ErrNotListed)
	assert.Equal(t, "other.example.net", refused.Host)
}

func TestNoWayFromHTTPSToHTTP(t *testing.T) {
	t.Parallel()
	plain := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer plain.Close()
	var location atomic.Value
	secure := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/away" {
			http.Redirect(w, r, location.Load().(string), http.StatusFound)
		}
	}))
	secure.EnableHTTP2 = true
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	defer secure.Close()
	pool := x509.NewCertPool()
	pool.AddCert(secure.Certificate())
	client, err := New(Config{AllowLoopback: true, RootCAs: pool})
	require.NoError(t, err)
	defer client.CloseIdleConnections()

	location.Store(plain.URL)
	_, err = client.Get(secure.URL + "/away")
	require.ErrorIs(t, err, ErrScheme)
	location.Store("/")
	resp, err := client.Get(secure.URL + "/away")
	require.NoError(t, err)
	require.NoError(t, drain(resp))
	assert.Equal(t, 2, resp.ProtoMajor, "HTTP/2 where there is TLS")
	assert.Equal(t, secure.URL+"/", resp.Request.URL.String())
	resp, err = client.Get(plain.URL)
	require.NoError(t, err)
	require.NoError(t, drain(resp))

	// A certificate counts only if its authority does.
	stranger, err := New(Config{AllowLoopback: true})
	require.NoError(t, err)
	_, err = stranger.Get(secure.URL)
	require.Error(t, err)
	assert.EqualError(t, Redact(err), "host: its certificate could not be verified")
}

func TestHeadersAcrossHosts(t *testing.T) {
	t.Parallel()
	var seen http.Header
	var host string
	last := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen, host = r.Header, r.Host }))
	defer last.Close()
	var firstHost string
	first := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		firstHost = r.Host
		http.Redirect(w, r, r.URL.Query().Get("to"), http.StatusFound)
	}))
	defer first.Close()
	s := newStage(t, Config{Domains: []string{"api.example.com", "A.example.org"}})
	s.serve("api.example.com:80", first)
	s.serve("a.example.org:80", last)
	s.serve("api.example.com:443", last)
	req, err := http.NewRequest(http.MethodGet, "http://Api.Example.com.:80/?to=http://A.Example.ORG.:80/&conversation=4711", nil)
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer secret")
	req.Header.Set("Cookie", "a=b")
	req.Header.Set("X-Trace", "1")
	resp, err := s.client.Do(req)
	require.NoError(t, err)
	require.NoError(t, drain(resp))
	assert.Empty(t, seen.Get("Authorization"))
	assert.Empty(t, seen.Get("Cookie"))
	assert.Empty(t, seen.Get("Referer"))
	assert.Equal(t, "1", seen.Get("X-Trace"))
	assert.Equal(t, "api.example.com", firstHost)
	assert.Equal(t, "a.example.org", host, "the name in its canonical form")
	assert.Equal(t, "Bearer secret", req.Header.Get("Authorization"), "the request is left as it was")
	assert.Equal(t, "A.Example.ORG.:80", resp.Request.URL.Host, "and so are those of redirects")

	s.serve("api.example.com:80", last)
	req, err = http.NewRequest(http.MethodGet, "http://u:p@api.example.com/", nil)
	require.NoError(t, err)
	req.Header.Set("Referer", "https://example.net/")
	s.client.CloseIdleConnections()
	resp, err = s.client.Do(req)
	require.NoError(t, err)
	require.NoError(t, drain(resp))
	assert.Equal(t, "Basic dTpw", seen.Get("Authorization"))
	assert.Equal(t, "https://example.net/", seen.Get("Referer"), "if the caller says so")
	assert.Nil(t, s.client.Jar)
}

// Headers in other case must not make a second request within, or another host.
func TestHeadersOfTheWire(t *testing.T) {
	t.Parallel()
	wire := make(chan string, 1)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	go func() {
		conn, err := l.Accept()
		if err != nil {
			close(wire)
			return
		}
		defer conn.Close()
		head := make([]byte, 4096)
		n, _ := conn.Read(head)
		wire <- string(head[:n])
		_, _ = io.WriteString(conn, "HTTP/1.1 204 No Content\r\n\r\n")
	}()
	client, err := New(Config{AllowLoopback: true})
	require.NoError(t, err)
	defer client.CloseIdleConnections()
	req, err := http.NewRequest(http.MethodGet, "http://"+l.Addr().String()+"/x", nil)
	require.NoError(t, err)
	for _, key := range []string{"host", "Host", "HOST", "content-length", "TRANSFER-ENCODING", "trailer", "x-other"} {
		req.Header[key] = []string{"7"}
	}
	resp, err := client.Do(req)
	require.NoError(t, err)
	require.NoError(t, drain(resp))
	head := strings.ToLower(<-wire)
	assert.Equal(t, 1, strings.Count(head, "\nhost: "), head)
	assert.Contains(t, head, "\r\nhost: "+l.Addr().String()+"\r\n")
	assert.NotContains(t, head, "content-length")
	assert.NotContains(t, head, "transfer-encoding")
	assert.NotContains(t, head, "trailer")
	assert.Contains(t, head, "x-other: 7")
	assert.Len(t, req.Header, 7, "the request is left as it was")
}

func TestNoProxyOfTheEnvironment(t *testing.T) {
	bell, port := newDoorbell(t)
	proxy := fmt.Sprintf("http://127.0.0.1:%d", port)
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"} {
		t.Setenv(name, proxy)
	}
	t.Setenv("NO_PROXY", "")
	t.Setenv("no_proxy", "")
	t.Setenv("REQUEST_METHOD", "")
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	s := newStage(t, Config{Domains: []string{"api.example.com"}, AllowLoopback: true})
	s.serve("api.example.com:80", server)
	require.NoError(t, s.get("http://api.example.com/"))
	assert.Zero(t, bell.rung.Load())
	// net/http reads the environment once in a process, so look at the wiring too.
	assert.Nil(t, s.client.Transport.(*transport).base.Proxy)
}

func TestAllowLoopback(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	port := portOf(server)

	client, err := New(Config{AllowLoopback: true})
	require.NoError(t, err)
	defer client.CloseIdleConnections()
	for _, host := range []string{"127.0.0.1", "localhost", "LocalHost"} {
		resp, err := client.Get(fmt.Sprintf("http://%s:%d", host, port))
		require.NoError(t, err, host)
		require.NoError(t, drain(resp))
	}
	for _, host := range []string{"[::1]", "[::ffff:127.0.0.1]", "[0:0::1]"} { // there may be no IPv6 here
		_, err := client.Get(fmt.Sprintf("http://%s:1", host))
		var refused *RefusedError
		assert.Error(t, err, host)
		assert.False(t, errors.As(err, &refused), host)
	}
	for _, host := range []string{"10.0.0.1", "[::]", "0.0.0.0", "127.1", "localhost.", "api.example.com", "[fe80::1]", "[::1%25lo]"} {
		_, err := client.Get(fmt.Sprintf("http://%s:%d", host, port))
		assert.ErrorIs(t, err, ErrNotListed, host)
	}
	_, err = client.Get("http://[::1]")
	assert.NotErrorIs(t, err, ErrNotListed)

	// A listed name may lead there, at its ports. Nowhere else.
	s := newStage(t, Config{Domains: []string{"api.example.com"}, AllowLoopback: true, Ports: []int{port}})
	raw := fmt.Sprintf("http://api.example.com:%d", port)
	s.lookup = always("127.0.0.1")
	assert.ErrorIs(t, s.get(raw), errReached)
	assert.ErrorIs(t, s.get("http://api.example.com/"), ErrPort)
	s.lookup = always("10.0.0.1")
	assert.ErrorIs(t, s.get(raw), ErrAddress)
	assert.Len(t, s.connections(), 1)

	// And localhost is this machine, whatever its name leads to.
	local := s.client.Transport.(*transport).dialer.loopback
	assert.NoError(t, local.Control("tcp4", "127.9.9.9:5", nil))
	assert.NoError(t, local.Control("tcp6", "[::1]:5", nil))
	for _, address := range []string{"93.184.216.34:80", "10.0.0.1:80", "[2606:4700::1111]:80", "[::]:80", "nonsense"} {
		assert.Error(t, local.Control("tcp", address, nil), address)
	}
}

// FuzzURLs: whatever the URL, connections are made to listed names only.
func FuzzURLs(f *testing.F) {
	for i, host := range hostileHosts {
		f.Add("http://"+host+"/", host)
		f.Add(strings.ReplaceAll(hostileURLs[i%len(hostileURLs)], "P", "80"), host+":80")
	}
	f.Add("https://api.example.com:443/x", "A.Example.ORG.")
	f.Fuzz(func(t *testing.T, raw, host string) {
		s := newStage(t, Config{Domains: []string{"api.example.com", "*.example.org"}, MaxRedirects: 1})
		var name string
		s.lookup = func(asked string) []netip.Addr {
			s.mu.Lock()
			defer s.mu.Unlock()
			name = asked
			return always("93.184.216.34")("")
		}
		check := func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			for _, address := range s.reached {
				require.Contains(t, []string{"93.184.216.34:80", "93.184.216.34:443"}, address)
			}
			if len(s.reached) > 0 && name != "api.example.com" {
				label, ok := strings.CutSuffix(name, ".example.org")
				require.True(t, ok, name)
				require.NotContains(t, label, ".")
			}
			s.reached = nil
		}
		require.Error(t, s.get(raw))
		check()
		_, err := s.client.Do(&http.Request{URL: &url.URL{Scheme: "http", Host: host}, Header: http.Header{}})
		require.Error(t, err)
		check()
	})
}
