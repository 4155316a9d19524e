package function

import (
	"cmp"
	"context"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// Functions are what this program serves.
func Functions() ([]faas.Function, error) {
	return []faas.Function{faas.NoEvent("my_function", greet, faas.Description("Greets whoever is named."))}, nil
}

// A Guest is the payload.
type Guest struct {
	Name string `json:"name,omitempty"` // may be empty
}

// A Greeting is the result.
type Greeting struct {
	Text string `json:"text"`
}

func greet(_ context.Context, event events.Event[Guest]) (Greeting, error) {
	return Greeting{Text: "Hello, " + cmp.Or(event.Payload.Name, "stranger") + "!"}, nil
}
