package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func refusing(codes map[string]int) func(*server) {
	return func(s *server) {
		s.refuse = func(command, address string) error {
			if code := codes[command+address]; code != 0 {
				return &smtp.SMTPError{Code: code, EnhancedCode: smtp.NoEnhancedCode, Message: "no " + address + ", says secret"}
			}
			return nil
		}
	}
}

func TestServerRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		codes     map[string]int
		want      string
		temporary bool
	}{
		{map[string]int{"MAILcare@example.com": 451}, "from.email: the server answered 451", true},
		{map[string]int{"RCPTb@example.org": 550}, "to[1]: the server answered 550", false},
		{map[string]int{"RCPTarchive@example.net": 450}, "bcc[0]: the server answered 450", true},
		{map[string]int{"RCPTa@example.org": 450, "RCPTb@example.org": 452}, "to[0]: the server answered 450\nto[1]: the server answered 452", true},
		{map[string]int{"RCPTa@example.org": 450, "RCPTarchive@example.net": 550}, "to[0]: the server answered 450\nbcc[0]: the server answered 550", false},
		{map[string]int{"DATA": 554}, "content: the server answered 554", false},
		{map[string]int{"DATA": 421}, "content: the server answered 421", true},
	} {
		s := serve(t, StartTLS, refusing(c.codes))
		err := s.client(t, StartTLS).Send(t.Context(), soundMessage())
		require.EqualError(t, err, c.want)
		assert.Equal(t, c.temporary, Temporary(err), c.want)
		var e *Error
		require.ErrorAs(t, err, &e)
		assert.Contains(t, e.Answer, "says secret")
		assert.False(t, e.Unsure)
		assert.Empty(t, s.last(), "all get it or none")
	}
}

func TestLoginRefused(t *testing.T) {
	t.Parallel()
	for _, mechanism := range []string{"PLAIN", "LOGIN"} {
		s := serve(t, StartTLS, func(s *server) { s.mechanisms = []string{mechanism} })
		client := s.client(t, StartTLS, func(c *Config) { c.Password = Password("wrong") })
		for _, err := range []error{client.Verify(t.Context()), client.Send(t.Context(), soundMessage())} {
			var e *Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, "login", e.Place)
			assert.Equal(t, 454, e.Code)
			assert.NotContains(t, err.Error(), "wrong")
		}
		assert.Empty(t, s.last())
	}
	s := serve(t, StartTLS, func(s *server) { s.mechanisms = []string{"CRAM-MD5", "NTLM"} })
	assert.EqualError(t, s.client(t, StartTLS).Verify(t.Context()), "login: the server offers neither PLAIN nor LOGIN; ask for the way in that it has")
}

func TestPasswordFails(t *testing.T) {
	t.Parallel()
	gone := errors.New("the secret is gone")
	for want, password := range map[string]func(context.Context) (string, error){
		"password: the secret is gone":           func(context.Context) (string, error) { return "", gone },
		"password: is empty; give the one of":    Password(""),
		"password: holds a NUL character":        Password("a\x00b"),
		"password: is longer than 1024 bytes; g": Password(strings.Repeat("x", 1025)),
	} {
		client, err := New(Config{Host: "127.0.0.1", Port: 1, Username: "x", Password: password})
		require.NoError(t, err)
		err = client.Verify(t.Context())
		assert.ErrorContains(t, err, want)
		assert.False(t, Temporary(err))
		assert.Equal(t, strings.Contains(want, "gone"), errors.Is(err, gone))
	}
	client, err := New(Config{Host: "127.0.0.1", Port: 1, Username: "x", Password: Password(strings.Repeat("x", 1024))})
	require.NoError(t, err)
	assert.ErrorContains(t, client.Verify(t.Context()), "connect: ")
}

