package main

import (
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/faas/gateway"
)

func TestServerURL(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"http://127.0.0.1:8080":      "http://127.0.0.1:8080",
		"http://127.9.9.9":           "http://127.9.9.9",
		"http://localhost:1/":        "http://localhost:1",
		"http://[::1]:8080":          "http://[::1]:8080",
		"https://gate.example.com":   "https://gate.example.com",
		"https://gate.example.com/a": "https://gate.example.com/a",
		"HTTPS://gate.example.com//": "https://gate.example.com",
	} {
		got, err := serverURL(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got)
	}
	for text, want := range map[string]string{
		"":                               "must be a URL",
		"127.0.0.1:8080":                 "must be a URL",
		"localhost:8080":                 "must be a URL",
		"http://":                        "must be a URL",
		"http://:8080":                   "must be a URL",
		"http://127.0.0.1:x":             "must be a URL",
		"http://gate.example.com":        "by https, or by http on this machine alone",
		"http://10.0.0.1":                "by https, or by http on this machine alone",
		"http://127.0.0.1.example.com":   "by https, or by http on this machine alone",
		"http://localhost.example.com":   "by https, or by http on this machine alone",
		"http://0.0.0.0:8080":            "by https, or by http on this machine alone",
		"ftp://127.0.0.1":                "by https, or by http on this machine alone",
		"https://me:hush@example.com":    "no name and no password",
		"https://hush@example.com":       "no name and no password",
		"https://example.com?token=hush": "no query",
		"https://example.com?":           "no query",
		"https://example.com#hush":       "no fragment",
	} {
		_, err := serverURL(text)
		require.ErrorContains(t, err, want, text)
		assert.ErrorAs(t, err, new(*usageError), text)
		assert.NotContains(t, err.Error(), "hush")
	}
}

const (
	clientSecret = "a secret of some length"
	signSecret   = "another secret, of at least 32 bytes"
)

// guarded is a gateway where callers prove who they are: as the client dev, who
// may do everything, or as the client caller, who may only invoke.
func guarded(t *testing.T, functions ...faas.Function) gate {
	t.Helper()
	key, err := gateway.SecretKey("main", []byte(signSecret))
	require.NoError(t, err)
	secret := strings.ReplaceAll(clientSecret, " ", "-")
	return openGateWith(t, gateway.Config{Auth: &gateway.Auth{Signer: key, Clients: []gateway.Client{
		{ID: "dev", Secret: secret, Roles: []gateway.Role{gateway.Developer}},
		{ID: "caller", Secret: secret, Scopes: []string{gateway.InvokeScope}},
	}}}, functions...)
}

// fileWith is a file with a text.
func fileWith(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	return name
}

func TestClientsProveWhoTheyAre(t *testing.T) {
	t.Parallel()
	g := guarded(t)
	secret := fileWith(t, strings.ReplaceAll(clientSecret, " ", "-")+"\r\n")
	as := func(id string, args ...string) ran {
		return g.ask(t, append(args, "--client-id", id, "--client-secret-file", secret)...)
	}
	got := as("dev", "fn", "undeploy", "transcripts")
	assert.Equal(t, ran{exitGood, "undeployed: transcripts, version 1, Draft\n", ""}, got)
	got = as("caller", "fn", "deploy", "transcripts")
	assert.Equal(t, ran{exitFindings, "", "the token has no role or scope for this (com.liveperson.faas.evg.general, status 403)\n"}, got)
	got = as("dev", "fn", "deploy", "transcripts")
	assert.Equal(t, exitGood, got.code)
	got = as("caller", "invoke", events.ChatPostSurveyEmailTranscript.ID(), "-e", exampleSurvey)
	assert.Equal(t, exitGood, got.code)
	assert.Contains(t, got.out, "care-leads@example.com")
	got = as("nobody", "fn", "list")
	assert.Equal(t, ran{exitFindings, "", "fetch a token: the client_id or the client_secret is wrong (invalid_client, status 401)\n"}, got)
	got = g.ask(t, "fn", "list")
	assert.Equal(t, exitFindings, got.code)
	assert.Contains(t, got.errors, "Authorization is missing")
}

func TestTokens(t *testing.T) {
	t.Parallel()
	g := guarded(t)
	login := &client{server: g.URL, account: defaultAccount, http: newHTTPClient()}
	require.NoError(t, login.login(t.Context(), "dev", fileWith(t, strings.ReplaceAll(clientSecret, " ", "-"))))
	got := g.ask(t, "fn", "list", "--token-file", fileWith(t, login.token+"\n"))
	assert.Equal(t, exitGood, got.code, got.errors)
	got = g.ask(t, "fn", "list", "--token-file", fileWith(t, "hush.hush.hush"))
	assert.Equal(t, exitFindings, got.code)
	assert.Contains(t, got.errors, "it is not a JSON Web Token")
	assert.NotContains(t, got.errors, "hush")

	r := &remote{server: g.URL, getenv: func(name string) string {
		return map[string]string{"AFTERWORD_TOKEN": login.token, "AFTERWORD_ACCOUNT": "other", "AFTERWORD_SERVER": "http://example.com"}[name]
	}}
	c, err := r.connect(t.Context())
	require.NoError(t, err)
	assert.Equal(t, [3]string{g.URL, "other", login.token}, [3]string{c.server, c.account, c.token})
	r.tokenFile, r.account = fileWith(t, "one"), "mine"
	c, err = r.connect(t.Context())
	require.NoError(t, err)
	assert.Equal(t, [2]string{"mine", "one"}, [2]string{c.account, c.token}, "flags win")
}

