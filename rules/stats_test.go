package rules_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

func TestStats(t *testing.T) {
	set, err := rules.New(formConfig(),
		rules.Rule[Form, string]{Name: "a", When: rules.When[Form](`csatRank <= 3 and skillName matches "(?i)care"`, `note matches "^(ab|cd)$"`)},
		rules.Rule[Form, string]{Name: "b", When: rules.When[Form](`any(tags, # matches "[0-9]+ calls")`)},
		rules.Rule[Form, string]{Name: "c", When: rules.WhenFunc(func(context.Context, *Form) (bool, error) { return true, nil })},
		rules.Rule[Form, string]{Name: "d", When: rules.When[Form]("true"), Mode: rules.Off},
		rules.Rule[Form, string]{Name: "e", When: rules.When[Form]("consent"), Mode: rules.Shadow},
	)
	require.NoError(t, err)
	assert.Equal(t, rules.Stats{Rules: []rules.RuleStats{
		{Name: "a", How: "direct", Patterns: []rules.PatternStats{{"(?i)care", "search in any case"}, {"^(ab|cd)$", "whole text"}}},
		{Name: "b", How: "program", Patterns: []rules.PatternStats{{"[0-9]+ calls", "regular expression behind search"}}},
		{Name: "c", How: "Go function"},
		{Name: "d", How: "off"},
		{Name: "e", How: "program"},
	}}, set.Stats())
}

// A text that is longer than the direct form takes is decided by the program,
// with its bounds, and the other way round for the next input.
func TestLongTextsLeaveTheDirectForm(t *testing.T) {
	set := formSet(t, `note matches "^[a-z ]{1,200}x|lorem (ipsum|dolor)"`, `note contains "lorem" and csatRank == 2`)
	for range 2 {
		fired := 0
		for _, err := range set.Matches(t.Context(), longForm()) {
			if err == nil {
				fired++
				continue
			}
			assert.ErrorContains(t, err, "takes more than")
		}
		assert.Equal(t, 1, fired)
		_, found, err := set.First(t.Context(), fullForm())
		assert.False(t, found)
		assert.NoError(t, err)
	}
}
