package rules_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

type formRule = rules.Rule[Form, rules.Text]

func goRule(name string, holds func(context.Context, *Form) (bool, error)) formRule {
	return formRule{Name: name, When: rules.WhenFunc(holds), Then: "text"}
}

func exprRule(name, condition string) formRule {
	return formRule{Name: name, When: rules.When[Form](condition), Then: "text"}
}

// outcomes lists what a set yields: names of rules and errors.
func outcomes(ctx context.Context, set *rules.Set[Form, rules.Text], in *Form) []string {
	var got []string
	for match, err := range set.Matches(ctx, in) {
		if err != nil {
			got = append(got, err.Error())
		} else {
			got = append(got, match.Name())
		}
	}
	return got
}

func mixedRules() []formRule {
	return []formRule{
		exprRule("no", "csatRank > 3"),
		exprRule("skipped", "csatRank != 5 and asked and agentName == nil"),
		exprRule("zero", "1 / (total - 7) > 1"),
		goRule("error", func(context.Context, *Form) (bool, error) { return true, errBroken }),
		exprRule("first", "csatRank <= 3"),
		goRule("second", func(_ context.Context, in *Form) (bool, error) { return in.Total == 7, nil }),
		goRule("never", func(context.Context, *Form) (bool, error) { return false, nil }),
		exprRule("third", "true"),
	}
}

const (
	zeroError   = `1:1: rule "zero": divides by zero`
	brokenError = `rule "error": its Go function failed: the service is down`
)

func TestRulesAreDecidedInOrder(t *testing.T) {
	cfg := formConfig()
	all, err := rules.New(cfg, mixedRules()...)
	require.NoError(t, err)
	cfg.Hit = rules.First
	one, err := rules.New(cfg, mixedRules()...)
	require.NoError(t, err)
	in := fullForm()

	assert.Equal(t, []string{zeroError, brokenError, "first", "second", "third"}, outcomes(t.Context(), all, in))
	assert.Equal(t, []string{zeroError, brokenError, "first"}, outcomes(t.Context(), one, in))
	assert.Equal(t, []string{"no", "skipped", "zero", "error", "first", "second", "never", "third"}, ruleNames(all.Rules()))
	for range all.Rules() {
		break
	}
	assert.Equal(t, 8, all.Len())
	assert.Equal(t, rules.Collect, all.Hit())
	assert.Equal(t, rules.First, one.Hit())
	assert.Equal(t, "collect first", all.Hit().String()+" "+one.Hit().String())

	for _, set := range []*rules.Set[Form, rules.Text]{all, one} {
		match, found, err := set.First(t.Context(), in)
		assert.Equal(t, zeroError+"\n"+brokenError, err.Error())
		assert.True(t, found)
		assert.Equal(t, "first", match.Name())
	}
	none, err := rules.New(cfg, mixedRules()[:3]...)
	require.NoError(t, err)
	match, found, err := none.First(t.Context(), in)
	assert.EqualError(t, err, zeroError)
	assert.False(t, found)
	assert.Empty(t, match.Name())

	empty, err := rules.New[Form, rules.Text](cfg)
	require.NoError(t, err)
	assert.Empty(t, outcomes(t.Context(), empty, in))
	assert.Empty(t, empty.Explain(t.Context(), in).Rules)
}

func TestIterationEndsWhenTheCallerStops(t *testing.T) {
	calls := 0
	counted := func(name string) formRule {
		return goRule(name, func(context.Context, *Form) (bool, error) { calls++; return true, nil })
	}
	set, err := rules.New(formConfig(), counted("a"), counted("b"), exprRule("zero", "1 / (total - 7) > 1"), counted("c"))
	require.NoError(t, err)
	for match, err := range set.Matches(t.Context(), fullForm()) {
		require.NoError(t, err)
		assert.Equal(t, "a", match.Name())
		break
	}
	assert.Equal(t, 1, calls)
	for _, err := range set.Matches(t.Context(), fullForm()) {
		if err != nil {
			break
		}
	}
	assert.Equal(t, 3, calls)
}

