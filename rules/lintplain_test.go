package rules_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

func TestLintFindsStringsThatAreNoTexts(t *testing.T) {
	set, err := rules.New(rules.Config{}, rules.Rule[Form, string]{Name: "a", When: rules.When[Form]("csatRank == 1"), Then: "call ${skillName}"})
	require.NoError(t, err)
	found := set.Lint(t.Context(), rules.Tester[Form, string]{})
	require.Len(t, found, 1)
	assert.Equal(t, `rule "a": the outcome holds ${…}, which stays as it is there: write out what is meant, or make it a rules.Text in Go (not-inserted)`, found[0].String())
}
