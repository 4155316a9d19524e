package salesforce_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/toolbelt/salesforce"
)

const soql = "SELECT Id, Name FROM Account"

func TestQueryGivesAllPages(t *testing.T) {
	t.Parallel()
	for _, accounts := range []int{0, 1, 2, 3, 4, 5} {
		f := newForce(t, accounts, 2)
		records, err := all[account](t, t.Context(), f.connect(), soql)
		require.NoError(t, err)
		require.Len(t, records, accounts)
		for i, record := range records {
			assert.Equal(t, account{ID: fmt.Sprint("a", i+1), Name: fmt.Sprint("Account ", i+1)}, record)
		}
		assert.Equal(t, max(1, (accounts+1)/2), f.pages)
		assert.Equal(t, 1, f.issued)
	}
}

func TestQueryAsksForWhatIsTaken(t *testing.T) {
	t.Parallel()
	f := newForce(t, 6, 2)
	conn := f.connect()
	query := salesforce.Query[account](t.Context(), conn, soql)
	assert.Zero(t, f.pages, "nobody has iterated")
	for record, err := range query {
		require.NoError(t, err)
		if record.ID == "a3" {
			break
		}
	}
	assert.Equal(t, 2, f.pages)
	for _, err := range query { // begins anew
		require.NoError(t, err)
		break
	}
	assert.Equal(t, 3, f.pages)
}

func TestQueryIsSentAsItIs(t *testing.T) {
	t.Parallel()
	f := newForce(t, 1, 1)
	f.query = "SELECT Id FROM Account WHERE Name = " + salesforce.Quote("O'Brien & Söhne + 100% \\ #1\n?") + " AND X > 1"
	records, err := all[struct{ Id string }](t, t.Context(), f.connect(), f.query)
	require.NoError(t, err)
	assert.Len(t, records, 1)
}

func TestConnectTellsAllProblems(t *testing.T) {
	t.Parallel()
	_, err := salesforce.Connect(t.Context(), salesforce.Config{Version: "62", MaxRecords: -1, MaxPages: -1})
	assert.EqualError(t, err, strings.Join([]string{
		"Config.Client: is nil; give the client that may reach Salesforce",
		"Config.URL: is not the address of a server; give the My Domain address, such as https://mine.my.salesforce.com, with https and without a path",
		"Config.ClientID: is empty; give the consumer key of the app",
		"Config.ClientSecret: is nil; give a function that gives the consumer secret of the app",
		"Config.Version: is not a version; write it as v62.0",
		"Config.MaxRecords: is negative; give 1 or more, or 0 for the default",
		"Config.MaxPages: is negative; give 1 or more, or 0 for the default",
	}, "\n"))

	for _, url := range []string{
		"", "mine.my.salesforce.com", "http://mine.my.salesforce.com", "https://", "https://:443", "ftp://mine.my.salesforce.com",
		"https://user:pass@mine.my.salesforce.com", "https://mine.my.salesforce.com/services", "https://mine.my.salesforce.com?q",
		"https://mine.my.salesforce.com?", "https://mine.my.salesforce.com#x", "https://mine .com", "http://10.0.0.1", "http://localhost.example.com",
	} {
		_, err := salesforce.Connect(t.Context(), salesforce.Config{Client: http.DefaultClient, URL: url, ClientID: clientID, ClientSecret: giveSecret})
		require.Error(t, err, url)
		assert.True(t, strings.HasPrefix(err.Error(), "Config.URL: is not the address"), url)
		assert.NotContains(t, err.Error(), "pass")
	}
}

func TestConfigIsPrinted(t *testing.T) {
	t.Parallel()
	f := newForce(t, 1, 1)
	conn := f.connect()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		for _, value := range []any{conn, f.config()} {
			text := fmt.Sprintf(verb, value)
			assert.NotContains(t, text, "AQ.token_")
			assert.NotContains(t, text, "5ECRET")
		}
	}
}

