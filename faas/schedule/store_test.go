package schedule

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

const (
	someID  = "5f0c2a9e-7a52-4e0e-8d11-0c8f1e1d2a3b"
	otherID = "6f0c2a9e-7a52-4e0e-8d11-0c8f1e1d2a3b"
)

func openDirectory(t testing.TB, path string) *Directory {
	t.Helper()
	d, err := OpenDirectory(path)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, d.Close()) })
	return d
}

// reopened is a directory that is opened again for each call.
type reopened struct {
	mu   sync.Mutex
	path string
}

func (r *reopened) with(do func(*Directory) error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	d, err := OpenDirectory(r.path)
	if err != nil {
		return err
	}
	return errors.Join(do(d), d.Close())
}

func (r *reopened) Load(ctx context.Context) (all []Schedule, err error) {
	err = r.with(func(d *Directory) error { all, err = d.Load(ctx); return err })
	return all, err
}

func (r *reopened) Save(ctx context.Context, one Schedule) error {
	return r.with(func(d *Directory) error { return d.Save(ctx, one) })
}

func (r *reopened) Delete(ctx context.Context, id string, saved int64) error {
	return r.with(func(d *Directory) error { return d.Delete(ctx, id, saved) })
}

// stores are all kinds that there are.
func stores(t *testing.T, test func(t *testing.T, store Store)) {
	t.Helper()
	for name, open := range map[string]func(*testing.T) Store{
		"memory":    func(*testing.T) Store { return NewMemory() },
		"directory": func(t *testing.T) Store { return openDirectory(t, t.TempDir()) },
		"reopened":  func(t *testing.T) Store { return &reopened{path: t.TempDir()} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

// full is a schedule of which no field is empty.
func full(id string, saved int64) Schedule {
	due := time.Date(2026, 2, 28, 23, 59, 0, 0, time.UTC)
	return Schedule{
		ID: id, Function: otherID, Cron: "59 23 * * *", Description: "<\u2028> \u0000 ü", Active: true,
		Headers: []events.Header{{Key: "k", Value: "<v>"}}, Payload: []byte(`{"b":1.50,"a":["<",{}]}`),
		Next: due.Add(24 * time.Hour), Last: due, Running: true, LastFailed: true, LastCode: faas.CodeTimedOut, Missed: 1 << 60,
		Settled: due.Add(123456789), CreatedAt: due, CreatedBy: "ada", UpdatedAt: due, UpdatedBy: "ben", Revision: 7, Saved: saved,
	}
}

func holds(t *testing.T, store Store, want ...Schedule) {
	t.Helper()
	all, err := store.Load(t.Context())
	require.NoError(t, err)
	slices.SortFunc(all, func(a, b Schedule) int { return strings.Compare(a.ID, b.ID) })
	if len(want) == 0 {
		require.Empty(t, all)
		return
	}
	require.Equal(t, want, all)
}

func TestStoresKeepSchedules(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, store Store) {
		holds(t, store)
		require.NoError(t, store.Save(t.Context(), full(someID, 1)))
		bare := Schedule{ID: otherID, Saved: 1}
		require.NoError(t, store.Save(t.Context(), bare))
		holds(t, store, full(someID, 1), bare)
		for _, payload := range []string{"null", "{}", "[]", `""`, "0", `"\u0000"`} {
			bare.Payload = []byte(payload)
			bare.Saved++
			require.NoError(t, store.Save(t.Context(), bare))
			holds(t, store, full(someID, 1), bare)
		}
		require.NoError(t, store.Delete(t.Context(), someID, 1))
		holds(t, store, bare)
		require.NoError(t, store.Delete(t.Context(), someID, 1), "it is not there")
	})
}

func TestStoresShareNothing(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, store Store) {
		scribble := func(r Schedule) { r.Headers[0].Value, r.Payload[1] = "scribble", 'x' }
		given := full(someID, 1)
		require.NoError(t, store.Save(t.Context(), given))
		scribble(given)
		holds(t, store, full(someID, 1))
		all, err := store.Load(t.Context())
		require.NoError(t, err)
		scribble(all[0])
		holds(t, store, full(someID, 1))
	})
}

func TestStoresHeedContexts(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, store Store) {
		canceled, cancel := context.WithCancel(t.Context())
		cancel()
		if store.Save(canceled, full(someID, 1)) != nil {
			holds(t, store)
			require.NoError(t, store.Save(t.Context(), full(someID, 1)))
		}
		if store.Delete(canceled, someID, 1) != nil {
			holds(t, store, full(someID, 1))
		}
	})
}

// Random calls of each store come to what is expected of them.
func TestStoresCount(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, store Store) {
		random := rand.New(rand.NewPCG(1, 2))
		held := map[string]Schedule{}
		for range 300 {
			r := full([]string{someID, otherID}[random.IntN(2)], int64(random.IntN(5)-1))
			have, there := held[r.ID]
			var want, err error
			if random.IntN(4) == 0 {
				if there && have.Saved != r.Saved {
					want = ErrConflict
				} else {
					delete(held, r.ID)
				}
				err = store.Delete(t.Context(), r.ID, r.Saved)
			} else {
				if r.Missed = random.Int64(); r.Saved != have.Saved+1 {
					want = ErrConflict
				} else {
					held[r.ID] = r
				}
				err = store.Save(t.Context(), r)
			}
			require.ErrorIs(t, err, want)
			var all []Schedule
			for _, id := range []string{someID, otherID} {
				if r, there := held[id]; there {
					all = append(all, r)
				}
			}
			holds(t, store, all...)
		}
	})
}

