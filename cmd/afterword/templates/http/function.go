package function

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/toolbelt/outbound"
)

// Functions are what this program serves.
func Functions() ([]faas.Function, error) {
	client, err := outbound.New(outbound.Config{
		Domains:       []string{"api.example.com", "*.api.example.com"}, // what to change first
		Timeout:       5 * time.Second,
		MaxResponse:   64 << 10,
		AllowLoopback: os.Getenv("ALLOW_LOOPBACK") != "",
	})
	if err != nil {
		return nil, err
	}
	service, err := url.Parse(os.Getenv("ORDERS_URL"))
	if err != nil {
		return nil, errors.New("ORDERS_URL: is not an address: give one like https://api.example.com")
	}
	return []faas.Function{
		faas.NoEvent("my_function", newFindOrder(client, service), faas.Description("Says how far an order is.")),
	}, nil
}

// A Question is the payload.
type Question struct {
	Order string `json:"order"` // the number of an order
}

// An Answer is the result, and that part of the service's answer which is
// wanted.
type Answer struct {
	Status  string    `json:"status"`           // such as sent, or unknown
	Arrives time.Time `json:"arrives,omitzero"` // the zero time: nobody knows
}

// newFindOrder makes the function. It asks with the client that it gets, and so
// calls no hosts but those of the client's list.
func newFindOrder(client *http.Client, service *url.URL) func(context.Context, events.Event[Question]) (Answer, error) {
	return func(ctx context.Context, event events.Event[Question]) (Answer, error) {
		if service.Host == "" {
			return Answer{}, errors.New("ORDERS_URL: give the address of the service, such as https://api.example.com")
		}
		// In the query, what a customer wrote stays a value; in the path it could
		// lead elsewhere.
		address := service.JoinPath("orders")
		address.RawQuery = url.Values{"number": {event.Payload.Order}}.Encode()
		status, body, err := get(ctx, client, address.String())
		if err != nil {
			return Answer{}, err
		}
		switch status {
		case http.StatusOK:
		case http.StatusNotFound:
			return Answer{Status: "unknown"}, nil
		default:
			return Answer{}, fmt.Errorf("service: answered with status %d", status)
		}
		var answer Answer
		if json.Unmarshal(body, &answer) != nil { // its error could quote the answer
			return Answer{}, errors.New("service: the answer is not the JSON of an order")
		}
		return answer, nil
	}
}

// get asks for JSON. Its errors quote neither address nor answer, so that they
// may go to whoever calls the function; errors.Is still finds what is within.
func get(ctx context.Context, client *http.Client, address string) (status int, body []byte, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, nil, outbound.Redact(err)
	}
	request.Header.Set("Accept", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return 0, nil, outbound.Redact(err)
	}
	defer response.Body.Close()
	body, err = io.ReadAll(response.Body) // the client bounds it
	return response.StatusCode, body, outbound.Redact(err)
}
