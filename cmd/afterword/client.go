package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// The bounds of what a client waits for and reads.
const (
	clientTimeout = time.Minute      // of all attempts together
	maxAnswer     = 32 << 20         // 500 log entries of 6,000 characters each, written as they may be
	tryTimeout    = 40 * time.Second // of one attempt: a gateway gives up after 35 s
)

// A client asks a gateway, for one account.
type client struct {
	server  string // its URL, without a slash at the end
	account string
	token   string // empty: none
	http    *http.Client
	pause   func(context.Context, time.Duration) error // between attempts
}

// An ask is one request.
type ask struct {
	method string
	path   []string // below the account; each part is escaped
	query  url.Values
	body   []byte // JSON; nil: none
	id     string // the X-Request-ID; empty: the server makes one
}

// newHTTPClient makes what sends requests. It does not follow to other
// addresses, for it would take the token along.
func newHTTPClient() *http.Client {
	return &http.Client{
		Timeout:       tryTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, MaxResponseHeaderBytes: 64 << 10,
			DisableKeepAlives: true, // a verb asks a few times, and then the process ends
		},
	}
}

// send asks once, and gives the body of a good answer. The error is a *refusal
// if the gateway refuses, else an *outage.
func (c *client) send(ctx context.Context, a ask) ([]byte, error) {
	req, err := c.request(ctx, a)
	if err != nil {
		return nil, err
	}
	return c.roundTrip(req)
}

func (c *client) request(ctx context.Context, a ask) (*http.Request, error) {
	target := c.server + "/api/account/" + url.PathEscape(c.account)
	for _, part := range a.path {
		target += "/" + url.PathEscape(part)
	}
	if len(a.query) > 0 {
		target += "?" + a.query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, a.method, target, bytes.NewReader(a.body))
	if err != nil {
		return nil, err
	}
	if a.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if a.id != "" {
		req.Header.Set("X-Request-ID", a.id)
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	return req, nil
}

// roundTrip sends a request that is complete.
func (c *client) roundTrip(req *http.Request) (data []byte, err error) {
	req.Header.Set("Accept", "application/json, text/csv")
	req.Header.Set("User-Agent", "afterword/"+version())
	res, err := c.http.Do(req)
	if err != nil {
		return nil, &outage{server: c.server, err: causeOf(req.Context(), err)}
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	data, err = readBounded(res.Body, maxAnswer)
	switch {
	case err != nil:
		return nil, &outage{server: c.server, err: fmt.Errorf("the answer broke off: %w", err)}
	case len(data) > maxAnswer:
		return nil, fmt.Errorf("%s: the answer is larger than %d MiB", c.server, maxAnswer>>20)
	case res.StatusCode/100 == 2:
		return data, nil
	}
	return nil, c.refused(res, data)
}

// causeOf is an error of the HTTP client without the URL, or why the time was
// up.
func causeOf(ctx context.Context, err error) error {
	var at *url.Error
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.As(err, &at):
		return at.Err
	}
	return err
}

// fetch asks, and reads the answer into what a pointer points to.
func (c *client) fetch(ctx context.Context, a ask, into any) error {
	data, err := c.send(ctx, a)
	if err != nil {
		return err
	}
	return c.read(data, into)
}

// read reads the JSON of an answer.
func (c *client) read(data []byte, into any) error {
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%s: the answer is not that of a gateway: %w", c.server, plainJSONError(err))
	}
	return nil
}

// plainJSONError is an error of decoding that quotes nothing of the answer.
func plainJSONError(err error) error {
	var mismatch *json.UnmarshalTypeError
	if errors.As(err, &mismatch) {
		return errors.New("a field is not of the right type")
	}
	return errors.New("it is no JSON")
}

// encoded is a value as the body of a request.
func encoded(v any) ([]byte, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("write the request: %w", err)
	}
	return data, nil
}
