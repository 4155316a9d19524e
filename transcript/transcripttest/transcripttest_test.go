package transcripttest_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/transcript"
	"github.com/afterword-go/afterword/transcript/transcripttest"
)

const file = `version: 1
event: denver_post_survey_email_transcript
rules:
  - name: low
    when: csatRank <= limit()
    then: {targetEmail: leads@example.com, senderName: Care, senderEmail: no-reply@example.com, subject: "Q&A ${csatRank}"}
`

const beside = `version: 1
tests:
  - name: low
    expect: {fired: [low], emails: {targetEmail: leads@example.com, senderName: Care, senderEmail: no-reply@example.com, subject: Q&A 3}}
    cases:
      - {name: three, given: {csatRank: 3}}
      - {name: four, given: {csatRank: 4}, expect: {fired: [], emails: []}}
`

func folder(rules, tests string) fstest.MapFS {
	out := fstest.MapFS{"care.rules.yaml": {Data: []byte(rules)}}
	if tests != "" {
		out["care_test.yaml"] = &fstest.MapFile{Data: []byte(tests)}
	}
	return out
}

func limit() transcript.Option {
	return transcript.Functions(rules.Func("limit", func() int { return 3 }))
}

func TestRun(t *testing.T) { transcripttest.Run(t, folder(file, beside), "*.rules.yaml", limit()) }

// folders are what the process that TestRunInAProcess starts may test.
var folders = map[string]fstest.MapFS{
	"sound":   folder(file, beside),
	"empty":   folder(file, ""),
	"failing": folder(file, strings.Replace(beside, "Q&A 3", "Q&A 5", 1)),
	"wrong":   folder(strings.Replace(file, "csatRank", "csatRnk", 1), beside),
	"none":    {},
}

const chosen = "AFTERWORD_TRANSCRIPTTEST_FOLDER"

func TestInAProcess(t *testing.T) {
	fsys, ok := folders[os.Getenv(chosen)]
	if !ok {
		t.Skip("only in the process that TestRunInAProcess starts")
	}
	transcripttest.Run(t, fsys, "*.rules.yaml", limit())
}

func TestRunInAProcess(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		folder string
		ok     bool
		want   []string
	}{
		{"sound", true, []string{"--- PASS: TestInAProcess/low/three", "--- PASS: TestInAProcess/low/four"}},
		{"empty", false, []string{"the rule files have no tests"}},
		{"failing", false, []string{
			"--- FAIL: TestInAProcess/low/three", "--- PASS: TestInAProcess/low/four", `care_test.yaml:6:9: test "low/three" failed`,
			`-   subject: "Q&A 5"`, `+   subject: "Q&A 3"`, "low: fired",
		}},
		{"wrong", false, []string{`care.rules.yaml:5:11: rule "low": unknown name csatRnk (did you mean csatRank?)`}},
		{"none", false, []string{"rule files *.rules.yaml: no file matches"}},
	} {
		t.Run(c.folder, func(t *testing.T) {
			t.Parallel()
			command := exec.Command(os.Args[0], "-test.run=^TestInAProcess$", "-test.v") //nolint:gosec // this test itself
			command.Env = append(os.Environ(), chosen+"="+c.folder)
			out, err := command.CombinedOutput()
			assert.Equal(t, c.ok, err == nil, "%s", out)
			for _, want := range c.want {
				assert.Contains(t, string(out), want)
			}
		})
	}
}

// Whoever tests rules with this package need not have testify.
func TestNoTestifyIsLinked(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "list", "-deps", ".", "../../rules/rulestest").Output()
	require.NoError(t, err)
	assert.Contains(t, string(out), "afterword/transcript\n")
	assert.NotContains(t, string(out), "testify")
}
