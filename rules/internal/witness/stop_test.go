package witness_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/afterword-go/afterword/rules/internal/witness"
)

// hostile are conditions for which there is much to try.
func hostile() []string {
	return []string{
		strings.Repeat("trim(", 60) + "skill" + strings.Repeat(")", 60) + ` == "x" and hash(skill) == 123457`,
		strings.Repeat("(size + level) * ", 30) + `size == 7`,
		strings.Repeat("skill + agent + ", 30) + `skill == "abcdefg" and hash(skill) == 123457`,
		`skill matches "^(a|ab){80}\\bc$" and hash(skill) == 123457`,
		`skill matches "(a?){50}(b?){50}$" and len(skill) > 19000 and hash(skill) == 123457`,
		`any(asked, any(filter(map(.words, # + "x"), # > "a"), hash(#) == 123457))`,
		strings.Repeat("(", 20) + "rank == 1" + strings.Repeat(" and on)", 20) + ` and hash(answer(string(hash(answer(answer(skill)))))) == 123457`,
	}
}

// TestSolveIsBounded wants searches to end by themselves.
func TestSolveIsBounded(t *testing.T) {
	t.Parallel()
	for _, condition := range hostile() {
		p := problem(t, condition, true)
		p.Steps = 50_000
		assert.NotPanics(t, func() { witness.Solve(t.Context(), p) }, condition)
	}
}

// TestSolveStopsAtOnce wants a search to end when its context does, wherever it
// is.
func TestSolveStopsAtOnce(t *testing.T) {
	t.Parallel()
	for _, condition := range hostile() {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		p := problem(t, condition, true)
		p.Steps = 1 << 40
		begun := time.Now()
		witness.Solve(ctx, p)
		assert.Less(t, time.Since(begun), 10*time.Second, condition)
		cancel()
	}
}

// TestSolveStops wants a search to end with its context and with its steps.
func TestSolveStops(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.Nil(t, witness.Solve(ctx, problem(t, `hash(skill) == 123457`, true)))
	p := problem(t, `hash(skill) == 123457`, true)
	p.Steps = 1000
	decoded := 0
	decode := p.Decode
	p.Decode = func(payload []byte) (any, error) { decoded++; return decode(payload) }
	assert.Nil(t, witness.Solve(t.Context(), p))
	assert.Less(t, decoded, 100)
}

// TestSolveWithinItsBounds wants lists and texts up to a length, and none
// beyond.
func TestSolveWithinItsBounds(t *testing.T) {
	t.Parallel()
	for condition, found := range map[string]bool{
		"len(marks) == 60":             true,
		"len(marks) == 61":             false,
		"count(tags, # > \"b\") == 60": true,
		"marks[59] == 3":               true,
		"marks[60] == 3":               false,
		"len(agent) == 20000":          true,
		"len(agent) == 20001":          false,
	} {
		p := problem(t, condition, true)
		p.Steps = 200_000
		assert.Equal(t, found, witness.Solve(t.Context(), p) != nil, condition)
	}
}
