package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/transcript"
)

const account = "12345678"

// pathOf is where an event is invoked.
func pathOf(event string) string {
	return "/api/account/" + account + "/events/" + event + "/invoke"
}

// envelope is the survey that all handlers decide.
const envelope = `{
  "timestamp": 1700000038000,
  "headers": [{"key": "X-Conversation", "value": "8d6e4c1a"}],
  "payload": {
    "csatRank": 2,
    "skillName": "CustomerCare",
    "agentName": "John Doe",
    "questionWithAnswers": [
      {"question": "Was your issue solved?", "answer": "No"},
      {"question": "What went wrong?", "answer": "Too slow;Wrong answer"}
    ]
  }
}`

// outcome is what they decide, as it stands in their answers.
const outcome = `[{"targetEmail":"care-leads@example.com","senderName":"Example Contact Centre","senderEmail":"no-reply@example.com","subject":"Rating 2 for John Doe"}]`

// ruleFile says in rules what decide says in Go.
const ruleFile = `
version: 1
event: denver_post_survey_email_transcript
rules:
  - name: unhappy-care-customers
    when: csatRank <= 3 and ieq(skillName, "CustomerCare")
    then:
      targetEmail: care-leads@example.com
      senderName: Example Contact Centre
      senderEmail: no-reply@example.com
      subject: Rating ${csatRank} for ${agentName}
`

// decide is the function behind the gateway.
func decide(_ context.Context, event events.Event[events.PostSurvey]) ([]events.TranscriptEmail, error) {
	p := event.Payload
	if p.CSATRank == nil || *p.CSATRank > 3 || !strings.EqualFold(p.SkillName, "CustomerCare") {
		return nil, nil
	}
	return []events.TranscriptEmail{{
		TargetEmail: "care-leads@example.com",
		SenderName:  "Example Contact Centre",
		SenderEmail: "no-reply@example.com",
		Subject:     fmt.Sprintf("Rating %d for %s", *p.CSATRank, p.AgentName),
	}}, nil
}

// decideByRules is the same, out of a rule file.
func decideByRules() (func(context.Context, events.Event[events.PostSurvey]) ([]events.TranscriptEmail, error), error) {
	rules, err := transcript.Parse("care.rules.yaml", []byte(ruleFile))
	if err != nil {
		return nil, err
	}
	return rules.Decide, nil
}

// isDecision says whether an answer is the one to the survey. IDs and times
// differ.
func isDecision(body []byte) bool {
	const (
		begin = `[{"uuid":"`
		id    = "00000000-0000-0000-0000-000000000000"
		then  = `","timestamp":"`
		at    = "2006-01-02T15:04:05.000Z"
		end   = `","result":` + outcome + `}]`
	)
	text := string(body)
	return len(text) == len(begin+id+then+at+end) && strings.HasPrefix(text, begin) &&
		text[len(begin+id):len(begin+id+then)] == then && strings.HasSuffix(text, end)
}
