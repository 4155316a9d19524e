package secrets_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
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

func TestVault(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, v *secrets.Vault) {
		ctx := t.Context()
		assert.Empty(t, keys(t, v))
		require.NoError(t, v.Create(ctx, "smtp", secrets.String, " as it\nis \x00\u2028"))
		require.NoError(t, v.Create(ctx, "port", secrets.Number, "2.50e1"))
		require.NoError(t, v.Create(ctx, "app", secrets.JSON, ` { "b" : 1, "a" : [ ] } `))
		assert.Equal(t, []string{"app", "port", "smtp"}, keys(t, v))
		assert.Equal(t, " as it\nis \x00\u2028", read(t, v, "smtp"))
		assert.Equal(t, "2.50e1", read(t, v, "port"))
		assert.Equal(t, ` { "b" : 1, "a" : [ ] } `, read(t, v, "app"))

		err := v.Create(ctx, "smtp", secrets.String, "other")
		require.ErrorIs(t, err, secrets.ErrExists)
		require.EqualError(t, err, `secret "smtp": there is such a secret already`)
		assert.Equal(t, " as it\nis \x00\u2028", read(t, v, "smtp"))

		require.NoError(t, v.Replace(ctx, "smtp", secrets.Number, "7"))
		assert.Equal(t, "7", read(t, v, "smtp"))
		list, err := v.List()
		require.NoError(t, err)
		assert.Equal(t, secrets.Number, list[2].Type)
		assert.WithinDuration(t, time.Now(), list[2].UpdatedAt, time.Minute)
		assert.Equal(t, time.UTC, list[2].UpdatedAt.Location())

		require.NoError(t, v.Delete(ctx, "smtp"))
		for _, err := range []error{v.Delete(ctx, "smtp"), v.Replace(ctx, "smtp", secrets.String, ""), v.For("smtp").Update(ctx, "smtp", "")} {
			require.ErrorIs(t, err, secrets.ErrNotFound)
			require.EqualError(t, err, `secret "smtp": there is no such secret`)
		}
		require.ErrorIs(t, v.Replace(ctx, "apq", secrets.String, ""), secrets.ErrNotFound)
		require.EqualError(t, v.Delete(ctx, "apq"), `secret "apq": there is no such secret (did you mean "app"?)`)
		assert.Equal(t, []string{"app", "port"}, keys(t, v))
	})
}

func TestClient(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, v *secrets.Vault) {
		ctx := t.Context()
		c := v.For("smtp", "salesforce", "later", "no key")
		require.NoError(t, v.Create(ctx, "smtp", secrets.Number, "1"))
		require.NoError(t, v.Create(ctx, "salesforces", secrets.String, "not for c"))

		require.NoError(t, c.Update(ctx, "smtp", "2"))
		value, err := c.Read(ctx, "smtp")
		require.NoError(t, err)
		assert.Equal(t, "2", value.Reveal())
		assert.Equal(t, "2", read(t, v, "smtp"))
		list, err := v.List()
		require.NoError(t, err)
		assert.Equal(t, secrets.Number, list[1].Type, "the type stays")

		for _, refused := range []struct {
			key  string
			is   error
			want string
		}{
			{"salesforces", secrets.ErrNotAllowed, `secret "salesforces": not a secret that this function may use`},
			{"unknown", secrets.ErrNotAllowed, `secret "unknown": not a secret that this function may use`},
			{"salesforce", secrets.ErrNotFound, `secret "salesforce": there is no such secret`}, // and no word of the other one
			{"no key", secrets.ErrInvalid, "key: not valid: it has other characters than letters, digits, _ and -, the first at character 3"},
		} {
			_, err := c.Read(ctx, refused.key)
			require.ErrorIs(t, err, refused.is)
			require.EqualError(t, err, refused.want)
			require.EqualError(t, c.Update(ctx, refused.key, "3"), refused.want)
		}
		err = c.Update(ctx, "smtp", "hunter2")
		require.ErrorIs(t, err, secrets.ErrInvalid)
		require.EqualError(t, err, `secret "smtp": not valid: the value is not a number as JSON has it, such as 12 or -0.5`)
		assert.Equal(t, "2", read(t, v, "smtp"))

		_, err = c.Read(ctx, "later")
		require.ErrorIs(t, err, secrets.ErrNotFound)
		require.NoError(t, v.Create(ctx, "later", secrets.String, "now"))
		value, err = c.Read(ctx, "later")
		require.NoError(t, err)
		assert.Equal(t, "now", value.Reveal())
		_, err = v.For("later", "smpt").Read(ctx, "smpt")
		require.EqualError(t, err, `secret "smpt": there is no such secret`)
		_, err = v.For("smtp", "smpt").Read(ctx, "smpt")
		require.EqualError(t, err, `secret "smpt": there is no such secret (did you mean "smtp"?)`)

		for _, none := range []secrets.Client{{}, v.For()} {
			_, err = none.Read(ctx, "smtp")
			require.ErrorIs(t, err, secrets.ErrNotAllowed)
			require.ErrorIs(t, none.Update(ctx, "smtp", "3"), secrets.ErrNotAllowed)
		}
	})
}

