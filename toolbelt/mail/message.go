package mail

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/afterword-go/afterword/internal/headers"
)

// A Message is one e-mail. Addresses are bare, in ASCII, such as
// name@example.com.
type Message struct {
	// ID is what the message is about, in the caller's words, such as the ID
	// of a request. It is never sent, but makes the Message-ID: see MessageID.
	// Without it each sending is a message of its own.
	ID string

	// From is the sender, and whom the server tells what did not arrive.
	From Address

	// To, at least one, and Bcc receive the message; nobody reads in it whom
	// Bcc names. An address may be named once only.
	To, Bcc []string

	// ReplyTo is the address that answers go to, if not that of From.
	ReplyTo string

	// Subject has at most 998 bytes.
	Subject string

	// Text and HTML are the same content in two forms: give one of them or
	// both. All line breaks become CRLF, and one is added at the end if it is
	// missing; the rest arrives as it is. Nothing in them can end the message
	// or begin another. What comes from customers has to be escaped by who
	// writes the HTML, as html/template does.
	Text, HTML string

	// Date is when the message was written, from the year 1900 to 9999 in UTC;
	// the zero time is the time of sending.
	Date time.Time
}

// An Address is whom a message comes from.
type Address struct {
	Name  string // what recipients see, at most 255 bytes; it may be empty
	Email string
}

// MessageID is the Message-ID under which the message is sent, and sent again.
// Mail servers and mailboxes may know by it that they have the message
// already. It is "" if the message has no ID or the sender's address is no
// good.
//
// It is <hash@domain>, with the domain of From.Email as it is written. The hash
// is the first 20 bytes, in hexadecimal, of the SHA-256 of: ID, From.Name,
// From.Email, Subject and each of To, in this order, each preceded by its
// length in bytes as a big-endian number of 8 bytes. Nothing else counts, so a
// message with the same ID, but another Text, is still the same. All versions
// of this package keep to that.
func (m Message) MessageID() string {
	if m.ID == "" || headers.CheckAddress("from.email", m.From.Email) != nil {
		return ""
	}
	hash := sha256.New()
	for _, part := range append([]string{m.ID, m.From.Name, m.From.Email, m.Subject}, m.To...) {
		hash.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
		hash.Write([]byte(part))
	}
	return messageID(hex.EncodeToString(hash.Sum(nil)[:20]), m.From.Email)
}

func messageID(unique, sender string) string {
	_, domain, _ := strings.Cut(sender, "@")
	return "<" + unique + "@" + domain + ">"
}

// check reports everything that keeps a message from being sent.
func (m Message) check(c Config) error {
	all := []error{
		headers.CheckAddress("from.email", m.From.Email),
		m.checkRecipients(c.MaxRecipients),
		headers.CheckSubject("subject", m.Subject),
		checkBody("text", m.Text),
		checkBody("html", m.HTML),
	}
	if m.From.Name != "" {
		all = append(all, headers.CheckSenderName("from.name", m.From.Name))
	}
	if m.ReplyTo != "" {
		all = append(all, headers.CheckAddress("replyTo", m.ReplyTo))
	}
	if m.Text == "" && m.HTML == "" {
		all = append(all, errors.New("text: is empty, and html too; give one of them"))
	}
	if len(m.Text)+len(m.HTML) > c.MaxMessage {
		all = append(all, tooLarge(c.MaxMessage))
	}
	if year := m.Date.UTC().Year(); !m.Date.IsZero() && (year < 1900 || year > 9999) {
		all = append(all, errors.New("date: is not between the years 1900 and 9999 (RFC 5322, 3.3); give another"))
	}
	return errors.Join(all...)
}

// checkRecipients reports what is wrong with To and Bcc.
func (m Message) checkRecipients(limit int) error {
	if n := len(m.To) + len(m.Bcc); n > limit {
		return fmt.Errorf("to: names %d recipients together with bcc, and %d is the limit; send several messages", n, limit)
	}
	if len(m.To) == 0 {
		return errors.New("to: is empty; name a recipient")
	}
	var all []error
	seen := map[string]string{}
	for _, r := range m.recipients() {
		if err := headers.CheckAddress(r.field, r.address); err != nil {
			all = append(all, err)
			continue
		}
		local, domain, _ := strings.Cut(r.address, "@")
		same := local + "@" + strings.ToLower(domain)
		if first, ok := seen[same]; ok {
			all = append(all, fmt.Errorf("%s: is the same address as %s; name it once", r.field, first))
			continue
		}
		seen[same] = r.field
	}
	return errors.Join(all...)
}

// A recipient is an address and the place where the message names it.
type recipient struct{ field, address string }

func (m Message) recipients() []recipient {
	all := make([]recipient, 0, len(m.To)+len(m.Bcc))
	for i, address := range m.To {
		all = append(all, recipient{fmt.Sprintf("to[%d]", i), address})
	}
	for i, address := range m.Bcc {
		all = append(all, recipient{fmt.Sprintf("bcc[%d]", i), address})
	}
	return all
}

func checkBody(field, text string) error {
	switch {
	case !utf8.ValidString(text):
		return errors.New(field + ": is not valid UTF-8; remove the broken bytes")
	case strings.Contains(text, "\x00"):
		return errors.New(field + ": holds a NUL character (U+0000); remove it")
	}
	return nil
}

func tooLarge(limit int) error {
	return fmt.Errorf("text: makes the message, together with html, larger than %d bytes; shorten it", limit)
}
