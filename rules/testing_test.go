package rules_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/internal/stopwatch"
	"github.com/afterword-go/afterword/rules"
)

type mailSet = rules.Set[Form, []formMail]

type mailTester = rules.Tester[Form, []formMail]

// parseTests parses a rule file, with a test file beside it unless that is "".
func parseTests(file, beside string) (*mailSet, error) {
	return parseMails(rules.Config{Event: "survey", Functions: formFunctions()}, file, beside)
}

// lowRule is the head of a file, and its only rule.
const lowRule = `version: 1
event: survey
rules:
  - name: low
    when: csatRank <= 3
    then: {to: a@example.com, subject: "Rank ${csatRank}"}
`

func readTestdata(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile("testdata/tests/" + name)
	require.NoError(t, err)
	return string(data)
}

// golden compares a text with a file of testdata/tests; with UPDATE_GOLDEN in
// the environment, it writes the file.
func golden(t *testing.T, name, got string) {
	t.Helper()
	if os.Getenv("UPDATE_GOLDEN") != "" {
		require.NoError(t, os.WriteFile("testdata/tests/"+name, []byte(got), 0o600))
	}
	assert.Equal(t, readTestdata(t, name), got)
}

func TestProblemsOfTests(t *testing.T) {
	_, err := parseTests(readTestdata(t, "problems.rules.yaml"), readTestdata(t, "problems_test.yaml"))
	var load *rules.LoadError
	require.ErrorAs(t, err, &load)
	golden(t, "problems.txt", err.Error()+"\n")
	for _, p := range load.Problems {
		assert.Empty(t, p.Rule, p)
		assert.Less(t, len(p.Message), 600)
	}
}

func TestFailuresOfTests(t *testing.T) {
	set, err := parseUnchecked(readTestdata(t, "failing.rules.yaml"))
	require.NoError(t, err)
	var out strings.Builder
	for _, test := range set.Tests() {
		result := set.RunTest(t.Context(), test, mailTester{})
		passes := strings.HasSuffix(test.Name, "/passes") || strings.HasPrefix(test.Name, "passes")
		assert.Equal(t, passes, result.Passed(), test.Name)
		if result.Passed() {
			assert.Empty(t, result.Rules)
		}
		out.WriteString(result.String() + "\n")
	}
	golden(t, "failures.txt", out.String())
}

