package faas_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// A frail store fails as long as there is an error. It keeps JSON, as others do.
type frail struct {
	mu    sync.Mutex
	err   error
	saved map[string]string
	saves int
}

func (f *frail) fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.err = err
}

func (f *frail) snapshot() map[string]string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return maps.Clone(f.saved)
}

func (f *frail) Load(context.Context) ([]faas.Record, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var records []faas.Record
	for _, text := range f.saved { // in any order
		var r faas.Record
		if err := json.Unmarshal([]byte(text), &r); err != nil {
			return nil, err
		}
		records = append(records, r)
	}
	return records, f.err
}

func (f *frail) Save(_ context.Context, r faas.Record) error {
	text, err := json.Marshal(r)
	f.mu.Lock()
	defer f.mu.Unlock()
	if err = errors.Join(err, f.err); err != nil {
		return err
	}
	if f.saved == nil {
		f.saved = map[string]string{}
	}
	f.saved[r.ID], f.saves = string(text), f.saves+1
	return nil
}

func (f *frail) Delete(_ context.Context, id string, _ int64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		delete(f.saved, id)
	}
	return f.err
}

// When the store fails, nothing has changed: not the records, nor what serves.
func TestStoreFailures(t *testing.T) {
	t.Parallel()
	full := errors.New("the disk is full")
	for _, c := range []struct {
		err  error
		code faas.Code
		text string
	}{
		{full, faas.CodeStore, "store: save the function: the disk is full"},
		{fmt.Errorf("revision 3: %w", faas.ErrConflict), faas.CodeConflict, "conflict: revision 3: the function has been changed meanwhile: look at it again"},
	} {
		store := &frail{}
		rt := laboratory(t, faas.Config{Store: store})
		live := deployed(t, rt, faas.Draft{Name: "live"})
		modified := deployed(t, rt, faas.Draft{Name: "modified"})
		modified = edited(t, rt, modified.ID, faas.Edit{Source: to("new")})
		broken := create(t, rt, faas.Draft{Name: "broken", Event: "tenfold", Source: "bad"})
		want, kept := rt.Functions(faas.Filter{}), store.snapshot()
		store.fail(c.err)
		for name, call := range map[string]func() error{
			"Create": func() error {
				_, err := rt.Create(t.Context(), faas.Draft{Name: "more", Event: "tenfold"})
				return err
			},
			"Update": func() error {
				_, err := rt.Update(t.Context(), live.ID, faas.Edit{Name: to("other")})
				return err
			},
			"Deploy":   func() error { _, err := rt.Deploy(t.Context(), modified.ID); return err },
			"Undeploy": func() error { _, err := rt.Undeploy(t.Context(), live.ID); return err },
			"Rollback": func() error {
				_, err := rt.Rollback(t.Context(), modified.ID, modified.Deployments[0].ID)
				return err
			},
		} {
			err := call()
			assert.Equal(t, c.code, codeOf(t, err), name)
			assert.ErrorIs(t, err, c.err, name)
			assert.True(t, strings.HasSuffix(err.Error(), c.text), "%s: %v", name, err)
		}
		err := rt.Delete(t.Context(), broken.ID)
		assert.Equal(t, c.code, codeOf(t, err))
		// A failed build is told, with what the store has against keeping it.
		r, err := rt.Deploy(t.Context(), broken.ID)
		assert.Equal(t, faas.CodeBuildFailed, codeOf(t, err))
		assert.ErrorIs(t, err, c.err)
		assert.Equal(t, broken, r)

		assert.Equal(t, want, rt.Functions(faas.Filter{}))
		assert.Equal(t, kept, store.snapshot())
		assert.Equal(t, []string{`live: "live"`, `modified: "modified"`}, answers(t, rt, "tenfold"))

		store.fail(nil)
		edited(t, rt, live.ID, faas.Edit{Name: to("other")})
		_, err = rt.Deploy(t.Context(), modified.ID)
		require.NoError(t, err)
		assert.Equal(t, []string{`other: "live"`, `modified: "new"`}, answers(t, rt, "tenfold"))
	}
}