// Of several who make the same change at once, one may.
func TestStoresOneWins(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, store Store) {
		for saved := int64(1); saved <= 10; saved++ {
			errs := make([]error, 8)
			var all sync.WaitGroup
			for i := range errs {
				all.Go(func() {
					r := full(someID, saved)
					r.Description = fmt.Sprint(i)
					errs[i] = store.Save(t.Context(), r)
				})
			}
			all.Wait()
			winner := slices.Index(errs, nil)
			require.GreaterOrEqual(t, winner, 0)
			for i, err := range errs {
				if i != winner {
					require.ErrorIs(t, err, ErrConflict)
				}
			}
			want := full(someID, saved)
			want.Description = fmt.Sprint(winner)
			holds(t, store, want)
		}
	})
}

const sound = `{
  "format": 1,
  "schedule": {
    "id": "` + someID + `",
    "function": "` + otherID + `",
    "cron": "* * * * *",
    "active": true,
    "payload": {
      "a": 1
    },
    "next": "2026-02-28T23:59:00Z",
    "settled": "2026-02-28T23:58:00Z",
    "createdAt": "2026-02-28T00:00:00Z",
    "updatedAt": "2026-02-28T00:00:00Z",
    "revision": 1,
    "saved": 2
  }
}
`

func TestDirectoryFile(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	file := filepath.Join(path, someID+".json")
	require.NoError(t, os.WriteFile(file, []byte(sound), 0o600))
	d := openDirectory(t, path)
	all, err := d.Load(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 1)
	r := all[0]
	assert.JSONEq(t, `{"a":1}`, string(r.Payload))
	assert.Len(t, r.Payload, 7, "no blanks")
	r.Saved++
	require.NoError(t, d.Save(t.Context(), r))
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	want := strings.Replace(sound, `"saved": 2`, `"saved": 3`, 1)
	want = strings.Replace(want, `"next"`, "\"next\"", 1)
	for _, line := range strings.Split(want, "\n") {
		assert.Contains(t, string(text), line)
	}
}

func TestDirectoryFaults(t *testing.T) {
	t.Parallel()
	const copied = ": put back a copy of it, or move it elsewhere"
	for text, want := range map[string]string{
		sound[:30]: ":3:14: is not JSON" + copied,
		strings.Replace(sound, `"cron"`, `"secret"`, 1):                ":6:5: is not a schedule, or one of a later version" + copied,
		strings.Replace(sound, someID, otherID, 1):                     ": holds another schedule than its name says: give it back its name",
		strings.Replace(sound, `"saved": 2`, `"saved": 0`, 1):          ": has no revision from 1 on" + copied,
		strings.Replace(sound, `"format": 1`, `"format": 2`, 1):        ": has format 2, and this version reads 1: open it with the version that wrote it",
		strings.Replace(sound, `"schedule": {`, `"function": {`, 1):    ":3:3: is not a schedule, or one of a later version" + copied,
		strings.Replace(sound, `"active": true`, `"active": "yes"`, 1): ":7:15: is not a schedule, or one of a later version" + copied,
	} {
		path := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(path, someID+".json"), []byte(text), 0o600))
		_, err := OpenDirectory(path)
		require.Error(t, err)
		assert.Equal(t, filepath.Join(path, someID+".json")+want, err.Error())
	}
	path := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(path, "notes.json"), nil, 0o600))
	_, err := OpenDirectory(path)
	require.ErrorContains(t, err, "notes.json: is not a file of this folder's schedules: move it elsewhere")
}

func TestDirectoryClosed(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	d := openDirectory(t, path)
	_, err := OpenDirectory(path)
	require.ErrorContains(t, err, "is in use")
	require.NoError(t, d.Close())
	require.NoError(t, d.Close())
	_, err = d.Load(t.Context())
	require.ErrorIs(t, err, os.ErrClosed)
	require.ErrorIs(t, d.Save(t.Context(), full(someID, 1)), os.ErrClosed)
	require.ErrorIs(t, d.Delete(t.Context(), someID, 1), os.ErrClosed)
}

// told is all that an error of a file may say.
var told = regexp.MustCompile(`^f\.json(:\d+:\d+: (is not JSON|is not a schedule, or one of a later version): put back a copy of it, or move it elsewhere` +
	`|: has format -?\d+, and this version reads 1: open it with the version that wrote it` +
	`|: holds another schedule than its name says: give it back its name` +
	`|: has no revision from 1 on: put back a copy of it, or move it elsewhere)$`)

// FuzzDirectoryFile reads any file: what can be read can be written and read
// again, and errors quote nothing.
func FuzzDirectoryFile(f *testing.F) {
	text, err := form().Encode(full(someID, 3))
	require.NoError(f, err)
	for _, seed := range []string{
		sound, string(text), "", "null", "[]", `{"format":1}`, `{"format":2,"schedule":{}}`,
		strings.Replace(sound, "2026-02-28T23:59:00Z", "9999-12-31T23:59:59.999999999+14:00", 1),
		strings.Replace(sound, `"a": 1`, `"a": "\u2028<", "b": 1e999, "c": [ ]`, 1),
		strings.Repeat(`{"schedule":`, 20_000),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := form().Decode("f.json", someID, data)
		if err != nil {
			require.Regexp(t, told, err.Error())
			return
		}
		again, err := form().Encode(r)
		require.NoError(t, err)
		second, err := form().Decode("f.json", someID, again)
		require.NoError(t, err)
		third, err := form().Encode(second)
		require.NoError(t, err)
		assert.Equal(t, string(again), string(third))
		assert.Equal(t, someID, second.ID)
	})
}