func TestSecret(t *testing.T) {
	t.Parallel()
	f := newForce(t, 1, 1)
	locked := errors.New("the safe is locked")
	for _, test := range []struct {
		secret string
		err    error
		want   string
	}{
		{"", locked, "salesforce: token: client secret: the safe is locked"},
		{"", nil, "salesforce: token: client secret: is empty; give the consumer secret of the app"},
		{clientSecret + "\n", nil, "salesforce: token: client secret: has white space at an end; remove it"},
	} {
		config := f.config()
		config.ClientSecret = func(context.Context) (string, error) { return test.secret, test.err }
		_, err := salesforce.Connect(t.Context(), config)
		assert.EqualError(t, err, test.want)
		checkSafe(t, err)
		if test.err != nil {
			assert.ErrorIs(t, err, test.err)
		}
	}
	assert.Zero(t, f.issued)
}

func TestWrongCredentials(t *testing.T) {
	t.Parallel()
	f := newForce(t, 1, 1)
	f.onToken = says(400, `{"error":"invalid_client","error_description":"invalid client credentials `+clientSecret+`"}`)
	_, err := salesforce.Connect(t.Context(), f.config())
	assert.EqualError(t, err, "salesforce: token: status 400: invalid_client")
	checkSafe(t, err)
	e, _ := errors.AsType[*salesforce.Error](err)
	assert.Equal(t, &salesforce.Error{Call: "token", Status: 400, Code: "invalid_client", Message: "invalid client credentials [hidden]"}, e)
}

func TestTokenAnswers(t *testing.T) {
	t.Parallel()
	const (
		notToken = "salesforce: token: status 200: the answer is not the JSON of a token"
		noToken  = "salesforce: token: status 200: the answer has no token of 1 to 8000 printable ASCII characters"
		instance = "salesforce: token: status 200: the answer names an instance that the token must not be sent to; Config.URL must be the My Domain address"
	)
	token := func(token, instance string) string {
		return fmt.Sprintf(`{"access_token":%q,"instance_url":%q}`, token, instance)
	}
	f := newForce(t, 1, 1)
	port := f.URL[strings.LastIndex(f.URL, ":"):]
	for _, test := range []struct {
		name, body, want string
		status           int
	}{
		{"short type", token("t", f.URL), "", 200},
		{"with a slash", token("t", f.URL+"/"), "", 200},
		{"longest token", token(strings.Repeat("t", 8000), f.URL), "", 200},
		{"longer token", token(strings.Repeat("t", 8001), f.URL), noToken, 200},
		{"largest", token("t", f.URL) + strings.Repeat(" ", 64<<10-len(token("t", f.URL))), "", 200},
		{"larger", token("t", f.URL) + strings.Repeat(" ", 64<<10-len(token("t", f.URL))+1), "salesforce: token: status 200: the answer has more than 65536 bytes; select fewer fields", 200},
		{"not JSON", "<html>", notToken, 200},
		{"empty", "", notToken, 200},
		{"more after it", token("t", f.URL) + "{}", notToken, 200},
		{"broken UTF-8", token("t\xff", f.URL), notToken, 200},
		{"a list", "[]", notToken, 200},
		{"null", "null", noToken, 200},
		{"wrong type", `{"access_token":5}`, notToken, 200},
		{"no token", token("", f.URL), noToken, 200},
		{"a header in it", token("t\r\nX: y", f.URL), noToken, 200},
		{"a space in it", token("t t", f.URL), noToken, 200},
		{"another type", `{"access_token":"t","token_type":"mac","instance_url":"` + f.URL + `"}`, "salesforce: token: status 200: the answer has a token that is no bearer token", 200},
		{"no instance", token("t", ""), instance, 200},
		{"another host", token("t", "https://evil.example.com"), instance, 200},
		{"Salesforce, but not from here", token("t", "https://mine.my.salesforce.com"), instance, 200},
		{"another port", token("t", "http://127.0.0.1:1"), instance, 200},
		{"another name", token("t", "http://localhost"+port), instance, 200},
		{"another scheme", token("t", "https://127.0.0.1"+port), instance, 200},
		{"somebody's", token("t", "http://user@127.0.0.1"+port), instance, 200},
		{"a path", token("t", f.URL+"/x"), instance, 200},
		{"no content", "", "salesforce: token: status 202", 202},
		{"not JSON, status 500", "<html>" + clientSecret, "salesforce: token: status 500", 500},
		{"code is no code", `{"error":"what?","error_description":"` + strings.Repeat("é", 2000) + `"}`, "salesforce: token: status 400", 400},
		{"empty list", "[]", "salesforce: token: status 400", 400},
		{"large error", strings.Repeat("x", 1<<20), "salesforce: token: status 503", 503},
	} {
		f.onToken = says(test.status, test.body)
		_, err := salesforce.Connect(t.Context(), f.config())
		if test.want == "" {
			assert.NoError(t, err, test.name)
			continue
		}
		if assert.EqualError(t, err, test.want, test.name) {
			checkSafe(t, err)
			e, _ := errors.AsType[*salesforce.Error](err)
			assert.LessOrEqual(t, len(e.Message), 2010)
		}
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	evil := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		assert.Fail(t, "was asked", r.URL.String())
	}))
	defer evil.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		moved := func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, evil.URL+r.URL.Path, status)
		}
		f := newForce(t, 3, 2)
		conn := f.connect(func(c *salesforce.Config) {
			c.Client.CheckRedirect = func(*http.Request, []*http.Request) error { return nil } // follows
		})
		f.onPage = moved
		_, err := all[account](t, t.Context(), conn, soql)
		assert.EqualError(t, err, fmt.Sprintf("salesforce: page: status %d: the answer is a redirect, which is not followed; Config.URL must be the My Domain address", status))
		f.onQuery = moved
		_, err = all[account](t, t.Context(), conn, soql)
		assert.ErrorContains(t, err, "is a redirect")
		f.onToken = moved
		_, err = salesforce.Connect(t.Context(), f.config())
		assert.ErrorContains(t, err, "is a redirect")
		checkSafe(t, err)
		assert.NoError(t, f.Client().CheckRedirect(nil, nil), "the caller's client was changed")
	}
}

