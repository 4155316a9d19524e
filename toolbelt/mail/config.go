package mail

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/afterword-go/afterword/internal/headers"
)

// What counts where a Config says nothing.
const (
	DefaultPort          = 587
	DefaultTimeout       = 20 * time.Second
	DefaultMaxMessage    = 10 << 20 // bytes
	DefaultMaxRecipients = 50
)

const (
	portTLS  = 465  // RFC 8314, 3.3: TLS from the first byte on
	maxLogin = 1024 // bytes of a user name or a password
)

// A Config says how a Client reaches its server. Only Host is required.
type Config struct {
	// Host is the server's name or IP address. Its certificate must be made
	// out to it.
	Host string

	// Port is that of the server; 0 is DefaultPort.
	Port int

	// Security says how the connection is encrypted. The zero value goes by
	// the port.
	Security Security

	// RootCAs are whom the server's certificate may come from; nil are those
	// that the machine trusts.
	RootCAs *x509.CertPool

	// Username and Password log in; without both, nobody does. The password
	// is asked for before each connection, so that it may change meanwhile;
	// it may be asked for by several goroutines at once.
	Username string
	Password func(context.Context) (string, error) `json:"-"`

	// Hello is the host name that the client tells the server; "" is
	// localhost, which tells nothing about the machine. Some servers want the
	// machine's full name.
	Hello string

	// Timeout is for everything that one Send or Verify does, from looking up
	// the host to the goodbye; 0 is DefaultTimeout. A context that ends
	// earlier counts as well.
	Timeout time.Duration

	// MaxMessage is how many bytes a message may have on its way, headers
	// included; 0 is DefaultMaxMessage. What is not ASCII takes up to three
	// times its length.
	MaxMessage int

	// MaxRecipients is how many To and Bcc may name together; 0 is
	// DefaultMaxRecipients.
	MaxRecipients int
}

// Security is how a connection is encrypted. There is no falling back: what
// cannot be encrypted as it says is not sent.
type Security int

const (
	// ByPort is ImplicitTLS on port 465, and StartTLS on every other.
	ByPort Security = iota

	// StartTLS begins in the clear, and turns to TLS before anybody logs in
	// or a message is named (RFC 3207).
	StartTLS

	// ImplicitTLS is TLS from the first byte on (RFC 8314, 3.3).
	ImplicitTLS

	// InsecureLoopback has no encryption at all, and reaches nothing but the
	// own machine. It is for tests.
	InsecureLoopback
)

// Password is a password that is known when the program is built, as those of
// tests are.
func Password(password string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return password, nil }
}

// withDefaults is the config with the values that it leaves out.
func (c Config) withDefaults() Config {
	if c.Port == 0 {
		c.Port = DefaultPort
	}
	if c.Security == ByPort {
		c.Security = StartTLS
		if c.Port == portTLS {
			c.Security = ImplicitTLS
		}
	}
	if c.Hello == "" {
		c.Hello = "localhost"
	}
	if c.Timeout == 0 {
		c.Timeout = DefaultTimeout
	}
	if c.MaxMessage == 0 {
		c.MaxMessage = DefaultMaxMessage
	}
	if c.MaxRecipients == 0 {
		c.MaxRecipients = DefaultMaxRecipients
	}
	return c
}

// check reports everything that is wrong with a config.
func (c Config) check() error {
	var all []error
	report := func(wrong bool, field, problem string) {
		if wrong {
			all = append(all, errors.New(field+": "+problem))
		}
	}
	report(c.Host == "", "host", "is empty; give the name of the mail server")
	report(c.Host != "" && !isHost(c.Host), "host", "is neither a host name nor an IP address; give one of them, without port and brackets")
	report(c.Port < 0 || c.Port > 65535, "port", "is not between 1 and 65535; give that of the server, or 0 for 587")
	report(c.Security < ByPort || c.Security > InsecureLoopback, "security", "is unknown; take one of the constants of this package")
	report(c.Security == InsecureLoopback && c.Host != "" && !isLoopback(c.Host), "security",
		"leaves out the encryption, which only a host that is localhost or a loopback address may do; remove it")
	report((c.Username == "") != (c.Password == nil), "username", "goes with a password; give both or neither")
	report(len(c.Username) > maxLogin, "username", "is longer than 1024 bytes; give the one of the mail server")
	report(c.Hello != "" && !isHost(c.Hello), "hello", "is not a host name; give this machine's, or leave it out")
	report(c.Timeout < 0, "timeout", "is negative; give a length of time, or 0 for 20 s")
	report(c.MaxMessage < 0, "maxMessage", "is negative; give a number of bytes, or 0 for 10 MiB")
	report(c.MaxRecipients < 0, "maxRecipients", "is negative; give a number, or 0 for 50")
	return errors.Join(append(all, headers.TextProblems("username", c.Username)...)...)
}

// isHost says whether a text is an IP address, or a host name in ASCII with or
// without dots. Names in networks of containers have underscores.
func isHost(text string) bool {
	if ip, err := netip.ParseAddr(text); err == nil {
		return ip.Zone() == ""
	}
	if len(text) > headers.MaxDomain {
		return false
	}
	for label := range strings.SplitSeq(text, ".") {
		if label == "" || len(label) > headers.MaxLabel || label[0] == '-' || strings.Trim(label, hostLetters) != "" {
			return false
		}
	}
	return true
}

const hostLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"

// isLoopback says whether a host promises to be the own machine.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