// TestInputsOfTests looks at the payloads that tests come to.
func TestInputsOfTests(t *testing.T) {
	const fixtures = `fixtures:
  john: {agentName: John, questionWithAnswers: [{question: a, answer: x}, {question: b}, {question: c}]}
  none: {}
`
	for _, c := range []struct{ name, test, want string }{
		{"complete", `given: {csatRank: 3, note: "3", price: 1.5, consent: true, timestamp: 2026-01-31T18:00:00Z}`, `{"consent":true,"csatRank":3,"note":"3","price":1.5,"timestamp":"2026-01-31T18:00:00Z"}`},
		{"null", `given: {csatRank: null, holes: [~, 1], idle: ~}`, `{"csatRank":null,"holes":[null,1],"idle":null}`},
		{"empty", `given: {}`, `{}`},
		{"what rules cannot read", `given: {raw: {anything: 1}, odd name: x}`, `{"odd name":"x","raw":{"anything":1}}`},
		{"base", `base: none`, `{}`},
		{"set", `base: none, set: {csatRank: 3, agentName: ~}`, `{"agentName":null,"csatRank":3}`},
		{"set makes groups", `base: none, set: {idle.agentNonResponsive.time: 3, "odd name": x}`, `{"idle":{"agentNonResponsive":{"time":3}},"odd name":"x"}`},
		{"set makes lists", `base: none, set: {"questionWithAnswers[1].answer": y, "grid[0][1]": 2}`, `{"grid":[[null,2]],"questionWithAnswers":[{},{"answer":"y"}]}`},
		{"set fills lists with their like", `base: none, set: {"questionWithAnswers[1]": {answer: y}, "grid[2]": [1], "tags[1]": b, "holes[0]": ~}`, `{"grid":[[],[],[1]],"holes":[null],"questionWithAnswers":[{},{"answer":"y"}],"tags":[null,"b"]}`},
		{"set fills lists of lists", `base: none, set: {"grid[1][0]": 1}`, `{"grid":[[],[1]]}`},
		{"set replaces", `base: none, set: {idle: {label: a}, idle.label: b, "tags[1]": b, "tags[0]": a, "tags[2]": c}`, `{"idle":{"label":"b"},"tags":["a","b","c"]}`},
		{"set replaces what is not a group", `given: {idle: 5, tags: 6}, set: {idle.label: b, "tags[0]": x}`, `{"idle":{"label":"b"},"tags":["x"]}`},
		{"unset", `base: john, unset: [questionWithAnswers]`, `{"agentName":"John"}`},
		{"unset elements, by their places before", `base: john, unset: ["questionWithAnswers[0]", "questionWithAnswers[1]", agentName]`, `{"questionWithAnswers":[{"question":"c"}]}`},
		{"unset fields of elements", `base: john, unset: ["questionWithAnswers[0].question", "questionWithAnswers[2].question", "questionWithAnswers[2]", "questionWithAnswers[2].answer"]`, `{"agentName":"John","questionWithAnswers":[{"answer":"x"},{"question":"b"}]}`},
		{"unset what is not there", `base: john, unset: [idle.agentNonResponsive.time, "questionWithAnswers[3]", "questionWithAnswers[9].answer", "tags[0]", "agentName", "agentName"]`, `{"questionWithAnswers":[{"answer":"x","question":"a"},{"question":"b"},{"question":"c"}]}`},
		{"unset all elements", `given: {grid: [[1], [2]]}, unset: ["grid[0][0]", "grid[1]"]`, `{"grid":[[]]}`},
		{"set, then unset", `base: none, set: {tags: [a, b]}, unset: ["tags[0]"]`, `{"tags":["b"]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			// The test behind shows that the fixture is as it was.
			file := lowRule + fixtures + "tests:\n  - {name: it, " + c.test + ", expect: {fired: []}}\n  - {name: next, base: john, expect: {fired: []}}\n"
			set, err := parseTests(file, "")
			require.NoError(t, err)
			assert.Equal(t, []string{c.want, `{"agentName":"John","questionWithAnswers":[{"answer":"x","question":"a"},{"question":"b"},{"question":"c"}]}`}, inputs(t, set))
		})
	}
}

// inputs are the payloads of the tests of a set.
func inputs(t *testing.T, set *mailSet) []string {
	t.Helper()
	var got []string
	for _, test := range set.Tests() {
		set.RunTest(t.Context(), test, mailTester{Decode: func(payload []byte) (*Form, error) {
			got = append(got, string(payload))
			return &Form{}, nil
		}})
	}
	return got
}

func TestCasesInheritAndChange(t *testing.T) {
	set, err := parseTests(lowRule+`tests:
  - name: a test
    given: {csatRank: 3, tags: [a, b]}
    set: {note: x}
    expect: {fired: [low], outcomes: {to: a@example.com, subject: Rank 3}}
    cases:
      - name: as it is
      - name: changed
        set: {csatRank: 4, "tags[0]": c}
        unset: [note]
        expect: {fired: [], outcomes: []}
      - name: as it was
        unset: ["tags[0]"]
      - name: its own input
        given: {csatRank: 2}
        expect: {outcomes: [{to: a@example.com, subject: Rank 2}]}
      - name: a fixture
        base: three
      - name: skipped
        unset: [csatRank]
        expect: {fired: [], skipped: {low: [csatRank]}, outcomes: []}
  - name: cases alone
    cases:
      - {name: a, given: {csatRank: 1}, expect: {fired: [low]}}
      - {name: b, given: {csatRank: 5}, expect: {fired: []}}
  - name: a skipped rule
    given: {}
    expect: {skipped: {low: [csatRank]}}
    cases:
      - {name: or not, set: {csatRank: 1}, expect: {fired: [low], skipped: {}}}
fixtures:
  three: {csatRank: 3}
`, "")
	require.NoError(t, err)
	type listed struct {
		Name         string
		Line, Column int
	}
	var got []listed
	for _, test := range set.Tests() {
		got = append(got, listed{test.Name, test.Line, test.Column})
		assert.Equal(t, "x.rules.yaml", test.File)
		assert.Empty(t, set.RunTest(t.Context(), test, mailTester{}).Failures, test.Name)
	}
	assert.Equal(t, []listed{
		{"a test/as it is", 13, 9},
		{"a test/changed", 14, 9},
		{"a test/as it was", 18, 9},
		{"a test/its own input", 20, 9},
		{"a test/a fixture", 23, 9},
		{"a test/skipped", 25, 9},
		{"cases alone/a", 30, 9},
		{"cases alone/b", 31, 9},
		{"a skipped rule/or not", 36, 9},
	}, got)
	assert.Equal(t, []string{
		`{"csatRank":3,"note":"x","tags":["a","b"]}`,
		`{"csatRank":4,"tags":["c","b"]}`,
		`{"csatRank":3,"note":"x","tags":["b"]}`,
		`{"csatRank":2}`,
		`{"csatRank":3}`,
		`{"note":"x","tags":["a","b"]}`,
		`{"csatRank":1}`, `{"csatRank":5}`, `{"csatRank":1}`,
	}, inputs(t, set))

	set.Tests()[0].Name = "changed by a caller"
	assert.Equal(t, "a test/as it is", set.Tests()[0].Name)
}

func TestTestsBeside(t *testing.T) {
	set, err := parseTests(lowRule+"fixtures:\n  three: {csatRank: 3}\ntests:\n  - {name: a, base: three, expect: {fired: [low]}}\n",
		"version: 1\nfixtures:\n  five: {csatRank: 5}\ntests:\n  - {name: b, base: three, expect: {fired: [low]}}\n  - {name: c, base: five, expect: {fired: [low]}}\n")
	require.NoError(t, err)
	var got []string
	for _, test := range set.Tests() {
		got = append(got, set.RunTest(t.Context(), test, mailTester{}).String())
	}
	assert.Equal(t, []string{
		"ok a", "ok b",
		"x_test.yaml:6:5: test \"c\" failed\n  rule \"low\" should fire, but: not fired: csatRank <= 3 is false (csatRank = 5)\n  low: not fired: csatRank <= 3 is false (csatRank = 5)",
	}, got)

	for beside, want := range map[string]string{
		"version: 1\n":                           "x_test.yaml:1:1: the file lacks tests",
		"version: 1\nevent: survey\ntests: []\n": `x_test.yaml:2:1: unknown key "event" in the file: the keys are version, fixtures, tests`,
		"version: 1\nrules: []\ntests: []\n":     `x_test.yaml:2:1: unknown key "rules" in the file: the keys are version, fixtures, tests`,
		"version: 1\ntests: {}\n":                "x_test.yaml:2:8: tests is a list: begin each test with a hyphen",
		"version: 1\ntests:\nfixtures: []\n":     "x_test.yaml:2:7: tests is a list: begin each test with a hyphen\nx_test.yaml:3:11: fixtures is a group: a name and a payload each",
		"[":                                      "x_test.yaml:1:",
	} {
		_, err := parseTests(lowRule, beside)
		require.ErrorContains(t, err, want)
	}
	// Without an event to ask for, a test file has none either.
	_, err = rules.Parse[Form, []formMail](rules.Config{}, "x", []byte(lowRule), rules.TestFile{Name: "y", Data: []byte("version: 1\nevent: a\ntests: []\n")})
	require.EqualError(t, err, `y:2:1: unknown key "event" in the file: the keys are version, fixtures, tests`)
	// Rules that cannot be read leave nothing to check the tests against.
	_, err = parseTests("[", "version: 2\ntests: 5\n")
	require.Error(t, err)
	assert.NotContains(t, err.Error(), "x_test.yaml")
}

// A rule keeps its places when a file of tests is read after it.
func TestPlacesOfRulesWithTestsBeside(t *testing.T) {
	file := strings.Replace(lowRule, "csatRank <= 3", "csatRank <= 3 and csatRank > 0", 1)
	set, err := parseTests(file, "version: 1\ntests: []\n")
	require.NoError(t, err)
	part := set.Explain(t.Context(), &Form{}).Rules[0].Condition.Parts[1]
	assert.Equal(t, "5:29", fmt.Sprintf("%d:%d", part.Line, part.Column))
}

func TestOtherKeyForOutcomes(t *testing.T) {
	cfg := rules.Config{Outcomes: "emails"}
	file := lowRule + "tests:\n  - {name: a, given: {csatRank: 3}, expect: {emails: {to: a@example.com, subject: Rank 3}}}\n"
	set, err := rules.Parse[Form, []formMail](cfg, "x", []byte(file))
	require.NoError(t, err)
	assert.True(t, set.RunTest(t.Context(), set.Tests()[0], mailTester{}).Passed())
	_, err = rules.Parse[Form, []formMail](cfg, "x", []byte(strings.ReplaceAll(file, "emails", "outcomes")))
	require.EqualError(t, err, "x:8:46: unknown key outcomes in expect; there are emails, fired, skipped, error")
}

func TestHitFirstInTests(t *testing.T) {
	set, err := parseTests(`version: 1
event: survey
hit: first
rules:
  - {name: trial, mode: shadow, when: csatRank <= 4, then: {to: a, subject: trial}}
  - {name: gone, mode: off, when: "true", then: {to: a, subject: gone}}
  - {name: bad, when: csatRank <= 3, then: {to: a, subject: "${agentName}"}}
  - {name: one, when: csatRank <= 3, then: {to: a, subject: one}}
  - {name: two, when: csatRank <= 3, then: {to: a, subject: two}}
tests:
  - name: the first whose outcome is sound
    given: {csatRank: 3}
    expect: {fired: [trial, one], outcomes: {to: a, subject: one}, error: agentName}
  - name: the first
    given: {csatRank: 3, agentName: John}
    expect: {fired: [bad, trial], outcomes: {to: a, subject: John}}
  - name: not the second
    given: {csatRank: 3, agentName: John}
    expect: {fired: [bad, trial, one]}
`, "")
	require.NoError(t, err)
	var got []string
	for _, test := range set.Tests() {
		got = append(got, set.RunTest(t.Context(), test, mailTester{}).Failures...)
	}
	assert.Equal(t, []string{`rule "one" should fire, but: not reached`}, got)
}

func TestTesters(t *testing.T) {
	set, err := parseTests(lowRule+"tests:\n  - {name: a, given: {csatRank: 3}, expect: {outcomes: [one, 2]}}\n", "")
	require.NoError(t, err)
	test := set.Tests()[0]
	boom := errors.New("boom")
	returns := func(v any, err error) mailTester {
		return mailTester{Outcome: func(context.Context, rules.Match[Form, []formMail]) (any, error) { return v, err }}
	}
	for _, c := range []struct {
		name   string
		tester mailTester
		want   string
	}{
		{"list", returns([]any{"one", 2}, nil), ""},
		{"typed list", returns([]json.RawMessage{[]byte(`"one"`), []byte("2.0")}, nil), ""},
		{"nothing", returns(nil, nil), "what follows is not what is expected (- expected, + got):\n- - \"one\"\n- - 2"},
		{"nil list", returns([]string(nil), nil), "what follows is not what is expected (- expected, + got):\n- - \"one\"\n- - 2"},
		{"one", returns("one", nil), "what follows is not what is expected (- expected, + got):\n  - \"one\"\n- - 2"},
		{"error", returns(nil, boom), "what follows is not what is expected (- expected, + got):\n- - \"one\"\n- - 2\nan error that is not expected: x.rules.yaml:4:5: rule \"low\": boom"},
		{"no JSON", returns(func() {}, nil), "json: unsupported type: func()"},
		{"panic", mailTester{Outcome: func(context.Context, rules.Match[Form, []formMail]) (any, error) { panic("a value") }}, `an error that is not expected: x.rules.yaml:4:5: rule "low": panicked`},
		{"cannot decode", mailTester{Decode: func([]byte) (*Form, error) { return nil, boom }}, "the input cannot be read: boom"},
		{"nothing decoded", mailTester{Decode: func([]byte) (*Form, error) { return nil, nil }}, "the input cannot be read: Decode returned none"},
	} {
		t.Run(c.name, func(t *testing.T) {
			result := set.RunTest(t.Context(), test, c.tester)
			assert.Equal(t, c.want == "", result.Passed())
			assert.Contains(t, strings.Join(result.Failures, "\n"), c.want)
		})
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.Equal(t, []string{"the test was cut short: context canceled"}, set.RunTest(ctx, test, mailTester{}).Failures)
}

func TestTestsOfAnotherSet(t *testing.T) {
	set, err := parseTests(lowRule+"tests:\n  - {name: a, given: {csatRank: 3}, expect: {fired: [low], skipped: {low: [csatRank]}}}\n", "")
	require.NoError(t, err)
	other, err := parseTests(strings.ReplaceAll(lowRule, "low", "other"), "")
	require.NoError(t, err)
	assert.Empty(t, other.Tests())
	assert.Equal(t, []string{
		`there is no rule "low": the test is not one of this set`,
		`rule "other" should not fire, but it has fired`,
		`there is no rule "low": the test is not one of this set`,
	}, other.RunTest(t.Context(), set.Tests()[0], mailTester{}).Failures)
	assert.Equal(t, []string{"the input cannot be read: unexpected end of JSON input"}, other.RunTest(t.Context(), rules.Test{}, mailTester{}).Failures)
}

// A richOutcome has every way in which an outcome may be written.
type richOutcome struct {
	richInner
	Text    rules.Text            `json:"text"`
	Empty   rules.Text            `json:"empty,omitempty"`
	Named   formSkill             `json:"named"`
	Number  int                   `json:"number"`
	Pointer *rules.Text           `json:"pointer"`
	List    []rules.Text          `json:"list,omitempty"`
	Zero    []int                 `json:"zero,omitzero"`
	Group   richInner             `json:"group,omitempty"`
	Map     map[string]rules.Text `json:"map,omitempty"`
	Free    any                   `json:"free,omitempty"`
	Level   richLevel             `json:"level,omitzero"`
	Deep    []*richInner          `json:"deep,omitempty"`
	*richLost
}

type richInner struct {
	Inner rules.Text `json:"inner,omitempty"`
}

type richLost struct {
	Lost rules.Text `json:"lost,omitempty"`
}

type richLevel int

func (l richLevel) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "level %d", int(l)), nil }

func TestOutcomesAreComparedAsJSON(t *testing.T) {
	const rule = `version: 1
event: survey
rules:
  - name: rich
    when: "true"
    then: `
	for _, c := range []struct{ name, then, want string }{
		{
			"all fields", `{text: "${note}!", named: a, number: 1, inner: "${note}", pointer: "${note}", list: ["${note}", b], zero: [], group: {inner: "<${note}>"}, map: {a: "${note}"}, free: [1, {b: c}], level: 3, deep: [{inner: "${note}"}, {}]}`,
			`{text: "x!", named: a, number: 1, inner: x, pointer: x, list: [x, b], zero: [], group: {inner: "<x>"}, map: {a: x}, free: [1.0, {b: c}], level: level 3, deep: [{inner: x}, {}]}`,
		},
		{"few fields", `{text: "${note}", named: "", number: 0, list: [], map: {}}`, `{text: x, named: "", number: 0, pointer: ~, group: {}}`},
		{"an error in a pointer", `{text: a, named: a, number: 1, pointer: "${agentName}"}`, ``},
		{"an error in a list", `{text: a, named: a, number: 1, list: ["${agentName}"]}`, ``},
		{"an error in a map", `{text: a, named: a, number: 1, map: {a: "${agentName}"}}`, ``},
		{"an error in a group", `{text: a, named: a, number: 1, group: {inner: "${agentName}"}}`, ``},
	} {
		t.Run(c.name, func(t *testing.T) {
			expect := "outcomes: " + c.want
			if c.want == "" {
				expect = "error: agentName, outcomes: []"
			}
			set, err := rules.Parse[Form, richOutcome](rules.Config{}, "x", []byte(rule+c.then+"\ntests:\n  - name: a\n    given: {note: x}\n    expect: {"+expect+"}\n"))
			require.NoError(t, err)
			result := set.RunTest(t.Context(), set.Tests()[0], rules.Tester[Form, richOutcome]{})
			assert.True(t, result.Passed(), result)
		})
	}
}

// An outcome without fields is an outcome.
func TestEmptyOutcomes(t *testing.T) {
	type hollow struct {
		A string `json:"a,omitempty"`
	}
	set, err := rules.Parse[Form, hollow](rules.Config{}, "x", []byte("version: 1\nevent: a\nrules:\n  - {name: a, when: 'true', then: {}}\ntests:\n  - {name: none, given: {}, expect: {outcomes: []}}\n  - {name: one, given: {}, expect: {outcomes: [{}]}}\n"))
	require.NoError(t, err)
	tester := rules.Tester[Form, hollow]{}
	assert.Equal(t, []string{"what follows is not what is expected (- expected, + got):\n+ - {}"}, set.RunTest(t.Context(), set.Tests()[0], tester).Failures)
	assert.True(t, set.RunTest(t.Context(), set.Tests()[1], tester).Passed())
}

func TestReasonsAreBounded(t *testing.T) {
	file := lowRule
	for i := range 25 {
		file += fmt.Sprintf("  - {name: r%d, when: 'false', then: {to: a, subject: b}}\n", i)
	}
	set, err := parseTests(file+"tests:\n  - {name: a, given: {}, expect: {outcomes: [a]}}\n", "")
	require.NoError(t, err)
	result := set.RunTest(t.Context(), set.Tests()[0], mailTester{})
	assert.Len(t, result.Rules, 20)
	assert.Equal(t, 23, strings.Count(result.String(), "\n"))
	assert.Contains(t, result.String(), "\n  r18: not fired: false is false\n  and 6 more rules")
}

func TestLongDifferencesAreCounted(t *testing.T) {
	set, err := parseTests(lowRule+"tests:\n  - {name: a, given: {csatRank: 3}, expect: {outcomes: [a]}}\n", "")
	require.NoError(t, err)
	result := set.RunTest(t.Context(), set.Tests()[0], mailTester{Outcome: func(context.Context, rules.Match[Form, []formMail]) (any, error) {
		return make([]int, 1001), nil
	}})
	assert.Equal(t, []string{"what follows is not what is expected (- expected, + got):\n- 1 lines\n+ 1001 lines"}, result.Failures)
}

func TestTestsAreBounded(t *testing.T) {
	var many strings.Builder
	for i := range 70_000 {
		fmt.Fprintf(&many, "\n  - {name: t%d, base: long, expect: {fired: []}}", i)
	}
	var wide strings.Builder
	for i := range 2_000 {
		fmt.Fprintf(&wide, ", \"grid[%d][9999]\": 1", i)
	}
	var wrong strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&wrong, "\n  - {name: t%d, base: b%d, expect: {fired: [r%d]}, cases: [{name: x, set: {y: 1}}]}", i, i, i)
	}
	for _, c := range []struct{ name, tests, want string }{
		{"many inputs", "fixtures:\n  long: {note: '" + strings.Repeat("x", 2000) + "'}\ntests:" + many.String(), "the inputs of all tests together have more than 64 MiB: make them smaller"},
		{"wide lists", "tests:\n  - name: a\n    given: {}\n    expect: {fired: []}\n    set: {note: x" + wide.String() + "}", "the lists that paths make are too long: use smaller places in them"},
		{"many problems", "tests:" + wrong.String(), "from here on, there are too many problems to list: mend those before"},
		{"long names", "tests:\n  - {name: a, base: '" + strings.Repeat("x", 100_000) + "', expect: {fired: ['" + strings.Repeat("y\\n", 100_000) + "']}}", "unknown fixture xxx"},
	} {
		t.Run(c.name, func(t *testing.T) {
			watch := stopwatch.Start()
			_, err := parseTests(lowRule+c.tests+"\n", "")
			require.ErrorContains(t, err, c.want)
			var load *rules.LoadError
			require.ErrorAs(t, err, &load)
			for _, p := range load.Problems {
				assert.Less(t, len(p.Message), 2000)
			}
			assert.Less(t, watch.Took(), time.Duration(patience)*10*time.Second)
		})
	}
}

func FuzzRuleFileTests(f *testing.F) {
	for _, name := range []string{"problems.rules.yaml", "failing.rules.yaml"} {
		_, tests, _ := strings.Cut(readTestdata(f, name), "fixtures:")
		f.Add("fixtures:" + tests)
	}
	for _, tests := range []string{
		"", "tests: []", "tests:\n  - {name: a, given: {csatRank: 3}, expect: {fired: [low]}}", "tests:\n  - {name: a, given: {}, set: {\"grid[0][1]\": 2, idle.agentNonResponsive.time: ~}, unset: [\"grid[0][0]\", \"grid[0]\"], expect: {outcomes: {}}}",
		"fixtures: {a: {tags: [x, y]}}\ntests:\n- name: t\n  base: a\n  unset: ['tags[0]', 'tags[0]']\n  expect: {skipped: {low: [csatRank]}, error: x, outcomes: [1, a, ~, {}]}\n  cases: [{name: b, set: {tags[3]: z}, expect: {fired: []}}]",
	} {
		f.Add(tests)
	}
	f.Fuzz(func(t *testing.T, tests string) {
		for _, files := range [][2]string{{lowRule + tests, ""}, {lowRule, "version: 1\n" + tests}} {
			set, err := parseTests(files[0], files[1])
			if err != nil {
				var load *rules.LoadError
				require.ErrorAs(t, err, &load)
				for _, p := range load.Problems {
					assert.NotContains(t, p.Message, "\n")
					assert.Positive(t, p.Line)
				}
				continue
			}
			for _, test := range set.Tests() {
				result := set.RunTest(t.Context(), test, mailTester{})
				assert.Equal(t, len(result.Failures) == 0, result.Passed())
				if utf8.ValidString(tests) {
					assert.True(t, utf8.ValidString(result.String()))
				}
			}
		}
	})
}
