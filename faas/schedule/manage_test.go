package schedule

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
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

func TestUpdate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScheduler(t, Config{})
		r, err := s.Create(faas.As(t.Context(), "ada"), Draft{Function: "f1", Cron: minutely, Active: true})
		require.NoError(t, err)
		assert.Equal(t, "ada", r.CreatedBy)
		assert.Equal(t, "ada", r.UpdatedBy)
		time.Sleep(3*time.Minute + time.Second)
		cron, description, to := "0 0 29 2 *", "leap", "f2"
		headers, payload := []events.Header{{Key: "k"}}, json.RawMessage("[1 ]")
		got, err := s.Update(faas.As(t.Context(), "ben\xff"), r.ID, Edit{Cron: &cron, Description: &description, Function: &to, Headers: &headers, Payload: &payload, Revision: 1})
		require.NoError(t, err)
		now := at(0, 3).Add(time.Second)
		want := r
		want.Cron, want.Description, want.Function, want.Headers, want.Payload = cron, description, to, headers, json.RawMessage("[1]")
		want.Next, want.Settled, want.UpdatedAt, want.Missed = time.Date(2000, 2, 29, 0, 0, 0, 0, time.UTC), now, now, 3
		want.UpdatedBy, want.Revision, want.Saved = "ben\ufffd", 2, 2
		assert.Equal(t, want, got)
		assert.Equal(t, want, shown(t, s, r.ID))

		_, err = s.Update(t.Context(), r.ID, Edit{Revision: 1, Description: &to})
		fails(t, faas.CodeConflict, err)
		spaced := " 0 0  29 2 *"
		for _, same := range []Edit{{}, {Cron: &cron}, {Cron: &spaced}, {Payload: &payload, Headers: &headers, Function: &to, Active: &got.Active, Description: &description}} {
			_, err = s.Update(t.Context(), r.ID, same)
			fails(t, faas.CodeUnchanged, err)
		}
		time.Sleep(time.Second)
		got, err = s.Update(t.Context(), r.ID, Edit{Description: &to})
		require.NoError(t, err)
		assert.Equal(t, want.Next, got.Next)
		assert.Equal(t, want.Settled, got.Settled, "nothing else changes")
		assert.Equal(t, now.Add(time.Second), got.UpdatedAt)
		assert.Equal(t, now.Add(-3*time.Minute-time.Second), got.CreatedAt)
		bad := "* * 31 2 *"
		_, err = s.Update(t.Context(), r.ID, Edit{Cron: &bad})
		fails(t, faas.CodeInvalid, err)
		require.ErrorContains(t, err, "never fires")
		assert.Equal(t, got, shown(t, s, r.ID))

		fails(t, faas.CodeConflict, s.Delete(t.Context(), r.ID, 2))
		require.NoError(t, s.Delete(t.Context(), r.ID, 3))
		assert.Empty(t, s.Schedules())
		for _, err := range []error{s.Delete(t.Context(), r.ID, 0), second(s.Schedule(r.ID)), second(s.Update(t.Context(), r.ID, Edit{}))} {
			assert.Contains(t, fails(t, faas.CodeUnknownSchedule, err), r.ID)
		}
	})
}

func second(_ Schedule, err error) error { return err }

// Run does not sleep through changes, and follows them.
func TestUpdatesCountAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &functions{}
		s := newScheduler(t, Config{Functions: f})
		sleep(10 * time.Second)
		started(t, s)
		sleep(40 * time.Second)
		r := created(t, s, Draft{Function: "f1", Cron: minutely, Active: true})
		sleep(11 * time.Second)
		assert.Equal(t, every(r.ID, 1, 1), f.dues(), "not at the next look that was planned, 0:01:10")
		to, other := "*/2 * * * *", "f2"
		_, err := s.Update(t.Context(), r.ID, Edit{Cron: &to, Function: &other})
		require.NoError(t, err)
		sleep(8 * time.Minute) // it is 0:09:01
		assert.Equal(t, append(every(r.ID, 1, 1), every(r.ID, 2, 4)...), f.dues())
		assert.Equal(t, "f2", f.calls[1].function)

		f.lose("f1", faas.CodeNotDeployed)
		other = "f1"
		_, err = s.Update(t.Context(), r.ID, Edit{Function: &other})
		fails(t, faas.CodeNotDeployed, err)
		f.lose("f2", faas.CodeNotDeployed)
		_, err = s.Update(t.Context(), r.ID, Edit{Description: &other})
		require.NoError(t, err, "the rest may change all the same")
	})
}

