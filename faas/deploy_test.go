package faas_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

func TestABuildErrorLeavesTheOldVersionInService(t *testing.T) {
	t.Parallel()
	rt := laboratory(t, faas.Config{})
	id := deployed(t, rt, faas.Draft{Name: "f", Source: "good"}).ID
	edited(t, rt, id, faas.Edit{Source: to("bad 2:nor 3:this")})
	r, err := rt.Deploy(t.Context(), id)
	assert.EqualError(t, err, "event tenfold: function f: build failed: bad; 2:nor; 3:this")
	assert.Equal(t, faas.CodeBuildFailed, codeOf(t, err))
	assert.Equal(t, faas.StateBuildError, r.State)
	assert.Equal(t, "bad\n2:nor\n3:this", r.Problem)
	assert.Equal(t, r, function(t, rt, id))
	assert.Len(t, r.Deployments, 1)
	assert.Equal(t, []string{`f: "good"`}, answers(t, rt, "tenfold"))
	assert.Equal(t, faas.CodeDeployed, codeOf(t, rt.Delete(t.Context(), id)))

	r = edited(t, rt, id, faas.Edit{Source: to("better")})
	assert.Equal(t, faas.StateModified, r.State)
	assert.Empty(t, r.Problem)
	r, err = rt.Deploy(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, faas.StateProductive, r.State)
	assert.Equal(t, 3, r.Version)
	assert.Equal(t, []string{`f: "better"`}, answers(t, rt, "tenfold"))
}

// One that never was in service has no version that could go on.
func TestABuildErrorOfADraft(t *testing.T) {
	t.Parallel()
	rt := laboratory(t, faas.Config{})
	id := create(t, rt, faas.Draft{Name: "f", Event: "tenfold", Source: "bad"}).ID
	r, err := rt.Deploy(t.Context(), id)
	assert.Equal(t, faas.CodeBuildFailed, codeOf(t, err))
	assert.Equal(t, faas.StateBuildError, r.State)
	assert.Nil(t, answers(t, rt, "tenfold"))
	r = edited(t, rt, id, faas.Edit{Description: to("still bad")})
	assert.Equal(t, faas.StateBuildError, r.State)
	assert.Equal(t, "bad", r.Problem)
	r = edited(t, rt, id, faas.Edit{Source: to("good")})
	assert.Equal(t, faas.StateDraft, r.State)
	assert.Empty(t, r.Problem)
	require.NoError(t, rt.Delete(t.Context(), id))
}

func TestADeployErrorNamesTheLimitAndTheHolders(t *testing.T) {
	t.Parallel()
	rt := laboratory(t, faas.Config{})
	holder := deployed(t, rt, faas.Draft{Name: "holder", Event: "single"})
	id := create(t, rt, faas.Draft{Name: "second", Event: "single", Source: "s"}).ID
	r, err := rt.Deploy(t.Context(), id)
	assert.EqualError(t, err, "event single: function second: limit: event single holds 1 of 1 functions: holder")
	assert.Equal(t, faas.CodeLimit, codeOf(t, err))
	var limit *events.LimitError
	require.ErrorAs(t, err, &limit)
	assert.Equal(t, faas.StateDeployError, r.State)
	assert.Equal(t, "event single holds 1 of 1 functions: holder", r.Problem)
	assert.Empty(t, r.Deployments)
	assert.Equal(t, []string{`holder: "holder"`}, answers(t, rt, "single"))

	_, err = rt.Undeploy(t.Context(), holder.ID)
	require.NoError(t, err)
	r, err = rt.Deploy(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, faas.StateProductive, r.State)
	assert.Empty(t, r.Problem)
	assert.Equal(t, []string{`second: "s"`}, answers(t, rt, "single"))
}

// gated builds functions that wait for a gate.
func gated(gate <-chan struct{}) faas.Config {
	return built(func(_ string, source []byte) (body, error) {
		return func(context.Context, object) (any, error) {
			<-gate
			return string(source), nil
		}, nil
	})
}

func TestUndeployWithRunsInFlight(t *testing.T) {
	t.Parallel()
	for name, between := range map[string]func(*testing.T, *faas.Runtime, string){
		"at once": func(*testing.T, *faas.Runtime, string) {},
		"after another deployment": func(t *testing.T, rt *faas.Runtime, id string) {
			edited(t, rt, id, faas.Edit{Source: to("two")})
			_, err := rt.Deploy(t.Context(), id)
			require.NoError(t, err)
		},
		"after other skills and names": func(t *testing.T, rt *faas.Runtime, id string) {
			edited(t, rt, id, faas.Edit{Name: to("g")})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				gate := make(chan struct{})
				rt := laboratory(t, gated(gate))
				id := deployed(t, rt, faas.Draft{Name: "f", Source: "one"}).ID
				ended := make(chan []string)
				go func() { ended <- answers(t, rt, "tenfold") }()
				synctest.Wait()
				between(t, rt, id)

				r, err := rt.Undeploy(t.Context(), id)
				require.NoError(t, err)
				assert.Equal(t, faas.StateMarkedUndeployed, r.State)
				assert.False(t, rt.Implements("tenfold"))
				assert.Equal(t, faas.CodeDeployed, codeOf(t, rt.Delete(t.Context(), id)))
				r = edited(t, rt, id, faas.Edit{Source: to("three")})
				assert.Equal(t, faas.StateMarkedUndeployed, r.State)
				assert.Len(t, rt.Functions(faas.Filter{States: []faas.State{faas.StateMarkedUndeployed}}), 1)

				close(gate)
				assert.Equal(t, []string{`f: "one"`}, <-ended) // the version and the name it began with
				assert.Equal(t, faas.StateDraft, function(t, rt, id).State)
				require.NoError(t, rt.Delete(t.Context(), id))
			})
		})
	}
}

