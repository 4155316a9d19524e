package salesforce_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/toolbelt/salesforce"
)

const (
	clientID     = "3MVG9.app"
	clientSecret = "5ECRET+/%&="
)

type account struct {
	ID   string `json:"Id"`
	Name string
}

// A force is a Salesforce of one object with the accounts a1, a2 and so on. It
// checks what it is asked, and answers in pages.
type force struct {
	*httptest.Server
	t *testing.T

	mu       sync.Mutex
	accounts int
	perPage  int
	query    string // that must come
	issued   int    // tokens so far: token 1, token 2, …
	valid    int    // the token that counts; 0: the newest
	pages    int    // asked for
	// These answer instead, if set.
	onToken, onQuery, onPage http.HandlerFunc
	instance                 string
}

func newForce(t *testing.T, accounts, perPage int) *force {
	t.Helper()
	f := &force{t: t, accounts: accounts, perPage: perPage, query: "SELECT Id, Name FROM Account"}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /services/oauth2/token", f.token)
	mux.HandleFunc("GET /services/data/v62.0/query", f.first)
	mux.HandleFunc("GET /services/data/v62.0/query/{locator}", f.next)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		assert.Fail(t, "not an address of Salesforce", "%s %s", r.Method, r.URL.Path)
		w.WriteHeader(http.StatusNotFound)
	})
	f.Server = httptest.NewServer(mux)
	f.instance = f.URL
	t.Cleanup(f.Close)
	return f
}

func (f *force) token(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	assert.NoError(f.t, err)
	assert.Equal(f.t, "application/x-www-form-urlencoded", r.Header.Get("Content-Type"))
	assert.Equal(f.t, "application/json", r.Header.Get("Accept"))
	assert.Empty(f.t, r.Header.Get("Authorization"))
	assert.Empty(f.t, r.URL.RawQuery)
	assert.Equal(f.t, "client_id=3MVG9.app&client_secret=5ECRET%2B%2F%25%26%3D&grant_type=client_credentials", string(body))
	f.issued++
	if f.onToken != nil {
		f.onToken(w, r)
		return
	}
	write(w, map[string]any{
		"access_token": f.name(f.issued), "instance_url": f.instance, "token_type": "Bearer",
		"issued_at": "1528463744580", "id": f.URL + "/id/00D/005", "signature": "abc", "scope": "api",
	})
}

// name is the token of a number, as Salesforce writes them.
func (f *force) name(number int) string { return fmt.Sprintf("00D!AQ.token_%d", number) }

// knows checks the token of a request.
func (f *force) knows(w http.ResponseWriter, r *http.Request) bool {
	valid := f.valid
	if valid == 0 {
		valid = f.issued
	}
	assert.Equal(f.t, "application/json", r.Header.Get("Accept"))
	given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	assert.True(f.t, ok, "no bearer token")
	if given == f.name(valid) {
		return true
	}
	w.WriteHeader(http.StatusUnauthorized)
	write(w, []map[string]any{{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}})
	return false
}

func (f *force) first(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	assert.Equal(f.t, map[string][]string{"q": {f.query}}, map[string][]string(r.URL.Query()))
	if !f.knows(w, r) {
		return
	}
	f.pages++
	if f.onQuery != nil {
		f.onQuery(w, r)
		return
	}
	f.page(w, 0)
}

func (f *force) next(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	assert.Empty(f.t, r.URL.RawQuery)
	if !f.knows(w, r) {
		return
	}
	f.pages++
	if f.onPage != nil {
		f.onPage(w, r)
		return
	}
	var from int
	_, err := fmt.Sscanf(r.PathValue("locator"), "01g-%d", &from)
	assert.NoError(f.t, err)
	f.page(w, from)
}

func (f *force) page(w http.ResponseWriter, from int) {
	to := min(from+f.perPage, f.accounts)
	records := []any{}
	for i := from + 1; i <= to; i++ {
		records = append(records, map[string]any{
			"attributes": map[string]any{"type": "Account", "url": fmt.Sprint("/services/data/v62.0/sobjects/Account/a", i)},
			"Id":         fmt.Sprint("a", i), "Name": fmt.Sprint("Account ", i),
		})
	}
	answer := map[string]any{"totalSize": f.accounts, "done": to == f.accounts, "records": records}
	if to < f.accounts {
		answer["nextRecordsUrl"] = fmt.Sprint("/services/data/v62.0/query/01g-", to)
	}
	write(w, answer)
}

func write(w io.Writer, value any) {
	if err := json.NewEncoder(w).Encode(value); err != nil {
		panic(err)
	}
}

// says answers with a status and a body.
func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body) // who has heard enough hangs up
	}
}

func giveSecret(context.Context) (string, error) { return clientSecret, nil }

func (f *force) config() salesforce.Config {
	return salesforce.Config{Client: f.Client(), URL: f.URL, ClientID: clientID, ClientSecret: giveSecret}
}

func (f *force) connect(change ...func(*salesforce.Config)) *salesforce.Conn {
	f.t.Helper()
	config := f.config()
	for _, c := range change {
		c(&config)
	}
	conn, err := salesforce.Connect(f.t.Context(), config)
	require.NoError(f.t, err)
	return conn
}

// all gives the records before an error, and the error. It checks that the
// error tells nothing it must not.
func all[T any](t *testing.T, ctx context.Context, conn *salesforce.Conn, soql string) (records []T, last error) {
	t.Helper()
	for record, err := range salesforce.Query[T](ctx, conn, soql) {
		require.NoError(t, last, "the error is not the last")
		if last = err; err == nil {
			records = append(records, record)
		} else {
			assert.Zero(t, record)
			checkSafe(t, err)
			assert.NotContains(t, err.Error(), soql)
		}
	}
	return records, last
}

// checkSafe checks that an error holds no secret, however it is printed.
func checkSafe(t *testing.T, err error) {
	t.Helper()
	e, ok := err.(*salesforce.Error)
	require.True(t, ok, "%T", err)
	for _, text := range []string{e.Error(), e.Message, e.Code, fmt.Sprintf("%+v %#v %+v", e, e, *e), fmt.Sprintf("%#v %s", e.Err, e.Err)} {
		for _, secret := range []string{clientSecret, "5ECRET", "AQ.token_"} {
			assert.NotContains(t, text, secret)
		}
	}
	assert.NotContains(t, err.Error(), "\n")
	assert.True(t, strings.HasPrefix(err.Error(), "salesforce: "+e.Call), err.Error())
}