func TestVaultHeedsContexts(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, v *secrets.Vault) {
		require.NoError(t, v.Create(t.Context(), "k", secrets.String, "1"))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := v.For("k").Read(ctx, "k")
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorIs(t, v.For("k").Update(ctx, "k", "2"), context.Canceled)
		require.ErrorIs(t, v.Create(ctx, "l", secrets.String, "2"), context.Canceled)
		require.ErrorIs(t, v.Replace(ctx, "k", secrets.String, "2"), context.Canceled)
		require.ErrorIs(t, v.Delete(ctx, "k"), context.Canceled)
		assert.Equal(t, "1", read(t, v, "k"))
		assert.Equal(t, []string{"k"}, keys(t, v))
	})
}

func TestVaultClosed(t *testing.T) {
	t.Parallel()
	shut := func(t *testing.T, v *secrets.Vault) {
		require.NoError(t, v.Close())
		require.NoError(t, v.Close())
		_, err := v.For("k").Read(t.Context(), "k")
		require.ErrorIs(t, err, os.ErrClosed)
		_, err = v.List()
		require.ErrorIs(t, err, os.ErrClosed)
		require.ErrorIs(t, v.For("k").Update(t.Context(), "k", "2"), os.ErrClosed)
		require.ErrorIs(t, v.Create(t.Context(), "k", secrets.String, "2"), os.ErrClosed)
		require.ErrorIs(t, v.Replace(t.Context(), "k", secrets.String, "2"), os.ErrClosed)
		require.ErrorIs(t, v.Delete(t.Context(), "k"), os.ErrClosed)
	}
	onBoth(t, func(t *testing.T, v *secrets.Vault) {
		require.NoError(t, v.Create(t.Context(), "k", secrets.String, "1"))
		shut(t, v)
	})
	shut(t, &secrets.Vault{})
}

// Every limit, and one beyond it; and what types take.
func TestBounds(t *testing.T) {
	t.Parallel()
	v := secrets.New()
	const long = "a234567890b234567890c234567890d234567890e234567890f234567890g234567890h234567890i234567890j234567890"
	for _, c := range []struct {
		name, key string
		kind      secrets.Type
		value     string
		want      string // of the error
	}{
		{"longest key", long, secrets.String, "", ""},
		{"key too long", long + "k", secrets.String, "", "key: not valid: it has 101 characters; keep to 100"},
		{"all characters of keys", "aZ09_-", secrets.String, "", ""},
		{"shortest key", "-", secrets.String, "", ""},
		{"no key", "", secrets.String, "", "key: not valid: it is empty"},
		{"no letter", "aé", secrets.String, "", "key: not valid: it has other characters than letters, digits, _ and -, the first at character 2"},
		{"broken key", "\xff", secrets.String, "", "key: not valid: it has other characters than letters, digits, _ and -, the first at character 1"},
		{"line in key", "é\n", secrets.String, "", "key: not valid: it has other characters than letters, digits, _ and -, the first at character 1"},
		{"longest value", "longest", secrets.String, strings.Repeat("€", 10_000), ""},
		{"value too long", "k", secrets.String, strings.Repeat("h", 10_001), `secret "k": not valid: the value has 10001 characters; keep to 10000`},
		{"broken value", "k", secrets.String, "hunter2\xff", `secret "k": not valid: the value is not UTF-8: encode it, as base64 for example`},
		{"longest number", "number", secrets.Number, "1" + strings.Repeat("0", 9_999), ""},
		{"longest JSON", "json", secrets.JSON, `"` + strings.Repeat("€", 9_998) + `"`, ""},
		{"JSON too long", "k", secrets.JSON, `"` + strings.Repeat("€", 9_999) + `"`, `secret "k": not valid: the value has 10001 characters; keep to 10000`},
		{"deep JSON", "deep", secrets.JSON, strings.Repeat("[", 5_000) + strings.Repeat("]", 5_000), ""},
		{"no type", "k", "", "hunter2", `secret "k": not valid: the type is none of string, number and json`},
		{"value for type", "k", "hunter2", "string", `secret "k": not valid: the type is none of string, number and json`},
		{"value for key", "hunter2!", secrets.String, "k", "key: not valid: it has other characters than letters, digits, _ and -, the first at character 8"},
		{"all at once", "hunter2!", "hunter2", "hunter2\xff", "key: not valid: it has other characters than letters, digits, _ and -, the first at character 8\nsecret: not valid: the type is none of string, number and json\nsecret: not valid: the value is not UTF-8: encode it, as base64 for example"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := v.Create(t.Context(), c.key, c.kind, c.value)
			if c.want == "" {
				require.NoError(t, err)
				assert.Equal(t, c.value, read(t, v, c.key))
				return
			}
			require.EqualError(t, err, c.want)
			require.ErrorIs(t, err, secrets.ErrInvalid)
			silent(t, err.Error(), c.name)
			require.EqualError(t, v.Replace(t.Context(), c.key, c.kind, c.value), c.want)
		})
	}
	require.ErrorIs(t, v.Delete(t.Context(), long+"k"), secrets.ErrInvalid)
}

