package transcript_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/transcript"
)

// TestLintOfExamples wants nothing found in the examples but what is only a
// hint.
func TestLintOfExamples(t *testing.T) {
	t.Parallel()
	for _, folder := range []string{"../examples/chatserver/rules", "../examples/embedded"} {
		set, err := transcript.Load(os.DirFS(folder), "*.rules.yaml")
		require.NoError(t, err)
		for _, f := range set.Lint(t.Context()) {
			assert.True(t, f.Hint, f)
		}
	}
}

// TestLintFileByFile wants the findings of every file, and those of surveys.
func TestLintFileByFile(t *testing.T) {
	t.Parallel()
	file := func(name, when string) transcript.File {
		return transcript.File{Name: name, Data: []byte(`version: 1
event: denver_post_survey_email_transcript
rules:
  - name: ` + name + `
    when: '` + when + `'
    then: {targetEmail: a@example.com, senderName: A, senderEmail: b@example.com, subject: "For ${agentName}"}
tests:
  - {name: fires, given: {agentName: a, csatRank: 1}, expect: {fired: [` + name + `]}}
  - {name: does not, given: {agentName: a, csatRank: 5}, expect: {fired: []}}
`)}
	}
	set, err := transcript.ParseFiles([]transcript.File{file("a", "csatRank > 5"), file("b", "csatRank < 3")})
	require.NoError(t, err)
	var found []string
	for _, f := range set.Lint(t.Context()) {
		found = append(found, f.String())
	}
	assert.Equal(t, []string{
		`a:5:12: rule "a": the rule never fires: csatRank > 5 can never be true (csatRank is 1 to 5) (never-fires)`,
		`b:6:99: rule "b": agentName may be absent when the rule fires, and then the rule fails: write ${agentName ?? …} with a default, or ask for it in the condition (absent-in-text)`,
	}, found)
}
