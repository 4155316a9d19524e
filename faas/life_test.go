package faas_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// Events of a laboratory: for one function, for ten, and with skills.
type object = events.Event[events.Object]

var (
	single  = events.Define[events.Object, any](events.Spec{ID: "single", Limit: 1})
	tenfold = events.Define[events.Object, any](events.Spec{ID: "tenfold", Limit: 10})
	skilled = events.Define[events.Object, any](events.Spec{ID: "skilled", Limit: 1, Skills: true})
)

// A body is what a builder makes.
type body = func(context.Context, object) (any, error)

// say gives a text.
func say(text string) body {
	return func(context.Context, object) (any, error) { return text, nil }
}

// echo builds functions that give their source; sources that begin with "bad"
// are refused, line by line.
func echo(_ string, source []byte) (body, error) {
	if text := string(source); !strings.HasPrefix(text, "bad") {
		return say(text), nil
	}
	return nil, errors.New(strings.ReplaceAll(string(source), " ", "\n"))
}

// laboratory makes a runtime of the laboratory's events. Its builders echo,
// unless the config has others.
func laboratory(t testing.TB, config faas.Config) *faas.Runtime {
	t.Helper()
	rt, err := faas.New(equipped(t, config))
	require.NoError(t, err)
	return rt
}

func equipped(t testing.TB, config faas.Config) faas.Config {
	t.Helper()
	registry, err := events.NewRegistry(single, tenfold, skilled)
	require.NoError(t, err)
	config.Registry = registry
	if config.Builders == nil {
		config.Builders = []faas.Builder{faas.Build(single, echo), faas.Build(tenfold, echo), faas.Build(skilled, echo)}
	}
	return config
}

// built is the config of a laboratory with one builder, for tenfold.
func built(build func(name string, source []byte) (body, error)) faas.Config {
	return faas.Config{Builders: []faas.Builder{faas.Build(tenfold, build)}}
}

func create(t testing.TB, rt *faas.Runtime, draft faas.Draft) faas.Record {
	t.Helper()
	r, err := rt.Create(t.Context(), draft)
	require.NoError(t, err)
	return r
}

// deployed creates a function of tenfold, with its name as the source unless
// there is another, and deploys it.
func deployed(t testing.TB, rt *faas.Runtime, draft faas.Draft) faas.Record {
	t.Helper()
	if draft.Event == "" {
		draft.Event = tenfold.ID()
	}
	if draft.Source == "" {
		draft.Source = draft.Name
	}
	r, err := rt.Deploy(t.Context(), create(t, rt, draft).ID)
	require.NoError(t, err)
	return r
}

func edited(t testing.TB, rt *faas.Runtime, id string, edit faas.Edit) faas.Record {
	t.Helper()
	r, err := rt.Update(t.Context(), id, edit)
	require.NoError(t, err)
	return r
}

func function(t testing.TB, rt *faas.Runtime, id string) faas.Record {
	t.Helper()
	r, err := rt.Function(id)
	require.NoError(t, err)
	return r
}

// answers are the results of an event, as "function: JSON".
func answers(t testing.TB, rt *faas.Runtime, event string, opts ...faas.CallOption) (out []string) {
	t.Helper()
	results, err := rt.Invoke(t.Context(), event, events.Envelope{}, opts...)
	if err != nil {
		require.Equal(t, faas.CodeNotImplemented, failed(t, err).Code)
		assert.False(t, rt.Implements(event, opts...))
		return nil
	}
	for _, r := range results {
		out = append(out, r.Function+": "+string(r.Value))
	}
	return out
}

// codeOf is the code of an error, which is an *faas.Error and nothing around it.
func codeOf(t testing.TB, err error) faas.Code {
	t.Helper()
	require.IsType(t, (*faas.Error)(nil), err)
	assert.NotContains(t, err.Error(), "\n")
	return err.(*faas.Error).Code
}

func to[T any](v T) *T { return &v }

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

