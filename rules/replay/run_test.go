package replay_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/rules/replay"
)

// A form is what the rules of these tests read.
type form struct {
	Rank  *int   `json:"rank"`
	Total int    `json:"total"`
	Skill string `json:"skill,omitempty"`
	Asked *bool  `json:"asked"`
}

// An answer is what they lead to.
type answer struct {
	To rules.Text `json:"to"`
}

func decodeForm(line []byte) (*form, error) {
	f := new(form)
	if json.Unmarshal(line, f) != nil {
		return nil, errors.New("is no form")
	}
	return f, nil
}

func to(text rules.Text) []answer { return []answer{{text}} }

type formRule = rules.Rule[form, []answer]

func formSet(t *testing.T, cfg rules.Config, list ...formRule) *rules.Set[form, []answer] {
	t.Helper()
	set, err := rules.New(cfg, list...)
	require.NoError(t, err)
	return set
}

func randomRules(r *rand.Rand) []formRule {
	part := func() string {
		parts := []string{"rank <= 3", "rank == 5", "total > 4", "1 / total > 0", `skill == "a"`, `skill matches "^b"`, "asked", "not asked", "asked or rank > 2", "rank == nil"}
		return parts[r.IntN(len(parts))]
	}
	list := make([]formRule, 1+r.IntN(12))
	for i := range list {
		text := part()
		for range r.IntN(3) {
			text += " and " + part()
		}
		list[i] = formRule{Name: fmt.Sprintf("rule-%d", i), When: rules.When[form](text), Then: to("x${total}@${skill}")}
		switch r.IntN(6) {
		case 0:
			list[i].Mode = rules.Shadow
		case 1:
			list[i].Mode = rules.Off
		case 2:
			list[i].Then = append(to("x@y"), to("y@z")...)
		case 3:
			list[i].When = rules.WhenFunc(func(_ context.Context, f *form) (bool, error) {
				if f.Total == 7 {
					return false, errors.New("seven")
				}
				return f.Total > 7, nil
			})
		}
	}
	return list
}

func randomLine(r *rand.Rand) string {
	some := func(text string) string {
		if r.IntN(4) == 0 {
			return ""
		}
		return text
	}
	switch r.IntN(20) {
	case 0:
		return ""
	case 1:
		return "{"
	}
	fields := []string{some(fmt.Sprintf(`"rank":%d`, 1+r.IntN(5))), fmt.Sprintf(`"total":%d`, r.IntN(9)), some(fmt.Sprintf(`"skill":%q`, string(rune('a'+r.IntN(4))))), some(fmt.Sprintf(`"asked":%v`, r.IntN(2) == 0))}
	fields = append([]string{}, fields...)
	var kept []string
	for _, f := range fields {
		if f != "" {
			kept = append(kept, f)
		}
	}
	return "{" + strings.Join(kept, ",") + "}"
}

func domain(v any) string {
	_, after, _ := strings.Cut(v.(map[string]any)["to"].(string), "@")
	return after
}

// TestTotalsAreThoseOfALoop has random rules and lines.
func TestTotalsAreThoseOfALoop(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	for range 12 {
		set := formSet(t, rules.Config{Hit: rules.Hit(r.IntN(2))}, randomRules(r)...)
		lines := make([]string, r.IntN(700))
		for i := range lines {
			lines[i] = randomLine(r)
		}
		keep := 1 + r.IntN(20)
		var written bytes.Buffer
		progress := 0
		got, err := replay.Run(t.Context(), strings.NewReader(strings.Join(lines, "\n")), replay.Of(set, rules.Tester[form, []answer]{}), replay.Config[form, any]{
			Reading: replay.Reading[form]{Decode: decodeForm, Workers: 1 + r.IntN(4)}, Group: domain, KeepErrors: keep,
			Append: appendLine, Output: &written,
			Progress: func(events int) { assert.GreaterOrEqual(t, events, progress); progress = events },
		})
		require.NoError(t, err)
		want := looped(t, set, lines, keep)
		require.Equal(t, normal(want), normal(got))
		assert.Equal(t, want.Events+want.Unreadable, progress)
		assert.Equal(t, writtenLines(t, set, lines), written.String())
	}
}

// normal drops the difference between no list and an empty one.
func normal(s *replay.Summary) string {
	text, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		panic(err)
	}
	return strings.NewReplacer("[]", "null", "{}", "null").Replace(string(text))
}

func appendLine(dst []byte, line replay.Line[form], d replay.Decision[any]) []byte {
	if line.Err != nil {
		return fmt.Appendf(dst, "%d %s %v %v\n", line.Number, line.Err, d.Rules, d.Outcomes)
	}
	dst = fmt.Appendf(dst, "%d %d", line.Number, line.Event.Total)
	for i, a := range d.Rules {
		if a.Outcome == rules.Fired {
			dst = fmt.Appendf(dst, " %d", i)
		}
	}
	for _, o := range d.Outcomes {
		dst = fmt.Appendf(dst, " %d:%s", o.Rule, o.Value.(map[string]any)["to"])
	}
	return append(dst, '\n')
}

