package rules_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/internal/stopwatch"
	"github.com/afterword-go/afterword/rules"
)

// soon wants the work done within two seconds, or ten times that under the
// race detector.
func soon(t *testing.T, work func(ctx context.Context)) {
	t.Helper()
	within(t, 2*time.Second, func() {
		ctx, cancel := context.WithTimeout(t.Context(), patience*2500*time.Millisecond)
		defer cancel()
		work(ctx)
	})
}

// within wants work to take less than a limit, at one of three tries: something
// else may hold up the machine.
func within(t *testing.T, limit time.Duration, work func()) {
	t.Helper()
	took := time.Duration(math.MaxInt64)
	for range 3 {
		watch := stopwatch.Start()
		work()
		if took = min(took, watch.Took()); took < limit*patience {
			return
		}
	}
	assert.Less(t, took, limit*patience)
}

// Parts that expr's parser puts into two places of its tree.
func TestSharedPartsAreReadOnce(t *testing.T) {
	for _, c := range []struct {
		format string
		levels int
	}{
		{"(1 < %s < 1)", 21}, {"(%s ?: consent)", 22},
	} {
		text := "1"
		if strings.Contains(c.format, "?:") {
			text = "consent"
		}
		for range c.levels {
			text = fmt.Sprintf(c.format, text)
		}
		soon(t, func(context.Context) { _, _ = rules.New(formConfig(), formRules(text)...) })
	}
}

func TestNilIsNoText(t *testing.T) {
	assert.NotPanics(t, func() {
		_, err := formText("${nil}")
		assert.Error(t, err)
	})
}

// What an element costs grows with what is asked of it.
func TestWorkCountsTheSizeOfTheBody(t *testing.T) {
	for name, condition := range map[string]string{
		"many comparisons": "count(marks, count(marks, " + strings.Repeat("# == 1 or ", 400) + "# == 2) > 0) > 0",
		"long sums":        "sum(marks, sum(marks, #" + strings.Repeat("+#", 900) + ")) > 0",
		"long lists":       "sum(marks, sum(marks, len([#" + strings.Repeat(",#", 900) + "]))) > 0",
	} {
		t.Run(name, func(t *testing.T) {
			set := formSet(t, condition)
			soon(t, func(ctx context.Context) { _, _, _ = set.First(ctx, longForm()) })
		})
	}
}

func TestExplanationsAreBounded(t *testing.T) {
	for name, condition := range map[string]string{
		"long chain":        "csatRank == 1" + strings.Repeat(" or csatRank == 2", 450),
		"loop over a chain": "any(marks, " + strings.Repeat("csatRank == # or ", 200) + "csatRank == 2)",
		"costly pattern":    `note matches "` + strings.Repeat("b?", 200) + `c"`,
	} {
		t.Run(name, func(t *testing.T) {
			set := formSet(t, condition)
			in := longForm()
			in.CSATRank = nil
			soon(t, func(ctx context.Context) { set.Explain(ctx, in) })
		})
	}
}

func TestLoadingIsBounded(t *testing.T) {
	blow := doubled(5, "(%[1]s == %[1]s)")
	for name, condition := range map[string]string{
		"defaults of something large": "((csatRank == 1 ? " + blow + " : " + blow + ") ?? asked" + strings.Repeat(" ?? asked", 800) + ")",
		"large pattern":               `note matches "` + strings.Repeat("a{1000}", 2300) + `"`,
	} {
		t.Run(name, func(t *testing.T) {
			soon(t, func(context.Context) { _, _ = rules.New(formConfig(), formRules(condition)...) })
		})
	}
}

// A file may hold a thousand such conditions.
func TestProblemsAreBounded(t *testing.T) {
	_, err := rules.New(formConfig(), formRules(strings.Repeat(";", 16<<10))...)
	assert.LessOrEqual(t, len(problemsOf(t, err)), 100)
}

func TestMessagesAreOneLine(t *testing.T) {
	for _, condition := range []string{"note matches \"(a\\n\\n\"", "note == 1 `a\nb`", "lower(\nnote\n) == nil"} {
		_, err := rules.New(formConfig(), formRules(condition)...)
		assert.Len(t, strings.Split(err.Error(), "\n"), 1, "%q", err.Error())
	}
}

