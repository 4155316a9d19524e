package secrets

import (
	"bytes"
	"strconv"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	soundEntry = `{"key":"k","type":"string","updatedAt":"2026-02-28T23:59:58.123456789Z","value":"hunter2"}`
	soundFile  = `{"format":1,"secrets":[` + soundEntry + `]}`
	strange    = "holds something else than the secrets of a vault: put back a copy of it"
)

func TestDecode(t *testing.T) {
	t.Parallel()
	all, err := decode([]byte(soundFile))
	require.NoError(t, err)
	require.Len(t, all, 1)
	assert.Equal(t, Info{"k", String, time.Date(2026, 2, 28, 23, 59, 58, 123456789, time.UTC)}, all["k"].Info)
	assert.Equal(t, "hunter2", all["k"].value.Reveal())
	again, err := encode(all)
	require.NoError(t, err)
	assert.Equal(t, soundFile, string(again))

	edit := func(from, to string) string {
		require.Contains(t, soundFile, from)
		return strings.Replace(soundFile, from, to, 1)
	}
	for text, want := range map[string]string{
		"":                                       strange,
		"null":                                   "has format 0, and this version reads 1: open it with the version that wrote it",
		"hunter2":                                strange,
		soundFile + "{}":                         strange,
		edit(`"format":1`, `"format":2`):         "has format 2, and this version reads 1: open it with the version that wrote it",
		edit(`"format":1`, `"format":2,"new":1`): "has format 2, and this version reads 1: open it with the version that wrote it",
		edit(`"format":1,`, ``):                  "has format 0, and this version reads 1: open it with the version that wrote it",
		edit(`"format":1`, `"format":1,"format":1`):                                   strange,
		edit(`"format":1`, `"format":1,"new":1`):                                      strange,
		edit(`"format":1`, `"Format":1`):                                              "has format 0, and this version reads 1: open it with the version that wrote it",
		edit(`"value"`, `"new":1,"value"`):                                            strange,
		edit(`"value"`, `"Value"`):                                                    strange,
		edit(`"hunter2"`, `2`):                                                        strange,
		edit(`hunter2`, strings.Repeat("h", maxValue+1)):                              strange,
		edit(`hunter2`, "\xff"):                                                       strange,
		edit(`"k"`, `"hunter 2"`):                                                     strange,
		edit(`"k"`, `""`):                                                             strange,
		edit(`"key":"k",`, ``):                                                        strange,
		edit(`"string"`, `"number"`):                                                  strange,
		edit(`"string"`, `"json"`):                                                    strange,
		edit(`"string"`, `"hunter2"`):                                                 strange,
		edit(`"type":"string",`, ``):                                                  strange,
		edit(`2026-02-28`, `2026-02-29`):                                              strange,
		edit(`2026-02-28T23:59:58.123456789Z`, `9999-12-31T23:59:59-00:01`):           strange,
		edit(`2026-02-28T23:59:58.123456789Z`, `0001-01-01T00:00:00Z`):                strange,
		edit(`2026-02-28T23:59:58.123456789Z`, `0000-01-01T00:00:00Z`):                strange,
		edit(`"updatedAt":"2026-02-28T23:59:58.123456789Z",`, ``):                     strange,
		edit(soundEntry, soundEntry+","+soundEntry):                                   strange,
		edit(soundEntry, soundEntry+","+strings.Replace(soundEntry, `"k"`, `"j"`, 1)): strange,
	} {
		_, err := decode([]byte(text))
		require.EqualError(t, err, want, "%.300s", text)
	}
}

// A vault as full as it may be fits the file, however its values are written. A
// tenth of it has to do.
func TestFullFile(t *testing.T) {
	t.Parallel()
	const part = maxSecrets / 10
	all := map[string]secret{}
	for i := range part {
		key := strings.Repeat("k", maxKey-4) + strconv.Itoa(1000+i)
		all[key] = newSecret(key, String, strings.Repeat("\x01", maxValue))
	}
	made, err := age.GenerateX25519Identity()
	require.NoError(t, err)
	identity, err := ParseIdentity(made.String())
	require.NoError(t, err)
	data, err := seal(all, identity)
	require.NoError(t, err)
	assert.Less(t, len(data)*10, maxFile)
	assert.Greater(t, len(data)*10, maxFile*8/10, "it is the worst case")
	again, err := unseal(data, identity)
	require.NoError(t, err)
	require.Len(t, again, part)
	for key, s := range all {
		require.Equal(t, s.Info, again[key].Info)
		require.Equal(t, s.value.Reveal(), again[key].value.Reveal())
	}
}

// A file may have as many secrets as a vault, and no more.
func TestManyInAFile(t *testing.T) {
	t.Parallel()
	all := map[string]secret{}
	for i := range maxSecrets {
		key := strconv.Itoa(i)
		all[key] = newSecret(key, String, "")
	}
	plain, err := encode(all)
	require.NoError(t, err)
	again, err := decode(plain)
	require.NoError(t, err)
	require.Len(t, again, maxSecrets)

	all["one-more"] = newSecret("one-more", String, "")
	plain, err = encode(all)
	require.NoError(t, err)
	_, err = decode(plain)
	require.EqualError(t, err, strange)
}

// A clock that is wrong by millennia is told of.
func TestEncodeStrangeTime(t *testing.T) {
	t.Parallel()
	s := newSecret("k", String, "hunter2")
	s.UpdatedAt = time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)
	_, err := encode(map[string]secret{"k": s})
	require.EqualError(t, err, "cannot be written as JSON: set the clock to a year of four digits")
}

// FuzzDecode reads any content: what can be read can be written and read again,
// and errors quote nothing.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		soundFile, "", "{}", `{"format":1}`, `{"format":1,"secrets":null}`, `{"format":2}`, `{"format":1,"secrets":[{}]}`,
		`{"format":1,"secrets":[` + soundEntry + `,` + strings.Replace(soundEntry, `"k"`, `"l"`, 1) + `]}`,
		strings.NewReplacer("string", "number", "hunter2", "-1.5e3").Replace(soundFile),
		strings.NewReplacer("string", "json", "hunter2", `{\"a\":[\"\\u2028\"]}`).Replace(soundFile),
		strings.Replace(soundFile, "58.123456789Z", "58+01:00", 1),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		all, err := decode(data)
		if err != nil {
			require.Regexp(t, `^(`+strange+`|has format -?\d+, and this version reads 1: open it with the version that wrote it)$`, err.Error())
			return
		}
		for key, s := range all {
			require.Equal(t, key, s.Key)
			require.NoError(t, check(s.Key, s.Type, s.value.Reveal()))
		}
		first, err := encode(all)
		require.NoError(t, err)
		again, err := decode(first)
		require.NoError(t, err)
		second, err := encode(again)
		require.NoError(t, err)
		require.True(t, bytes.Equal(first, second))
		require.ElementsMatch(t, infos(all), infos(again))
		require.Len(t, again, len(all))
	})
}
