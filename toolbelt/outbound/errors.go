package outbound

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
)

// A RefusedError says that a request, or a hop of its redirects, was not sent.
// errors.As finds it within what the client returns.
type RefusedError struct {
	// Host is where it would have gone: in lower case, without port, and empty
	// if the URL has nothing that could be listed. It may stem from a payload,
	// which is why the error's text has it not.
	Host string

	// Reason is one of the errors of this package, or wraps one.
	Reason error
}

// Error tells the reason.
func (e *RefusedError) Error() string {
	if e.Reason == nil {
		return "request not sent"
	}
	return "request not sent: " + e.Reason.Error()
}

// Unwrap returns the reason.
func (e *RefusedError) Unwrap() error { return e.Reason }

// Why a request was refused. Use errors.Is.
var (
	// ErrNotListed: the host is none of Config.Domains.
	ErrNotListed = errors.New("host: is not listed: add its name to the domains")

	// ErrAddress: the host is listed, and its name leads to an address that is
	// not of the public internet, or that Config.Refuse has.
	ErrAddress = errors.New("host: its name leads to an address that may not be called")

	// ErrPort: the port is none of Config.Ports, or no port.
	ErrPort = errors.New("port: may not be called: add it to the ports")

	// ErrScheme: the URL is neither http nor https, or is http after a redirect
	// from https.
	ErrScheme = errors.New("scheme: must be https or http, and https after https")

	// ErrMisdirected: the request asks the server for a host other than that of
	// the URL, by its Host, an opaque URL or the method CONNECT.
	ErrMisdirected = errors.New("request: asks for another host than that of its URL: leave Host empty, and CONNECT alone")

	// ErrRedirects: it would be one redirect more than Config.MaxRedirects.
	ErrRedirects = errors.New("redirect: is one too many in a row")

	// ErrTooManyRequests: it would be more than Config.Rate within a second. The
	// platform answers such a request with status 429.
	ErrTooManyRequests = errors.New("rate: no more requests may be sent within this second: try later")

	// ErrTooLarge: a body has more than Config.MaxRequest or Config.MaxResponse
	// bytes. If the size of a request's body is not known beforehand, and always
	// for a response, it comes when the limit is crossed, and without a
	// RefusedError.
	ErrTooLarge = errors.New("too large")
)

func errRequestTooLarge(limit int64) error {
	return fmt.Errorf("body of the request: %w: it may have %d bytes", ErrTooLarge, limit)
}

func errResponseTooLarge(limit int64) error {
	return fmt.Errorf("body of the response: %w: it may have %d bytes", ErrTooLarge, limit)
}

// Redact makes an error of one that a client, or a body that it read, has
// returned. Its text tells what happened and quotes neither URL nor answer, so
// that a function may return it. It wraps the error it is made of. Redact of nil
// is nil.
func Redact(err error) error {
	if err == nil {
		return nil
	}
	return &redacted{text: tell(err), err: err}
}

type redacted struct {
	text string
	err  error
}

func (r *redacted) Error() string { return r.text }
func (r *redacted) Unwrap() error { return r.err }

// tell says what happened, in words of this package.
func tell(err error) string {
	var (
		refused     *RefusedError
		unresolved  *net.DNSError
		certificate *tls.CertificateVerificationError
		timed       net.Error
		operation   *net.OpError
	)
	switch {
	case errors.As(err, &refused):
		return refused.Error()
	case errors.Is(err, ErrTooLarge):
		return "body: is too large"
	case errors.Is(err, context.Canceled):
		return "request: was cancelled"
	case errors.As(err, &timed) && timed.Timeout():
		return "request: took too long"
	case errors.As(err, &unresolved):
		return "host: its name could not be looked up"
	case errors.As(err, &certificate):
		return "host: its certificate could not be verified"
	case errors.As(err, &operation) && operation.Op == "dial":
		return "host: could not be connected to"
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return "response: ended early"
	}
	return "request: failed"
}