// What is due at the very moment is missed, too, when a schedule ends.
func TestDeactivatedWhenDue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScheduler(t, Config{})
		r := created(t, s, Draft{Function: "f1", Cron: minutely, Active: true})
		time.Sleep(3 * time.Minute)
		no, yes := false, true
		r, err := s.Update(t.Context(), r.ID, Edit{Active: &no})
		require.NoError(t, err)
		assert.Equal(t, int64(3), r.Missed)
		r, err = s.Update(t.Context(), r.ID, Edit{Active: &yes})
		require.NoError(t, err)
		assert.Equal(t, at(0, 4), r.Next)
		assert.Equal(t, int64(3), r.Missed)
	})
}

func TestBoundsOfSchedules(t *testing.T) {
	t.Parallel()
	s := newScheduler(t, Config{})
	for name, c := range map[string]struct {
		most, more Draft
		want       string
	}{
		"description": {Draft{Description: strings.Repeat("ü", 200)}, Draft{Description: strings.Repeat("ü", 201)}, "the description has 201 characters; keep it to 200"},
		"payload": {
			Draft{Payload: json.RawMessage(`"` + strings.Repeat("ü", 7998) + `"`)},
			Draft{Payload: json.RawMessage(`"` + strings.Repeat("ü", 7999) + `"`)},
			"the payload has 8001 characters; keep it to 8000",
		},
		"headers": {
			Draft{Headers: []events.Header{{Key: strings.Repeat("k", 4000), Value: strings.Repeat("ü", 4000)}}},
			Draft{Headers: []events.Header{{Key: strings.Repeat("k", 4000), Value: strings.Repeat("ü", 4000)}, {Key: "x"}}},
			"the headers have 8001 characters; keep them to 8000",
		},
		"cron": {Draft{Cron: "0" + strings.Repeat(" ", 111) + " * * * *"}, Draft{Cron: "0" + strings.Repeat(" ", 112) + " * * * *"}, "the cron expression has 121 characters; keep it to 120"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, d := range []*Draft{&c.most, &c.more} {
				if d.Function = "f1"; d.Cron == "" {
					d.Cron = minutely
				}
			}
			r := created(t, s, c.most)
			require.NoError(t, s.Delete(t.Context(), r.ID, 0))
			_, err := s.Create(t.Context(), c.more)
			assert.Contains(t, fails(t, faas.CodeInvalid, err), c.want)
		})
	}
}

func TestBoundOfTheNumber(t *testing.T) {
	t.Parallel()
	for _, limit := range []int{0, 1, 50} {
		s := newScheduler(t, Config{Limit: limit})
		if limit == 0 {
			limit = 10
		}
		for range limit {
			created(t, s, Draft{Function: "f1", Cron: minutely})
		}
		_, err := s.Create(t.Context(), Draft{Function: "f1", Cron: minutely})
		assert.Contains(t, fails(t, faas.CodeLimit, err), fmt.Sprintf("there are %d of %d schedules: delete one first", limit, limit))
		require.NoError(t, s.Delete(t.Context(), s.Schedules()[0].ID, 0))
		created(t, s, Draft{Function: "f1", Cron: minutely})
	}
}