func TestTokenExpires(t *testing.T) {
	t.Parallel()
	f := newForce(t, 5, 2)
	conn := f.connect()
	seen := 0
	for _, err := range salesforce.Query[account](t.Context(), conn, soql) {
		require.NoError(t, err)
		if seen++; seen == 2 {
			f.valid = 2 // from now on
		}
	}
	assert.Equal(t, 5, seen)
	assert.Equal(t, 2, f.issued)
	assert.Equal(t, 3, f.pages)
	_, err := all[account](t, t.Context(), conn, soql)
	require.NoError(t, err)
	assert.Equal(t, 2, f.issued, "the new token is kept")
}

func TestTokenExpiresTwice(t *testing.T) {
	t.Parallel()
	f := newForce(t, 5, 2)
	conn := f.connect()
	f.valid = 9
	records, err := all[account](t, t.Context(), conn, soql)
	assert.Empty(t, records)
	assert.EqualError(t, err, "salesforce: query: status 401: INVALID_SESSION_ID")
	assert.Equal(t, 2, f.issued, "once more, and not again")
	assert.Zero(t, f.pages)

	f.onToken = says(400, `{"error":"invalid_client"}`)
	_, err = all[account](t, t.Context(), conn, soql)
	assert.EqualError(t, err, "salesforce: token: status 400: invalid_client")
	assert.Equal(t, 3, f.issued)

	f.onToken, f.valid = nil, 0
	_, err = all[account](t, t.Context(), conn, soql)
	assert.NoError(t, err, "the connection is of use again")
}

func TestConnIsShared(t *testing.T) {
	t.Parallel()
	f := newForce(t, 5, 2)
	var asking sync.Mutex
	conn := f.connect(func(c *salesforce.Config) {
		c.ClientSecret = func(context.Context) (string, error) {
			assert.True(t, asking.TryLock(), "asked twice at once")
			defer asking.Unlock()
			return clientSecret, nil
		}
	})
	for _, valid := range []int{2, 3} {
		f.valid = valid
		var together sync.WaitGroup
		for range 8 {
			together.Go(func() {
				records, err := all[account](t, t.Context(), conn, soql)
				assert.NoError(t, err)
				assert.Len(t, records, 5)
			})
		}
		together.Wait()
		assert.Equal(t, valid, f.issued, "one token for all")
	}
}

