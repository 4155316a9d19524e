package engines_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/bench/rules/internal/engines"
	"github.com/afterword-go/afterword/bench/rules/internal/workload"
)

// TestEnginesAgree holds every engine against the plain decision, for the
// events of the sets and for hostile ones.
func TestEnginesAgree(t *testing.T) {
	t.Parallel()
	equalities := append(engines.EqualitiesByHand(), engines.All()...)
	patterns := append(engines.ReferenceByHand(), engines.All()...)
	for _, c := range []struct {
		set     *workload.Set
		engines []engines.Engine
	}{
		{workload.Reference(), patterns},
		{workload.Equalities(), equalities},
		{workload.EqualitySet(30), append(engines.All(), engines.Map())},
		{workload.PatternSet(30), engines.All()},
		{workload.MixedSet(60), engines.All()},
		{workload.SumSet(30), engines.All()},
	} {
		hostile := c.set.With(workload.Hostile(c.set, 128, false))
		absent := c.set.With(workload.Hostile(c.set, 128, true))
		absent.Absent = true
		for _, set := range []*workload.Set{c.set, hostile, absent} {
			want := make([]uint64, min(len(set.Events), 128))
			for i := range want {
				want[i] = set.Marks(i)
			}
			require.NotZero(t, sum(want), "no rule ever fires: %s", set.Name)
			for _, e := range c.engines {
				run, err := e.Build(set)
				require.NoError(t, err, "%s: %s", set.Name, e.Name)
				for i := range want {
					require.Equal(t, want[i], run(i, 1), "%s: %s: %+v", set.Name, e.Name, set.Events[i])
				}
				assert.Equal(t, sum(want), run(0, len(want)), "%s: %s: all at once", set.Name, e.Name)
				assert.Equal(t, want[0], run(len(set.Events), 1), "%s: %s: it begins anew behind the last event", set.Name, e.Name)
			}
		}
	}
}

func sum(all []uint64) (sum uint64) {
	for _, n := range all {
		sum += n
	}
	return sum
}

func TestEnginesRefuseWhatTheyAreNotFor(t *testing.T) {
	t.Parallel()
	_, err := engines.Map().Build(workload.PatternSet(2))
	require.EqualError(t, err, "rule rule-00000 is not of the shape that a map can decide")
	_, err = engines.ReferenceByHand()[0].Build(workload.PatternSet(2))
	require.EqualError(t, err, "Go, fold search, literals: made for one rule, not for 2")
}
