package function

import (
	"errors"
	"io"
	"net"
	netmail "net/mail"
	"strconv"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/toolbelt/mail"
)

// A server is a mail server that keeps what it gets. It takes nothing for
// nobody@example.com.
type server struct {
	port int

	mu   sync.Mutex
	mail []delivery
}

// A delivery is a mail, and the visit of the client that brings it.
type delivery struct {
	server   *server
	user     string
	from     string
	to       []string
	subject  string
	id, text string
}

func newServer(t *testing.T) *server {
	t.Helper()
	s := &server{}
	front := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &delivery{server: s}, nil }))
	front.AllowInsecureAuth = true
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s.port = listener.Addr().(*net.TCPAddr).Port
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = front.Serve(listener) // it always ends with an error
	}()
	t.Cleanup(func() {
		_ = front.Close()
		_ = listener.Close() // the front may not have it yet
		<-done
	})
	return s
}

// received gives the mail that came since the last call.
func (s *server) received() []delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer func() { s.mail = nil }()
	return s.mail
}

func (d *delivery) AuthMechanisms() []string { return []string{sasl.Plain} }

func (d *delivery) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "robot" || password != "s3cret" {
			return errors.New("who is that?")
		}
		d.user = user
		return nil
	}), nil
}

func (d *delivery) Mail(from string, _ *smtp.MailOptions) error {
	d.from = from
	return nil
}

func (d *delivery) Rcpt(to string, _ *smtp.RcptOptions) error {
	if to == "nobody@example.com" {
		return &smtp.SMTPError{Code: 550, Message: to + " is unknown"}
	}
	d.to = append(d.to, to)
	return nil
}

func (d *delivery) Data(r io.Reader) error {
	message, err := netmail.ReadMessage(r)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(message.Body)
	d.id, d.subject, d.text = message.Header.Get("Message-ID"), message.Header.Get("Subject"), string(text)
	d.server.mu.Lock()
	defer d.server.mu.Unlock()
	d.server.mail = append(d.server.mail, *d)
	return err
}

func (d *delivery) Reset()        {}
func (d *delivery) Logout() error { return nil }

func TestAskForCall(t *testing.T) {
	for _, test := range []struct {
		name    string
		to      []string
		payload Request
		text    string // empty: nothing is sent
		fault   string
	}{
		{name: "a request", to: []string{"a@example.com", "b@example.com"}, payload: Request{"4711", "+4930123456", "my contract"}, text: "Number: +4930123456\r\nAbout: my contract\r\n"},
		{name: "a sly one", to: []string{"a@example.com"}, payload: Request{"4711", "1\r\n.\r\nRCPT TO:<x@example.net>", "x"}, text: "Number: 1\r\n.\r\nRCPT TO:<x@example.net>\r\nAbout: x\r\n"},
		{name: "no number", to: []string{"a@example.com"}, payload: Request{ID: "4711"}, fault: "payload: give an id and a phone"},
		{name: "no ID", to: []string{"a@example.com"}, payload: Request{Phone: "1"}, fault: "payload: give an id and a phone"},
		{name: "an unknown recipient", to: []string{"nobody@example.com"}, payload: Request{"4711", "1", ""}, fault: "to[0]: the server answered 550"},
		{name: "no recipient", payload: Request{"4711", "1", ""}, fault: "to: "},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newServer(t)
			client, err := mail.New(mail.Config{Host: "127.0.0.1", Port: s.port, Security: mail.InsecureLoopback})
			require.NoError(t, err)
			ask := newAskForCall(client.Send, mail.Address{Email: "robot@example.com"}, test.to)
			sent, err := ask(t.Context(), events.Event[Request]{Payload: test.payload})
			if test.fault != "" {
				require.ErrorContains(t, err, test.fault)
				assert.NotContains(t, err.Error(), "example.com")
				assert.Empty(t, s.received())
				return
			}
			require.NoError(t, err)
			all := s.received()
			require.Len(t, all, 1)
			got := all[0]
			assert.Equal(t, "robot@example.com", got.from)
			assert.Equal(t, test.to, got.to)
			assert.Equal(t, "A customer asks for a call", got.subject)
			assert.Equal(t, sent.MessageID, got.id)
			assert.Equal(t, test.text, got.text)
		})
	}
}

func TestSettings(t *testing.T) {
	s := newServer(t)
	all := map[string]string{
		"SMTP_HOST": "127.0.0.1", "SMTP_PORT": strconv.Itoa(s.port), "SMTP_USER": "robot", "SMTP_PASSWORD": "s3cret",
		"MAIL_FROM": "robot@example.com", "MAIL_TO": "a@example.com,b@example.com", "ALLOW_LOOPBACK": "1",
	}
	for _, test := range []struct {
		name, setting, value string // all but one
		atStart, atCall      string
	}{
		{name: "all"},
		{name: "no host", setting: "SMTP_HOST", atCall: "settings: give SMTP_HOST"},
		{name: "no sender", setting: "MAIL_FROM", atCall: "settings: give SMTP_HOST"},
		{name: "no recipients", setting: "MAIL_TO", atCall: "settings: give SMTP_HOST"},
		{name: "no port", setting: "SMTP_PORT", value: "smtp", atStart: "SMTP_PORT: is not a number"},
		{name: "no password", setting: "SMTP_PASSWORD", atStart: "settings SMTP_…: username: "},
		{name: "the wrong password", setting: "SMTP_PASSWORD", value: "guess", atCall: "login: the server answered"},
		{name: "encrypted", setting: "ALLOW_LOOPBACK", atCall: "encrypt: "},
	} {
		t.Run(test.name, func(t *testing.T) {
			for setting, value := range all {
				t.Setenv(setting, value)
			}
			if test.setting != "" {
				t.Setenv(test.setting, test.value)
			}
			functions, err := Functions()
			if test.atStart != "" {
				require.ErrorContains(t, err, test.atStart)
				return
			}
			require.NoError(t, err)
			rt, err := faas.New(faas.Config{Functions: functions})
			require.NoError(t, err)
			_, err = rt.InvokeFunction(t.Context(), rt.Functions(faas.Filter{})[0].ID, events.Envelope{Payload: []byte(`{"id": "4711", "phone": "1"}`)})
			if test.atCall != "" {
				require.ErrorContains(t, err, test.atCall)
				assert.Empty(t, s.received())
				return
			}
			require.NoError(t, err)
			got := s.received()
			require.Len(t, got, 1)
			assert.Equal(t, "robot", got[0].user)
			assert.Equal(t, []string{"a@example.com", "b@example.com"}, got[0].to)
		})
	}
}
