package mail

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestSend(t *testing.T) {
	t.Parallel()
	for security, mechanisms := range map[Security][]string{
		StartTLS: {"PLAIN"}, ImplicitTLS: {"CRAM-MD5", "LOGIN"}, InsecureLoopback: {"LOGIN", "PLAIN"},
	} {
		s := serve(t, security, func(s *server) { s.mechanisms = mechanisms })
		client := s.client(t, security, func(c *Config) { c.Hello = "chat.example.com" })
		require.NoError(t, client.Verify(t.Context()))
		assert.Empty(t, s.last())
		require.NoError(t, client.Send(t.Context(), soundMessage()))
		received := s.last()
		require.Len(t, received, 1)
		assert.Equal(t, envelope{
			hello: "chat.example.com", user: testUser, tls: security != InsecureLoopback, from: "care@example.com",
			to: []string{"a@example.org", "b@example.org", "archive@example.net"}, data: received[0].data,
		}, received[0])
		exactly(t, soundMessage(), received[0].data)
		assert.NotContains(t, string(received[0].data), "archive@example.net")
		assert.NotContains(t, string(received[0].data), "4711")
	}
}

func TestSendWithoutLogin(t *testing.T) {
	t.Parallel()
	s := serve(t, StartTLS)
	client := s.client(t, StartTLS, func(c *Config) { c.Username, c.Password = "", nil })
	require.NoError(t, client.Send(t.Context(), soundMessage()))
	received := s.last()
	require.Len(t, received, 1)
	assert.Empty(t, received[0].user)
	assert.Equal(t, "localhost", received[0].hello)
}

// attacks end something and begin something else, somewhere.
var attacks = []string{
	"\r\n", "\n", "\r", "\x00", "\u0085", "\u2028", "\u2029", "\r\n.\r\n", "\n.\n", "\r\nBcc: evil@evil.test", "\nRCPT TO:<evil@evil.test>\n", "\r\n\r\n<script>",
	"\r\n Bcc: evil@evil.test", ">", "<", "> SIZE=1", "<evil@evil.test>", ",evil@evil.test", ", ", ";", ":", "\"", "\\", "(", "@", "@evil.test", "%", "!",
	"=?utf-8?q?=0D=0ABcc:_evil@evil.test?=", "=?utf-8?b?DQo=?=", "=?", "?=", "=0D=0A", "\t", " ", "   ", strings.Repeat(" ", 100), "\u00a0", "ö", "👍", "\xff",
	"\u202e", "\u200b", "--", "--=_x--\r\n", "Content-Type: text/html", ".", "..", "From ", strings.Repeat("x", 70), strings.Repeat("y", 1100), "\ufeff", "\x7f", "\x1b[0m",
}

// Whatever stands in the fields, either nothing is sent or what was to be.
func TestSendExactlyOrNotAtAll(t *testing.T) {
	t.Parallel()
	s := serve(t, StartTLS)
	client := s.client(t, StartTLS)
	sent, refused := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		// One field or two are under attack, so that some messages pass.
		targets := rapid.SliceOfN(rapid.IntRange(0, 8), 0, 2).Draw(t, "targets")
		field := func(i int, sound string) string {
			if !slices.Contains(targets, i) {
				return sound
			}
			cut := rapid.IntRange(0, len(sound)).Draw(t, "cut")
			attack := rapid.OneOf(rapid.SampledFrom(attacks), rapid.String()).Draw(t, "attack")
			return sound[:cut] + attack + sound[cut:]
		}
		m := soundMessage()
		m.ID, m.From.Name, m.From.Email = field(0, m.ID), field(1, m.From.Name), field(2, m.From.Email)
		m.To[1], m.Bcc[0], m.ReplyTo = field(3, m.To[1]), field(4, m.Bcc[0]), field(5, m.ReplyTo)
		m.Subject, m.Text, m.HTML = field(6, m.Subject), field(7, m.Text), field(8, m.HTML)
		if rapid.Bool().Draw(t, "text only") {
			m.HTML = ""
		}
		err := client.Send(context.Background(), m)
		received := s.last()
		if err != nil {
			refused++
			require.Empty(t, received)
			require.NotErrorAs(t, err, new(*Error), "the client refuses it, not the server")
			return
		}
		sent++
		require.Len(t, received, 1)
		require.Equal(t, m.From.Email, received[0].from)
		require.Equal(t, append(slices.Clone(m.To), m.Bcc...), received[0].to)
		exactly(t, m, received[0].data)
	})
	assert.Positive(t, sent)
	assert.Positive(t, refused)
}

