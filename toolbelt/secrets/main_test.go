package secrets_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/afterword-go/afterword/toolbelt/secrets"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// newIdentity makes an identity, and tells where its file is.
func newIdentity(t testing.TB) (secrets.Identity, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "identity.txt")
	identity, err := secrets.NewIdentity(path)
	require.NoError(t, err)
	return identity, path
}

func openVault(t testing.TB, path string, identity secrets.Identity) *secrets.Vault {
	t.Helper()
	v, err := secrets.Open(path, identity)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, v.Close()) })
	return v
}

// onBoth runs a test on a vault in memory and on one of a folder.
func onBoth(t *testing.T, test func(t *testing.T, v *secrets.Vault)) {
	t.Helper()
	t.Run("memory", func(t *testing.T) {
		t.Parallel()
		test(t, secrets.New())
	})
	t.Run("folder", func(t *testing.T) {
		t.Parallel()
		identity, _ := newIdentity(t)
		test(t, openVault(t, filepath.Join(t.TempDir(), "secrets"), identity))
	})
}

// read is the text of a secret.
func read(t testing.TB, v *secrets.Vault, key string) string {
	t.Helper()
	value, err := v.For(key).Read(t.Context(), key)
	require.NoError(t, err)
	return value.Reveal()
}

// keys are the keys of a vault.
func keys(t testing.TB, v *secrets.Vault) []string {
	t.Helper()
	list, err := v.List()
	require.NoError(t, err)
	all := []string{}
	for _, info := range list {
		all = append(all, info.Key)
	}
	return all
}