func TestSecretsThatAreNone(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                           "is empty",
		"\n":                         "is empty",
		"hush hush":                  "must be one line of visible ASCII characters",
		"hush\nhush":                 "must be one line of visible ASCII characters",
		"hush\x00":                   "must be one line of visible ASCII characters",
		"hüsh":                       "must be one line of visible ASCII characters",
		strings.Repeat("h", 8<<10+1): "is longer than 8 KiB",
		strings.Repeat("h", 1<<20):   "is longer than 8 KiB",
	} {
		_, err := readSecret(fileWith(t, text), maxToken)
		require.ErrorContains(t, err, want)
		assert.NotContains(t, err.Error(), "hush")
		assert.NotContains(t, err.Error(), "hhh")
	}
	_, err := readSecret(filepath.Join(t.TempDir(), "gone"), maxToken)
	require.ErrorContains(t, err, "gone: ")
	text, err := readSecret(fileWith(t, strings.Repeat("h", 8<<10)+"\r\n"), maxToken)
	require.NoError(t, err)
	assert.Len(t, text, 8<<10)
}

// foul is a server that answers everything with one thing.
func foul(t *testing.T, answer http.HandlerFunc) gate {
	t.Helper()
	server := httptest.NewUnstartedServer(answer)
	server.Config.ErrorLog = quiet()
	server.Start()
	t.Cleanup(server.Close)
	return gate{Server: server}
}

func answers(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestServersThatAreNoGateways(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("[", 100_000)
	for want, answer := range map[string]http.HandlerFunc{
		": the answer is not that of a gateway: status 404":          answers(404, "<html>not here</html>"),
		": the answer is not that of a gateway: status 302":          func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/else", http.StatusFound) },
		": the answer is not that of a gateway: status 500":          answers(500, ""),
		": the answer is not that of a gateway: status 502":          answers(502, `{"fault":"hush"}`),
		": the answer is not that of a gateway: status 503":          answers(503, deep),
		": the answer is not that of a gateway: it is no JSON":       answers(200, "hush"),
		": the answer is not that of a gateway: a field is not of t": answers(200, `{"hush":1}`),
		": the answer is larger than 32 MiB":                         answers(200, strings.Repeat(" ", maxAnswer+1)),
		": the answer broke off": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "10")
			_, _ = io.WriteString(w, "[")
		},
	} {
		got := foul(t, answer).ask(t, "fn", "list")
		assert.Equal(t, exitTrouble, got.code, want)
		assert.Contains(t, got.errors, want)
		assert.NotContains(t, got.errors, "hush")
		assert.Empty(t, got.out)
	}
}

// An answer that was packed is bounded by what it unpacks to.
func TestPackedAnswersAreBounded(t *testing.T) {
	t.Parallel()
	got := foul(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		packed := gzip.NewWriter(w)
		for {
			if _, err := packed.Write(make([]byte, 1<<20)); err != nil {
				return // the client has had enough
			}
		}
	}).ask(t, "fn", "list")
	assert.Equal(t, exitTrouble, got.code)
	assert.Contains(t, got.errors, "larger than 32 MiB")
}

func TestNobodyAnswers(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	got := runWith(t.Context(), strings.NewReader(""), "fn", "list", "--server", server.URL)
	assert.Equal(t, exitTrouble, got.code)
	assert.Contains(t, got.errors, "afterword: cannot reach "+server.URL+": ")
	assert.Contains(t, got.errors, "afterword serve")
}

// A redirection would take the token to another place.
func TestRedirectionsAreNotFollowed(t *testing.T) {
	t.Parallel()
	elsewhere := foul(t, func(http.ResponseWriter, *http.Request) { assert.Fail(t, "asked") })
	g := foul(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
	})
	got := g.ask(t, "fn", "list", "--token-file", fileWith(t, "hush"))
	assert.Equal(t, exitTrouble, got.code)
}

// A server that repeats what it is sent does not bring secrets to light.
func TestTokensAreNotRepeated(t *testing.T) {
	t.Parallel()
	g := foul(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, `{"code":"no `+r.Header.Get("Authorization")+`","message":"no `+r.Header.Get("Authorization")+string(body)+`"}`)
	})
	got := g.ask(t, "fn", "list", "--token-file", fileWith(t, "hush"))
	assert.Equal(t, ran{exitFindings, "", "no Bearer (the token) (no Bearer (the token), status 403)\n"}, got)
	got = g.ask(t, "fn", "list", "--client-id", "me", "--client-secret-file", fileWith(t, "hush"))
	assert.Equal(t, exitFindings, got.code)
	assert.NotContains(t, got.errors, "hush")
	assert.Contains(t, got.errors, "client_id=me")
}

