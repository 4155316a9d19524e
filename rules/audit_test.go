package rules_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

// TestAuditAgreesWithExplain holds Audit to ExplainEach and Each, for
// AFTERWORD_AUDIT pairs of a rule and a payload: rules of all modes and hit
// policies, of one condition, of several and of Go, with an index and without,
// whose uses fail and panic now and then.
func TestAuditAgreesWithExplain(t *testing.T) {
	t.Parallel()
	n, seed := fromEnv(t, "AFTERWORD_AUDIT", 12_000), fromEnv(t, "AFTERWORD_SEED", 1)
	counts, pairs := map[string]int{}, 0
	for batch := 0; pairs < n; batch++ {
		r := random(seed, 9000+batch)
		cfg := rules.Config{Vars: vars(), Functions: functions(), Hit: pick(r, []rules.Hit{rules.Collect, rules.Collect, rules.First})}
		set := newSet(t, cfg, auditable(t, r, cfg, 5+r.IntN(80)))
		if set.Indexed() {
			counts["indexed"]++
		}
		auditor := set.Auditor()
		for i := range 10 {
			p := payloads{Rand: r}
			in, err := p.input(p.next())
			require.NoError(t, err)
			if i%5 == 4 {
				in = lengthened(r, in)
			}
			agrees(t, set, auditor, in, counts)
			pairs += set.Len()
		}
		if t.Failed() {
			t.Fatalf("AFTERWORD_SEED=%d, batch %d", seed, batch)
		}
	}
	t.Logf("AFTERWORD_SEED=%d %v", seed, counts)
	for _, o := range []string{"not fired", "fired", "skipped", "failed", "not reached", "off", "indexed", "short, not fired", "short, skipped"} {
		assert.Positive(t, counts[o], o)
	}
}

// auditable are rules of all sorts.
func auditable(t *testing.T, r *rand.Rand, cfg rules.Config, n int) []rules.Rule[In, int] {
	t.Helper()
	text := func() string {
		switch r.IntN(6) {
		case 0:
			return (&expressions{Rand: r}).condition()
		case 1, 2:
			parts := make([]string, 2+r.IntN(3))
			for i := range parts {
				parts[i] = tests{r}.test()
			}
			return strings.Join(parts, " and ")
		case 3:
			return lookup(r) + " && (" + (&expressions{Rand: r}).condition() + ")"
		}
		return lookup(r)
	}
	var list []rules.Rule[In, int]
	for len(list) < n {
		texts := []string{text()}
		for r.IntN(3) == 0 {
			texts = append(texts, text())
		}
		rule := rules.Rule[In, int]{
			Name: fmt.Sprintf("rule-%d", len(list)), When: rules.When[In](texts...), Then: len(list),
			Mode: pick(r, []rules.Mode{rules.Enforce, rules.Enforce, rules.Enforce, rules.Enforce, rules.Shadow, rules.Off}),
		}
		if r.IntN(10) == 0 {
			rule.When = pick(r, goConditions)
		}
		if _, err := rules.New(cfg, rule); err == nil { // some are refused
			list = append(list, rule)
		}
	}
	return list
}

var goConditions = []rules.Condition[In]{
	rules.WhenFunc(func(_ context.Context, in *In) (bool, error) { return in.Plain > 0, nil }),
	rules.WhenFunc(func(_ context.Context, in *In) (bool, error) { return in.On, errBroken }),
	rules.WhenFunc(func(_ context.Context, in *In) (bool, error) { return *in.Stars > 0, nil }),
}

// spoiled fails and panics for some rules that fire.
func spoiled(m rules.Match[In, int]) error {
	switch m.Then() % 11 {
	case 3:
		return errBroken
	case 7:
		panic("spoiled")
	}
	return nil
}

func agrees(t *testing.T, set *rules.Set[In, int], auditor *rules.Auditor[In, int], in *In, counts map[string]int) {
	t.Helper()
	var explained, audited, used []string
	trace := set.ExplainEach(t.Context(), in, func(m rules.Match[In, int]) error {
		explained = append(explained, m.Name())
		return spoiled(m)
	})
	audits := auditor.Audit(t.Context(), in, func(m rules.Match[In, int]) error {
		audited = append(audited, m.Name())
		return spoiled(m)
	})
	eachErr := set.Each(t.Context(), in, func(m rules.Match[In, int]) error {
		used = append(used, m.Name())
		return spoiled(m)
	})
	assert.Equal(t, explained, audited)
	require.Len(t, audits, set.Len())
	var errs []error
	for i, told := range trace.Rules {
		said := fmt.Sprintf("%s: %s", told.Name, told.Reason())
		assert.Equal(t, told.Outcome, audits[i].Outcome, said)
		assert.Equal(t, textOf(told.Err), textOf(audits[i].Err), said)
		assert.Equal(t, shortOf(t, set.Parts(i), told), audits[i].Short, said)
		counts[told.Outcome.String()]++
		if audits[i].Short >= 0 {
			counts["short, "+told.Outcome.String()]++
		}
		if told.Mode == rules.Enforce {
			errs = append(errs, audits[i].Err)
		} else {
			audited = slices.DeleteFunc(audited, func(name string) bool { return name == told.Name })
		}
	}
	assert.True(t, slices.Equal(used, audited), "%q, %q", used, audited)
	assert.Equal(t, textOf(eachErr), textOf(errors.Join(errs...)))
}

