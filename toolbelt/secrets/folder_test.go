package secrets_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/toolbelt/secrets"
)

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