func TestTypes(t *testing.T) {
	t.Parallel()
	v := secrets.New()
	for _, kind := range []secrets.Type{secrets.Number, secrets.JSON} {
		require.NoError(t, v.Create(t.Context(), string(kind), kind, "0"))
	}
	for text, is := range map[string]struct{ number, json bool }{
		"0": {true, true}, "-0": {true, true}, "12": {true, true}, "-1.50": {true, true}, "1e9": {true, true}, "1E-09": {true, true}, "1e999": {true, true},
		"": {}, " 1": {false, true}, "1\n": {false, true}, "+1": {}, "01": {}, ".5": {}, "5.": {}, "0x1": {}, "1_000": {}, "NaN": {}, "1,5": {}, "١": {}, "1 2": {},
		`"a"`: {false, true}, "null": {false, true}, "{}": {false, true}, `{"a":1}`: {false, true}, `{"a":1,"a":2}`: {}, "{": {}, "hunter2": {}, `"\ud800"`: {}, "[1]": {false, true}, "[1] x": {},
	} {
		for kind, fits := range map[secrets.Type]bool{secrets.Number: is.number, secrets.JSON: is.json} {
			err := v.For(string(kind)).Update(t.Context(), string(kind), text)
			if !fits {
				require.ErrorIs(t, err, secrets.ErrInvalid, "%s %q", kind, text)
				silent(t, err.Error(), text)
				continue
			}
			require.NoError(t, err, "%s %q", kind, text)
			assert.Equal(t, text, read(t, v, string(kind)))
		}
	}
}

func TestFullVault(t *testing.T) {
	t.Parallel()
	v := secrets.New()
	for i := range 1_000 {
		require.NoError(t, v.Create(t.Context(), "k"+strconv.Itoa(i), secrets.String, ""))
	}
	require.EqualError(t, v.Create(t.Context(), "k", secrets.String, "hunter2"), `secret "k": the vault has 1000 secrets; remove one first`)
	require.ErrorIs(t, v.Create(t.Context(), "k7", secrets.String, ""), secrets.ErrExists)
	require.NoError(t, v.Replace(t.Context(), "k7", secrets.String, "more"))
	require.NoError(t, v.Delete(t.Context(), "k7"))
	require.NoError(t, v.Create(t.Context(), "k", secrets.String, ""))
}

func TestUpdatedAt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v := secrets.New()
		at := func() time.Time {
			list, err := v.List()
			require.NoError(t, err)
			return list[0].UpdatedAt
		}
		require.NoError(t, v.Create(t.Context(), "k", secrets.String, ""))
		start := time.Now()
		assert.True(t, start.Equal(at()))
		time.Sleep(time.Hour)
		require.NoError(t, v.For("k").Update(t.Context(), "k", "1"))
		assert.Equal(t, time.Hour, at().Sub(start))
		time.Sleep(time.Hour)
		require.NoError(t, v.Replace(t.Context(), "k", secrets.String, "2"))
		assert.Equal(t, 2*time.Hour, at().Sub(start))
		time.Sleep(time.Hour)
		assert.Equal(t, "2", read(t, v, "k"))
		assert.Equal(t, 2*time.Hour, at().Sub(start), "reading is no update")
	})
}