func TestWrongCertificate(t *testing.T) {
	t.Parallel()
	for _, security := range []Security{StartTLS, ImplicitTLS} {
		s := serve(t, security)
		_, others := certify(t, "mail.test", net.IPv4(127, 0, 0, 1))
		for name, change := range map[string]func(*Config){
			"another authority": func(c *Config) { c.RootCAs = others },
			"those of machine":  func(c *Config) { c.RootCAs = nil },
			"another name":      func(c *Config) { c.Host = "localhost" },
		} {
			err := s.client(t, security, change).Send(t.Context(), soundMessage())
			var e *Error
			require.ErrorAs(t, err, &e, name)
			assert.Equal(t, "encrypt", e.Place, name)
			assert.ErrorAs(t, err, new(*tls.CertificateVerificationError), name)
			assert.False(t, Temporary(err), name)
		}
		assert.Empty(t, s.last())
	}
}

// A certificate for another name, whose name would be a line of a log.
func TestOneLine(t *testing.T) {
	t.Parallel()
	e := &Error{Place: "encrypt", Cause: x509.HostnameError{Certificate: &x509.Certificate{DNSNames: []string{"a\nevil: yes\u202e"}}, Host: "b"}}
	assert.Equal(t, "encrypt: x509: certificate is valid for a?evil: yes?, not b", e.Error())
	long := &Error{Place: "encrypt", Cause: errors.New(strings.Repeat("ö", 10_000))}
	assert.Equal(t, "encrypt: "+strings.Repeat("ö", 150)+"…", long.Error())
	assert.Equal(t, "content: failed", (&Error{Place: "content"}).Error())
}

func TestTLSWhereThereIsNone(t *testing.T) {
	t.Parallel()
	port := script(t, false, line{"", "220 hello\r\n"})
	err := plain(t, port, func(c *Config) { c.Security = ImplicitTLS }).Verify(t.Context())
	assert.EqualError(t, err, "encrypt: tls: first record does not look like a TLS handshake")
	assert.False(t, Temporary(err))
}

// A server that knows nothing newer than TLS 1.1.
func TestOldTLS(t *testing.T) {
	t.Parallel()
	certificate, cas := certify(t, "mail.test", net.IPv4(127, 0, 0, 1))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan error, 1)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			done <- err
			return
		}
		defer conn.Close()
		done <- tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}).Handshake()
	}()
	t.Cleanup(func() { listener.Close() })
	s := &server{port: listener.Addr().(*net.TCPAddr).Port, cas: cas}
	err = s.client(t, ImplicitTLS).Verify(t.Context())
	assert.Error(t, <-done)
	assert.EqualError(t, err, "encrypt: remote error: tls: protocol version not supported")
	assert.False(t, Temporary(err))
}

// plain gives a client of a scripted server.
func plain(t testing.TB, port int, change ...func(*Config)) *Client {
	return (&server{port: port}).client(t, InsecureLoopback, change...)
}

// Somebody between client and server takes STARTTLS out, or answers it.
func TestNoFallingBack(t *testing.T) {
	t.Parallel()
	const greeting = "220 hello\r\n"
	for name, c := range map[string]struct {
		lines []line
		want  string
	}{
		"not offered":     {[]line{{"", greeting}, {"EHLO localhost", "250-x\r\n250 AUTH PLAIN LOGIN\r\n"}}, "encrypt: the server offers no STARTTLS; nothing was sent in the clear"},
		"only HELO":       {[]line{{"", greeting}, {"EHLO localhost", "502 no\r\n"}, {"HELO localhost", "250 x\r\n"}}, "encrypt: the server offers no STARTTLS; nothing was sent in the clear"},
		"refused":         {[]line{{"", greeting}, {"EHLO localhost", "250-x\r\n250 STARTTLS\r\n"}, {"STARTTLS", "454 not now\r\n"}}, "encrypt: the server answered 454"},
		"clear afterward": {[]line{{"", greeting}, {"EHLO localhost", "250-x\r\n250 STARTTLS\r\n"}, {"STARTTLS", "220 go\r\n250-x\r\n250 AUTH PLAIN\r\n"}}, "encrypt: the server ended the connection"},
		"clear answer": {
			[]line{{"", greeting}, {"EHLO localhost", "250-x\r\n250 STARTTLS\r\n"}, {"STARTTLS", "220 go\r\n"}, {"", "250-x\r\n250 AUTH PLAIN\r\n"}},
			"encrypt: ",
		},
	} {
		client := plain(t, script(t, false, c.lines...), func(c *Config) { c.Security = StartTLS })
		err := client.Send(t.Context(), soundMessage())
		assert.ErrorContains(t, err, c.want, name)
		assert.NotContains(t, err.Error(), "login", name)
	}
}

