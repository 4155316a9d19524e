package mail

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	testUser     = "robot"
	testPassword = "correct horse"
)

// An envelope is a message as a server received it.
type envelope struct {
	hello string
	user  string // who logged in
	tls   bool
	from  string
	to    []string
	utf8  bool // the sender may not be in ASCII, and whoever takes it on has to be able to
	data  []byte
}

// A server is a real SMTP server on loopback that keeps what it receives.
type server struct {
	port int
	cas  *x509.CertPool

	// What it does other than taking everything.
	mechanisms []string
	refuse     func(command, address string) error

	mu       sync.Mutex
	received []envelope
}

// serve starts a server with the security that a client of it needs.
func serve(t testing.TB, security Security, change ...func(*server)) *server {
	t.Helper()
	s := &server{mechanisms: []string{"PLAIN"}}
	for _, change := range change {
		change(s)
	}
	certificate, cas := certify(t, "mail.test", net.IPv4(127, 0, 0, 1))
	s.cas = cas
	front := smtp.NewServer(s)
	front.Domain = "mail.test"
	front.ErrorLog = log.New(io.Discard, "", 0)
	front.MaxMessageBytes = 64 << 20
	front.EnableSMTPUTF8 = true
	config := &tls.Config{Certificates: []tls.Certificate{certificate}}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s.port = listener.Addr().(*net.TCPAddr).Port
	switch security {
	case ImplicitTLS:
		listener = tls.NewListener(listener, config)
	case StartTLS:
		front.TLSConfig = config
	default:
		front.AllowInsecureAuth = true
	}
	done := make(chan error, 1)
	go func() { done <- front.Serve(listener) }()
	t.Cleanup(func() {
		_ = front.Close()
		<-done
	})
	return s
}

// last gives the messages that came since the last call.
func (s *server) last() []envelope {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer func() { s.received = nil }()
	return s.received
}

func (s *server) NewSession(c *smtp.Conn) (smtp.Session, error) {
	_, secure := c.TLSConnectionState()
	return &visit{server: s, envelope: envelope{hello: c.Hostname(), tls: secure}}, nil
}

// A visit is one connection to a server.
type visit struct {
	server *server
	envelope
}

func (v *visit) ask(command, address string) error {
	if v.server.refuse == nil {
		return nil
	}
	return v.server.refuse(command, address)
}

func (v *visit) AuthMechanisms() []string { return v.server.mechanisms }

func (v *visit) Auth(mechanism string) (sasl.Server, error) {
	check := func(user, password string) error {
		if user != testUser || password != testPassword {
			return errors.New("who is " + user + " with " + password)
		}
		v.user = user
		return nil
	}
	if mechanism == "LOGIN" {
		return &loginServer{check: check}, nil
	}
	return sasl.NewPlainServer(func(_, user, password string) error { return check(user, password) }), nil
}

func (v *visit) Mail(from string, options *smtp.MailOptions) error {
	v.from, v.utf8 = from, options.UTF8
	return v.ask("MAIL", from)
}

func (v *visit) Rcpt(to string, _ *smtp.RcptOptions) error {
	v.to = append(v.to, to)
	return v.ask("RCPT", to)
}

func (v *visit) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := v.ask("DATA", ""); err != nil {
		return err
	}
	v.data = data
	v.server.mu.Lock()
	defer v.server.mu.Unlock()
	v.server.received = append(v.server.received, v.envelope)
	return nil
}

func (v *visit) Reset()        { v.from, v.to = "", nil }
func (v *visit) Logout() error { return nil }

// A loginServer asks for the name, and then for the password.
type loginServer struct {
	check   func(user, password string) error
	answers []string
}

func (l *loginServer) Next(response []byte) ([]byte, bool, error) {
	if response != nil {
		l.answers = append(l.answers, string(response))
	}
	switch len(l.answers) {
	case 0:
		return []byte("Username:"), false, nil
	case 1:
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check(l.answers[0], l.answers[1])
}

// certify makes a certificate for a name and an address, and whom to trust
// for it.
func certify(t testing.TB, name string, ip net.IP) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "a test"},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(time.Hour),
		DNSNames:              []string{name},
		IPAddresses:           []net.IP{ip},
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	root, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	cas := x509.NewCertPool()
	cas.AddCert(root)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, cas
}

// client gives a client of a server.
func (s *server) client(t testing.TB, security Security, change ...func(*Config)) *Client {
	t.Helper()
	config := Config{
		Host: "127.0.0.1", Port: s.port, Security: security, RootCAs: s.cas,
		Username: testUser, Password: Password(testPassword),
	}
	for _, change := range change {
		change(&config)
	}
	client, err := New(config)
	require.NoError(t, err)
	return client
}

// A line is what a scripted server reads, unless it is empty, and then says.
type line struct{ read, say string }

// script starts a server that says exactly what a script has, to one visitor,
// and then hangs up, or, if hold is set, waits until the visitor does.
func script(t testing.TB, hold bool, lines ...line) (port int) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		reader := bufio.NewReader(conn)
		for _, l := range lines {
			for got := ""; l.read != "" && got != l.read+"\r\n"; {
				if got, err = reader.ReadString('\n'); err != nil {
					return
				}
			}
			if _, err := io.WriteString(conn, l.say); err != nil {
				return
			}
		}
		if hold {
			_, _ = io.Copy(io.Discard, reader)
		}
	}()
	t.Cleanup(func() {
		listener.Close()
		<-done
	})
	return listener.Addr().(*net.TCPAddr).Port
}

func soundMessage() Message {
	return Message{
		ID:      "4711",
		From:    Address{Name: "Care (EMEA)", Email: "care@example.com"},
		To:      []string{"a@example.org", "b@example.org"},
		Bcc:     []string{"archive@example.net"},
		ReplyTo: "answers@example.com",
		Subject: "Low rating (3) for John Doe",
		Text:    "Good day.\n.\nBye.",
		HTML:    "<p>Good day.</p>\r\n",
		Date:    time.Date(2026, 3, 1, 12, 30, 0, 0, time.FixedZone("", 3600)),
	}
}

func (m Message) with(change func(*Message)) Message {
	m.To, m.Bcc = slices.Clone(m.To), slices.Clone(m.Bcc)
	change(&m)
	return m
}
