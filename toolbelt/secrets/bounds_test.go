package secrets_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/toolbelt/secrets"
)

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
