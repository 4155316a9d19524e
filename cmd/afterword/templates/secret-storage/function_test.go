package function

import (
	"encoding/json"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/toolbelt/secrets"
)

// keysOf reads the secret of a vault.
func keysOf(t *testing.T, vault *secrets.Vault) (keys Keys) {
	t.Helper()
	value, err := vault.For(key).Read(t.Context(), key)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal([]byte(value.Reveal()), &keys))
	return keys
}

func newVault(t *testing.T, value string) *secrets.Vault {
	t.Helper()
	vault := secrets.New()
	require.NoError(t, vault.Create(t.Context(), key, secrets.JSON, value))
	return vault
}

func TestRotate(t *testing.T) {
	vault := newVault(t, `{"number": 7, "current": "first", "previous": "zeroth"}`)
	rotate := newRotate(vault.For(key))
	last := "first"
	for number := 8; number <= 10; number++ {
		rotation, err := rotate(t.Context(), events.Event[struct{}]{})
		require.NoError(t, err)
		keys := keysOf(t, vault)
		assert.Equal(t, last, keys.Previous)
		assert.NotEqual(t, last, keys.Current)
		assert.Len(t, keys.Current, 26) // 128 bits at least
		assert.Equal(t, number, keys.Number)
		assert.Equal(t, Rotation{Number: number}, rotation)
		last = keys.Current
	}
}

// No rotation is lost, and no two have the same number.
func TestRotateAtTheSameTime(t *testing.T) {
	vault := newVault(t, `{"current": "first"}`)
	rotate := newRotate(vault.For(key))
	var mu sync.Mutex
	numbers := map[int]bool{}
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			for range 100 {
				rotation, err := rotate(t.Context(), events.Event[struct{}]{})
				assert.NoError(t, err)
				mu.Lock()
				numbers[rotation.Number] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	assert.Len(t, numbers, 2000)
	assert.Equal(t, 2000, keysOf(t, vault).Number)
}

func TestRotateRefused(t *testing.T) {
	for _, test := range []struct {
		name   string
		client secrets.Client
		fault  string
	}{
		{"another form", newVault(t, `{"current": 12345678}`).For(key), `signing_keys: is not of the form {"number": 1, "current": "…"}`},
		{"no secret", secrets.New().For(key), `secret "signing_keys": there is no such secret`},
		{"another secret", newVault(t, `{}`).For("another"), `secret "signing_keys": not a secret that this function may use`},
	} {
		t.Run(test.name, func(t *testing.T) {
			rotation, err := newRotate(test.client)(t.Context(), events.Event[struct{}]{})
			assert.EqualError(t, err, test.fault)
			assert.Zero(t, rotation)
		})
	}
}

func TestSettings(t *testing.T) {
	folder, file := filepath.Join(t.TempDir(), "secrets"), filepath.Join(t.TempDir(), "identity.txt")
	identity, err := secrets.NewIdentity(file)
	require.NoError(t, err)
	vault, err := secrets.Open(folder, identity)
	require.NoError(t, err)
	require.NoError(t, vault.Create(t.Context(), key, secrets.JSON, `{"current": "first"}`))
	require.NoError(t, vault.Close())

	vault, err = openVault(folder, file)
	require.NoError(t, err)
	_, err = newRotate(vault.For(key))(t.Context(), events.Event[struct{}]{})
	require.NoError(t, err)
	require.NoError(t, vault.Close())

	vault, err = openVault(folder, file)
	require.NoError(t, err)
	assert.Equal(t, "first", keysOf(t, vault).Previous, "it lasts")
	require.NoError(t, vault.Close())

	_, err = openVault(folder, "")
	assert.EqualError(t, err, "AFTERWORD_SECRETS_IDENTITY: give the file that opens the secrets")
}

func TestNoSettings(t *testing.T) {
	t.Setenv("SECRETS_FOLDER", "")
	all, err := Functions()
	require.NoError(t, err)
	rt, err := faas.New(faas.Config{Functions: all})
	require.NoError(t, err)
	for number := 2; number <= 3; number++ {
		result, err := rt.InvokeFunction(t.Context(), rt.Functions(faas.Filter{})[0].ID, events.Envelope{})
		require.NoError(t, err)
		assert.JSONEq(t, `{"number": `+strconv.Itoa(number)+`}`, string(result.Value))
	}
}
