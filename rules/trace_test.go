package rules_test

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

// traced explains one condition.
func traced(t *testing.T, condition string, in *Form) rules.RuleTrace {
	t.Helper()
	return formSet(t, condition).Explain(t.Context(), in).Rules[0]
}

// TestReasons has a golden file of conditions, each with the forms that it is
// explained for.
func TestReasons(t *testing.T) {
	empty := &Form{Questions: []FormQuestion{}, Tags: []string{}, Marks: []int{}, Ratios: []float64{}, Days: []time.Time{}, Grid: [][]int{}}
	holed := holedForm()
	holed.Tags, holed.Marks, holed.Ratios = []string{""}, []int{0}, []float64{}
	forms := []struct {
		name string
		form *Form
	}{{"full", fullForm()}, {"holed", holed}, {"empty", empty}}
	checkBlocks(t, "testdata/reasons.txt", func(t *testing.T, condition string) []string {
		var said []string
		for _, f := range forms {
			r := traced(t, condition, f.form)
			said = append(said, f.name+": "+r.Reason())
		}
		return said
	})
}

// TestParts has a golden file of conditions and the tree of their parts.
func TestParts(t *testing.T) {
	var indent func(p rules.Part, depth string) []string
	indent = func(p rules.Part, depth string) []string {
		line := fmt.Sprintf("%s%d:%d %s", depth, p.Line, p.Column, p)
		if p.Err != nil {
			line += ": " + p.Err.Error()
		}
		lines := []string{line}
		for _, side := range p.Parts {
			lines = append(lines, indent(side, depth+"  ")...)
		}
		return lines
	}
	checkBlocks(t, "testdata/parts.txt", func(t *testing.T, condition string) []string {
		return indent(traced(t, condition, holedForm()).Condition, "")
	})
}

// TestAbsentFields wants full paths, in source order, whatever was evaluated
// first.
func TestAbsentFields(t *testing.T) {
	for condition, want := range map[string][]string{
		"csatRank > 1":           {"csatRank"},
		"asked and csatRank > 1": {"asked", "csatRank"},
		"csatRank > 1 and asked": {"csatRank", "asked"},
		"csatRank > 1 and not consent and csatRank > 2 and asked":      {"csatRank", "asked"},
		"consent or csatRank > 1 or asked":                             {"csatRank", "asked"},
		`ieq(agentName, string(csatRank))`:                             {"agentName", "csatRank"},
		"idle.agentNonResponsive.time > 1":                             {"idle.agentNonResponsive.time"},
		"idle.agentNonResponsive == nil and asked":                     {"asked"},
		"questionWithAnswers[0].score > 1":                             {"questionWithAnswers[0].score"},
		"questionWithAnswers[-2].score > 1":                            {"questionWithAnswers[-2].score"},
		"any(questionWithAnswers, .score > 5)":                         {"questionWithAnswers[0].score"},
		"all(questionWithAnswers, .score > csatRank)":                  {"questionWithAnswers[0].score", "csatRank"},
		"sum(questionWithAnswers, .score) > 5":                         {"questionWithAnswers[0].score"},
		"none(holes, # == 2)":                                          {"holes[0]", "holes[2]"},
		"sum(holes) > 1":                                               {"holes[0]", "holes[2]"},
		"5 in holes":                                                   {"holes[0]", "holes[2]"},
		"holes[2] > 1":                                                 {"holes[2]"},
		"holes[-3] > 1":                                                {"holes[-3]"},
		"marks[7] > 1":                                                 {"marks[7]"},
		"tags[total] == note":                                          {"tags[0]"},
		`answer("Who?") == answer("Why?")`:                             {`answer("Who?")`},
		`"x" in answers("Who?")`:                                       {`answers("Who?")`},
		"int(note) > 1 or float(note) > 1":                             {"int(note)", "float(note)"},
		"int(answer(\"Who?\")) > 1":                                    {`answer("Who?")`},
		"(csatRank ?? questionWithAnswers[0].score) > 1":               {"csatRank", "questionWithAnswers[0].score"},
		"asked ? consent : csatRank > 1":                               {"asked"},
		"total == 0 ? csatRank > 1 : asked":                            {"csatRank"},
		"total == 1 ? csatRank > 1 : asked":                            {"asked"},
		"asked == (csatRank > 1)":                                      {"asked", "csatRank"},
		"skillName matches \"a\" and timestamp > date(\"2026-01-31\")": {"skillName", "timestamp"},
		"1 <= csatRank <= 3":                                           {"csatRank"},
		"csatRank in 1..3":                                             {"csatRank"},
		"total in [csatRank, questionWithAnswers[0].score]":            {"csatRank", "questionWithAnswers[0].score"},
		"-csatRank + total * csatRank > 1":                             {"csatRank"},
	} {
		r := traced(t, condition, holedForm())
		assert.Equal(t, rules.Skipped, r.Outcome, "%s: %s", condition, r.Reason())
		assert.Equal(t, rules.Unknown, r.Condition.Truth, condition)
		assert.Equal(t, want, r.Absent, condition)
		be := " is absent"
		if len(want) > 1 {
			be = " are absent"
		}
		assert.Equal(t, "skipped: "+strings.Join(want, ", ")+be, r.Reason())
	}
}

