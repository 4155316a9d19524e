package function

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/toolbelt/outbound"
)

// sly would be another question, or one to somewhere else, if it were not
// written as a value.
const sly = "A-17&all=1#/../../secrets?x"

// found asks for the order sly, with a client that has short limits.
func found(t *testing.T, address string) (Answer, error) {
	t.Helper()
	client, err := outbound.New(outbound.Config{Timeout: 300 * time.Millisecond, MaxResponse: 1000, AllowLoopback: true})
	require.NoError(t, err)
	t.Cleanup(client.CloseIdleConnections)
	service, err := url.Parse(address)
	require.NoError(t, err)
	return newFindOrder(client, service)(t.Context(), events.Event[Question]{Payload: Question{Order: sly}})
}

func TestFindOrder(t *testing.T) {
	sent := Answer{Status: "sent", Arrives: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)}
	for _, test := range []struct {
		name   string
		status int
		body   string
		want   Answer
		fault  string // empty: none
		within error
	}{
		{name: "an order", status: 200, body: `{"status": "sent", "arrives": "2026-03-02T00:00:00Z", "price": 12.5}`, want: sent},
		{name: "as large as may be", status: 200, body: `{"status": "sent"}` + strings.Repeat(" ", 1000-18), want: Answer{Status: "sent"}},
		{name: "no such order", status: 404, body: `gone`, want: Answer{Status: "unknown"}},
		{name: "a broken service", status: 500, body: `stack of ` + sly, fault: "service: answered with status 500"},
		{name: "no JSON", status: 200, body: sly, fault: "service: the answer is not the JSON of an order"},
		{name: "no time", status: 200, body: `{"arrives": "` + sly + `"}`, fault: "service: the answer is not the JSON of an order"},
		{name: "too large", status: 200, body: strings.Repeat(" ", 1001), fault: "body: is too large", within: outbound.ErrTooLarge},
		{name: "too slow", status: 0, fault: "request: took too long", within: context.DeadlineExceeded},
	} {
		t.Run(test.name, func(t *testing.T) {
			service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				assert.Equal(t, "GET /v1/orders", r.Method+" "+r.URL.Path)
				assert.Equal(t, url.Values{"number": {sly}}, r.URL.Query())
				assert.Equal(t, "application/json", r.Header.Get("Accept"))
				if test.status == 0 {
					<-r.Context().Done() // till the client hangs up
					return
				}
				w.WriteHeader(test.status)
				_, _ = w.Write([]byte(test.body)) // who has heard enough hangs up
			}))
			defer service.Close()
			answer, err := found(t, service.URL+"/v1")
			assert.Equal(t, test.want, answer)
			if test.fault == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, test.fault)
			if test.within != nil {
				assert.ErrorIs(t, err, test.within)
			}
		})
	}
}

func TestFindOrderElsewhere(t *testing.T) {
	_, err := found(t, "https://api.example.net")
	require.ErrorIs(t, err, outbound.ErrNotListed)
	assert.NotContains(t, err.Error(), "A-17")
	assert.NotContains(t, err.Error(), "example")
}

func TestSettings(t *testing.T) {
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"status": "sent", "arrives": "2026-03-02T00:00:00Z"}`))
	}))
	defer service.Close()
	for _, test := range []struct{ name, address, loopback, want, fault string }{
		{name: "all", address: service.URL, loopback: "1", want: `{"status": "sent", "arrives": "2026-03-02T00:00:00Z"}`},
		{name: "none", fault: "ORDERS_URL: give"},
		{name: "no loopback", address: service.URL, fault: "not sent"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("ORDERS_URL", test.address)
			t.Setenv("ALLOW_LOOPBACK", test.loopback)
			all, err := Functions()
			require.NoError(t, err)
			rt, err := faas.New(faas.Config{Functions: all})
			require.NoError(t, err)
			result, err := rt.InvokeFunction(t.Context(), rt.Functions(faas.Filter{})[0].ID, events.Envelope{Payload: []byte(`{"order": "A-17"}`)})
			if test.fault != "" {
				require.ErrorContains(t, err, test.fault)
				return
			}
			require.NoError(t, err)
			assert.JSONEq(t, test.want, string(result.Value))
		})
	}
	t.Setenv("ORDERS_URL", "https://api.example.com:port")
	_, err := Functions()
	assert.EqualError(t, err, "ORDERS_URL: is not an address: give one like https://api.example.com")
}