func TestAStoreThatFailsAtTheStart(t *testing.T) {
	t.Parallel()
	store := &frail{err: errors.New("no disk")}
	_, err := faas.New(equipped(t, faas.Config{Store: store}))
	assert.EqualError(t, err, "load the functions: no disk")

	_, err = faas.New(equipped(t, faas.Config{Store: &unsaved{}, Functions: []faas.Function{faas.On(tenfold, "a", say("a")), faas.On(tenfold, "b", say("b"))}}))
	assert.EqualError(t, err, "event tenfold: function a: store: save the function: read only\nevent tenfold: function b: store: save the function: read only")
}

// An unsaved store is empty and keeps nothing.
type unsaved struct{ frail }

func (*unsaved) Save(context.Context, faas.Record) error { return errors.New("read only") }

func TestARestartServesTheSame(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store := &frail{}
		config := faas.Config{Store: store, Functions: []faas.Function{
			faas.On(tenfold, "z_go", say("z")), faas.On(tenfold, "out_go", say("out")), faas.On(tenfold, "a_go", say("a")),
		}}
		rt := laboratory(t, config)
		var ids []string
		for _, name := range []string{"c", "a", "b"} {
			ids = append(ids, deployed(t, rt, faas.Draft{Name: name}).ID)
		}
		edited(t, rt, ids[1], faas.Edit{Source: to("not yet")})
		edited(t, rt, ids[2], faas.Edit{Source: to("bad")})
		_, err := rt.Deploy(t.Context(), ids[2])
		require.Error(t, err)
		out := rt.Functions(faas.Filter{Name: "out_go"})[0].ID
		_, err = rt.Undeploy(t.Context(), out)
		require.NoError(t, err)
		create(t, rt, faas.Draft{Name: "draft", Event: "tenfold"})
		gone := deployed(t, rt, faas.Draft{Name: "gone"})
		_, err = rt.Undeploy(t.Context(), gone.ID)
		require.NoError(t, err)
		serving, records := answers(t, rt, "tenfold"), rt.Functions(faas.Filter{})
		assert.Equal(t, []string{`z_go: "z"`, `a_go: "a"`, `c: "c"`, `a: "a"`, `b: "b"`}, serving)

		for range 3 {
			time.Sleep(time.Hour)
			saves := store.saves
			rt = laboratory(t, config)
			assert.Equal(t, serving, answers(t, rt, "tenfold"))
			assert.Equal(t, records, rt.Functions(faas.Filter{}))
			assert.Equal(t, saves, store.saves) // for nothing has changed
		}
		_, err = rt.Deploy(t.Context(), out)
		require.NoError(t, err)
		want := append([]string{`z_go: "z"`, `out_go: "out"`}, serving[1:]...)
		assert.Equal(t, want, answers(t, rt, "tenfold"))
		assert.Equal(t, want, answers(t, laboratory(t, config), "tenfold"))
	})
}

