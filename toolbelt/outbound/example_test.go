package outbound_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/afterword-go/afterword/toolbelt/outbound"
)

// newOpeningHours makes a function that calls a service. It gets its client when
// it is built.
func newOpeningHours(client *http.Client, service string) func(ctx context.Context, shop string) (string, error) {
	return func(ctx context.Context, shop string) (string, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, service+"/hours/"+shop, nil)
		if err != nil {
			return "", outbound.Redact(err)
		}
		resp, err := client.Do(req)
		if err != nil {
			return "", outbound.Redact(err)
		}
		defer resp.Body.Close()
		var hours string
		if err := json.NewDecoder(resp.Body).Decode(&hours); err != nil {
			return "", outbound.Redact(err)
		}
		return hours, nil
	}
}

func Example() {
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/hours/moved" {
			http.Redirect(w, r, "http://169.254.169.254/latest/meta-data", http.StatusFound)
			return
		}
		fmt.Fprint(w, `"9 to 5"`)
	}))
	defer service.Close()

	client, err := outbound.New(outbound.Config{
		Domains:       []string{"api.example.com", "*.example.org"},
		AllowLoopback: true, // for the test; the service is on this machine
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.CloseIdleConnections()

	openingHours := newOpeningHours(client, service.URL)
	fmt.Println(openingHours(context.Background(), "berlin"))

	_, err = openingHours(context.Background(), "moved")
	fmt.Println(err)
	fmt.Println(errors.Is(err, outbound.ErrNotListed))
	// Output:
	// 9 to 5 <nil>
	// request not sent: host: is not listed: add its name to the domains
	// true
}
