package faas_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/faas"
)

func TestRollback(t *testing.T) {
	t.Parallel()
	rt := laboratory(t, faas.Config{})
	r := deployed(t, rt, faas.Draft{Name: "f", Source: "v1"})
	first := r.Deployments[0].ID
	for i := 2; i <= 6; i++ {
		edited(t, rt, r.ID, faas.Edit{Source: to(fmt.Sprintf("v%d", i))})
		var err error
		r, err = rt.Deploy(t.Context(), r.ID)
		require.NoError(t, err)
	}
	require.Len(t, r.Deployments, 5)
	for i, d := range r.Deployments {
		assert.Equal(t, 6-i, d.Version)
		assert.Equal(t, i > 0, !d.UndeployedAt.IsZero())
	}
	for _, unknown := range []string{first, "", "x", strings.Repeat("x", 1<<20)} {
		_, err := rt.Rollback(t.Context(), r.ID, unknown)
		assert.Equal(t, faas.CodeInvalid, codeOf(t, err))
		assert.Less(t, len(err.Error()), 300)
		assert.Equal(t, []string{`f: "v6"`}, answers(t, rt, "tenfold"))
	}
	// The oldest of the five, again and again: each becomes a source of its own.
	for i, want := range []string{"v2", "v3", "v4", "v5", "v6", "v2"} {
		var err error
		r, err = rt.Rollback(t.Context(), r.ID, r.Deployments[4].ID)
		require.NoError(t, err)
		assert.Equal(t, want, r.Source)
		assert.Equal(t, 7+i, r.Version)
		assert.Equal(t, 7+i, r.Deployments[0].Version)
		assert.Equal(t, faas.StateProductive, r.State)
		assert.Len(t, r.Deployments, 5)
		assert.Equal(t, []string{`f: "` + want + `"`}, answers(t, rt, "tenfold"))
	}
	// To what is in service: the same source is the same version.
	now, err := rt.Rollback(t.Context(), r.ID, r.Deployments[0].ID)
	require.NoError(t, err)
	assert.Equal(t, 12, now.Version)
}

// An earlier version serves again after the function was taken out, or edited.
func TestRollbackOfWhatIsNotInService(t *testing.T) {
	t.Parallel()
	rt := laboratory(t, faas.Config{})
	r := deployed(t, rt, faas.Draft{Name: "f", Source: "old"})
	_, err := rt.Undeploy(t.Context(), r.ID)
	require.NoError(t, err)
	edited(t, rt, r.ID, faas.Edit{Source: to("bad")})
	now, err := rt.Rollback(t.Context(), r.ID, r.Deployments[0].ID)
	require.NoError(t, err)
	assert.Equal(t, "old", now.Source)
	assert.Equal(t, 3, now.Version)
	assert.Equal(t, []string{`f: "old"`}, answers(t, rt, "tenfold"))
}
