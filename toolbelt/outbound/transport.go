package outbound

import (
	"errors"
	"net/http"
	"slices"
	"strings"
)

// A transport sends requests that keep to the config. It sees each hop of a
// redirect, and the dialer below each connection.
type transport struct {
	domains      domains
	ports        []int
	loopback     bool
	maxRedirects int
	maxRequest   int64
	maxResponse  int64
	window       *window
	dialer       *dialer // of base
	base         *http.Transport
}

// RoundTrip sends a request, or returns a *RefusedError.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	to, reason := t.admit(req)
	if reason != nil {
		if req.Body != nil {
			req.Body.Close() // nothing was read, so there is nothing to lose
		}
		return nil, &RefusedError{Host: to.host, Reason: reason}
	}
	resp, err := t.base.RoundTrip(t.rewrite(req, to))
	if err != nil {
		return nil, err
	}
	resp.Request = req
	// The wrapped body can no longer be written to, as it could after 101.
	resp.Body = &boundedBody{ReadCloser: resp.Body, left: t.maxResponse, beyond: errResponseTooLarge(t.maxResponse)}
	return resp, nil
}

// CloseIdleConnections closes connections that are kept for another request.
func (t *transport) CloseIdleConnections() { t.base.CloseIdleConnections() }

// admit tells where a request goes, and why it may not.
func (t *transport) admit(req *http.Request) (target, error) {
	if req.URL == nil || req.URL.Scheme != "http" && req.URL.Scheme != "https" {
		return target{}, ErrScheme
	}
	to, err := parseTarget(req.URL.Scheme, req.URL.Host)
	local := isLoopback(to.host) && t.loopback
	switch {
	case errors.Is(err, errPort):
		return to, ErrPort
	case err != nil || !local && !t.domains.has(to.host):
		return to, ErrNotListed
	case !local && !slices.Contains(t.ports, to.port):
		return to, ErrPort
	case isMisdirected(req, to):
		return to, ErrMisdirected
	case isDowngraded(req):
		return to, ErrScheme
	case redirects(req, t.maxRedirects+1) > t.maxRedirects:
		return to, ErrRedirects
	case req.ContentLength > t.maxRequest:
		return to, errRequestTooLarge(t.maxRequest)
	case !t.window.take():
		return to, ErrTooManyRequests
	}
	return to, nil
}

// isMisdirected tells whether a request asks the server that it goes to for
// another host.
func isMisdirected(req *http.Request, to target) bool {
	if req.URL.Opaque != "" || strings.EqualFold(req.Method, http.MethodConnect) {
		return true
	}
	if req.Host == "" {
		return false
	}
	named, err := parseTarget(req.URL.Scheme, req.Host)
	return err != nil || named != to
}

// isDowngraded tells whether a redirect leads from https to http.
func isDowngraded(req *http.Request) bool {
	if req.Response == nil || req.Response.Request == nil || req.Response.Request.URL == nil {
		return false
	}
	return req.Response.Request.URL.Scheme == "https" && req.URL.Scheme != "https"
}

// redirects counts how many led to a request, up to a number.
func redirects(req *http.Request, atMost int) int {
	n := 0
	for n < atMost && req != nil && req.Response != nil {
		n++
		req = req.Response.Request
	}
	return n
}

// rewrite makes the request that is sent: to the host in its canonical form, the
// one that was checked, with a bounded body.
func (t *transport) rewrite(req *http.Request, to target) *http.Request {
	sent := req.Clone(req.Context())
	sent.URL.Host = to.hostport(req.URL.Scheme)
	sent.Host = ""
	for key := range sent.Header {
		// net/http writes these itself, and leaves out those of the caller; but
		// in other case it would write both.
		switch http.CanonicalHeaderKey(key) {
		case "Host", "Content-Length", "Transfer-Encoding", "Trailer":
			delete(sent.Header, key)
		}
	}
	if req.Response != nil {
		sent.Header.Del("Referer")
	}
	if req.Body == nil || req.Body == http.NoBody || req.ContentLength > 0 {
		return sent // net/http sends no more than it says
	}
	sent.Body = t.bounded(req.Body)
	if req.GetBody != nil {
		sent.GetBody = t.boundedAgain(req)
	}
	return sent
}