// What comes in the clear before TLS begins is not taken for an answer within.
func TestAnswersBeforeTLSDoNotCount(t *testing.T) {
	t.Parallel()
	certificate, cas := certify(t, "mail.test", net.IPv4(127, 0, 0, 1))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan error, 1)
	go func() {
		done <- func() error {
			conn, err := listener.Accept()
			if err != nil {
				return err
			}
			defer conn.Close()
			buffer := make([]byte, 1000)
			for _, say := range []string{"220 hello\r\n", "250-x\r\n250 STARTTLS\r\n", "220 go\r\n250-evil\r\n250 AUTH PLAIN\r\n235 welcome\r\n"} {
				if _, err := io.WriteString(conn, say); err != nil {
					return err
				}
				if strings.Contains(say, "evil") {
					break
				}
				if _, err := conn.Read(buffer); err != nil {
					return err
				}
			}
			secure := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{certificate}})
			if _, err := secure.Read(buffer); err != nil {
				return err
			}
			_, err = io.WriteString(secure, "250-x\r\n250 NOTHING\r\n")
			return err
		}()
	}()
	t.Cleanup(func() { listener.Close() })
	s := &server{port: listener.Addr().(*net.TCPAddr).Port, cas: cas}
	err = s.client(t, StartTLS).Verify(t.Context())
	assert.NoError(t, <-done)
	assert.EqualError(t, err, "login: the server offers neither PLAIN nor LOGIN; ask for the way in that it has")
}

var upToContent = []line{
	{"", "220 hello\r\n"},
	{"EHLO localhost", "250-x\r\n250 AUTH LOGIN\r\n"},
	{"AUTH LOGIN", "334 VXNlcm5hbWU6\r\n"},
	{"cm9ib3Q=", "334 UGFzc3dvcmQ6\r\n"},
	{"Y29ycmVjdCBob3JzZQ==", "235 welcome\r\n"},
	{"MAIL FROM:<care@example.com>", "250 yes\r\n"},
	{"RCPT TO:<a@example.org>", "250 yes\r\n"},
	{"RCPT TO:<b@example.org>", "251 yes\r\n"},
	{"RCPT TO:<archive@example.net>", "250 yes\r\n"},
	{"DATA", "354 go\r\n"},
}

var places = []string{"hello", "hello", "login", "login", "login", "from.email", "to[0]", "to[1]", "bcc[0]", "content"}

// At every step the server hangs up, hangs, speaks something else or too much.
func TestServerFailsAnywhere(t *testing.T) {
	t.Parallel()
	for i, place := range places {
		until := upToContent[:i]
		last := func(say string) []line { return append(append([]line{}, until...), line{upToContent[i].read, say}) }
		t.Run(fmt.Sprintf("%d %s", i, place), func(t *testing.T) {
			t.Parallel()
			for _, c := range []struct {
				what      string
				port      int
				want      string
				temporary bool
			}{
				{"hangs up", script(t, false, last("")...), "the server ended the connection", true},
				{"babbles", script(t, true, last("secret\r\nsecret\r\nsecret\r\n")...), "the server's answer is not SMTP", false},
				{"short answer", script(t, true, last("2\r\n2\r\n2\r\n")...), "the server's answer is not SMTP", false},
				{"one long line", script(t, true, last("250 "+strings.Repeat("x", 2*maxAnswer))...), "the server's answer is longer than 65536 bytes", false},
				{"many lines", script(t, true, last(strings.Repeat("250-x\r\n", maxAnswer/7+1))...), "the server's answer is longer than 65536 bytes", false},
				{"refuses", script(t, true, last("554 secret\r\n221 bye\r\n221 bye\r\n")...), "the server answered 554", false},
			} {
				err := plain(t, c.port).Send(t.Context(), soundMessage())
				var e *Error
				require.ErrorAs(t, err, &e, c.what)
				if c.what == "hangs up" && strings.Contains(err.Error(), "connection reset") {
					c.want = "connection reset" // what was sent meanwhile nobody has read
				}
				assert.Equal(t, place, e.Place, c.what)
				assert.ErrorContains(t, err, c.want, c.what)
				assert.NotContains(t, err.Error(), "secret", c.what)
				assert.Equal(t, c.temporary, Temporary(err), c.what)
				assert.False(t, e.Unsure, c.what)
			}
			slow := plain(t, script(t, true, until...), func(c *Config) { c.Timeout = 150 * time.Millisecond })
			err := slow.Send(t.Context(), soundMessage())
			assert.EqualError(t, err, place+": context deadline exceeded")
			assert.True(t, Temporary(err))

			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(100*time.Millisecond, cancel)
			err = plain(t, script(t, true, until...)).Send(ctx, soundMessage())
			assert.EqualError(t, err, place+": context canceled")
			assert.ErrorIs(t, err, context.Canceled)
			assert.False(t, Temporary(err))
		})
	}
}

