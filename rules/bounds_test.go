package rules_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/internal/stopwatch"
	"github.com/afterword-go/afterword/rules"
)

// doubled is a condition in which every level holds the one below it twice.
func doubled(levels int, format string) string {
	text := "asked"
	for range levels {
		text = fmt.Sprintf(format, text)
	}
	return text
}

func nested(levels int, opening, inside, closing string) string {
	return strings.Repeat(opening, levels) + inside + strings.Repeat(closing, levels)
}

// TestBoundsOfLoading has for every bound a text just inside it and one that
// crosses it.
func TestBoundsOfLoading(t *testing.T) {
	const (
		tooDeep   = "brackets, negations and choices lie more than 64 deep within one another: simplify"
		tooMany   = "1:1: the expression has more than 2000 parts: split it"
		tooLarge  = "1:1: the condition grows beyond 20,000 parts when absent fields are worked in: simplify its choices and equalities of conditions"
		tooLong   = "1:1: the expression has %d bytes, more than 16384: split it"
		instances = "1:14: the pattern has %d instructions, more than 500: simplify it"
	)
	long := func(n int) string { return `note != "` + strings.Repeat("x", n-len(`note != ""`)) + `"` }
	for _, c := range []struct{ bound, inside, beyond, want string }{
		{"source", long(16 << 10), long(16<<10 + 1), fmt.Sprintf(tooLong, 16<<10+1)},
		{"source in bytes, not in letters", long(16<<10-2) + "\n ", long(16<<10-1) + "\u2003", fmt.Sprintf(tooLong, 16<<10+2)},
		{"half a megabyte of brackets", nested(64, "(", "true", ")"), strings.Repeat("(", 1<<19), fmt.Sprintf(tooLong, 1<<19)},
		{"as many brackets as fit", nested(64, "(", "true", ")"), strings.Repeat("(", 16<<10), "1:65: " + tooDeep},
		{"parts", "consent" + strings.Repeat(" or consent", 999), "consent" + strings.Repeat(" or consent", 1000), tooMany},
		{"parts of comparisons", "total > 1" + strings.Repeat(" or total > 1", 499), "total > 1" + strings.Repeat(" or total > 1", 500), tooMany},
		{"round brackets", nested(64, "(", "true", ")"), nested(65, "(", "true", ")"), "1:65: " + tooDeep},
		{"square brackets", nested(64, "marks[", "0", "]") + " == 0", nested(65, "marks[", "0", "]") + " == 0", "1:390: " + tooDeep},
		{"calls", nested(64, "lower(", "note", ")") + ` == ""`, nested(65, "lower(", "note", ")") + ` == ""`, "1:390: " + tooDeep},
		{"not", strings.Repeat("not ", 64) + "true", strings.Repeat("not ", 65) + "true", "1:257: " + tooDeep},
		{"!", strings.Repeat("!", 64) + "true", strings.Repeat("!", 65) + "true", "1:65: " + tooDeep},
		{"signs", strings.Repeat("-", 64) + "total < 1", strings.Repeat("-", 65) + "total < 1", "1:65: " + tooDeep},
		{"choices", nested(64, "consent ? true : ", "true", ""), nested(65, "consent ? true : ", "true", ""), "1:1097: " + tooDeep},
		{"choices within choices", nested(64, "consent ? ", "true", " : true"), nested(65, "consent ? ", "true", " : true"), "1:649: " + tooDeep},
		{"brackets and negations together", nested(32, "not (", "true", ")"), nested(33, "not (", "true", ")"), "1:161: " + tooDeep},
		{"choices side by side are not nesting", "true" + strings.Repeat(" and (consent ? true : true)", 100), "consent ? " + nested(64, "(", "true", ")") + " : true", "1:74: " + tooDeep},
		{"equalities of conditions", doubled(5, "(%[1]s == %[1]s)"), doubled(7, "(%[1]s == %[1]s)"), tooLarge},
		{"differences of conditions", doubled(5, "(%[1]s != %[1]s)"), doubled(7, "(%[1]s != %[1]s)"), tooLarge},
		{"choices of choices", doubled(4, "(%[1]s ? %[1]s : %[1]s)"), doubled(6, "(%[1]s ? %[1]s : %[1]s)"), tooLarge},
		{"pattern", `note matches "` + strings.Repeat("a", 498) + `"`, `note matches "` + strings.Repeat("a", 499) + `"`, fmt.Sprintf(instances, 501)},
		{"pattern that repeats", `note matches "(?i)(ab){100}"`, `note matches "(?i)(ab){1000}"`, fmt.Sprintf(instances, 4002)},
	} {
		t.Run(c.bound, func(t *testing.T) {
			set := formSet(t, c.inside)
			assert.NotPanics(t, func() { set.Explain(t.Context(), fullForm()) })
			_, err := rules.New(formConfig(), formRules(c.beyond)...)
			assert.Equal(t, []string{c.want}, problemsOf(t, err))
		})
	}
}