func TestOutcomesOfATrace(t *testing.T) {
	list := mixedRules()
	list[0].Description = "for people"
	cfg := formConfig()
	cfg.Hit = rules.First
	set, err := rules.New(cfg, list...)
	require.NoError(t, err)
	trace := set.Explain(t.Context(), fullForm())
	var got []string
	for _, r := range trace.Rules {
		got = append(got, r.Name+" "+r.Outcome.String()+": "+r.Reason())
		assert.Empty(t, r.File)
		assert.Zero(t, r.Line)
	}
	assert.Equal(t, []string{
		"no not fired: not fired: csatRank > 3 is false (csatRank = 2)",
		`skipped not fired: not fired: asked is false (asked = false); agentName == nil is false (agentName = "John Doe")`,
		"zero failed: failed: " + zeroError,
		"error failed: failed: " + brokenError,
		"first fired: fired",
		"second not reached: not reached", "never not reached: not reached", "third not reached: not reached",
	}, got)
	assert.Equal(t, "for people", trace.Rules[0].Description)
	assert.Equal(t, "false unknown true", fmt.Sprint(trace.Rules[0].Condition.Truth, trace.Rules[2].Condition.Truth, trace.Rules[4].Condition.Truth))

	cfg.Hit = rules.Collect
	set, err = rules.New(cfg, list...)
	require.NoError(t, err)
	trace = set.Explain(t.Context(), &Form{})
	got = nil
	for _, r := range trace.Rules {
		got = append(got, r.Name+" "+r.Outcome.String()+": "+r.Reason())
	}
	assert.Equal(t, []string{
		"no skipped: skipped: csatRank is absent",
		"skipped skipped: skipped: csatRank, asked are absent",
		"zero not fired: not fired: 1 / (total - 7) > 1 is false (total = 0)",
		"error failed: failed: " + brokenError,
		"first skipped: skipped: csatRank is absent",
		"second not fired: not fired", "never not fired: not fired", "third fired: fired",
	}, got)
}

func TestExplainEachHoldsWhatUseSays(t *testing.T) {
	cfg := formConfig()
	cfg.Hit = rules.First
	set, err := rules.New(cfg, exprRule("error", "true"), exprRule("panic", "true"), exprRule("no", "consent"), exprRule("good", "true"), exprRule("behind", "true"))
	require.NoError(t, err)
	var used []string
	use := func(m rules.Match[Form, rules.Text]) error {
		used = append(used, m.Name())
		switch m.Name() {
		case "error":
			return errBroken
		case "panic":
			panic("S3CRET")
		}
		return nil
	}
	trace := set.ExplainEach(t.Context(), &Form{}, use)
	assert.Equal(t, []string{"error", "panic", "good"}, used)
	var got []string
	for _, r := range trace.Rules {
		got = append(got, r.Reason())
	}
	assert.Equal(t, []string{
		`failed: rule "error": the service is down`, `failed: rule "panic": panicked`,
		"not fired: consent is false (consent = false)", "fired", "not reached",
	}, got)
	assert.ErrorIs(t, trace.Rules[0].Err, errBroken)
	assert.Empty(t, trace.Rules[0].Detail)
	assert.True(t, strings.HasPrefix(trace.Rules[1].Detail, "S3CRET\n"), trace.Rules[1].Detail)
	assert.Contains(t, trace.Rules[1].Detail, "trace_test.go", "the stack leads to the panic")
}