// Nobody waits for an abandoned run, and so neither does the end of a function.
func TestAnAbandonedRunDoesNotHoldAFunction(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		rt := laboratory(t, gated(gate))
		id := deployed(t, rt, faas.Draft{Name: "f"}).ID
		_, err := rt.InvokeFunction(t.Context(), id, events.Envelope{})
		assert.Equal(t, faas.CodeTimedOut, codeOf(t, err))
		r, err := rt.Undeploy(t.Context(), id)
		require.NoError(t, err)
		assert.Equal(t, faas.StateDraft, r.State)
		require.NoError(t, rt.Delete(t.Context(), id))
		assert.Equal(t, 1, rt.Abandoned())
		close(gate)
		synctest.Wait()
		assert.Zero(t, rt.Abandoned())
	})
}

// A function keeps its place when it is deployed again, and is the last after
// it was out of service, also if all happens at the same time.
func TestTheOrderOfConnection(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { // in which the clock stands still
		rt := laboratory(t, faas.Config{Functions: []faas.Function{faas.On(tenfold, "in_go", say("x"))}})
		var ids []string
		want := []string{`in_go: "x"`}
		for _, name := range []string{"c", "a", "e", "b", "d", "f"} {
			ids = append(ids, deployed(t, rt, faas.Draft{Name: name}).ID)
			want = append(want, name+`: "`+name+`"`)
		}
		assert.Equal(t, want, answers(t, rt, "tenfold"))
		_, err := rt.Deploy(t.Context(), ids[1])
		require.NoError(t, err)
		edited(t, rt, ids[2], faas.Edit{Description: to("d")})
		assert.Equal(t, want, answers(t, rt, "tenfold"))
		_, err = rt.Undeploy(t.Context(), ids[0])
		require.NoError(t, err)
		_, err = rt.Deploy(t.Context(), ids[0])
		require.NoError(t, err)
		want = append(append(want[:1:1], want[2:]...), `c: "c"`)
		assert.Equal(t, want, answers(t, rt, "tenfold"))

		// A function in Go has the place that the config gives it.
		inGo := rt.Functions(faas.Filter{Name: "in_go"})[0].ID
		_, err = rt.Undeploy(t.Context(), inGo)
		require.NoError(t, err)
		assert.Equal(t, want[1:], answers(t, rt, "tenfold"))
		_, err = rt.Deploy(t.Context(), inGo)
		require.NoError(t, err)
		assert.Equal(t, want, answers(t, rt, "tenfold"))
	})
}

// Who gives up while a source is built has changed nothing.
func TestACanceledDeploymentChangesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rt := laboratory(t, built(func(string, []byte) (body, error) {
			time.Sleep(10 * time.Second)
			return say("x"), nil
		}))
		r := create(t, rt, faas.Draft{Name: "f", Event: "tenfold"})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		got, err := rt.Deploy(ctx, r.ID)
		assert.EqualError(t, err, "event tenfold: function f: canceled: context deadline exceeded")
		assert.Equal(t, faas.CodeCanceled, codeOf(t, err))
		assert.Equal(t, r, got)
		_, err = rt.Try(ctx, r.ID, events.Envelope{})
		assert.Equal(t, faas.CodeCanceled, codeOf(t, err))
		time.Sleep(time.Minute)
		assert.Zero(t, rt.Abandoned())
	})
}

// Who changes a function while its source is built has the last word.
func TestAnEditDuringTheBuild(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		config := built(func(_ string, source []byte) (body, error) {
			time.Sleep(time.Second)
			return echo("", source)
		})
		config.Store = &frail{} // which lets all changes pass
		rt := laboratory(t, config)
		id := create(t, rt, faas.Draft{Name: "f", Event: "tenfold", Source: "old"}).ID
		ended := make(chan error)
		go func() {
			_, err := rt.Deploy(t.Context(), id)
			ended <- err
		}()
		synctest.Wait()
		want := edited(t, rt, id, faas.Edit{Source: to("new")})
		assert.Equal(t, faas.CodeConflict, codeOf(t, <-ended))
		assert.Equal(t, want, function(t, rt, id))
		assert.Nil(t, answers(t, rt, "tenfold"))

		go func() {
			_, err := rt.Deploy(t.Context(), id)
			ended <- err
		}()
		synctest.Wait()
		require.NoError(t, rt.Delete(t.Context(), id))
		assert.Equal(t, faas.CodeUnknownFunction, codeOf(t, <-ended))
	})
}
