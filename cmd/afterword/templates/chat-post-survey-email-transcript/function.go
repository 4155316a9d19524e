package function

import (
	"context"
	"embed"
	"fmt"
	"regexp"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/transcript"
)

//go:embed *.rules.yaml *_test.yaml
var rules embed.FS

// Functions are what this program serves: the rules of the file, once their
// tests have passed. To serve the same in Go, put Decide in the place of
// set.Decide; both would send each e-mail twice.
func Functions() ([]faas.Function, error) {
	set, err := transcript.Load(rules, "*.rules.yaml")
	if err != nil {
		return nil, err
	}
	if err := set.Test(context.Background()); err != nil {
		return nil, err
	}
	return []faas.Function{
		faas.On(events.ChatPostSurveyEmailTranscript, "my_function", set.Decide, faas.Description("Chooses who gets the transcript of a chat.")),
	}, nil
}

var (
	customerCare = regexp.MustCompile(`(?i)CustomerCare`)
	johnDoe      = regexp.MustCompile(`(?i)John Doe`)
)

// Decide is what the rule file says, in Go.
func Decide(_ context.Context, event events.Event[events.PostSurvey]) ([]events.TranscriptEmail, error) {
	survey := event.Payload
	if survey.CSATRank == nil || *survey.CSATRank > 3 { // nil: the customer gave no rank
		return nil, nil
	}
	if !customerCare.MatchString(survey.SkillName) || !johnDoe.MatchString(survey.AgentName) {
		return nil, nil
	}
	return []events.TranscriptEmail{{
		TargetEmail: "care-leads@example.com",
		SenderName:  "Example Contact Centre",
		SenderEmail: "no-reply@example.com",
		Subject:     fmt.Sprintf("Rating %d for John Doe", *survey.CSATRank),
	}}, nil
}