func TestEachGoesOnBehindErrors(t *testing.T) {
	sound := func(names *[]string) func(rules.Match[Form, rules.Text]) error {
		return func(m rules.Match[Form, rules.Text]) error {
			*names = append(*names, m.Name())
			switch m.Name() {
			case "first":
				return fmt.Errorf("use: %w", context.DeadlineExceeded)
			case "second":
				panic("secret")
			case "third":
				_, err := m.Render("a text of no rule")
				return err
			}
			return nil
		}
	}
	for _, hit := range []rules.Hit{rules.Collect, rules.First} {
		cfg := formConfig()
		cfg.Hit = hit
		set, err := rules.New(cfg, append(mixedRules(), exprRule("sound", "true"), exprRule("last", "true"))...)
		require.NoError(t, err)
		var names []string
		err = set.Each(t.Context(), fullForm(), sound(&names))
		want := []string{"first", "second", "third", "sound", "last"}
		if hit == rules.First {
			want = want[:4]
		}
		assert.Equal(t, want, names)
		assert.Equal(t, []string{
			zeroError, brokenError, `rule "first": use: context deadline exceeded`, `rule "second": panicked`,
			`rule "third": the text is not one of this rule's outcome`,
		}, strings.Split(err.Error(), "\n"))
		assert.ErrorIs(t, err, errBroken)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
	}
	var placed *rules.RuleError
	set := formSet(t, "true")
	err := set.Each(t.Context(), fullForm(), func(rules.Match[Form, rules.Text]) error { return &rules.RuleError{Rule: "mine", Err: errBroken} })
	require.ErrorAs(t, err, &placed)
	assert.Equal(t, "mine", placed.Rule)
	require.NoError(t, set.Each(t.Context(), fullForm(), func(rules.Match[Form, rules.Text]) error { return nil }))
}

func TestPanicsOfGoFunctionsAreErrorsOfTheRule(t *testing.T) {
	var nothing *Form
	set, err := rules.New(formConfig(),
		goRule("panic", func(context.Context, *Form) (bool, error) { panic("secret") }),
		goRule("panic-nil", func(context.Context, *Form) (bool, error) { panic(nil) }), //nolint:govet // that is what is tested
		goRule("nil-pointer", func(context.Context, *Form) (bool, error) { return nothing.Consent, nil }),
		goRule("panic-error", func(context.Context, *Form) (bool, error) { panic(errBroken) }),
		exprRule("function", `panicking(note)`),
		exprRule("function-error", `broken(note) == "" or true`),
		exprRule("sound", "true"),
	)
	require.NoError(t, err)
	assert.Equal(t, []string{
		`rule "panic": panicked`, `rule "panic-nil": panicked`, `rule "nil-pointer": panicked`, `rule "panic-error": panicked`,
		`1:1: rule "function": the function panicking panicked`, `1:1: rule "function-error": the function broken failed: the service is down`, "sound",
	}, outcomes(t.Context(), set, fullForm()))
}

// secretForm has a marker in every value that a condition can read.
func secretForm() *Form {
	in := longForm()
	in.SkillName, in.AgentName, in.Note = "S3CRET-skill", new("S3CRET-agent"), "S3CRET"+in.Note
	in.Questions = []FormQuestion{{Question: "S3CRET-q", Answer: "S3CRET-a", Score: new(777001)}}
	in.Tags = []string{"S3CRET-t"}
	in.Total, in.Size, in.Price, in.CSATRank = 777002, 1<<63+777003, 777004.5, new(777005)
	in.Marks = slices.Repeat([]int{777006}, 1000)
	in.Idle = &FormIdle{Label: "S3CRET-label"}
	return in
}

