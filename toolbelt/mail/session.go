package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"
)

// maxAnswer is how many bytes a server may send in answer to one command, with
// what TLS adds to them.
const maxAnswer = 64 << 10

// maxGoodbye is how long a server may take to say goodbye.
const maxGoodbye = time.Second

// A session is one connection. It is used by one goroutine, and ends with its
// context.
type session struct {
	config Config
	ctx    context.Context
	conn   *limitedConn
	smtp   *smtp.Client
	unbind func()
	broken bool // there is nobody to talk to any more
}

// open connects, encrypts and logs in. Close the session after use.
func open(ctx context.Context, c Config, password string) (*session, error) {
	address := net.JoinHostPort(c.Host, strconv.Itoa(c.Port))
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, fault(ctx, "connect", err)
	}
	s := &session{config: c, ctx: ctx, conn: &limitedConn{Conn: conn}, unbind: bind(ctx, conn)}
	for _, step := range []func() error{s.greet, s.encrypt, func() error { return s.login(password) }} {
		if err := step(); err != nil {
			return nil, errors.Join(err, s.close())
		}
	}
	return s, nil
}

// bind lets a connection end with a context, until what it returns is called.
func bind(ctx context.Context, conn net.Conn) (unbind func()) {
	done := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(done)
		_ = conn.SetDeadline(time.Unix(1, 0)) // fails only if it is closed already
	})
	return func() {
		if !stop() {
			<-done
		}
	}
}

func (s *session) tlsConfig() *tls.Config {
	return &tls.Config{ServerName: s.config.Host, RootCAs: s.config.RootCAs, MinVersion: tls.VersionTLS12}
}

// greet reads the server's greeting and answers it, within TLS if that comes
// first.
func (s *session) greet() error {
	conn := net.Conn(s.conn)
	switch s.config.Security {
	case ImplicitTLS:
		secure := tls.Client(s.conn, s.tlsConfig())
		s.conn.allow(maxAnswer)
		if err := secure.HandshakeContext(s.ctx); err != nil {
			return fault(s.ctx, "encrypt", err)
		}
		conn = secure
	case InsecureLoopback:
		// A name such as localhost is what the machine's files say it is.
		if peer, ok := s.conn.RemoteAddr().(*net.TCPAddr); !ok || !peer.IP.IsLoopback() {
			return &Error{Place: "connect", Cause: errNotLoopback}
		}
	}
	s.conn.allow(maxAnswer)
	client, err := smtp.NewClient(conn, s.config.Host)
	if err != nil {
		return fault(s.ctx, "hello", err)
	}
	client.SkipSMTPUTF8(true) // addresses and headers are in ASCII
	s.smtp = client
	return s.step("hello", func() error { return client.Hello(s.config.Hello) })
}

// encrypt turns to TLS if it has not begun with it.
func (s *session) encrypt() error {
	if s.config.Security != StartTLS {
		return nil
	}
	if ok, _ := s.smtp.Extension("STARTTLS"); !ok {
		return &Error{Place: "encrypt", Cause: errNoStartTLS}
	}
	return s.step("encrypt", func() error { return s.smtp.StartTLS(s.tlsConfig()) })
}

// login logs in, if the config says who. A server that has more ways than these
// two is only asked for what TLS makes safe.
func (s *session) login(password string) error {
	if s.config.Username == "" {
		return nil
	}
	_, offered := s.smtp.Extension("AUTH")
	ways := strings.Fields(strings.ToUpper(offered))
	insecure := s.config.Security == InsecureLoopback
	var auth smtp.Auth
	switch {
	case slices.Contains(ways, "PLAIN"):
		auth = smtp.PlainAuth("", s.config.Username, password, s.config.Host, insecure)
	case slices.Contains(ways, "LOGIN"):
		auth = smtp.LoginAuth(s.config.Username, password, s.config.Host, insecure)
	default:
		return &Error{Place: "login", Cause: errNoLogin}
	}
	return s.step("login", func() error { return s.smtp.Auth(auth) })
}

// deliver hands a message over, to all recipients or to none.
func (s *session) deliver(m Message, content []byte) error {
	if err := s.step("from.email", func() error { return s.smtp.Mail("<" + m.From.Email + ">") }); err != nil {
		return err
	}
	var refused []error
	for _, r := range m.recipients() {
		err := s.step(r.field, func() error { return s.smtp.Rcpt("<" + r.address + ">") })
		if err == nil {
			continue
		}
		refused = append(refused, err)
		if s.broken {
			break
		}
	}
	if len(refused) > 0 {
		return errors.Join(refused...)
	}
	return s.step("content", func() error { return s.write(content) })
}

// write sends the content of a message. Lines that begin with a dot get
// another one, which the server takes away.
func (s *session) write(content []byte) error {
	w, err := s.smtp.Data()
	if err != nil {
		return err
	}
	s.conn.allow(maxAnswer)
	if _, err := w.Write(content); err != nil {
		return err
	}
	if err := s.conn.heard(w.Close()); err != nil {
		e := fault(s.ctx, "content", err)
		e.Unsure = e.Code == 0
		return e
	}
	return nil
}

// goodbye ends a session that did its work. That is done, so a server which
// hangs up without an answer changes nothing.
func (s *session) goodbye() {
	if s.broken {
		return
	}
	_ = s.step("goodbye", func() error {
		return errors.Join(s.conn.SetDeadline(time.Now().Add(maxGoodbye)), s.smtp.Quit())
	})
}

// close ends the connection, which the end of a session may have done already.
func (s *session) close() error {
	s.unbind()
	if err := s.conn.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return fault(s.ctx, "connect", err)
	}
	return nil
}

// step asks the server for one thing, and tells where it failed.
func (s *session) step(place string, ask func() error) error {
	s.conn.allow(maxAnswer)
	err := s.conn.heard(ask())
	if err == nil {
		return nil
	}
	e := new(Error)
	if !errors.As(err, &e) {
		e = fault(s.ctx, place, err)
	}
	s.broken = e.Code == 0
	return e
}

// A limitedConn reads no more than it is allowed to.
type limitedConn struct {
	net.Conn
	left int
	over bool // there was more
}

// allow begins a new answer.
func (c *limitedConn) allow(n int) { c.left = n }

// heard is the error of an answer. One that was cut off counts as none, though
// its beginning may look like an answer.
func (c *limitedConn) heard(err error) error {
	if c.over {
		return errLongAnswer
	}
	return err
}

func (c *limitedConn) Read(p []byte) (int, error) {
	if c.over = c.over || c.left == 0 && len(p) > 0; c.over {
		return 0, errLongAnswer
	}
	n, err := c.Conn.Read(p[:min(len(p), c.left)])
	c.left -= n
	return n, err
}