func TestWaitingForATokenEndsWithTheContext(t *testing.T) {
	t.Parallel()
	f := newForce(t, 1, 1)
	asked, free := make(chan struct{}), make(chan struct{})
	first := true
	conn := f.connect(func(c *salesforce.Config) {
		c.ClientSecret = func(context.Context) (string, error) {
			if !first {
				close(asked)
				<-free
			}
			first = false
			return clientSecret, nil
		}
	})
	f.valid = 2
	done := make(chan error)
	go func() {
		_, err := all[account](t, context.WithoutCancel(t.Context()), conn, soql)
		done <- err
	}()
	<-asked
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := all[account](t, ctx, conn, soql)
	assert.ErrorIs(t, err, context.DeadlineExceeded)
	close(free)
	assert.NoError(t, <-done)
}

func TestContextEnds(t *testing.T) {
	t.Parallel()
	f := newForce(t, 3, 2)
	conn := f.connect()
	ctx, cancel := context.WithCancel(t.Context())
	f.onPage = func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "{")
		_ = http.NewResponseController(w).Flush()
		cancel() // amid the answer
		<-r.Context().Done()
	}
	records, err := all[account](t, ctx, conn, soql)
	assert.Len(t, records, 2)
	assert.ErrorIs(t, err, context.Canceled)
	assert.ErrorContains(t, err, "context canceled")

	_, err = all[account](t, ctx, conn, soql)
	assert.ErrorIs(t, err, context.Canceled)
	_, err = salesforce.Connect(ctx, f.config())
	assert.ErrorIs(t, err, context.Canceled)
	checkSafe(t, err)
}

func TestQueryFaults(t *testing.T) {
	t.Parallel()
	const notPage = "salesforce: query: status 200: the answer is not the JSON of a page of records"
	f := newForce(t, 1, 1)
	conn := f.connect()
	for _, test := range []struct {
		name, body, want string
		status           int
	}{
		{"malformed", `[{"message":"unexpected token: SELECT Id, Name FROM Account","errorCode":"MALFORMED_QUERY"},{"message":"more","errorCode":"OTHER"}]`, "salesforce: query: status 400: MALFORMED_QUERY", 400},
		{"limit", `[{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]`, "salesforce: query: status 403: REQUEST_LIMIT_EXCEEDED", 403},
		{"code quotes", `[{"errorCode":"SELECT Id, Name FROM Account"}]`, "salesforce: query: status 400", 400},
		{"token in message", `[{"message":"token 00D!AQ.token_1","errorCode":"X"}]`, "salesforce: query: status 400: X", 400},
		{"not JSON", "<html>", "salesforce: query: status 503", 503},
		{"created", `{"done":true,"records":[]}`, "salesforce: query: status 201", 201},
		{"not JSON, but OK", "<html>", notPage, 200},
		{"empty", "", notPage, 200},
		{"a list", "[]", notPage, 200},
		{"no done", `{"totalSize":0,"records":[]}`, notPage, 200},
		{"no records", `{"totalSize":0,"done":true}`, notPage, 200},
		{"records are null", `{"totalSize":0,"done":true,"records":null}`, notPage, 200},
		{"records are none", `{"totalSize":0,"done":true,"records":{}}`, notPage, 200},
		{"negative", `{"totalSize":-1,"done":true,"records":[]}`, notPage, 200},
		{"cut off", `{"totalSize":1,"done":true,"records":[{}`, notPage, 200},
		{"more after it", `{"totalSize":0,"done":true,"records":[]} {}`, notPage, 200},
		{"broken UTF-8", `{"totalSize":0,"done":true,"records":["` + "\xff" + `"]}`, notPage, 200},
		{"no record", `{"totalSize":2,"done":true,"records":[{}, null]}`, "salesforce: query: status 200: the answer has something that is no record at place 2", 200},
	} {
		f.onQuery = says(test.status, test.body)
		records, err := all[account](t, t.Context(), conn, soql)
		assert.Empty(t, records, test.name)
		assert.EqualError(t, err, test.want, test.name)
		if test.name == "malformed" {
			e, _ := errors.AsType[*salesforce.Error](err)
			assert.Equal(t, "unexpected token: SELECT Id, Name FROM Account", e.Message)
		}
	}
	assert.Equal(t, 1, f.issued)
}