func TestErrorsHoldNoValue(t *testing.T) {
	panics := func(what any) func(context.Context, *Form) (bool, error) {
		return func(context.Context, *Form) (bool, error) { panic(what) }
	}
	conditions := []string{
		"1 / (total - total) > 1", "total % (total - total) == 1", "total * total * total * total * total > 1", "-(0 - 9223372036854775807 - total) > 1", "size > 1",
		"sum(marks, # * 1000000000000) * 1000000 > 1", `panicking(note)`, `panicking(tags[0])`, "sum(marks, sum(marks, sum(marks, #))) > 1", "len(note + note + note + note + note + note) > 1",
		`join(map(marks, note), note) == ""`, "map(marks, # / (# - #))[0] > 1", "questionWithAnswers[0].score % (total - total) == 1", "marks[total - 777001] % (total - total) == 0",
		`note matches "(lorem|ipsum){35}$"`,
	}
	texts := []rules.Text{
		"${1 / (total - total)}", "${asked}", "${panicking(note)}", "${note}${note}${note}${note}${note}${note}", "${join(map(marks, note), note)}",
		"${answer(note)}", "${int(note)}", "${answer(skillName)} ${answer(agentName ?? note)}",
	}
	var list []formRule
	for i, condition := range conditions {
		list = append(list, exprRule(fmt.Sprintf("condition-%d", i), condition))
	}
	for i, text := range texts {
		list = append(list, formRule{Name: fmt.Sprintf("text-%d", i), When: rules.When[Form]("true"), Then: text})
	}
	list = append(list, goRule("string", panics("S3CRET")), goRule("number", panics(777001)), goRule("form", panics(secretForm())))
	set, err := rules.New(formConfig(), list...)
	require.NoError(t, err)
	in := secretForm()
	in.Asked = nil
	var failed []error
	failures := map[string]bool{}
	err = set.Each(t.Context(), in, func(m rules.Match[Form, rules.Text]) error {
		_, err := m.Render(m.Then())
		return err
	})
	for _, err := range err.(interface{ Unwrap() []error }).Unwrap() {
		var placed *rules.RuleError
		require.ErrorAs(t, err, &placed)
		failures[placed.Rule] = true
		failed = append(failed, err)
		for e := err; e != nil; e = errors.Unwrap(e) {
			for _, text := range []string{e.Error(), fmt.Sprintf("%v", e), fmt.Sprintf("%s", e)} {
				assert.NotContains(t, text, "S3CRET")
				assert.NotContains(t, text, "77700")
			}
		}
	}
	for _, name := range ruleNames(set.Rules()) {
		assert.True(t, failures[name], "%s did not fail", name)
	}
	for _, r := range set.Explain(t.Context(), in).Rules {
		if r.Err != nil {
			assert.NotContains(t, r.Err.Error(), "S3CRET")
			assert.NotContains(t, r.Err.Error(), "77700")
		}
	}
	assert.Len(t, failed, set.Len())
}

func TestContextThatHasEnded(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	set := formSet(t, "true", "true")
	assert.Equal(t, []string{"context canceled"}, outcomes(ctx, set, fullForm()))
	_, found, err := set.First(ctx, fullForm())
	assert.False(t, found)
	assert.ErrorIs(t, err, context.Canceled)
	assert.ErrorIs(t, set.Each(ctx, fullForm(), func(rules.Match[Form, rules.Text]) error { return nil }), context.Canceled)
	trace := set.Explain(ctx, fullForm())
	for _, r := range trace.Rules {
		assert.Equal(t, "failed: context canceled", r.Reason())
	}
}

func TestContextThatEndsStopsALongLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		turns := 0
		cfg := rules.Config{Functions: []rules.Function{rules.Func("turn", func(n int) int {
			if turns++; turns == 10 {
				cancel()
			}
			return n
		})}}
		set, err := rules.New(cfg, exprRule("long", "sum(marks, sum(marks, turn(1))) > 0"))
		require.NoError(t, err)
		_, _, err = set.First(ctx, longForm())
		require.ErrorIs(t, err, context.Canceled)
		assert.Less(t, turns, 5000)

		ctx, cancel = context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		slow, err := rules.New(rules.Config{}, goRule("slow", func(ctx context.Context, _ *Form) (bool, error) {
			<-ctx.Done()
			return false, ctx.Err()
		}))
		require.NoError(t, err)
		_, _, err = slow.First(ctx, fullForm())
		assert.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

