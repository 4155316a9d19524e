package mail

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
)

func TestCheckReportsEverything(t *testing.T) {
	t.Parallel()
	m := Message{
		From:    Address{Name: "x\" <y>", Email: "secret"},
		To:      []string{"a@example.org", "b@example.org\r\nDATA", "a@EXAMPLE.org"},
		Bcc:     []string{"", "A@example.org", "a@example.org"},
		ReplyTo: "x@",
		Subject: "secret\nBcc: x",
		Text:    "secret\x00",
		HTML:    "secret\xff",
		Date:    time.Date(1899, 12, 31, 0, 0, 0, 0, time.UTC),
	}
	err := m.check(Config{MaxMessage: 13}.withDefaults())
	require.Error(t, err)
	assert.Equal(t, []string{
		"from.email: holds 0 @ signs; give one bare address such as name@example.com",
		"to[1]: holds a control character (U+000D); remove it",
		"to[1]: holds more than ASCII letters, digits, dots and hyphens after the @; give a bare address, and an international domain in its xn-- form",
		"to[2]: is the same address as to[0]; name it once",
		"bcc[0]: is empty; give an address such as name@example.com",
		"bcc[2]: is the same address as to[0]; name it once",
		"subject: holds a control character (U+000A); remove it",
		"text: holds a NUL character (U+0000); remove it",
		"html: is not valid UTF-8; remove the broken bytes",
		`from.name: holds one of <>"\@ or what looks like it, which can end or fake an address; remove it`,
		"replyTo: has no full domain after the @; write it with its dots, as in name@example.com",
		"text: makes the message, together with html, larger than 13 bytes; shorten it",
		"date: is not between the years 1900 and 9999 (RFC 5322, 3.3); give another",
	}, strings.Split(err.Error(), "\n"))
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*Message){
		"to: is empty; name a recipient":                                                             func(m *Message) { m.To = nil },
		"text: is empty, and html too; give one of them":                                             func(m *Message) { m.Text, m.HTML = "", "" },
		"subject: is empty; give the text that recipients shall see":                                 func(m *Message) { m.Subject = "" },
		"from.email: is empty; give an address such as name@example.com":                             func(m *Message) { m.From = Address{} },
		"date: is not between the years 1900 and 9999 (RFC 5322, 3.3); give another":                 func(m *Message) { m.Date = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) },
		"to: names 51 recipients together with bcc, and 50 is the limit; send several messages":      func(m *Message) { m.To = people(50) },
		"to: names 1000000 recipients together with bcc, and 50 is the limit; send several messages": func(m *Message) { m.To, m.Bcc = make([]string, 1_000_000), nil },
	} {
		assert.EqualError(t, soundMessage().with(change).check(Config{}.withDefaults()), want)
	}
	west, east := time.FixedZone("", -5*60*60), time.FixedZone("", 5*60*60)
	for _, date := range []time.Time{time.Date(9999, 12, 31, 19, 0, 0, 0, west), time.Date(1900, 1, 1, 4, 59, 59, 0, east)} {
		assert.ErrorContains(t, soundMessage().with(func(m *Message) { m.Date = date }).check(Config{}.withDefaults()), "date: ", "it is written in UTC")
	}
	for _, change := range []func(*Message){
		func(m *Message) { m.Date = time.Date(9999, 12, 31, 18, 59, 59, 0, west) },
		func(m *Message) { m.Date = time.Date(1900, 1, 1, 5, 0, 0, 0, east) },
		func(m *Message) { m.To = people(49) },
		func(m *Message) { m.Date = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC) },
	} {
		assert.NoError(t, soundMessage().with(change).check(Config{}.withDefaults()))
	}
	three := Config{MaxRecipients: 3}.withDefaults()
	assert.NoError(t, soundMessage().check(three))
	assert.Error(t, soundMessage().with(func(m *Message) { m.Bcc = append(m.Bcc, "x@example.org") }).check(three))
}

func people(n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("p%d@example.org", i)
	}
	return all
}

