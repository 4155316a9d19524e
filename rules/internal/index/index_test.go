package index

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules/internal/eval"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// TestFewAreCandidates counts what is left of sets in the usual shapes.
func TestFewAreCandidates(t *testing.T) {
	t.Parallel()
	const n = 400
	in := &input{
		Rank: pointer(2), Total: 177, Skill: "Skill-00177", Agent: pointer("Jane Doe"), On: true, Tags: []string{"a"}, Price: 177.5, Ratio: pointer(float32(177.5)),
		When: time.Date(2026, 1, 178, 0, 0, 0, 0, time.UTC), Until: pointer(time.Date(2026, 1, 178, 0, 0, 0, 0, time.UTC)),
	}
	for _, test := range []struct {
		rule func(i int) string
		most int
		how  string
	}{
		{func(i int) string { return fmt.Sprintf(`csatRank <= %d and skillName == "Skill-%05d"`, i%5+1, i) }, 1, "skillName: the whole text"},
		{func(i int) string { return fmt.Sprintf(`skillName in ["a", "Skill-%05d", "b%d"]`, i, i) }, n, "always: looking it up would not leave out much"},
		{func(i int) string { return fmt.Sprintf(`skillName in ["a%d", "Skill-%05d"]`, i, i) }, 1, "skillName: the whole text"},
		{func(i int) string { return fmt.Sprintf(`skillName matches "(?i)Skill-%05d"`, i) }, 2, "skillName: parts of the text"},
		{func(i int) string { return fmt.Sprintf(`skillName matches "(?i)^skill-%05d$"`, i) }, 1, "skillName: the whole text in any case"},
		{func(i int) string { return fmt.Sprintf(`skillName contains "%05d"`, i) }, 2, "skillName: parts of the text"},
		{func(i int) string { return fmt.Sprintf(`skillName startsWith "Skill-%05d"`, i) }, 2, "skillName: parts of the text"},
		{func(i int) string { return fmt.Sprintf(`skillName endsWith "ill-%05d"`, i) }, 2, "skillName: parts of the text"},
		{func(i int) string { return fmt.Sprintf(`ieq(skillName, "SKILL-%05d")`, i) }, 1, "skillName: the whole text in any case"},
		{func(i int) string { return fmt.Sprintf(`lower(skillName) == "skill-%05d"`, i) }, 1, "skillName: the whole text in any case"},
		{func(i int) string { return fmt.Sprintf(`trim(lower(skillName)) == "skill-%05d"`, i) }, 2, "skillName: parts of the text"},
		{func(i int) string { return fmt.Sprintf(`"skill-%05d" == lower(skillName)`, i) }, 1, "skillName: the whole text in any case"},
		{func(i int) string { return fmt.Sprintf(`total == %d`, i) }, 1, "total: the value"},
		{func(i int) string { return fmt.Sprintf(`total in [%d, %d.0]`, i, -i-1) }, 1, "total: the value"},
		{func(i int) string { return fmt.Sprintf(`total >= %d and total < %d.5`, i, i+9) }, 10, "total: the value"},
		{func(i int) string {
			return fmt.Sprintf(`csatRank == %d and skillName == "Skill-%05d"`, i/4%5+1, 175+i%4)
		}, n / 20, "csatRank: the value"},
		{func(i int) string {
			return fmt.Sprintf(`skillName == "Skill-%05d" and csatRank == %d`, 175+i%4, i/4%5+1)
		}, n / 20, "csatRank: the value"},
		{func(i int) string { return fmt.Sprintf(`csatRank == %d and skillName == "Skill-00177"`, i%5+1) }, n / 5, "csatRank: the value"},
		{func(i int) string {
			return fmt.Sprintf(`skillName == "Skill-00177" and agentName matches "Agent %d"`, i)
		}, 0, "agentName: parts of the text"},
		{func(i int) string { return fmt.Sprintf(`skillName == "Skill-%05d" or agentName == "Agent %d"`, i, i) }, 1, "skillName: the whole text, or agentName: the whole text"},
		{func(i int) string { return fmt.Sprintf(`(enabled or consent) and skillName == "Skill-%05d"`, i) }, 1, "skillName: the whole text"},
		{func(i int) string { return fmt.Sprintf(`enabled == %t and total > 3`, i%2 == 0) }, n / 2, "enabled: the value"},
		{func(i int) string { return fmt.Sprintf(`near.code == "%d" and (csatRank ?? 3) == 3`, i) }, 0, "near.code: the whole text"},
		{func(i int) string { return fmt.Sprintf(`skillName == "Skill-%05d" and 1 / price > 2`, i) }, 1, "skillName: the whole text"},
		{func(i int) string { return fmt.Sprintf(`1 / price > 2 and skillName == "Skill-%05d"`, i) }, n, ""},
		{func(i int) string { return fmt.Sprintf(`odd(title) or skillName == "Skill-%05d"`, i) }, n, ""},
		{func(i int) string { return fmt.Sprintf(`odd(title) and skillName == "Skill-%05d"`, i) }, n, ""},
		{func(i int) string {
			return fmt.Sprintf(`any(asked, any(.words, # == "a")) and skillName == "Skill-%05d"`, i)
		}, n, ""},
		{func(i int) string { return fmt.Sprintf(`any(marks, # > 3) and skillName == "Skill-%05d"`, i) }, n, ""},
		{func(i int) string { return fmt.Sprintf(`"a" in tags and skillName == "Skill-%05d"`, i) }, 1, "skillName: the whole text"},
		{func(i int) string {
			return fmt.Sprintf(`none(asked, .question == "a" and .score < 3.5) and skillName == "Skill-%05d"`, i)
		}, 1, "skillName: the whole text"},
		{func(i int) string {
			return fmt.Sprintf(`(any(links, .at.code matches "(?i)x") or count(holes, # > 3) > 1) and skillName == "Skill-%05d"`, i)
		}, 1, "skillName: the whole text"},
		{func(i int) string { return fmt.Sprintf(`price >= %d and price < %d.5`, i, i+9) }, 10, "price: the value"},
		{func(i int) string { return fmt.Sprintf(`price > %d.25 and price < %d.75`, i, i) }, 1, "price: the value"},
		{func(i int) string { return fmt.Sprintf(`ratio == %d.5`, i) }, 1, "ratio: the value"},
		{func(i int) string { return fmt.Sprintf(`%d < price and price <= %d`, i-1, i) }, 1, "price: the value"},
		{func(i int) string { return fmt.Sprintf(`total + 0.5 > 3 and price in [%d, %d.5]`, -i, i) }, 1, "price: the value"},
		{func(i int) string { return fmt.Sprintf(`not (price < %d.5) and price < %d`, i, i+2) }, 2, "price: the value"},
		{func(i int) string {
			return fmt.Sprintf(`timestamp >= %[1]s and until < %[1]s`, day(i))
		}, n * 2 / 3, "until: the value"},
		{func(i int) string {
			return fmt.Sprintf(`timestamp >= %s and timestamp < %s`, day(i), day(i+1))
		}, 1, "timestamp: the value"},
		{func(i int) string { return fmt.Sprintf(`timestamp in [%s, %s]`, day(i), day(-i-1)) }, 1, "timestamp: the value"},
		{func(i int) string { return fmt.Sprintf(`skillName != "Skill-%05d"`, i) }, n, ""},
	} {
		b := newWorkbench(t)
		ix := b.index(many(n, test.rule)...)
		if test.most == n {
			assert.Nil(t, ix, "%s", test.rule(0))
			continue
		}
		require.NotNil(t, ix, test.rule(0))
		var s Scratch
		candidates := found(ix, in, &s)
		assert.LessOrEqual(t, len(candidates), test.most, test.rule(0))
		assert.Equal(t, test.how, ix.Describe(1), test.rule(0))
		if test.most > 0 {
			assert.NotEmpty(t, candidates, test.rule(0))
		}
	}
}

