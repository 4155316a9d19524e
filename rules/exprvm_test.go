package rules_test

import (
	"fmt"
	"testing"

	"github.com/expr-lang/expr"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// environment is a payload as expr's own machine reads it.
func environment(payload map[string]any) map[string]any {
	env := ints(payload).(map[string]any)
	env["vars"] = vars()
	env["ieq"] = ieq
	env["alike"] = func(a, b any) bool { return alike(toFloat(generic(a)), toFloat(generic(b))) }
	return env
}

// ints turns the reference's whole numbers into those of Go and expr.
func ints(v any) any {
	switch v := v.(type) {
	case int64:
		return int(v)
	case []any:
		items := make([]any, 0, len(v))
		for _, item := range v {
			items = append(items, ints(item))
		}
		return items
	case map[string]any:
		fields := map[string]any{}
		for name, item := range v {
			fields[name] = ints(item)
		}
		return fields
	}
	return v
}

// runExpr decides a condition with expr's compiler and machine alone.
func runExpr(text string, payload map[string]any) (string, error) {
	env := environment(payload)
	program, err := expr.Compile(text, expr.Env(env))
	if err != nil {
		return "", err
	}
	v, err := expr.Run(program, env)
	return fmt.Sprint(v), err
}

// TestAgreesWithExpr holds the library to expr's own machine, where both mean
// the same: everything is present, and nothing overflows, divides by zero,
// lies out of range or reads a number from a text. It makes AFTERWORD_EXPR pairs.
func TestAgreesWithExpr(t *testing.T) {
	n, seed := fromEnv(t, "AFTERWORD_EXPR", 10_000), fromEnv(t, "AFTERWORD_SEED", 1)
	t.Logf("AFTERWORD_SEED=%d, %d pairs", seed, n)
	var refused []string
	made, truths, failures := 0, map[string]int{}, 0
	for batch := 0; batch*rulesInSet*payloadsForRules < n; batch++ {
		random := random(seed, -1-batch)
		texts := make([]string, rulesInSet)
		for i := range texts {
			texts[i] = (&expressions{Rand: random, plain: true}).condition()
		}
		made += len(texts)
		kept, set, out := accepted(texts)
		refused = append(refused, out...)
		require.NotNil(t, set, "%q", out)
		for range payloadsForRules {
			p := payloads{Rand: random, full: true}
			payload := p.next()
			in, err := p.input(payload)
			require.NoError(t, err)
			decisions, err := decide(set, in)
			require.NoError(t, err)
			for i, d := range decisions {
				want, err := runExpr(kept[i], payload)
				if got := result(d.trace.Outcome); err != nil || got != want || d.fired != (got == "true") {
					failures++
					t.Errorf("expr: %s %v, rules: %s %v\n%s\n\tfor %v", want, err, got, d.err, kept[i], read(kept[i], payload))
				}
				truths[want]++
			}
		}
		require.Less(t, failures, 20, "too many to go on")
	}
	t.Logf("%d refused of %d; %v", len(refused), made, truths)
	assert.LessOrEqual(t, len(refused)*50, made, "of the generated conditions, at most 2%% may be refused: %q", refused)
	assert.Greater(t, min(truths["true"], truths["false"]), n/10, "both truths, often")
}
