package rules_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

// A measure has numbers of which 0 is absent, as encoding/json has it: −0 too.
type measure struct {
	Wide   float64 `json:"wide,omitempty"`
	Narrow float32 `json:"narrow,omitzero"`
	There  float64 `json:"there"`
}

func TestMinusZeroIsZero(t *testing.T) {
	in := &measure{}
	require.NoError(t, json.Unmarshal([]byte(`{"wide": -0, "narrow": -0.0, "there": -0}`), in))
	for _, condition := range []string{"wide >= 0", "wide <= 0 and wide >= 0", "narrow <= 0", "float(wide) == 0.0", "wide + 0 == 0", "string(narrow) != ''"} {
		set, err := rules.New(rules.Config{}, rules.Rule[measure, string]{Name: "a", When: rules.When[measure](condition)})
		require.NoError(t, err, condition)
		trace := set.Explain(t.Context(), in)
		assert.Equal(t, rules.Skipped, trace.Rules[0].Outcome, condition)
		audit := set.Auditor().Audit(t.Context(), in, func(rules.Match[measure, string]) error { return nil })
		assert.Equal(t, rules.Skipped, audit[0].Outcome, condition)
		_, fires, err := set.First(t.Context(), in)
		require.NoError(t, err)
		assert.False(t, fires, condition)
	}
	set, err := rules.New(rules.Config{},
		rules.Rule[measure, string]{Name: "absent", When: rules.When[measure]("wide == nil and narrow == nil")},
		rules.Rule[measure, string]{Name: "there", When: rules.When[measure]("there == 0")})
	require.NoError(t, err)
	var fired []string
	for m, err := range set.Matches(t.Context(), in) {
		require.NoError(t, err)
		fired = append(fired, m.Name())
	}
	assert.Equal(t, []string{"absent", "there"}, fired)
}