func textOf(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// shortOf is the number of the only part that is not true in an explanation of
// a rule that did not fire, or -1. It wants the parts to be those of the set.
func shortOf(t *testing.T, infos []rules.PartInfo, told rules.RuleTrace) int {
	t.Helper()
	if told.Outcome != rules.NotFired && told.Outcome != rules.Skipped || told.Condition.Line == 0 {
		return -1
	}
	conditions := []rules.Part{told.Condition}
	if told.Condition.Text == "" {
		conditions = told.Condition.Parts
	}
	var parts []rules.Part
	for _, c := range conditions {
		if c.Err != nil { // its parts are not told; one before it was not true
			return -1
		}
		if joined(c) {
			parts = append(parts, c.Parts...)
		} else {
			parts = append(parts, c)
		}
	}
	short, untrue := -1, 0
	require.Len(t, infos, len(parts), "%+v", conditions)
	for i, p := range parts {
		assert.Equal(t, rules.PartInfo{Text: p.Text, Line: p.Line, Column: p.Column}, infos[i])
		if p.Truth != rules.True {
			short = i
			untrue++
		}
	}
	if untrue > 1 {
		return -1
	}
	return short
}

// joined tells whether and stands between the first two parts. Those of a chain
// such as 1 <= x <= 3 share its middle.
func joined(p rules.Part) bool {
	if len(p.Parts) < 2 {
		return false
	}
	text, start := []rune(p.Text), p.Parts[0].Column-p.Column
	from, to := start+len([]rune(p.Parts[0].Text)), p.Parts[1].Column-p.Column
	if to < from {
		return true
	}
	between := strings.Trim(string(text[from:to]), " ()")
	return between == "and" || between == "&&"
}

func TestPartsOfARule(t *testing.T) {
	t.Parallel()
	set, err := rules.New(formConfig(),
		rules.Rule[Form, rules.Text]{Name: "list", When: rules.When[Form]("total > 1 and\n (asked and 1 < csatRank < 5)", "consent or asked")},
		exprRule("or", "consent or asked and total > 1"),
		goRule("go", func(context.Context, *Form) (bool, error) { return true, nil }),
		rules.Rule[Form, rules.Text]{Name: "off", Mode: rules.Off, When: rules.When[Form]("not (asked and consent)")},
	)
	require.NoError(t, err)
	assert.Equal(t, []rules.PartInfo{
		{Text: "total > 1", Line: 1, Column: 1},
		{Text: "asked", Line: 2, Column: 3},
		{Text: "1 < csatRank", Line: 2, Column: 13},
		{Text: "csatRank < 5", Line: 2, Column: 17},
		{Text: "consent or asked", Line: 1, Column: 1},
	}, set.Parts(0))
	assert.Equal(t, []rules.PartInfo{{Text: "consent or asked and total > 1", Line: 1, Column: 1}}, set.Parts(1))
	assert.Empty(t, set.Parts(2))
	assert.Equal(t, []rules.PartInfo{{Text: "not (asked and consent)", Line: 1, Column: 1}}, set.Parts(3))
}

// TestAuditsThatEnd has contexts that end before and meanwhile, and no input.
func TestAuditsThatEnd(t *testing.T) {
	t.Parallel()
	for _, hit := range []rules.Hit{rules.Collect, rules.First} {
		cfg := formConfig()
		cfg.Hit = hit
		var cancel context.CancelFunc
		list := append(mixedRules(), exprRule("off", "true"), goRule("ends", func(context.Context, *Form) (bool, error) {
			cancel()
			return false, nil
		}), exprRule("behind", "total > 900"))
		list[8].Mode = rules.Off
		set, err := rules.New(cfg, list...)
		require.NoError(t, err)
		for _, endsIn := range []string{"before", "first", "third", "never"} {
			end := func(m rules.Match[Form, rules.Text]) error {
				if m.Name() == endsIn {
					cancel()
				}
				return nil
			}
			for _, in := range []*Form{fullForm(), nil} {
				var ctx context.Context
				begin := func() context.Context {
					ctx, cancel = context.WithCancel(t.Context())
					if endsIn == "before" {
						cancel()
					}
					return ctx
				}
				audits := set.Auditor().Audit(begin(), in, end)
				cancel()
				trace := set.ExplainEach(begin(), in, end)
				cancel()
				require.Len(t, audits, len(trace.Rules))
				for i, told := range trace.Rules {
					assert.Equal(t, told.Outcome, audits[i].Outcome, "%s %s", endsIn, told.Name)
					assert.Equal(t, textOf(told.Err), textOf(audits[i].Err), "%s %s", endsIn, told.Name)
				}
			}
		}
	}
}

// TestAuditorsOfOneSet has several goroutines with an auditor each.
func TestAuditorsOfOneSet(t *testing.T) {
	t.Parallel()
	r := random(1, 77)
	cfg := rules.Config{Vars: vars(), Functions: functions()}
	set := newSet(t, cfg, auditable(t, r, cfg, 40))
	inputs := make([]*In, 20)
	want := make([][]rules.RuleAudit, len(inputs))
	one := set.Auditor()
	for i := range inputs {
		p := payloads{Rand: r}
		in, err := p.input(p.next())
		require.NoError(t, err)
		inputs[i] = lengthened(r, in)
		want[i] = slices.Clone(one.Audit(t.Context(), inputs[i], spoiled))
	}
	done := make(chan string)
	for range 4 {
		go func() {
			auditor, wrong := set.Auditor(), ""
			for i, in := range inputs {
				for k, got := range auditor.Audit(t.Context(), in, spoiled) {
					if got.Outcome != want[i][k].Outcome || got.Short != want[i][k].Short {
						wrong = fmt.Sprint(i, " ", k, " ", got)
					}
				}
			}
			done <- wrong
		}()
	}
	for range 4 {
		assert.Empty(t, <-done)
	}
}

// TestAuditAllocatesNothing has rules that do not fire, for reasons of every
// sort, direct and as programs.
func TestAuditAllocatesNothing(t *testing.T) {
	set := formSet(t, "csatRank > 3 and total > 900", "total > 900 and total > 901", `answer("x") == "none"`, "agentName == \"nobody\"", "len(questionWithAnswers) > 100 and csatRank == 1")
	auditor, in := set.Auditor(), fullForm()
	use := func(rules.Match[Form, rules.Text]) error { return nil }
	auditor.Audit(t.Context(), in, use)
	assert.Zero(t, testing.AllocsPerRun(100, func() { auditor.Audit(t.Context(), in, use) }))
}

func BenchmarkAudit(b *testing.B) {
	r := random(1, 78)
	cfg := rules.Config{Vars: vars(), Functions: functions()}
	var list []rules.Rule[In, int]
	for i := range 1000 {
		list = append(list, rules.Rule[In, int]{Name: fmt.Sprint(i), When: rules.When[In](fmt.Sprintf("skillName == \"skill %d\" and csatRank <= 3", i))})
	}
	set, err := rules.New(cfg, list...)
	require.NoError(b, err)
	p := payloads{Rand: r}
	in, err := p.input(p.next())
	require.NoError(b, err)
	auditor := set.Auditor()
	b.ReportAllocs()
	for b.Loop() {
		auditor.Audit(context.Background(), in, func(rules.Match[In, int]) error { return nil })
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1000, "ns/rule")
}

// TestAuditOfConditionsThatFail has a condition that fails behind one that is
// unknown: it is unknown as well, even where its opposite does not fail.
func TestAuditOfConditionsThatFail(t *testing.T) {
	t.Parallel()
	const fails = "(asked or 1 / (total - 7) > 1) and total > 100"
	set, err := rules.New(formConfig(),
		rules.Rule[Form, rules.Text]{Name: "behind", When: rules.When[Form]("csatRank == 3", fails)},
		rules.Rule[Form, rules.Text]{Name: "in-front", When: rules.When[Form](fails, "csatRank == 3")},
		rules.Rule[Form, rules.Text]{Name: "false", When: rules.When[Form]("csatRank == 3", fails, "total == 0")},
	)
	require.NoError(t, err)
	in := &Form{Total: 7}
	use := func(rules.Match[Form, rules.Text]) error { return nil }
	trace, audits := set.ExplainEach(t.Context(), in, use), set.Auditor().Audit(t.Context(), in, use)
	for i, want := range []rules.Outcome{rules.Skipped, rules.Failed, rules.NotFired} {
		assert.Equal(t, want, trace.Rules[i].Outcome)
		assert.Equal(t, want, audits[i].Outcome)
		assert.Equal(t, -1, audits[i].Short)
	}
}
