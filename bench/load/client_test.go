package main

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRequestIsHTTP(t *testing.T) {
	t.Parallel()
	ids := newIDRequest(pathOf("e"), "{}")
	for id, want := range map[uint64]string{0: "load-0000000000000000", 1<<40 + 0xab: "load-00000100000000ab"} {
		r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(ids.with(id))))
		require.NoError(t, err)
		body, err := io.ReadAll(r.Body)
		require.NoError(t, err)
		assert.Equal(t, "{}", string(body))
		assert.Equal(t, "/api/account/12345678/events/e/invoke", r.URL.Path)
		assert.Equal(t, "application/json", r.Header.Get("Content-Type"))
		assert.Equal(t, want, r.Header.Get("X-Request-ID"))
	}
}

func TestExchange(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, answer string
		status       int
		body         string
		closes       bool
		err          string
	}{
		{"good", "HTTP/1.1 200 OK\r\nContent-Type: a\r\nContent-Length: 2\r\n\r\nabrest", 200, "ab", false, ""},
		{"own status", "HTTP/1.1 901 status code 901\r\nContent-Length: 0\r\n\r\n", 901, "", false, ""},
		{"the last one", "HTTP/1.1 413 Too\r\nConnection: close\r\nContent-Length: 1\r\n\r\na", 413, "a", true, ""},
		{"no length", "HTTP/1.1 200 OK\r\n\r\n", 0, "", false, "the length of the answer is missing or beyond 1 MiB"},
		{"too long", "HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n", 0, "", false, "the length of the answer is missing or beyond 1 MiB"},
		{"odd length", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", 0, "", false, "the length of the answer is not a number"},
		{"no status", "HTTP/1.1 abc OK\r\n\r\n", 0, "", false, "the answer has no status"},
		{"not HTTP", "no\r\n", 0, "", false, "the answer does not begin as HTTP"},
		{"broken off", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", 0, "", false, "unexpected EOF"},
		{"nothing", "", 0, "", false, "EOF"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			near, far := net.Pipe()
			done := make(chan error, 1)
			go func() {
				_, err := io.ReadFull(far, make([]byte, 3))
				if err == nil {
					_, err = io.WriteString(far, c.answer)
				}
				done <- err
				far.Close()
			}()
			cl := &client{conn: near, from: bufio.NewReader(near)}
			status, err := cl.exchange([]byte("ask"))
			if c.err == "" {
				require.NoError(t, err)
				assert.Equal(t, c.status, status)
				assert.Equal(t, c.body, string(cl.body))
				assert.Equal(t, c.closes, cl.closes)
			} else {
				assert.EqualError(t, err, c.err)
			}
			assert.NoError(t, cl.close())
			assert.NoError(t, <-done)
		})
	}
}

func TestIsDecision(t *testing.T) {
	t.Parallel()
	good := `[{"uuid":"` + bareID + `","timestamp":"2026-01-02T03:04:05.678Z","result":` + outcome + `}]`
	assert.True(t, isDecision([]byte(good)))
	for _, bad := range []string{
		"", "[]", good + " ", good[1:],
		strings.Replace(good, "John", "Jane", 1),
		strings.Replace(good, "uuid", "uuxd", 1),
		strings.Replace(good, bareID, "1", 1),
		strings.Replace(good, "timestamp", "time-----", 1),
	} {
		assert.False(t, isDecision([]byte(bad)), bad)
	}
}
