package rules_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

// unmarshal decodes as a Tester without Decode does.
func unmarshal[In any](payload []byte) (*In, error) {
	in := new(In)
	return in, json.Unmarshal(payload, in)
}

// A solved counts what became of searches.
type solved struct{ found, none, open int }

func (s solved) String() string {
	return fmt.Sprintf("%d found, %d impossible, %d open", s.found, s.none, s.open)
}

// share is how many of the possible ones were found, of a hundred.
func (s solved) share() int { return 100 * s.found / max(s.found+s.open, 1) }

// TestSeekOfRandomConditions looks for inputs for random conditions, of all
// that the language has.
func TestSeekOfRandomConditions(t *testing.T) {
	t.Parallel()
	for _, fires := range []bool{true, false} {
		var all solved
		for batch := range 8 / min(patience, 4) {
			random := random(77, batch)
			texts := make([]string, rulesInSet)
			for i := range texts {
				texts[i] = (&expressions{Rand: random}).condition()
			}
			kept, set, _ := accepted(texts)
			if set == nil {
				continue
			}
			for i, text := range kept {
				name := fmt.Sprint(i)
				found, none := rules.Seek(t.Context(), set, unmarshal[In], map[string]bool{name: fires})
				switch {
				case none:
					all.none++
				case found == nil:
					all.open++
				default:
					all.found++
					in, err := unmarshal[In](found)
					require.NoError(t, err)
					trace := set.Explain(t.Context(), in).Rules[i]
					assert.Equal(t, fires, trace.Outcome == rules.Fired, "%s\n%s", text, found)
				}
			}
		}
		t.Logf("fires %t: %s, %d%%", fires, all, all.share())
		if patience == 1 { // otherwise too few to count
			assert.GreaterOrEqual(t, all.share(), 90)
		}
	}
}

// TestSeekAgreesWithEveryInput tries all inputs of a tiny type beside it.
func TestSeekAgreesWithEveryInput(t *testing.T) {
	t.Parallel()
	inputs := tinies()
	g := tinyGen{rand.New(rand.NewPCG(5, 6))}
	var all solved
	for range 300 / patience {
		condition := g.condition(g.IntN(4))
		set, err := tinyOf(rules.Collect, tinyRule("a", condition, "a"))
		if err != nil {
			continue // the checker refuses it
		}
		found, none := rules.Seek(t.Context(), set, unmarshal[Tiny], map[string]bool{"a": true})
		fired := tried(t, condition, inputs).yes
		switch {
		case none:
			all.none++
			assert.Zero(t, fired, condition)
		case found != nil:
			all.found++
			in, err := unmarshal[Tiny](found)
			require.NoError(t, err)
			_, fires, _ := set.First(t.Context(), in)
			assert.True(t, fires, "%s\n%s", condition, found)
		case fired > 0:
			all.open++
		}
	}
	t.Logf("%s, %d%%", all, all.share())
	assert.GreaterOrEqual(t, all.share(), 97)
}
