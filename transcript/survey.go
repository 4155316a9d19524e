package transcript

import (
	"slices"
	"strings"
	"time"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/rules"
)

// A Survey is what rules read: the fields of the payload, and the event's
// timestamp.
type Survey struct {
	events.PostSurvey
	// Timestamp is when the survey was submitted; the zero time is absent.
	Timestamp time.Time `json:"timestamp,omitzero" schema:"or=integer" doc:"When the survey was submitted." example:"2026-01-31T18:00:00Z"`

	headers []events.Header
}

// surveyOf is what rules read of an event. A rank below 1 is no rank: decoding
// sees to that, but a payload may be made in Go.
func surveyOf(event events.Event[events.PostSurvey]) *Survey {
	s := &Survey{PostSurvey: event.Payload, Timestamp: event.Timestamp, headers: event.Headers}
	if s.CSATRank != nil && *s.CSATRank < 1 {
		s.CSATRank = nil
	}
	return s
}

// event is the event that the survey came as.
func (s *Survey) event() events.Event[events.PostSurvey] {
	return events.Event[events.PostSurvey]{Timestamp: s.Timestamp, Headers: s.headers, Payload: s.PostSurvey}
}

// helpers are the functions that post-survey rules may call.
func helpers() []rules.Function {
	return []rules.Function{
		rules.Func("answer", answer).Doc("The answer to a question, by its exact wording; absent when it was not answered.",
			`answer("Was your issue solved?") == "No"`),
		rules.Func("answers", answers).Doc("The choices of a multi-select answer; absent when it was not answered.",
			`"Too slow" in answers("What went wrong?")`),
		rules.Func("ieq", strings.EqualFold).Doc("Whether two texts are equal whatever the case of their letters.",
			`ieq(skillName, "CustomerCare")`),
	}
}

// answer is the answer to a question, by its exact wording. A blank answer is
// none.
func answer(s *Survey, question string) (string, bool) {
	for _, a := range s.Answers {
		if a.Question == question {
			return a.Answer, strings.TrimSpace(a.Answer) != ""
		}
	}
	return "", false
}

// answers are the choices of the answer to a multi-select question.
func answers(s *Survey, question string) ([]string, bool) {
	for _, a := range s.Answers {
		if a.Question == question {
			choices := slices.Collect(a.Choices())
			return choices, len(choices) > 0
		}
	}
	return nil, false
}
