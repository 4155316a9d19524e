package mail

import (
	"bytes"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var now = time.Date(2026, 7, 1, 8, 0, 0, 0, time.UTC)

// exactly asserts that a message on its way is what was to be sent, and nothing
// else. It reads it with other programs than those that wrote it.
func exactly(t require.TestingT, m Message, raw []byte) {
	head, _, ok := strings.Cut(string(raw), "\r\n\r\n")
	require.True(t, ok)
	for l := range strings.SplitSeq(string(raw), "\r\n") {
		require.LessOrEqual(t, len(l), 998)
		require.Equal(t, -1, strings.IndexFunc(l, func(r rune) bool { return r != '\t' && (r < ' ' || r > '~') }), "%q", l)
	}
	want := []string{"Auto-Submitted", "Content-Type", "Date", "From", "MIME-Version", "Message-ID", "Subject", "To"}
	if m.Text == "" || m.HTML == "" {
		want = append(want, "Content-Transfer-Encoding")
	}
	if m.ReplyTo != "" {
		want = append(want, "Reply-To")
	}
	var names []string
	for l := range strings.SplitSeq(head, "\r\n") {
		require.NotEmpty(t, strings.TrimSpace(l), "a blank line can end the headers")
		if name, _, ok := strings.Cut(l, ":"); ok && l[0] != ' ' {
			names = append(names, name)
		} else {
			require.Equal(t, " ", l[:1], "%q", l)
		}
	}
	require.ElementsMatch(t, want, names)

	parsed, err := netmail.ReadMessage(bytes.NewReader(raw))
	require.NoError(t, err)
	require.Len(t, slices.Collect(maps.Keys(parsed.Header)), len(want))
	from, err := parsed.Header.AddressList("From")
	require.NoError(t, err)
	require.Equal(t, []*netmail.Address{{Name: m.From.Name, Address: m.From.Email}}, from)
	to, err := parsed.Header.AddressList("To")
	require.NoError(t, err)
	require.Equal(t, m.To, addresses(to))
	if m.ReplyTo != "" {
		require.Equal(t, m.ReplyTo, parsed.Header.Get("Reply-To"))
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(parsed.Header.Get("Subject"))
	require.NoError(t, err)
	// The spaces at the ends of encoded words stay; others do not get so far.
	require.Equal(t, m.Subject, subject)
	id := parsed.Header.Get("Message-ID")
	if m.ID != "" {
		require.Equal(t, m.MessageID(), id)
	}
	require.Regexp(t, regexp.MustCompile(`^<[0-9a-zA-Z]+@[^@<>\s]+>$`), id)
	date, err := parsed.Header.Date()
	require.NoError(t, err)
	if m.Date.IsZero() {
		require.WithinDuration(t, now, date, 100*365*24*time.Hour)
	} else {
		require.Equal(t, m.Date.Unix(), date.Unix())
	}
	require.Equal(t, "1.0", parsed.Header.Get("MIME-Version"))
	require.Equal(t, "auto-generated", parsed.Header.Get("Auto-Submitted"))
	bodies(t, m, parsed)
}

// bodies asserts that a message has the content that it was to have.
func bodies(t require.TestingT, m Message, parsed *netmail.Message) {
	kind, params, err := mime.ParseMediaType(parsed.Header.Get("Content-Type"))
	require.NoError(t, err)
	if m.Text == "" || m.HTML == "" {
		want := "text/plain"
		if m.Text == "" {
			want = "text/html"
		}
		require.Equal(t, want, kind)
		require.Equal(t, map[string]string{"charset": "utf-8"}, params)
		require.Equal(t, "quoted-printable", parsed.Header.Get("Content-Transfer-Encoding"))
		require.Equal(t, onTheWay(m.Text+m.HTML), all(t, quotedprintable.NewReader(parsed.Body)))
		return
	}
	require.Equal(t, "multipart/alternative", kind)
	parts := multipart.NewReader(parsed.Body, params["boundary"])
	for _, want := range []struct{ kind, content string }{{"text/plain; charset=utf-8", m.Text}, {"text/html; charset=utf-8", m.HTML}} {
		part, err := parts.NextRawPart()
		require.NoError(t, err)
		require.Equal(t, want.kind, part.Header.Get("Content-Type"))
		require.Len(t, part.Header, 2)
		require.Equal(t, "quoted-printable", part.Header.Get("Content-Transfer-Encoding"))
		require.Equal(t, onTheWay(want.content), all(t, quotedprintable.NewReader(part)))
	}
	_, err = parts.NextRawPart()
	require.ErrorIs(t, err, io.EOF)
	require.Empty(t, all(t, parsed.Body), "nothing comes after the last part")
}

func all(t require.TestingT, r io.Reader) string {
	b, err := io.ReadAll(r)
	require.NoError(t, err)
	return string(b)
}

// onTheWay is a text with the line breaks of mail.
func onTheWay(text string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	return strings.ReplaceAll(strings.TrimSuffix(text, "\n")+"\n", "\n", "\r\n")
}

func addresses(list []*netmail.Address) []string {
	var all []string
	for _, a := range list {
		all = append(all, a.Address)
	}
	return all
}

func TestComposeExactly(t *testing.T) {
	t.Parallel()
	many := make([]string, DefaultMaxRecipients)
	for i := range many {
		many[i] = strings.Repeat("a", 60) + string(rune('a'+i%26)) + string(rune('a'+i/26)) + "@" + strings.Repeat("b.", 90) + "com"
	}
	for name, change := range map[string]func(*Message){
		"as it is":             func(*Message) {},
		"text":                 func(m *Message) { m.HTML = "" },
		"html":                 func(m *Message) { m.Text = "" },
		"no name":              func(m *Message) { m.From.Name = "" },
		"no ID":                func(m *Message) { m.ID = "" },
		"no reply":             func(m *Message) { m.ReplyTo = "" },
		"no date":              func(m *Message) { m.Date = time.Time{} },
		"comma in name":        func(m *Message) { m.From.Name = "Doe, John: Care; Leads" },
		"name of the world":    func(m *Message) { m.From.Name = "Jörg 株式会社 עזרה 👩🏽‍💻" },
		"longest name":         func(m *Message) { m.From.Name = strings.Repeat("x", 255) },
		"long name of words":   func(m *Message) { m.From.Name = strings.TrimSpace(strings.Repeat("word ", 50)) },
		"spaces in name":       func(m *Message) { m.From.Name = "a" + strings.Repeat(" ", 200) + "b" },
		"longest subject":      func(m *Message) { m.Subject = strings.Repeat("x", 998) },
		"long subject":         func(m *Message) { m.Subject = strings.TrimSpace(strings.Repeat("word ", 199)) },
		"long foreign subject": func(m *Message) { m.Subject = strings.Repeat("ö👍", 166) },
		"longer words":         func(m *Message) { m.Subject = "x" + strings.Repeat("ö👍", 166) },
		"padded subject":       func(m *Message) { m.Subject = " padded  " },
		"blank subject lines":  func(m *Message) { m.Subject = "a" + strings.Repeat(" ", 300) + "Bcc: x@example.org" },
		"halves of a word":     func(m *Message) { m.Subject = "a =?utf-8?q? b ?= c"[:9] + "?" },
		"strange space":        func(m *Message) { m.Subject = "a\u00a0\u3000b" },
		"dots":                 func(m *Message) { m.Text, m.HTML = ".\r\n..\n.\r\n\r\n.", "" },
		"smtp in the text":     func(m *Message) { m.Text = "x\r\n.\r\nMAIL FROM:<a@b.c>\r\n" },
		"bare returns":         func(m *Message) { m.Text = "a\rb\r\rc\n\rd\r" },
		"return then others":   func(m *Message) { m.Text = "a\rö\nb\r=\n" },
		"headers in the text":  func(m *Message) { m.Text, m.HTML = "Bcc: x@example.org\r\n\r\nFrom y", "" },
		"parts in the text":    func(m *Message) { m.Text = "--x\r\nContent-Type: text/html\r\n\r\n--x--\r\n" },
		"long lines":           func(m *Message) { m.Text = strings.Repeat("x", 5000) + " \t \nö \n\t" },
		"control characters":   func(m *Message) { m.Text = "\x01\x1b[31m\u2028\u202e\x7f=\ufeff" },
		"only a line break":    func(m *Message) { m.Text, m.HTML = "\n", "" },
		"many recipients":      func(m *Message) { m.To, m.Bcc = many, nil },
	} {
		m := soundMessage().with(change)
		require.NoError(t, m.check(Config{}.withDefaults()), name)
		content, err := compose(m, now)
		require.NoError(t, err, name)
		exactly(t, m, content)
		for l := range strings.SplitSeq(string(content), "\r\n") {
			if !strings.Contains(l, "@") {
				assert.LessOrEqual(t, len(l), 78, name)
			}
		}
	}
}

// What a message looks like does not change unseen.
func TestComposeGolden(t *testing.T) {
	t.Parallel()
	m := soundMessage()
	m.HTML, m.From.Name, m.Subject = "", "Jörg", "Low rating (3) for John Doe, who wrote from a place with a long name"
	content, err := compose(m, now)
	require.NoError(t, err)
	assert.Equal(t, strings.ReplaceAll(`Date: Sun, 01 Mar 2026 11:30:00 +0000
From: =?utf-8?b?SsO2cmc=?= <care@example.com>
To: a@example.org, b@example.org
Reply-To: answers@example.com
Subject: Low rating (3) for John Doe, who wrote from a place with a long
 name
Message-ID: `+m.MessageID()+`
Auto-Submitted: auto-generated
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Good day.
.
Bye.
`, "\n", "\r\n"), string(content))
}

// No reader shall take a part of what is written for an encoded word.
func TestEncodedWords(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []string{"=?utf-8?b?V2h5PyA9PyBCZWNhdXNl?="}, phrase("Why? =? Because"))
	assert.Equal(t, []string{"Why?", "Because"}, phrase("Why? Because"))
	for _, word := range phrase("x" + strings.Repeat("ö👍", 166)) {
		decoded, err := new(mime.WordDecoder).Decode(word)
		require.NoError(t, err)
		assert.True(t, utf8.ValidString(decoded), "each word has whole characters (RFC 2047, 5)")
		assert.LessOrEqual(t, len(word), 75, "RFC 2047, 2")
	}
}

func TestRandomMessageID(t *testing.T) {
	t.Parallel()
	m := soundMessage()
	m.ID = ""
	assert.Empty(t, m.MessageID())
	seen := map[string]bool{}
	for range 10 {
		content, err := compose(m, now)
		require.NoError(t, err)
		parsed, err := netmail.ReadMessage(bytes.NewReader(content))
		require.NoError(t, err)
		seen[parsed.Header.Get("Message-ID")] = true
	}
	assert.Len(t, seen, 10)
}

func FuzzMessage(f *testing.F) {
	m := soundMessage()
	f.Add(m.ID, m.From.Name, m.From.Email, m.To[0], m.Bcc[0], m.ReplyTo, m.Subject, m.Text, m.HTML)
	f.Add("", "Doe, John", "a@b.cd", "x@y.zz\r\nRCPT TO:<e@evil.org>", "", "", "x\r\nBcc: e@evil.org", "\r\n.\r\n", "")
	f.Add("\x00", "", "a@b.cd", "x@y.zz", "y@y.zz", "", "a"+strings.Repeat(" ", 90)+"ö", "--\r\n", "\xff")
	f.Add("x", "a   b", "a@b.cd", "x@y.zz", "X@Y.zz", "r@y.zz", " =?utf-8?q?x?", "", "<b>\u2028</b>")
	f.Fuzz(func(t *testing.T, id, name, from, to, bcc, reply, subject, text, html string) {
		m := Message{ID: id, From: Address{name, from}, To: []string{to}, ReplyTo: reply, Subject: subject, Text: text, HTML: html}
		if bcc != "" {
			m.Bcc = []string{bcc}
		}
		if err := m.check(Config{}.withDefaults()); err != nil {
			return
		}
		content, err := compose(m, now)
		require.NoError(t, err)
		exactly(t, m, content)
	})
}