// Many at once: every read finds a value that was written, and the last writer
// of each key wins, also on the disk.
func TestConcurrency(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, v *secrets.Vault) {
		var wg sync.WaitGroup
		const writers, times = 4, 10
		require.NoError(t, v.Create(t.Context(), "shared", secrets.Number, "0"))
		for w := range writers {
			wg.Go(func() {
				key := "own" + strconv.Itoa(w)
				c := v.For(key, "shared")
				assert.NoError(t, v.Create(t.Context(), key, secrets.Number, "0"))
				for i := range times {
					assert.NoError(t, c.Update(t.Context(), key, strconv.Itoa(i)))
					assert.NoError(t, c.Update(t.Context(), "shared", strconv.Itoa(w*times+i)))
					value, err := c.Read(t.Context(), key)
					assert.NoError(t, err)
					assert.Equal(t, strconv.Itoa(i), value.Reveal())
					shared, err := c.Read(t.Context(), "shared")
					assert.NoError(t, err)
					assert.NotEmpty(t, shared.Reveal())
					_, err = v.List()
					assert.NoError(t, err)
				}
			})
		}
		wg.Wait()
		for w := range writers {
			assert.Equal(t, strconv.Itoa(times-1), read(t, v, "own"+strconv.Itoa(w)))
		}
		n, err := strconv.Atoi(read(t, v, "shared"))
		require.NoError(t, err)
		assert.Equal(t, times-1, n%times, "one of the last writes")
	})
}

func TestReopen(t *testing.T) {
	t.Parallel()
	identity, path := newIdentity(t)
	folder := filepath.Join(t.TempDir(), "secrets")
	v := openVault(t, folder, identity)
	require.NoError(t, v.Create(t.Context(), "app", secrets.JSON, `{"a": "`+shy+`"}`))
	require.NoError(t, v.Create(t.Context(), "gone", secrets.String, ""))
	require.NoError(t, v.For("app").Update(t.Context(), "app", `{"a":"`+shy+`"}`))
	require.NoError(t, v.Delete(t.Context(), "gone"))
	before, err := v.List()
	require.NoError(t, err)
	_, err = secrets.Open(folder, identity)
	require.EqualError(t, err, folder+": is in use: end the process that has it open, or take another folder")
	require.NoError(t, v.Close())

	again, err := secrets.ReadIdentity(path)
	require.NoError(t, err)
	v = openVault(t, folder, again)
	after, err := v.List()
	require.NoError(t, err)
	assert.Equal(t, before, after)
	assert.Equal(t, `{"a":"`+shy+`"}`, read(t, v, "app"))
}

// On the disk, there are neither keys nor values, in no form.
func TestNothingInTheOpen(t *testing.T) {
	t.Parallel()
	identity, _ := newIdentity(t)
	folder := filepath.Join(t.TempDir(), "secrets")
	v := openVault(t, folder, identity)
	require.NoError(t, v.Create(t.Context(), "salesforce_password", secrets.JSON, `"`+shy+`"`))
	require.NoError(t, v.For("salesforce_password").Update(t.Context(), "salesforce_password", `"`+shy+shy+`"`))
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
		data, err := os.ReadFile(filepath.Join(folder, e.Name()))
		require.NoError(t, err)
		silent(t, string(data), e.Name())
		for _, word := range []string{"sales", "format", "secrets", "json", "updatedAt", "c2FsZXNmb3JjZ"} {
			assert.NotContains(t, string(data), word)
		}
		info, err := e.Info()
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	}
	assert.Equal(t, []string{".lock", "secrets.age"}, names)
	info, err := os.Stat(folder)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o700), info.Mode().Perm())
}

func TestOtherIdentity(t *testing.T) {
	t.Parallel()
	identity, path := newIdentity(t)
	other, otherPath := newIdentity(t)
	folder := t.TempDir()
	file := filepath.Join(folder, "secrets.age")
	v := openVault(t, folder, identity)
	require.NoError(t, v.Create(t.Context(), "k", secrets.String, shy))
	require.NoError(t, v.Close())
	before, err := os.ReadFile(file)
	require.NoError(t, err)

	_, err = secrets.Open(folder, other)
	require.EqualError(t, err, file+": is encrypted for another identity, or damaged: give the identity that it was written with, or put back a copy of it")
	_, err = secrets.Open(folder, secrets.Identity{})
	require.EqualError(t, err, "identity: is empty: read one with ReadIdentity")
	after, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, before, after)

	// The identity is changed: the first one is for writing.
	text := ""
	for _, name := range []string{otherPath, path} {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		text += string(data)
	}
	both, err := secrets.ParseIdentity(text)
	require.NoError(t, err)
	v = openVault(t, folder, both)
	assert.Equal(t, shy, read(t, v, "k"))
	require.NoError(t, v.For("k").Update(t.Context(), "k", "new"))
	require.NoError(t, v.Close())
	_, err = secrets.Open(folder, identity)
	require.ErrorContains(t, err, "is encrypted for another identity")
	v = openVault(t, folder, other)
	assert.Equal(t, "new", read(t, v, "k"))
}

