package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strings"
	"unicode"
)

// An Error is why a server did not take a message or let nobody in. Find it
// with errors.As; where a server refuses several recipients, errors.Join has
// one for each.
type Error struct {
	// Place is where it happened: "connect", "encrypt", "hello", "login",
	// "from.email", "to[0]" and the like for recipients, or "content".
	Place string

	// Code is the server's answer, such as 550; 0 if it gave none.
	Code int

	// Answer is the text of that answer, in the server's words. It may quote
	// addresses or hold anything else, so Error leaves it out.
	Answer string

	// Unsure says that the whole message was sent, but no answer came: the
	// server may have taken it. Sent again, it has the same Message-ID if it
	// has an ID.
	Unsure bool

	// Cause is what happened if Code is 0, such as context.DeadlineExceeded.
	Cause error

	lost bool // the server could not be reached, or was lost
}

// Error tells the place and the code, or the cause, in one line.
func (e *Error) Error() string {
	text := e.Place + ": "
	switch {
	case e.Code != 0:
		text += fmt.Sprintf("the server answered %d", e.Code)
	case e.Cause != nil:
		text += oneLine(e.Cause.Error())
	default:
		text += "failed"
	}
	if e.Unsure {
		text += "; the server may have taken the message"
	}
	return text
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Temporary says whether the same may succeed later: the server answered with a
// code from 400 to 499, could not be reached, or was lost.
func (e *Error) Temporary() bool { return e.lost || e.Code/100 == 4 }

// Temporary says whether an error of this package may go away by itself, so
// that sending the message again has a point: of all that it joins, each is an
// Error that is temporary.
func Temporary(err error) bool {
	switch e := err.(type) {
	case *Error:
		return e.Temporary()
	case interface{ Unwrap() []error }:
		for _, one := range e.Unwrap() {
			if !Temporary(one) {
				return false
			}
		}
		return true
	case interface{ Unwrap() error }:
		return Temporary(e.Unwrap())
	}
	return false
}

var (
	errNoStartTLS   = errors.New("the server offers no STARTTLS; nothing was sent in the clear")
	errNoLogin      = errors.New("the server offers neither PLAIN nor LOGIN; ask for the way in that it has")
	errNotLoopback  = errors.New("the server is not on this machine; encrypt the connection")
	errLongAnswer   = fmt.Errorf("the server's answer is longer than %d bytes", maxAnswer)
	errStrange      = errors.New("the server's answer is not SMTP")
	errDisconnected = errors.New("the server ended the connection")
)

// fault makes an Error of what went wrong at a place. What a server said counts
// before a context that has ended since.
func fault(ctx context.Context, place string, err error) *Error {
	var (
		answer  *textproto.Error
		network net.Error
	)
	switch {
	case errors.As(err, &answer):
		return &Error{Place: place, Code: answer.Code, Answer: answer.Msg}
	case ctx.Err() != nil:
		return &Error{Place: place, Cause: ctx.Err(), lost: errors.Is(ctx.Err(), context.DeadlineExceeded)}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &Error{Place: place, Cause: errDisconnected, lost: true}
	case errors.Is(err, errLongAnswer):
		return &Error{Place: place, Cause: errLongAnswer}
	case isOfTLS(err):
		return &Error{Place: place, Cause: err}
	case errors.As(err, &network):
		return &Error{Place: place, Cause: err, lost: true}
	}
	return &Error{Place: place, Answer: err.Error(), Cause: errStrange} // may quote the server
}

// isOfTLS says whether an error is about a certificate, an answer that is not
// TLS, or what the server found wrong.
func isOfTLS(err error) bool {
	var (
		certificate *tls.CertificateVerificationError
		record      tls.RecordHeaderError
		alert       *net.OpError // crypto/tls has no type of its own
	)
	return errors.As(err, &certificate) || errors.As(err, &record) ||
		errors.As(err, &alert) && (alert.Op == "remote error" || alert.Op == "local error")
}

// oneLine keeps the text of an error in one line: a certificate, for one, may
// be made out to any name.
func oneLine(text string) string {
	const longest = 300
	if len(text) > longest {
		text = strings.ToValidUTF8(text[:longest], "") + "…"
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, text)
}

// at puts a place before every line of an error.
func at(place string, err error) error {
	if err == nil {
		return nil
	}
	return &placed{place: place, err: err}
}

type placed struct {
	place string
	err   error
}

func (p *placed) Error() string {
	return p.place + ": " + strings.ReplaceAll(p.err.Error(), "\n", "\n"+p.place+": ")
}

func (p *placed) Unwrap() error { return p.err }
