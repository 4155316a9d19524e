//go:build !race

package transcript_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/transcript"
)

// TestAllocations holds deciding to the list of e-mails and the texts it renders: the
// race detector empties pools, so it is not run with it.
func TestAllocations(t *testing.T) {
	set, err := transcript.Parse("care.rules.yaml", []byte(`version: 1
event: denver_post_survey_email_transcript
rules:
  - name: unhappy
    when: csatRank <= 3
    then:
      targetEmail: care-leads@example.com
      senderName: Example Contact Centre
      senderEmail: no-reply@example.com
      subject: "Low rating for ${agentName}"
`))
	require.NoError(t, err)
	for rank, most := range map[int]float64{2: 2, 4: 0} {
		event := events.Event[events.PostSurvey]{Payload: events.PostSurvey{CSATRank: &rank, AgentName: "John Doe"}}
		emails, err := set.Decide(t.Context(), event)
		require.NoError(t, err)
		require.Len(t, emails, 1-rank/4)
		assert.LessOrEqual(t, testing.AllocsPerRun(200, func() { _, _ = set.Decide(t.Context(), event) }), most, rank)
	}
}
