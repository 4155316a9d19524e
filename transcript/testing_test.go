package transcript_test

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/transcript"
)

// testFile is a test file with tests, each on one line.
func testFile(tests ...string) string {
	return "version: 1\ntests:\n  - " + strings.Join(tests, "\n  - ") + "\n"
}

func mapFS(files ...string) fstest.MapFS {
	out := fstest.MapFS{}
	for i := 0; i < len(files); i += 2 {
		out[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return out
}

func testNames(set *transcript.RuleSet) []string {
	var names []string
	for _, test := range set.Tests() {
		names = append(names, test.File+" "+test.Name)
	}
	return names
}

func TestLoadTakesTheTestsBeside(t *testing.T) {
	t.Parallel()
	test := func(name string) string { return testFile("{name: " + name + ", given: {}, expect: {fired: [a]}}") }
	inside := ruleFile("collect", "a | true") + "tests:\n  - {name: inside, given: {}, expect: {fired: [a]}}\n"
	fsys := mapFS(
		"care.rules.yaml", inside,
		"care_test.yaml", test("short"),
		"care.rules_test.yaml", test("long"),
		"sales.rules.yaml", ruleFile("collect", "b | true"),
		"sales_test.yml", testFile("{name: other ending, given: {}, expect: {fired: [b]}}"),
		"notes_test.txt", "{",
		"other/stray_test.yaml", "{",
	)
	for _, pattern := range []string{"*.rules.yaml", "*.yaml"} {
		set, err := transcript.Load(fsys, pattern)
		require.NoError(t, err)
		assert.Equal(t, []string{"care.rules.yaml inside", "care.rules_test.yaml long", "care_test.yaml short", "sales_test.yml other ending"}, testNames(set))
		results := set.RunTests(t.Context())
		require.Len(t, results, 4)
		for _, result := range results {
			assert.True(t, result.Passed(), result)
		}
	}
	_, err := transcript.Load(fsys, "*_test.yaml")
	require.EqualError(t, err, "rule files *_test.yaml: no file matches")

	fsys["stray_test.yaml"] = &fstest.MapFile{Data: []byte("{")}
	fsys["astray.rules_test.yml"] = &fstest.MapFile{Data: []byte("{")}
	_, err = transcript.Load(fsys, "care.rules.yaml")
	require.EqualError(t, err, "astray.rules_test.yml: there is no rule file for these tests: astray.rules.yaml, say\n"+
		"stray_test.yaml: there is no rule file for these tests: stray.rules.yaml, say")
	delete(fsys, "stray_test.yaml")
	delete(fsys, "astray.rules_test.yml")

	fsys["care_test.yaml"].Data = []byte(testFile("{name: short, gven: {}, expect: {fired: [b]}}"))
	_, err = transcript.Load(fsys, "*.yaml")
	require.EqualError(t, err, `care_test.yaml:3:19: unknown key "gven" in tests[0]: did you mean given?`+"\n"+
		`care_test.yaml:3:46: there is no rule "b"; there are a`)

	delete(fsys, "care_test.yaml")
	fsys["care_test.yaml/x"] = &fstest.MapFile{}
	_, err = transcript.Load(fsys, "*.rules.yaml")
	require.ErrorContains(t, err, "care_test.yaml: not a file of rules")
	_, err = transcript.Load(closedFS{fsys, "_test"}, "care.rules.yaml")
	require.ErrorIs(t, err, fs.ErrPermission)
	_, err = transcript.Load(closedFS{fsys, "."}, "care.rules.yaml")
	require.ErrorIs(t, err, fs.ErrPermission, "which tests there are is not known")
}

// closedFS does not let files be looked at whose names end like this.
type closedFS struct {
	fstest.MapFS
	closed string
}

func (f closedFS) shut(name string) bool {
	return strings.HasSuffix(strings.TrimSuffix(name, path.Ext(name)), f.closed) || name == f.closed
}

func (f closedFS) Open(name string) (fs.File, error) {
	if f.shut(name) {
		return nil, fs.ErrPermission
	}
	return f.MapFS.Open(name)
}

func (f closedFS) ReadDir(name string) ([]fs.DirEntry, error) {
	if f.shut(name) {
		return nil, fs.ErrPermission
	}
	return f.MapFS.ReadDir(name)
}

func (f closedFS) Stat(name string) (fs.FileInfo, error) {
	if f.shut(name) {
		return nil, fs.ErrPermission
	}
	return f.MapFS.Stat(name)
}

func TestInputsAreSurveys(t *testing.T) {
	t.Parallel()
	const email = `{targetEmail: it@example.com, senderName: Sender, senderEmail: no-reply@example.com, subject: 2026-01-31T18:00:00Z}`
	for _, c := range []struct{ name, given, expect, want string }{
		{"a time", `timestamp: 2026-01-31T18:00:00Z`, `emails: ` + email, ``},
		{"a time in quotes", `timestamp: "2026-01-31T18:00:00Z"`, `emails: [` + email + `]`, ``},
		{"a time elsewhere", `timestamp: 2026-01-31T19:00:00+01:00`, `emails: ` + email, ``},
		{"milliseconds", `timestamp: 1769882400000`, `emails: ` + email, ``},
		{"no time", ``, `skipped: {it: [timestamp]}, emails: []`, ``},
		{"time null", `timestamp: ~`, `skipped: {it: [timestamp]}`, ``},
		{"a date", `timestamp: 2026-01-31`, `fired: []`, "13:34: timestamp: write 2026-01-31T18:00:00Z, or milliseconds since 1970"},
		{"a fraction", `timestamp: 1.5`, `fired: []`, "13:34: timestamp: write 2026-01-31T18:00:00Z, or milliseconds since 1970"},
		{"microseconds", `timestamp: 2026-01-31T18:00:00.000001Z`, `fired: []`, "13:34: timestamp: events come with whole milliseconds since 1970: write 2026-01-31T18:00:00Z, or 2026-01-31T18:00:00.123Z"},
		{"before 1970", `timestamp: 1969-12-31T23:59:59.999Z`, `fired: []`, "13:34: timestamp: events come with whole milliseconds since 1970: write 2026-01-31T18:00:00Z, or 2026-01-31T18:00:00.123Z"},
		{"no rank", `csatRank: 0`, `skipped: {it: [timestamp]}`, ``},
		{"a rank too high", `csatRank: 6`, `fired: []`, "13:33: csatRank: must be at most 5"},
		{"not a rank", `csatRank: five`, `fired: []`, "13:33: csatRank: must be a whole number, not text"},
		{"a list that is none", `questionWithAnswers: 5`, `fired: []`, "13:44: questionWithAnswers: must be a list, not a number"},
		{
			"all at once", `csatRank: 3x, questionWithAnswers: [{question: 1}], timestamp: yesterday`, `fired: []`,
			"13:33: csatRank: must be a whole number, not text\n13:70: questionWithAnswers[0].question: must be text, not a number\n" +
				"13:86: timestamp: write 2026-01-31T18:00:00Z, or milliseconds since 1970",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			set, err := transcript.Parse("f", []byte(ruleFile("collect", `it | timestamp > date("2026-01-01") | subject=${timestamp}`)+
				"tests:\n  - {name: a, given: {"+c.given+"}, expect: {"+c.expect+"}}\n"))
			if c.want != "" {
				require.EqualError(t, err, "f:"+strings.ReplaceAll(c.want, "\n", "\nf:"))
				return
			}
			require.NoError(t, err)
			results := set.RunTests(t.Context())
			require.Len(t, results, 1)
			assert.Empty(t, results[0].Failures)
		})
	}
}

// A test sees what a decision would: what a blank answer is, and e-mails that
// are no good.
func TestTestsDecideAsDecideDoes(t *testing.T) {
	t.Parallel()
	set := parse(t, ruleFile("first", `shy | answer("Why?") == "because"`, `blank | answer("Why?") == nil | subject=${agentName}`)+`
tests:
  - name: blank
    given: {agentName: John}
    set: {"questionWithAnswers[0].question": Why?, "questionWithAnswers[0].answer": " "}
    expect: {fired: [blank]}
  - name: no subject
    given: {agentName: " ", questionWithAnswers: [{question: Why?, answer: ""}]}
    expect: {error: subject, emails: []}
  - name: padded
    given: {agentName: John}
    set: {"questionWithAnswers[1].question": Why?, "questionWithAnswers[1].answer": because}
    expect: {fired: [shy]}
`)
	for _, result := range set.RunTests(t.Context()) {
		assert.True(t, result.Passed(), result)
	}
}

func TestRunTestsOfNothing(t *testing.T) {
	t.Parallel()
	set, err := transcript.New()
	require.NoError(t, err)
	assert.Empty(t, set.Tests())
	assert.Empty(t, set.RunTests(t.Context()))
}

func TestLiveKeepsTheOldSetWhenTestsFail(t *testing.T) {
	t.Parallel()
	const secret = "Jane Secret"
	tests := testFile("{name: passes, given: {agentName: " + secret + "}, expect: {fired: [it]}}")
	fsys := mapFS("care.rules.yaml", ruleFile("collect", "it | true"), "care_test.yaml", tests)
	live, err := transcript.NewLive(func() (*transcript.RuleSet, error) { return transcript.Load(fsys, "*.rules.yaml") })
	require.NoError(t, err)
	old := live.Set()

	fsys["care_test.yaml"].Data = []byte(testFile(
		"{name: passes, given: {agentName: "+secret+"}, expect: {fired: [it]}}",
		"{name: fails, given: {agentName: "+secret+"}, expect: {fired: []}}",
		"{name: by an error, given: {agentName: "+secret+"}, expect: {error: "+secret+"}}",
	))
	err = live.Reload()
	require.EqualError(t, err, "care_test.yaml:4:5: test \"fails\" failed\ncare_test.yaml:5:5: test \"by an error\" failed")
	var failed *transcript.TestError
	require.True(t, errors.As(err, &failed))
	require.Len(t, failed.Failed, 2)
	assert.Equal(t, "fails", failed.Failed[0].Name)
	assert.NotEmpty(t, failed.Failed[0].Failures)
	assert.Same(t, old, live.Set())
	emails, err := live.Decide(context.Background(), documented())
	require.NoError(t, err)
	assert.Len(t, emails, 1)

	_, err = transcript.NewLive(func() (*transcript.RuleSet, error) { return transcript.Load(fsys, "*.rules.yaml") })
	require.ErrorAs(t, err, &failed)

	fsys["care_test.yaml"].Data = []byte(testFile("{name: by its input, given: {csatRank: " + secret + "}, expect: {fired: [it]}}"))
	require.EqualError(t, live.Reload(), "care_test.yaml:3:44: csatRank: must be a whole number, not text")
	assert.Same(t, old, live.Set())

	fsys["care_test.yaml"].Data = []byte(tests)
	require.NoError(t, live.Reload())
	assert.NotSame(t, old, live.Set())
}
