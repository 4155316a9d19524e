package rules_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/internal/stopwatch"
	"github.com/afterword-go/afterword/rules"
)

// hostile are conditions that somebody might write to break the program.
func hostile() []string {
	repeat := strings.Repeat
	return []string{
		// Integers.
		"total == 9223372036854775807", "total == 9223372036854775808", "-9223372036854775807 - 1 == total",
		"-(-9223372036854775807 - 1) > 0", "total == 99999999999999999999999999", "total == " + repeat("9", 16000),
		"total == 0xFFFFFFFFFFFFFFFFFF", "total == 0b" + repeat("1", 70), "total == 0o7777777777777777777777777",
		"total == 1_000", "total == 1__0", "total == 0x", "price == 1e999", "price == 1e-999", "price == 1e", "price == .5",
		"price == 1.5.5", "price == 1." + repeat("0", 15000) + "1", "total % 0 == 1", "total / 0 == 1", "-1 % -1 == 0",
		"total * 9223372036854775807 > 0", "sum(marks, 9223372036854775807) > 0", "int(1e300) == 1", "int(-1e19) == nil",
		`int("` + repeat("9", 16000) + `") == nil`, `float("1e999") == nil`, `float("nan") == nil`, `float("0x1p-2") == 0.25`,
		"marks[9223372036854775807] == nil", "marks[-9223372036854775807] == nil", "marks[int(price * 1e30)] == 1",
		// Ranges.
		"total in 1..9999999999", "total in -9223372036854775807..9223372036854775807", "1..9999999999 == marks",
		"any(1..9999999999, # == 1)", "len(1..9999999999) > 0", "sum(1..9999999999) > 0", "marks[1..9999999999] == 1",
		"map(1..9999999999, #) == nil", "(1..9999999999)[0] == 1", "total in [1..9999999999]", "1..9999999999", "total in 1..1..1",
		"total in 1..99999999999999999999", "total in 1...3", "total in ..3", "total in 1..", "total in price..2.5",
		// Unfinished.
		`note == "`, `note == '`, "note == `", `note == "\`, `note == "\x"`, `note == "\u12"`, `note == "\u{110000}"`, `note == "\UFFFFFFFF"`,
		`note == "\ud800"`, `note == "\777"`, "total ==", "total == (", "total == [", "total == {", "any(", "any(marks", "any(marks,",
		"any(marks, {", "marks[", "total ?", "total ? 1", "total ? 1 :", "consent and", "not", "-", "!", "(", ")", "]", "}", "())", "([)]", "{]",
		"/*", "/* /* */ */ true", "*/", "//", "// true", "# true", "true // false", "true /* */", "true /", "..", ".", "#", "##", "#.a", "?", ":", ",", ";",
		// Letters.
		"\x00", "true\x00", "\x00true", `note == "` + "\x00" + `"`, "\ufefftrue", "true\ufeff", "\ufeff", "\xff", `note == "` + "\xff\xfe" + `"`, "\xc3", "\xed\xa0\x80",
		"\u202etrue\u202c", "note == \"\u202egnp\u202c\"", "c\u200bonsent", "cоnsent", "ｔｒｕｅ", "consent\u2028and\u2029consent", "consent\u00a0and\u00a0consent",
		"consent\r\nand\r\nconsent", "consent\tand\tconsent", "\v\f\nconsent", "🤷", "note == \"🤷\"", "note matches \"🤷{1000}\"", "“true”", "1\u0661 == 1", "e\u0301 == 1",
		// What expr has and rules have not.
		"$env", "$env.total == 1", `$env["total"] == 1`, "len($env) > 0", "keys($env)", `get($env, "total") == 1`, "get($env)", "$env.Consent()", "env.total", "$", "$$", "$total",
		"note.String() == note", "skillName.Length", "timestamp.Year() == 2026", "timestamp.wall == 1", "timestamp.UnixNano() > 0", "total.Sub(1)", "idle.GoString()", "(total)()", "marks()", "note()",
		"::len(note) > 0", "note::len", "::", "::consent", "let x = true; x", "let total = 1; total == 1", repeat("let x = 1; ", 1400) + "true",
		"let x = " + repeat("(let y = ", 30) + "1", "if consent { true } else { false }", repeat("if consent { true } else ", 600) + "{ true }", "true; false", ";;;;", "true;",
		`{"a": 1}.a == 1`, "{}", `{"a": {"b": 1}}`, "{(note): 1}", "{a: 1, a: 2}", "marks[1:2] == nil", "marks[:]", "marks[::]", "note[0:1] == note", "marks[1:2:3]",
		"2 ** 1000000000 > 0", "2 ^ 64 > 0", "idle?.label == nil", "idle" + repeat("?.label", 1000), "questionWithAnswers?.[0]", "idle" + repeat(".label", 500) + " == 1", `b"\xff" == note`, "b'a' == 'a'",
		"total = 1", "total === 1", "total <> 1", "total =< 1", "total & 1", "total | 1", "total << 1", "total++", "consent &&& consent", "!!!consent", "+total > 0", "a ?: b", "consent ?: consent", "consent ? : consent",
		"#acc == 1", "#index == 1", "any(marks, #index == 0)", "reduce(marks, #acc + #) > 0", "any(marks, ## == 1)", "any(marks, .x == 1)", "any(marks, any(grid, # == 1))", "any(grid, any(#, # == 1))",
		"now() > timestamp", `duration("1h") > 1`, `repeat("x", 1000000000) == note`, `split(note, "") == tags`, "toJSON(idle)", "fromJSON(note)", "toBase64(note)", "sort(marks)", "flatten(grid)", "uniq(marks)", "mean(marks) > 0", "type(note)",
		"find(marks, # == 1)", "groupBy(marks, #)", "sortBy(marks, #)", "len(marks, marks)", "len()", "any()", "any(marks)", "sum()", "sum(marks, 1, 2)", "join(tags)", "date()", "date(note) > timestamp",
		// Patterns.
		`note matches "("`, `note matches "[a"`, `note matches "\\"`, `note matches "(?<a"`, `note matches "(?=a)"`, `note matches "a{1001}"`, `note matches "(a{1000}){1000}"`, `note matches "(((a{100}){100}){100})"`,
		`note matches "` + repeat("(", 1500) + repeat(")", 1500) + `"`, `note matches "` + repeat("a*", 4000) + `"`, `note matches "` + repeat("(a|", 400) + "b" + repeat(")", 400) + `"`, `note matches "(a+)+$"`, `note matches note`, `note matches note + ""`,
		`note matches "` + repeat("[^a]", 240) + `"`, `note matches "\\Q"`, `note matches "\\C"`, `note matches "\\pZZ"`, `note matches "` + "\xff" + `"`,
		// Deep and long.
		repeat("(", 8000), repeat("[", 16000), repeat("{", 16000), repeat("not ", 4000) + "true", repeat("-", 16000) + "1", repeat("!", 16000), repeat("a ? ", 4000), repeat("true ? true : ", 1100) + "true", repeat("lower(", 2700),
		repeat("any(marks, ", 64), nested(60, "any(marks, ", "true", ")"), nested(30, "len(map(marks, ", "1", ")) > 0 ? 1 : 2"), "total" + repeat(" + 1", 900) + " > 0", "total" + repeat(" - -1", 600) + " > 0", "note" + repeat(" + note", 900) + ` == ""`,
		"[" + repeat("[", 60) + repeat("]", 60) + "]", "total in [" + repeat("1, ", 1900) + "1]", "marks" + repeat("[0]", 60) + " == 1", "true " + repeat("| filter(true) ", 200), "marks" + repeat(" | filter(true)", 300) + " | len() > 0", "1" + repeat(" < 2", 500),
		"csatRank" + repeat(" ?? 1", 900) + " == 1", "-csatRank" + repeat(" ?? -csatRank", 280) + " == 1", repeat("consent == ", 300) + "consent", repeat("consent and not consent or ", 200) + "consent", doubled(5, "(%[1]s == %[1]s)"), doubled(40, "(%[1]s == asked)"),
		"consent" + repeat(" ? consent", 64) + repeat(" : consent", 64), "nil == nil", "nil", "nil in marks", "nil ?? nil == nil", "[nil] == nil", "[] == []", "1 in []", "any([], true)", "idle == idle", "marks == marks", "raw == nil", "raw.x", `raw["x"] == 1`,
		"vars", "vars.", "vars.vars", "vars[0]", `vars["least"] == 3`, "vars.least.least", "vars.sender", "vars == nil", "csatRank.x == nil", "questionWithAnswers.answer == nil", "questionWithAnswers[0][0] == nil", "`total` == total", "odd name == note", `note == "a" "b"`,
		"panicking(note)", `panicking("x") or true`, `broken(note) == ""`, "whole(9223372036854775807 + 1) > 0", "size > 9223372036854775807", "longest(tags) == longest", `longest(map(tags, longest(tags))) == ""`,
	}
}

// soonEnough is how long a hostile text may hold up whoever reads it.
const soonEnough = 2 * time.Second * patience

// TestHostileConditions wants each refused with its place, or decided and
// explained at once.
func TestHostileConditions(t *testing.T) {
	forms := []*Form{{}, fullForm(), holedForm(), {Total: -1 << 63, Size: 1<<64 - 1, Price: -1e300, Note: "\xff\x00"}, longForm()}
	var before, after runtime.MemStats
	for i, condition := range hostile() {
		label := condition
		if len(label) > 60 {
			label = label[:60] + "…"
		}
		runtime.ReadMemStats(&before)
		took, accepted := time.Hour, false
		for range 3 { // something else may hold up the machine
			watch := stopwatch.Start()
			accepted = decidable(t, condition, forms)
			if took = min(took, watch.Took()); took < soonEnough {
				break
			}
		}
		runtime.ReadMemStats(&after)
		assert.Less(t, took, soonEnough, "%d: %q, accepted: %t", i, label, accepted)
		assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(1<<30), "%d: %q, accepted: %t", i, label, accepted)
	}
}

// decidable tells whether a condition loads. What does not load must say why
// and where; what does must be decided and explained, with one outcome.
func decidable(t *testing.T, condition string, forms []*Form) bool {
	t.Helper()
	set, err := rules.New(formConfig(), formRules(condition)...)
	if err != nil {
		var load *rules.LoadError
		require.ErrorAs(t, err, &load)
		lines, last := strings.Count(condition, "\n")+1, len([]rune(condition))+1
		for _, p := range load.Problems {
			assert.NotEmpty(t, p.Message, "%q", condition)
			assert.NotEqual(t, "panicked", p.Message, "%q", condition)
			assert.NotContains(t, p.Message, "\n", "%q", condition)
			assert.True(t, 1 <= p.Line && p.Line <= lines, "%q: line %d", condition, p.Line)
			assert.True(t, 1 <= p.Column && p.Column <= last, "%q: column %d", condition, p.Column)
			assert.Equal(t, "rule-a", p.Rule)
		}
		return false
	}
	for _, form := range forms {
		sameOutcome(t, set, form, condition)
	}
	return true
}

// sameOutcome wants Explain to say of a form what Matches does.
func sameOutcome(t *testing.T, set *rules.Set[Form, rules.Text], form *Form, condition string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*soonEnough)
	defer cancel()
	fired, failed := false, false
	for match, err := range set.Matches(ctx, form) {
		fired, failed = fired || match.Name() != "", failed || err != nil
		var placed *rules.RuleError
		if err != nil && assert.ErrorAs(t, err, &placed, "%q", condition) {
			assert.Positive(t, placed.Line, "%q", condition)
			assert.NotErrorIs(t, err, context.DeadlineExceeded, "%q", condition)
			if strings.Contains(err.Error(), "panicked") {
				assert.Contains(t, condition, "panicking", "only the functions of the test may panic: %v", errors.Unwrap(err))
			}
		}
	}
	trace := set.Explain(ctx, form).Rules[0]
	explained := trace.Outcome
	want := explained == rules.NotFired || explained == rules.Skipped
	switch {
	case fired:
		want = explained == rules.Fired && trace.Condition.Truth == rules.True
	case failed:
		want = explained == rules.Failed
	}
	assert.True(t, want, "fired %t, failed %t, but explained as %s\n%q", fired, failed, trace.Reason(), condition)
	assert.NotContains(t, trace.Reason(), ":  are absent", "%q", condition)
	assert.NotPanics(t, func() { _ = fmt.Sprint(trace) })
}
