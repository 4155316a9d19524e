package transcript

import (
	"slices"
	"strings"
	"sync"
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
	s := new(Survey)
	s.take(event)
	return s
}

func (s *Survey) take(event events.Event[events.PostSurvey]) {
	s.PostSurvey, s.Timestamp, s.headers = event.Payload, event.Timestamp, event.Headers
	if s.CSATRank != nil && *s.CSATRank < 1 {
		s.CSATRank = nil
	}
}

// surveys lends what rules read of an event, so that a decision need not make
// it anew. Functions of the program see surveys and might keep them: where there
// are any, each decision has its own.
type surveys struct {
	pool sync.Pool // of *lentSurvey
	own  bool      // each decision has its own
}

// A lentSurvey fills two cache lines: two goroutines with one each would
// otherwise wait for one another wherever both lie in one.
type lentSurvey struct {
	Survey // 14 words
	_      [2*64 - 14*8]byte
}

func (l *surveys) lend(event events.Event[events.PostSurvey]) *lentSurvey {
	s, used := l.pool.Get().(*lentSurvey)
	if !used {
		s = new(lentSurvey)
	}
	s.take(event)
	return s
}

// takeBack lets go of the event.
func (l *surveys) takeBack(s *lentSurvey) {
	if !l.own {
		s.Survey = Survey{}
		l.pool.Put(s)
	}
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