func TestCreateTellsAllThatIsWrong(t *testing.T) {
	t.Parallel()
	config := faas.Config{Functions: []faas.Function{faas.On(single, "in_go", say("x"))}, Builders: []faas.Builder{faas.Build(tenfold, echo), faas.Build(skilled, echo)}}
	rt := laboratory(t, config)
	create(t, rt, faas.Draft{Name: "taken", Event: "tenfold"})
	before := rt.Functions(faas.Filter{})
	many := make([]string, events.MaxSkills+1)
	for i := range many {
		many[i] = fmt.Sprint(i)
	}
	for name, c := range map[string]struct {
		draft faas.Draft
		want  string
	}{
		"nothing": {faas.Draft{}, `invalid: the name "" must be 1 to 50 letters, digits and underscores; it names no event, and functions without one are made in Go`},
		"all": {
			faas.Draft{Name: "a-b", Description: strings.Repeat("ä", 201), Event: "tenfold", Skills: []string{"1"}, Source: strings.Repeat("ä", 100_001)},
			`event tenfold: invalid: the name "a-b" must be 1 to 50 letters, digits and underscores; the description has 201 characters; keep it to 200; ` +
				`the source has 100001 characters; keep it to 100000; event tenfold does not support skills: let a-b name none`,
		},
		"taken":        {faas.Draft{Name: "taken", Event: "tenfold"}, `event tenfold: function taken: invalid: another function has this name`},
		"taken in Go":  {faas.Draft{Name: "in_go", Event: "tenfold"}, `event tenfold: function in_go: invalid: another function has this name`},
		"no builder":   {faas.Draft{Name: "f", Event: "single"}, `event single: function f: invalid: functions of this event are made in Go here, not of text`},
		"typo":         {faas.Draft{Name: "f", Event: "tenfol"}, `function f: invalid: unknown event "tenfol"; did you mean tenfold?`},
		"many skills":  {faas.Draft{Name: "f", Event: "skilled", Skills: many}, fmt.Sprintf(`event skilled: function f: invalid: event skilled takes at most %d skills per function: f names %d`, events.MaxSkills, len(many))},
		"twice":        {faas.Draft{Name: "f", Event: "skilled", Skills: []string{"1", "1"}}, `event skilled: function f: invalid: event skilled takes each skill once: f names "1" twice`},
		"newline name": {faas.Draft{Name: "f\n", Event: "tenfold"}, `event tenfold: invalid: the name "f\n" must be 1 to 50 letters, digits and underscores`},
	} {
		_, err := rt.Create(t.Context(), c.draft)
		assert.EqualError(t, err, c.want, name)
		assert.Equal(t, faas.CodeInvalid, codeOf(t, err), name)
	}
	_, err := rt.Create(t.Context(), faas.Draft{Name: strings.Repeat("\n", 1<<20), Event: strings.Repeat("\n", 1<<20), Skills: []string{"1"}})
	assert.Equal(t, faas.CodeInvalid, codeOf(t, err))
	assert.Less(t, len(err.Error()), 600)
	assert.Equal(t, before, rt.Functions(faas.Filter{}))

	create(t, rt, faas.Draft{Name: strings.Repeat("x", 50), Description: strings.Repeat("ä", 200), Event: "tenfold", Source: strings.Repeat("ä", 100_000)})
}

func TestEditsThatAreRefused(t *testing.T) {
	t.Parallel()
	rt := laboratory(t, faas.Config{Functions: []faas.Function{faas.On(single, "in_go", say("x"))}})
	other := deployed(t, rt, faas.Draft{Name: "other", Event: "skilled", Skills: []string{"1", "2"}})
	r := deployed(t, rt, faas.Draft{Name: "f", Event: "skilled", Skills: []string{"3"}, Source: "s"})
	inGo := rt.Functions(faas.Filter{Name: "in_go"})[0]
	for name, c := range map[string]struct {
		id   string
		edit faas.Edit
		code faas.Code
		want string
	}{
		"nothing":           {r.ID, faas.Edit{}, faas.CodeUnchanged, "event skilled: function f: unchanged"},
		"nothing new":       {r.ID, faas.Edit{Name: to("f"), Skills: &[]string{"3"}, Source: to("s"), Description: to("")}, faas.CodeUnchanged, "event skilled: function f: unchanged"},
		"an old revision":   {r.ID, faas.Edit{Name: to("g"), Revision: 1}, faas.CodeConflict, "event skilled: function f: conflict: the function has been changed meanwhile: look at it again"},
		"a taken name":      {r.ID, faas.Edit{Name: to("other")}, faas.CodeInvalid, "event skilled: function other: invalid: another function has this name"},
		"a bad name":        {r.ID, faas.Edit{Name: to("")}, faas.CodeInvalid, `event skilled: invalid: the name "" must be 1 to 50 letters, digits and underscores`},
		"another's skill":   {r.ID, faas.Edit{Skills: &[]string{"3", "2"}}, faas.CodeLimit, `event skilled: function f: limit: event skilled has skill "2" held by other: name it in one function only`},
		"all skills":        {r.ID, faas.Edit{Skills: &[]string{}}, faas.CodeLimit, "event skilled: function f: limit: event skilled is held for single skills by other: name the skills of this function too"},
		"an empty skill":    {r.ID, faas.Edit{Skills: &[]string{""}}, faas.CodeInvalid, "event skilled: function f: invalid: event skilled takes no empty skill: f names one"},
		"a long text":       {r.ID, faas.Edit{Description: to(strings.Repeat("x", 201))}, faas.CodeInvalid, "event skilled: function f: invalid: the description has 201 characters; keep it to 200"},
		"a function in Go":  {inGo.ID, faas.Edit{Name: to("g")}, faas.CodeInvalid, "event single: function in_go: invalid: it is made in Go: change it there"},
		"the other's place": {other.ID, faas.Edit{Skills: &[]string{"3"}}, faas.CodeLimit, `event skilled: function other: limit: event skilled has skill "3" held by f: name it in one function only`},
	} {
		before := function(t, rt, c.id)
		_, err := rt.Update(t.Context(), c.id, c.edit)
		assert.EqualError(t, err, c.want, name)
		assert.Equal(t, c.code, codeOf(t, err), name)
		assert.Equal(t, before, function(t, rt, c.id), name)
	}
	assert.Equal(t, []string{`f: "s"`}, answers(t, rt, "skilled", faas.ForSkill("3")))
	assert.Equal(t, []string{`other: "other"`}, answers(t, rt, "skilled", faas.ForSkill("2")))
	assert.Equal(t, faas.CodeInvalid, codeOf(t, rt.Delete(t.Context(), inGo.ID)))
}

