package rules_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

// pollSet is a set with one rule for each condition.
func pollSet(t testing.TB, hit rules.Hit, conditions []string) *rules.Set[Poll, rules.Text] {
	t.Helper()
	list := make([]rules.Rule[Poll, rules.Text], 0, len(conditions))
	for i, condition := range conditions {
		list = append(list, rules.Rule[Poll, rules.Text]{Name: fmt.Sprint("rule-", i), When: rules.When[Poll](condition), Then: rules.Text(fmt.Sprint("text ", i))})
	}
	set, err := rules.New(rules.Config{Hit: hit, Functions: pollFunctions()}, list...)
	require.NoError(t, err)
	return set
}

// lintWithin lints a set and wants that to be quick.
func lintWithin(t *testing.T, limit time.Duration, set *rules.Set[Poll, rules.Text]) []rules.Finding {
	t.Helper()
	var found []rules.Finding
	within(t, limit, func() { found = set.Lint(t.Context(), rules.Tester[Poll, rules.Text]{}) })
	return found
}

// TestLintOfManyRules wants a lint of many rules to take no longer than it
// takes to read on.
func TestLintOfManyRules(t *testing.T) {
	for name, condition := range map[string]func(int) string{
		"a skill each":    func(i int) string { return fmt.Sprintf(`csatRank <= 3 and skillName == "skill %d"`, i) },
		"a number each":   func(i int) string { return fmt.Sprintf("total > %d and csatRank <= 3", i) },
		"ranges":          func(i int) string { return fmt.Sprintf("%d < total < %d or %d < stars", i, i+5, i) },
		"questions":       func(i int) string { return fmt.Sprintf(`answer("Question %d") == "yes" or agentName == "%d"`, i, i) },
		"the same to all": func(int) string { return "csatRank <= 3 and enabled" },
		"patterns":        func(i int) string { return fmt.Sprintf(`agentName matches "^a%d" or skillName contains "%d"`, i, i) },
	} {
		t.Run(name, func(t *testing.T) {
			for _, size := range []struct {
				rules int
				limit time.Duration
			}{{1000, 2 * time.Second}, {10_000, 15 * time.Second}} {
				if size.rules > 1000 && patience > 1 {
					continue // long even without the race detector
				}
				conditions := make([]string, size.rules)
				for i := range conditions {
					conditions[i] = condition(i)
				}
				for _, f := range lintWithin(t, size.limit, pollSet(t, rules.First, conditions)) {
					assert.Contains(t, []string{"unreachable", "unanchored-pattern"}, f.ID)
				}
			}
		})
	}
}

// TestLintOfHugeConditions crosses the bounds of a lint: what it says then is
// nothing.
func TestLintOfHugeConditions(t *testing.T) {
	parts := func(n int, join string, part func(int) string) string {
		list := make([]string, n)
		for i := range list {
			list[i] = part(i)
		}
		return strings.Join(list, join)
	}
	either := func(i int) string { return fmt.Sprintf("(total == %d or stars == %d)", i, i+7) }
	for name, condition := range map[string]string{
		"choices":        parts(40, " and ", func(i int) string { return fmt.Sprintf("(marks[%d] == 1 or tags[%d] == \"a\")", i, i) }),
		"tangled":        parts(40, " and ", func(i int) string { return fmt.Sprintf("(total != %d or stars != %d)", i, i+3) }),
		"either":         parts(60, " or ", either),
		"equal":          strings.Repeat("(asked == ", 6) + "(csatRank > 2)" + strings.Repeat(")", 6),
		"defaults":       strings.Repeat("(csatRank ?? ", 20) + "3" + strings.Repeat(")", 20) + " > 2",
		"nested choices": strings.Repeat("(enabled ? total : ", 20) + "3" + strings.Repeat(")", 20) + " > 2",
		"list":           "total in [" + parts(900, ", ", func(i int) string { return fmt.Sprint(i * 2) }) + "] and stars in [" + parts(900, ", ", func(i int) string { return fmt.Sprint(i * 2) }) + "]",
		"texts":          parts(100, " and ", func(i int) string { return fmt.Sprintf("agentName contains \"%d\"", i) }),
		"loops":          parts(60, " and ", func(i int) string { return fmt.Sprintf("any(marks, # == %d)", i) }),
	} {
		t.Run(name, func(t *testing.T) {
			assert.Empty(t, lintWithin(t, 2*time.Second, pollSet(t, rules.First, []string{condition})))
		})
	}
}

