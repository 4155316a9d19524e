package transcript_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/transcript"
)

// A file without tests that takes over its drafts passes them, and reaches all.
func TestDraftReachesAll(t *testing.T) {
	t.Parallel()
	const file = `version: 1
event: denver_post_survey_email_transcript
rules:
  - name: care
    when: csatRank <= 3 and ieq(skillName, "CustomerCare")
    then: {targetEmail: a@example.com, senderName: A, senderEmail: a@example.com, subject: "Rated ${csatRank} for ${agentName}"}
  - name: poor
    when: '"Poor" in answers("How was it?")'
    then: {targetEmail: b@example.com, senderName: A, senderEmail: a@example.com, subject: poor}
`
	set, err := transcript.Parse("care.rules.yaml", []byte(file))
	require.NoError(t, err)
	draft := set.Draft(t.Context())
	assert.Empty(t, draft.Left)
	var tests strings.Builder
	for _, test := range draft.Tests {
		tests.WriteString(test.Text)
	}
	assert.Contains(t, tests.String(), "        - targetEmail: a@example.com\n          senderName: A\n")

	beside := rules.TestFile{Name: "care_test.yaml", Data: []byte("version: 1\ntests:\n" + tests.String())}
	set, err = transcript.ParseFiles([]transcript.File{{Name: "care.rules.yaml", Data: []byte(file), Tests: []rules.TestFile{beside}}})
	require.NoError(t, err)
	require.NoError(t, set.Test(t.Context()))
	assert.Equal(t, 100, set.Coverage(t.Context()).Percent())
	assert.Empty(t, set.Draft(t.Context()).Tests)
	assert.Len(t, set.Draft(t.Context(), set.Tests()[1:]...).Tests, 1)
}
