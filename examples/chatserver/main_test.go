package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// marker stands in every bad input where a value would. Nothing may repeat it
// but what is for the sender of the survey alone.
const marker = "marker-4711"

// A result is what a run of the program left.
type result struct {
	code           int
	stdout, stderr string
}

func execute(t *testing.T, stdin string, args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), args, strings.NewReader(stdin), &stdout, &stderr)
	return result{code, stdout.String(), stderr.String()}
}

// writeRules makes a folder of rule files, by their names.
func writeRules(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	return dir
}

// ruleNamed is a rule file with one rule that always fires, whose e-mail bears
// the rule's name.
func ruleNamed(name string) string { return ruleWhen(name, "true", name) }

func ruleWhen(name, when, subject string) string {
	return `version: 1
event: denver_post_survey_email_transcript
rules:
  - name: ` + name + `
    when: ` + when + `
    then: {targetEmail: a@example.com, senderName: A, senderEmail: b@example.com, subject: "` + subject + `"}
`
}

// The output of a run without arguments is kept in testdata. REWRITE=1 writes
// it anew; then read it line by line.
func TestPlay(t *testing.T) {
	got := execute(t, "")
	require.Equal(t, exitOK, got.code)
	require.Empty(t, got.stderr)
	golden := filepath.Join("testdata", "play.txt")
	if os.Getenv("REWRITE") != "" {
		require.NoError(t, os.MkdirAll("testdata", 0o750))
		require.NoError(t, os.WriteFile(golden, []byte(got.stdout), 0o600))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	wanted, printed := strings.Split(string(want), "\n"), strings.Split(got.stdout, "\n")
	for i, line := range wanted[:min(len(wanted), len(printed))] {
		require.Equal(t, line, printed[i], "line %d", i+1)
	}
	assert.Len(t, printed, len(wanted))
}

func TestPlayByLegacyRules(t *testing.T) {
	got := execute(t, "", "-legacy")
	require.Equal(t, exitOK, got.code)
	assert.Contains(t, got.stdout, "No function is connected: the server's legacy rules decide.\n")
	assert.Contains(t, got.stdout, `supervisors@example.com  "A chat was rated 3 or less"`)
	assert.NotContains(t, got.stdout, "care-leads@example.com")
	assert.Contains(t, got.stdout, "10 surveys lead to 5 e-mails.")
}

func TestPlayByOtherRules(t *testing.T) {
	got := execute(t, "", "-rules", writeRules(t, map[string]string{"b.rules.yaml": ruleNamed("second"), "a.rules.yaml": ruleNamed("first"), "notes.txt": "no rules"}))
	require.Equal(t, exitOK, got.code)
	assert.Contains(t, got.stdout, "3 rules, ")
	assert.Contains(t, got.stdout, `
  why     first              fired → a@example.com
          second             fired → a@example.com
          vip-rated-below-5  not fired (a rule in Go)
`)
}

// A rule that fails for one survey spoils that decision and no other.
func TestPlayGoesOnAfterAFailure(t *testing.T) {
	got := execute(t, "", "-rules", writeRules(t, map[string]string{"a.rules.yaml": ruleWhen("whose", "true", "${agentName}")}))
	assert.Equal(t, exitFailed, got.code)
	assert.Equal(t, 1, strings.Count(got.stdout, "none: the decision failed, and then nothing is sent"))
	assert.Contains(t, got.stdout, "10 surveys lead to 10 e-mails.") // the VIP's survey has two
	assert.Equal(t, 1, strings.Count(got.stderr, "\n"))
	assert.Regexp(t, `^surveys/04-rank-minus-one.json: a\.rules\.yaml:6:\d+: rule "whose": `, got.stderr)
	assert.Contains(t, got.stderr, "agentName")
}

func TestNobodyIsThereToRead(t *testing.T) {
	var stderr bytes.Buffer
	code := run(t.Context(), nil, strings.NewReader(""), brokenPipe{}, &stderr)
	assert.Equal(t, exitFailed, code)
	assert.Equal(t, "file already closed\n", stderr.String())
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, os.ErrClosed }
