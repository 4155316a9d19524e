package faas_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// A storm is many goroutines that do to the functions of a runtime whatever can
// be done to them, while others invoke them.
type storm struct {
	*testing.T
	rt       *faas.Runtime
	made     atomic.Int64
	deployed atomic.Int64
	answered atomic.Int64
}

// Through all of it, no limit is crossed at any instant, results come in the
// order of connection, each from the function that it names, and nothing is
// left behind.
func TestStorm(t *testing.T) {
	t.Parallel()
	store := &frail{}
	s := &storm{T: t, rt: laboratory(t, faas.Config{Store: store})}
	var workers, watchers sync.WaitGroup
	over := make(chan struct{})
	for seed := range 3 {
		watchers.Go(func() {
			for {
				select {
				case <-over:
					return
				default:
					s.watch(rand.New(rand.NewPCG(1, uint64(seed))))
				}
			}
		})
	}
	for seed := range 16 {
		workers.Go(func() {
			r := rand.New(rand.NewPCG(2, uint64(seed)))
			for range 150 {
				s.change(r)
			}
		})
	}
	workers.Wait()
	close(over)
	watchers.Wait()
	assert.Positive(t, s.answered.Load())
	assert.Greater(t, s.deployed.Load(), int64(100))

	// What the storm has left is what a restart brings back.
	left := s.rt.Functions(faas.Filter{})
	again := laboratory(t, faas.Config{Store: store})
	assert.True(t, assert.ObjectsAreEqual(left, again.Functions(faas.Filter{})))
	for _, event := range []string{"single", "tenfold", "skilled"} {
		for _, opts := range [][]faas.CallOption{nil, {faas.ForSkill("1")}} {
			assert.Equal(t, answers(t, s.rt, event, opts...), answers(t, again, event, opts...))
		}
	}
	for _, r := range left {
		if _, serving := r.Serving(); serving {
			_, err := s.rt.Undeploy(t.Context(), r.ID)
			require.NoError(t, err)
		}
		require.NoError(t, s.rt.Delete(t.Context(), r.ID))
	}
	assert.Empty(t, store.snapshot())
	assert.Zero(t, s.rt.Abandoned())
}

// pick gives some function, if there is any.
func (s *storm) pick(r *rand.Rand) (faas.Record, bool) {
	all := s.rt.Functions(faas.Filter{})
	if len(all) == 0 {
		return faas.Record{}, false
	}
	return all[r.IntN(len(all))], true
}

// change does one thing to one function.
func (s *storm) change(r *rand.Rand) {
	ctx := context.Background()
	f, ok := s.pick(r)
	if !ok || r.IntN(6) == 0 {
		s.create(ctx, r)
		return
	}
	var err error
	switch r.IntN(8) {
	case 0, 1, 2:
		if _, err = s.rt.Deploy(ctx, f.ID); err == nil {
			s.deployed.Add(1)
		}
	case 3:
		_, err = s.rt.Undeploy(ctx, f.ID)
	case 4:
		_, err = s.rt.Update(ctx, f.ID, faas.Edit{Source: to(tag(f.Name) + fmt.Sprint(" ", r.IntN(9)))})
	case 5:
		_, err = s.rt.Update(ctx, f.ID, faas.Edit{Name: to(tag(f.Name) + fmt.Sprint("_", r.IntN(9))), Skills: someSkills(r, f.Event)})
	case 6:
		if len(f.Deployments) > 0 {
			_, err = s.rt.Rollback(ctx, f.ID, f.Deployments[r.IntN(len(f.Deployments))].ID)
		}
	default:
		err = s.rt.Delete(ctx, f.ID)
	}
	if err != nil {
		assert.Contains(s, []faas.Code{
			faas.CodeUnknownFunction, faas.CodeLimit, faas.CodeConflict, faas.CodeNotDeployed, faas.CodeDeployed, faas.CodeUnchanged, faas.CodeInvalid,
		}, err.(*faas.Error).Code, "%v", err)
	}
}

func (s *storm) create(ctx context.Context, r *rand.Rand) {
	name := fmt.Sprint("f", s.made.Add(1))
	event := []string{"single", "tenfold", "tenfold", "skilled"}[r.IntN(4)]
	d := faas.Draft{Name: name, Event: event, Source: name + " 0"}
	if skills := someSkills(r, event); skills != nil {
		d.Skills = *skills
	}
	_, err := s.rt.Create(ctx, d)
	assert.NoError(s, err)
}

// someSkills are up to two of four.
func someSkills(r *rand.Rand, event string) *[]string {
	if event != "skilled" {
		return nil
	}
	skills := []string{"1", "2", "3", "4"}
	r.Shuffle(4, func(i, j int) { skills[i], skills[j] = skills[j], skills[i] })
	return to(skills[:r.IntN(3)])
}

// tag is the part of a name that stays.
func tag(name string) string {
	tag, _, _ := strings.Cut(name, "_")
	return tag
}

// watch looks at the functions and invokes those of an event.
func (s *storm) watch(r *rand.Rand) {
	event := []string{"single", "tenfold", "skilled"}[r.IntN(3)]
	before := s.look()
	results, err := s.rt.Invoke(context.Background(), event, events.Envelope{}, faas.ForSkill(fmt.Sprint(1+r.IntN(4))))
	after := s.look()
	if err != nil {
		assert.Equal(s, faas.CodeNotImplemented, err.(*faas.Error).Code)
		return
	}
	s.answered.Add(1)
	limit := map[string]int{"single": 1, "tenfold": 10, "skilled": 1}[event]
	assert.LessOrEqual(s, len(results), limit)
	var last faas.Record
	for _, result := range results {
		assert.Equal(s, tag(result.Function), strings.Fields(strings.Trim(string(result.Value), `"`))[0])
		f, known := after[result.ID]
		if !known || f.ConnectedAt.IsZero() || !f.ConnectedAt.Equal(before[result.ID].ConnectedAt) {
			continue // it came or went meanwhile, or both
		}
		assert.True(s, last.ID == "" || last.ConnectedAt.Before(f.ConnectedAt), "%s before %s", last.Name, f.Name)
		last = f
	}
}

// look takes all functions at an instant, and counts those that serve.
func (s *storm) look() map[string]faas.Record {
	serving, skills, names, all := map[string]int{}, map[string]int{}, map[string]bool{}, map[string]faas.Record{}
	for _, f := range s.rt.Functions(faas.Filter{}) {
		all[f.ID] = f
		assert.False(s, names[f.Name], "two have the name %s", f.Name)
		names[f.Name] = true
		if _, ok := f.Serving(); !ok {
			assert.NotContains(s, []faas.State{faas.StateProductive, faas.StateModified}, f.State)
			continue
		}
		assert.NotContains(s, []faas.State{faas.StateDraft, faas.StateMarkedUndeployed}, f.State)
		serving[f.Event]++
		if f.Event != "skilled" {
			continue
		}
		for _, skill := range slices.Concat(f.Skills, allSkills(f)) {
			skills[skill]++
		}
	}
	assert.LessOrEqual(s, serving["single"], 1)
	assert.LessOrEqual(s, serving["tenfold"], 10)
	for skill, n := range skills {
		assert.LessOrEqual(s, n, 1, "skill %s", skill)
	}
	return all
}

// allSkills are those of a function without any.
func allSkills(f faas.Record) []string {
	if len(f.Skills) > 0 {
		return nil
	}
	return []string{"1", "2", "3", "4"}
}