// The composition is promised: what is in mailboxes has to be recognised by
// later versions.
func TestMessageIDGolden(t *testing.T) {
	t.Parallel()
	m := soundMessage()
	assert.Equal(t, "<5745b252c4c47dca082f1718b67a34239b4eb165@example.com>", m.MessageID())
	assert.Equal(t, "<108128a651ad49ebe7fab45b0f86d284a2d8c28b@B.example>", Message{ID: "x", From: Address{Email: "a@B.example"}}.MessageID())
}

func TestMessageIDDiffers(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for name, change := range map[string]func(*Message){
		"nothing":          func(*Message) {},
		"ID":               func(m *Message) { m.ID += " " },
		"name":             func(m *Message) { m.From.Name = "" },
		"sender":           func(m *Message) { m.From.Email = "Care@example.com" },
		"domain":           func(m *Message) { m.From.Email = "care@Example.com" },
		"subject":          func(m *Message) { m.Subject = "" },
		"target":           func(m *Message) { m.To[0] = "A@example.org" },
		"order":            func(m *Message) { m.To[0], m.To[1] = m.To[1], m.To[0] },
		"fewer":            func(m *Message) { m.To = m.To[:1] },
		"none":             func(m *Message) { m.To = nil },
		"ID into name":     func(m *Message) { m.ID, m.From.Name = "471", "1"+m.From.Name },
		"subject into to":  func(m *Message) { m.Subject, m.To[0] = m.Subject[:3], m.Subject[3:]+m.To[0] },
		"subject as to":    func(m *Message) { m.To = append([]string{m.Subject}, m.To...); m.Subject = "" },
		"one to for two":   func(m *Message) { m.To = []string{m.To[0] + m.To[1]} },
		"name into sender": func(m *Message) { m.From.Name, m.From.Email = "Care (EMEA", "x"+m.From.Email },
	} {
		id := soundMessage().with(change).MessageID()
		require.NotEmpty(t, id, name)
		assert.Empty(t, seen[id], "%s is like it", name)
		seen[id] = name
	}
	same := soundMessage().with(func(m *Message) {
		m.Bcc, m.ReplyTo, m.Text, m.HTML, m.Date = nil, "", "other", "other", time.Time{}
	})
	assert.Equal(t, soundMessage().MessageID(), same.MessageID())
	for _, sender := range []string{"", "x", "x@a.b>\r\nBcc: y"} {
		assert.Empty(t, Message{ID: "x", From: Address{Email: sender}}.MessageID())
	}
}

func TestTranscript(t *testing.T) {
	t.Parallel()
	email := events.TranscriptEmail{TargetEmail: "leads@example.org", SenderName: "Care", SenderEmail: "care@example.com", Subject: "Low rating"}
	m, err := Transcript(email, "chat-1", "agent: hello\n")
	require.NoError(t, err)
	assert.Equal(t, Message{
		ID: "chat-1", From: Address{"Care", "care@example.com"}, To: []string{"leads@example.org"}, Subject: "Low rating", Text: "agent: hello\n",
	}, m)
	assert.NoError(t, m.check(Config{}.withDefaults()))

	again, err := Transcript(email, "chat-1", "agent: hello\nvisitor: bye\n")
	require.NoError(t, err)
	assert.Equal(t, m.MessageID(), again.MessageID())
	email.TargetEmail = "other@example.org"
	other, err := Transcript(email, "chat-1", "agent: hello\n")
	require.NoError(t, err)
	assert.NotEqual(t, m.MessageID(), other.MessageID())

	_, err = Transcript(events.TranscriptEmail{TargetEmail: "x", SenderEmail: "secret@\n", Subject: "a\rb"}, "", "")
	require.Error(t, err)
	assert.Equal(t, []string{
		"targetEmail: holds 0 @ signs; give one bare address such as name@example.com",
		"senderName: is empty; give the name that recipients shall see",
		"senderEmail: holds a control character (U+000A); remove it",
		"senderEmail: has no full domain after the @; write it with its dots, as in name@example.com",
		"subject: holds a control character (U+000D); remove it",
		"decision: is empty; give the ID of the conversation or of the request",
		"text: is empty; give the transcript",
	}, strings.Split(err.Error(), "\n"))
	_, err = Transcript(email, "x", "a\x00")
	assert.EqualError(t, err, "text: holds a NUL character (U+0000); remove it")
}
