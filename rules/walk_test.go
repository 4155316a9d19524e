package rules_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

// askedContext counts how often it is asked whether it has ended.
type askedContext struct {
	context.Context
	asked, left int // it ends when it was asked so often
}

func (c *askedContext) Err() error {
	if c.asked++; c.asked > c.left {
		return context.Canceled
	}
	return nil
}

// TestContextIsAskedBehindMuchWork has rules that take long, in front of others
// and behind them: the context is asked behind each, however it was before.
func TestContextIsAskedBehindMuchWork(t *testing.T) {
	t.Parallel()
	cheap, heavy := "total % 2 == 5", strings.Repeat("sum(marks, #) + ", 15)+"total == 0.5"
	const within = 3 // how often a program of 15,000 steps asks
	for name, of := range map[string]struct {
		rule  formRule
		asked int // beside what is asked within a rule
	}{
		"in Go":            {goRule("go", func(context.Context, *Form) (bool, error) { return false, nil }), 1},
		"in Go and broken": {goRule("go", func(context.Context, *Form) (bool, error) { return false, errBroken }), 1},
		"heavy":            {exprRule("heavy", heavy), 1 + within},
		"heavy, and fires": {exprRule("heavy", strings.ReplaceAll(heavy, "==", "!=")), 1 + within},
		"looked up":        {exprRule("heavy", `skillName == "care" and `+heavy), 1 + within},
	} {
		for _, front := range []int{0, 1, 3} {
			var list []formRule
			for i := range front {
				list = append(list, exprRule(fmt.Sprint("cheap-", i), cheap))
			}
			for i := range 8 {
				rule := of.rule
				rule.Name = fmt.Sprint(rule.Name, "-", i)
				list = append(list, rule)
			}
			if name == "looked up" { // worth an index
				for i := range 300 {
					list = append(list, exprRule(fmt.Sprint("other-", i), fmt.Sprintf("skillName == 'skill %d'", i)))
				}
			}
			set, err := rules.New(rules.Config{Functions: formFunctions()}, list...)
			require.NoError(t, err)
			assert.Equal(t, name == "looked up", set.Indexed())
			in := longForm()
			in.SkillName = "care"
			ctx := &askedContext{Context: t.Context(), left: 1 << 30}
			for range set.Matches(ctx, in) {
			}
			assert.GreaterOrEqual(t, ctx.asked, of.asked*8, "%s, behind %d", name, front)
			ctx = &askedContext{Context: t.Context(), left: 5}
			var last error
			for _, err := range set.Matches(ctx, in) {
				last = err
			}
			assert.Equal(t, context.Canceled, last, "%s, behind %d", name, front)
		}
	}
}

// TestContextIsAskedSeldom has many rules that take no time: the context is
// asked now and then.
func TestContextIsAskedSeldom(t *testing.T) {
	t.Parallel()
	var list []formRule
	for i := range 640 {
		list = append(list, exprRule(fmt.Sprint("r-", i), []string{"total > 5", "total % 2 == 5"}[i%2]))
	}
	set, err := rules.New(rules.Config{}, list...)
	require.NoError(t, err)
	ctx := &askedContext{Context: t.Context(), left: 1 << 30}
	for range set.Matches(ctx, fullForm()) {
	}
	assert.GreaterOrEqual(t, ctx.asked, 10)
	assert.LessOrEqual(t, ctx.asked, 20)
}

// TestWaysToTakeMatches takes the same matches in every way that Go has.
func TestWaysToTakeMatches(t *testing.T) {
	t.Parallel()
	for _, hit := range []rules.Hit{rules.Collect, rules.First} {
		for _, conditions := range [][]string{
			{"true"}, {"total > 1", "1 / (total - 7) > 1", "total > 2", "false", "asked"}, {"total % 2 == 1"}, {"false"},
		} {
			var list []formRule
			for i, c := range conditions {
				list = append(list, exprRule(fmt.Sprint("r-", i), c))
			}
			set, err := rules.New(rules.Config{Hit: hit, Functions: formFunctions()}, list...)
			require.NoError(t, err)
			in := fullForm()
			say := func(m rules.Match[Form, rules.Text], err error) string { return fmt.Sprint(m.Name(), " ", err) }
			var want []string
			for m, err := range set.Matches(t.Context(), in) {
				want = append(want, say(m, err))
			}
			matches := set.Matches(t.Context(), in)
			for range 2 { // an iterator begins anew
				var got []string
				next, stop := iter.Pull2(matches)
				for m, err, ok := next(); ok; m, err, ok = next() {
					got = append(got, say(m, err))
				}
				stop()
				assert.Equal(t, want, got)
			}
			for stopAt := range want { // and ends where the loop does
				var got []string
				for m, err := range matches {
					if got = append(got, say(m, err)); len(got) == stopAt+1 {
						break
					}
				}
				assert.Equal(t, want[:stopAt+1], got)
			}
			var nested [][]string
			for range matches {
				var inner []string
				for m, err := range matches {
					inner = append(inner, say(m, err))
				}
				nested = append(nested, inner)
			}
			for _, inner := range nested {
				assert.Equal(t, want, inner)
			}
			assert.Len(t, nested, len(want))
		}
	}
}

// TestLoopsThatPanic leaves the loop over matches by a panic: the set decides as
// before.
func TestLoopsThatPanic(t *testing.T) {
	t.Parallel()
	set, err := rules.New(rules.Config{}, exprRule("a", "total % 2 == 1"), exprRule("b", "total > 1"))
	require.NoError(t, err)
	for range 3 {
		assert.PanicsWithError(t, "out", func() {
			for range set.Matches(t.Context(), fullForm()) {
				panic(errors.New("out"))
			}
		})
		m, found, err := set.First(t.Context(), fullForm())
		assert.NoError(t, err)
		assert.True(t, found)
		assert.Equal(t, "a", m.Name())
	}
}

// A Chain is an outcome that may lead back to itself.
type Chain struct {
	Text rules.Text     `json:"text"`
	Next *Chain         `json:"next"`
	List []any          `json:"list"`
	Map  map[string]any `json:"map"`
	Back *Chain         `json:"-"`
}

func TestOutcomesThatLeadBack(t *testing.T) {
	t.Parallel()
	load := func(then *Chain) error {
		_, err := rules.New(rules.Config{}, rules.Rule[Form, *Chain]{Name: "r", When: rules.When[Form]("true"), Then: then})
		return err
	}
	twice := &Chain{Text: "a"}
	assert.NoError(t, load(&Chain{Next: twice, List: []any{twice, twice}, Map: map[string]any{"x": twice}}))
	hidden := &Chain{}
	hidden.Back = hidden
	assert.NoError(t, load(hidden))

	next, list, group := &Chain{}, &Chain{List: make([]any, 1)}, &Chain{Map: map[string]any{}}
	next.Next = &Chain{Next: next}
	list.List[0] = list.List
	group.Map["x"] = group.Map
	for name, then := range map[string]*Chain{"pointer": next, "list": list, "map": group} {
		assert.ErrorContains(t, load(then), "its outcome leads back to itself", name)
	}
}
