package rules_test

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

// TestFunctionsMayKeepWhatTheyGet keeps every text that functions get, through
// decisions that make others in its place.
func TestFunctionsMayKeepWhatTheyGet(t *testing.T) {
	var kept, said []string
	keep := func(text string) bool {
		kept, said = append(kept, text), append(said, strings.Clone(text))
		return false
	}
	cfg := rules.Config{Functions: []rules.Function{
		rules.Func("keep", keep),
		rules.Func("both", func(a, b string) bool { return keep(a) || keep(b) }),
		rules.Func("each", func(list []string) bool { return slices.ContainsFunc(list, keep) }),
		rules.Func("same", func(text string) string { keep(text); return text }),
	}}
	set, err := rules.New(cfg, slices.Collect(func(yield func(rules.Rule[Chat, string]) bool) {
		for i, condition := range []string{
			`keep(lower(agentName))`, `both(upper(agentName) + "!", string(csatRank * 1000))`, `each(map(questions, lower(.answer)))`,
			`any(questions, keep(lower(.answer) + "?"))`, `keep(join(map(questions, upper(.answer)), "/"))`, `lower(same(upper(agentName)) + "x") == same("y" + agentName)`,
		} {
			if !yield(rules.Rule[Chat, string]{Name: fmt.Sprint("r", i), When: rules.When[Chat](condition)}) {
				return
			}
		}
	})...)
	require.NoError(t, err)
	for i := range 200 {
		in := chat()
		in.AgentName = fmt.Sprint("Agent Nr. ", i)
		for range set.Matches(t.Context(), in) {
			t.Error("no rule fires")
		}
	}
	assert.Len(t, said, 200*(1+2+3+3+1+2))
	assert.Equal(t, said, kept)
	assert.Contains(t, said, "agent nr. 7")
	assert.Contains(t, said, "BY PHONE/MONDAY/IT CAME LATE")
}

// TestListsThatCannotBePaid wants an error before there is a list of millions.
func TestListsThatCannotBePaid(t *testing.T) {
	type marks struct {
		Xs []int `json:"xs"`
	}
	set, err := rules.New(rules.Config{Functions: []rules.Function{rules.Func("takes", func([]int) bool { return true })}},
		rules.Rule[marks, string]{Name: "map", When: rules.When[marks]("len(map(xs, # + 1)) > 0")},
		rules.Rule[marks, string]{Name: "call", When: rules.When[marks]("takes(xs)")})
	require.NoError(t, err)
	in := &marks{Xs: make([]int, 3_000_000)}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	failed := 0
	for _, err := range set.Matches(t.Context(), in) {
		require.ErrorContains(t, err, "takes more than 1000000 steps")
		failed++
	}
	runtime.ReadMemStats(&after)
	assert.Equal(t, 2, failed)
	assert.Less(t, (after.TotalAlloc-before.TotalAlloc)>>20, uint64(5))
}
