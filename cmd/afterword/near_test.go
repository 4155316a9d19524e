package main

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/afterword-go/afterword/rules"
)

func TestMiss(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, read, value string
		want              string // of a part that is false and should be true
	}{
		{"x <= 3", "x", "4", "1 too high"},
		{"x < 3", "x", "3", "1 too high"},
		{"x < 3", "x", "5", "3 too high"},
		{"x >= 3", "x", "1", "2 too low"},
		{"x > 3", "x", "3", "1 too low"},
		{"x == 3", "x", "1", "2 too low"},
		{"x == 3", "x", "4", "1 too high"},
		{"x != 3", "x", "3", ""},
		{"3 >= x", "x", "4", "1 too high"},
		{"3 == x", "x", "4", "1 too high"},
		{"x<=3", "x", "4", "1 too high"},
		{"x <= -3", "x", "-1", "2 too high"},
		{"x <= 2.3", "x", "2.5", "0.2 too high"},
		{"x < 2.5", "x", "2.5", "just too high"},
		{"x > 2.5", "x", "2.5", "just too low"},
		{"x in 1..3", "x", "5", "2 too high"},
		{"x in -1 .. 3", "x", "-2", "1 too low"},
		{"x in 1..3", "y", "5", ""},
		{"x in [1, 2]", "x", "5", ""},
		{"(x ?? 3) <= 3", "x", "4", ""},
		{"x + 1 <= 3", "x", "4", ""},
		{"len(x) <= 3", "x", "4", ""},
		{"x <= vars.limit", "x", "4", ""},
		{"x <= 3", "x", `"4"`, ""},
		{"x <= 1e3", "x", "4000", ""},
		{"x <= 3", "x", "99999999999999999999", ""},
		{`x == "a <= 3"`, "x", "4", ""},
	} {
		r := rules.Read{Text: c.read, Value: c.value}
		p := rules.Part{Text: c.text, Truth: rules.False, Reads: []rules.Read{r}}
		assert.Equal(t, c.want, wishTrue.miss(p, r), "%s with %s", c.text, c.value)
		assert.Empty(t, wishNone.miss(p, r))
		p.Truth = rules.True // as it should be
		assert.Empty(t, wishTrue.miss(p, r))
	}
}

func TestMissOfTwoFields(t *testing.T) {
	t.Parallel()
	p := rules.Part{Text: "a <= b", Truth: rules.False, Reads: []rules.Read{{Text: "a", Value: "5"}, {Text: "b", Value: "3"}}}
	assert.Equal(t, "2 too high", wishTrue.miss(p, p.Reads[0]))
	assert.Equal(t, "2 too low", wishTrue.miss(p, p.Reads[1]))
}

func TestWishes(t *testing.T) {
	t.Parallel()
	part := func(text string, parts ...string) rules.Part {
		p := rules.Part{Text: text}
		for _, side := range parts {
			p.Parts = append(p.Parts, rules.Part{Text: side})
		}
		return p
	}
	for _, c := range []struct {
		part rules.Part
		want wish // of the parts, when the whole should be true
	}{
		{part("", "a", "b"), wishTrue},
		{part("a and b", "a", "b"), wishTrue},
		{part("(a)  &&\n(b)", "a", "b"), wishTrue},
		{part("a or b", "a", "b"), wishTrue},
		{part("1 <= x <= 2", "1 <= x", "x <= 2"), wishTrue},
		{part("not a", "a"), wishFalse},
		{part("not (a)", "a"), wishFalse},
		{part("!a", "a"), wishFalse},
		{part("a == b", "a", "b"), wishNone},
		{part("!a == true", "!a"), wishNone},
		{part("a ? b : c", "a", "b", "c"), wishNone},
		{part("(a > 1) ?? true", "a > 1"), wishNone},
	} {
		assert.Equal(t, c.want, wishTrue.of(c.part), c.part.Text)
		assert.Equal(t, wishNone, wishNone.of(c.part))
	}
	assert.Equal(t, wishTrue, wishFalse.of(part("not a", "a")))
}

func TestNearness(t *testing.T) {
	t.Parallel()
	sides := []rules.Part{{Text: "a", Truth: rules.True}, {Text: "b", Truth: rules.False}, {Text: "c", Truth: rules.Unknown}}
	trace := rules.RuleTrace{Outcome: rules.NotFired, Condition: rules.Part{Text: "a and b and c", Parts: sides}}
	assert.Equal(t, "1 of 3 parts holds", nearnessOf(trace).String())
	trace.Outcome = rules.Skipped
	assert.Equal(t, &nearness{1, 3}, nearnessOf(trace))
	for _, outcome := range []rules.Outcome{rules.Fired, rules.Failed, rules.SwitchedOff, rules.NotReached} {
		trace.Outcome = outcome
		assert.Nil(t, nearnessOf(trace), outcome)
	}
	trace.Outcome, trace.Condition.Text = rules.NotFired, "a or b or c"
	assert.Nil(t, nearnessOf(trace))
}

// A number that is moved by its distance meets the comparison, and one that is
// moved by a little less does not.
func TestDistanceIsTheShortest(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	holds := func(x int, op string, bound int) bool {
		return map[string]bool{"<=": x <= bound, "<": x < bound, ">=": x >= bound, ">": x > bound, "==": x == bound}[op]
	}
	for range 5000 {
		x, bound := random.IntN(20)-10, random.IntN(20)-10
		op := []string{"<=", "<", ">=", ">", "=="}[random.IntN(5)]
		want := ""
		for step := 1; !holds(x, op, bound) && want == ""; step++ {
			switch {
			case holds(x-step, op, bound):
				want = strconv.Itoa(step) + " too high"
			case holds(x+step, op, bound):
				want = strconv.Itoa(step) + " too low"
			}
		}
		got := distance(big.NewRat(int64(x), 1), op, big.NewRat(int64(bound), 1))
		assert.Equal(t, want, got, fmt.Sprintf("%d %s %d", x, op, bound))
	}
}
