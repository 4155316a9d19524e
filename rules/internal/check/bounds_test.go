package check_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules/internal/check"
	"github.com/afterword-go/afterword/rules/internal/syntax"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// TestManyProblems wants an end to what is said of one expression.
func TestManyProblems(t *testing.T) {
	env := &check.Env{Input: tree.TypeOf(reflect.TypeFor[survey]())}
	expr, problems := syntax.Parse(strings.Repeat("zz or ", 500) + "zz")
	require.Empty(t, problems)
	_, problems = check.Condition(expr, env)
	require.Len(t, problems, syntax.MaxProblems+1)
	for i, p := range problems[:syntax.MaxProblems] {
		require.Equal(t, syntax.Problem{At: 6 * i, Message: "unknown name zz; there are csatRank, skillName, idle"}, p)
	}
	assert.Equal(t, syntax.Problem{At: 600, Message: "there are more problems: only the first 100 are listed"}, problems[syntax.MaxProblems])
}

// TestManyMisfits does the same for what is left out of the language.
func TestManyMisfits(t *testing.T) {
	for _, text := range []string{strings.Repeat("a; ", 500), strings.Repeat(")", 500), strings.Repeat("csatRank is ", 500)} {
		_, problems := syntax.Parse(text)
		assert.Len(t, problems, syntax.MaxProblems)
	}
}
