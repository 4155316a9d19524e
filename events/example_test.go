package events_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/afterword-go/afterword/events"
)

// A survey arrives, and what happens to it is decided by a few lines of Go.
func Example() {
	body := strings.NewReader(`{
		"timestamp": 1700000038000,
		"payload": {
			"csatRank": 2,
			"skillName": "Billing",
			"agentName": "Jane Roe",
			"questionWithAnswers": [{"question": "What went wrong?", "answer": "Too slow; Wrong answer"}]
		}
	}`)
	env, err := events.ReadEnvelope(body)
	if err != nil {
		fmt.Println(err)
		return
	}
	event, err := events.ChatPostSurveyEmailTranscript.Decode(env)
	if err != nil {
		fmt.Println(err)
		return
	}
	survey := event.Payload
	fmt.Println(event.Timestamp.Year(), survey.AgentName, slices.Collect(survey.Answers[0].Choices()))

	var emails []events.TranscriptEmail
	if survey.CSATRank != nil && *survey.CSATRank <= 3 {
		emails = append(emails, events.TranscriptEmail{
			TargetEmail: "care-leads@example.com", SenderName: "Sender X",
			SenderEmail: "no-reply@example.com", Subject: "Low rating for " + survey.AgentName,
		})
	}
	result, err := events.ChatPostSurveyEmailTranscript.EncodeResult(emails)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(result))
	// Output:
	// 2023 Jane Roe [Too slow Wrong answer]
	// [{"targetEmail":"care-leads@example.com","senderName":"Sender X","senderEmail":"no-reply@example.com","subject":"Low rating for Jane Roe"}]
}

// All that is wrong with a payload is told at once, and no value is repeated.
func ExampleDecodeError() {
	payload := `{"csatRank": 11, "agentName": 7, "questionWithAnswers": [{"question": true}]}`
	_, err := events.ChatPostSurveyEmailTranscript.Decode(events.Envelope{Payload: []byte(payload)})
	fmt.Println(err)
	// Output:
	// payload.csatRank: must be at most 5
	// payload.agentName: must be text, not a number
	// payload.questionWithAnswers[0].question: must be text, not a boolean
}

// A kind of one's own joins those of the platform.
func ExampleDefine() {
	type order struct {
		Number events.ID `json:"number" validate:"required"`
		Total  *float64  `json:"total"`
	}
	shipped := events.Define[order, events.Ignored](events.Spec{
		ID: "shop_order_shipped", Name: "Order Shipped", Limit: 3,
	})
	registry, err := events.Platform().With(shipped)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = registry.Lookup("shop_order_shiped")
	fmt.Println(err)
	event, err := shipped.Decode(events.Envelope{Payload: []byte(`{"number": 20000000000000000001}`)})
	fmt.Println(event.Payload.Number, err)
	// Output:
	// unknown event "shop_order_shiped"; did you mean shop_order_shipped?
	// 20000000000000000001 <nil>
}

func ExampleCheckLimit() {
	fmt.Println(events.CheckLimit(events.MessagingTTR,
		[]events.Holder{{Function: "billing", Skills: []string{"7", "8"}}},
		events.Holder{Function: "care", Skills: []string{"8", "9"}}))
	// Output:
	// event controllerbot_messaging_ttr has skill "8" held by billing: name it in one function only
}
