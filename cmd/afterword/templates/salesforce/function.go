package function

import (
	"context"
	"errors"
	"os"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/toolbelt/outbound"
	"github.com/afterword-go/afterword/toolbelt/salesforce"
)

// Functions are what this program serves.
func Functions() ([]faas.Function, error) {
	client, err := outbound.New(outbound.Config{
		Domains:       []string{"*.my.salesforce.com", "*.sandbox.my.salesforce.com", "*.develop.my.salesforce.com"},
		AllowLoopback: os.Getenv("ALLOW_LOOPBACK") != "",
	})
	if err != nil {
		return nil, err
	}
	secret := os.Getenv("SALESFORCE_CLIENT_SECRET")
	config := salesforce.Config{
		Client:       client,
		URL:          os.Getenv("SALESFORCE_URL"),
		ClientID:     os.Getenv("SALESFORCE_CLIENT_ID"),
		ClientSecret: func(context.Context) (string, error) { return secret, nil },
	}
	find := newFindContacts(func(ctx context.Context) (*salesforce.Conn, error) {
		if config.URL == "" || config.ClientID == "" || secret == "" {
			return nil, errors.New("settings: give SALESFORCE_URL, SALESFORCE_CLIENT_ID and SALESFORCE_CLIENT_SECRET: see README.md")
		}
		return salesforce.Connect(ctx, config)
	})
	return []faas.Function{faas.NoEvent("my_function", find, faas.Description("Lists the contacts of an account in Salesforce."))}, nil
}

// A Question is the payload.
type Question struct {
	Account string `json:"account"` // its name
}

// A Contact is a part of the result. Salesforce has fields of the same names.
type Contact struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email,omitempty"`
}

// newFindContacts makes the function. It connects when it is called for the
// first time, and keeps the connection.
func newFindContacts(connect func(context.Context) (*salesforce.Conn, error)) func(context.Context, events.Event[Question]) ([]Contact, error) {
	shared := connection{connect: connect, turn: make(chan struct{}, 1)}
	return func(ctx context.Context, event events.Event[Question]) ([]Contact, error) {
		conn, err := shared.get(ctx)
		if err != nil {
			return nil, err
		}
		// What a customer wrote is a value by Quote, and never a part of the query.
		query := "SELECT Id, Name, Email FROM Contact WHERE Account.Name = " + salesforce.Quote(event.Payload.Account) + " ORDER BY Name LIMIT 20"
		contacts := []Contact{}
		for contact, err := range salesforce.Query[Contact](ctx, conn, query) {
			if err != nil {
				return nil, err
			}
			contacts = append(contacts, contact)
		}
		return contacts, nil
	}
}

// A connection is made once for all who want it. One that fails is tried again.
type connection struct {
	connect func(context.Context) (*salesforce.Conn, error)
	turn    chan struct{} // holds one while somebody has conn
	conn    *salesforce.Conn
}

// get gives the connection. It waits for others no longer than its context lasts.
func (c *connection) get(ctx context.Context) (*salesforce.Conn, error) {
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if c.conn == nil {
		conn, err := c.connect(ctx)
		if err != nil {
			return nil, err
		}
		c.conn = conn
	}
	return c.conn, nil
}
