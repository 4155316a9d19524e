package events

import (
	"iter"
	"strings"
)

// ChatPostSurveyEmailTranscript is raised when a chat has ended and its
// satisfaction survey was submitted. The result lists the e-mails that the
// chat server shall send with the transcript; an empty list sends none.
var ChatPostSurveyEmailTranscript = Define[PostSurvey, []TranscriptEmail](Spec{
	ID:          "denver_post_survey_email_transcript",
	Name:        "Chat Post Survey E-Mail Transcript",
	Description: "A chat has ended and its satisfaction survey was submitted.",
	Source:      "Chat Service",
	Limit:       10,
	Sample:      sample("denver_post_survey_email_transcript"),
})

// PostSurvey is a survey that a customer submitted after a chat (platform
// documentation).
type PostSurvey struct {
	// CSATRank runs from 1, very dissatisfied, to 5, very satisfied. It is nil
	// if there is no rank: missing, null, zero and negative ranks decode so.
	CSATRank *int `json:"csatRank" validate:"omitempty,min=1,max=5" schema:"omitempty,max=5" doc:"The rating, from 1 (very dissatisfied) to 5; absent when there was none." example:"3"`
	// SkillName and AgentName are empty if there is none.
	SkillName string   `json:"skillName,omitempty" doc:"The skill of the chat." example:"CustomerCare"`
	AgentName string   `json:"agentName,omitempty" doc:"The agent's first name and surname." example:"John Doe"`
	Answers   []Answer `json:"questionWithAnswers" doc:"The answered questions with their answers, in the survey's order."`
}

// settle turns the ranks that mean "no rank" into nil.
func (s *PostSurvey) settle() {
	if s.CSATRank != nil && *s.CSATRank <= 0 {
		s.CSATRank = nil
	}
}

// An Answer is one question of a survey with the customer's answer; see Choices
// for questions with several.
type Answer struct {
	Question string `json:"question,omitempty" doc:"The full question." example:"How would you rate our service?"`
	Answer   string `json:"answer,omitempty" doc:"The answer; choices of a multi-select question have semicolons between." example:"Poor;Below Average"`
}

// Choices yields the single choices of an answer. The wire joins those of a
// multi-select question with semicolons. Each is trimmed; empty ones are left
// out.
func (a Answer) Choices() iter.Seq[string] {
	return func(yield func(string) bool) {
		for choice := range strings.SplitSeq(a.Answer, ";") {
			if choice = strings.TrimSpace(choice); choice != "" && !yield(choice) {
				return
			}
		}
	}
}

// A TranscriptEmail is one e-mail that the chat server shall send with the
// transcript. The platform requires all four texts; whether addresses are
// addresses is for the package transcript to check.
type TranscriptEmail struct {
	TargetEmail string `json:"targetEmail" validate:"required"`
	SenderName  string `json:"senderName"`
	SenderEmail string `json:"senderEmail"`
	Subject     string `json:"subject"`
}
