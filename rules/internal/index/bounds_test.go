package index

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/afterword-go/afterword/rules/internal/eval"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// TestBoundsAreKept holds the index to the evaluator where texts are so long
// that rules cross their bounds.
func TestBoundsAreKept(t *testing.T) {
	t.Parallel()
	crossed := crossing{b: newWorkbench(t)}
	for _, part := range []string{
		`title matches "(?i)(a|b|ab)*needle[a-f]{20}"`, `lower(upper(title)) contains "needle"`, `title contains agentName`, `title == agentName`, `ieq(title, agentName)`,
		`trim(lower(title)) == "needle"`, `title < agentName`, `len(title) > 70000`, `int(title) == 3`, `title in ["` + strings.Repeat("x", 4096) + `"]`,
	} {
		for _, times := range []int{1, 8, 64, 500} {
			crossed.by(part, times, func(in *input) { in.Agent = &in.Title })
		}
	}
	crossed.enough(t)
}

// TestBoundsOfLoops does so with lists of as many elements as are looked at,
// whose texts together are as long.
func TestBoundsOfLoops(t *testing.T) {
	t.Parallel()
	crossed := crossing{b: newWorkbench(t)}
	for _, test := range []struct {
		part string
		fill func(*input)
	}{
		{`any(tags, # matches "(?i)(a|b|ab)*needle[a-f]{20}")`, oneLong},
		{`any(tags, # contains agentName)`, equalParts},
		{`any(tags, title contains # and # != "")`, oneLong},
		{`any(tags, lower(upper(#)) == "needle")`, oneLong},
		{`count(asked, (.answer ?? .question) contains title) > 3`, oneAndOther},
		{`any(asked, (.answer ?? .question) matches "(?i)(a|b|ab)*needle[a-f]{20}")`, oneAndOther},
		{`any(tags, # == "` + strings.Repeat("x", 2048) + `")`, allShort},
		{`any(tags, # in ["` + strings.Repeat("x", 2048) + `"])`, allShort},
		{`agentName in tags`, allLong},
		{`"` + strings.Repeat("x", 2048) + `" in tags`, allShort},
		{`2 in holes`, equalParts},
		{`any(holes, # in [1, 2, 3, 5, 7, 11, 13])`, equalParts},
		{`count(holes, # == 2 or # == 3 or # == 5 or # == 7 or # == 9) > 1`, equalParts},
	} {
		for _, times := range []int{1, 8, 64, 500} {
			crossed.by(test.part, times, test.fill)
		}
	}
	crossed.enough(t)
}

// A crossing counts what became of rules with much to do.
type crossing struct {
	b                                    *workbench
	candidates, declined, missed, failed int
}

// by makes a rule of a part that does not hold, so many times, and wants no
// error to be missed. Fill fills an input with a title.
func (c *crossing) by(part string, times int, fill func(*input)) {
	c.b.tb.Helper()
	not := "not (" + part + ") and "
	conditions := slices.Repeat([]*tree.Node{c.b.tree("not (" + part + ")")}, times-1)
	conditions = append(conditions, c.b.tree(not+not+`skillName == "none"`))
	var builder Builder
	for i := range 20 {
		builder.Add(i, []*tree.Node{c.b.tree(skill(i))})
	}
	builder.Add(20, conditions)
	ix := builder.Build()
	compiled := slices.Repeat([]eval.Bool{eval.Compile(conditions[0])}, times-1)
	compiled = append(compiled, eval.Compile(conditions[times-1]))
	var s Scratch
	for length := leastText; length <= mostText; length *= 2 {
		in := &input{Title: strings.Repeat("a\xff", length/2), Rank: pointer(2)}
		fill(in)
		candidates := found(ix, in, &s)
		switch {
		case slices.Contains(candidates, 20):
			c.candidates++
			continue
		case candidates == nil && c.failed > 0:
			c.declined++
			continue
		}
		fails := crosses(compiled, in)
		if candidates == nil {
			c.failed += count(fails)
			continue
		}
		c.missed++
		assert.False(c.b.tb, fails, "%d times %.80s with %d bytes", times, part, length)
	}
}

