package mail_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	netmail "net/mail"

	"github.com/emersion/go-smtp"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/toolbelt/mail"
)

// A chat server sends the transcripts that its function decided about.
func Example() {
	port, stop := mailServer()
	defer stop()
	client, err := mail.New(mail.Config{Host: "127.0.0.1", Port: port, Security: mail.InsecureLoopback})
	if err != nil {
		log.Fatal(err)
	}

	decided := []events.TranscriptEmail{
		{TargetEmail: "leads@example.com", SenderName: "Care", SenderEmail: "care@example.com", Subject: "Low rating (3) for Jörg"},
		{TargetEmail: "nobody@example.com", SenderName: "Care", SenderEmail: "care@example.com", Subject: "Low rating"},
	}
	var messages []mail.Message
	for _, email := range decided {
		message, err := mail.Transcript(email, "conversation-4711", "Agent: How can I help?\n")
		if err != nil {
			log.Fatal(err)
		}
		messages = append(messages, message)
	}
	fmt.Println(errors.Join(client.SendAll(context.Background(), messages)...))

	// Output:
	// to leads@example.com: <a2fc09ca39874c6ac04dc442d36d69bbe33087ac@example.com>
	// messages[1]: to[0]: the server answered 550
}

func ExampleTranscript() {
	_, err := mail.Transcript(events.TranscriptEmail{
		TargetEmail: "leads@example.com",
		SenderName:  "Care",
		SenderEmail: "care@example.com",
		Subject:     "Low rating\r\nBcc: somebody@example.org",
	}, "conversation-4711", "Agent: How can I help?\n")
	fmt.Println(err)

	// Output:
	// subject: holds a control character (U+000D); remove it
}

// mailServer starts a mail server that prints what it receives.
func mailServer() (port int, stop func()) {
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{}, nil }))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener)
	}()
	return listener.Addr().(*net.TCPAddr).Port, func() {
		server.Close()
		<-done
	}
}

type session struct{ to string }

func (s *session) Mail(string, *smtp.MailOptions) error { return nil }

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	if to == "nobody@example.com" {
		return &smtp.SMTPError{Code: 550, Message: "no such user"}
	}
	return nil
}

func (s *session) Data(r io.Reader) error {
	message, err := netmail.ReadMessage(r)
	if err != nil {
		return err
	}
	fmt.Printf("to %s: %s\n", s.to, message.Header.Get("Message-ID"))
	return nil
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }
