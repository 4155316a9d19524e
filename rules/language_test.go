package rules_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/afterword-go/afterword/rules"
)

// TestConditionsHold has conditions that hold for the full form, each with its
// opposite, which must not.
func TestConditionsHold(t *testing.T) {
	for _, condition := range []string{
		"total == 7", "total != 8", "6 < total <= 7", "total >= 7 > 6", "size == 9", "price == 2.5", "price > total - 5", "price * 2 == 5", "1 / 2 == 0.5", "total % 4 == 3", "-total == -7", "- -total == 7", "total - 8 == -1",
		"total + price == 9.5", "7 / total == 1", "1_000 == 1000", "0x10 == 16", "0b11 == 3", "0o17 == 15", "1e3 == 1000", ".5 == 0.5",
		`note == "Über alles"`, `note > "A"`, `note startsWith "Ü" and note endsWith 's' and note contains "ber"`, "note == `Über alles`", `lower(note) == "über alles"`, `upper(note) == "ÜBER ALLES"`, `trim("\u2003" + note + "\t") == note`,
		`len(note) == 10`, `"\u00dc" == "Ü"`, `note matches "^Ü.*s$"`, `note matches "(?i)ALLES"`, `note not matches "^alles"`, `skillName matches vars.care`, `skillName in vars.skills`, `skillName not in ["Billing"]`,
		"csatRank in 1..3", "csatRank not in 3..5", "total in csatRank..size", "total in [1, csatRank, total]", "price in [1, 2.5]", "2 in [1, 2.0]", "price not in marks", "2.0 in marks", "total not in ratios", "0.5 in ratios", "consent in flags", "not consent in flags", "true not in [false]",
		"timestamp in [date(\"2026-02-01T12:30:00Z\")]", "timestamp not in days", "date(vars.launch) in days", `timestamp > date("2026-01-31")`, `timestamp == date("2026-02-01T13:30:00+01:00")`, `timestamp <= timestamp`, `later(timestamp, 1) > timestamp`,
		"any(marks, # == 3)", "all(marks, # > 0)", "none(marks, # > 3)", "one(marks, # == 3)", "not one(marks, # > 1)", "count(marks, # > 1) == 2", "sum(marks) == 6", "sum(ratios) == 2.0", "sum(marks, # / 2) == 3.0", "sum(marks, # * #) == 14", "len(filter(marks, # > 1)) == 2",
		"len(map(marks, # * 2)) == 3", "6 in map(marks, # * 2)", "true in map(marks, # > 2)", "1.5 in map(marks, # / 2)", `"Ax" in map(tags, upper(#) + "x") == false or "AX" in map(tags, upper(# + "x"))`, "days[0] in map(days, #)", `marks | filter(# > 1) | len() == 2`,
		"any(map(marks, # + 1), # == 4)", "any(filter(questionWithAnswers, .score > 1), .answer contains \"late\")", "any(grid, sum(#) == 3 and any(#, # == 2))", "all(grid, len(#) > 0)", "grid[0][1] == 2", "grid[-1][-1] == 3", "any(questionWithAnswers, any(marks, # == 3) and .score == 3)",
		"marks[0] == 1", "marks[-1] == 3", "marks[3] == nil", "marks[-4] == nil", "tags[total - 6] == \"b\"", "[1, 2, 3][1] == 2", "[total, 2][0] == 7", "[0.5, 1][1] == 1", "[\"a\", note][1] == note", "[true, consent][1]", "[timestamp][0] == timestamp", "filter(tags, # == \"b\")[0] == \"b\"",
		`join(tags, "-") == "a-b"`, `join([], "-") == ""`, `join(map(marks, string(#)), "") == "123"`, `join(["x", note], " ") == "x Über alles"`, `longest([]) == ""`, `longest(tags) == "a"`, "mean([1, 2.5]) == 2", "span(days) == 1", "votes(flags, marks) == 5", "votes([true], [1, 2]) == 3",
		`int("12") == 12`, `int("-3") == -3`, `int("x") == nil`, `int("1.5") == nil`, "int(2.9) == 2", "int(-2.9) == -2", "int(total) == 7", "int(1e300) == nil", `float("2.5") == 2.5`, `float("1e2") == 100`, `float("inf") == nil`, `float("x") == nil`, "float(total) == 7.0", "float(price) == 2.5",
		`string(total) == "7"`, `string(price) == "2.5"`, `string(consent) == "true"`, `string(timestamp) == "2026-02-01T12:30:00Z"`, `string(note) == note`, `string(1e21) == "1e+21"`, `string(-0.5) == "-0.5"`,
		"csatRank != nil", "agentName != nil", "idle.agentNonResponsive.time == 40", "idle != nil", "(csatRank ?? 9) == 2", "(marks[9] ?? 1) == 1", "(marks[9] ?? 0.5) == 0.5", "(marks[9] ?? price) == 2.5", `(answer("Who?") ?? note) == note`, "(asked ?? true) == false", "(marks[5] ?? marks[6] ?? 4) == 4",
		"(asked ? 1 : 2) == 2", "(consent ? 1 : 2.5) == 1", `(consent ? "a" : note) == "a"`, "(consent ? timestamp : days[0]) == timestamp", "consent ? total == 7 : false", "len(asked ? [] : tags) == 2", "len(asked ? tags : []) == 0", "len(consent ? marks : holes) == 3", "len(asked ? marks : holes) == 2", "(asked ? tags : tags)[0] == \"a\"",
		"consent == true", "consent != asked", "(total == 7) == consent", "asked == false", "both(consent, not asked)", `answer("Why?") == "It came late"`, `"Other" in answers("What went wrong?")`, `ieq(skillName, "CUSTOMERCARE")`, `skillName == "CustomerCare"`, "whole(total) == 7",
		"vars.least == 3", `vars.sender.name == "Example Contact Centre"`, "vars.sender.share * vars.sender.copies == 1", "vars.sender.on", "not not consent", "!asked", "consent && !asked || false", "true", "not false",
	} {
		set := formSet(t, condition, "not ("+condition+"\n)")
		assert.Equal(t, []string{"rule-a"}, outcomes(t.Context(), set, fullForm()), condition)
		trace := set.Explain(t.Context(), fullForm())
		assert.Equal(t, rules.True, trace.Rules[0].Condition.Truth, condition)
		assert.Equal(t, rules.False, trace.Rules[1].Condition.Truth, condition)
	}
}

