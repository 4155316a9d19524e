package salesforce_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/toolbelt/salesforce"
)

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	evil := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		assert.Fail(t, "was asked", r.URL.String())
	}))
	defer evil.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		moved := func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, evil.URL+r.URL.Path, status)
		}
		f := newForce(t, 3, 2)
		conn := f.connect(func(c *salesforce.Config) {
			c.Client.CheckRedirect = func(*http.Request, []*http.Request) error { return nil } // follows
		})
		f.onPage = moved
		_, err := all[account](t, t.Context(), conn, soql)
		assert.EqualError(t, err, fmt.Sprintf("salesforce: page: status %d: the answer is a redirect, which is not followed; Config.URL must be the My Domain address", status))
		f.onQuery = moved
		_, err = all[account](t, t.Context(), conn, soql)
		assert.ErrorContains(t, err, "is a redirect")
		f.onToken = moved
		_, err = salesforce.Connect(t.Context(), f.config())
		assert.ErrorContains(t, err, "is a redirect")
		checkSafe(t, err)
		assert.NoError(t, f.Client().CheckRedirect(nil, nil), "the caller's client was changed")
	}
}

func TestContextEnds(t *testing.T) {
	t.Parallel()
	f := newForce(t, 3, 2)
	conn := f.connect()
	ctx, cancel := context.WithCancel(t.Context())
	f.onPage = func(w http.ResponseWriter, r *http.Request) {
		// An answer that does not arrive fails the test by what the client gets.
		_, _ = io.WriteString(w, "{")
		_ = http.NewResponseController(w).Flush()
		cancel() // amid the answer
		<-r.Context().Done()
	}
	records, err := all[account](t, ctx, conn, soql)
	assert.Len(t, records, 2)
	assert.ErrorIs(t, err, context.Canceled)
	assert.ErrorContains(t, err, "context canceled")

	_, err = all[account](t, ctx, conn, soql)
	assert.ErrorIs(t, err, context.Canceled)
	_, err = salesforce.Connect(ctx, f.config())
	assert.ErrorIs(t, err, context.Canceled)
	checkSafe(t, err)
}

func TestAnswerIsCutOff(t *testing.T) {
	t.Parallel()
	f := newForce(t, 1, 1)
	conn := f.connect()
	f.onQuery = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		// An answer that does not arrive fails the test by what the client says.
		_, _ = io.WriteString(w, `{"totalSize":0,"done":true,"records":[]}`)
	}
	_, err := all[account](t, t.Context(), conn, soql)
	assert.EqualError(t, err, "salesforce: query: status 200: the answer is cut off: unexpected EOF")
	assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
}

// failing is a transport with an error of its own.
type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }

func TestTransportErrors(t *testing.T) {
	t.Parallel()
	f := newForce(t, 1, 1)
	denied := errors.New(`the host "127.0.0.1"` + "\nis not on the list")
	for _, test := range []struct {
		err  error
		want string
	}{
		{denied, `salesforce: token: no answer: the host "127.0.0.1"; is not on the list`},
		{errors.New("secret " + clientSecret), "salesforce: token: no answer: secret [hidden]"},
		{errors.New("form 5ECRET%2B%2F%25%26%3D"), "salesforce: token: no answer: form [hidden]"},
		{errors.New("http2: server sent GOAWAY, debug=\"what I say\""), "salesforce: token: no answer: http2: server sent GOAWAY, : the answer cannot be read"},
		{errors.New(strings.Repeat("é", 1000)), "salesforce: token: no answer: " + strings.Repeat("é", 150) + "…"},
	} {
		config := f.config()
		config.Client = &http.Client{Transport: failing{test.err}}
		_, err := salesforce.Connect(t.Context(), config)
		assert.ErrorIs(t, err, test.err)
		assert.EqualError(t, err, test.want)
		checkSafe(t, err)
	}
}

// TestAnswersThatAreNoHTTP has servers that echo what they were sent in answers
// which package net/http quotes.
func TestAnswersThatAreNoHTTP(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{"%s\r\n\r\n", "HTTP/1.1 %s\r\n\r\n", "HTTP/1.1 200 OK\r\n%s\r\n\r\n", "HTTP/1.1 302 Found\r\nLocation: %%zz%s\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: %s\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: %s\r\n\r\n"} {
		f := newForce(t, 1, 1)
		conn := f.connect()
		f.onQuery = func(w http.ResponseWriter, r *http.Request) {
			wire, _, err := http.NewResponseController(w).Hijack()
			if !assert.NoError(t, err) {
				return
			}
			defer wire.Close()
			out := bufio.NewWriter(wire)
			fmt.Fprintf(out, answer, "what I heard "+r.Header.Get("Authorization")+" "+r.URL.Query().Get("q"))
			assert.NoError(t, out.Flush())
		}
		_, err := all[account](t, t.Context(), conn, soql)
		require.Error(t, err)
		assert.NotContains(t, err.Error(), "what I heard", answer)
		assert.Contains(t, err.Error(), "salesforce: query: no answer: ", answer)
	}
}