func TestRefusedDrafts(t *testing.T) {
	t.Parallel()
	f := &functions{absent: map[string]*faas.Error{"draft": {Code: faas.CodeNotDeployed}, "nobody": {Code: faas.CodeUnknownFunction, Err: errors.New("there is none")}}}
	s := newScheduler(t, Config{Functions: f})
	_, err := s.Create(t.Context(), Draft{Function: "draft", Cron: minutely})
	assert.Equal(t, "function f: not deployed: deploy it first", fails(t, faas.CodeNotDeployed, err))
	_, err = s.Create(t.Context(), Draft{Function: "nobody", Cron: minutely})
	fails(t, faas.CodeUnknownFunction, err)

	_, err = s.Create(t.Context(), Draft{Function: "nobody", Cron: "60 25 * * *", Description: "\xff", Payload: json.RawMessage("{secret}")})
	text := fails(t, faas.CodeInvalid, err)
	for _, part := range []string{`minute "60"`, `hour "25"`, "UTF-8", "payload", "unknown function: there is none"} {
		assert.Contains(t, text, part)
	}
	assert.NotContains(t, text, "secret")
	for name, d := range map[string]Draft{
		"twice":       {Payload: json.RawMessage(`{"a":1,"a":2}`)},
		"not UTF-8":   {Payload: json.RawMessage("\"\xff\"")},
		"two":         {Payload: json.RawMessage("1 2")},
		"deep":        {Payload: json.RawMessage(strings.Repeat("[", 64) + strings.Repeat("]", 64))},
		"half":        {Payload: json.RawMessage(`"\ud800"`)},
		"header":      {Headers: []events.Header{{Key: "k", Value: "\xff"}}},
		"not at all":  {Payload: json.RawMessage(" ")},
		"description": {Description: "\xc3"},
	} {
		d.Function, d.Cron = "f1", minutely
		_, err := s.Create(t.Context(), d)
		fails(t, faas.CodeInvalid, err)
		assert.Empty(t, s.Schedules(), name)
	}
	s = newScheduler(t, Config{Store: openDirectory(t, t.TempDir())})
	for _, payload := range []string{"", "null", "{}", `"\u003c\u2028"`, "1E400", strings.Repeat("[", 60) + strings.Repeat("]", 60)} {
		r := created(t, s, Draft{Function: "f1", Cron: minutely, Payload: json.RawMessage(payload)})
		assert.Equal(t, payload, string(r.Payload))
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	_, err := New(t.Context(), Config{Limit: -1, CatchUp: time.Minute - 1})
	require.Error(t, err)
	assert.Len(t, strings.Split(err.Error(), "\n"), 3)
	f := &functions{}
	_, err = New(t.Context(), Config{Functions: f, Limit: 1, CatchUp: time.Minute})
	require.NoError(t, err)
	_, err = New(t.Context(), Config{Functions: f, Store: &storeWith{load: errDisk}})
	require.ErrorIs(t, err, errDisk)

	store := NewMemory()
	for _, id := range []string{someID, otherID} {
		require.NoError(t, store.Save(t.Context(), Schedule{ID: id, Cron: "@hourly", Saved: 1}))
	}
	_, err = New(t.Context(), Config{Functions: f, Store: store})
	require.ErrorContains(t, err, someID)
	require.ErrorContains(t, err, otherID)
}

func TestOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScheduler(t, Config{})
		var want []string
		for range 5 {
			want = append(want, created(t, s, Draft{Function: "f1", Cron: minutely}).ID)
			time.Sleep(time.Nanosecond)
		}
		var have []string
		for _, r := range s.Schedules() {
			have = append(have, r.ID)
		}
		assert.Equal(t, want, have)
	})
}

// Schedules are changed from all sides while they run.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, store := &functions{do: func(context.Context, invocation) error { time.Sleep(70 * time.Second); return nil }}, NewMemory()
		s := newScheduler(t, Config{Functions: f, Store: store, Limit: 6})
		stop := started(t, s)
		var all sync.WaitGroup
		for i := range 4 {
			all.Go(func() {
				random := rand.New(rand.NewPCG(uint64(i), 1))
				for range 300 {
					time.Sleep(time.Duration(random.IntN(60)) * time.Second)
					assert.NoError(t, change(t.Context(), s, random))
				}
			})
		}
		all.Wait()
		stop()
		ran := f.dues()
		slices.Sort(ran)
		assert.Len(t, slices.Compact(slices.Clone(ran)), len(ran), "nothing is run twice")
		assert.Greater(t, len(ran), 100)
		kept, err := store.Load(t.Context())
		require.NoError(t, err)
		assert.ElementsMatch(t, s.Schedules(), kept)
	})
}

// change makes one random change, if it can be made.
func change(ctx context.Context, s *Scheduler, random *rand.Rand) error {
	cron := []string{minutely, "*/3 * * * *", "1-59/2 * * * *"}[random.IntN(3)]
	active, known := random.IntN(3) > 0, s.Schedules()
	var err error
	switch {
	case len(known) == 0 || random.IntN(4) == 0:
		_, err = s.Create(ctx, Draft{Function: "f1", Cron: cron, Active: active})
	case random.IntN(4) == 0:
		err = s.Delete(ctx, known[random.IntN(len(known))].ID, 0)
	default:
		r := known[random.IntN(len(known))]
		_, err = s.Update(ctx, r.ID, Edit{Cron: &cron, Active: &active, Revision: r.Revision})
	}
	var coded *faas.Error
	expected := []faas.Code{faas.CodeLimit, faas.CodeUnchanged, faas.CodeUnknownSchedule, faas.CodeConflict}
	if errors.As(err, &coded) && slices.Contains(expected, coded.Code) {
		return nil
	}
	return err
}
