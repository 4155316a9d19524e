package secrets_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/toolbelt/secrets"
)

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
