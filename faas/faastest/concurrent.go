package faastest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/afterword-go/afterword/faas"
)

// doesAsPlain makes random calls of a store and of the one in memory.
func doesAsPlain(ctx context.Context, store faas.Store) error {
	plain := faas.NewMemory()
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		r := sample(random.IntN(4))
		r.Revision, r.Version = int64(random.IntN(4)), random.IntN(100)
		var call string
		var have, want error
		if random.IntN(4) == 0 {
			call = "delete"
			have, want = store.Delete(ctx, r.ID, r.Revision), plain.Delete(ctx, r.ID, r.Revision)
		} else {
			call = "save"
			have, want = store.Save(ctx, r), plain.Save(ctx, r)
		}
		if have != want && !errors.Is(have, want) || want == nil && have != nil {
			return fmt.Errorf("%s revision %d of %s: error %v; want %v", call, r.Revision, r.Name, have, want)
		}
		records, err := plain.Load(ctx)
		if err := errors.Join(err, holds(ctx, store, records...)); err != nil {
			return fmt.Errorf("after %s revision %d of %s: %w", call, r.Revision, r.Name, err)
		}
	}
	return nil
}

// manyAtOnce changes records of their own from several goroutines, while
// another one loads them.
func manyAtOnce(ctx context.Context, store faas.Store) error {
	const goroutines, revisions = 8, 20
	errs := make([]error, goroutines)
	var want []faas.Record
	var writers, reader sync.WaitGroup
	for i := range goroutines {
		last := whole(i, revisions)
		if i%2 == 0 {
			want = append(want, last)
		}
		writers.Go(func() {
			for revision := range int64(revisions) {
				if errs[i] = store.Save(ctx, whole(i, revision+1)); errs[i] != nil {
					return
				}
			}
			if i%2 == 1 {
				errs[i] = store.Delete(ctx, last.ID, last.Revision)
			}
		})
	}
	var done atomic.Bool
	var torn error
	reader.Go(func() {
		for torn == nil && !done.Load() {
			torn = allWhole(ctx, store)
		}
	})
	writers.Wait()
	done.Store(true)
	reader.Wait()
	return errors.Join(append(errs, torn, holds(ctx, store, want...))...)
}

// whole is a record whose parts tell its revision.
func whole(i int, revision int64) faas.Record {
	r := sample(i)
	r.Revision, r.Version = revision, int(revision)
	r.Deployments[0].Version, r.Skills[0] = int(revision), fmt.Sprint(revision)
	return r
}

// allWhole finds records of which one part is older than another.
func allWhole(ctx context.Context, store faas.Store) error {
	records, err := store.Load(ctx)
	if err != nil {
		return err
	}
	for _, r := range records {
		want := whole(0, r.Revision)
		r.ID, r.Name, r.Deployments = want.ID, want.Name, slices.Clone(r.Deployments)
		for i := range min(len(r.Deployments), len(want.Deployments)) {
			r.Deployments[i].ID = want.Deployments[i].ID
		}
		if !slices.Equal(texts([]faas.Record{r}), texts([]faas.Record{want})) {
			return fmt.Errorf("load gives a record that is partly another revision than %d", r.Revision)
		}
	}
	return nil
}

// oneWins has several goroutines make the same change: one may.
func oneWins(ctx context.Context, store faas.Store) error {
	const goroutines, revisions = 8, 20
	for revision := range int64(revisions) {
		errs := make([]error, goroutines)
		var all sync.WaitGroup
		for i := range goroutines {
			r := whole(1, revision+1)
			r.UpdatedBy = fmt.Sprint(i)
			all.Go(func() { errs[i] = store.Save(ctx, r) })
		}
		all.Wait()
		winner := -1
		for i, err := range errs {
			switch {
			case err == nil && winner >= 0:
				return fmt.Errorf("revision %d was saved twice, of different records", revision+1)
			case err == nil:
				winner = i
			case !errors.Is(err, faas.ErrConflict):
				return fmt.Errorf("save revision %d at once with others: error %w; want ErrConflict", revision+1, err)
			}
		}
		if winner < 0 {
			return fmt.Errorf("revision %d was saved by nobody", revision+1)
		}
		want := whole(1, revision+1)
		want.UpdatedBy = fmt.Sprint(winner)
		if err := holds(ctx, store, want); err != nil {
			return err
		}
	}
	return nil
}