// What can no longer be built or connected says so, and all else serves.
func TestARestartThatCannotServeAll(t *testing.T) {
	t.Parallel()
	store := &frail{}
	rt := laboratory(t, faas.Config{Store: store, Functions: []faas.Function{faas.On(tenfold, "in_go", say("x"))}})
	id := deployed(t, rt, faas.Draft{Name: "fails"}).ID
	panics := deployed(t, rt, faas.Draft{Name: "panics"}).ID
	touches := deployed(t, rt, faas.Draft{Name: "touches"}).ID
	deployed(t, rt, faas.Draft{Name: "sound"})
	crowded := deployed(t, rt, faas.Draft{Name: "crowded", Event: "single"}).ID
	inGo := rt.Functions(faas.Filter{Name: "in_go"})[0].ID
	kept := store.snapshot()

	refuses := func(name string, source []byte) (body, error) {
		switch name {
		case "fails":
			return nil, errors.New("1: no\n2: nor this")
		case "panics":
			panic(secret)
		case "touches":
			return nil, touchy{}
		}
		return echo(name, source)
	}
	config := faas.Config{
		Store: store, Builders: []faas.Builder{faas.Build(tenfold, refuses), faas.Build(single, echo)},
		Functions: []faas.Function{faas.On(single, "first", say("y"))},
	}
	rt = laboratory(t, config)
	for id, problem := range map[string]string{
		id:      "1: no\n2: nor this",
		panics:  "crashed: it panicked",
		touches: "(the error panics when asked for its text)",
		crowded: "event single holds 1 of 1 functions: first",
		inGo:    "it is made in Go, and is there no longer",
	} {
		r := function(t, rt, id)
		assert.Equal(t, faas.StateDeployError, r.State, problem)
		assert.Equal(t, problem, r.Problem)
		_, err := rt.InvokeFunction(t.Context(), id, events.Envelope{})
		assert.Equal(t, faas.CodeNotDeployed, codeOf(t, err))
		assert.Equal(t, kept[id], store.snapshot()[id])
	}
	assert.Equal(t, []string{`sound: "sound"`}, answers(t, rt, "tenfold"))
	assert.Equal(t, []string{`first: "y"`}, answers(t, rt, "single"))

	// An edit does not make it serve, and says no such thing.
	r := edited(t, rt, id, faas.Edit{Source: to("new")})
	assert.Equal(t, faas.StateDeployError, r.State)
	assert.Equal(t, "1: no\n2: nor this", r.Problem)
	_, err := rt.Deploy(t.Context(), id)
	assert.Equal(t, faas.CodeBuildFailed, codeOf(t, err))

	// A function whose Go is gone can be taken out, and then deleted.
	_, err = rt.Deploy(t.Context(), inGo)
	assert.EqualError(t, err, "event tenfold: function in_go: build failed: it is made in Go, and is there no longer")
	_, err = rt.Undeploy(t.Context(), inGo)
	require.NoError(t, err)
	assert.Equal(t, faas.StateDraft, function(t, rt, inGo).State)
	require.NoError(t, rt.Delete(t.Context(), inGo))

	// With the old builders all is as before.
	rt = laboratory(t, faas.Config{Store: store})
	assert.Equal(t, []string{`fails: "fails"`, `panics: "panics"`, `touches: "touches"`, `sound: "sound"`}, answers(t, rt, "tenfold"))
	assert.Equal(t, []string{`crowded: "crowded"`}, answers(t, rt, "single"))
}

func TestARestartWithoutABuilder(t *testing.T) {
	t.Parallel()
	store := faas.NewMemory()
	id := deployed(t, laboratory(t, faas.Config{Store: store}), faas.Draft{Name: "f"}).ID
	rt := laboratory(t, faas.Config{Store: store, Builders: []faas.Builder{faas.Build(single, echo)}})
	assert.Equal(t, "functions of this event are made in Go here, not of text", function(t, rt, id).Problem)
	_, err := rt.Deploy(t.Context(), id)
	assert.Equal(t, faas.CodeBuildFailed, codeOf(t, err))
}

// A function in Go may change between two starts, but not its event.
func TestFunctionsInGoChangeWithTheirCode(t *testing.T) {
	t.Parallel()
	store := faas.NewMemory()
	rt := laboratory(t, faas.Config{Store: store, Functions: []faas.Function{faas.On(skilled, "f", say("old"), faas.Skills("1"))}})
	before := rt.Functions(faas.Filter{})[0]
	assert.True(t, before.InGo)
	assert.Equal(t, faas.StateProductive, before.State)
	config := faas.Config{Store: store, Functions: []faas.Function{faas.On(skilled, "f", say("new"), faas.Skills("2"), faas.Description("d"))}}
	rt = laboratory(t, config)
	after := rt.Functions(faas.Filter{})[0]
	assert.Equal(t, before.ID, after.ID)
	assert.Equal(t, []string{"2"}, after.Skills)
	assert.Equal(t, "d", after.Description)
	assert.Equal(t, before.Revision+1, after.Revision)
	assert.Nil(t, answers(t, rt, "skilled", faas.ForSkill("1")))
	assert.Equal(t, []string{`f: "new"`}, answers(t, rt, "skilled", faas.ForSkill("2")))

	config.Functions = []faas.Function{faas.On(tenfold, "f", say("x"))}
	_, err := faas.New(equipped(t, config))
	assert.EqualError(t, err, "event tenfold: function f: invalid: the store has another function of this name: give this one its own")
}

