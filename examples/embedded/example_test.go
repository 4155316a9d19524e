package embedded_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/transcript"
)

func Example() {
	rules, err := transcript.Load(os.DirFS("."), "*.rules.yaml")
	if err != nil {
		log.Fatal(err) // every problem: care.rules.yaml:6:11: rule "…": unknown name csatrank (did you mean csatRank?)
	}
	survey := events.ChatPostSurveyEmailTranscript
	rt, err := faas.New(faas.Config{Functions: []faas.Function{faas.On(survey, "care_transcripts", rules.Decide)}})
	if err != nil {
		log.Fatal(err)
	}

	rank := 2
	results, err := faas.Invoke(context.Background(), rt, survey, events.Event[events.PostSurvey]{
		Payload: events.PostSurvey{CSATRank: &rank, SkillName: "customercare", AgentName: "John Doe"},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, result := range results {
		for _, email := range result.Value {
			fmt.Printf("to %s: %s\n", email.TargetEmail, email.Subject)
		}
	}
	// Output: to care-leads@example.com: Rating 2 for John Doe
}
