package gateway_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/faas/gateway"
)

// A client fetches a token, and invokes the functions of an event.
func Example() {
	rt, err := faas.New(faas.Config{Functions: []faas.Function{
		faas.On(events.ConversationalCommand, "shout", func(_ context.Context, c events.Event[events.CommandCall]) (events.Reply, error) {
			return events.TextReply(strings.ToUpper(strings.Join(c.Payload.Arguments, " "))), nil
		}),
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	key, err := gateway.SecretKey("main", []byte("a secret of thirty-two random bytes, say"))
	if err != nil {
		fmt.Println(err)
		return
	}
	handler, err := gateway.New(rt, gateway.Config{Account: "12345678", Auth: &gateway.Auth{
		Signer:  key,
		Clients: []gateway.Client{{ID: "chat", Secret: "random and long enough", Scopes: []string{gateway.InvokeScope}}},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	server := httptest.NewServer(handler) // or handler.Server(), with an address
	defer server.Close()

	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {"chat"}, "client_secret": {"random and long enough"}}
	answer, err := server.Client().PostForm(server.URL+"/sentinel/api/account/12345678/app/token", form)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer answer.Body.Close()
	var token struct {
		Text string `json:"access_token"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&token); err != nil {
		fmt.Println(err)
		return
	}

	request, err := http.NewRequest(http.MethodGet, server.URL+"/api/account/12345678/events/conversational_command/isImplemented?v=1", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	request.Header.Set("Authorization", "Bearer "+token.Text)
	implemented, err := server.Client().Do(request)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer implemented.Body.Close()
	text, err := io.ReadAll(implemented.Body)
	fmt.Println(implemented.StatusCode, string(text), err)
	// Output: 200 {"implemented":true} <nil>
}
