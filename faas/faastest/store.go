// Package faastest tests stores of functions and what invokes functions: those
// that keep the contracts of faas.Store and faas.Invoker pass.
//
//	func TestStore(t *testing.T) {
//		faastest.TestStore(t, func(t *testing.T) faas.Store { return newStore(t.TempDir()) })
//	}
//
// It registers no flags and takes no test library but that of Go.
package faastest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/afterword-go/afterword/faas"
)

// TestStore tests a store in subtests, which run at the same time. Open makes
// an empty store, which is used by one subtest only; it closes the store by
// t.Cleanup if that must be.
//
// What a store keeps when its process ends is for its own tests to show.
func TestStore(t *testing.T, open func(t *testing.T) faas.Store) {
	t.Helper()
	for _, c := range checks() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if err := c.run(t.Context(), open(t)); err != nil {
				t.Error(err)
			}
		})
	}
}

// A check tells what is wrong with an empty store.
type check struct {
	name string
	run  func(context.Context, faas.Store) error
}

func checks() []check {
	return []check{
		{"empty", empty},
		{"keeps what it is given", keeps},
		{"checks revisions", checksRevisions},
		{"shares nothing", sharesNothing},
		{"heeds contexts", heedsContexts},
		{"does as a plain one does", doesAsPlain},
		{"many at once", manyAtOnce},
		{"one wins", oneWins},
		{"carries a runtime", carriesRuntime},
	}
}

func empty(ctx context.Context, store faas.Store) error {
	return errors.Join(holds(ctx, store), store.Delete(ctx, id(1), 1), holds(ctx, store))
}

func keeps(ctx context.Context, store faas.Store) error {
	var kept []faas.Record
	for i, r := range samples() {
		r.ID, r.Revision = id(i), 1
		if err := store.Save(ctx, r); err != nil {
			return fmt.Errorf("save %s: %w", r.Name, err)
		}
		kept = append(kept, r)
	}
	return holds(ctx, store, kept...)
}

func checksRevisions(ctx context.Context, store faas.Store) error {
	one := sample(1)
	var errs []error
	save := func(revision int64, want error) {
		r := one
		r.Revision, r.Description = revision, fmt.Sprint("as of ", revision)
		if err := store.Save(ctx, r); !errors.Is(err, want) {
			errs = append(errs, fmt.Errorf("save revision %d of %d: error %v; want %v", revision, one.Revision, err, want))
		}
		if want == nil {
			one = r
		}
		if one.Revision > 0 {
			errs = append(errs, holds(ctx, store, one))
		}
	}
	remove := func(revision int64, want error) {
		if err := store.Delete(ctx, one.ID, revision); !errors.Is(err, want) {
			errs = append(errs, fmt.Errorf("delete revision %d of %d: error %v; want %v", revision, one.Revision, err, want))
		}
		if want != nil {
			errs = append(errs, holds(ctx, store, one))
		}
	}
	one.Revision = 0
	save(0, faas.ErrConflict)
	save(2, faas.ErrConflict)
	save(-1, faas.ErrConflict)
	save(1, nil)
	for _, revision := range []int64{1, 0, 3, -2} {
		save(revision, faas.ErrConflict)
	}
	save(2, nil)
	for _, revision := range []int64{1, 3, 0} {
		remove(revision, faas.ErrConflict)
	}
	remove(2, nil)
	errs = append(errs, holds(ctx, store))
	remove(2, nil) // it is not there any more
	one.Revision = 0
	save(3, faas.ErrConflict)
	save(1, nil)
	return errors.Join(errs...)
}

func sharesNothing(ctx context.Context, store faas.Store) error {
	given := sample(1)
	if err := store.Save(ctx, given); err != nil {
		return err
	}
	scribble(given)
	if err := holds(ctx, store, sample(1)); err != nil {
		return fmt.Errorf("after a change of what Save was given: %w", err)
	}
	loaded, err := store.Load(ctx)
	if err != nil {
		return err
	}
	for _, r := range loaded {
		scribble(r)
	}
	if err := holds(ctx, store, sample(1)); err != nil {
		return fmt.Errorf("after a change of what Load gave: %w", err)
	}
	return nil
}

// scribble changes what a record points at.
func scribble(r faas.Record) {
	for i := range r.Skills {
		r.Skills[i] = "scribble"
	}
	for i := range r.Deployments {
		r.Deployments[i].Source = "scribble"
	}
}

// heedsContexts finds changes that were made though their error says that
// they were not, or the other way round.
func heedsContexts(ctx context.Context, store faas.Store) error {
	canceled, cancel := context.WithCancel(ctx)
	cancel()
	first := sample(1)
	if err := store.Save(canceled, first); err != nil {
		if err := holds(ctx, store); err != nil {
			return fmt.Errorf("after a save that failed: %w", err)
		}
		if err := store.Save(ctx, first); err != nil {
			return fmt.Errorf("save after a save that failed: %w", err)
		}
	}
	next := first
	next.Revision, next.Source = 2, "another"
	want := []faas.Record{next}
	if store.Save(canceled, next) != nil {
		want[0] = first
	}
	if err := holds(ctx, store, want...); err != nil {
		return fmt.Errorf("after a save with a canceled context: %w", err)
	}
	if store.Delete(canceled, first.ID, want[0].Revision) == nil {
		want = nil
	}
	if err := holds(ctx, store, want...); err != nil {
		return fmt.Errorf("after a deletion with a canceled context: %w", err)
	}
	return nil
}

// holds tells in what the records of a store are not those that are wanted.
func holds(ctx context.Context, store faas.Store, want ...faas.Record) error {
	records, err := store.Load(ctx)
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	have, expected := texts(records), texts(want)
	if slices.Equal(have, expected) {
		return nil
	}
	var differences []string
	for _, text := range expected {
		if !slices.Contains(have, text) {
			differences = append(differences, "misses "+text)
		}
	}
	for _, text := range have {
		if !slices.Contains(expected, text) {
			differences = append(differences, "has "+text)
		}
	}
	if len(differences) == 0 {
		differences = []string{"has a record twice"}
	}
	return fmt.Errorf("the store %.2000s", strings.Join(differences, "\nand "))
}

// texts writes records down, so that equal ones are equal and times do not
// count as different for what they have beside their instant.
func texts(records []faas.Record) []string {
	var all []string
	for _, r := range records {
		r.ConnectedAt, r.CreatedAt, r.UpdatedAt = r.ConnectedAt.UTC(), r.CreatedAt.UTC(), r.UpdatedAt.UTC()
		r.Deployments = slices.Clone(r.Deployments)
		for i, d := range r.Deployments {
			r.Deployments[i].DeployedAt, r.Deployments[i].UndeployedAt = d.DeployedAt.UTC(), d.UndeployedAt.UTC()
		}
		text, err := json.Marshal(r)
		if err != nil {
			text = []byte(err.Error())
		}
		all = append(all, string(text))
	}
	slices.Sort(all)
	return all
}