// day is a constant, so many days after the year's first.
func day(i int) string {
	return time.Date(2026, 1, 1+i, 0, 0, 0, 0, time.UTC).Format(`date("2006-01-02")`)
}

// minute is the same in minutes.
func minute(i int) string {
	return time.Date(2026, 1, 1, 0, i, 0, 0, time.UTC).Format(`date("2006-01-02T15:04:05Z")`)
}

func many(n int, rule func(int) string) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = rule(i)
	}
	return out
}

func skill(i int) string { return fmt.Sprintf(`skillName == "Skill-%05d"`, i) }

func TestRulesThatAreAlwaysOrNeverFound(t *testing.T) {
	t.Parallel()
	b := newWorkbench(t)
	var builder Builder
	add := func(rule int, conditions ...string) {
		var trees []*tree.Node
		for _, condition := range conditions {
			trees = append(trees, b.tree(condition))
		}
		builder.Add(rule, trees)
	}
	for i := range 20 {
		add(i, skill(i))
	}
	add(20, "title != 'x'")
	add(21, "1 / price > 2 and skillName == 'Skill-00001'")
	add(22, "csatRank > 5 and csatRank < 2")
	add(23, "enabled", "skillName == 'Skill-00001'")
	add(24, "1 / price > 2", "skillName == 'Skill-00001'")
	builder.Always(25, "it is a Go function")
	add(27, "title > 'a' or skillName == 'Skill-00001'")
	add(28, "total % 2 == 1 and price / 4 < 9 and skillName == 'Skill-00001'")
	ix := builder.Build()
	require.NotNil(t, ix)
	var s Scratch
	assert.Equal(t, []int{1, 20, 21, 23, 24, 25, 27, 28}, found(ix, &input{Skill: "Skill-00001"}, &s))
	assert.Equal(t, []int{20, 21, 24, 25, 27}, found(ix, &input{}, &s))
	for rule, want := range map[int]string{
		0: "skillName: the whole text", 20: "always: no part of its condition can be looked up",
		21: "always: its condition begins with a part that may fail or take long", 22: "never: its condition cannot be true", 23: "skillName: the whole text",
		25: "always: it is a Go function", 26: "never: it is off", 27: "always: no part of its condition can be looked up", 28: "skillName: the whole text", 99: "never: it is off",
	} {
		assert.Equal(t, want, ix.Describe(rule), "rule %d", rule)
	}
}