func TestNextPageStaysOnTheInstance(t *testing.T) {
	t.Parallel()
	evil := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		assert.Fail(t, "was asked", r.URL.String())
	}))
	defer evil.Close()
	f := newForce(t, 1, 1)
	conn := f.connect()
	for _, next := range []string{
		"", evil.URL, evil.URL + "/services/data/v62.0/query/01g-1", strings.TrimPrefix(evil.URL, "http:") + "/services/data/v62.0/query/01g-1",
		f.URL + "/services/data/v62.0/query/01g-1", "https:/services/data/v62.0/query/01g-1", "services/data/v62.0/query/01g-1",
		"/services/oauth2/token", "/services/data/../oauth2/token", "/services/data/%2e%2e/oauth2/token", "/services/data/%2e%2e%2foauth2/token",
		`/services/data/\evil.example.com`, "/services/data//evil", "/services/data/v62.0/query/01g-1#x", "@evil.example.com/services/data/", "/services/data/\x00", "%",
		"/services/data/" + strings.Repeat("x", 2034),
	} {
		f.onQuery = func(w http.ResponseWriter, _ *http.Request) {
			write(w, map[string]any{"totalSize": 2, "done": false, "nextRecordsUrl": next, "records": []any{map[string]any{"Id": "a1"}}})
		}
		_, err := all[account](t, t.Context(), conn, soql)
		assert.EqualError(t, err, "salesforce: query: status 200: the answer names a next page that is no path of this instance; it is not asked for", next)
	}
	f.onPage = says(200, `{"totalSize":2,"done":true,"records":[{"Id":"a2"}]}`)
	for _, next := range []string{"/services/data/v62.0/query/" + strings.Repeat("x", 2048-27), "/services/data/v62.0/query/a%2Fb"} {
		f.onQuery = func(w http.ResponseWriter, _ *http.Request) {
			write(w, map[string]any{"totalSize": 2, "done": false, "nextRecordsUrl": next, "records": []any{map[string]any{"Id": "a1"}}})
		}
		records, err := all[account](t, t.Context(), conn, soql)
		require.NoError(t, err)
		assert.Len(t, records, 2)
	}
}

func TestRecordsAreBounded(t *testing.T) {
	t.Parallel()
	f := newForce(t, 5, 2)
	records, err := all[account](t, t.Context(), f.connect(func(c *salesforce.Config) { c.MaxRecords = 5 }), soql)
	require.NoError(t, err)
	assert.Len(t, records, 5)

	four := f.connect(func(c *salesforce.Config) { c.MaxRecords = 4 })
	records, err = all[account](t, t.Context(), four, soql)
	assert.ErrorIs(t, err, salesforce.ErrTooMany)
	assert.EqualError(t, err, "salesforce: query: status 200: the query has more than 4 records; write a LIMIT, or allow more: too many")
	assert.Empty(t, records, "the total tells before any record")

	// A total that lies changes nothing.
	f.onQuery = says(200, `{"totalSize":1,"done":false,"nextRecordsUrl":"/services/data/v62.0/query/01g-2","records":[{},{},{}]}`)
	f.onPage = says(200, `{"totalSize":1,"done":true,"records":[{},{}]}`)
	records, err = all[account](t, t.Context(), four, soql)
	assert.ErrorIs(t, err, salesforce.ErrTooMany)
	assert.ErrorContains(t, err, "salesforce: page:")
	assert.Len(t, records, 3)

	// COUNT() has no records to bound.
	f.onQuery = says(200, `{"totalSize":1000000,"done":true,"records":[]}`)
	records, err = all[account](t, t.Context(), four, soql)
	assert.NoError(t, err)
	assert.Empty(t, records)

	f.onQuery = says(200, `{"totalSize":1,"done":true,"records":[`+strings.Repeat("{},", 9999)+`{}]}`)
	records, err = all[account](t, t.Context(), f.connect(), soql)
	assert.NoError(t, err)
	assert.Len(t, records, salesforce.DefaultMaxRecords)
	f.onQuery = says(200, `{"totalSize":1,"done":true,"records":[`+strings.Repeat("{},", 10000)+`{}]}`)
	_, err = all[account](t, t.Context(), f.connect(), soql)
	assert.ErrorIs(t, err, salesforce.ErrTooMany)
}

