package transcript

import (
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/rules"
)

func TestLentSurveysFillCacheLines(t *testing.T) {
	t.Parallel()
	if reflect.TypeFor[uintptr]().Size() == 8 {
		assert.Zero(t, reflect.TypeFor[lentSurvey]().Size()%128)
	}
}

// TestSurveysTakenBack wants nothing of an event to stay behind a decision, and
// surveys that functions of the program may keep to be nobody else's.
func TestSurveysTakenBack(t *testing.T) {
	t.Parallel()
	event := events.Event[events.PostSurvey]{
		Timestamp: time.Unix(1, 0), Headers: []events.Header{{Key: "k", Value: "v"}},
		Payload: events.PostSurvey{CSATRank: new(2), SkillName: "care", Answers: []events.Answer{{Question: "q"}}},
	}
	var shared surveys
	s := shared.lend(event)
	assert.Equal(t, *surveyOf(event), s.Survey)
	shared.takeBack(s)
	assert.Zero(t, s.Survey)

	own := surveys{own: true}
	kept := own.lend(event)
	own.takeBack(kept)
	other := own.lend(events.Event[events.PostSurvey]{})
	assert.NotSame(t, kept, other)
	assert.Equal(t, *surveyOf(event), kept.Survey)
}

// TestKeptSurveys has a function of the program keep what it sees.
func TestKeptSurveys(t *testing.T) {
	t.Parallel()
	var kept []*Survey
	keep := rules.Func("keep", func(s *Survey) bool { kept = append(kept, s); return true })
	set, err := Parse("care.rules.yaml", []byte(subjectOfAgent("keep()")), Functions(keep))
	require.NoError(t, err)
	for _, name := range []string{"Ann", "Bob", "Eve"} {
		_, err := set.Decide(t.Context(), events.Event[events.PostSurvey]{Payload: events.PostSurvey{AgentName: name}})
		require.NoError(t, err)
	}
	require.Len(t, kept, 3)
	assert.Equal(t, []string{"Ann", "Bob", "Eve"}, []string{kept[0].AgentName, kept[1].AgentName, kept[2].AgentName})
}

// TestSurveysAtOnce has several decide at once: each e-mail is about its own
// survey.
func TestSurveysAtOnce(t *testing.T) {
	t.Parallel()
	set, err := Parse("care.rules.yaml", []byte(subjectOfAgent("csatRank <= 3")))
	require.NoError(t, err)
	var all sync.WaitGroup
	for g := range 8 {
		all.Go(func() {
			for i := range 500 {
				name, rank := fmt.Sprintf("Agent %d of %d", i, g), 1+i%5
				emails, err := set.Decide(t.Context(), events.Event[events.PostSurvey]{Payload: events.PostSurvey{AgentName: name, CSATRank: &rank}})
				if !assert.NoError(t, err) || rank > 3 && !assert.Empty(t, emails) || rank <= 3 && !assert.Len(t, emails, 1) {
					return
				}
				if rank <= 3 {
					assert.Equal(t, "For "+name, emails[0].Subject)
				}
			}
		})
	}
	all.Wait()
}

// subjectOfAgent is a rule file whose e-mail names the agent.
func subjectOfAgent(when string) string {
	return `version: 1
event: denver_post_survey_email_transcript
rules:
  - name: one
    when: ` + when + `
    then: {targetEmail: a@example.com, senderName: A, senderEmail: b@example.com, subject: "For ${agentName}"}
`
}
