package rules_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

// A want in a file is want column "message", or want lines:column "message"
// where the problem stands in another line, so many lines above or below.
var wanted = regexp.MustCompile(`want (?:([+-]\d+):)?(\d+) ("(?:[^"\\]|\\.)*")`)

// wantsOf reads what a file says of itself.
func wantsOf(t *testing.T, data string) []string {
	t.Helper()
	var wants []string
	byLine := map[int][]string{}
	lines := strings.Split(data, "\n")
	for i, line := range lines {
		for _, m := range wanted.FindAllStringSubmatch(line, -1) {
			offset, _ := strconv.Atoi(m[1])
			message, err := strconv.Unquote(m[3])
			require.NoError(t, err, line)
			at := i + 1 + offset
			byLine[at] = append(byLine[at], fmt.Sprintf("%d:%s: %s", at, m[2], message))
		}
	}
	for i := range lines {
		wants = append(wants, byLine[i+1]...)
	}
	return wants
}

// TestProblemFiles reads the files of testdata/problems, each with its
// problems written beside them: as it is, with the line ends of Windows, and
// with a byte order mark.
func TestProblemFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/problems/*.rules.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, name := range files {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		want := wantsOf(t, string(data))
		for variant, text := range map[string]string{
			"as it is": string(data),
			"CRLF":     strings.ReplaceAll(string(data), "\n", "\r\n"),
			"BOM":      "\ufeff" + string(data),
		} {
			t.Run(filepath.Base(name)+" "+variant, func(t *testing.T) {
				cfg := rules.Config{Event: "survey", Functions: formFunctions()}
				_, err := rules.Parse[Form, []formMail](cfg, "x.rules.yaml", []byte(text))
				assert.Equal(t, strings.Join(want, "\n"), strings.Join(unnamed(t, err), "\n"))
			})
		}
	}
}

// unnamed are the problems of a file, with their rules but without the file.
func unnamed(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	var load *rules.LoadError
	require.ErrorAs(t, err, &load)
	var got []string
	for _, p := range load.Problems {
		assert.Equal(t, "x.rules.yaml", p.File)
		p.File = ""
		got = append(got, p.String())
	}
	return got
}

// TestSoundFile has one of everything in a file, and nothing wrong.
func TestSoundFile(t *testing.T) {
	data, err := os.ReadFile("testdata/sound.rules.yaml")
	require.NoError(t, err)
	set, err := rules.Parse[Form, []formMail](rules.Config{Functions: formFunctions()}, "sound.rules.yaml", data)
	require.NoError(t, err)
	assert.Equal(t, rules.First, set.Hit())
	assert.Equal(t, []string{"plain", "quoted", "folded", "listed", "Always.1_x"}, ruleNames(set.Rules()))
	trace := set.Explain(t.Context(), fullForm())
	require.Len(t, trace.Rules, set.Len())
	assert.Equal(t, "for people", trace.Rules[0].Description)
	assert.Equal(t, []rules.Outcome{rules.NotFired, rules.NotFired, rules.NotFired, rules.Fired, rules.NotReached},
		[]rules.Outcome{trace.Rules[0].Outcome, trace.Rules[1].Outcome, trace.Rules[2].Outcome, trace.Rules[3].Outcome, trace.Rules[4].Outcome})
	match, found, err := set.First(t.Context(), fullForm())
	require.NoError(t, err)
	require.True(t, found)
	require.Len(t, match.Then(), 2)
	for _, c := range []struct {
		text rules.Text
		want string
	}{
		{match.Then()[0].To, "care-leads@example.com"},
		{match.Then()[0].Subject, "Rated 2 by John Doe: ${x} at 2.5"},
		{match.Then()[1].Copies[0], "2 copies from Example Contact Centre"},
		{match.Then()[1].Body.Head, "Dear John Doe,\n"},
		{match.Then()[1].Body.Parts["a"], "part a, 2026-02-01T12:30:00Z"},
	} {
		text, err := match.Render(c.text)
		require.NoError(t, err)
		assert.Equal(t, c.want, text)
	}
}

// TestPlacesOfFailures wants what fails at run time at its place in the file.
func TestPlacesOfFailures(t *testing.T) {
	const file = `version: 1
event: survey
rules:
  - name: quoted
    when: 'consent and ''ü'' != note and 1 / (total - 7) > 1'
    then: {to: a@example.com, subject: x}
  - name: folded
    when: >-
      consent
      and broken(note) == "x"
    then: {to: a@example.com, subject: x}
  - name: text
    when: true
    then:
      to: a@example.com
      subject: |-
        Ä ${csatRank} and
        ${answer("nosuch")}
`
	set, err := rules.Parse[Form, []formMail](rules.Config{Functions: formFunctions()}, "care.rules.yaml", []byte(file))
	require.NoError(t, err)
	var got []string
	err = set.Each(t.Context(), fullForm(), func(m rules.Match[Form, []formMail]) error {
		_, err := m.Render(m.Then()[0].Subject)
		return err
	})
	for _, err := range err.(interface{ Unwrap() []error }).Unwrap() {
		got = append(got, err.Error())
	}
	assert.Equal(t, []string{
		`care.rules.yaml:5:42: rule "quoted": divides by zero`,
		`care.rules.yaml:10:11: rule "folded": the function broken failed: the service is down`,
		`care.rules.yaml:18:11: rule "text": answer("nosuch") is absent: give a default with ??`,
	}, got)
	assert.ErrorIs(t, err, errBroken)
}

// TestProblemsOfConfigs has what is wrong with a set as a whole, for rules
// made in Go.
func TestProblemsOfConfigs(t *testing.T) {
	fn := func(name string, fn any) rules.Config {
		return rules.Config{Functions: []rules.Function{rules.Func(name, fn)}}
	}
	vars := func(vars map[string]any) rules.Config { return rules.Config{Vars: vars} }
	one := func(int) int { return 1 }
	const named = "expressions cannot name it: use letters, digits and _, beginning with a letter, and no word of the language"
	for _, c := range []struct {
		name string
		cfg  rules.Config
		want []string
	}{
		{"nil", fn("f", nil), []string{"function f: it is not a Go function"}},
		{"nil func", fn("f", (func(int) int)(nil)), []string{"function f: it is not a Go function"}},
		{"no func", fn("f", 1), []string{"function f: it is not a Go function"}},
		{"variadic", fn("f", func(...int) int { return 1 }), []string{"function f: it must not be variadic"}},
		{"no result", fn("f", func(int) {}), []string{"function f: it must have one result, or two"}},
		{"three results", fn("f", func(int) (int, int, int) { return 1, 1, 1 }), []string{"function f: it must have one result, or two"}},
		{"second result", fn("f", func(int) (int, int) { return 1, 1 }), []string{"function f: its second result must be a bool or an error"}},
		{"unreadable parameter", fn("f", func(map[string]int) int { return 1 }), []string{"function f: expressions cannot pass a map[string]int"}},
		{"pointer", fn("f", func(*int) int { return 1 }), []string{"function f: expressions cannot pass a *int"}},
		{"another input", fn("f", func(*FormIdle) int { return 1 }), []string{"function f: expressions cannot pass a *rules_test.FormIdle"}},
		{"input behind", fn("f", func(int, *Form) int { return 1 }), []string{"function f: expressions cannot pass a *rules_test.Form"}},
		{"input by value", fn("f", func(Form) int { return 1 }), []string{"function f: expressions cannot pass a rules_test.Form"}},
		{"struct", fn("f", func(FormIdle) int { return 1 }), []string{"function f: expressions cannot pass a rules_test.FormIdle"}},
		{"int32", fn("f", func(int32) int { return 1 }), []string{"function f: expressions cannot pass a int32"}},
		{"bytes", fn("f", func([]byte) int { return 1 }), []string{"function f: expressions cannot pass a []uint8"}},
		{"list of lists", fn("f", func([][]int) int { return 1 }), []string{"function f: expressions cannot pass a [][]int"}},
		{"array", fn("f", func([2]int) int { return 1 }), []string{"function f: expressions cannot pass a [2]int"}},
		{"interface", fn("f", func(any) int { return 1 }), []string{"function f: expressions cannot pass a interface {}"}},
		{"unusable result", fn("f", func() error { return nil }), []string{"function f: expressions cannot use a error"}},
		{"uint result", fn("f", func() uint { return 1 }), []string{"function f: expressions cannot use a uint"}},
		{"field", fn("total", one), []string{"function total: a field has the same name"}},
		{"constants", fn("vars", one), []string{"function vars: the constants have the same name"}},
		{"function of the language", fn("lower", one), []string{"function lower: the rule language has the same name"}},
		{"predicate of the language", fn("any", one), []string{"function any: the rule language has the same name"}},
		{"no name", fn("", one), []string{"function : " + named}},
		{"dash", fn("a-b", one), []string{"function a-b: " + named}},
		{"digit", fn("1a", one), []string{"function 1a: " + named}},
		{"umlaut", fn("ä", one), []string{"function ä: " + named}},
		{"operator", fn("matches", one), []string{"function matches: " + named}},
		{"word", fn("let", one), []string{"function let: " + named}},
		{"predicate that is left out", fn("reduce", one), []string{"function reduce: " + named}},
		{"twice", rules.Config{Functions: []rules.Function{rules.Func("f", one), rules.Func("f", one)}}, []string{"function f: it is registered twice"}},
		{"several", rules.Config{Functions: []rules.Function{rules.Func("f", 1), rules.Func("g", 1)}, Vars: map[string]any{"a": nil}}, []string{
			"function f: it is not a Go function", "function g: it is not a Go function",
			"vars.a: a constant is a text, a number, a boolean, a list or a group of these, not a Go <nil>",
		}},
		{"constant of a Go type", vars(map[string]any{"a": time.Time{}}), []string{"vars.a: a constant is a text, a number, a boolean, a list or a group of these, not a Go time.Time"}},
		{"typed list", vars(map[string]any{"a": []string{"b"}}), []string{"vars.a: a constant is a text, a number, a boolean, a list or a group of these, not a Go []string"}},
		{"unsigned", vars(map[string]any{"a": uint(1)}), []string{"vars.a: a constant is a text, a number, a boolean, a list or a group of these, not a Go uint"}},
		{"mixed list", vars(map[string]any{"a": []any{1, "b", 2}}), []string{"vars.a.1: a text in a list that begins with a whole number"}},
		{"list of groups", vars(map[string]any{"a": []any{map[string]any{}}}), []string{"vars.a.0: a list of constants holds texts, numbers or booleans"}},
		{"list of nil", vars(map[string]any{"a": []any{nil}}), []string{"vars.a.0: a list of constants holds texts, numbers or booleans"}},
		{"name", vars(map[string]any{"a b": 1}), []string{"vars.a b: an expression cannot name this constant: use letters, digits and _, beginning with a letter"}},
		{"deep name", vars(map[string]any{"a": map[string]any{"in": 1, "b": map[string]any{"": 1}}}), []string{
			"vars.a.b.: an expression cannot name this constant: use letters, digits and _, beginning with a letter",
			"vars.a.in: an expression cannot name this constant: use letters, digits and _, beginning with a letter",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := rules.New(c.cfg, formRules("true")...)
			assert.Equal(t, c.want, problemsOf(t, err))
		})
	}
}

// TestInputsThatAreNoStructs refuses what has no fields, or too good ones.
func TestInputsThatAreNoStructs(t *testing.T) {
	_, err := rules.New(rules.Config{}, rules.Rule[int, string]{Name: "a", When: rules.When[int]("true")})
	assert.EqualError(t, err, "the input of rules is a struct, not int")
	_, err = rules.Parse[*Form, string](rules.Config{}, "f", []byte("version: 1\nevent: e\nrules: [{name: a, when: true, then: x}]\n"))
	assert.EqualError(t, err, "f: the input of rules is a struct, not *rules_test.Form")

	type clash struct {
		Vars int `json:"vars"`
	}
	_, err = rules.New(rules.Config{}, rules.Rule[clash, string]{Name: "a", When: rules.When[clash]("true")})
	assert.EqualError(t, err, "the input has a field named vars, which is the name of the constants")
	_, err = rules.Parse[clash, string](rules.Config{}, "f", []byte("version: 1\nevent: e\nrules: [{name: a, when: true, then: x}]\n"))
	assert.EqualError(t, err, "f: the input has a field named vars, which is the name of the constants")
}

// TestConfigsOfFiles has the parts of a Config that a file has of its own.
func TestConfigsOfFiles(t *testing.T) {
	file := []byte("version: 1\nevent: e\nrules: [{name: a, when: true, then: x}]\n")
	for _, cfg := range []rules.Config{{Hit: rules.First}, {Vars: map[string]any{}}} {
		_, err := rules.Parse[Form, string](cfg, "f", file)
		assert.EqualError(t, err, "f: Config.Hit and Config.Vars are for rules made in Go: a file has its own")
	}
}

// TestProblemsOfRulesInGo has names and conditions.
func TestProblemsOfRulesInGo(t *testing.T) {
	rule := func(name string, when rules.Condition[Form]) rules.Rule[Form, rules.Text] {
		return rules.Rule[Form, rules.Text]{Name: name, When: when}
	}
	always := rules.When[Form]("true")
	const badName = "a name is made of letters, digits, -, _ and ., at most 100 of them"
	const none = `there is no condition: give When an expression or WhenFunc a function; rules.When[In]("true") is a rule that always fires`
	_, err := rules.New(formConfig(),
		rule("", always),
		rule("a b", always),
		rule("ä", always),
		rule(strings.Repeat("a", 101), always),
		rule(strings.Repeat("a", 100), always),
		rule("Aa0-_.", always),
		rule("Aa0-_.", always),
		rule("none", rules.Condition[Form]{}),
		rule("empty", rules.When[Form]()),
		rule("nil", rules.WhenFunc[Form](nil)),
		rule("lines", rules.When[Form]("consent\n  and nosuchfield", "csatRank\r\n <\t\"ü\"")),
	)
	var load *rules.LoadError
	require.ErrorAs(t, err, &load)
	assert.Equal(t, []string{
		"rule 1 has no name",
		`rule "a b": ` + badName,
		`rule "ä": ` + badName,
		`rule "` + strings.Repeat("a", 101) + `": ` + badName,
		`rule "Aa0-_.": another rule has the same name`,
		`rule "none": ` + none,
		`rule "empty": ` + none,
		`rule "nil": ` + none,
		`2:7: rule "lines": unknown name nosuchfield; there are csatRank, skillName, agentName, questionWithAnswers, timestamp, consent, asked, total, size, price, …`,
		`1:1: rule "lines": cannot compare a whole number with a text: write a number in place of "ü"`,
	}, strings.Split(err.Error(), "\n"))
	assert.Equal(t, 7, strings.Count(err.Error(), "\n")-2)
	assert.False(t, errors.Is(err, errBroken))
}