// TestEmptyEventsAreCounted has many lines, in several batches.
func TestEmptyEventsAreCounted(t *testing.T) {
	t.Parallel()
	set := formSet(t, rules.Config{}, formRule{Name: "a", When: rules.When[form]("total > 1"), Then: to("a@a")})
	lines := strings.Repeat(`{"total":1}`+"\n", 700) + "{\n" + strings.Repeat("{}\n", 1500)
	for _, empty := range []func(*form) bool{func(f *form) bool { return f.Total == 0 }, nil} {
		got, err := replay.Run(t.Context(), strings.NewReader(lines), replay.Of(set, rules.Tester[form, []answer]{}), replay.Config[form, any]{Reading: replay.Reading[form]{Empty: empty}})
		require.NoError(t, err)
		want := []int{2200, 1500, 702}
		if empty == nil {
			want = []int{2200, 0, 0}
		}
		assert.Equal(t, want, []int{got.Events, got.Empty, got.FirstEmpty})
	}
}

// TestInterruptedRun wants the summary to be that of the lines that were written.
func TestInterruptedRun(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	for range 2 {
		set := formSet(t, rules.Config{}, randomRules(r)...)
		lines := make([]string, 8000)
		for i := range lines {
			lines[i] = randomLine(r)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var written bytes.Buffer
		got, err := replay.Run(ctx, strings.NewReader(strings.Join(lines, "\n")), replay.Of(set, rules.Tester[form, []answer]{}), replay.Config[form, any]{
			Reading: replay.Reading[form]{Decode: decodeForm}, Group: domain, Append: appendLine, Output: &written,
			Progress: func(events int) {
				if events > 900 {
					cancel()
				}
			},
		})
		cancel()
		require.ErrorIs(t, err, context.Canceled)
		whole := writtenLines(t, set, lines)
		assert.True(t, strings.HasPrefix(whole, written.String()))
		assert.Less(t, written.Len(), len(whole))
		last := 0
		for line := range strings.Lines(written.String()) {
			_, err := fmt.Sscan(line, &last)
			require.NoError(t, err)
		}
		assert.Equal(t, normal(looped(t, set, lines[:last], 10)), normal(got))
	}
}

// refuses takes some writes and refuses the next.
type refuses struct{ after int }

func (w *refuses) Write(p []byte) (int, error) {
	if w.after--; w.after < 0 {
		return 0, errDisk
	}
	return len(p), nil
}

func TestOutputThatFails(t *testing.T) {
	t.Parallel()
	set := formSet(t, rules.Config{}, formRule{Name: "all", When: rules.When[form]("true"), Then: to("a@b")})
	got, err := replay.Run(t.Context(), strings.NewReader(strings.Repeat("{}\n", 10_000)), replay.Of(set, rules.Tester[form, []answer]{}), replay.Config[form, any]{Append: appendLine, Output: &refuses{after: 2}})
	require.ErrorIs(t, err, errDisk)
	assert.Less(t, got.Events, 10_000)
	assert.Equal(t, got.Events, got.Rules[0].Fired)

	got, err = replay.Run(t.Context(), strings.NewReader("{}\n"), replay.Of(set, rules.Tester[form, []answer]{}), replay.Config[form, any]{Append: appendLine, Output: &refuses{}})
	require.ErrorIs(t, err, errDisk)
	assert.Zero(t, got.Events, "what was not written is not counted")
}

// TestGroupsAreBounded crosses the bound of groups, all in one batch and in many.
func TestGroupsAreBounded(t *testing.T) {
	t.Parallel()
	set := formSet(t, rules.Config{}, formRule{Name: "all", When: rules.When[form]("true"), Then: to("a@${total}")}, formRule{Name: "again", When: rules.When[form]("total > 500"), Then: to("b@${total}")})
	run := func(n int) *replay.Summary {
		var lines strings.Builder
		for range 2 {
			for i := range n {
				fmt.Fprintf(&lines, `{"total":%d}`+"\n", i)
			}
		}
		got, err := replay.Run(t.Context(), strings.NewReader(lines.String()), replay.Of(set, rules.Tester[form, []answer]{}), replay.Config[form, any]{Group: domain})
		require.NoError(t, err)
		return got
	}
	got := run(replay.MaxGroups)
	assert.Len(t, got.Groups.Counts, replay.MaxGroups)
	assert.Zero(t, got.Groups.Others)
	got = run(replay.MaxGroups + 1)
	assert.Len(t, got.Groups.Counts, replay.MaxGroups)
	assert.Equal(t, 4, got.Groups.Others)
	assert.Equal(t, 2, got.Rules[0].Groups.Others)
	assert.Zero(t, got.Rules[1].Groups.Others)
}

// TestGroupsAreThoseThatComeFirst has lines in batches of all sizes, with more
// groups than are named: the same ones are, whatever the batches.
func TestGroupsAreThoseThatComeFirst(t *testing.T) {
	t.Parallel()
	set := formSet(t, rules.Config{}, formRule{Name: "all", When: rules.When[form]("true"), Then: append(to("a@${total}"), to("b@${total}x")...)})
	var lines strings.Builder
	want := replay.Groups{Counts: map[string]int{}}
	r := rand.New(rand.NewPCG(9, 9))
	for range 9000 {
		total := r.IntN(2000)
		fmt.Fprintf(&lines, `{"total":%d}`+"\n", total)
		for _, name := range []string{fmt.Sprint(total), fmt.Sprint(total, "x")} {
			if _, known := want.Counts[name]; known || len(want.Counts) < replay.MaxGroups {
				want.Counts[name]++
			} else {
				want.Others++
			}
		}
	}
	for name, in := range map[string]io.Reader{"full": strings.NewReader(lines.String()), "half": iotest.HalfReader(strings.NewReader(lines.String())), "small": &piecemeal{strings.NewReader(lines.String()), r}} {
		got, err := replay.Run(t.Context(), in, replay.Of(set, rules.Tester[form, []answer]{}), replay.Config[form, any]{Group: domain, Reading: replay.Reading[form]{Workers: 3}})
		require.NoError(t, err)
		for _, groups := range []replay.Groups{got.Groups, got.Rules[0].Groups} {
			assert.Equal(t, want.Others, groups.Others, name)
			assert.True(t, maps.Equal(want.Counts, groups.Counts), name)
		}
	}
}

// piecemeal reads some bytes at a time.
type piecemeal struct {
	in io.Reader
	r  *rand.Rand
}

func (p *piecemeal) Read(b []byte) (int, error) { return p.in.Read(b[:1+p.r.IntN(min(len(b), 4000))]) }

func TestNamesOfGroupsAreBounded(t *testing.T) {
	t.Parallel()
	set := formSet(t, rules.Config{}, formRule{Name: "all", When: rules.When[form]("true"), Then: to("a@${skill}")})
	long := strings.Repeat("x", 320)
	got, err := replay.Run(t.Context(), strings.NewReader(fmt.Sprintf("{\"skill\":%q}\n{\"skill\":%q}", long, long+"x")), replay.Of(set, rules.Tester[form, []answer]{}), replay.Config[form, any]{Group: domain})
	require.NoError(t, err)
	for _, groups := range []replay.Groups{got.Groups, got.Rules[0].Groups} {
		assert.Equal(t, map[string]int{long: 1}, groups.Counts)
		assert.Equal(t, 1, groups.Others)
	}
}

// TestSummariesQuoteNothing has functions whose errors quote the event.
func TestSummariesQuoteNothing(t *testing.T) {
	t.Parallel()
	set := formSet(t, rules.Config{},
		formRule{Name: "when", When: rules.WhenFunc(func(_ context.Context, f *form) (bool, error) { return false, errors.New("not " + f.Skill) })},
		formRule{Name: "then", When: rules.When[form]("true")},
		formRule{Name: "zero", When: rules.When[form]("1 / total > 0")},
	)
	tester := rules.Tester[form, []answer]{Outcome: func(context.Context, rules.Match[form, []answer]) (any, error) { return nil, errors.New("no secret") }}
	got, err := replay.Run(t.Context(), strings.NewReader(`{"skill":"secret"}`), replay.Of(set, tester), replay.Config[form, any]{})
	require.NoError(t, err)
	var said []string
	for _, r := range got.Rules {
		require.Len(t, r.Errors, 1)
		said = append(said, r.Errors[0].Message)
	}
	assert.Equal(t, []string{
		`rule "when": its Go function failed`,
		`rule "then": its Go code failed; what it says may quote the event, and is left out`,
		`1:1: rule "zero": divides by zero`,
	}, said)
}

// TestTesters has a tester of its own, whose errors are the rule's.
func TestTesters(t *testing.T) {
	t.Parallel()
	set := formSet(t, rules.Config{}, formRule{Name: "all", When: rules.When[form]("true"), Then: to("a")}, formRule{Name: "shadow", Mode: rules.Shadow, When: rules.When[form]("true")})
	outcome := any([]any{1, "two"})
	var err error
	tester := rules.Tester[form, []answer]{Outcome: func(context.Context, rules.Match[form, []answer]) (any, error) { return outcome, err }}
	decider := replay.Of(set, tester).Decider()
	assert.Equal(t, []replay.Outcome[any]{{Rule: 0, Value: 1.0}, {Rule: 0, Value: "two"}}, decider.Decide(t.Context(), &form{}).Outcomes)
	outcome = nil
	assert.Empty(t, decider.Decide(t.Context(), &form{}).Outcomes)
	outcome, err = "x", errDisk
	d := decider.Decide(t.Context(), &form{})
	assert.Empty(t, d.Outcomes)
	for _, a := range d.Rules {
		assert.Equal(t, rules.Failed, a.Outcome)
		require.ErrorIs(t, a.Err, errDisk)
	}
	outcome, err = func() {}, nil // it has no form in JSON
	assert.Error(t, decider.Decide(t.Context(), &form{}).Rules[0].Err)
}
