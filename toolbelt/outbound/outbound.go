package outbound

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"time"
)

// Config says what a client may do. The zero Config allows nothing.
type Config struct {
	// Domains are the hosts that may be called, in any order: api.example.com,
	// or *.example.org for all names that have one label more. They are valid
	// by RFC 1035 (2.3.1, 2.3.4), but that a label may begin with a digit (RFC
	// 1123, 2.1) and that the last may not be a number, as in an address.
	Domains []string

	// Ports are the ports that may be called. None is 80 and 443.
	Ports []int

	// Refuse are networks that are not called although they are public, such as
	// those of the operator.
	Refuse []netip.Prefix

	// Rate is how many requests may be sent in any second: 1 to MaxRate. Zero is
	// DefaultRate, as on the platform.
	Rate int

	// Timeout is how long a request may take, from looking up the name to the
	// end of the response's body. Zero is DefaultTimeout.
	Timeout time.Duration

	// MaxRequest is how many bytes the body of a request may have. Zero is
	// DefaultMaxBody.
	MaxRequest int64

	// MaxResponse is how many bytes the body of a response may have, after the
	// client has unpacked it. Zero is DefaultMaxBody.
	MaxResponse int64

	// MaxRedirects is how many redirects in a row are followed. Zero is
	// DefaultMaxRedirects. If it is negative none is, and a redirect is an error.
	MaxRedirects int

	// RootCAs are the authorities whose certificates count. Nil is those of the
	// machine. The client keeps the pool; leave it as it is.
	RootCAs *x509.CertPool

	// AllowLoopback is for tests: localhost and the addresses 127.0.0.0/8 and
	// ::1 may be called at any port, listed or not, and listed names may lead
	// there.
	AllowLoopback bool
}

// What holds if the Config says nothing else.
const (
	DefaultRate         = 20 // requests in any second: the platform's, for a function
	DefaultTimeout      = 10 * time.Second
	DefaultMaxBody      = 10 << 20 // bytes, of a request and of a response
	DefaultMaxRedirects = 5        // in a row
)

// MaxRate bounds Config.Rate.
const MaxRate = 10_000

const (
	maxHeader   = 64 << 10 // bytes of a response's headers
	maxIdle     = 20       // connections kept
	idleTimeout = 30 * time.Second
)

// New makes a client for one function. Close its idle connections when it is no
// longer used. The error tells everything that is wrong with the config.
func New(config Config) (*http.Client, error) {
	list, err := newDomains(config.Domains)
	if err := errors.Join(err, config.check()); err != nil {
		return nil, err
	}
	ports := slices.Clone(config.Ports)
	if len(ports) == 0 {
		ports = []int{80, 443}
	}
	timeout := cmp.Or(config.Timeout, DefaultTimeout)
	dialer := newDialer(config.Refuse, ports, timeout, config.AllowLoopback)
	return &http.Client{
		Timeout: timeout,
		// The transport bounds redirects, so that it does with any CheckRedirect.
		CheckRedirect: func(*http.Request, []*http.Request) error { return nil },
		Transport: &transport{
			domains:      list,
			ports:        ports,
			loopback:     config.AllowLoopback,
			maxRedirects: max(cmp.Or(config.MaxRedirects, DefaultMaxRedirects), 0),
			maxRequest:   cmp.Or(config.MaxRequest, DefaultMaxBody),
			maxResponse:  cmp.Or(config.MaxResponse, DefaultMaxBody),
			window:       newWindow(cmp.Or(config.Rate, DefaultRate)),
			dialer:       dialer,
			base: &http.Transport{
				Proxy:                  nil, // nor one of the environment
				DialContext:            dialer.dial,
				TLSClientConfig:        &tls.Config{RootCAs: config.RootCAs, MinVersion: tls.VersionTLS12},
				TLSHandshakeTimeout:    timeout,
				ForceAttemptHTTP2:      true,
				MaxResponseHeaderBytes: maxHeader,
				MaxIdleConns:           maxIdle,
				IdleConnTimeout:        idleTimeout,
				ExpectContinueTimeout:  time.Second,
			},
		},
	}, nil
}

// check reports what is wrong with everything but the domains.
func (c Config) check() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	for i, port := range c.Ports {
		if port < 1 || port > 65535 {
			fault("Ports[%d]: is %d: give a port from 1 to 65535", i, port)
		}
	}
	for i, prefix := range c.Refuse {
		switch {
		case !prefix.IsValid():
			fault("Refuse[%d]: is no network: give one like 198.51.100.0/24", i)
		case prefix.Addr().Is4In6():
			fault("Refuse[%d]: is an IPv4 network in IPv6: write it as IPv4", i)
		}
	}
	if c.Rate < 0 || c.Rate > MaxRate {
		fault("Rate: is %d: give 1 to %d requests a second, or 0 for %d", c.Rate, MaxRate, DefaultRate)
	}
	if c.Timeout < 0 {
		fault("Timeout: is %v: give a time above zero, or 0 for %v", c.Timeout, DefaultTimeout)
	}
	if c.MaxRequest < 0 {
		fault("MaxRequest: is %d: give a number of bytes, or 0 for %d", c.MaxRequest, DefaultMaxBody)
	}
	if c.MaxResponse < 0 {
		fault("MaxResponse: is %d: give a number of bytes, or 0 for %d", c.MaxResponse, DefaultMaxBody)
	}
	return errors.Join(faults...)
}
