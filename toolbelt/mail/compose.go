package mail

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"mime/multipart"
	"mime/quotedprintable"
	"net/textproto"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	lineBreak = "\r\n"
	maxLine   = 76 // RFC 2047, 2: the longest line with an encoded word
	maxWord   = 60 // bytes of a word that stays as it is
	maxChunk  = 36 // bytes in an encoded word, which then has 60
)

// compose gives the bytes of a sound message, as RFC 5322 and MIME want them:
// in ASCII, with lines of at most 998 bytes.
func compose(m Message, now time.Time) ([]byte, error) {
	id := m.MessageID()
	if id == "" {
		id = messageID(rand.Text(), m.From.Email)
	}
	date := m.Date
	if date.IsZero() {
		date = now
	}
	var b bytes.Buffer
	writeHeader(&b, "Date", date.UTC().Format(time.RFC1123Z))
	writeHeader(&b, "From", mailbox(m.From)...)
	writeHeader(&b, "To", strings.Split(strings.Join(m.To, ", "), " ")...)
	if m.ReplyTo != "" {
		writeHeader(&b, "Reply-To", m.ReplyTo)
	}
	writeHeader(&b, "Subject", phrase(m.Subject)...)
	writeHeader(&b, "Message-ID", id)
	writeHeader(&b, "Auto-Submitted", "auto-generated") // RFC 3834, 5: programs shall not answer
	writeHeader(&b, "MIME-Version", "1.0")
	err := writeBody(&b, m)
	return b.Bytes(), err
}

// writeHeader writes a header of words that are not empty and have no white
// space. It folds between them only, so that no line is blank.
func writeHeader(b *bytes.Buffer, name string, words ...string) {
	b.WriteString(name + ":")
	length := len(name) + 1
	for i, word := range words {
		if i > 0 && length+1+len(word) > maxLine {
			b.WriteString(lineBreak)
			length = 0
		}
		b.WriteString(" " + word)
		length += 1 + len(word)
	}
	b.WriteString(lineBreak)
}

// mailbox gives the words of a sender: the name in quotes or encoded, and the
// address in angle brackets.
func mailbox(from Address) []string {
	if from.Name == "" {
		return []string{from.Email}
	}
	words := phrase(from.Name)
	if isPlain(from.Name) {
		words[0] = `"` + words[0]
		words[len(words)-1] += `"`
	}
	return append(words, "<"+from.Email+">")
}

// phrase gives the words of a text: its own, or encoded ones if it is not plain.
func phrase(text string) []string {
	if isPlain(text) {
		return strings.Split(text, " ")
	}
	var words []string
	for text != "" {
		n := min(len(text), maxChunk)
		for n < len(text) && !utf8.RuneStart(text[n]) {
			n--
		}
		words = append(words, "=?utf-8?b?"+base64.StdEncoding.EncodeToString([]byte(text[:n]))+"?=")
		text = text[n:]
	}
	return words
}

// isPlain says whether a text can stand in a header as it is: words of
// printable ASCII that are not too long, with single spaces between them, and
// nothing that a reader could take for an encoded word.
func isPlain(text string) bool {
	if strings.Contains(text, "=?") {
		return false
	}
	for word := range strings.SplitSeq(text, " ") {
		if word == "" || len(word) > maxWord || strings.ContainsFunc(word, func(r rune) bool { return r <= ' ' || r > '~' }) {
			return false
		}
	}
	return true
}

// writeBody writes the headers of the content, a blank line and the content.
func writeBody(b *bytes.Buffer, m Message) error {
	switch {
	case m.HTML == "":
		writePartHeaders(b, "plain")
		return writeContent(b, m.Text)
	case m.Text == "":
		writePartHeaders(b, "html")
		return writeContent(b, m.HTML)
	}
	parts := multipart.NewWriter(b)
	writeHeader(b, "Content-Type", "multipart/alternative;", "boundary="+parts.Boundary())
	b.WriteString(lineBreak)
	// The last alternative is the one that readers prefer (RFC 2046, 5.1.4).
	for _, part := range []struct{ kind, content string }{{"plain", m.Text}, {"html", m.HTML}} {
		w, err := parts.CreatePart(textproto.MIMEHeader{
			"Content-Type":              {contentType(part.kind)},
			"Content-Transfer-Encoding": {"quoted-printable"},
		})
		if err != nil {
			return fmt.Errorf("content: %w", err)
		}
		if err := writeContent(w, part.content); err != nil {
			return err
		}
	}
	return parts.Close()
}

func writePartHeaders(b *bytes.Buffer, kind string) {
	writeHeader(b, "Content-Type", strings.Split(contentType(kind), " ")...)
	writeHeader(b, "Content-Transfer-Encoding", "quoted-printable")
	b.WriteString(lineBreak)
}

func contentType(kind string) string { return "text/" + kind + "; charset=utf-8" }

var toLF = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// writeContent writes a text in quoted-printable, in which no line is longer
// than 76 bytes, none ends with white space, and all line breaks are CRLF.
func writeContent(w io.Writer, text string) error {
	// Between a CR and an LF that do not belong together, quotedprintable
	// may lose the second.
	text = toLF.Replace(text)
	if !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	q := quotedprintable.NewWriter(w)
	if _, err := io.WriteString(q, text); err != nil {
		return fmt.Errorf("content: %w", err)
	}
	return q.Close()
}
