package gateway_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/faas"
)

// Each file in testdata is a conversation of a client with the gateway: lines
// that begin with > are requests, and what follows is the answer. UPDATE_GOLDEN=1
// writes the answers anew.
func TestConversations(t *testing.T) {
	t.Parallel()
	files, err := os.ReadDir("testdata")
	require.NoError(t, err)
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), ".txt") {
			continue
		}
		t.Run(strings.TrimSuffix(file.Name(), ".txt"), func(t *testing.T) {
			t.Parallel()
			name := "testdata/" + file.Name()
			want, err := os.ReadFile(name)
			require.NoError(t, err)
			var have string
			synctest.Test(t, func(t *testing.T) { have = converse(t, string(want)) }) // it is always the same time
			if os.Getenv("UPDATE_GOLDEN") != "" {
				require.NoError(t, os.WriteFile(name, []byte(have), 0o600))
			}
			assert.Equal(t, string(want), have)
		})
	}
}

// converse says the requests of a text, and gives it back with the answers.
func converse(t *testing.T, text string) string {
	t.Helper()
	h := open(t, faas.On(command, "echo", echo, faas.Description("Says it again: [text]")))
	c := &conversation{ids: map[string]string{}}
	var out strings.Builder
	for line := range strings.Lines(text) {
		switch {
		case strings.HasPrefix(line, "#"):
			out.WriteString(line)
		case strings.HasPrefix(line, "> "):
			out.WriteString(line)
			method, rest, _ := strings.Cut(strings.TrimSpace(line[2:]), " ")
			target, body, _ := strings.Cut(c.real(rest), " ")
			out.WriteString(c.shown(t, ask(h, method, base+target, body)))
		}
	}
	return out.String()
}

// A conversation gives short names to what differs from one time to the next.
type conversation struct {
	ids map[string]string // short by real
}

var uuids = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// real puts the real IDs into a request.
func (c *conversation) real(text string) string {
	for long, short := range c.ids {
		text = strings.ReplaceAll(text, short, long)
	}
	return text
}

// shown is an answer with short names.
func (c *conversation) shown(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	body := w.Body.String()
	if strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") && (body[0] == '{' || body[0] == '[') {
		var indented bytes.Buffer
		require.NoError(t, json.Indent(&indented, w.Body.Bytes(), "", "  "))
		body = indented.String()
	}
	body = uuids.ReplaceAllStringFunc(body, func(id string) string {
		if c.ids[id] == "" {
			c.ids[id] = fmt.Sprintf("<%c>", 'A'+rune(len(c.ids)))
		}
		return c.ids[id]
	})
	return fmt.Sprintf("%d %s\n%s\n\n", w.Code, w.Header().Get("Content-Type"), strings.TrimSpace(body))
}