func TestDefaultThatIsAlwaysThereIsNeverAbsent(t *testing.T) {
	for _, condition := range []string{"(asked ?? true) == nil", "(csatRank ?? 3 ?? 4) == 4", `(skillName ?? "") == nil`} {
		_, err := rules.New(formConfig(), formRules(condition)...)
		assert.Error(t, err, condition)
	}
}

func TestProblemsOfGoRulesStayInTheirOrder(t *testing.T) {
	_, err := rules.New(formConfig(), formRules("true and\n nosuch", "nosuch")...)
	var load *rules.LoadError
	require.ErrorAs(t, err, &load)
	assert.Equal(t, "rule-a", load.Problems[0].Rule)
}

func TestConstantTextsWithLoops(t *testing.T) {
	ones := "[1" + strings.Repeat(", 1", 39) + "]"
	set, err := formText(rules.Text("${sum(" + ones + ", sum(" + ones + ", 1))}"))
	require.NoError(t, err)
	text, err := rendered(t, set, fullForm())
	require.NoError(t, err)
	assert.Equal(t, "1600", text)
}

func TestExplainKnowsWhatDecidedManyConditions(t *testing.T) {
	var conditions []string
	for range 13 {
		conditions = append(conditions, "sum(marks, sum(marks, 1)) > 0")
	}
	in := longForm()
	in.Marks = in.Marks[:250]
	for _, last := range []string{"false", "true", "csatRank > 1"} {
		set, err := rules.New(formConfig(), rules.Rule[Form, rules.Text]{Name: "a", When: rules.When[Form](append(conditions, last)...)})
		require.NoError(t, err)
		in.CSATRank = nil
		trace := set.Explain(t.Context(), in).Rules[0]
		switch last {
		case "false":
			assert.Equal(t, rules.NotFired, trace.Outcome, trace.Reason())
		case "true":
			assert.Equal(t, rules.Fired, trace.Outcome)
			assert.Equal(t, rules.True, trace.Condition.Truth)
		default:
			assert.Equal(t, "skipped: csatRank is absent", trace.Reason())
		}
	}
}

func TestErrorsPointAtTheFailingPart(t *testing.T) {
	in := longForm()
	for condition, want := range map[string]string{
		"consent and any(marks, any(marks, any(marks, # == 1)))":    "1:24: ",
		"consent and none(marks, any(marks, # == 1 or # == total))": "1:25: ",
		"consent and panicking(note)":                               "1:13: ",
	} {
		_, _, err := formSet(t, condition).First(t.Context(), in)
		require.Error(t, err, condition)
		assert.Equal(t, want, err.Error()[:len(want)], condition)
	}
	for condition, want := range map[string]string{
		"consent and skillName in vars.blank":           "1:26: this is never found: an empty skillName counts as absent; write skillName == nil",
		"total == 99999999999999999999 and not consent": "1:10: the number is too large",
	} {
		_, err := rules.New(formConfig(), formRules(condition)...)
		require.Error(t, err, condition)
		assert.Equal(t, []string{want}, problemsOf(t, err), condition)
	}
}

func TestNegativeOfTheSmallestConstant(t *testing.T) {
	cfg := rules.Config{Vars: map[string]any{"least": int64(math.MinInt64)}}
	set, err := rules.New(cfg, formRules("-vars.least < 0")...)
	if err != nil {
		return // refused: that is right as well
	}
	_, fired, err := set.First(t.Context(), fullForm())
	assert.False(t, fired)
	assert.Error(t, err)
}

func TestEmptyHeadIsRefused(t *testing.T) {
	for _, line := range []string{`hit: ""`, `event: ""`} {
		head := "version: 1\nevent: survey\n"
		if strings.HasPrefix(line, "event") {
			head = "version: 1\n"
		}
		_, err := rules.Parse[Form, string](rules.Config{Event: "survey"}, "f", []byte(head+line+"\nrules:\n  - {name: a, when: true, then: x}\n"))
		assert.Error(t, err, line)
	}
}