func TestTokensOfServersThatAreNone(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{}`:                        "gave none",
		`{"access_token":""}`:       "gave none",
		`{"access_token":"a\r\nb"}`: "must be one line",
		`{"access_token":1}`:        "not of the right type",
		`{"access_token":"` + strings.Repeat("a", 9<<10) + `"}`: "longer than 8 KiB",
	} {
		got := foul(t, answers(200, body)).ask(t, "fn", "list", "--client-id", "me", "--client-secret-file", fileWith(t, "hush"))
		assert.Equal(t, exitTrouble, got.code, body)
		assert.Contains(t, got.errors, want)
	}
}

// What a server says cannot move the cursor of a terminal.
func TestAnswersArePrintable(t *testing.T) {
	t.Parallel()
	evil := `\u001b[2J\u202e\u009b1m`
	list := `[{"uuid":"u","name":"f` + evil + `","eventId":"` + evil + `","state":"` + evil + `","lastDeployment":{"deployedAt":"` + evil + `"}}]`
	for want, got := range map[string]ran{
		`f\x1b[2J\u202e\u009b1m`: foul(t, answers(200, list)).ask(t, "fn", "list"),
		`no\x1b[2J\u202e`:        foul(t, answers(400, `{"message":"no`+evil+`"}`)).ask(t, "fn", "list"),
		`"a\u001b\u202e\u009b😀"`: foul(t, answers(200, "\"a\\u001b\u202e\u009b😀\"")).ask(t, "invoke", "e", "-e", exampleSurvey),
	} {
		assert.Contains(t, got.out+got.errors, want)
		for _, raw := range []string{"\x1b", "\u202e", "\u009b"} {
			assert.NotContains(t, got.out+got.errors, raw, want)
		}
	}
}

func TestInterruptWhileWaiting(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	g := foul(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // so that the server sees the client go
		cancel()
		<-r.Context().Done()
	})
	got := runWith(ctx, strings.NewReader(""), "invoke", "e", "-e", exampleSurvey, "--server", g.URL)
	assert.Equal(t, ran{exitTrouble, "", "afterword: interrupted\n"}, got)
}

// The time that a verb has is bounded.
func TestTimeIsUp(t *testing.T) {
	t.Parallel()
	g := foul(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	ctx, cancel := context.WithTimeoutCause(t.Context(), time.Millisecond, errors.New("no answer within 1ms"))
	defer cancel()
	c := &client{server: g.URL, account: "a", http: newHTTPClient(), pause: func(context.Context, time.Duration) error {
		assert.Fail(t, "another attempt")
		return nil
	}}
	_, err := c.persist(ctx, ask{method: http.MethodPost, path: []string{"x"}})
	require.ErrorContains(t, err, "no answer within 1ms")
	assert.Positive(t, c.http.Timeout)
	require.NoError(t, newRemote().use(t.Context(), func(ctx context.Context, _ *client) error {
		end, bounded := ctx.Deadline()
		assert.True(t, bounded)
		assert.LessOrEqual(t, time.Until(end), clientTimeout)
		return nil
	}))
}

// With TLS, only a server that proves who it is gets to know anything; and the
// platform's own status comes through HTTP/2.
func TestTLS(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, 2, r.ProtoMajor)
		answers(901, `{"code":"c","message":"failed"}`)(w, r)
	}))
	server.EnableHTTP2 = true
	server.Config.ErrorLog = quiet()
	server.StartTLS()
	t.Cleanup(server.Close)
	got := gate{Server: server}.ask(t, "fn", "list", "--token-file", fileWith(t, "hush"))
	assert.Equal(t, exitTrouble, got.code)
	assert.Contains(t, got.errors, "certificate")

	c := &client{server: server.URL, account: "a", http: newHTTPClient()}
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	c.http.Transport.(*http.Transport).TLSClientConfig = &tls.Config{RootCAs: roots}
	_, err := c.send(t.Context(), ask{method: http.MethodGet})
	require.EqualError(t, err, "failed (c, status 901)")
}

// What is put into a path stays one part of it.
func TestPathsAreEscaped(t *testing.T) {
	t.Parallel()
	c := &client{server: "http://127.0.0.1", account: "a/b"}
	req, err := c.request(t.Context(), ask{method: http.MethodGet, path: []string{"events", "../x?y#z%2f", "invoke"}})
	require.NoError(t, err)
	assert.Equal(t, "/api/account/a%2Fb/events/..%2Fx%3Fy%23z%252f/invoke", req.URL.EscapedPath())
	assert.Empty(t, req.URL.RawQuery)
}
