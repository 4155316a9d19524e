package mutate_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules/internal/check"
	"github.com/afterword-go/afterword/rules/internal/mutate"
	"github.com/afterword-go/afterword/rules/internal/syntax"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

type input struct {
	Rank  *int    `json:"rank"`
	N     int     `json:"n"`
	Price float64 `json:"price"`
	Skill string  `json:"skill,omitempty"`
	On    bool    `json:"on"`
	Xs    []int   `json:"xs"`
	Day   string  `json:"day"`
}

func read(t *testing.T, text string) (*tree.Node, bool) {
	t.Helper()
	constants, problems := check.NewVar(map[string]any{"skills": []any{"a", "b"}, "most": 3, "re": "^x", "ns": []any{1, 2}, "only": []any{"z9"}, "nought": []any{7}})
	require.Empty(t, problems)
	env := &check.Env{Input: tree.TypeOf(reflect.TypeFor[input]()), Vars: constants}
	expr, wrong := syntax.Parse(text)
	if len(wrong) > 0 {
		return nil, false
	}
	n, wrong := check.Condition(expr, env)
	return n, len(wrong) == 0
}

// mutants are the texts that the edits make, those left out that do not compile
// or say the same, with what they change.
func mutants(t *testing.T, text string) []string {
	t.Helper()
	n, ok := read(t, text)
	require.True(t, ok, text)
	seen := map[string]bool{mutate.Meaning(n): true}
	var out []string
	for _, e := range mutate.Condition(text, n) {
		changed := e.Apply(text)
		n, ok := read(t, changed)
		if !ok || seen[mutate.Meaning(n)] {
			continue
		}
		seen[mutate.Meaning(n)] = true
		out = append(out, e.Kind+": "+changed)
	}
	return out
}