func TestManyRulesAskTheContextNowAndThen(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var list []formRule
	for i := range 200 {
		list = append(list, goRule(fmt.Sprintf("rule-%d", i), func(context.Context, *Form) (bool, error) { return true, nil }))
	}
	set, err := rules.New(rules.Config{}, list...)
	require.NoError(t, err)
	var got []string
	for match, err := range set.Matches(ctx, fullForm()) {
		if got = append(got, match.Name()); err != nil {
			assert.Equal(t, context.Canceled, err)
		}
		cancel()
	}
	assert.Less(t, len(got), 70)
}

func TestNilInput(t *testing.T) {
	set := formSet(t, "true", "true")
	assert.Equal(t, []string{"rules: the input is nil"}, outcomes(t.Context(), set, nil))
	_, found, err := set.First(t.Context(), nil)
	assert.False(t, found)
	assert.EqualError(t, err, "rules: the input is nil")
	assert.EqualError(t, set.Each(t.Context(), nil, nil), "rules: the input is nil")
	for _, r := range set.Explain(t.Context(), nil).Rules {
		assert.Equal(t, "failed: rules: the input is nil", r.Reason())
	}
}

// TestSetIsSharedByGoroutines decides, renders and explains from 64
// goroutines, each with an input of its own.
func TestSetIsSharedByGoroutines(t *testing.T) {
	set, err := rules.New(formConfig(),
		formRule{Name: "rank", When: rules.When[Form]("csatRank < 100 and any(questionWithAnswers, .score > 0) and ieq(note, lower(note))"), Then: "${csatRank} by ${note}"},
		formRule{Name: "failing", When: rules.When[Form]("1 / (csatRank - 1) > 1000"), Then: "x"},
		goRule("go", func(_ context.Context, in *Form) (bool, error) { return *in.CSATRank%2 == 0, nil }),
	)
	require.NoError(t, err)
	var group sync.WaitGroup
	for g := range 64 {
		group.Go(func() {
			in := fullForm()
			in.CSATRank, in.Note = new(g), fmt.Sprintf("agent %d", g)
			for range 20 {
				var names []string
				for match, err := range set.Matches(t.Context(), in) {
					if err != nil {
						assert.Equal(t, 1, g)
						continue
					}
					names = append(names, match.Name())
					if match.Name() == "rank" {
						text, err := match.Render(match.Then())
						assert.NoError(t, err)
						assert.Equal(t, fmt.Sprintf("%d by agent %d", g, g), text)
					}
				}
				want := []string{"rank", "go"}
				if g%2 == 1 {
					want = want[:1]
				}
				assert.Equal(t, want, names)
				trace := set.Explain(t.Context(), in)
				assert.Equal(t, rules.Fired, trace.Rules[0].Outcome)
			}
		})
	}
	group.Wait()
}

// TestConditionMayAskAnotherSet decides a set within the decision of another.
func TestConditionMayAskAnotherSet(t *testing.T) {
	inner := formSet(t, "csatRank <= 3")
	outer, err := rules.New(formConfig(), exprRule("before", "total == 7"), goRule("within", func(ctx context.Context, in *Form) (bool, error) {
		_, found, err := inner.First(ctx, in)
		return found, err
	}), exprRule("behind", "total == 7"))
	require.NoError(t, err)
	assert.Equal(t, []string{"before", "within", "behind"}, outcomes(t.Context(), outer, fullForm()))
}

func ruleNames(list iter.Seq[rules.RuleInfo]) []string {
	var names []string
	for r := range list {
		names = append(names, r.Name)
	}
	return names
}
