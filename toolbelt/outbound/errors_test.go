package outbound

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRedact(t *testing.T) {
	t.Parallel()
	assert.NoError(t, Redact(nil))
	for want, cause := range map[string]error{
		"request not sent: host: is not listed: add its name to the domains": &RefusedError{Host: "secret.example", Reason: ErrNotListed},
		"body: is too large":                          errResponseTooLarge(3),
		"request: was cancelled":                      context.Canceled,
		"request: took too long":                      os.ErrDeadlineExceeded,
		"host: its name could not be looked up":       &net.OpError{Op: "dial", Err: &net.DNSError{Name: "secret.example"}},
		"host: its certificate could not be verified": &tls.CertificateVerificationError{Err: errors.New("secret")},
		"host: could not be connected to":             &net.OpError{Op: "dial", Err: errors.New("secret")},
		"response: ended early":                       io.ErrUnexpectedEOF,
		"request: failed":                             errors.New("secret"),
	} {
		for _, err := range []error{cause, &url.Error{Op: "Get", URL: "https://secret.example/secret", Err: cause}, fmt.Errorf("secret: %w", cause)} {
			redacted := Redact(err)
			assert.EqualError(t, redacted, want)
			assert.ErrorIs(t, redacted, err)
			assert.Equal(t, want, fmt.Sprintf("%+v", redacted))
		}
	}
}

// Tests of functions make errors of their own.
func TestRefusedErrorWithoutReason(t *testing.T) {
	t.Parallel()
	assert.EqualError(t, &RefusedError{}, "request not sent")
	assert.EqualError(t, Redact(&RefusedError{}), "request not sent")
}

func TestRedactQuotesNoAnswer(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "http://secret:secret\x7f/")
		w.WriteHeader(http.StatusFound)
	}))
	defer server.Close()
	client, err := New(Config{AllowLoopback: true})
	require.NoError(t, err)
	defer client.CloseIdleConnections()
	_, err = client.Get(server.URL + "/secret")
	require.ErrorContains(t, err, "secret")
	assert.NotContains(t, Redact(err).Error(), "secret")
}
