package function

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/toolbelt/salesforce"
)

// A force stands for Salesforce. It checks who asks, and notes what is asked.
type force struct {
	*httptest.Server
	records string       // that it answers with, as JSON
	query   atomic.Value // the last one
	tokens  atomic.Int32 // how many it has given
}

func newForce(t *testing.T, records string) *force {
	t.Helper()
	f := &force{records: records}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /services/oauth2/token", func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "client_credentials app s3cret", r.PostFormValue("grant_type")+" "+r.PostFormValue("client_id")+" "+r.PostFormValue("client_secret"))
		fmt.Fprintf(w, `{"access_token": "t%d", "instance_url": %q, "token_type": "Bearer"}`, f.tokens.Add(1), f.URL)
	})
	mux.HandleFunc("GET /services/data/v62.0/query", func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "Bearer t1", r.Header.Get("Authorization"))
		f.query.Store(r.FormValue("q"))
		fmt.Fprintf(w, `{"totalSize": 1, "done": true, "records": %s}`, f.records)
	})
	f.Server = httptest.NewServer(mux)
	t.Cleanup(f.Close)
	return f
}

func (f *force) connect(ctx context.Context) (*salesforce.Conn, error) {
	return salesforce.Connect(ctx, salesforce.Config{
		Client: f.Client(), URL: f.URL, ClientID: "app",
		ClientSecret: func(context.Context) (string, error) { return "s3cret", nil },
	})
}

func about(account string) events.Event[Question] {
	return events.Event[Question]{Payload: Question{Account: account}}
}

func TestFindContacts(t *testing.T) {
	const before, after = "SELECT Id, Name, Email FROM Contact WHERE Account.Name = ", " ORDER BY Name LIMIT 20"
	for _, test := range []struct {
		name, account, records, quoted string
		want                           []Contact
	}{
		{"a contact", "Example", `[{"attributes": {"type": "Contact"}, "Id": "003", "Name": "Ann", "Email": "ann@example.com"}]`, `'Example'`, []Contact{{"003", "Ann", "ann@example.com"}}},
		{"without an e-mail", "Example", `[{"Id": "003", "Name": "Ann", "Email": null}]`, `'Example'`, []Contact{{"003", "Ann", ""}}},
		{"nobody, and a sly name", `x' OR Name != '`, `[]`, `'x\' OR Name != \''`, []Contact{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := newForce(t, test.records)
			contacts, err := newFindContacts(f.connect)(t.Context(), about(test.account))
			require.NoError(t, err)
			assert.Equal(t, test.want, contacts)
			assert.Equal(t, before+test.quoted+after, f.query.Load())
		})
	}
}

func TestConnectOnce(t *testing.T) {
	f := newForce(t, `[]`)
	find := newFindContacts(f.connect)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			_, err := find(t.Context(), about("Example"))
			assert.NoError(t, err)
		})
	}
	wg.Wait()
	assert.EqualValues(t, 1, f.tokens.Load())
}

func TestConnectAgain(t *testing.T) {
	f := newForce(t, `[]`)
	broken := errors.New("broken")
	calls := 0
	find := newFindContacts(func(ctx context.Context) (*salesforce.Conn, error) {
		if calls++; calls == 1 {
			return nil, broken
		}
		return f.connect(ctx)
	})
	for _, want := range []error{broken, nil, nil} {
		_, err := find(t.Context(), about("Example"))
		require.ErrorIs(t, err, want)
	}
	assert.Equal(t, 2, calls)
}

// Who waits for the connection of somebody else stops when its time is over.
func TestConnectInTime(t *testing.T) {
	begun, end := make(chan struct{}), make(chan struct{})
	find := newFindContacts(func(context.Context) (*salesforce.Conn, error) {
		close(begun)
		<-end
		return nil, errors.New("broken")
	})
	var wg sync.WaitGroup
	wg.Go(func() {
		_, err := find(t.Context(), about("Example"))
		assert.EqualError(t, err, "broken")
	})
	<-begun
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := find(ctx, about("Example"))
	assert.ErrorIs(t, err, context.Canceled)
	close(end)
	wg.Wait()
}

func TestSettings(t *testing.T) {
	f := newForce(t, `[{"Id": "003", "Name": "Ann"}]`)
	for _, test := range []struct{ name, url, secret, loopback, want, fault string }{
		{name: "all", url: f.URL, secret: "s3cret", loopback: "1", want: `[{"id": "003", "name": "Ann"}]`},
		{name: "no secret", url: f.URL, loopback: "1", fault: "SALESFORCE_CLIENT_SECRET"},
		{name: "no address", secret: "s3cret", fault: "SALESFORCE_URL"},
		{name: "no loopback", url: f.URL, secret: "s3cret", fault: "not sent"},
		{name: "not Salesforce", url: "https://example.com", secret: "s3cret", fault: "is not listed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("SALESFORCE_URL", test.url)
			t.Setenv("SALESFORCE_CLIENT_ID", "app")
			t.Setenv("SALESFORCE_CLIENT_SECRET", test.secret)
			t.Setenv("ALLOW_LOOPBACK", test.loopback)
			all, err := Functions()
			require.NoError(t, err)
			rt, err := faas.New(faas.Config{Functions: all})
			require.NoError(t, err)
			result, err := rt.InvokeFunction(t.Context(), rt.Functions(faas.Filter{})[0].ID, events.Envelope{Payload: []byte(`{"account": "Example"}`)})
			if test.fault != "" {
				require.ErrorContains(t, err, test.fault)
				return
			}
			require.NoError(t, err)
			assert.JSONEq(t, test.want, string(result.Value))
		})
	}
}