func TestMutants(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"rank <= 3", []string{"boundary: rank < 3", "operator: rank >= 3", "negation: rank > 3", "boundary: rank <= 4"}},
		{"price > 2.5", []string{"boundary: price >= 2.5", "operator: price < 2.5", "negation: price <= 2.5", "boundary: price > 3.5", "boundary: price > 1.5"}},
		{"n == -1", []string{"operator: n != -1", "boundary: n == 0", "boundary: n == -2"}},
		{"rank == nil", []string{"negation: rank != nil"}},
		{"nil != rank", []string{"negation: nil == rank"}},
		{"on", []string{"negation: not (on)"}},
		{"not on", []string{"negation: on"}},
		{"!on", []string{"negation: on"}},
		{"true", []string{"constant: false"}},
		{"on and n > 0 and skill == nil", []string{
			"part: n > 0 and skill == nil", "negation: not (on and n > 0 and skill == nil)", "negation: not (on) and n > 0 and skill == nil",
			"part: on and skill == nil", "operator: on or n > 0 and skill == nil",
			"boundary: on and n >= 0 and skill == nil", "operator: on and n < 0 and skill == nil", "negation: on and n <= 0 and skill == nil",
			"boundary: on and n > 1 and skill == nil", "part: on and n > 0",
			"operator: on and n > 0 or skill == nil", "negation: on and n > 0 and skill != nil",
		}},
		{"(on or n == 0) && (skill) == nil", []string{
			"part: (skill) == nil", "negation: not ((on or n == 0) && (skill) == nil)", "part: (n == 0) && (skill) == nil",
			"negation: (not (on or n == 0)) && (skill) == nil", "negation: (not (on) or n == 0) && (skill) == nil",
			"part: (on) && (skill) == nil", "operator: (on and n == 0) && (skill) == nil",
			"operator: (on or n != 0) && (skill) == nil", "boundary: (on or n == 1) && (skill) == nil", "boundary: (on or n == -1) && (skill) == nil",
			"part: (on or n == 0)", "operator: (on or n == 0) || (skill) == nil", "negation: (on or n == 0) && (skill) != nil",
		}},
		{"1 <= n <= 3", []string{
			"part: n <= 3", "negation: not (1 <= n <= 3)", "boundary: 2 <= n <= 3", "boundary: 0 <= n <= 3",
			"operator: 1 >= n <= 3", "negation: 1 > n <= 3", "part: 1 <= n", "boundary: 1 <= n < 3", "operator: 1 <= n >= 3", "negation: 1 <= n > 3",
			"boundary: 1 <= n <= 4",
		}},
		{"n in 1..3", []string{"negation: not (n in 1..3)", "range: n in 2..3", "range: n in 0..3", "range: n in 1..4", "range: n in 1..2"}},
		{`skill in ["a", "b", "c"]`, []string{
			`negation: skill not in ["a", "b", "c"]`, `constant: skill in ["b", "c"]`, `constant: skill in ["a", "c"]`, `constant: skill in ["a", "b"]`,
		}},
		{`skill not in vars.skills`, []string{`negation: skill in vars.skills`, `constant: skill not in ["b"]`, `constant: skill not in ["a"]`}},
		{`skill in ["a"]`, []string{`negation: skill not in ["a"]`, `constant: skill in ["b"]`}},
		{"n < vars.most", []string{"boundary: n <= vars.most", "operator: n > vars.most", "negation: n >= vars.most", "boundary: n < 2"}},
		{`day == 'Sun'`, []string{`operator: day != 'Sun'`, `constant: day == 'Svn'`, `constant: day == ''`}},
		{`day startsWith "S"`, []string{
			`negation: not (day startsWith "S")`, `operator: day contains "S"`, `operator: day endsWith "S"`, `constant: day startsWith "T"`, `constant: day startsWith ""`,
		}},
		{`day contains "$"`, []string{
			`negation: not (day contains "$")`, `operator: day startsWith "$"`, `operator: day endsWith "$"`, `constant: day contains "$x"`, `constant: day contains ""`,
		}},
		{"any(xs, # > 1)", []string{
			"operator: all(xs, # > 1)", "operator: one(xs, # > 1)", "negation: none(xs, # > 1)",
			"boundary: any(xs, # >= 1)", "operator: any(xs, # < 1)", "negation: any(xs, # <= 1)", "boundary: any(xs, # > 2)",
		}},
		{"xs | all(# > 1)", []string{
			"negation: not (xs | all(# > 1))", "operator: xs | any(# > 1)",
			"boundary: xs | all(# >= 1)", "operator: xs | all(# < 1)", "negation: xs | all(# <= 1)", "boundary: xs | all(# > 2)",
		}},
		{"(rank ?? 2) + n > 3", []string{
			"part: (rank) + n > 3", "constant: (rank ?? 3) + n > 3", "constant: (rank ?? 1) + n > 3", "operator: (rank ?? 2) - n > 3",
			"boundary: (rank ?? 2) + n >= 3", "operator: (rank ?? 2) + n < 3", "negation: (rank ?? 2) + n <= 3", "boundary: (rank ?? 2) + n > 4",
		}},
		{"on ? n > 0 : true", []string{
			"part: (n > 0)", "part: (true)", "negation: not (on) ? n > 0 : true", "boundary: on ? n >= 0 : true", "operator: on ? n < 0 : true",
			"negation: on ? n <= 0 : true", "boundary: on ? n > 1 : true", "constant: on ? n > 0 : false",
		}},
		{`day matches "(?i)ab|c+"`, []string{
			`negation: not (day matches "(?i)ab|c+")`, `pattern: day matches "ab|c+"`, `pattern: day matches "(?i)^(?:ab|c+)"`, `pattern: day matches "(?i)(?:ab|c+)$"`,
			`pattern: day matches "(?i)ac|c+"`, `pattern: day matches "(?i)c+"`, `pattern: day matches "(?i)ab"`, `pattern: day matches "(?i)ab|d+"`,
		}},
		{"day matches vars.re", []string{"negation: not (day matches vars.re)", `pattern: day matches "x"`, `pattern: day matches "^x$"`, `pattern: day matches "^y"`}},
		{"none(xs, # > 1)", []string{
			"operator: all(xs, # > 1)", "negation: any(xs, # > 1)",
			"boundary: none(xs, # >= 1)", "operator: none(xs, # < 1)", "boundary: none(xs, # > 2)",
		}},
		{"one(xs, # != 1)", []string{
			"operator: any(xs, # != 1)", "negation: not (one(xs, # != 1))", "operator: one(xs, # == 1)", "boundary: one(xs, # != 2)", "boundary: one(xs, # != 0)",
		}},
		{"n in vars.ns", []string{"negation: n not in vars.ns", "constant: n in [2]", "constant: n in [1]"}},
		{"skill in vars.only", []string{"negation: skill not in vars.only", `constant: skill in ["z0"]`}},
		{"n in vars.nought", []string{"negation: n not in vars.nought"}},
		{"day not contains `ä\"é`", []string{
			"operator: day not startsWith `ä\"é`", "operator: day not endsWith `ä\"é`", "negation: day contains `ä\"é`", "constant: day not contains `ä\"éx`", "constant: day not contains ``",
		}},
		{`day == "a\"\\\n\r\t"`, []string{`operator: day != "a\"\\\n\r\t"`, `constant: day == "b\"\\\n\r\t"`, `constant: day == ""`}},
		{`day == 'it\'s'`, []string{`operator: day != 'it\'s'`, `constant: day == "it't"`, `constant: day == ''`}},
		{"2.5 * price > 1e3", []string{
			"operator: 2.5 / price > 1e3", "constant: 3.5 * price > 1e3", "constant: 1.5 * price > 1e3",
			"boundary: 2.5 * price >= 1e3", "operator: 2.5 * price < 1e3", "negation: 2.5 * price <= 1e3", "boundary: 2.5 * price > 1001", "boundary: 2.5 * price > 999",
		}},
		{"day matches ( (`z`) )", []string{
			"negation: not (day matches ( (`z`) ))", "pattern: day matches ( (`a`) )", "pattern: day matches ( (`^z`) )", "pattern: day matches ( (`z$`) )",
		}},
		{"date(\"2026-01-31\") > date(\"2026-02-01\")", []string{
			`boundary: date("2026-02-01T00:00:00Z") > date("2026-02-01")`, `boundary: date("2026-01-30T00:00:00Z") > date("2026-02-01")`,
			`boundary: date("2026-01-31") >= date("2026-02-01")`, `operator: date("2026-01-31") < date("2026-02-01")`, `negation: date("2026-01-31") <= date("2026-02-01")`,
			`boundary: date("2026-01-31") > date("2026-02-02T00:00:00Z")`, `boundary: date("2026-01-31") > date("2026-01-31T00:00:00Z")`,
		}},
	} {
		assert.ElementsMatch(t, c.want, mutants(t, c.text), c.text)
	}
}