// TestChainIsNotNesting has parts in a row, as many as there may be.
func TestChainIsNotNesting(t *testing.T) {
	form := fullForm()
	form.Flags = []bool{false}
	for _, chain := range []string{
		"total == 9" + strings.Repeat(" or total == 8", 498) + " or consent",
		"consent" + strings.Repeat(" and consent", 999),
		"flags[0]" + strings.Repeat(" or flags[0]", 498) + " or consent",
		"total" + strings.Repeat(" + 1", 900) + " == 907",
	} {
		set := formSet(t, chain)
		_, found, err := set.First(t.Context(), form)
		require.NoError(t, err)
		assert.True(t, found)
	}
}

// TestBoundsOfTexts has the bounds of the texts of an outcome.
func TestBoundsOfTexts(t *testing.T) {
	_, err := formText(rules.Text(strings.Repeat("x", 16<<10)))
	require.NoError(t, err)
	_, err = formText(rules.Text(strings.Repeat("x", 16<<10+1)))
	assert.Equal(t, []string{"1:1: the text has 16385 bytes, more than 16384: shorten it"}, problemsOf(t, err))

	five := rules.Text(strings.Repeat("${note}", 5))
	set, err := formText("!" + five)
	require.NoError(t, err)
	in := fullForm()
	in.Note = strings.Repeat("x", (1<<20)/5)
	text, err := rendered(t, set, in)
	require.NoError(t, err)
	assert.Len(t, text, 1<<20)

	set, err = formText("!!" + five)
	require.NoError(t, err)
	_, err = rendered(t, set, in)
	assert.EqualError(t, err, `1:33: rule "rule-a": the text grows beyond 1048576 bytes: shorten it`)
}