// crosses tells whether conditions of one rule fail.
func crosses(conditions []eval.Bool, in *input) bool {
	var f eval.Frame
	f.Reset(context.Background(), in)
	f.Allow(1)
	for _, c := range conditions {
		if holds, failure := c.Continue(&f); failure != nil || !holds {
			return failure != nil
		}
	}
	return false
}

func (c *crossing) enough(t *testing.T) {
	t.Helper()
	t.Logf("%d candidates, %d declined, %d left out, %d failed of those declined first", c.candidates, c.declined, c.missed, c.failed)
	for _, n := range []int{c.candidates, c.declined, c.missed, c.failed} {
		assert.Positive(t, n)
	}
}

// equalParts fills the lists with as many elements as an index looks at, which
// have the title together.
func equalParts(in *input) {
	in.Agent = &in.Title
	in.Holes, in.Tags, in.Asked = make([]*int, mostItems), make([]string, mostItems), make([]asked, mostItems)
	for i := range mostItems {
		each := len(in.Title) / mostItems
		part := in.Title[i*each : (i+1)*each]
		in.Holes[i], in.Tags[i], in.Asked[i] = pointer(4), part, asked{Question: part, Answer: pointer(part)}
	}
}

// oneLong has all of it in one element.
func oneLong(in *input) {
	equalParts(in)
	in.Tags, in.Asked = make([]string, mostItems), make([]asked, mostItems)
	in.Tags[7], in.Asked[7] = in.Title, asked{Question: in.Title}
}

// oneAndOther has it in one text of one element and in the other of another.
func oneAndOther(in *input) {
	oneLong(in)
	in.Asked[8].Answer = &in.Title
}

// allLong has as long a text in all of them.
func allLong(in *input) {
	equalParts(in)
	in.Tags = slices.Repeat([]string{in.Title[1:] + "!"}, mostItems)
}

// allShort has a few bytes of it in all of them, which may be more together.
func allShort(in *input) {
	equalParts(in)
	in.Tags = slices.Repeat([]string{in.Title[:2048]}, mostItems)
}

// TestLongLists declines where a list has so many elements, or these have so
// long texts, that a loop may cross a bound.
func TestLongLists(t *testing.T) {
	t.Parallel()
	b := newWorkbench(t)
	var s Scratch
	rules := append(many(20, skill),
		`any(asked, .question contains "needle") and skillName == "Skill-00001"`, `any(holes, # == 3) and skillName == "Skill-00002"`,
		`any(links, .at.code startsWith "needle") and skillName == "Skill-00003"`, `any(tags, # == "needle") and skillName == "Skill-00004"`)
	ix := b.index(rules...)
	questions := func(texts ...string) (out []asked) {
		for _, text := range texts {
			out = append(out, asked{Question: text, Words: make([]string, mostItems+1)})
		}
		return out
	}
	for name, test := range map[string]struct {
		in       input
		declines bool
	}{
		"as many":             {input{Holes: make([]*int, mostItems), Asked: make([]asked, mostItems), Links: make([]*asked, mostItems), Tags: make([]string, mostItems)}, false},
		"one more":            {input{Holes: make([]*int, mostItems+1)}, true},
		"more groups":         {input{Asked: make([]asked, mostItems+1)}, true},
		"more pointers":       {input{Links: make([]*asked, mostItems+1)}, true},
		"a list not read":     {input{Marks: make([]uint64, mostItems+1)}, false},
		"texts as long":       {input{Asked: questions(strings.Repeat("x", mostText-3), "yyy")}, false},
		"texts longer":        {input{Asked: questions(strings.Repeat("x", mostText-3), "yyyy")}, true},
		"a text as long":      {input{Links: []*asked{nil, {At: inner{Code: strings.Repeat("x", mostText)}}}}, false},
		"a text longer":       {input{Links: []*asked{nil, {At: inner{Code: strings.Repeat("x", mostText+1)}}}}, true},
		"compared as a whole": {input{Tags: []string{strings.Repeat("x", mostText+1)}}, false},
	} {
		test.in.Skill = "Skill-00019"
		candidates := found(ix, &test.in, &s)
		assert.Equal(t, test.declines, candidates == nil, name)
		if !test.declines {
			assert.Equal(t, []int{19}, candidates, name)
		}
		assert.Equal(t, Ask, ix.Only(eval.PointerTo(&test.in)), name)
	}
}