func TestMaxMessage(t *testing.T) {
	t.Parallel()
	s := serve(t, StartTLS)
	m := soundMessage().with(func(m *Message) { m.Text, m.HTML = strings.Repeat("ö", 1000), "" })
	content, err := compose(m, now)
	require.NoError(t, err)
	limited := func(n int) error {
		return s.client(t, StartTLS, func(c *Config) { c.MaxMessage = n }).Send(t.Context(), m)
	}
	require.NoError(t, limited(len(content)))
	assert.Len(t, s.last(), 1)
	for _, n := range []int{len(content) - 1, len(m.Text), len(m.Text) - 1, 1} {
		assert.ErrorContains(t, limited(n), "text: makes the message, together with html, larger than")
	}
	assert.Empty(t, s.last())
	m.Text = strings.Repeat("x", DefaultMaxMessage+1)
	assert.EqualError(t, s.client(t, StartTLS).Send(t.Context(), m), "text: makes the message, together with html, larger than 10485760 bytes; shorten it")
}

func TestManyRecipients(t *testing.T) {
	t.Parallel()
	s := serve(t, StartTLS)
	m := soundMessage().with(func(m *Message) { m.To, m.Bcc = people(1500), nil })
	client := s.client(t, StartTLS, func(c *Config) { c.MaxRecipients = 1500 })
	require.NoError(t, client.Send(t.Context(), m), "each answer has its own limit")
	received := s.last()
	require.Len(t, received, 1)
	assert.Equal(t, m.To, received[0].to)
	exactly(t, m, received[0].data)
}

func TestSendConcurrently(t *testing.T) {
	t.Parallel()
	s := serve(t, StartTLS)
	client := s.client(t, StartTLS)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { assert.NoError(t, client.Send(context.Background(), soundMessage())) })
	}
	wg.Wait()
	received := s.last()
	require.Len(t, received, 8)
	for _, r := range received {
		exactly(t, soundMessage(), r.data)
	}
}

func TestSendAll(t *testing.T) {
	t.Parallel()
	s := serve(t, StartTLS, func(s *server) {
		s.refuse = func(command, address string) error {
			if address == "nobody@example.org" {
				return &smtp.SMTPError{Code: 550, Message: "no such user"}
			}
			return nil
		}
	})
	client := s.client(t, StartTLS)
	messages := []Message{
		soundMessage(),
		soundMessage().with(func(m *Message) { m.To[1], m.Subject = "\n", "" }),
		soundMessage().with(func(m *Message) { m.To[0] = "nobody@example.org" }),
		soundMessage().with(func(m *Message) { m.Subject = "last" }),
	}
	all := client.SendAll(t.Context(), messages)
	require.Len(t, all, 4)
	assert.NoError(t, all[0])
	assert.NoError(t, all[3])
	assert.EqualError(t, errors.Join(all...), `messages[1]: to[1]: holds a control character (U+000A); remove it
messages[1]: to[1]: holds 0 @ signs; give one bare address such as name@example.com
messages[1]: subject: is empty; give the text that recipients shall see
messages[2]: to[0]: the server answered 550`)
	assert.False(t, Temporary(all[1]))
	assert.False(t, Temporary(all[2]))
	received := s.last()
	require.Len(t, received, 2)
	exactly(t, messages[0], received[0].data)
	exactly(t, messages[3], received[1].data)
	assert.Empty(t, client.SendAll(t.Context(), nil))

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range client.SendAll(ctx, messages[:1]) {
		assert.ErrorIs(t, err, context.Canceled)
		assert.False(t, Temporary(err))
	}
	assert.Empty(t, s.last())
}
