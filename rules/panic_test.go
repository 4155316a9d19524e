package rules_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

// panickingSet is a set whose rules panic with what the input says.
func panickingSet(t *testing.T) *rules.Set[Form, rules.Text] {
	t.Helper()
	cfg := formConfig()
	cfg.Functions = append(cfg.Functions, rules.Func("boom", func(in *Form) bool { panic("secret " + in.SkillName) }))
	set, err := rules.New(cfg, goRule("go", func(_ context.Context, in *Form) (bool, error) { panic("secret " + in.SkillName) }),
		exprRule("function", "boom()"), exprRule("error", `broken(note) == ""`))
	require.NoError(t, err)
	return set
}

func failuresOf(t *testing.T, set *rules.Set[Form, rules.Text], in *Form) map[string]*rules.RuleError {
	t.Helper()
	failed := map[string]*rules.RuleError{}
	for _, err := range set.Matches(t.Context(), in) {
		var of *rules.RuleError
		require.ErrorAs(t, err, &of)
		failed[of.Rule] = of
	}
	return failed
}

func TestAPanicIsToldToThoseWhoAskForIt(t *testing.T) {
	failed := failuresOf(t, panickingSet(t), &Form{SkillName: "Care"})
	for _, name := range []string{"go", "function"} {
		said, stack := failed[name].Panic()
		assert.Equal(t, "secret Care", said)
		assert.Contains(t, string(stack), "panic_test.go:")
		stack[0]++
		_, again := failed[name].Panic()
		assert.NotEqual(t, stack, again, "the stack is the caller's")
	}
	said, stack := failed["error"].Panic()
	assert.Empty(t, said)
	assert.Empty(t, stack)
}

func TestAPanicIsInNoLog(t *testing.T) {
	set := panickingSet(t)
	audits := set.Auditor().Audit(t.Context(), &Form{SkillName: "Care"}, func(rules.Match[Form, rules.Text]) error { return nil })
	errs := failuresOf(t, set, &Form{SkillName: "Care"})
	var log bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewJSONHandler(&log, nil), slog.NewTextHandler(&log, nil)} {
		slog.New(handler).Error("failed", "audits", audits, "errors", errs)
	}
	encoded, err := json.Marshal(errs)
	require.NoError(t, err)
	log.Write(encoded)
	for _, of := range errs {
		for _, verb := range []string{"%v", "%+v", "%#v"} {
			fmt.Fprintf(&log, verb+verb+verb, of, *of, of.Err)
		}
	}
	assert.Contains(t, log.String(), "panicked")
	assert.NotContains(t, log.String(), "secret")
	assert.NotContains(t, log.String(), "panic_test.go")
}