// A file that is not as it was is not opened, and stays.
func TestDamage(t *testing.T) {
	t.Parallel()
	identity, _ := newIdentity(t)
	folder := t.TempDir()
	file := filepath.Join(folder, "secrets.age")
	v := openVault(t, folder, identity)
	require.NoError(t, v.Create(t.Context(), "k", secrets.String, shy))
	require.NoError(t, v.Close())
	sound, err := os.ReadFile(file)
	require.NoError(t, err)

	damaged := map[string][]byte{"more": append(bytes.Clone(sound), 0), "twice": append(bytes.Clone(sound), sound...), "text": []byte("k=" + shy), "json": []byte(`{"format":1,"secrets":[]}`)}
	for i := range sound {
		flipped := bytes.Clone(sound)
		flipped[i] ^= 1 << (i % 8)
		damaged["flipped at "+strconv.Itoa(i)] = flipped
		damaged["cut at "+strconv.Itoa(i)] = sound[:i]
		damaged["without "+strconv.Itoa(i)] = append(bytes.Clone(sound[:i]), sound[i+1:]...)
	}
	for name, data := range damaged {
		require.NoError(t, os.WriteFile(file, data, 0o600))
		_, err := secrets.Open(folder, identity)
		require.Error(t, err, name)
		require.Regexp(t, `^`+file+`: is (damaged, or no file of age: put back a copy of it|encrypted for another identity, or damaged: .*)$`, err.Error())
		silent(t, err.Error(), name)
		after, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Equal(t, data, after)
	}
	require.NoError(t, os.WriteFile(file, sound, 0o600))
	assert.Equal(t, shy, read(t, openVault(t, folder, identity), "k"))
}

// What could not be written does not count.
func TestUnwritable(t *testing.T) {
	t.Parallel()
	identity, _ := newIdentity(t)
	folder := t.TempDir()
	v := openVault(t, folder, identity)
	require.NoError(t, v.Create(t.Context(), "k", secrets.String, "1"))
	inTheWay := filepath.Join(folder, ".record.tmp")
	require.NoError(t, os.MkdirAll(filepath.Join(inTheWay, "mine"), 0o700))
	for _, err := range []error{
		v.For("k").Update(t.Context(), "k", shy), v.Replace(t.Context(), "k", secrets.String, shy), v.Delete(t.Context(), "k"), v.Create(t.Context(), "l", secrets.String, shy),
	} {
		require.ErrorContains(t, err, inTheWay)
		silent(t, err.Error(), "unwritable")
	}
	assert.Equal(t, "1", read(t, v, "k"))
	assert.Equal(t, []string{"k"}, keys(t, v))
	require.NoError(t, os.RemoveAll(inTheWay))
	require.NoError(t, v.For("k").Update(t.Context(), "k", "2"))
	assert.Equal(t, "2", read(t, v, "k"))
}

func TestFileInTheWay(t *testing.T) {
	t.Parallel()
	identity, _ := newIdentity(t)
	folder := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(folder, "secrets.age"), 0o700))
	_, err := secrets.Open(folder, identity)
	require.ErrorContains(t, err, filepath.Join(folder, "secrets.age")+": is not a regular file")
	_, err = secrets.Open(filepath.Join(folder, "no", "no"), identity)
	require.ErrorIs(t, err, os.ErrNotExist)
}

// Of all that a vault has and says, nothing shows a value.
func TestVaultIsNotPrinted(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, v *secrets.Vault) {
		require.NoError(t, v.Create(t.Context(), "k", secrets.String, shy))
		list, err := v.List()
		require.NoError(t, err)
		for _, it := range []any{v, v.For("k"), list, errors.Join(v.Create(t.Context(), "k", secrets.Number, shy), v.Create(t.Context(), "k", secrets.String, shy))} {
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
				silent(t, fmt.Sprintf(verb, it), verb)
			}
			silent(t, failureOf(it), "a failed test")
		}
	})
}