// A name that a built function has is not one for a function in Go.
func TestABuiltFunctionKeepsItsName(t *testing.T) {
	t.Parallel()
	store := faas.NewMemory()
	deployed(t, laboratory(t, faas.Config{Store: store}), faas.Draft{Name: "f"})
	_, err := faas.New(equipped(t, faas.Config{Store: store, Functions: []faas.Function{faas.On(tenfold, "f", say("x"))}}))
	assert.Equal(t, faas.CodeInvalid, failed(t, err).Code)
}

// The store may have whatever somebody wrote into it.
func TestRecordsThatNoRuntimeMade(t *testing.T) {
	t.Parallel()
	store := &frail{}
	for _, r := range []faas.Record{
		{},
		{ID: "1", Name: "nowhere", Event: "none", Deployments: []faas.Deployment{{}}},
		{ID: "2", Name: "two words\n", Event: "tenfold", State: "?", Deployments: make([]faas.Deployment, 100)},
		{ID: "3", Name: "in_go", InGo: true, Event: "single", Version: -1, Revision: -5, Deployments: []faas.Deployment{{}}},
	} {
		require.NoError(t, store.Save(t.Context(), r))
	}
	rt := laboratory(t, faas.Config{Store: store})
	assert.Len(t, rt.Functions(faas.Filter{}), 4)
	deployed(t, rt, faas.Draft{Name: "f"})
	assert.Contains(t, answers(t, rt, "tenfold"), `f: "f"`)
	for _, r := range rt.Functions(faas.Filter{}) {
		_, err := rt.Undeploy(t.Context(), r.ID)
		if err == nil {
			require.NoError(t, rt.Delete(t.Context(), r.ID))
		}
	}
	assert.Nil(t, answers(t, rt, "tenfold"))
}

// A name is that of one function: who has edited a store has to choose.
func TestRecordsOfOneName(t *testing.T) {
	t.Parallel()
	store := &frail{}
	config := faas.Config{Store: store, Builders: []faas.Builder{faas.Build(chat, mailer)}}
	rt, err := faas.New(config)
	require.NoError(t, err)
	r, err := rt.Create(t.Context(), faas.Draft{Name: "care", Event: chat.ID(), Source: "one"})
	require.NoError(t, err)
	r, err = rt.Deploy(t.Context(), r.ID)
	require.NoError(t, err)
	for _, id := range []string{"b", "c"} {
		twin := r
		twin.ID = id
		require.NoError(t, store.Save(t.Context(), twin))
	}
	for range 20 { // whatever the order of the store
		_, err = faas.New(config)
		require.Error(t, err)
		lines := strings.Split(err.Error(), "\n")
		require.Len(t, lines, 2)
		for _, line := range lines {
			assert.Regexp(t, `^load the functions: \S+ and \S+ have one name, "care": keep one of them in the store$`, line)
		}
	}
	require.NoError(t, store.Delete(t.Context(), "b", 0))
	require.NoError(t, store.Delete(t.Context(), r.ID, 0))
	rt, err = faas.New(config)
	require.NoError(t, err)
	assert.Len(t, rt.Functions(faas.Filter{}), 1)
}

func TestTheMemoryStore(t *testing.T) {
	t.Parallel()
	store := faas.NewMemory()
	r := faas.Record{ID: "1", Skills: []string{"a"}, Deployments: []faas.Deployment{{ID: "d"}}, Revision: 1}
	require.NoError(t, store.Save(t.Context(), r))
	require.ErrorIs(t, store.Save(t.Context(), r), faas.ErrConflict)
	r.Skills[0], r.Deployments[0].ID = "changed", "changed"
	for range 2 {
		records, err := store.Load(t.Context())
		require.NoError(t, err)
		assert.Equal(t, []faas.Record{{ID: "1", Skills: []string{"a"}, Deployments: []faas.Deployment{{ID: "d"}}, Revision: 1}}, records)
		records[0].Skills[0], records[0].Deployments[0].ID = "changed", "changed"
	}
	r.Revision = 2
	require.NoError(t, store.Save(t.Context(), r))
	require.ErrorIs(t, store.Delete(t.Context(), "1", 1), faas.ErrConflict)
	require.NoError(t, store.Delete(t.Context(), "1", 2))
	require.NoError(t, store.Delete(t.Context(), "1", 2))
	require.ErrorIs(t, store.Save(t.Context(), faas.Record{ID: "2", Revision: 2}), faas.ErrConflict)
}
