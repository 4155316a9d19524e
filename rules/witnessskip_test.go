package rules_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

// TestWitnessSkips wants a payload for each read whose absence skips a rule, of
// elements of lists as well, and otherwise why there is none.
func TestWitnessSkips(t *testing.T) {
	t.Parallel()
	ofElement := []string{`without [questionWithAnswers[0].answer] {"plan":"basic","questionWithAnswers":[{}]}`}
	for condition, want := range map[string][]string{
		`any(questionWithAnswers, .answer == "x")`:                      ofElement,
		`all(questionWithAnswers, .answer == "x")`:                      ofElement,
		`none(questionWithAnswers, .answer == "x")`:                     ofElement,
		`one(questionWithAnswers, .answer == "x")`:                      ofElement,
		`count(questionWithAnswers, .answer == "x") == 1`:               ofElement,
		`len(filter(questionWithAnswers, .answer == "x")) == 0`:         ofElement,
		`any(questionWithAnswers, .question == "q" and .answer == "a")`: {`without [questionWithAnswers[0].answer] {"plan":"basic","questionWithAnswers":[{"question":"q"}]}`},
		`true`:                {"no skips: nothing that it reads can be absent"},
		`csatRank == nil`:     {"no skips: it is true or false whatever is absent"},
		`(csatRank ?? 3) > 2`: {"no skips: it is true or false whatever is absent"},
	} {
		t.Run(condition, func(t *testing.T) {
			t.Parallel()
			set, err := rules.New(rules.Config{Functions: pollFunctions()},
				rules.Rule[Poll, rules.Text]{Name: "a", When: rules.When[Poll](condition), Then: "x"})
			require.NoError(t, err)
			w, ok := set.Witness(t.Context(), "a", rules.Tester[Poll, rules.Text]{})
			require.True(t, ok)
			require.Equal(t, rules.CanFire, w.Proof)
			var got []string
			for _, line := range witnessed(w) {
				if strings.HasPrefix(line, "without") || strings.HasPrefix(line, "no skips") {
					got = append(got, line)
				}
			}
			assert.Equal(t, want, got)
		})
	}
}
