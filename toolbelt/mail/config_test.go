package mail

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNewReportsEverything(t *testing.T) {
	t.Parallel()
	_, err := New(Config{
		Host: "evil.test\r\nRCPT TO:<x>", Port: -1, Security: InsecureLoopback, Username: "a\r\nb", Hello: "x y",
		Timeout: -1, MaxMessage: -1, MaxRecipients: -1,
	})
	require.Error(t, err)
	assert.Equal(t, []string{
		"host: is neither a host name nor an IP address; give one of them, without port and brackets",
		"port: is not between 1 and 65535; give that of the server, or 0 for 587",
		"security: leaves out the encryption, which only a host that is localhost or a loopback address may do; remove it",
		"username: goes with a password; give both or neither",
		"hello: is not a host name; give this machine's, or leave it out",
		"timeout: is negative; give a length of time, or 0 for 20 s",
		"maxMessage: is negative; give a number of bytes, or 0 for 10 MiB",
		"maxRecipients: is negative; give a number, or 0 for 50",
		"username: holds a control character (U+000D); remove it",
	}, strings.Split(err.Error(), "\n"))
}

func TestNew(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 63) + "."
	for _, host := range []string{"smtp.example.com", "localhost", "mail_1", "192.0.2.1", "::1", strings.Repeat(long, 3) + strings.Repeat("a", 61)} {
		_, err := New(Config{Host: host, Hello: host})
		assert.NoError(t, err, host)
	}
	for _, host := range []string{
		" ", "a b", "a\nb", "a\x00b", "a:25", "[::1]", "a..b", "a.", "-a", "a/b", "a@b", "ö.example", "fe80::1%eth0", "x<y", strings.Repeat("a", 64),
		strings.Repeat(long, 3) + strings.Repeat("a", 62), "smtp://a", "a\u2028b",
	} {
		_, err := New(Config{Host: host})
		assert.ErrorContains(t, err, "host: is neither", "%q", host)
		_, err = New(Config{Host: "a.test", Hello: host})
		assert.ErrorContains(t, err, "hello: is not a host name", "%q", host)
	}
	for want, c := range map[string]Config{
		"host: is empty":                {},
		"port: is not between":          {Host: "a.test", Port: 65536},
		"security: is unknown":          {Host: "a.test", Security: InsecureLoopback + 1},
		"security: leaves out":          {Host: "192.0.2.1", Security: InsecureLoopback},
		"username: goes with":           {Host: "a.test", Password: Password("x")},
		"username: is longer than 1024": {Host: "a.test", Username: strings.Repeat("x", 1025), Password: Password("x")},
		"username: holds a control":     {Host: "a.test", Username: "a\x00b", Password: Password("x")},
		"username: is not valid UTF-8":  {Host: "a.test", Username: "a\xff", Password: Password("x")},
	} {
		_, err := New(c)
		assert.ErrorContains(t, err, want)
	}
	for _, host := range []string{"localhost", "127.0.0.9", "::1"} {
		_, err := New(Config{Host: host, Port: 65535, Security: InsecureLoopback, Username: strings.Repeat("x", 1024), Password: Password("x")})
		assert.NoError(t, err, host)
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	c := Config{Host: "a.test"}.withDefaults()
	assert.Equal(t, Config{Host: "a.test", Port: 587, Security: StartTLS, Hello: "localhost", Timeout: 20 * time.Second, MaxMessage: 10 << 20, MaxRecipients: 50}, c)
	for port, want := range map[int]Security{25: StartTLS, 465: ImplicitTLS, 2525: StartTLS} {
		assert.Equal(t, want, Config{Port: port}.withDefaults().Security)
	}
	assert.Equal(t, StartTLS, Config{Port: 465, Security: StartTLS}.withDefaults().Security)
	assert.Equal(t, c, c.withDefaults())
}

func TestPasswordShowsNowhere(t *testing.T) {
	t.Parallel()
	config := Config{Host: "a.test", Username: "robot", Password: Password(testPassword)}
	client, err := New(config)
	require.NoError(t, err)
	var logged bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewTextHandler(&logged, nil), slog.NewJSONHandler(&logged, nil)} {
		slog.New(handler).Info("x", "config", config, "client", client, "password", config.Password)
	}
	written, err := json.Marshal(config)
	require.NoError(t, err)
	for _, form := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		fmt.Fprintf(&logged, form+form+form, config, client, config.Password)
	}
	assert.NotContains(t, logged.String()+string(written), testPassword)
	assert.NotContains(t, logged.String(), fmt.Sprintf("%x", testPassword))
	password, err := config.Password(context.Background())
	assert.NoError(t, err)
	assert.Equal(t, testPassword, password)
}
