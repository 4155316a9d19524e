package transcript_test

import (
	"context"
	"fmt"
	"log"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/transcript"
)

func Example() {
	set, err := transcript.Parse("care.rules.yaml", []byte(`
version: 1
event: denver_post_survey_email_transcript
rules:
  - name: unhappy
    when: csatRank <= 3
    then:
      targetEmail: leads@example.com
      senderName: Example Contact Centre
      senderEmail: no-reply@example.com
      subject: Rating ${csatRank} for ${agentName ?? 'an agent'}
`))
	if err != nil {
		log.Fatal(err)
	}
	two := 2
	for _, survey := range []events.PostSurvey{{CSATRank: &two, AgentName: "Jane Roe"}, {AgentName: "Jane Roe"}} {
		event := events.Event[events.PostSurvey]{Payload: survey}
		emails, err := set.Decide(context.Background(), event)
		if err != nil {
			log.Fatal(err)
		}
		for _, email := range emails {
			fmt.Printf("to %s: %s\n", email.TargetEmail, email.Subject)
		}
		fmt.Println(set.Explain(context.Background(), event).Rules[0].Reason())
	}
	// Output:
	// to leads@example.com: Rating 2 for Jane Roe
	// fired
	// skipped: csatRank is absent
}