// The error of a context that ends is yielded as it is, and ends the walk.
func TestContextEndsWithinARule(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cfg := rules.Config{Functions: []rules.Function{rules.Func("stop", func(n int) int { cancel(); return n })}}
	set, err := rules.New(cfg, formRules("sum(marks, sum(marks, stop(1))) > 0", "true", "true")...)
	require.NoError(t, err)
	var got []string
	for match, err := range set.Matches(ctx, longForm()) {
		if err != nil {
			got = append(got, err.Error())
			assert.ErrorIs(t, err, context.Canceled)
			var placed *rules.RuleError
			assert.False(t, errors.As(err, &placed), "%v", err)
			continue
		}
		got = append(got, match.Name())
	}
	assert.Len(t, got, 1, "the walk goes on behind the end: %q", got)
}

func TestErrorsHoldNoPlaceInAListThatWasComputed(t *testing.T) {
	for _, text := range []rules.Text{"${holes[total]}", "${questionWithAnswers[total].answer}", "${tags[csatRank + 700000]}"} {
		set, err := formText(text)
		require.NoError(t, err)
		_, err = rendered(t, set, secretForm())
		require.Error(t, err)
		assert.NotContains(t, err.Error(), "777")
	}
}

func TestRulesThatAreNoList(t *testing.T) {
	set, err := rules.Parse[Form, string](rules.Config{}, "f", []byte("version: 1\nevent: e\nrules:\n  name: a\n  when: nosuchfield\n  then: x\n"))
	if err == nil {
		assert.Positive(t, set.Len(), "a file loads and has no rules")
	}
}

func TestDepthWithoutBrackets(t *testing.T) {
	for _, c := range []string{"-csatRank" + strings.Repeat(" ?? -csatRank", 280) + " == 1"} {
		_, err := rules.New(formConfig(), formRules(c)...)
		assert.Error(t, err, "negations lie more than 64 deep within one another")
	}
}

func TestProblemsNameTheirRule(t *testing.T) {
	_, err := rules.Parse[Form, string](rules.Config{}, "f", []byte("version: 1\nevent: e\nrules:\n  - {name: a, when: true, then: x}\n  - text\n---\n"))
	assert.NotContains(t, err.Error(), `rule "a"`)
}

func TestEachFaultIsReportedOnce(t *testing.T) {
	for _, file := range []string{
		"version: 1\nevent: e\nrules:\n  - {name: 5, when: true, then: x}\n",
		"version: 1\nevent: e\nrules:\n  - {name: , when: true, then: x}\n",
		"version: x\nevent: e\nrules:\n  - {name: a, when: true, then: x}\n",
		"version: 1\nevent: e\nvars: {a: !!str 1}\nrules:\n  - {name: a, when: true, then: x}\n",
	} {
		_, err := rules.Parse[Form, string](rules.Config{}, "f", []byte(file))
		assert.Len(t, problemsOf(t, err), 1, "%v", err)
	}
}

// The document knows "a ?? b" and "a ? b : c" only.
func TestShortChoiceIsNotPartOfTheLanguage(t *testing.T) {
	_, err := rules.New(formConfig(), formRules("consent ?: true")...)
	assert.Error(t, err)
}

func TestReasonOfAnEqualityNamesBothSides(t *testing.T) {
	assert.Equal(t, "not fired: asked == consent is false (asked = false, consent = true)", traced(t, "asked == consent", fullForm()).Reason())
}

// null is how an absent field is written.
func TestEmptyListIsNotShownAsNull(t *testing.T) {
	assert.Equal(t, "not fired: len(marks) > 0 is false (marks = [])", traced(t, "len(marks) > 0", &Form{}).Reason())
}

// TestPlacesAreFoundByManyAtOnce needs the race detector: places are worked out
// when somebody asks first.
func TestPlacesAreFoundByManyAtOnce(t *testing.T) {
	t.Parallel()
	set, err := parseUnchecked(readTestdata(t, "failing.rules.yaml"))
	require.NoError(t, err)
	want := set.Explain(t.Context(), fullForm())
	fresh, err := parseUnchecked(readTestdata(t, "failing.rules.yaml"))
	require.NoError(t, err)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { assert.Equal(t, want, fresh.Explain(t.Context(), fullForm())) })
	}
	all.Wait()
}