func TestPatterns(t *testing.T) {
	for _, c := range []struct{ pattern, want string }{
		{`a`, "b ^a a$"},
		{`^a$`, "^b$ a$ ^a"},
		{`a\$`, `b\$ ^a\$ a\$$`},
		{`(?i:x)`, "(?i:y) ^(?i:x) (?i:x)$"},
		{`(?is)x`, "(?is)y (?s)x (?is)^x (?is)x$"},
		{`[a-z|]\d{2}`, `^[a-z|]\d{2} [a-z|]\d{2}$`},
		{`p(q|r)s*t`, `q(q|r)s*t p(r|r)s*t p(r)s*t p(q|s)s*t p(q)s*t p(q|r)s*u ^p(q|r)s*t p(q|r)s*t$`},
		{`\p{Greek}\pL\x{41}`, `^\p{Greek}\pL\x{41} \p{Greek}\pL\x{41}$`},
		{`[\]a[:alpha:]]b(?i)`, `[\]a[:alpha:]]c(?i) ^[\]a[:alpha:]]b(?i) [\]a[:alpha:]]b(?i)$`},
		{`[^]a]`, `^[^]a] [^]a]$`},
		{`a?b{2}`, `^a?b{2} a?c{2} a?b{2}$`},
		{`(?P<name>a)`, "(?P<name>b) ^(?P<name>a) (?P<name>a)$"},
		{`\`, ""},
		{`(`, ""},
	} {
		text := "day matches `" + c.pattern + "`"
		n, ok := read(t, text)
		if !ok {
			assert.Empty(t, c.want)
			continue
		}
		var got []string
		for _, e := range mutate.Condition(text, n) {
			if e.Kind == mutate.Pattern {
				got = append(got, strings.Trim(e.New(), "`"))
			}
		}
		assert.ElementsMatch(t, strings.Fields(c.want), got, c.pattern)
	}
}

func TestTexts(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"a", "[0:1 ] [0:1 b]"},
		{"Dear ${name ?? '}'}, 9", "[0:5 Debr ] [0:22 ] [5:19 ] [19:22 , 0]"},
		{"$${a}é${b}", "[0:6 $${b}é] [0:10 ] [6:10 ]"},
		{"${a", "[0:3 ] [0:3 ${b]"},
		{"--", "[0:2 ]"},
	} {
		var got []string
		for _, e := range mutate.Texts(c.text) {
			got = append(got, fmt.Sprintf("[%d:%d %s]", e.Span.From, e.Span.To, e.New()))
		}
		assert.Equal(t, c.want, strings.Join(got, " "), c.text)
	}
}

