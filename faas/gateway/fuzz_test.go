package gateway_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/faas/gateway"
)

// sound says that nothing is wrong with the gateway, whatever a client sends:
// there is an answer, and it blames the client or the function.
func sound(t *testing.T, w *httptest.ResponseRecorder) {
	t.Helper()
	require.True(t, w.Code >= 200 && w.Code < 500 || w.Code == 901, "%d: %s", w.Code, w.Body)
	require.NotEmpty(t, w.Header().Get("X-Request-ID"))
}

// FuzzInvocation sends any envelope to all that takes one.
func FuzzInvocation(f *testing.F) {
	for kind := range events.Platform().All() {
		f.Add(string(kind.Sample()), "")
	}
	for _, body := range []string{envelope, "", "{}", `{"timestamp":-1}`, `{"headers":{"a":"b"},"payload":null}`, `{"payload":{"arguments":["a",1]}}`} {
		f.Add(body, "request-1")
	}
	rt := runtime(f, faas.On(command, "echo", echo))
	draft, err := rt.Create(f.Context(), faas.Draft{Name: "draft", Event: command.ID(), Source: "say x"})
	require.NoError(f, err)
	h := handler(f, rt, gateway.Config{NoAuth: true, Retries: gateway.Retries{Entries: 10}})
	echoID := idOf(f, rt, "echo")
	f.Fuzz(func(t *testing.T, body, id string) {
		for _, path := range []string{"/events/conversational_command/invoke", "/lambdas/" + echoID + "/invoke?v=1", "/functions/" + draft.ID + "/test"} {
			w := ask(h, "POST", base+path, body, "X-Request-ID", id)
			sound(t, w)
			again := ask(h, "POST", base+path, body, "X-Request-ID", id)
			require.Equal(t, w.Code, again.Code)
		}
	})
}

// FuzzChange sends any body to all that changes functions.
func FuzzChange(f *testing.F) {
	for _, file := range []string{"testdata/first.txt", "testdata/second.txt"} {
		text, err := os.ReadFile(file)
		require.NoError(f, err)
		for line := range strings.Lines(string(text)) {
			if _, body, ok := strings.Cut(line, " {"); ok && strings.HasPrefix(line, "> P") {
				f.Add("{" + strings.TrimSpace(body))
			}
		}
	}
	f.Add(`{"name":null,"description":null,"skills":[],"implementation":null}`)
	f.Fuzz(func(t *testing.T, body string) {
		rt := runtime(t)
		draft, err := rt.Create(t.Context(), faas.Draft{Name: "draft", Event: command.ID(), Source: "say x"})
		require.NoError(t, err)
		h := handler(t, rt, gateway.Config{NoAuth: true})
		for _, request := range []string{
			"POST /lambdas", "POST /functions", "PUT /lambdas/" + draft.ID, "PUT /functions/" + draft.ID, "PUT /functions/" + draft.ID + "/manifest",
			"POST /deployments/" + draft.ID, "POST /deployments/" + draft.ID + "/rollback", "GET /lambdas", "GET /functions",
		} {
			method, path, _ := strings.Cut(request, " ")
			sound(t, ask(h, method, base+path, body))
		}
	})
}

// FuzzRequest sends any path, query and headers.
func FuzzRequest(f *testing.F) {
	for _, name := range gateway.RouteNames() {
		method, path, _ := strings.Cut(name, " ")
		f.Add(method, base+path, "v=1&skillId=&state=Draft&state=Modified&startTimestamp=1&endTimestamp=2&bucketSize=300&filterLevels=Info", "application/json", "Bearer a.b.c")
	}
	f.Add("POST", tokenPath, "grant_type=client_credentials&client_id=chat&client_secret="+url.QueryEscape(clientSecret), "", "")
	f.Add("OPTIONS", "*", "", "text/html; charset=", "DPoP x")
	f.Add("GET", "//", "", "", "")
	f.Add("GET", "//%2f/../healthz/", "a;b&%zz", "", "")
	signer, err := gateway.SecretKey("hs", secret)
	require.NoError(f, err)
	handlers := []*gateway.Handler{open(f, faas.On(command, "echo", echo)), issuing(f, signer)}
	f.Fuzz(func(t *testing.T, method, path, query, kind, authorization string) {
		u := &url.URL{Path: path, RawQuery: query}
		if unescaped, err := url.PathUnescape(path); err == nil {
			u.Path, u.RawPath = unescaped, path
		}
		for _, h := range handlers {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(`{"payload":{}}`))
			r.Method, r.URL, r.Host = method, u, "127.0.0.1"
			r.Header = http.Header{"Content-Type": {kind}, "Authorization": {authorization}}
			sound(t, serve(h, r))
		}
	})
}

// FuzzKeys reads any key set.
func FuzzKeys(f *testing.F) {
	f.Add(keySet(f))
	f.Add(`{"keys":[{"kty":"RSA","n":"AQ","e":"AQ"},{"kty":"EC","crv":"P-256","x":"","y":""},{"kty":"oct","k":"AA"}]}`)
	f.Fuzz(func(t *testing.T, set string) {
		parsed, err := gateway.ParseKeys([]byte(set))
		if err == nil {
			require.NotEmpty(t, parsed)
			for _, key := range parsed {
				require.NotContains(t, []string{`key "" ()`}, key.String())
			}
		}
	})
}