// TestLintBeyondItsWork hides a contradiction behind more choices than are
// tried: it is not found, and nothing else is.
func TestLintBeyondItsWork(t *testing.T) {
	pigeons := func(n int) string { // in n-1 holes
		var all []string
		for i := range n {
			var holes []string
			for hole := range n - 1 {
				holes = append(holes, fmt.Sprintf("marks[%d] == %d", i, hole))
			}
			all = append(all, "("+strings.Join(holes, " or ")+")")
		}
		for i := range n {
			for j := range i {
				for hole := range n - 1 {
					all = append(all, fmt.Sprintf("(marks[%d] != %d or marks[%d] != %d)", i, hole, j, hole))
				}
			}
		}
		return strings.Join(all, " and ")
	}
	small := lintWithin(t, 2*time.Second, pollSet(t, rules.First, []string{pigeons(3)}))
	require.Len(t, small, 1)
	assert.Equal(t, "never-fires", small[0].ID)
	assert.Empty(t, lintWithin(t, 3*time.Second, pollSet(t, rules.First, []string{pigeons(7)})))
}

// TestLintEndsWithItsContext wants no findings about rules behind the end.
func TestLintEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.Empty(t, pollSet(t, rules.First, []string{"csatRank > 5"}).Lint(ctx, rules.Tester[Poll, rules.Text]{}))
}

// TestLintOfGoRules has a rule in Go, of whose condition nothing is known.
func TestLintOfGoRules(t *testing.T) {
	t.Parallel()
	holds := rules.WhenFunc(func(context.Context, *Poll) (bool, error) { return true, nil })
	set, err := rules.New(rules.Config{Hit: rules.First},
		rules.Rule[Poll, rules.Text]{Name: "go", When: holds, Then: "${agentName}"},
		rules.Rule[Poll, rules.Text]{Name: "same", When: holds, Then: "${agentName}"},
		rules.Rule[Poll, rules.Text]{Name: "behind", When: rules.When[Poll]("csatRank == 2"), Then: "a"})
	require.NoError(t, err)
	assert.Empty(t, set.Lint(t.Context(), rules.Tester[Poll, rules.Text]{}))
}

func FuzzLint(f *testing.F) {
	files, err := filepath.Glob("testdata/lint/*.rules.yaml")
	require.NoError(f, err)
	for _, name := range files {
		data, err := os.ReadFile(name)
		require.NoError(f, err)
		f.Add(string(data))
	}
	for _, condition := range seedConditions {
		f.Add("version: 1\nevent: survey\nhit: first\nrules:\n  - name: a\n    when:\n      - |-\n        " + condition +
			"\n    then: {to: \"${agentName}\", subject: b}\n  - name: b # lint:ignore unreachable it is\n    when: csatRank > 2\n    then: {to: a, subject: b}\n")
	}
	f.Fuzz(func(t *testing.T, text string) {
		cfg := rules.Config{Functions: append(formFunctions(), pollFunctions()[4])}
		set, err := rules.Parse[Form, []formMail](cfg, "x.rules.yaml", []byte(text))
		if err != nil {
			return
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		last := rules.Finding{}
		for _, found := range set.Lint(ctx, rules.Tester[Form, []formMail]{}) {
			assert.Positive(t, found.Line)
			assert.NotContains(t, found.Message, "\n")
			assert.True(t, utf8.ValidString(found.Message))
			assert.False(t, found.Line < last.Line || found.Line == last.Line && found.Column < last.Column, "out of order")
			assert.NotEqual(t, last, found)
			last = found
		}
		require.NoError(t, ctx.Err(), "it takes too long")
	})
}