// TestBoundsOfOneEvaluation has work and memory that a single condition may
// not cost.
func TestBoundsOfOneEvaluation(t *testing.T) {
	const steps = "takes more than 1000000 steps: simplify it"
	const bytes = "makes more than 1048576 bytes of text: shorten it"
	in := longForm()
	in.Marks = in.Marks[:990]
	for _, c := range []struct{ name, inside, beyond, want string }{
		{"sums within one another", "sum(marks, sum(marks, 1)) == 990 * 990", "consent and sum(marks, sum(marks, sum(marks, 1))) > 0", "1:35: " + steps},
		{"loops within one another", "count(marks, count(marks, # == 0) == 990) == 990", "count(marks, count(marks, # == 0) + count(marks, # == 0) == 0) == 0", "1:37: " + steps},
		{"membership", "all(marks, 1 not in marks)", "all(marks, 1 not in marks) and all(marks, 1 not in marks)", "1:43: " + steps},
		{"joined lists", `all(marks, join(filter(tags, # != "tag"), "") == "")`, `all(marks, join(map(tags, ""), join(map(tags, ""), "")) == "")`, "1:12: " + steps},
		{"a pattern over a long text", `note matches "lorem$" or true`, `note matches "(lorem|ipsum|dolor|sit|amet|consectetur|adipiscing|elit|sed|do|eiusmod|tempor|incididunt|ut|labore|et|dolore|magna|aliqua|enim|ad|minim|veniam|quis|nostrud|exercitation|ullamco|laboris|nisi|aliquip|ex|ea|commodo|consequat|duis|aute|irure|in|reprehenderit|voluptate|velit|esse|cillum|eu|fugiat|nulla|pariatur|excepteur|sint|occaecat|cupidatat)$"`, "1:1: " + steps},
		{"a long text in a loop", `note not contains "xx" and not any(marks, # == 1)`, `all(marks, note not contains "xx")`, "1:12: " + steps},
		{"a long text compared in a loop", `any(marks, note == note)`, `count(marks, note == note) > 0`, "1:14: " + steps},
		{"texts joined", `len(note + note + note) > 0`, `len(note + note + note + note) > 0`, "1:5: " + bytes},
		{"texts joined in a loop", `any(marks, len(note + note) > 0)`, `all(marks, len(note + note) > 0)`, "1:16: " + bytes},
		{"lists joined", `len(join(map(tags, # + #), ", ")) > 0`, `len(join(map(tags, note), ", ")) > 0`, "1:5: " + bytes},
		{"concatenations in map", `len(map(tags, # + "!")) == 1000`, `len(map(tags, # + note)) == 1000`, "1:15: " + bytes},
		{"letters changed in a loop", `len(lower(note)) > 0`, `all(marks, len(lower(note)) > 0)`, "1:16: " + bytes},
		{"upper", `len(upper(note)) > 0`, `all(marks, len(upper(note)) > 0)`, "1:16: " + bytes},
		{"trim", `len(trim(note)) > 0`, `all(marks, len(trim(note)) > 0)`, "1:16: " + bytes},
	} {
		t.Run(c.name, func(t *testing.T) {
			watch := stopwatch.Start()
			set := formSet(t, c.inside, c.beyond)
			var names []string
			var failed []string
			for match, err := range set.Matches(t.Context(), in) {
				if err != nil {
					failed = append(failed, err.Error())
				} else {
					names = append(names, match.Name())
				}
			}
			assert.Equal(t, []string{"rule-a"}, names)
			line, message, _ := strings.Cut(c.want, " ")
			assert.Equal(t, []string{line + ` rule "rule-b": ` + message}, failed)
			assert.Less(t, watch.Took(), 4*soonEnough)
		})
	}
}

// TestFileBound has a rule file of 16 MiB, and one byte more.
func TestFileBound(t *testing.T) {
	head := "version: 1\nevent: e\nrules:\n  - {name: a, when: true, then: x}\n"
	pad := func(n int) []byte {
		return []byte(head + strings.Repeat("# "+strings.Repeat("x", 97)+"\n", n/100+1))[:n]
	}
	set, err := rules.Parse[Form, rules.Text](rules.Config{}, "f", pad(rules.MaxFile))
	require.NoError(t, err)
	assert.Equal(t, 1, set.Len())
	_, err = rules.Parse[Form, rules.Text](rules.Config{}, "f", append(pad(rules.MaxFile), '\n'))
	require.Error(t, err)
	assert.EqualError(t, err, "f:1:1: the file is larger than 16 MiB: split it")
}

// TestDeepFilesAreRefused has YAML that nests.
func TestDeepFilesAreRefused(t *testing.T) {
	for name, inside := range map[string]string{
		"lists":  strings.Repeat("[", 100) + strings.Repeat("]", 100),
		"groups": nested(100, "{a: ", "1", "}"),
		"huge":   strings.Repeat("[", 1<<20),
		"dashes": strings.Repeat("- ", 1<<19) + "a",
	} {
		t.Run(name, func(t *testing.T) {
			watch := stopwatch.Start()
			_, err := rules.Parse[Form, rules.Text](rules.Config{}, "f", []byte("version: 1\nevent: e\nvars:\n  a: "+inside+"\nrules: []\n"))
			require.Error(t, err)
			assert.Less(t, len(err.Error()), 4000)
			assert.Less(t, watch.Took(), 4*soonEnough)
		})
	}
}
