package faastest

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/faas"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	TestStore(t, func(*testing.T) faas.Store { return faas.NewMemory() })
}

// A flawed store does what it says, and otherwise as the one in memory.
type flawed struct {
	faas.Store
	load   func(faas.Store, context.Context) ([]faas.Record, error)
	save   func(faas.Store, context.Context, faas.Record) error
	delete func(faas.Store, context.Context, string, int64) error
}

func (f flawed) Load(ctx context.Context) ([]faas.Record, error) {
	if f.load != nil {
		return f.load(f.Store, ctx)
	}
	return f.Store.Load(ctx)
}

func (f flawed) Save(ctx context.Context, r faas.Record) error {
	if f.save != nil {
		return f.save(f.Store, ctx, r)
	}
	return f.Store.Save(ctx, r)
}

func (f flawed) Delete(ctx context.Context, id string, revision int64) error {
	if f.delete != nil {
		return f.delete(f.Store, ctx, id, revision)
	}
	return f.Store.Delete(ctx, id, revision)
}

// at finds a record.
func at(store faas.Store, id string) (faas.Record, bool) {
	records, _ := store.Load(context.Background())
	for _, r := range records {
		if r.ID == id {
			return r, true
		}
	}
	return faas.Record{}, false
}

// changed saves a record with a change.
func changed(change func(*faas.Record)) func() faas.Store {
	return func() faas.Store {
		return flawed{Store: faas.NewMemory(), save: func(s faas.Store, ctx context.Context, r faas.Record) error {
			change(&r)
			return s.Save(ctx, r)
		}}
	}
}

// blind saves a record whatever revision there is.
func blind(s faas.Store, ctx context.Context, r faas.Record) error {
	if held, ok := at(s, r.ID); ok {
		if err := s.Delete(ctx, r.ID, held.Revision); err != nil {
			return err
		}
	}
	for revision := range r.Revision {
		r.Revision = revision + 1
		if err := s.Save(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// A sharing store keeps what it is given and gives what it keeps.
type sharing struct {
	mu      sync.Mutex
	records map[string]faas.Record
	copies  bool // of what it is given
}

func (s *sharing) Load(context.Context) ([]faas.Record, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []faas.Record
	for _, r := range s.records {
		all = append(all, r)
	}
	return all, nil
}

func (s *sharing) Save(_ context.Context, r faas.Record) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Revision != s.records[r.ID].Revision+1 {
		return faas.ErrConflict
	}
	if s.copies {
		text, _ := json.Marshal(r)
		r = faas.Record{}
		_ = json.Unmarshal(text, &r)
	}
	s.records[r.ID] = r
	return nil
}

func (s *sharing) Delete(_ context.Context, id string, revision int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if held, ok := s.records[id]; ok && held.Revision != revision {
		return faas.ErrConflict
	}
	delete(s.records, id)
	return nil
}

// TestFlaws shows that each check finds something.
func TestFlaws(t *testing.T) {
	t.Parallel()
	errConflict := errors.New("conflict")
	for name, c := range map[string]struct {
		open  func() faas.Store
		found []string // by these checks, among others
	}{
		"not empty": {func() faas.Store {
			s := faas.NewMemory()
			require.NoError(t, s.Save(t.Context(), sample(9)))
			return s
		}, []string{"empty"}},
		"missing is an error": {func() faas.Store {
			return flawed{Store: faas.NewMemory(), delete: func(s faas.Store, ctx context.Context, id string, revision int64) error {
				if _, ok := at(s, id); !ok {
					return errors.New("not found")
				}
				return s.Delete(ctx, id, revision)
			}}
		}, []string{"empty", "checks revisions", "does as a plain one does"}},
		"short texts": {changed(func(r *faas.Record) { r.Source = r.Source[:min(len(r.Source), 65_535)] }), []string{"keeps what it is given"}},
		"control characters": {
			changed(func(r *faas.Record) { r.Description = strings.ReplaceAll(r.Description, "\x00", "") }),
			[]string{"keeps what it is given"},
		},
		"microseconds":       {changed(func(r *faas.Record) { r.CreatedAt = r.CreatedAt.Truncate(time.Microsecond) }), []string{"keeps what it is given"}},
		"no skills":          {changed(func(r *faas.Record) { r.Skills = nil }), []string{"keeps what it is given", "one wins", "many at once"}},
		"one deployment":     {changed(func(r *faas.Record) { r.Deployments = r.Deployments[:min(1, len(r.Deployments))] }), []string{"carries a runtime"}},
		"no connection time": {changed(func(r *faas.Record) { r.ConnectedAt = time.Time{} }), []string{"carries a runtime"}},
		"any revision":       {func() faas.Store { return flawed{Store: faas.NewMemory(), save: blind} }, []string{"checks revisions", "does as a plain one does", "one wins"}},
		"an error of its own": {func() faas.Store {
			return flawed{Store: faas.NewMemory(), save: func(s faas.Store, ctx context.Context, r faas.Record) error {
				if s.Save(ctx, r) != nil {
					return errConflict
				}
				return nil
			}}
		}, []string{"checks revisions", "does as a plain one does", "one wins"}},
		"deletes any revision": {func() faas.Store {
			return flawed{Store: faas.NewMemory(), delete: func(s faas.Store, ctx context.Context, id string, _ int64) error {
				held, _ := at(s, id)
				return s.Delete(ctx, id, held.Revision)
			}}
		}, []string{"checks revisions", "does as a plain one does"}},
		"deletes nothing": {func() faas.Store {
			return flawed{Store: faas.NewMemory(), delete: func(faas.Store, context.Context, string, int64) error { return nil }}
		}, []string{"checks revisions", "heeds contexts", "many at once", "carries a runtime"}},
		"keeps what it is given": {func() faas.Store { return &sharing{records: map[string]faas.Record{}} }, []string{"shares nothing"}},
		"gives what it keeps":    {func() faas.Store { return &sharing{records: map[string]faas.Record{}, copies: true} }, []string{"shares nothing"}},
		"saves and then looks at the context": {func() faas.Store {
			return flawed{Store: faas.NewMemory(), save: func(s faas.Store, ctx context.Context, r faas.Record) error {
				return errors.Join(s.Save(ctx, r), ctx.Err())
			}}
		}, []string{"heeds contexts"}},
		"torn": {func() faas.Store {
			return flawed{Store: faas.NewMemory(), load: func(s faas.Store, ctx context.Context) ([]faas.Record, error) {
				records, err := s.Load(ctx)
				for i := range records {
					records[i].Version++
				}
				return records, err
			}}
		}, []string{"many at once"}},
		"loads twice": {func() faas.Store {
			return flawed{Store: faas.NewMemory(), load: func(s faas.Store, ctx context.Context) ([]faas.Record, error) {
				records, err := s.Load(ctx)
				return append(records, records...), err
			}}
		}, []string{"keeps what it is given"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var found []string
			for _, check := range checks() {
				if check.run(t.Context(), c.open()) != nil {
					found = append(found, check.name)
				}
			}
			assert.Subset(t, found, c.found)
		})
	}
}
