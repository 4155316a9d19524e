package function

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"os"
	"sync"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/toolbelt/secrets"
)

// key is the name of the secret. What to change first.
const key = "signing_keys"

// Functions are what this program serves.
func Functions() ([]faas.Function, error) {
	vault, err := openVault(os.Getenv("SECRETS_FOLDER"), os.Getenv("AFTERWORD_SECRETS_IDENTITY"))
	if err != nil {
		return nil, err
	}
	// The function gets a client that may use this secret alone.
	return []faas.Function{faas.NoEvent("my_function", newRotate(vault.For(key)), faas.Description("Makes a new key for signing."))}, nil
}

// openVault opens the secrets in a folder with an identity file. Without a
// folder, it makes some that last as long as the program.
func openVault(folder, identityFile string) (*secrets.Vault, error) {
	if folder == "" {
		vault := secrets.New()
		return vault, vault.Create(context.Background(), key, secrets.JSON, `{"number": 1, "current": "sample"}`)
	}
	if identityFile == "" {
		return nil, errors.New("AFTERWORD_SECRETS_IDENTITY: give the file that opens the secrets")
	}
	identity, err := secrets.ReadIdentity(identityFile)
	if err != nil {
		return nil, err
	}
	return secrets.Open(folder, identity)
}

// Keys are the secret. What was signed with the previous key is good until the
// next rotation.
type Keys struct {
	Number   int    `json:"number"` // of the current key, which is no secret
	Current  string `json:"current"`
	Previous string `json:"previous,omitempty"`
}

// A Rotation is the result. It has nothing of the keys: callers may keep it, and
// log it.
type Rotation struct {
	Number int `json:"number"` // of the new key
}

// newRotate makes the function.
func newRotate(client secrets.Client) func(context.Context, events.Event[struct{}]) (Rotation, error) {
	var mu sync.Mutex // of two calls at once, the later one reads what the other has written
	return func(ctx context.Context, _ events.Event[struct{}]) (Rotation, error) {
		mu.Lock()
		defer mu.Unlock()
		value, err := client.Read(ctx, key)
		if err != nil {
			return Rotation{}, err
		}
		var keys Keys
		if json.Unmarshal([]byte(value.Reveal()), &keys) != nil { // its error could quote the secret
			return Rotation{}, errors.New(key + `: is not of the form {"number": 1, "current": "…"}`)
		}
		keys = Keys{Number: keys.Number + 1, Current: rand.Text(), Previous: keys.Current}
		text, err := json.Marshal(keys)
		if err != nil {
			return Rotation{}, err
		}
		return Rotation{Number: keys.Number}, client.Update(ctx, key, string(text))
	}
}
