package faas_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

func TestTheLifeOfAFunction(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rt := laboratory(t, faas.Config{})
		as := func(who string) context.Context {
			time.Sleep(time.Hour)
			return faas.As(t.Context(), who)
		}
		start := time.Now().UTC()
		at := func(hours int) time.Time { return start.Add(time.Duration(hours) * time.Hour) }

		r, err := rt.Create(as("ann"), faas.Draft{Name: "f", Description: "d", Event: "single", Source: "one"})
		require.NoError(t, err)
		want := faas.Record{
			ID: r.ID, Name: "f", Description: "d", Event: "single", Source: "one", Version: 1, State: faas.StateDraft,
			CreatedAt: at(1), CreatedBy: "ann", UpdatedAt: at(1), UpdatedBy: "ann", Revision: 1,
		}
		assert.Len(t, r.ID, 36)
		assert.Equal(t, want, r)
		assert.Nil(t, answers(t, rt, "single"))

		r, err = rt.Deploy(as("bob"), r.ID)
		require.NoError(t, err)
		want.State, want.ConnectedAt = faas.StateProductive, at(2)
		want.Deployments = []faas.Deployment{{ID: r.Deployments[0].ID, Version: 1, Source: "one", DeployedAt: at(2), DeployedBy: "bob"}}
		want.UpdatedAt, want.UpdatedBy, want.Revision = at(2), "bob", 2
		assert.Equal(t, want, r)
		assert.Equal(t, []string{`f: "one"`}, answers(t, rt, "single"))

		r, err = rt.Update(as("cy"), r.ID, faas.Edit{Source: to("two"), Revision: 2})
		require.NoError(t, err)
		want.State, want.Source, want.Version = faas.StateModified, "two", 2
		want.UpdatedAt, want.UpdatedBy, want.Revision = at(3), "cy", 3
		assert.Equal(t, want, r)
		assert.Equal(t, []string{`f: "one"`}, answers(t, rt, "single"))

		r, err = rt.Deploy(as("dee"), r.ID)
		require.NoError(t, err)
		want.State = faas.StateProductive
		want.Deployments[0].UndeployedAt = at(4)
		want.Deployments = append([]faas.Deployment{{ID: r.Deployments[0].ID, Version: 2, Source: "two", DeployedAt: at(4), DeployedBy: "dee"}}, want.Deployments...)
		want.UpdatedAt, want.UpdatedBy, want.Revision = at(4), "dee", 4
		assert.Equal(t, want, r)
		assert.Equal(t, []string{`f: "two"`}, answers(t, rt, "single"))

		assert.Equal(t, faas.CodeDeployed, codeOf(t, rt.Delete(as(""), r.ID)))
		r, err = rt.Undeploy(as("eve"), r.ID)
		require.NoError(t, err)
		want.State, want.ConnectedAt = faas.StateDraft, time.Time{}
		want.Deployments[0].UndeployedAt = at(6)
		want.UpdatedAt, want.UpdatedBy, want.Revision = at(6), "eve", 5
		assert.Equal(t, want, r)
		assert.Equal(t, want, function(t, rt, r.ID))
		assert.Nil(t, answers(t, rt, "single"))
		_, err = rt.Undeploy(t.Context(), r.ID)
		assert.Equal(t, faas.CodeNotDeployed, codeOf(t, err))
		_, err = rt.InvokeFunction(t.Context(), r.ID, events.Envelope{})
		assert.EqualError(t, err, "event single: function f: not deployed")

		require.NoError(t, rt.Delete(t.Context(), r.ID))
		assert.Empty(t, rt.Functions(faas.Filter{}))
	})
}

// What does not exist, no more or not yet, is told as such by all.
func TestUnknownFunctions(t *testing.T) {
	t.Parallel()
	rt := laboratory(t, faas.Config{})
	gone := create(t, rt, faas.Draft{Name: "f", Event: "single"}).ID
	require.NoError(t, rt.Delete(t.Context(), gone))
	for _, id := range []string{gone, "", strings.Repeat("\n", 1<<20)} {
		for name, call := range map[string]func() error{
			"Function":       func() error { _, err := rt.Function(id); return err },
			"Update":         func() error { _, err := rt.Update(t.Context(), id, faas.Edit{}); return err },
			"Deploy":         func() error { _, err := rt.Deploy(t.Context(), id); return err },
			"Undeploy":       func() error { _, err := rt.Undeploy(t.Context(), id); return err },
			"Rollback":       func() error { _, err := rt.Rollback(t.Context(), id, "x"); return err },
			"Delete":         func() error { return rt.Delete(t.Context(), id) },
			"Logs":           func() error { _, err := rt.Logs(id, faas.LogFilter{}); return err },
			"Stats":          func() error { _, err := rt.Stats(id, time.Time{}, time.Time{}, 0); return err },
			"Try":            func() error { _, err := rt.Try(t.Context(), id, events.Envelope{}); return err },
			"InvokeFunction": func() error { _, err := rt.InvokeFunction(t.Context(), id, events.Envelope{}); return err },
		} {
			err := call()
			assert.Equal(t, faas.CodeUnknownFunction, codeOf(t, err), name)
			assert.Less(t, len(err.Error()), 300, name)
		}
	}
}