// TestFailuresOfConditions has what goes wrong for some inputs only.
func TestFailuresOfConditions(t *testing.T) {
	in := fullForm()
	in.Total, in.Size, in.Price = -1<<63, 1<<64-1, 0
	for condition, want := range map[string]string{
		"total - 1 < 0":                        "1:1: rule \"rule-a\": makes a whole number that is too large",
		"-total > 0":                           "1:1: rule \"rule-a\": makes a whole number that is too large",
		"total * 2 < 0":                        "1:1: rule \"rule-a\": makes a whole number that is too large",
		"total * -1 > 0":                       "1:1: rule \"rule-a\": makes a whole number that is too large",
		"-1 * total > 0":                       "1:1: rule \"rule-a\": makes a whole number that is too large",
		"total + total < 0":                    "1:1: rule \"rule-a\": makes a whole number that is too large",
		"consent and sum([total, -1]) < 0":     "1:13: rule \"rule-a\": makes a whole number that is too large",
		"size > 1":                             "1:1: rule \"rule-a\": reads a whole number that is too large",
		"consent and (1 + size) > 1":           "1:18: rule \"rule-a\": reads a whole number that is too large",
		"1 / price > 1":                        "1:1: rule \"rule-a\": divides by zero",
		"consent and 1 % (total - total) == 1": "1:13: rule \"rule-a\": divides by zero",
	} {
		_, _, err := formSet(t, condition).First(t.Context(), in)
		assert.EqualError(t, err, want, condition)
	}
	for _, condition := range []string{"total % -1 == 0", "total / -1 > 0", "total + 1 < 0", "total == -9223372036854775807 - 1", "price / -1 == 0", "total * 0 == 0", "0 * total == 0", "total * 1 < 0"} {
		_, fired, err := formSet(t, condition).First(t.Context(), in)
		assert.NoError(t, err, condition)
		assert.True(t, fired, condition)
	}
}

// TestFunctionsAreCalledWithWhatTheyTake passes every sort of argument.
func TestFunctionsAreCalledWithWhatTheyTake(t *testing.T) {
	type code string
	var got []any
	note := func(values ...any) bool { got = append(got, values...); return true }
	cfg := rules.Config{Functions: []rules.Function{
		rules.Func("scalars", func(a bool, b int, c int64, d float64, e string, f code, g time.Time, h time.Duration) bool {
			return note(a, b, c, d, e, f, g, h)
		}),
		rules.Func("lists", func(in *Form, a []bool, b []int, c []int64, d []float64, e []string, f []code, g []time.Time) bool {
			return note(in.Note, a, b, c, d, e, f, g)
		}),
	}}
	assert.Equal(t, "scalars", cfg.Functions[0].Name())
	in := fullForm()
	set, err := rules.New(cfg, formRules(
		`scalars(consent, total, total + 1, total, note, skillName, timestamp, 5)`,
		`lists(flags, marks, [total], ratios, tags, map(tags, # + "!"), days)`,
		`lists([], [], [], [total / 2], [note], [skillName], [])`,
	)...)
	assert.NoError(t, err)
	assert.Equal(t, []string{"rule-a", "rule-b", "rule-c"}, outcomes(t.Context(), set, in))
	assert.Equal(t, []any{
		true, 7, int64(8), 7.0, "Über alles", code("CustomerCare"), in.Timestamp, 5 * time.Nanosecond,
		"Über alles",
		[]bool{true, false},
		[]int{1, 2, 3},
		[]int64{7},
		[]float64{0.5, 1.5},
		[]string{"a", "b"},
		[]code{"a!", "b!"},
		in.Days,
		"Über alles",
		[]bool{},
		[]int{},
		[]int64{},
		[]float64{3.5},
		[]string{"Über alles"},
		[]code{"CustomerCare"},
		[]time.Time{},
	}, got)
}