func TestPagesAreBounded(t *testing.T) {
	t.Parallel()
	f := newForce(t, 6, 2)
	records, err := all[account](t, t.Context(), f.connect(func(c *salesforce.Config) { c.MaxPages = 3 }), soql)
	require.NoError(t, err)
	assert.Len(t, records, 6)
	f.pages = 0
	records, err = all[account](t, t.Context(), f.connect(func(c *salesforce.Config) { c.MaxPages = 2 }), soql)
	assert.ErrorIs(t, err, salesforce.ErrTooMany)
	assert.EqualError(t, err, "salesforce: page: the query has more than 2 pages; write a LIMIT, or allow more: too many")
	assert.Len(t, records, 4)
	assert.Equal(t, 2, f.pages)

	// Pages without records and without an end end as well.
	again := says(200, `{"totalSize":0,"done":false,"nextRecordsUrl":"/services/data/v62.0/query/01g-0","records":[]}`)
	f.onQuery, f.onPage, f.pages = again, again, 0
	_, err = all[account](t, t.Context(), f.connect(), soql)
	assert.ErrorIs(t, err, salesforce.ErrTooMany)
	assert.Equal(t, salesforce.DefaultMaxPages, f.pages)
}

func TestPagesAreBoundedInSize(t *testing.T) {
	t.Parallel()
	f := newForce(t, 1, 1)
	conn := f.connect()
	page := `{"totalSize":1,"done":true,"records":[{"Id":"a1"}]}`
	f.onQuery = says(200, page+strings.Repeat(" ", 10<<20-len(page)))
	records, err := all[account](t, t.Context(), conn, soql)
	require.NoError(t, err)
	assert.Len(t, records, 1)
	f.onQuery = says(200, page+strings.Repeat(" ", 10<<20-len(page)+1))
	_, err = all[account](t, t.Context(), conn, soql)
	assert.EqualError(t, err, "salesforce: query: status 200: the answer has more than 10485760 bytes; select fewer fields")
}

func TestQueriesAreBounded(t *testing.T) {
	t.Parallel()
	f := newForce(t, 1, 1)
	conn := f.connect()
	f.query = "SELECT Id FROM Account WHERE Name=''"
	// Each sign counts three bytes, each space one.
	f.query += strings.Repeat(" ", salesforce.MaxQuery-len(f.query)-2*strings.Count(f.query, "'")-2)
	_, err := all[account](t, t.Context(), conn, f.query)
	require.NoError(t, err)
	f.query += " "
	_, err = all[account](t, t.Context(), conn, f.query)
	assert.EqualError(t, err, "salesforce: query: has more than 12000 bytes as it stands in the address; shorten it")

	for _, test := range []struct {
		conn       *salesforce.Conn
		soql, want string
	}{
		{conn, "  ", "salesforce: query: is empty; write SELECT … FROM …"},
		{conn, "SELECT '\xff'", "salesforce: query: is not valid UTF-8; put values in with Quote"},
		{nil, soql, "salesforce: query: the connection is empty; make one with Connect"},
		{new(salesforce.Conn), soql, "salesforce: query: the connection is empty; make one with Connect"},
	} {
		_, err := all[account](t, t.Context(), test.conn, test.soql)
		assert.EqualError(t, err, test.want)
	}
	assert.Equal(t, 1, f.pages)
}

