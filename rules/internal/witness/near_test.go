package witness_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules/internal/witness"
)

// TestSolveNear wants the least change of a payload that was found before.
func TestSolveNear(t *testing.T) {
	t.Parallel()
	from := witness.Solve(t.Context(), problem(t, `rank <= 3 and answer("A") == "x"`, true))
	require.NotNil(t, from)
	for condition, want := range map[string]string{
		`rank > 3 and answer("A") == "x"`:             `{"rank":4,` + rest + `,"asked":[{"question":"A","answer":"x"}]}`,
		`rank <= 3 and answer("A") == "y"`:            `{"rank":1,` + rest + `,"asked":[{"question":"A","answer":"y"}]}`,
		`rank <= 3`:                                   string(from.JSON),
		`rank == 4 and answer("A") == "x" and on`:     `{"rank":4,` + rest + `,"on":true,"asked":[{"question":"A","answer":"x"}]}`,
		`rank == nil`:                                 `{` + rest + `,"asked":[{"question":"A","answer":"x"}]}`,
		`rank == 1 and answer("A") == nil and size>3`: `{"rank":1,` + rest + `,"size":4}`,
		`plan == "gold" and level > 4`:                `{"rank":1,"plan":"gold","level":5,"grade":10,"asked":[{"question":"A","answer":"x"}]}`,
	} {
		p := problem(t, condition, true)
		p.From = from
		found := witness.Solve(t.Context(), p)
		require.NotNil(t, found, condition)
		got, expected := fields(t, string(found.JSON)), fields(t, want)
		assert.Equal(t, expected, got, condition)
	}
}

// TestSolveNearLists takes elements away, and puts some in between.
func TestSolveNearLists(t *testing.T) {
	t.Parallel()
	from := witness.Solve(t.Context(), problem(t, `len(marks) == 5 and sum(marks) == 30`, true))
	require.NotNil(t, from)
	for _, condition := range []string{"len(marks) == 2", "sum(marks) == 11", "len(marks) < 3 and sum(marks) > 4", "marks[3] == nil", "one(marks, # > 0)"} {
		p := problem(t, condition, true)
		p.From = from
		found := witness.Solve(t.Context(), p)
		require.NotNil(t, found, condition)
		assert.NotEqual(t, from.JSON, found.JSON)
	}
}

// rest is what every payload of a form must hold.
const rest = `"plan":"basic","level":3,"grade":10`

func fields(t testing.TB, text string) map[string]any {
	t.Helper()
	var out map[string]any
	require.NoError(t, json.Unmarshal([]byte(text), &out))
	return out
}