// After the last line nobody knows.
func TestUnsure(t *testing.T) {
	t.Parallel()
	received := append(append([]line{}, upToContent...), line{".", ""})
	client := plain(t, script(t, false, received...))
	err := client.Send(t.Context(), soundMessage())
	assert.EqualError(t, err, "content: the server ended the connection; the server may have taken the message")
	assert.True(t, Temporary(err))
	var e *Error
	require.ErrorAs(t, err, &e)
	assert.True(t, e.Unsure)

	client = plain(t, script(t, true, received...), func(c *Config) { c.Timeout = 150 * time.Millisecond })
	err = client.Send(t.Context(), soundMessage())
	assert.EqualError(t, err, "content: context deadline exceeded; the server may have taken the message")
	assert.ErrorIs(t, err, context.DeadlineExceeded)
}

// Once the server has taken the message, nothing takes it back.
func TestTakenIsTaken(t *testing.T) {
	t.Parallel()
	for _, goodbye := range []string{"", "421 away\r\n", "x\r\n", "221 bye\r\n"} {
		lines := append(append([]line{}, upToContent...), line{".", "250 taken\r\n"})
		if goodbye != "" {
			lines = append(lines, line{"QUIT", goodbye})
		}
		assert.NoError(t, plain(t, script(t, false, lines...)).Send(t.Context(), soundMessage()), goodbye)
	}
	begin := time.Now()
	lines := append(append([]line{}, upToContent...), line{".", "250 taken\r\n"})
	assert.NoError(t, plain(t, script(t, true, lines...)).Send(t.Context(), soundMessage()), "no goodbye")
	assert.Less(t, time.Since(begin), DefaultTimeout/2)
}

func TestNobodyThere(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	port := listener.Addr().(*net.TCPAddr).Port
	require.NoError(t, listener.Close())
	err = plain(t, port).Verify(t.Context())
	assert.ErrorContains(t, err, "connect: dial tcp 127.0.0.1:")
	assert.True(t, Temporary(err))
}

// A name may promise to be this machine, and be another.
func TestLoopbackOnly(t *testing.T) {
	t.Parallel()
	near, far := net.Pipe()
	defer near.Close()
	defer far.Close()
	for _, conn := range []net.Conn{near, elsewhere{near}} {
		s := &session{config: Config{Security: InsecureLoopback}, ctx: t.Context(), conn: &limitedConn{Conn: conn}}
		assert.EqualError(t, s.greet(), "connect: the server is not on this machine; encrypt the connection")
	}
}

type elsewhere struct{ net.Conn }

func (elsewhere) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 25} }

func TestTemporary(t *testing.T) {
	t.Parallel()
	soon, never := &Error{Place: "content", Code: 450}, &Error{Place: "content", Code: 550}
	assert.True(t, Temporary(errors.Join(soon, fmt.Errorf("x: %w", soon))))
	for _, err := range []error{nil, errors.New("x"), never, errors.Join(soon, never), at("x", never), fmt.Errorf("x: %w", errors.New("y"))} {
		assert.False(t, Temporary(err))
	}
}