func TestMeaning(t *testing.T) {
	same := func(a, b string) bool {
		x, ok := read(t, a)
		require.True(t, ok, a)
		y, ok := read(t, b)
		require.True(t, ok, b)
		return mutate.Meaning(x) == mutate.Meaning(y)
	}
	for a, b := range map[string]string{
		"not (n == 1)":           "1 != n",
		"n < 3":                  "2 >= n",
		"n > 3":                  "not (n < 4)",
		"not (on and n == 1)":    "n != 1 or not on",
		"none(xs, # > 1)":        "not any(xs, 1 < #)",
		"all(xs, # > 1)":         "none(xs, # <= 1)",
		"not (rank == nil)":      "rank != nil",
		"on and on":              "not not on",
		"not (day < \"a\")":      "\"a\" <= day",
		"not (true or n == 0)":   "false and n != 0",
		"day contains \"a\\\"\"": "day contains 'a\"'",
	} {
		assert.True(t, same(a, b), "%s, %s", a, b)
	}
	for a, b := range map[string]string{
		"n < 3":              "n < 2",
		"not (price < 3)":    "price >= 3", // of NaN, neither is true
		"n < 3 or on":        "n < 3 and on",
		"any(xs, # > 1)":     "any(xs, # >= 1)",
		"skill == \"a\"":     "not (skill == \"a\")",
		"day contains \"a\"": "day startsWith \"a\"",
	} {
		assert.False(t, same(a, b), "%s, %s", a, b)
	}
}

// FuzzPattern wants changes of any pattern, and no panic.
func FuzzPattern(f *testing.F) {
	for _, seed := range []string{"(?i)ab|c", "^a$", `\`, `[\]a]`, "(?", "(?i", "a{2", "(a|b)*", `\p{`, "[[:alpha:]]", "[]a]", "[^]a]", "|", ")", "🙂+"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, pattern string) {
		if strings.ContainsAny(pattern, "`") {
			return
		}
		text := "day matches `" + pattern + "`"
		n, ok := read(t, text)
		if !ok {
			return
		}
		for _, e := range mutate.Condition(text, n) {
			require.NotEmpty(t, e.Old(text))
			require.NotEqual(t, text, e.Apply(text))
		}
		mutate.Texts(pattern)
	})
}

// TestEditsOfRandomTexts wants every edit within its text.
func TestEditsOfRandomTexts(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	parts := []string{"${", "}", "$${", "a", "é", "'", " ", "${n}", "{", "🙂"}
	for range 2000 {
		var text strings.Builder
		for range random.IntN(8) {
			text.WriteString(parts[random.IntN(len(parts))])
		}
		for _, e := range mutate.Texts(text.String()) {
			require.NotEqual(t, text.String(), e.Apply(text.String()))
			require.Less(t, e.Span.From, e.Span.To)
		}
	}
}

// TestLongListsAreWrittenLate wants no edit of a long list written before somebody
// asks for it.
func TestLongListsAreWrittenLate(t *testing.T) {
	const items = 2000
	var list []any
	for i := range items {
		list = append(list, fmt.Sprintf("a rather long item number %d", i))
	}
	constants, problems := check.NewVar(map[string]any{"list": list})
	require.Empty(t, problems)
	const text = "skill in vars.list"
	expr, wrong := syntax.Parse(text)
	require.Empty(t, wrong)
	n, wrong := check.Condition(expr, &check.Env{Input: tree.TypeOf(reflect.TypeFor[input]()), Vars: constants})
	require.Empty(t, wrong)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	edits := mutate.Condition(text, n)
	runtime.ReadMemStats(&after)
	assert.Len(t, edits, items+1)
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(8<<20))
	last := edits[len(edits)-1].Apply(text)
	assert.Contains(t, last, "number 1998")
	assert.NotContains(t, last, "number 1999")
}

func TestItemsThatComeToTheSame(t *testing.T) {
	constants, problems := check.NewVar(map[string]any{"list": []any{"a", "a", "b"}})
	require.Empty(t, problems)
	expr, wrong := syntax.Parse("skill in vars.list")
	require.Empty(t, wrong)
	n, wrong := check.Condition(expr, &check.Env{Input: tree.TypeOf(reflect.TypeFor[input]()), Vars: constants})
	require.Empty(t, wrong)
	var got []string
	for _, e := range mutate.Condition("skill in vars.list", n) {
		got = append(got, e.New())
	}
	assert.Equal(t, []string{"not in", `["a", "b"]`, `["a", "a"]`}, got)
}
