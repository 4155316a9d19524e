package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules/rulestest"
)

func TestReturns(t *testing.T) {
	set, err := loadReturns()
	require.NoError(t, err)
	rulestest.Run(t, set, returnsTester())
}

// TestReturnsAreSound holds the file to what one may ask of rules: nothing in
// it is probably not meant, and its tests reach all of it.
func TestReturnsAreSound(t *testing.T) {
	set, err := loadReturns()
	require.NoError(t, err)
	assert.Empty(t, set.Lint(t.Context(), returnsTester()))
	coverage := set.Coverage(t.Context(), returnsTester())
	assert.Equal(t, 100, coverage.Percent(), coverage.Rules)
}
