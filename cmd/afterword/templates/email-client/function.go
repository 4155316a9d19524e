package function

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/toolbelt/mail"
)

// Functions are what this program serves.
func Functions() ([]faas.Function, error) {
	port, err := strconv.Atoi(cmp.Or(os.Getenv("SMTP_PORT"), "0"))
	if err != nil {
		return nil, errors.New("SMTP_PORT: is not a number: give the port of the mail server, or none for 587")
	}
	config := mail.Config{Host: os.Getenv("SMTP_HOST"), Port: port, Username: os.Getenv("SMTP_USER")}
	if password := os.Getenv("SMTP_PASSWORD"); password != "" {
		config.Password = mail.Password(password)
	}
	if os.Getenv("ALLOW_LOOPBACK") != "" {
		config.Security = mail.InsecureLoopback
	}
	from, to := mail.Address{Name: "Call me back", Email: os.Getenv("MAIL_FROM")}, os.Getenv("MAIL_TO")

	send := func(context.Context, mail.Message) error {
		return errors.New("settings: give SMTP_HOST, MAIL_FROM and MAIL_TO: see README.md")
	}
	if config.Host != "" && from.Email != "" && to != "" {
		client, err := mail.New(config)
		if err != nil {
			return nil, fmt.Errorf("settings SMTP_…: %w", err)
		}
		send = client.Send
	}
	return []faas.Function{
		faas.NoEvent("my_function", newAskForCall(send, from, strings.FieldsFunc(to, between)), faas.Description("Asks for a call, by mail.")),
	}, nil
}

// between is what stands between addresses.
func between(c rune) bool { return c == ',' || c == ' ' }

// A Request is the payload: a customer wants to be called.
type Request struct {
	ID    string `json:"id"` // the same one makes the same Message-ID
	Phone string `json:"phone"`
	About string `json:"about"`
}

// A Sent is the result.
type Sent struct {
	MessageID string `json:"messageId"`
}

// newAskForCall makes the function. Who writes and who gets the mail is known
// here: were it in the payload, whoever calls the function could send mail to
// anybody in your name. The payload is in the text alone, for a subject is seen
// in many places.
func newAskForCall(send func(context.Context, mail.Message) error, from mail.Address, to []string) func(context.Context, events.Event[Request]) (Sent, error) {
	return func(ctx context.Context, event events.Event[Request]) (Sent, error) {
		request := event.Payload
		if request.ID == "" || request.Phone == "" {
			return Sent{}, errors.New("payload: give an id and a phone")
		}
		message := mail.Message{
			ID:      request.ID,
			From:    from,
			To:      to,
			Subject: "A customer asks for a call",
			Text:    fmt.Sprintf("Number: %s\nAbout: %s\n", request.Phone, request.About),
		}
		if err := send(ctx, message); err != nil {
			return Sent{}, err // it has neither addresses nor content
		}
		return Sent{MessageID: message.MessageID()}, nil
	}
}
