package mail

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// A Client sends messages through one mail server. New makes one; the zero
// Client is of no use. It keeps no connection, and may be used by several
// goroutines at once.
type Client struct {
	config Config
}

// New makes a client. It connects to nobody yet: Verify does. The error tells
// everything that is wrong with the config, by the names of its fields.
func New(config Config) (*Client, error) {
	if err := config.check(); err != nil {
		return nil, err
	}
	return &Client{config: config.withDefaults()}, nil
}

// Verify connects to the server, logs in and says goodbye. The error is an
// Error, or that of Config.Password.
func (c *Client) Verify(ctx context.Context) error {
	return c.visit(ctx, func(*session) error { return nil })
}

// Send sends a message, on a connection of its own. All recipients get it, or,
// if the server refuses one, none. It returns nil once the server has taken
// the message; whether it arrives is up to the servers after that.
//
// A message that is no good is refused before anything is connected; the error
// tells everything that is wrong, by the names of the fields and never by their
// values. Else the error is one Error or several, or that of Config.Password.
// Send does not try again; Temporary says when that has a point. The message
// must not change before Send returns.
func (c *Client) Send(ctx context.Context, m Message) error {
	if err := m.check(c.config); err != nil {
		return err
	}
	content, err := compose(m, time.Now())
	if err != nil {
		return err
	}
	if len(content) > c.config.MaxMessage {
		return tooLarge(c.config.MaxMessage)
	}
	return c.visit(ctx, func(s *session) error { return s.deliver(m, content) })
}

// SendAll sends messages one after another, as Send does, and goes on where one
// fails. It returns an error for each message, in their order: nil for those
// that the server took. errors.Join makes one of them:
//
//	err := errors.Join(client.SendAll(ctx, messages)...)
//
// Each error begins with its message, such as messages[1]. When the context
// ends, the messages that are left fail with its error.
func (c *Client) SendAll(ctx context.Context, messages []Message) []error {
	all := make([]error, len(messages))
	for i, m := range messages {
		all[i] = at(fmt.Sprintf("messages[%d]", i), c.Send(ctx, m))
	}
	return all
}

// visit opens a session, does the work, and ends it.
func (c *Client) visit(ctx context.Context, work func(*session) error) (err error) {
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	password, err := c.password(ctx)
	if err != nil {
		return err
	}
	s, err := open(ctx, c.config, password)
	if err != nil {
		return err
	}
	err = work(s)
	s.goodbye()
	// A message that was taken stays taken, however the connection ends.
	if closing := s.close(); err != nil {
		return errors.Join(err, closing)
	}
	return nil
}

// password asks for the password, if there is one.
func (c *Client) password(ctx context.Context) (string, error) {
	if c.config.Password == nil {
		return "", nil
	}
	password, err := c.config.Password(ctx)
	switch {
	case err != nil:
		return "", at("password", err)
	case password == "":
		return "", errors.New("password: is empty; give the one of the mail server")
	case len(password) > maxLogin:
		return "", errors.New("password: is longer than 1024 bytes; give the one of the mail server")
	case strings.Contains(password, "\x00"):
		return "", errors.New("password: holds a NUL character (U+0000); give the one of the mail server")
	}
	return password, nil
}
