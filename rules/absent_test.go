package rules_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

// TestAbsentAgreesWithExplain asks of random rules and payloads what Explain
// tells as well.
func TestAbsentAgreesWithExplain(t *testing.T) {
	t.Parallel()
	n, seed := fromEnv(t, "AFTERWORD_ABSENT", 3_000), fromEnv(t, "AFTERWORD_SEED", 1)
	skipped, pairs := 0, 0
	for batch := 0; pairs < n; batch++ {
		r := random(seed, 11_000+batch)
		cfg := rules.Config{Vars: vars(), Functions: functions()}
		set := newSet(t, cfg, auditable(t, r, cfg, 20))
		for range 5 {
			p := payloads{Rand: r}
			in, err := p.input(p.next())
			require.NoError(t, err)
			for i, trace := range set.Explain(t.Context(), in).Rules {
				pairs++
				if trace.Outcome == rules.SwitchedOff || trace.Outcome == rules.Failed {
					continue
				}
				names := set.Absent(t.Context(), in, i)
				if trace.Outcome != rules.Skipped {
					require.Empty(t, names, trace.Condition.Text)
					continue
				}
				skipped++
				want := slices.Compact(slices.Sorted(slices.Values(trace.Absent)))
				if !strings.Contains(strings.Join(want, ""), "[") { // Explain shows places in lists
					require.Equal(t, want, slices.Compact(slices.Sorted(slices.Values(names))), "AFTERWORD_SEED=%d %s", seed, trace.Condition.Text)
				}
			}
		}
	}
	assert.Positive(t, skipped)
}

func TestAbsentQuotesNothing(t *testing.T) {
	t.Parallel()
	place := rules.Func("place", func(in *Form) int { return int(in.Total) })
	set, err := rules.New(rules.Config{Functions: []rules.Function{place}},
		rules.Rule[Form, string]{Name: "places", When: rules.When[Form]("holes[place()] == 1 and agentName == note", "csatRank > 1 or agentName == note")},
		rules.Rule[Form, string]{Name: "go", When: rules.WhenFunc(func(context.Context, *Form) (bool, error) { return false, nil })},
		rules.Rule[Form, string]{Name: "false", When: rules.When[Form]("csatRank > 1", "consent")},
	)
	require.NoError(t, err)
	in := &Form{Total: 1, Holes: []*int{nil, nil}}
	assert.Equal(t, []string{"holes[1]", "agentName", "csatRank", "agentName"}, set.Explain(t.Context(), in).Rules[0].Absent)
	assert.Equal(t, []string{"holes[place()]", "agentName", "csatRank"}, set.Absent(t.Context(), in, 0))
	for i := 1; i < set.Len(); i++ {
		assert.Empty(t, set.Absent(t.Context(), in, i), i)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	assert.Empty(t, set.Absent(ended, in, 0))
	assert.Empty(t, set.Absent(t.Context(), nil, 0))
}

// TestAbsentOfMany asks of more conditions than are kept, from many goroutines.
func TestAbsentOfMany(t *testing.T) {
	t.Parallel()
	var list []rules.Rule[Form, string]
	for i := range 1100 {
		list = append(list, rules.Rule[Form, string]{Name: fmt.Sprint("r", i), When: rules.When[Form](fmt.Sprintf("csatRank == %d or agentName == note", i))})
	}
	set, err := rules.New(rules.Config{}, list...)
	require.NoError(t, err)
	none, one := &Form{}, &Form{CSATRank: new(int)}
	*one.CSATRank = -1
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for i := range set.Len() {
				assert.Equal(t, []string{"csatRank", "agentName"}, set.Absent(t.Context(), none, i))
				assert.Equal(t, []string{"agentName"}, set.Absent(t.Context(), one, i))
			}
		})
	}
	all.Wait()
}
