package salesforce_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
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