func TestRecordsThatDoNotFit(t *testing.T) {
	t.Parallel()
	f := newForce(t, 1, 1)
	conn := f.connect()
	f.onQuery = says(200, `{"totalSize":2,"done":true,"records":[{"Owner":{"Size":1}},{"Owner":{"Size":7777.5}}]}`)
	type owned struct{ Owner struct{ Size int } }
	records, err := all[owned](t, t.Context(), conn, soql)
	assert.Len(t, records, 1)
	assert.EqualError(t, err, `salesforce: query: record 2 does not fit salesforce_test.owned: field "Owner.Size" is a JSON number, which is no int`)

	f.onQuery = says(200, `{"totalSize":1,"done":true,"records":[{"CreatedDate":"2026-03-01T07:08:09.000+0000"}]}`)
	type created struct{ CreatedDate time.Time }
	_, err = all[created](t, t.Context(), conn, soql)
	assert.EqualError(t, err, `salesforce: query: record 1 does not fit salesforce_test.created`)
	_, err = all[map[string]int](t, t.Context(), conn, soql)
	assert.EqualError(t, err, `salesforce: query: record 1 does not fit map[string]int`)
	texts, err := all[map[string]string](t, t.Context(), conn, soql)
	require.NoError(t, err)
	date, err := time.Parse(salesforce.TimeLayout, texts[0]["CreatedDate"])
	require.NoError(t, err)
	assert.True(t, date.Equal(time.Date(2026, 3, 1, 7, 8, 9, 0, time.UTC)))
}

func TestAnswerIsCutOff(t *testing.T) {
	t.Parallel()
	f := newForce(t, 1, 1)
	conn := f.connect()
	f.onQuery = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, `{"totalSize":0,"done":true,"records":[]}`)
	}
	_, err := all[account](t, t.Context(), conn, soql)
	assert.EqualError(t, err, "salesforce: query: status 200: the answer is cut off: unexpected EOF")
	assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
}

// failing is a transport with an error of its own.
type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }

func TestTransportErrors(t *testing.T) {
	t.Parallel()
	f := newForce(t, 1, 1)
	denied := errors.New(`the host "127.0.0.1"` + "\nis not on the list")
	for _, test := range []struct {
		err  error
		want string
	}{
		{denied, `salesforce: token: no answer: the host "127.0.0.1"; is not on the list`},
		{errors.New("secret " + clientSecret), "salesforce: token: no answer: secret [hidden]"},
		{errors.New("form 5ECRET%2B%2F%25%26%3D"), "salesforce: token: no answer: form [hidden]"},
		{errors.New("http2: server sent GOAWAY, debug=\"what I say\""), "salesforce: token: no answer: http2: server sent GOAWAY, : the answer cannot be read"},
		{errors.New(strings.Repeat("é", 1000)), "salesforce: token: no answer: " + strings.Repeat("é", 150) + "…"},
	} {
		config := f.config()
		config.Client = &http.Client{Transport: failing{test.err}}
		_, err := salesforce.Connect(t.Context(), config)
		assert.ErrorIs(t, err, test.err)
		assert.EqualError(t, err, test.want)
		checkSafe(t, err)
	}
}

// TestAnswersThatAreNoHTTP has servers that echo what they were sent in answers
// which package net/http quotes.
func TestAnswersThatAreNoHTTP(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{"%s\r\n\r\n", "HTTP/1.1 %s\r\n\r\n", "HTTP/1.1 200 OK\r\n%s\r\n\r\n", "HTTP/1.1 302 Found\r\nLocation: %%zz%s\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: %s\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: %s\r\n\r\n"} {
		f := newForce(t, 1, 1)
		conn := f.connect()
		f.onQuery = func(w http.ResponseWriter, r *http.Request) {
			wire, _, err := http.NewResponseController(w).Hijack()
			if !assert.NoError(t, err) {
				return
			}
			defer wire.Close()
			out := bufio.NewWriter(wire)
			fmt.Fprintf(out, answer, "what I heard "+r.Header.Get("Authorization")+" "+r.URL.Query().Get("q"))
			assert.NoError(t, out.Flush())
		}
		_, err := all[account](t, t.Context(), conn, soql)
		require.Error(t, err)
		assert.NotContains(t, err.Error(), "what I heard", answer)
		assert.Contains(t, err.Error(), "salesforce: query: no answer: ", answer)
	}
}