func TestFewRulesHaveNoIndex(t *testing.T) {
	t.Parallel()
	b := newWorkbench(t)
	assert.Nil(t, b.index())
	assert.Nil(t, b.index(many(worthwhile-1, skill)...))
	assert.NotNil(t, b.index(many(worthwhile, skill)...))
	assert.Nil(t, b.index(many(1000, func(i int) string { return fmt.Sprintf("title != '%d'", i) })...))
	assert.NotNil(t, b.index(many(worthwhile, func(int) string { return "false" })...), "which never fire")
}

// TestLongTexts declines where a text is so long that a rule may cross a bound,
// which is never within a rule that is left out.
func TestLongTexts(t *testing.T) {
	t.Parallel()
	b := newWorkbench(t)
	var s Scratch
	rules := append(many(20, skill), `title contains "needle" and skillName == "Skill-00001"`)
	ix := b.index(rules...)
	long := strings.Repeat("x", mostText)
	assert.NotNil(t, found(ix, &input{Title: long}, &s))
	assert.Nil(t, found(ix, &input{Title: long + "x"}, &s))
	assert.NotNil(t, found(ix, &input{Skill: long + "x"}, &s), "of which only what is as long is looked at")
	assert.NotNil(t, found(ix, &input{Kind: name(long + "x")}, &s), "which is not read")
}

func TestFindAllocatesNothing(t *testing.T) {
	b := newWorkbench(t)
	for name, shape := range shapes() {
		ix := b.index(many(2000, shape)...)
		require.NotNil(t, ix, name)
		in := &input{Rank: pointer(3), Total: 777, Skill: "Skill-00007 SKILL-00777"}
		var s Scratch
		assert.Zero(t, testing.AllocsPerRun(100, func() {
			ix.Find(eval.PointerTo(in), &s)
			for {
				if _, ok := s.Next(); !ok {
					break
				}
			}
			s.Clear()
		}), name)
	}
}

// TestMemory bounds what the index of a rule takes.
func TestMemory(t *testing.T) {
	b := newWorkbench(t)
	const n = 5_000
	for name, shape := range shapes() {
		rules := b.shape(shape, n)
		before := heap()
		ix := built(rules)
		bytes := (heap() - before) / n
		require.NotNil(t, ix)
		assert.Less(t, bytes, int64(150), name)
		assert.NotEmpty(t, ix.Describe(n-1))
		require.NotEmpty(t, rules)
	}
}

// TestTheInputIsLetGo keeps no text behind Clear.
func TestTheInputIsLetGo(t *testing.T) {
	t.Parallel()
	b := newWorkbench(t)
	ix := b.index(many(20, skill)...)
	var s Scratch
	require.True(t, ix.Find(eval.PointerTo(&input{Skill: "Skill-00003"}), &s))
	s.Clear()
	for _, v := range s.values {
		assert.Empty(t, v.text)
	}
	_, ok := s.Next()
	assert.False(t, ok)
}

// TestManyHits looks into a text that holds every window over and over.
func TestManyHits(t *testing.T) {
	t.Parallel()
	b := newWorkbench(t)
	ix := b.index(many(3000, func(i int) string { return fmt.Sprintf(`title contains "%d"`, 1000+i%2000) })...)
	require.NotNil(t, ix)
	var text strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&text, "%d ", 1000+i%2000)
	}
	var s Scratch
	assert.Len(t, found(ix, &input{Title: strings.Repeat(text.String(), 4)}, &s), 3000)
	assert.Less(t, cap(s.hits), 10_000)
}

// FuzzHolds holds the search for windows to regular expressions.
func FuzzHolds(f *testing.F) {
	f.Add("care sales k ſ team billing", "Customer CARE")
	f.Add("日本 日本語 é 12345678 123456789 1234567890123", "x123456789\xff日本")
	f.Add("a b c d e f g h", "h")
	f.Add("skill-1 skill-2 skill-3 skill-11 skill-12 skill-13", "Skill-12")
	f.Fuzz(func(t *testing.T, words, text string) {
		b := newWorkbench(t)
		var builder Builder
		var rules []*regexp.Regexp
		const fillers = " filler-1 filler-2 filler-3 filler-4 filler-5 filler-6 filler-7 filler-8" // enough for an index
		for i, word := range strings.Fields(strings.ToValidUTF8(words, "") + fillers) {
			n := b.tree(`title matches "x"`)
			n.Pattern.Regexp = regexp.MustCompile(`(?i)` + regexp.QuoteMeta(word))
			rules = append(rules, n.Pattern.Regexp)
			builder.Add(i, []*tree.Node{n})
		}
		ix := builder.Build()
		require.NotNil(t, ix)
		var s Scratch
		candidates := found(ix, &input{Title: text}, &s)
		for i, rule := range rules {
			if candidates != nil && rule.MatchString(text) {
				assert.Contains(t, candidates, i, "%s in %q", rule, text)
			}
		}
	})
}
