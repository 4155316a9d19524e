package secrets_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/toolbelt/secrets"
)

func TestNewIdentity(t *testing.T) {
	t.Parallel()
	_, path := newIdentity(t)
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Regexp(t, `^# created: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\n# public key: age1[0-9a-z]{58}\nAGE-SECRET-KEY-1[0-9A-Z]{58}\n$`, string(data))
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	_, err = secrets.NewIdentity(path)
	require.ErrorIs(t, err, os.ErrExist)
	require.EqualError(t, err, path+": file exists")
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, data, after)
	_, err = secrets.NewIdentity(filepath.Join(t.TempDir(), "no", "no"))
	require.ErrorIs(t, err, os.ErrNotExist)

	// age takes the file too.
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	identities, err := age.ParseIdentities(f)
	require.NoError(t, err)
	assert.Len(t, identities, 1)
}

func TestReadIdentity(t *testing.T) {
	t.Parallel()
	_, path := newIdentity(t)
	if runtime.GOOS == "windows" {
		t.Log("files have no modes there")
	} else {
		for _, mode := range []os.FileMode{0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o644, 0o777} {
			require.NoError(t, os.Chmod(path, mode))
			_, err := secrets.ReadIdentity(path)
			require.EqualError(t, err, fmt.Sprintf("%s: has mode %04o, which opens it to others: run chmod 600 %s", path, mode, path))
		}
	}
	for _, mode := range []os.FileMode{0o600, 0o400, 0o700} {
		require.NoError(t, os.Chmod(path, mode))
		_, err := secrets.ReadIdentity(path)
		require.NoError(t, err)
	}
	_, err := secrets.ReadIdentity(path + "x")
	require.EqualError(t, err, path+"x: no such file or directory")
	_, err = secrets.ReadIdentity(t.TempDir())
	require.ErrorContains(t, err, "is a directory")
	require.NoError(t, os.WriteFile(path, []byte("hunter2"), 0o600))
	_, err = secrets.ReadIdentity(path)
	require.EqualError(t, err, path+":1: is no identity of age, which begins with AGE-SECRET-KEY-")
}

// Who gives the secret key where its file is wanted does not read it in an error,
// which may be logged.
func TestReadIdentityThatIsNoPath(t *testing.T) {
	t.Parallel()
	for _, given := range []string{"AGE-SECRET-KEY-1HUNTER2", " AGE-SECRET-KEY-PQ-1HUNTER2\n", "age-secret-key-1hunter2", "# made today\nAGE-SECRET-KEY-1HUNTER2"} {
		_, err := secrets.ReadIdentity(given)
		require.EqualError(t, err, "identity: is a secret key, and not the path of a file with one: put it into a file that nobody else may read", given)
	}
}

func TestParseIdentity(t *testing.T) {
	t.Parallel()
	classic, err := age.GenerateX25519Identity()
	require.NoError(t, err)
	hybrid, err := age.GenerateHybridIdentity()
	require.NoError(t, err)
	for _, text := range []string{
		classic.String(), hybrid.String(), "# comment\r\n\r\n  " + classic.String() + " \r\n", classic.String() + "\n" + hybrid.String(),
		hybrid.String() + "\n" + strings.Repeat("#", 64<<10-len(hybrid.String())-1),
	} {
		identity, err := secrets.ParseIdentity(text)
		require.NoError(t, err)
		folder := t.TempDir()
		v := openVault(t, folder, identity)
		require.NoError(t, v.Create(t.Context(), "k", secrets.String, shy))
		require.NoError(t, v.Close())
		v = openVault(t, folder, identity)
		assert.Equal(t, shy, read(t, v, "k"))
		silentKey(t, classic.String(), identity)
		silentKey(t, hybrid.String(), identity)
	}

	const other = ": is no identity of age, which begins with AGE-SECRET-KEY-"
	mistaken := []byte(classic.String())
	mistaken[30] = 'B' // which bech32 does not have
	for text, want := range map[string]string{
		"":        "identity: has no identity: make one with age-keygen",
		"# x\n\n": "identity: has no identity: make one with age-keygen",
		"hunter2": "identity:1" + other,
		"\nhunter2\n# x\n" + classic.String() + "\nxyzzy\xff": "identity:2" + other + "\nidentity:5" + other,
		strings.Repeat("hunter2\n", 9):                        strings.Join([]string{"identity:1", "identity:2", "identity:3", "identity:4", "identity:5"}, other+"\n") + other,
		string(mistaken):                                      "identity:1: is a secret key with a mistake in it: copy it again",
		classic.String()[:50]:                                 "identity:1: is a secret key with a mistake in it: copy it again",
		hybrid.String() + "X":                                 "identity:1: is a secret key with a mistake in it: copy it again",
		classic.Recipient().String():                          "identity:1: is a public key: give the file with the secret one, which begins with AGE-SECRET-KEY-",
		hybrid.Recipient().String():                           "identity:1: is a public key: give the file with the secret one, which begins with AGE-SECRET-KEY-",
		"AGE-PLUGIN-YUBIKEY-1HUNTER2":                         "identity:1: is an identity of a plugin, which cannot be used here: make one with age-keygen",
		"age-encryption.org/v1\n-> scrypt hunter2":            "identity: is encrypted: decrypt it first, for passphrases are not asked for here",
		"-----BEGIN AGE ENCRYPTED FILE-----\nhunter2":         "identity: is encrypted: decrypt it first, for passphrases are not asked for here",
		"-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2":        "identity: is a key for something else, such as SSH: make an identity with age-keygen",
		strings.Repeat("#", 64<<10+1):                         "identity: has more than 64 KiB: it is no identity file",
	} {
		_, err := secrets.ParseIdentity(text)
		require.EqualError(t, err, want)
		silent(t, err.Error(), "identity")
		assert.NotContains(t, err.Error(), classic.String()[20:40])
	}
}

// silentKey says that an identity does not show its keys.
func silentKey(t *testing.T, key string, identity secrets.Identity) {
	t.Helper()
	data, err := json.Marshal(map[string]any{"identity": identity})
	require.NoError(t, err)
	texts := []string{string(data), failureOf(identity)}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		texts = append(texts, fmt.Sprintf(verb, identity), fmt.Sprintf(verb, &identity), fmt.Sprintf(verb, struct{ i secrets.Identity }{identity}))
	}
	for _, text := range texts {
		assert.NotContains(t, text, key[20:40])
		assert.Less(t, len(text), 500, "there is no room for bytes of a key in it: %s", text)
	}
}
