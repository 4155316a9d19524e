package faas_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// care tells Care's leads of chats that went badly.
func care(_ context.Context, event events.Event[events.PostSurvey]) ([]events.TranscriptEmail, error) {
	survey := event.Payload
	if survey.CSATRank == nil || *survey.CSATRank > 3 {
		return nil, nil
	}
	return []events.TranscriptEmail{{
		TargetEmail: "care-leads@example.com", SenderName: "Sender X",
		SenderEmail: "no-reply@example.com", Subject: "Low rating for " + survey.AgentName,
	}}, nil
}

// A chat server asks whether functions are connected, and has them decide.
func Example() {
	rt, err := faas.New(faas.Config{Functions: []faas.Function{
		faas.On(events.ChatPostSurveyEmailTranscript, "care_transcripts", care),
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	if !rt.Implements(events.ChatPostSurveyEmailTranscript.ID()) {
		fmt.Println("the chat server's own rules decide")
		return
	}

	rank := 2
	survey := events.PostSurvey{CSATRank: &rank, SkillName: "CustomerCare", AgentName: "John Doe"}
	results, err := faas.Invoke(context.Background(), rt, events.ChatPostSurveyEmailTranscript, events.Event[events.PostSurvey]{Payload: survey})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, result := range results {
		for _, email := range result.Value {
			fmt.Println(result.Function, "sends", email.TargetEmail, "this:", email.Subject)
		}
	}
	// Output: care_transcripts sends care-leads@example.com this: Low rating for John Doe
}

// The kind fixes the types of the function. Of these, only the first compiles:
//
//	faas.On(events.ChatPostSurveyEmailTranscript, "care", care)
//	faas.On(events.ConversationalCommand, "care", care)         // another event's function
//	faas.On(events.ChatPostSurveyEmailTranscript, "care", func( // another result
//		context.Context, events.Event[events.PostSurvey],
//	) (events.Reply, error) { … })
func ExampleOn() {
	echo := faas.On(events.ConversationalCommand, "echo",
		func(_ context.Context, call events.Event[events.CommandCall]) (events.Reply, error) {
			return events.TextReply(strings.Join(call.Payload.Arguments, " ")), nil
		},
		faas.Description("Says it again: [text]"),
	)
	fmt.Printf("/%s – %s\n", echo.Name(), echo.Description())
	fmt.Println(echo.Event())
	// Output:
	// /echo – Says it again: [text]
	// conversational_command
}

// Night is a plugin: a package of a team would export it.
type Night struct{ Text string }

func (n Night) Functions() []faas.Function {
	return []faas.Function{
		faas.On(events.MessagingLineInOffHours, "closed_line", n.closed),
		faas.On(events.MessagingNewConversation, "closed_vip", n.closed, faas.Skills("700100")),
	}
}

func (n Night) closed(context.Context, events.Event[events.Messaging]) (events.Commands, error) {
	return events.Commands{events.SystemMessage(n.Text)}, nil
}

// A plugin is a value that carries its own settings.
func ExamplePlugin() {
	rt, err := faas.New(faas.Config{Plugins: []faas.Plugin{Night{Text: "We are back at 8."}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, event := context.Background(), events.MessagingNewConversation
	fmt.Println(rt.Implements(event.ID()))
	results, err := faas.Invoke(ctx, rt, event, events.Event[events.Messaging]{}, faas.ForSkill("700100"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(results[0].Function, results[0].Value[0].Text)
	// Output:
	// false
	// closed_vip We are back at 8.
}

// A server hands envelopes on, and gets JSON.
func ExampleRuntime_Invoke() {
	rt, err := faas.New(faas.Config{Functions: []faas.Function{
		faas.On(events.ConversationalCommand, "count", func(_ context.Context, call events.Event[events.CommandCall]) (events.Reply, error) {
			return events.NumberReply(float64(len(call.Payload.Arguments))), nil
		}),
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	env, err := events.DecodeEnvelope([]byte(`{"payload": {"arguments": ["one", "two"]}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	results, err := rt.Invoke(context.Background(), "conversational_command", env)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(results[0].Function, string(results[0].Value))

	_, err = rt.Invoke(context.Background(), "conversational_comand", env)
	fmt.Println(err)
	// Output:
	// count 2
	// unknown event "conversational_comand"; did you mean conversational_command?
}

// What an error may tell everybody is in its text and its code. What it tells
// the caller alone is behind Panic.
func ExampleError() {
	rt, err := faas.New(faas.Config{Functions: []faas.Function{
		faas.On(events.ChatPostSurveyEmailTranscript, "hasty", func(_ context.Context, event events.Event[events.PostSurvey]) ([]events.TranscriptEmail, error) {
			panic("no such agent: " + event.Payload.AgentName)
		}),
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	env := events.Envelope{Payload: json.RawMessage(`{"agentName": "John Doe"}`)}
	_, err = rt.Invoke(context.Background(), events.ChatPostSurveyEmailTranscript.ID(), env)
	fmt.Println(err)
	var failure *faas.Error
	if errors.As(err, &failure) {
		value, _ := failure.Panic()
		fmt.Println(failure.Code == faas.CodeCrashed, failure.Code.Status())
		fmt.Println(value)
	}
	// Output:
	// event denver_post_survey_email_transcript: function hasty: crashed: it panicked
	// true 901
	// no such agent: John Doe
}

// New reports all that is wrong.
func ExampleNew() {
	stepUp := events.Define[events.Messaging, events.Commands](events.Spec{ID: "messaging_ttr", Limit: 1})
	hello := Night{Text: "Hello"}.closed
	_, err := faas.New(faas.Config{Functions: []faas.Function{
		faas.On(stepUp, "step_up", hello),
		faas.On(events.MessagingTTR, "first", hello),
		faas.On(events.MessagingTTR, "second", hello),
		faas.On(events.MessagingConversationEnd, "good bye", hello),
	}})
	fmt.Println(err)
	// Output:
	// function "step_up": unknown event "messaging_ttr"
	// function "second": event controllerbot_messaging_ttr holds 1 of 1 functions: first
	// function 4: the name "good bye" must be 1 to 50 letters, digits and underscores
}
