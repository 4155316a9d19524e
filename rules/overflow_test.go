package rules_test

import (
	"math"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

// TestListsOfLargeNumbersMayFail has a condition written in another order, which
// fails where the first one fires: a number of the list is too large for rules.
func TestListsOfLargeNumbersMayFail(t *testing.T) {
	t.Parallel()
	type input struct {
		N int      `json:"n"`
		M []uint64 `json:"m"`
	}
	set := func(when string) *rules.Set[input, string] {
		s, err := rules.New(rules.Config{}, rules.Rule[input, string]{Name: "large", When: rules.When[input](when)})
		require.NoError(t, err)
		return s
	}
	first, second := set("n > 1 and (n > 0 or any(m, # == 3))"), set("n > 1 and (any(m, # == 3) or n > 0)")
	in := &input{N: 2, M: []uint64{math.MaxUint64}}
	_, fires, err := first.First(t.Context(), in)
	require.NoError(t, err)
	require.True(t, fires)
	_, fires, err = second.First(t.Context(), in)
	require.Error(t, err)
	require.False(t, fires)
	changes := rules.Compare(t.Context(), first, second, rules.Tester[input, string]{}).Changes
	require.Len(t, changes, 1)
	assert.True(t, changes[0].Effect.MayFail)
}

// TestMutateLeavesTheSetAlone has a set decide while its mutants are made.
func TestMutateLeavesTheSetAlone(t *testing.T) {
	t.Parallel()
	type input struct {
		N    int    `json:"n"`
		Name string `json:"name,omitempty"`
	}
	type then struct {
		Text rules.Text `json:"text"`
	}
	set, err := rules.Parse[input, then](rules.Config{}, "a.rules.yaml", []byte(`version: 1
event: any
rules:
  - {name: a, when: n > 3, then: {text: "for ${name}"}}
  - {name: b, when: n > 5, then: {text: "to ${name}"}}
tests:
  - {name: four, given: {n: 4, name: x}, expect: {fired: [a]}}
`))
	require.NoError(t, err)
	var all sync.WaitGroup
	all.Go(func() {
		for range 200 {
			assert.NoError(t, set.Each(t.Context(), &input{6, "Ann"}, func(m rules.Match[input, then]) error {
				_, err := m.Render(m.Then().Text)
				return err
			}))
		}
	})
	for range 5 {
		_, err := set.Mutate(t.Context(), rules.Tester[input, then]{}, rules.MutateOptions{})
		require.NoError(t, err)
	}
	all.Wait()
	assert.True(t, rules.OwnsRules(set))
}