// Skills, names and descriptions need no deployment, and leave the version that
// is in service as it is.
func TestWhatCountsAtOnce(t *testing.T) {
	t.Parallel()
	rt := laboratory(t, faas.Config{})
	r := deployed(t, rt, faas.Draft{Name: "f", Event: "skilled", Skills: []string{"1"}, Source: "old"})
	edited(t, rt, r.ID, faas.Edit{Source: to("new")})
	now := edited(t, rt, r.ID, faas.Edit{Skills: &[]string{"2"}, Name: to("g"), Description: to("d")})
	assert.Equal(t, faas.StateModified, now.State)
	assert.Equal(t, 2, now.Version)
	assert.Nil(t, answers(t, rt, "skilled", faas.ForSkill("1")))
	assert.Equal(t, []string{`g: "old"`}, answers(t, rt, "skilled", faas.ForSkill("2")))
	edited(t, rt, r.ID, faas.Edit{Skills: &[]string{}})
	assert.Equal(t, []string{`g: "old"`}, answers(t, rt, "skilled"))

	// A draft may have any skills: they are checked when it is deployed.
	draft := create(t, rt, faas.Draft{Name: "f", Event: "skilled", Skills: []string{"2"}, Source: "s"})
	_, err := rt.Deploy(t.Context(), draft.ID)
	assert.EqualError(t, err, "event skilled: function f: limit: event skilled is held for all skills by g: let it name its skills first")
	edited(t, rt, r.ID, faas.Edit{Skills: &[]string{"1"}})
	_, err = rt.Deploy(t.Context(), draft.ID)
	require.NoError(t, err)
	assert.Equal(t, []string{`f: "s"`}, answers(t, rt, "skilled", faas.ForSkill("2")))
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

func TestFiltersAndTheOrderOfLists(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rt := laboratory(t, faas.Config{})
		create(t, rt, faas.Draft{Name: "b", Event: "tenfold"})
		create(t, rt, faas.Draft{Name: "a", Event: "single"})
		time.Sleep(time.Second)
		deployed(t, rt, faas.Draft{Name: "c", Event: "tenfold"})
		deployed(t, rt, faas.Draft{Name: "0", Event: "single"})
		for want, filter := range map[string]faas.Filter{
			"a b 0 c": {},
			"b c":     {Event: "tenfold"},
			"c":       {Name: "c"},
			"":        {Name: "c", Event: "single"},
			"a b":     {States: []faas.State{faas.StateDraft}},
			"0 c":     {States: []faas.State{faas.StateModified, faas.StateProductive}},
		} {
			var names []string
			for _, r := range rt.Functions(filter) {
				names = append(names, r.Name)
			}
			assert.Equal(t, want, strings.Join(names, " "))
		}
	})
}

// What a runtime gives away and what it is given are the caller's.
func TestRecordsAreTheCallers(t *testing.T) {
	t.Parallel()
	rt := laboratory(t, faas.Config{})
	skills := []string{"1"}
	r := deployed(t, rt, faas.Draft{Name: "f", Event: "skilled", Skills: skills, Source: "s"})
	skills[0] = "changed"
	others := []string{"2"}
	edited(t, rt, r.ID, faas.Edit{Skills: &others})
	others[0] = "changed"
	want, err := json.Marshal(function(t, rt, r.ID))
	require.NoError(t, err)
	for _, r := range append(rt.Functions(faas.Filter{}), function(t, rt, r.ID)) {
		r.Skills[0], r.Deployments[0].Source = "changed", "changed"
	}
	got, err := json.Marshal(function(t, rt, r.ID))
	require.NoError(t, err)
	assert.JSONEq(t, string(want), string(got))
	assert.Equal(t, []string{`f: "s"`}, answers(t, rt, "skilled", faas.ForSkill("2")))
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