func TestDetailOfPanics(t *testing.T) {
	set, err := rules.New(formConfig(),
		goRule("go", func(context.Context, *Form) (bool, error) { panic(fmt.Errorf("S3CRET %w", errBroken)) }),
		exprRule("function", "panicking(note)"),
		exprRule("error", "1 / (total - 7) > 1"),
	)
	require.NoError(t, err)
	trace := set.Explain(t.Context(), fullForm())
	assert.Contains(t, trace.Rules[0].Detail, "S3CRET the service is down\n")
	assert.Contains(t, trace.Rules[0].Detail, "TestDetailOfPanics")
	assert.Contains(t, trace.Rules[1].Detail, "about Über alles\n")
	assert.Contains(t, trace.Rules[1].Detail, "formFunctions")
	assert.Empty(t, trace.Rules[2].Detail)
	for _, r := range trace.Rules {
		assert.Equal(t, rules.Failed, r.Outcome)
	}
}

func TestLongValuesAreCut(t *testing.T) {
	in := fullForm()
	in.Note = strings.Repeat("ü", 500)
	in.Tags = strings.Split(strings.Repeat("tag ", 200), " ")
	in.Questions[0].Answer = strings.Repeat("x", 500)
	r := traced(t, `note == "" or len(tags) == 0 or len(questionWithAnswers) == 0 or questionWithAnswers[0].answer == ""`, in)
	reads := map[string]string{}
	for _, p := range r.Condition.Parts {
		require.Len(t, p.Reads, 1)
		reads[p.Reads[0].Text] = p.Reads[0].Value
	}
	assert.Equal(t, `"`+strings.Repeat("ü", 160)+`…"`, reads["note"])
	assert.Equal(t, `"`+strings.Repeat("x", 160)+`…"`, reads["questionWithAnswers[0].answer"])
	for _, list := range []string{"tags", "questionWithAnswers"} {
		assert.Equal(t, 161, len([]rune(reads[list])), reads[list])
		assert.True(t, strings.HasSuffix(reads[list], "…"))
	}
	assert.True(t, strings.HasPrefix(reads["tags"], `["tag","tag",`))
}

// TestTraceIsPlain wants a trace that can be marshalled.
func TestTraceIsPlain(t *testing.T) {
	trace := formSet(t, "csatRank > 1", "consent").Explain(t.Context(), holedForm())
	text, err := json.Marshal(trace)
	require.NoError(t, err)
	assert.Contains(t, string(text), `"Absent":["csatRank"]`)
}

func TestListOfConditionsIsExplainedAsOne(t *testing.T) {
	for _, c := range []struct {
		conditions []string
		want       rules.Truth
		reason     string
	}{
		{[]string{"consent", "total == 7"}, rules.True, "fired"},
		{[]string{"consent", "csatRank > 1"}, rules.Unknown, "skipped: csatRank is absent"},
		{[]string{"csatRank > 1", "asked"}, rules.Unknown, "skipped: csatRank, asked are absent"},
		{[]string{"csatRank > 1", "not consent", "asked"}, rules.False, "not fired: not consent is false (consent = true)"},
		{[]string{"not consent", "total < 7"}, rules.False, "not fired: not consent is false (consent = true); total < 7 is false (total = 7)"},
	} {
		in := holedForm()
		in.Consent, in.Total = true, 7
		set, err := rules.New(formConfig(), formRule{Name: "a", When: rules.When[Form](c.conditions...)})
		require.NoError(t, err)
		r := set.Explain(t.Context(), in).Rules[0]
		assert.Equal(t, c.want, r.Condition.Truth)
		assert.Equal(t, c.reason, r.Reason())
		assert.Len(t, r.Condition.Parts, len(c.conditions))
		assert.Empty(t, r.Condition.Text)
	}
}

// TestExplainShowsALargeListOnce has many parts and rules that read one list.
func TestExplainShowsALargeListOnce(t *testing.T) {
	parts := make([]string, 200)
	for i := range parts {
		parts[i] = fmt.Sprintf("len(marks) > %d", i)
	}
	condition := strings.Join(parts, " and ")
	set := formSet(t, condition, condition+" and total == 7")
	in := fullForm()
	in.Marks, in.Total = make([]int, 100_000), 7
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	trace := set.Explain(t.Context(), in)
	runtime.ReadMemStats(&after)
	for i := range 2 {
		require.Equal(t, rules.Fired, trace.Rules[i].Outcome)
		read := trace.Rules[i].Condition.Parts[199].Reads[0]
		assert.Equal(t, "marks", read.Text)
		assert.True(t, strings.HasPrefix(read.Value, "[0,0,") && strings.HasSuffix(read.Value, "…"), read.Value)
	}
	assert.Less(t, (after.TotalAlloc-before.TotalAlloc)>>20, uint64(30))
}
