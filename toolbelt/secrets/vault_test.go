package secrets_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/toolbelt/secrets"
)

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
